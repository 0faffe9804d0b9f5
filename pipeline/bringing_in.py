"""Bringing in: records from files of other programs, kept as one more source, and concluded from like all others."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from pipeline import __version__
from pipeline.config import Config
from pipeline.exchange.fields import SOURCE, Entry, Problem
from pipeline.match.kinds import first_author, title_key
from pipeline.model import Record
from pipeline.proof import Harvested, Page, Rejected
from pipeline.run import draw_conclusions
from pipeline.store import Store, writing
from pipeline.store.evidence import Kept
from pipeline.store.lock import run_lock

_PAGE = 200  # entries that are written together


class _Import:
    """Files as a source: what is not in one of them is not gone."""

    name = SOURCE
    label = "Import"
    version = 1
    lists_all = False


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of files: records that are new or known, how many of all of them were let in, and problems.

    ``problems`` are entries that could not be read, each with its file's name.
    """

    new: int
    known: int
    let_in: int
    problems: tuple[tuple[str, Problem], ...]


def bring_in(config: Config, entries: Iterable[tuple[str, Entry | Problem]], now: datetime) -> BroughtIn:
    """Keep the entries of files, each with its file's name, all or none; then conclude. Sends nothing.

    Whatever ``entries`` raises leaves nothing behind. LockHeld if a run is at work, StoreError if the database cannot
    be used.
    """
    with run_lock(config.database, now), writing(config.database) as store:
        with store.atomic():
            run_id = store.statements.begin_run(now, __version__, "import")
            keeper = _Keeper(store, now)
            kept = keeper.keep(entries)
        draw_conclusions(store, config.subject, run_id, now)
        store.statements.end_run(run_id, now)
        let_in = store.evidence.let_in(SOURCE, frozenset(keeper.ids))
    return BroughtIn(kept.new, keeper.read - kept.new, let_in, tuple(keeper.problems))


class _Keeper:
    """Keeps entries, each under an id that is the same whenever the same file is brought in."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now
        self._known: dict[str, str] = {}  # id -> digest of what was first said under it
        self.ids = set[str]()  # under which they are kept
        self.problems: list[tuple[str, Problem]] = []
        self.read = 0

    def keep(self, entries: Iterable[tuple[str, Entry | Problem]]) -> Kept:
        """All entries, page by page."""
        ordered, kept = iter(entries), Kept()
        while page := [*islice(ordered, _PAGE)]:
            records = tuple(self._harvested(page))
            problems = [(name, one) for name, one in page if isinstance(one, Problem)]
            self.problems += problems
            rejected = tuple(Rejected(one.payload, f"{name}, line {one.line}: {one.what}") for name, one in problems)
            kept += self._store.evidence.keep_page(_Import(), Page(records, rejected), self._now)
        return kept

    def _harvested(self, page: Iterable[tuple[str, Entry | Problem]]) -> Iterator[Harvested]:
        for _, one in page:
            if isinstance(one, Entry):
                self.read += 1
                yield Harvested(replace(one.record, source_id=self._id(one.record)), one.payload)

    def _id(self, record: Record) -> str:
        """The record's id; where files say different things under one id, each but the first has its own.

        So does what a file said before: a file that says less, or something else, takes nothing away.
        """
        content = _digest(repr(replace(record, source_id="")))
        source_id = source_id_of(record)
        before = self._known.get(source_id) or self._held(source_id)
        self._known[source_id] = before or content
        if before not in {"", content}:
            source_id = f"{source_id}#{content}"
        self.ids.add(source_id)
        return source_id

    def _held(self, source_id: str) -> str:
        """The digest of what was brought in under an id before; empty if nothing."""
        held = self._store.evidence.record(SOURCE, source_id)
        return _digest(repr(replace(held, source_id=""))) if held else ""


def source_id_of(record: Record) -> str:
    """What tells a record from all others: its strongest identifier, else its title, first author and year.

    A DOI only together with the title: all abstracts of a congress may have one.
    """
    for name, identifier in (("pmid", record.pmid), ("pmcid", record.pmcid), ("ppr", record.preprint_id)):
        if identifier:
            return f"{name}:{identifier}"
    title = title_key(record.title) or record.title
    if record.doi:
        return f"doi:{record.doi}#{_digest(title)}"
    year = record.published.year if record.published else ""
    return f"title:{_digest(f'{title}|{first_author(record)}|{year}')}"


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
