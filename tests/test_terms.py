"""One word for one notion: words that the glossary does not use stand nowhere in the project's own text.

Here: the words that gave way, by the word that stands for the notion, and where one means something else.
Not here: what the words mean (docs/glossary.md), and the seeds of bulletins, which keep the bulletins' names.
"""

import re
import subprocess
from functools import cache

import pytest

from tests.readme import ROOT

TEXTS = (
    *("*.md", "Makefile", "NOTICE", "dagster_project", "dbt_project", "expectations", "seeds/*.csv"),
    "seeds/schema",
)
# Words as bulletins print them, and approvals as they were given: none of it is ours to word.
NOT_OURS = (
    *("seeds/code_words.csv", "seeds/hedge_terms.csv", "seeds/numeral_words.csv"),
    *("seeds/statement_words.csv", "seeds/revisions.csv", "seeds/sources.csv"),
)
# The word of the glossary, and the words that are not to be used for it (patterns).
ZH = {
    "通报": ["材料", "公报"],
    "核对": ["审计", "审核"],
    "门禁": ["门槛", "关卡", "检查结果"],
    "感应器": ["传感器"],
    "集市表": ["数据集市"],
    "告警": ["警报"],
    "项目": ["事项"],
    "事件": ["大事(?!记)"],
    "大事记": ["时间线", "时间轴"],
    "计分表": ["记分"],
    "数值": ["观测"],
    "写法": ["原文数字", "原文字样"],
    "限定词": ["修饰"],
    "区间": ["可能的范围", "范围依据"],
    "依据强弱": ["证据", "凭据"],
    "持有原文": ["原文在手"],
    "相对表述": ["相对说法"],
    "分组": ["细分"],
    "统计时点": ["所定之日", "基准日"],
    "时期": ["期间"],
    "无法判定": ["无法判断", "不能判定"],
    "最终值、初步值": ["定值", "暂定"],
    "更新状态": ["报告状态", "未报", "停报"],
}
EN = {
    "initiative": [r"(?<!named )(?<!overall )\bprogrammes?\b", r"\bundertakings?\b"],
    "promise": [r"\b(an?|the|of|one|each|every|no) commitments?\b"],
    "figure": [r"\b(an?|single|one|each|every|no) observations?\b"],
    "claim": [r"\brelative statements?\b"],
    "domain": [r"\b(policy fields?|fields? of (policy|integration|the integration)|by field)\b"],
    "percentage point": [r"\bper cent points?\b"],
    "indeterminate": [r"\bcannot be decided\b"],
    "group of areas": [r"\bgroupings? of (places|areas)\b"],
    "alert": [r"(?<!false )\balarms?\b"],
}
# Where such a word is not the notion: file, and what stands around it there.
EXCEPTIONS = {
    ("seeds/code_lists.csv", "programme"): ["INITIATIVE_TYPE,PROGRAMME", "NUMERAL_WORD_TYPE,PROGRAMME_NAME"],
    ("seeds/units.csv", "programme"): ["SECTION,"],  # parts of a programme of events
    ("seeds/units.csv", "事项"): ["SERVICE_ITEM,"],  # matters that a government office handles
    ("seeds/indicators.csv", "事项"): [",SERVICE_ITEM,"],
    ("docs/robustness.md", "期间"): ["发布期间"],  # while something goes on, no period of a figure
}
WORDS = [(kept, word) for words in (ZH, EN) for kept, lost in words.items() for word in lost]
# A query of a page and the result it shows: names in it are those of bulletins.
_RESULT = re.compile(r"```sql\n.*?```\n(?:\n(?:\|[^\n]*\n)+)?", re.S)


@cache
def texts() -> dict[str, str]:
    """Every text of the project's own, by file; pages without their queries and results."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *TEXTS],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return {
        file: _RESULT.sub("", (ROOT / file).read_text(encoding="utf-8"))
        for file in listed
        if file not in NOT_OURS and not file.startswith("seeds/bulletins/") and (ROOT / file).is_file()
    }


def uses(word: str) -> list[str]:
    """Each line that uses the word, but for the exceptions."""
    return [
        f"{file}: {line.strip()}"
        for file, text in texts().items()
        for line in text.splitlines()
        if (found := re.search(word, line, re.I))
        and not found[0].isupper()  # a code, which stays as it is
        and not any(where in line for where in EXCEPTIONS.get((file, found[0].lower().rstrip("s")), ()))
    ]


@pytest.mark.parametrize(("kept", "word"), WORDS, ids=[word for _, word in WORDS])
def test_no_second_word_for_one_notion(kept, word):
    assert not uses(word), f"the glossary says: {kept}"


def test_texts_are_found():
    kinds = {file.partition("/")[0] for file in texts()}
    assert {"README.md", "docs", "dagster_project", "dbt_project", "expectations", "seeds"} <= kinds
    assert any(file.startswith("dagster_project/templates/") for file in texts())


@pytest.mark.parametrize(("file", "word"), EXCEPTIONS, ids=[f"{word} in {file}" for file, word in EXCEPTIONS])
def test_every_exception_is_needed(file, word):
    lines = [line for line in texts()[file].splitlines() if word in line.lower()]
    assert all(any(part in line for line in lines) for part in EXCEPTIONS[file, word])


def test_chinese_has_the_commas_of_chinese():
    """Rows of tables apart, whose commas are not those of the text."""
    between = re.compile(r"[一-鿿”》）][,;:][一-鿿“《（]")
    found = {
        (file, line.strip())
        for file, text in texts().items()
        if not file.endswith(".csv")
        for line in text.splitlines()
        if between.search(line) and not re.match(r"\s*\w+,\S", line)
    }
    assert found == set()


@pytest.mark.parametrize("kept", [*ZH, *EN])
def test_the_glossary_has_the_word(kept):
    glossary = texts()["docs/glossary.md"]
    assert all(word in glossary for word in kept.split("、"))
