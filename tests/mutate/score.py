"""The mutation score: every operator at several sites, who caught each, and the false alarms.

What counts is a bulletin's first entry: the defect is in rows that nobody has published yet, so neither the
version before nor a gate that pins the bulletin's own facts knows better; the document is at hand.

`python -m tests.mutate` (make mutate) builds once, judges all, and writes docs/robustness.md.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from dagster_project.audit.comparison import AuditError, audit
from dagster_project.seeds.as_written import UnreadableSeeds
from tests.mutate.book import Book, Draft
from tests.mutate.fast import Catch, Fast
from tests.mutate.legitimate import legitimate
from tests.mutate.operators import OPERATORS

AUDIT, HARMLESS, MISSED = "audit", "harmless", "missed"


@dataclass(frozen=True)
class Outcome:
    """What came of one mutant.

    layer: check, audit, dbt, gate, history, harmless or missed; by: the rule that caught it first; entry:
    whether it is a defect of a bulletin, judged as at its first entry; else one of the catalogue, which was
    published before.
    """

    operator: str
    what: str
    layer: str
    by: str = ""
    entry: bool = True


@contextmanager
def changed(seeds: Path, draft: Draft) -> Iterator[None]:
    """The draft in place of the seeds' files, for a while."""
    contents = draft.contents()
    before = {file: (seeds / file).read_bytes() if (seeds / file).exists() else None for file in contents}
    made = []
    try:
        for file, content in contents.items():
            path = seeds / file
            if not path.parent.exists():
                made.append(path.parent)
                path.parent.mkdir()
            _put(path, content)
        yield
    finally:
        for file, content in before.items():
            _put(seeds / file, content)
        for folder in made:
            shutil.rmtree(folder)


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content)


def judge(fast: Fast, seeds: Path, operator: str, what: str, draft: Draft, corpus: Path | None) -> Outcome:
    """Put the draft in place and see who catches it."""
    new = draft.new_sources()
    with changed(seeds, draft):
        caught = fast.catches(
            seeds, draft.contents(), new=new, audited=lambda: found_by_audit(seeds, corpus, new)
        )
    layer = caught[0].layer if caught else HARMLESS if fast.unchanged else MISSED
    return Outcome(operator, what, layer, caught[0].by if caught else "", bool(new))


def found_by_audit(seeds: Path, corpus: Path | None, new: Collection[str] = ()) -> list[Catch]:
    """What the documents of the bulletins say; nothing of changes in none, or where there is no document."""
    if not (corpus and new):
        return []
    try:
        sources = [source for document in audit(seeds, corpus, only=new) for source in document.sources]
    except (AuditError, UnreadableSeeds) as error:
        return [Catch(AUDIT, str(error))]
    return [Catch(AUDIT, f.rule.split(" · ")[-1], f.row) for s in sources for f in (*s.wrong, *s.missing)]


def outcomes(
    fast: Fast, seeds: Path, sites: int, seed: int, corpus: Path | None, only: list[str] | None = None
) -> Iterator[Outcome]:
    """Every operator at so many sites. `seeds` is a copy that may be changed; `seed` makes all choices."""
    found = {}
    for name, find in OPERATORS.items():
        if not only or name in only:
            book = Book(seeds, seed)
            book.random.seed(f"{seed} {name}")
            found[name] = islice(find(book), sites)
    while found:  # a site of each in turn, so that a run that is cut short has seen all
        for name in list(found):
            what, draft = next(found[name], (None, None))
            if draft is None:
                del found[name]
            else:
                yield judge(fast, seeds, name, what, draft, corpus)


def alarms(
    fast: Fast, seeds: Path, cases: int, seed: int, corpus: Path | None = None
) -> Iterator[tuple[str, list[Catch]]]:
    """The clean seeds, alone and with their documents, and so many additions: what wrongly refused each."""
    yield "the clean seeds", fast.catches(seeds)
    if corpus:
        sources = {row["source_id"] for row in Book(seeds, seed).rows("sources")}
        yield "the clean seeds with their documents", found_by_audit(seeds, corpus, sources)
    for what, draft in legitimate(Book(seeds, seed), cases):
        with changed(seeds, draft):
            yield what, fast.catches(seeds, draft.contents())


def kept(file: Path, results: Iterator[Outcome], say: Callable[[str], None]) -> list[Outcome]:
    """All results, written to a file of JSON lines as they come."""
    done = []
    with file.open("w", encoding="utf-8") as stream:
        for outcome in results:
            done.append(outcome)
            stream.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            stream.flush()
            say(f"{outcome.operator}: {outcome.layer} {outcome.by}")
    return done
