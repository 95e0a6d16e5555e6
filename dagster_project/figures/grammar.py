"""The characters of a printed numeral, as patterns, and the copy of a text on which they are matched.

Not here: words of any kind (lexicon.py), what a numeral states (values.py).
"""

import re
import unicodedata
from functools import cache

# Atomic groups keep matching linear on hostile text.
DIGIT = "[〇一二两三四五六七八九]"
# 千瓦 千米 百分点 are units, whose first character is no magnitude
MAGNITUDE = "(?:[十万亿]|百(?!分点|帕)|千(?![瓦米克伏卡兆赫]))"
_GROUPS = "(?:(?:,[0-9]{3})+|(?:，[0-9]{3})+|(?:[ \u00a0\u2009\u202f][0-9]{3})+)"  # one mark throughout
ARABIC = rf"(?:[0-9]{{1,3}}{_GROUPS}(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
POINT_DIGITS = "[〇零一二三四五六七八九]+"
POINT_MAGNITUDE = f"(?:(?!十){MAGNITUDE}+)?"  # 十点三十分 is a time
PART = f"{ARABIC}|{DIGIT}|{MAGNITUDE}"
RUN = f"(?>(?:{PART}|零(?=点))(?:{PART}|零)*(?:点{POINT_DIGITS}{POINT_MAGNITUDE})?)"
TO = "(?:至|到|[-‐‑‒–—―─−~〜]+)"
MINUS = "-−–‐‑‒﹣"  # before a number, a hyphen of any make; the long dash only where the token begins with it
LONG_DASH = "—―─"
BARE = re.compile(f"{MAGNITUDE}+")
# Each of the accounting characters alone is an ordinary word (大陆, 队伍): they are digits in a row.
ACCOUNTING = "[壹贰叁肆伍陆柒捌玖拾佰仟](?:[壹贰叁肆伍陆柒捌玖拾佰仟万亿]|零(?=[壹贰叁肆伍陆柒捌玖]))+"
OLD_TENS = f"[廿卅卌](?![路线湾]){DIGIT}?"
# Circled and bracketed numbers, Roman numerals and ready-made fractions
SIGNS = "[½-¾⅐-↉①-⒛⓪-⓿❶-➓㈠-㈩㊀-㊉]"

_IDLE_SPACE = re.compile(r"(?<![0-9])\s+|\s+(?![0-9\s])")
_FOLD = re.compile("[\uff01-\uff0b\uff0d-\uff5e\u2e80-\u2fdf\uf900-\ufaff]")  # all full-width forms but ，
_PLAIN_DIGITS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}


def simplify(text: str) -> str:
    """The copy that is matched: half-width, simplified script, no white space except between digits."""
    folded = _FOLD.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return _IDLE_SPACE.sub("", _converter().convert(folded))


def simplify_in_place(text: str) -> tuple[str, list[int]]:
    """The same copy with, for each of its characters, the index in `text`; then the length of `text`."""
    folded = [(unicodedata.normalize("NFKC", c) if _FOLD.match(c) else c, i) for i, c in enumerate(text)]
    places = [i for part, i in folded for _ in part]
    plain = _converter().convert("".join(part for part, _ in folded))
    if len(plain) != len(places):  # a phrase that converts to another length: convert by character
        parts = [(_converter().convert(part), i) for part, i in folded]
        plain, places = "".join(part for part, _ in parts), [i for part, i in parts for _ in part]
    for space in reversed(list(_IDLE_SPACE.finditer(plain))):
        plain = plain[: space.start()] + plain[space.end() :]
        del places[slice(*space.span())]
    return plain, [*places, len(text)]


def modern(plain: str) -> str:
    """Accounting characters and the old tens as everyday numerals: 壹佰贰拾 is 一百二十, 廿四 is 二十四."""
    plain = re.sub(ACCOUNTING, lambda match: match[0].translate(_PLAIN_DIGITS), plain)
    return re.sub(OLD_TENS, lambda match: _TENS[match[0][0]] + match[0][1:], plain)


@cache
def _converter():
    from opencc import OpenCC

    return OpenCC("t2s")
