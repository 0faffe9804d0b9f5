"""PubMed, through NCBI's E-utilities: list all that a search finds, fetch what is new, revised or not seen for a week.

References: "Entrez Programming Utilities Help" (NBK25501); PubMed User Guide (field tags, truncation, phrases). A
search lists its whole result set, since every date but the day of entry can be set back behind a date window.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed, SourceMalformed
from pipeline.harvest.envelope import json_object, xml_root
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.pubmed_xml import Part, parse, read, refuse_stated_error, stated_error
from pipeline.harvest.query import boolean_query
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Harvested, Known, Page, Proof, Rejected
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

SERVED = 9_999  # ids that PubMed's ESearch gives of one search, however many there are
BATCH = 200  # records fetched at once
REFRESH = timedelta(days=7)  # a retraction is seen within this time, whatever the dates say
OVERLAP = timedelta(days=14)  # a date of revision has only days, and reaches the index late

_BARE_WORD = re.compile(r"\w+\*?")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search states: how many records there are, and the PMIDs it gives (first ones first, once each)."""

    total: int = 0
    pmids: tuple[str, ...] = ()


class PubMed:
    """PubMed as a source; the API key, if any, is the client's business."""

    name = "pubmed"
    label = "PubMed"
    version = 1
    lists_all = True

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._limit = reconcile_limit

    def query(self, subject: Subject) -> str:
        """All concepts, each as any of its MeSH headings (which PubMed explodes) or its words in title and abstract."""
        return boolean_query(subject.concepts, _forms, lambda concept: map(_words, concept.wide))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """List the whole search, then fetch in batches what is unknown, revised, or was last fetched over a week ago.

        Raises SourceFailed if a term of the subject is unknown to PubMed, or an answer is not PubMed's.
        """
        term = self.query(subject)
        found = _search(client, term)
        revised = _search(client, term, known.complete_until - OVERLAP) if known.complete_until else Found()
        listed = tuple(dict.fromkeys(found.pmids + revised.pmids))
        yield Page(total=found.total)
        absent: list[str] = []
        due = [pmid for pmid in listed if _is_due(pmid, known, now) or pmid in revised.pmids]
        for batch in _batches(due):
            page, missing = _fetch(client, batch)
            absent += missing
            yield page
        return Proof(found.total, frozenset(listed), _shortfall(found, absent))

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask how many records the search finds."""
        return _search(client, self.query(subject), listed=0).total

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


def _is_due(pmid: str, known: Known, now: datetime) -> bool:
    fetched = known.fetched_at.get(pmid)
    return fetched is None or now - fetched > REFRESH


def _batches(pmids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (pmids[start : start + BATCH] for start in range(0, len(pmids), BATCH))


def _search(client: Client, term: str, revised_since: datetime | None = None, listed: int = SERVED) -> Found:
    """Ask for the ids of a term, or of those among them that were revised since a day."""
    form = {"db": "pubmed", "retmode": "json", "term": term, "retstart": "0", "retmax": str(listed), **_caller(client)}
    if revised_since:
        form |= {"datetype": "mdat", "mindate": revised_since.strftime("%Y/%m/%d"), "maxdate": "3000"}
    return read_search(client.post("esearch.fcgi", form, check=_check_search))


def _fetch(client: Client, pmids: Sequence[str]) -> tuple[Page, list[str]]:
    """Fetch some records; also give the ids that PubMed left out, which it does in silence.

    No ``rettype``: with "full" PubMed answers 200 and nothing. What was not asked for is not taken.
    """
    form = {"db": "pubmed", "retmode": "xml", "id": ",".join(pmids), **_caller(client)}
    parts = parse(client.post("efetch.fcgi", form, check=_check_fetch).body)
    wanted = {part.pmid: part for part in parts if part.pmid in pmids}
    nameless = [part for part in parts if not part.pmid]
    return _page([*wanted.values(), *nameless]), [pmid for pmid in pmids if pmid not in wanted]


def _caller(client: Client) -> dict[str, str]:
    """Say who asks, as NCBI wants it (NBK25497, "Frequency, Timing and Registration")."""
    return {"tool": "litwatch", "email": client.contact}


def _page(parts: Collection[Part]) -> Page:
    records: list[Harvested] = []
    rejected: list[Rejected] = []
    for part in parts:
        try:
            records.append(Harvested(read(part.payload), part.payload))
        except RecordRejected as error:
            rejected.append(Rejected(part.payload, str(error)))
    return Page(tuple(records), tuple(rejected))


def _shortfall(found: Found, absent: Sequence[str]) -> str:
    """Say what is missing, or nothing."""
    sentences = []
    if found.total > SERVED:
        sentences.append(f"PubMed finds {found.total} records and serves the first {SERVED} of a search.")
    elif len(found.pmids) < found.total:
        sentences.append(f"PubMed announced {found.total} records and listed {len(found.pmids)}.")
    if absent:
        more = f" and {len(absent) - 10} more" if len(absent) > 10 else ""
        sentences.append(f"PubMed lists but does not deliver PMID {', '.join(absent[:10])}{more}.")
    return " ".join(sentences)


def _check_search(answer: Answer) -> None:
    if answer.status == 200:
        read_search(answer)
    elif answer.status == 400:
        _refuse_relayed(answer)


def _check_fetch(answer: Answer) -> None:
    if answer.status == 200:
        parse(answer.body)
    elif answer.status == 400:
        _refuse_relayed(answer)


def _refuse_relayed(answer: Answer) -> None:
    """Raise what a 400 states: it may relay a failure of NCBI's own servers. A page without a statement stays a 400."""
    if answer.body.lstrip().startswith(b"{"):
        _refuse_error_member(json_object(answer))
    elif b"<ERROR" in answer.body:
        refuse_stated_error(xml_root(answer.body))


def _refuse_error_member(content: dict[str, Any]) -> None:
    """Raise what "error" (the gateway's word) or "ERROR" (E-utilities') says; no other member, one repeats the key."""
    stated = content.get("error") or content.get("ERROR")
    if stated:
        raise stated_error(str(stated))


def read_search(answer: Answer) -> Found:
    """Read an ESearch answer in JSON. SourceMalformed if it is none, SourceFailed if PubMed understood only a part.

    A word or field that PubMed does not know is dropped from the search without failing it, so that is refused here. A
    quoted phrase that occurs nowhere (``warninglist``) finds nothing and loses nothing.
    """
    content = json_object(answer)
    _refuse_error_member(content)
    result = content.get("esearchresult")
    if not isinstance(result, dict):
        raise SourceMalformed("PubMed's answer is not an ESearch result")
    _refuse_error_member(result)
    count, pmids = result.get("count"), result.get("idlist")
    if not isinstance(count, str) or not re.fullmatch("[0-9]{1,9}", count) or not isinstance(pmids, list):
        raise SourceMalformed("PubMed's ESearch result lacks its count or its list of ids")
    listed = tuple(dict.fromkeys(text.pmid(str(pmid)) for pmid in pmids))
    if "" in listed:
        raise SourceMalformed("PubMed's ESearch result lists something that is not a PMID")
    unknown = [*_members(result, "errorlist", "phrasesnotfound"), *_members(result, "errorlist", "fieldsnotfound")]
    if unknown:
        raise SourceFailed(f"PubMed does not know, and left out of the search: {', '.join(unknown)[:200]}")
    return Found(int(count), listed)


def _members(result: dict[str, Any], part: str, name: str) -> list[str]:
    """Give a list inside a list of messages; a single member may stand without its list."""
    messages = result.get(part)
    stated = messages.get(name) if isinstance(messages, dict) else None
    members = stated if isinstance(stated, list) else [stated or ""]
    return [text.clean(str(member)) for member in members if member]
