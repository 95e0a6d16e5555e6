"""index.json for programs, README.txt for people: every download with its rows, bytes and sha256."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from dagster_project.files import sha256
from dagster_project.settings import ROOT

INDEX, README = "downloads/index.json", "downloads/README.txt"  # in the folder of a version
_FORMATS = {
    "tongcheng.duckdb": "整个数据仓库,DuckDB 1.4.2 以上 · the whole warehouse, for DuckDB 1.4.2 or later",
    "tongcheng.xlsx": "工作簿：每表一张工作表 · workbook: one sheet per table",
    "datapackage.json": "csv 的 Frictionless 数据包描述 · Frictionless data package of the CSV files",
    "parquet": "每表一个文件，值与类型同数据仓库；按地区存放的长表为同名文件夹，各文件为若干地区 · one per "
    "table, values and types of the warehouse; of a long table by place a folder: each file of some places",
    "csv": "同上，UTF-8，各文件均有表头 · likewise, UTF-8, each file with the header",
    "sdmx": "fct_observation 的 SDMX-CSV 2.0 及其结构 · fct_observation as SDMX-CSV 2.0, and its structure",
}
_HINTS = """
用法 · How to use
  路径相对于本文件夹的上一级。 Paths are relative to the folder above this one.
  Excel: 用 tongcheng.xlsx。CSV 不带 BOM,Excel 直接打开会乱码。
  Excel: take tongcheng.xlsx. The CSV files have no byte order mark, and Excel misreads them without one.
  CSV: 空单元格即未知或无界。文字以 = + - @ 开头的，前加撇号 ',以免被当作公式；数字不变。
  CSV: an empty cell is unknown or unbounded. Text that begins with = + - @ has an apostrophe before it, so
  that no spreadsheet runs it as a formula; numbers are as they are.
  Parquet: 小数为 decimal(38,9)。pandas 读作 Decimal,计算前用 astype(float)。
  Parquet: decimals are decimal(38,9). pandas reads them as Decimal: use astype(float) to compute.
  代码(如 reason、evidence、vintage_status)的中英文含义见 dim_code;reason 可含多个代码，以分号分隔。
  Codes, such as those of reason, evidence and vintage_status, are explained in dim_code; reason may hold
  several, separated by semicolons.
  index.json: content 相同的文件，在各版本中也相同。
  index.json: a file whose content has the same hash is the same in every version.
  SDMX: 每个序列每期只取一值时，选 IS_CURRENT_VINTAGE = true。
  SDMX: for one figure per series and period, keep the rows with IS_CURRENT_VINTAGE = true.
"""


@dataclass(frozen=True)
class File:
    """One file for download.

    path: relative to the version's folder; rows: None where there are none; content: hash of what it is made
    of, None where each version has its own.
    """

    path: str
    rows: int | None
    bytes: int
    sha256: str
    content: str | None = None

    @classmethod
    def of(cls, path: Path, folder: Path, rows: int | None, content: str | None = None) -> File:
        """Measure a file of a folder."""
        return cls(path.relative_to(folder).as_posix(), rows, path.stat().st_size, sha256(path), content)


def about(build: dict) -> list[str]:
    """What this is, as of when, and whose: lines for people."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").strip().splitlines()
    return [
        "同城化数据仓库 · tongcheng: how far city regions have really integrated",
        f"版本 · version {build['build_id']}, 数值截至 · figures up to {build['figures_until']}, "
        f"构建日期 · built on {build['built_at']:%Y-%m-%d}, 统计时点 · as of {build['as_of_date']}, "
        f"代码 · code {build['git_revision']}",
        "",
        *notice,
    ]


def write_index(out: Path, build: dict, files: list[File], left_out: dict[str, str]) -> None:
    """Write both files into the folder of a version, with licence and notice.

    left_out: what is not there, with the reason and where to find it.
    """
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(ROOT / name, (out / INDEX).with_name(name))
    head = {
        key: str(build[key]) for key in ("build_id", "built_at", "as_of_date", "git_revision", "seed_hash")
    }
    document = {**head, "files": [asdict(file) for file in files], "left_out": left_out}
    (out / INDEX).write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = [*about(build), "", "文件 · Files"]
    lines += [f"  {name}: {text}" for name, text in _FORMATS.items()]
    if left_out:
        lines += ["", "未收入 · Left out"]
        lines += [f"  {name}: {text}" for name, text in left_out.items()]
    lines += [_HINTS, f"{'行 · rows':>12} {'字节 · bytes':>12}  sha256{'':58}  路径 · path"]
    lines += [
        f"{'' if file.rows is None else file.rows:>14} {file.bytes:>14}  {file.sha256}  {file.path}"
        for file in files
    ]
    (out / README).write_text("\n".join(lines) + "\n", encoding="utf-8")
