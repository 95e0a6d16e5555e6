"""Words and tables of the mutation score, from its outcomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tests.mutate.operators import OPERATORS
from tests.mutate.score import Outcome

LAYERS = {
    "check": "check 检查",
    "audit": "audit 核对",
    "dbt": "dbt test 测试",
    "gate": "gate 门禁",
    "history": "history 历史",
    "harmless": "harmless 无害",
    "missed": "missed 漏过",
}
CAUGHT = ("check", "audit", "dbt", "gate", "history")
SHOWN = 3  # examples of what was missed, for each operator


def report(outcomes: Sequence[Outcome], alarms: Sequence[tuple[str, Sequence]], seed: int) -> str:
    """The section of docs/robustness.md."""
    parts = [_summary(outcomes, alarms, seed), _by_operator(outcomes), _by_rule(outcomes), _missed(outcomes)]
    return "\n\n".join(part for part in parts if part)


def share(outcomes: Sequence[Outcome], layers: Sequence[str] = CAUGHT) -> str:
    """Per cent of the mutants that are wrong data, rounded down to a tenth."""
    wrong = [outcome for outcome in outcomes if outcome.layer != "harmless"]
    caught = sum(outcome.layer in layers for outcome in wrong)
    return f"{1000 * caught // max(len(wrong), 1) / 10:g} %"


def _summary(outcomes: Sequence[Outcome], alarms: Sequence[tuple[str, Sequence]], seed: int) -> str:
    entry = [outcome for outcome in outcomes if outcome.entry]
    catalogue = [outcome for outcome in outcomes if not outcome.entry]
    count = Counter((outcome.entry, outcome.layer) for outcome in outcomes)
    false = [what for what, caught in alarms if caught]
    kinds = len({outcome.operator for outcome in entry})
    sites = Counter(outcome.operator for outcome in outcomes)
    without = ", ".join(name for name in OPERATORS if name not in sites)
    return (
        "## Mutation score 变异得分\n\n"
        f"**{share(entry)}** of the defects in a bulletin are caught at its first entry, with the document "
        f"available: {len(entry)} seeded defects of {kinds} kinds in the real bulletins and their rows of "
        f"the register, one at a time (seed {seed}, up to {max(sites.values())} sites per kind). The "
        "bulletin is new: neither the previous version nor a gate that pins its facts is consulted. The "
        "layers are in the order in which a curator meets them: `tongcheng check`, `tongcheng audit`, then "
        "the build, tests and gates; check, tests and gates are the first to catch "
        f"{share(entry, ('check', 'dbt', 'gate'))} of them, the document {share(entry, ('audit',))}. Of "
        f"{len(catalogue)} defects in the catalogue, which was published before, {share(catalogue)} are "
        f"caught, {count[False, 'history']} by the previous version. "
        f"{count[True, 'harmless'] + count[False, 'harmless']} more were normalised on loading or change "
        "nothing that is published. Once a bulletin is published, every edit of its rows without an approval "
        "is refused, right or wrong; that says nothing about its first entry and is not counted. "
        "The words that the audit knows were collected from these same bulletins: one with a different "
        "wording will need words of its own before its audit is complete, and defects in it may be missed "
        "more often. "
        + (f"No site in these seeds: {without}. " if without else "")
        + f"False alarms: {len(false)} of {len(alarms)} (the clean seeds, with their documents and without, "
        "legitimate additions and approved corrections).\n"
        f"新通报首次录入、持有原文时，**{share(entry)}** 的错误被拦下：在真实通报及其登记行中逐一植入 "
        f"{kinds} 类共 {len(entry)} 处错误，不借助上一版本，也不借助核对该通报事实的门禁；依次为检查、"
        f"核对、构建中的测试与门禁。检查、测试、门禁先发现 {share(entry, ('check', 'dbt', 'gate'))}，"
        f"原文先发现 {share(entry, ('audit',))}。目录（此前已发布）中植入 {len(catalogue)} 处，拦下 "
        f"{share(catalogue)}，其中由上一版本发现 {count[False, 'history']} 处。"
        f"另有 {count[True, 'harmless'] + count[False, 'harmless']} "
        "处载入时已规范化或不影响发布。通报发布之后，未经批准的改动不论对错一律拒绝，与首次录入无关，不计入。"
        "核对所用词语即取自这些通报：措辞不同的通报须先补词，其中的错误也可能较易漏过。"
        + (f"种子中无处可植入：{without}。" if without else "")
        + f"误报：{len(alarms)} 例中 {len(false)} 例。\n\n"
        "| first caught by 首先拦下者 | a bulletin's first entry 通报首次录入 | catalogue 目录 |\n"
        "|---|---:|---:|\n"
        + "\n".join(
            f"| {name} | {count[True, layer]} | {count[False, layer]} |" for layer, name in LAYERS.items()
        )
    ) + "".join(f"\n\nFalse alarm 误报: {what}" for what in false)


def _by_operator(outcomes: Sequence[Outcome]) -> str:
    counts: dict[str, Counter] = {}
    for outcome in outcomes:
        counts.setdefault(outcome.operator, Counter())[outcome.layer] += 1
    lines = [
        "| defect 错误 | sites 处 | " + " | ".join(LAYERS.values()) + " |",
        "|---|" + "---:|" * (1 + len(LAYERS)),
    ]
    for operator in OPERATORS:
        if count := counts.get(operator):
            text = (OPERATORS[operator].__doc__ or operator).splitlines()[0]
            cells = [str(count[layer] or "") for layer in LAYERS]
            lines.append(f"| {text} | {count.total()} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _by_rule(outcomes: Sequence[Outcome]) -> str:
    # What a rule says of one value is cut off, so that its catches add up.
    named = (
        (o.layer, re.sub(r"\b(says|unit|list|in) .*", r"\1 …", o.by)) for o in outcomes if o.layer in CAUGHT
    )
    rules = Counter(named)
    lines = ["| first caught by 首先拦下的规则 | mutants 处 |", "|---|---:|"]
    lines += [f"| {layer}: {_cell(by)} | {n} |" for (layer, by), n in rules.most_common(40)]
    return "\n".join(lines)


def _missed(outcomes: Sequence[Outcome]) -> str:
    lines = []
    shown: Counter = Counter()
    for outcome in outcomes:
        if outcome.layer == "missed" and shown[outcome.operator] < SHOWN:
            shown[outcome.operator] += 1
            lines.append(f"- Missed 漏过: {outcome.operator}: `{_cell(outcome.what)}`")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "¦").replace("`", "'").replace("\n", " ")
