"""The byte-level front door of the seeds: what DuckDB's CSV reader must never be left to guess.

Here: whole-file facts (size, hash, lines), encoding, NUL, limits. A large file that is plain is read where it
stands; of any other framing.py finds the rows, and what that cannot read is refused.
Not here: the meaning of a value (cell_rules.py), SQL (loader.py).
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Collection
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from dagster_project.ingest import framing
from dagster_project.ingest.admission import MAX_FIELD, Admission, Problem, Refused, Survey
from dagster_project.ingest.pool import Framed, Pool
from dagster_project.ingest.record_file import RecordShape, framed_record

MAX_LINE = 16 * 1024 * 1024  # bytes; a longer 'line' is no seed and is not worth the memory
BLOCK = 4 * 1024 * 1024
SMALL = 64 * 1024  # bytes; read once and kept
TORN = b"\0" * 16  # a run of zero bytes is a hole in a copy, not somebody's text

# Longest mark first: the mark of UTF-32 LE begins with that of UTF-16 LE.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# All that framing turns on; the rest is dropped before anything is counted, which makes the counts cheap.
_SKELETON = b' ",\n\r\0'
_FLESH = bytes(set(range(256)) - set(_SKELETON))


Opened = Callable[[], BinaryIO]


def survey(opened: Opened) -> Survey:
    """Read a file once, in blocks of whole lines, without looking at single rows. Raises OSError."""
    digest, size, lines, commas, returns, crlf = hashlib.sha256(), 0, 0, 0, 0, 0
    nuls, torn, too_long, plain, last = 0, None, False, True, b""
    with opened() as stream:
        while block := stream.read(BLOCK):
            if not block.endswith(b"\n"):
                rest = stream.readline(MAX_LINE)
                too_long |= len(rest) == MAX_LINE and not rest.endswith(b"\n")
                block += rest
            digest.update(block)
            bones = block.translate(None, _FLESH)
            newlines = bones.count(b"\n")
            if b"\0" in bones:
                nuls += bones.count(b"\0")
                if torn is None and (hole := block.find(TORN)) >= 0:
                    torn = size + hole, lines + block.count(b"\n", 0, hole) + 1
            size += len(block)
            lines += newlines
            if b"\r" in bones:
                returns += bones.count(b"\r")
                crlf += block.count(b"\r\n")
            if b'"' in bones:
                parts = bones.split(b'"')
                bones = b'"'.join(parts[::2])  # what stands outside quotes, with a mark where they were
                # An odd quote, a quoted newline, or blanks that DuckDB would drop without a word.
                plain &= len(parts) % 2 == 1 and bones.count(b"\n") == newlines
                plain = plain and not (b'" ' in bones or b' "' in bones)
            commas += bones.count(b",")
            plain = plain and not _has_long_line(block)
            last = block[-2:]
    newline = "\r\n" if returns and returns == crlf == lines else "?" if returns else "\n"
    plain = plain and not (nuls or too_long or newline == "?" or last.endswith(b"\x1a"))
    lines += bool(last) and not last.endswith(b"\n")
    if torn is None and last.rstrip(b"\r\n").endswith(b"\0"):
        torn = size - 1, lines
    return Survey(size, digest.hexdigest(), lines, commas, newline, nuls, torn, too_long, plain)


def _has_long_line(block: bytes) -> bool:
    """Whether any line is longer than one field may be; hops from newline to newline, backwards."""
    position = 0
    while len(block) - position > MAX_FIELD:
        newline = block.rfind(b"\n", position, position + MAX_FIELD)
        if newline < 0:
            return True
        position = newline + 1
    return False


def admit(
    path: Path,
    names: tuple[str, ...],
    pool: Pool,
    number: int = 0,
    framed_to: float = 0,
    optional: Collection[str] = (),
    record: RecordShape | None = None,
) -> Admission:
    """Decide how a file with the declared columns `names` may be read; never raises for bad content.

    `optional`: those of them that a file may leave out, as each of its rows would leave them blank.
    `pool` takes the rows, under the file's `number`, of a file that is not read where it stands: one that is
    not plain, one of at most `framed_to` bytes, and a fact record, whose shape is `record`. Raises OSError.
    """
    opened = _opener(path)
    facts = survey(opened)
    admission = Admission(facts)
    try:
        encoding = _encoding(opened, facts)
        if not record and facts.plain and encoding in ("utf-8", "utf-8-sig"):
            with opened() as stream:
                header = stream.readline().rstrip(b"\r\n").decode(encoding)
            columns = framing.read_header(header, names, admission, optional) if header.strip() else ()
            # DuckDB forgives one empty field too many and skips blank lines; the count of commas does not.
            whole = columns and facts.commas == (len(columns) - 1) * facts.lines
            if whole and facts.bytes > framed_to:
                admission.path, admission.columns, admission.rows = path, columns, facts.lines - 1
                _note_encoding(encoding, admission)
                return admission
            admission = Admission(facts)
        with TextIOWrapper(opened(), encoding=encoding, newline="") as text:
            rows: Framed = (
                framed_record(text, names, admission, optional, record)
                if record
                else framing.framed(text, names, admission, optional)
            )
            pool.add(number, admission, rows)
        _note_encoding(encoding, admission)
    except Refused as refusal:
        admission.path = None
        admission.problems = [refusal.problem]
    except UnicodeDecodeError as error:
        admission.path = None
        admission.problems = [_bad_encoding(opened, error)]
    except framing.BadHeader:
        admission.path = None
    return admission


def _opener(path: Path) -> Opened:
    """How to read a file again; a small one is taken from the disk only once."""
    with path.open("rb") as stream:
        start = stream.read(SMALL + 1)
    if len(start) <= SMALL:
        return lambda: BytesIO(start)
    return lambda: path.open("rb")


def _encoding(opened: Opened, facts: Survey) -> str:
    """UTF-8 unless a byte-order mark says otherwise; nothing is guessed."""
    if not facts.bytes:
        raise Refused("文件为空 · the file is empty, not even a header")
    if facts.too_long:
        raise Refused(f"一行超过 {MAX_LINE >> 20} MiB · a line is longer than {MAX_LINE >> 20} MiB")
    with opened() as stream:
        start = stream.read(4)
        encoding = next((name for mark, name in MARKS if start.startswith(mark)), "utf-8")
        if start == b"PK\x03\x04":
            raise Refused("这是 Excel 或 zip 文件，须另存为 CSV · an Excel or zip file: save it as CSV")
        if facts.nuls and encoding.startswith("utf-8"):
            stream.seek(0)
            _refuse_nuls(facts, stream.readline(MAX_LINE))
    return encoding


def _refuse_nuls(facts: Survey, header: bytes) -> None:
    """A few NULs are bad fields, which framing names; a torn copy or another encoding is a bad file."""
    if b"\0" in header or (facts.nuls * 10 > facts.bytes and facts.torn is None):
        raise Refused(
            "含 NUL 字节，疑为无标记的 UTF-16 · NUL bytes: UTF-16 without its mark? save as UTF-8", 1
        )
    if facts.torn:
        byte, line = facts.torn
        raise Refused(f"自字节 {byte} 起为零，拷贝不完整 · zero bytes from byte {byte}: a torn copy", line)


def _bad_encoding(opened: Opened, error: UnicodeDecodeError) -> Problem:
    """Where the first byte that is not UTF-8 stands, and what the file may be instead."""
    offset = 0
    with opened() as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as found:
                data = line[: MAX_FIELD * 4]
                try:
                    data.decode("gb18030")
                    hint = (
                        "可读作 GB18030，请另存为 UTF-8 · it reads as GB18030: save it as UTF-8 "
                        "(iconv -f GB18030 -t UTF-8)"
                    )
                except UnicodeDecodeError:
                    hint = "须为 UTF-8 · it must be UTF-8"
                where = offset + found.start
                return Problem(
                    number, None, None, f"编码不是 UTF-8，字节 {where} · not UTF-8 at byte {where}; {hint}"
                )
            offset += len(line)
    return Problem(None, None, None, f"无法解码 · cannot be decoded as {error.encoding}")


def _note_encoding(encoding: str, admission: Admission) -> None:
    if encoding != "utf-8" and admission.path is not None:
        name = "UTF-8 (BOM)" if encoding == "utf-8-sig" else encoding.upper()
        admission.notes.insert(0, Problem(None, None, None, f"编码 {name} 转为 UTF-8 · {name} read as UTF-8"))
