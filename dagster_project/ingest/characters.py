"""Which characters and texts are suspicious in a seed: patterns for DuckDB's regular expressions (RE2).

What is done about them stands in cell_rules.py.
"""

from __future__ import annotations

ODD_SPACE = r"[\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]"
SPACE = rf"(?:\s|{ODD_SPACE})"
CONTROL = r"[\x{00}-\x{09}\x{0B}-\x{1F}\x{7F}-\x{9F}]"
BIDI = r"[\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]"
INVISIBLE = (
    r"[\x{AD}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}-\x{200D}\x{2028}\x{2029}"
    r"\x{2060}-\x{2065}\x{206A}-\x{206F}\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}"
    r"\x{FFF9}-\x{FFFB}\x{1BCA0}-\x{1BCA3}\x{E0000}-\x{E0FFF}]"
)
DAMAGED = r"[\x{FFFC}\x{FFFD}\x{E000}-\x{F8FF}\x{F0000}-\x{10FFFF}]|锟斤拷"
# UTF-8 bytes shown as Latin-1 or Windows-1252: a lead byte and as many followers as it announces. Curly
# quotes and dashes count as followers only beside another one: café” is no damage.
_SURE = r"\x{80}-\x{BF}€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ"
_ANY = _SURE + r"‘’“”•–—…"
MOJIBAKE = (
    rf"[\x{{C2}}-\x{{DF}}][{_SURE}]|[\x{{E0}}-\x{{EF}}](?:[{_SURE}][{_ANY}]|[{_ANY}][{_SURE}])"
    rf"|[\x{{F0}}-\x{{F4}}][{_ANY}]{{3}}"
)
# Greek, Cyrillic, Armenian, full-width and mathematical letters pass for ASCII in a code.
LOOK_ALIKE = (
    r"[\x{0250}-\x{02AF}\x{0370}-\x{058F}\x{13A0}-\x{13FF}\x{1D00}-\x{1DBF}\x{2010}-\x{2015}\x{2100}-\x{214F}"
    r"\x{2160}-\x{217F}\x{2212}\x{FF01}-\x{FF5E}\x{1D400}-\x{1D7FF}]"
)
# What bulletins are made of: ASCII, Chinese, punctuation, signs, units. None of it needs a second look.
HOUSE = (
    r"\n\x{20}-\x{7E}\x{A7}\x{B0}\x{B1}\x{B2}\x{B3}\x{B7}\x{D7}\x{F7}\x{2010}-\x{2027}\x{2030}-\x{205E}\x{20AC}"
    r"\x{2103}\x{2116}\x{2150}-\x{22FF}\x{2460}-\x{24FF}\x{2500}-\x{26FF}\x{3001}-\x{303F}\x{3105}-\x{312F}"
    r"\x{3200}-\x{4DBF}\x{4E00}-\x{9FFF}\x{F900}-\x{FAFF}\x{FF01}-\x{FF0F}\x{FF1A}-\x{FF20}\x{FF3B}-\x{FF40}"
    r"\x{FF5B}-\x{FF65}\x{FFE0}-\x{FFE6}\x{20000}-\x{323AF}"
)
# Also fine, after that look: accented Latin, pinyin, Greek of formulas, full-width letters and digits.
_KNOWN = HOUSE + (
    r"\x{A1}-\x{FF}ĀāĒēĚěĪīŌōŪūǍǎǏǐǑǒǓǔǕ-ǜŃńŇňǸǹḾḿĂăŠšŽžČč\x{0391}-\x{03C9}\x{2102}-\x{214F}\x{3000}"
    r"\x{3040}-\x{30FF}\x{FF10}-\x{FF5A}\x{1F300}-\x{1FAFF}"
)
STRANGE = f"[^{_KNOWN}]"
EXCEL_ERROR = r"#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|#+)"
MANGLED = r"[0-9]+[.]0+|[0-9]+([.][0-9]+)?[eE][+][0-9]+"  # what Excel makes of a code
