"""Europe PMC: articles, preprints, theses and patents, through its RESTful web service.

Each harvest lists the whole result set of one query (POST ``searchPOST``, ``resultType=core``, JSON) along its cursor;
of a very large one what was first indexed or updated of late, by the days that the index itself gives.
The end is a missing or repeated cursor, or a page without anything new, and never ``hitCount``, which has promised more
than the service delivers (ContentMine/getpapers#162): what is missing from it makes the harvest incomplete instead.

Reference: https://europepmc.org/RestfulWebService (version 6.9).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed, SourceMalformed
from pipeline.harvest.envelope import json_object
from pipeline.harvest.europepmc_json import record, source_id
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, payload_of, stored
from pipeline.harvest.query import boolean_query
from pipeline.harvest.refresh import since
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Harvested, Known, Page, Proof, Rejected
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

# Of the fields that GET /fields lists. KW holds MeSH headings as well as authors' keywords; there is no field for MeSH
# alone, and no explosion. An unknown field fails in silence, with zero hits.
_FIELDS = ("TITLE", "ABSTRACT", "KW")
_PAGE_SIZE = "1000"  # the largest that is accepted; 1001 is an error inside a 200
_FIRST_MARK = "*"
_WORD = re.compile(r"\w+")


@dataclass
class _Walk:
    """What a walk along the cursor has seen so far."""

    total: int = 0
    listed: set[str] = field(default_factory=set)
    nameless: int = 0  # unreadable results without an id

    @property
    def shortfall(self) -> str:
        """Say what is missing from the announced total, in one sentence."""
        seen = len(self.listed) + self.nameless
        return "" if seen >= self.total else f"Europe PMC announced {self.total} records and delivered {seen}."


class EuropePMC:
    """Europe PMC, asked for the whole result set each time."""

    name = "europepmc"
    label = "Europe PMC"
    version = 1
    lists_all = True

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._limit = reconcile_limit

    def query(self, subject: Subject) -> str:
        """Ask for every concept, joined by AND, each in title, abstract, keywords or MeSH headings."""
        return boolean_query(subject.concepts, _clauses, lambda concept: _in_text(concept.wide))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:  # noqa: ARG002  # the contract's
        """Walk along the cursor until nothing new comes. SourceFailed if an answer is not a result list."""
        query, whole = self.query(subject), True
        first = _ask(client, query)
        if first["hitCount"] > self._limit and known.complete_until:
            query, whole = _indexed_since(query, since(known, known.complete_until).date()), False
            first = _ask(client, query)
        walk = _Walk()
        yield from _pages(client, query, first, walk)
        return Proof(walk.total, frozenset(walk.listed), walk.shortfall, whole)

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask for one record, to see how many there are."""
        return int(_ask(client, self.query(subject), page_size="1")["hitCount"])

    def read(self, payload: bytes) -> Record:
        """Read one stored result. RecordRejected if it is none."""
        return record(stored(payload))


def _clauses(concept: Concept) -> Iterator[str]:
    """Give each way in which a record may state a concept."""
    yield from _in_text(concept.search)
    yield from (_phrase("KW", heading) for heading in concept.mesh)


def _in_text(terms: Iterable[str]) -> Iterator[str]:
    """Each term in title, abstract or keywords."""
    return (_term(field, term) for term in terms for field in _FIELDS)


def _term(field: str, term: str) -> str:
    """Ask for one term in one field. A wildcard works in a bare word only: a phrase with one becomes its words."""
    if not term.endswith("*"):
        return _phrase(field, term)
    words = _WORD.findall(term.lower())  # wildcards are compared with the index as they stand: lower-case, no hyphens
    parts = [*(f"{field}:{word}" for word in words[:-1]), f"{field}:{words[-1]}*"]
    return parts[0] if len(parts) == 1 else f"({' AND '.join(parts)})"


def _phrase(field: str, phrase: str) -> str:
    return f'{field}:"{phrase.replace(chr(34), " ").strip()}"'


def _indexed_since(query: str, day: date) -> str:
    """Narrow a query by index dates, which nobody can set back, as they can dates of publication."""
    return f"({query}) AND (FIRST_IDATE:[{day} TO 3000-01-01] OR UPDATE_DATE:[{day} TO 3000-01-01])"


def _ask(client: Client, query: str, mark: str = _FIRST_MARK, page_size: str = _PAGE_SIZE) -> Json:
    form = {
        "query": query,
        "resultType": "core",
        "format": "json",
        "pageSize": page_size,
        "cursorMark": mark,
        "synonym": "FALSE",
        "email": client.contact,
    }
    return json_object(client.post("searchPOST", form, check=check_answer))


def _pages(client: Client, query: str, first: Json, walk: _Walk) -> Iterator[Page]:
    """Give the first page, then those behind its cursor."""
    content, mark, marks = first, _FIRST_MARK, {_FIRST_MARK}
    while True:
        before = len(walk.listed)
        yield _page(content, walk)
        mark = content.get("nextCursorMark") or mark
        if len(walk.listed) == before or mark in marks:
            return
        marks.add(mark)
        content = _ask(client, query, mark)


def check_answer(answer: Answer) -> None:
    """Refuse every answer that is not a result list, since errors come with status 200 as well.

    ``errCode`` names a query that will not work another time either; anything else is worth another try.
    """
    if answer.status != 200:
        return
    content = json_object(answer)
    if "errCode" in content or "errMsg" in content:
        raise SourceFailed(f"Europe PMC refused the query: {text.clean(str(content.get('errMsg')))[:200]}")
    results = content.get("resultList")
    if not isinstance(results, dict) or not isinstance(results.get("result"), list):
        raise SourceMalformed("Europe PMC answered without a result list")
    if type(content.get("hitCount")) is not int:
        raise SourceMalformed("Europe PMC answered without a hit count")
    if not isinstance(content.get("nextCursorMark") or "", str):
        raise SourceMalformed("Europe PMC answered with a cursor mark that is no text")


def _page(content: Json, walk: _Walk) -> Page:
    """Read one page, leaving out what an earlier page brought, and note it in the walk."""
    walk.total = max(walk.total, content["hitCount"])
    records: list[Harvested] = []
    rejected: list[Rejected] = []
    for result in content["resultList"]["result"]:
        found = source_id(result)
        if found in walk.listed:
            continue
        payload = payload_of(result)
        try:
            records.append(Harvested(record(result), payload))
        except RecordRejected as error:
            rejected.append(Rejected(payload, str(error)))
        walk.listed |= {found} - {""}
        walk.nameless += not found
    return Page(tuple(records), tuple(rejected), walk.total)
