"""Words and tables of the mutation score, from its outcomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tests.mutate.operators import OPERATORS
from tests.mutate.score import Outcome

LAYERS = {
    "check": "check 检查",
    "dbt": "dbt test 测试",
    "gate": "gate 门槛",
    "history": "history 历史",
    "audit": "audit 审核",
    "harmless": "harmless 无害",
    "missed": "missed 漏过",
}
WITHOUT, WITH = ("check", "dbt", "gate"), ("check", "dbt", "gate", "history")
SHOWN = 3  # examples of what was missed, for each operator


def report(outcomes: Sequence[Outcome], alarms: Sequence[tuple[str, Sequence]], seed: int) -> str:
    """The section of docs/robustness.md."""
    parts = [_summary(outcomes, alarms, seed), _by_operator(outcomes), _by_rule(outcomes), _missed(outcomes)]
    return "\n\n".join(part for part in parts if part)


def share(outcomes: Sequence[Outcome], layers: Sequence[str]) -> str:
    """Per cent of the mutants that are wrong data, rounded down to a tenth."""
    wrong = [outcome for outcome in outcomes if outcome.layer != "harmless"]
    caught = sum(outcome.layer in layers for outcome in wrong)
    return f"{1000 * caught // max(len(wrong), 1) / 10:g} %"


def _summary(outcomes: Sequence[Outcome], alarms: Sequence[tuple[str, Sequence]], seed: int) -> str:
    count = Counter(outcome.layer for outcome in outcomes)
    held = [outcome for outcome in outcomes if outcome.layer not in (*WITHOUT, "harmless")]
    audited = sum(bool(outcome.audit) for outcome in held)
    false = [what for what, caught in alarms if caught]
    sites = Counter(outcome.operator for outcome in outcomes)
    return (
        "## Mutation score 变异得分\n\n"
        f"{len(outcomes)} seeded defects of {len(sites)} kinds in the real seeds, one at a time (seed "
        f"{seed}, up to {max(sites.values())} sites a kind): **{share(outcomes, WITH)}** are caught when "
        f"there is a version before, **{share(outcomes, WITHOUT)}** on a first build. "
        f"{count['harmless']} more were put right on loading and noted: they change nothing that is "
        "published. What a first build lets through needs the document or a version before; the audit "
        f"alone catches {audited} of those {len(held)}. False alarms: {len(false)} of {len(alarms)} (the "
        "clean seeds, legitimate additions and approved corrections).\n"
        f"在真实种子中逐一植入 {len(sites)} 类共 {len(outcomes)} 处错误："
        f"有上一版本时拦下 {share(outcomes, WITH)}，首次构建拦下 {share(outcomes, WITHOUT)}；"
        f"另有 {count['harmless']} 处载入时已规范化，不影响发布。"
        f"首次构建漏过的 {len(held)} 处中，单凭原文审核可查出 {audited} 处。"
        f"误报：{len(alarms)} 例中 {len(false)} 例。\n\n"
        "| caught by 拦下者 | mutants 处 |\n|---|---:|\n"
        + "\n".join(f"| {name} | {count[layer]} |" for layer, name in LAYERS.items())
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
        (o.layer, re.sub(r"\b(says|unit|list|in) .*", r"\1 …", o.by)) for o in outcomes if o.layer in WITH
    )
    rules = Counter(named)
    lines = ["| first caught by 首先拦下的规则 | mutants 处 |", "|---|---:|"]
    lines += [f"| {layer}: {_cell(by)} | {n} |" for (layer, by), n in rules.most_common(40)]
    return "\n".join(lines)


def _missed(outcomes: Sequence[Outcome]) -> str:
    lines = []
    for layer, title in (("missed", "Missed 漏过"), ("audit", "Caught by the audit alone 仅审核查出")):
        shown: Counter = Counter()
        for outcome in outcomes:
            if outcome.layer == layer and shown[outcome.operator] < SHOWN:
                shown[outcome.operator] += 1
                lines.append(f"- {title}: {outcome.operator}: `{_cell(outcome.what)}`")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "¦").replace("`", "'").replace("\n", " ")
