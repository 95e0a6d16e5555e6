"""Twenty thousand mangled files: no crash, no hang, nothing accepted that does not stand there."""

import faulthandler
import time
from collections import Counter

from tests.seed_folder import FILES, SeedFolder
from tests.torture import results
from tests.torture.fuzz import TABLES, faults, inputs

INPUTS, SEED = results.count("FUZZ", 20_000), results.count("FUZZ_SEED", 20211121)
LIMIT = 30  # seconds for one input, on a loaded machine too


def test_mangled_files_are_read_truly_or_refused(tmp_path):
    folder = SeedFolder(tmp_path)
    assert folder.load().ok
    outcomes, slowest, wrong = Counter(), 0.0, []
    for number, (table, content) in enumerate(inputs(SEED, INPUTS)):
        folder.write(TABLES[table], content)
        faulthandler.dump_traceback_later(LIMIT, exit=True)  # a hang within DuckDB heeds no signal
        started = time.perf_counter()
        report = folder.load([table])
        slowest = max(slowest, time.perf_counter() - started)
        faulthandler.cancel_dump_traceback_later()
        wrong += [(number, table, content[:300], fault) for fault in faults(folder, table, content, report)]
        outcomes["accepted" if report.ok else "row" if report.rows[table] else "none"] += 1
    for table, file in TABLES.items():
        folder.write(file, FILES[file])
        assert folder.load([table]).ok
    assert wrong == []
    results.write(
        "fuzz",
        "## Mangled files 被破坏的文件\n\n"
        f"{INPUTS} seed files, mutated at byte level (seed {SEED}), loaded in one process: 0 crashes, 0 hangs "
        f"(slowest {slowest:.2f} s), 0 values that differ from what Python's csv module reads there, 0 rows "
        "unaccounted for.\n"
        f"按字节变异的 {INPUTS} 个种子文件：崩溃 0、挂起 0、与标准库 csv 读数不符 0、去向不明的行 0。\n\n"
        "| outcome 结果 | files 文件 |\n|---|---|\n"
        f"| accepted, normalisations noted 接受（规范化均有记录） | {outcomes['accepted']} |\n"
        f"| some rows refused 部分行拒收 | {outcomes['row']} |\n"
        f"| nothing loaded, with reasons 全部拒收并说明理由 | {outcomes['none']} |",
    )
