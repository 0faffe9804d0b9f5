"""PubMed, through NCBI's E-utilities: list all that a search finds, fetch what is new, revised or not seen for a week.

References: "Entrez Programming Utilities Help" (NBK25501); PubMed User Guide (field tags, truncation, phrases). A
search lists its whole result set, since every date but the day of entry can be set back behind a date window.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from pipeline.errors import RecordRejected
from pipeline.exchange.pubmed_xml import IllFormed, Part, parse, read
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.pubmed_search import (
    BEGINNING,
    SERVED,
    Found,
    Window,
    caller,
    refuse_relayed,
    search,
    search_all,
)
from pipeline.harvest.query import boolean_query
from pipeline.harvest.refresh import OVERLAP, due_again, since, turn_has_come
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Harvested, Known, Page, Proof, Rejected
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

BATCH = 200  # records fetched at once

_BARE_WORD = re.compile(r"\w+\*?")


class PubMed:
    """PubMed as a source; the API key, if any, is the client's business."""

    name = "pubmed"
    label = "PubMed"
    version = 2
    lists_all = True

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._limit = min(reconcile_limit, SERVED)

    def query(self, subject: Subject) -> str:
        """All concepts, each as any of its MeSH headings (which PubMed explodes) or its words in title and abstract."""
        return boolean_query(subject.concepts, _forms, lambda concept: map(_words, concept.wide))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """List the search, then fetch in batches what is unknown, revised, or was last fetched over a week ago.

        What other sources know under a PMID is fetched in its turn as well, though the search does not find it: a
        retraction or MeSH headings are told here first. Raises SourceFailed if a term of the subject is unknown to
        PubMed, or an answer is not PubMed's.
        """
        term = self.query(subject)
        found = search(client, term)
        yield Page(total=found.total)
        whole = found.total <= self._limit
        if not whole:
            found = search_all(client, term, Window("entered", since(known, BEGINNING).date()), now.date())
        revised = _revised(client, term, known, now)
        listed = dict.fromkeys(found.pmids + revised.pmids)
        due = [pmid for pmid in listed if pmid in revised.pmids or due_again(pmid, known, now)]
        others = sorted(turn_has_come(known.watched.pmids - set(listed), known, now))
        delivered: set[str] = set()
        for batch in _batches([*due, *others]):
            for parts in _fetch(client, batch):
                delivered |= {part.pmid for part in parts}
                yield _page(parts)
        absent = [pmid for pmid in due if pmid not in delivered]
        shortfalls = (found.shortfall, revised.shortfall, _absence(absent))
        total = found.total if whole else max(found.total, len(listed))
        return Proof(total, frozenset(listed), " ".join(filter(None, shortfalls)), whole)

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask how many records the search finds."""
        return search(client, self.query(subject), listed=0).total

    def read(self, payload: bytes) -> Record:
        """Read one stored record element. RecordRejected if it is none."""
        return read(payload)


def _forms(concept: Concept) -> Iterator[str]:
    """Each way in which a record may state a concept. New records have no MeSH yet: the words find those."""
    yield from (f'"{heading}"[mh]' for heading in concept.mesh)
    yield from map(_words, concept.search)


def _words(term: str) -> str:
    """A word or phrase in title or abstract."""
    return f"{term}[tiab]" if _BARE_WORD.fullmatch(term) else f'"{term}"[tiab]'


def _revised(client: Client, term: str, known: Known, now: datetime) -> Found:
    """What was revised since the last complete harvest; nothing can be before the first."""
    if known.complete_until is None:
        return Found()
    return search_all(client, term, Window("revised", (known.complete_until - OVERLAP).date()), now.date())


def _batches(pmids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (pmids[start : start + BATCH] for start in range(0, len(pmids), BATCH))


def _fetch(client: Client, pmids: Sequence[str]) -> Iterator[tuple[Part, ...]]:
    """Fetch some records, in halves if one of them breaks the answer; what was not asked for is not taken.

    PubMed leaves out in silence what it does not have. No ``rettype``: with "full" it answers 200 and nothing.
    """
    form = {"db": "pubmed", "retmode": "xml", "id": ",".join(pmids), **caller(client)}
    try:
        parts = parse(client.post("efetch.fcgi", form, check=_check).body)
    except IllFormed as error:
        if len(pmids) == 1:
            yield (Part(pmids[0], error.body),)
            return
        half = len(pmids) // 2
        yield from _fetch(client, pmids[:half])
        yield from _fetch(client, pmids[half:])
    else:
        wanted = {part.pmid: part for part in parts if part.pmid in pmids}
        yield (*wanted.values(), *(part for part in parts if not part.pmid))


def _page(parts: Iterable[Part]) -> Page:
    records: list[Harvested] = []
    rejected: list[Rejected] = []
    for part in parts:
        try:
            records.append(Harvested(read(part.payload), part.payload))
        except RecordRejected as error:
            rejected.append(Rejected(part.payload, str(error)))
    return Page(tuple(records), tuple(rejected))


def _absence(absent: Sequence[str]) -> str:
    """Name what is listed but not delivered."""
    if not absent:
        return ""
    more = f" and {len(absent) - 10} more" if len(absent) > 10 else ""
    return f"PubMed lists but does not deliver PMID {', '.join(absent[:10])}{more}."


def _check(answer: Answer) -> None:
    if answer.status == 200:
        with suppress(IllFormed):  # of one record; the others are asked for without it
            parse(answer.body)
    elif answer.status == 400:
        refuse_relayed(answer)
