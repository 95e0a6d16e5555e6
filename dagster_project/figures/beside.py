"""The words beside a numeral: hedges and direction before it, hedges and what is counted behind it.

Whatever is neither read nor known to leave the value alone is refused, never passed over. Not here: which
words there are (lexicon.py), the numeral (values.py).
"""

import re
from dataclasses import dataclass
from functools import reduce

from dagster_project.figures.grammar import BARE, DIGIT, LONG_DASH, MAGNITUDE, MINUS
from dagster_project.figures.lexicon import Hedge, Lexicon
from dagster_project.figures.values import Unreadable

_NOUN = 4  # characters that a hedge may stand behind the end of a token
_REST_OF_NOUN = re.compile(f"[^\\W0-9〇零一二两三四五六七八九十百千万亿半几至到和与或在]{{1,{_NOUN}}}")
# What is counted is written in letters and characters; a slash parts a rate's two units.
_COUNTED = re.compile(r"[%‰‱]?(?:[^\W\d_]|[/·℃°²³]|(?<=[A-Za-z.])[0-9.]+|[0-9.]+(?=[A-Z]))*")
_NUMERAL_IN_NOUN = re.compile(f"{DIGIT}|{MAGNITUDE}|[零几半廿卅卌]|数{MAGNITUDE}")
_LONGEST_NOUN = 16
AND_A_HALF = re.compile(
    "(个|[天年日里斤吨亩倍米岁]|公[里斤]|小时|个月)半(?!导体|岛)((?<=个半)(?:小时|钟头|世纪|月))?"
)
_DAYS = re.compile("[1-9]|[12][0-9]|3[01]")

# Two hedges on one number. Pairs that are not here contradict each other (近…余, 不足…以上).
STACKS = {
    frozenset(pair): kept
    for *pair, kept in (
        ("GT", "ABOVE_NEAR", "ABOVE_NEAR"),
        ("GE", "ABOVE_NEAR", "ABOVE_NEAR"),
        ("GT", "GE", "GT"),
        ("LT", "LE", "LT"),
        ("APPROX", "ABOVE_NEAR", "ABOVE_NEAR"),
        ("APPROX", "BELOW_NEAR", "BELOW_NEAR"),
    )
}


@dataclass(frozen=True)
class Before:
    """What stands before a numeral: hedges and all other known words, outermost first.

    first: where the first hedge or 翻 begins; end: where the known words begin; turn: where the words of fall
    begin, if there are any; contrary: two of them, whose sense is not clear.
    """

    hedges: list[Hedge]
    words: list[Hedge]
    sign: int
    first: int
    end: int
    turn: int | None = None
    contrary: bool = False

    def has(self, role: str) -> bool:
        return any(word.role == role for word in self.words)


def strip_before(text: str, end: int, bare: bool, lexicon: Lexicon) -> Before:
    """Hedges that touch the numeral, through words such as 达 同比 了; the sign; where they begin."""
    hedges, words, falls, level, first, turn = list[Hedge](), list[Hedge](), 0, False, end, None
    signs = MINUS + (LONG_DASH if end == 1 else "")
    if end and text[end - 1] in signs and not re.search(rf"[0-9A-Za-z{MINUS}{LONG_DASH}]$", text[: end - 1]):
        end, falls, turn = end - 1, 1, end - 1
    while match := lexicon.before_pattern.search(text, 0, end):
        word, start = lexicon.before[match[0]], match.start()
        if word.inside_a_word(text, start, end) or (word.position == "BEFORE_BARE" and not bare):
            break
        words.insert(0, word)
        if word.value_qualifier or word.term.startswith("翻"):  # 一番 is nothing without its 翻
            first = start
        if word.value_qualifier:
            hedges.insert(0, word)
        elif word.role == "FALL" and (not level or word.term.endswith("幅")):
            falls, turn = falls + 1, start
        level = level or word.role == "LEVEL"
        end = start
    return Before(hedges, words, -1 if falls else 1, first, end, turn, falls > 1)


def strip_after(text: str, start: int, scale: bool, lexicon: Lexicon) -> tuple[list[Hedge], str]:
    """Hedges beside the numeral or after its unit, and the counted noun that is left."""
    hedges, noun, position = [], "", start
    for match in lexicon.after_pattern.finditer(text, start):
        hedge, passed = lexicon.after[match[0]], noun + text[position : match.start()]
        if hedge.value_qualifier == "ORDER":  # 千亿级 is an aspiration, 80亿元规模 a figure
            touches = scale and passed in ("", "元", "美元")
        elif len(match[0]) == 1:
            # Right at the number (20多个), close behind it or at the end (两年多);
            # farther on it begins another word (成果多次获奖).
            touches = len(passed) <= 2 or match.end() == len(text)
        else:
            touches = True
        beside = not passed and len(match[0]) == 1
        if touches and (beside or not hedge.inside_a_word(text, *match.span())):
            hedges += [hedge] if hedge.value_qualifier else []
            noun, position = passed, match.end()
    if noun and text.startswith("半", position):  # 公里多半 is no 公里半
        raise Unreadable("“半”读不出 · a half after the unit is not read")
    return hedges, noun + text[position:]


def refuse_left_over(text: str, before: Before) -> None:
    """Any part of the token that was not read makes it unreadable."""
    if before.end:
        left = text[: before.end][-20:]
        raise Unreadable(f"数字前的“{left}”读不出 · not read before the number: {left}")
    if before.contrary:
        raise Unreadable("升降方向不明 · the direction of the change is not clear")


def refuse_noun(noun: str, lexicon: Lexicon) -> None:
    """What is counted is an open class: any word, but for those that could change the value."""
    if noun.startswith("几"):
        raise Unreadable("读不出的数字，如三百几十 · unreadable numeral")
    if "半" in re.sub("半导体|半岛", "", noun):
        raise Unreadable("“半”读不出 · a half after the unit is not read")
    if _NUMERAL_IN_NOUN.search(noun) or re.search(r"(?<![A-Za-z0-9.])[0-9](?![0-9.]*[A-Za-z])", noun):
        raise Unreadable("不止一个数字 · more than one figure in the token")
    if not _COUNTED.fullmatch(noun) or len(noun) > _LONGEST_NOUN:
        raise Unreadable(f"数字后的“{noun[:20]}”读不出 · not read after the number: {noun[:20]}")
    for place, edge in (("AFTER", str.startswith), ("LAST", str.endswith), ("WHOLE", str.__contains__)):
        for word in lexicon.barred[place]:
            if not edge(noun, word.term):
                continue
            spans = (match.span() for match in re.finditer(re.escape(word.term), noun))
            if not any(not word.inside_a_word(noun, *span) for span in spans):
                continue
            if place == "AFTER":
                raise Unreadable(f"加“{word.term}”即是名称、代号或时期 · a name, code or period: {word.term}")
            raise Unreadable(f"“{word.term}”会改变数值，读不出 · it may change the value: {word.term}")


def resolve(hedges: list[Hedge]) -> Hedge | None:
    """One hedge for all: 约…左右 is one, 超…余 is a 余, a contradiction is an error."""

    def stricter(left: Hedge, right: Hedge) -> Hedge:
        if left.value_qualifier == right.value_qualifier:
            return left
        kept = STACKS.get(frozenset((left.value_qualifier, right.value_qualifier)))
        if kept is None:
            raise Unreadable(f"限定词矛盾 {left.term}…{right.term} · contradicting hedges")
        return left if left.value_qualifier == kept else right

    return reduce(stricter, hedges) if hedges else None


def extent(text: str, start: int, end: int, noun_end: int, lexicon: Lexicon) -> tuple[int, int, int]:
    """How far the hedges of the numeral text[start:end] reach in running text, and its sign.

    text: a whole line as `simplify` gives it; noun_end: where the numeral's counted noun ends.
    Returns the first and last index of the shortest token that leaves no hedge out, and -1 for a stated fall.
    """
    numeral = text[start:end]
    bare = bool(BARE.fullmatch(numeral)) or "半" in numeral
    before = strip_before(text, start, bare, lexicon)
    hedges, sign, first = before.hedges, before.sign, before.first
    last = end
    if half := AND_A_HALF.match(text, end):  # 两年 of 两年半 is another quantity
        last, noun_end = half.end(), max(half.end(), noun_end)
    for match in lexicon.after_pattern.finditer(text, end, min(len(text), noun_end + _NOUN + 4)):
        hedge, passed = lexicon.after[match[0]], text[max(noun_end, end) : match.start()]
        if hedge.value_qualifier == "ORDER":
            touches = bare and not hedges and text[end : match.start()] in ("", "元", "美元")
        else:
            # Right at the number or behind the noun; a long one also behind the rest of it (家企业左右).
            touches = not passed or (len(match[0]) > 1 and bool(_REST_OF_NOUN.fullmatch(passed)))
        beside = match.start() == end and len(match[0]) == 1
        if touches and hedge.value_qualifier and (beside or not hedge.inside_a_word(text, *match.span())):
            last = match.end()
    for match in lexicon.whole_pattern.finditer(text):  # 数百, 十几: the numeral alone is another quantity
        overlaps = match.start() < end and start < match.end()
        if overlaps and not lexicon.whole[match[0]].inside_a_word(text, *match.span()):
            first, last = min(first, match.start()), max(last, match.end())
    return first, last, sign


def refuse_labels(text: str, start: int, end: int, numeral: str) -> None:
    """Labels, codes and dates have no value."""
    before, after = text[:start], text[end:]
    if re.search(r"[A-Za-z][-−]?$|[+×*:∶./]$", before.removeprefix("+")) or re.match(
        r"[+×*:∶./]|[A-Z](?![A-Za-z])|号|线(?!路)|[-−—][A-Za-z]", after
    ):
        raise Unreadable("编号或代码，不是数值 · a label or code, not a value")
    year = re.fullmatch("(?:19|20|21)[0-9]{2}|[一二][〇零一二三四五六七八九]{3}", numeral)
    plan = re.search("十[一二三四五六七]五", numeral)  # a five-year plan
    day = _DAYS.fullmatch(numeral) and after == "日"
    if (year and after.startswith("年")) or plan or day or re.match("月(?!龄|均)|年代", after):
        raise Unreadable("日期或时期，不是数值 · a date or period, not a value")
