"""Europe PMC: articles, preprints, theses and patents, through its RESTful web service.

Each harvest lists the whole result set of one query (POST ``searchPOST``, ``resultType=core``, JSON) along its cursor;
of a very large one what was first indexed or updated of late, by the days that the index itself gives.
The end is a missing or repeated cursor, or a page without anything new, and never ``hitCount``, which has promised more
than the service delivers (ContentMine/getpapers#162): what is missing from it makes the harvest incomplete instead.

Reference: https://europepmc.org/RestfulWebService (version 6.9).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial

from pipeline import text
from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.envelope import json_object
from pipeline.harvest.europepmc_json import record, source_id
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, stored
from pipeline.harvest.query import boolean_query
from pipeline.harvest.refresh import since
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Known, Page
from pipeline.harvest.walk import Results, along, proof, read_page, shortfall
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

# Of the fields that GET /fields lists. KW holds MeSH headings as well as authors' keywords; there is no field for MeSH
# alone, and no explosion. An unknown field fails in silence, with zero hits.
_FIELDS = ("TITLE", "ABSTRACT", "KW")
_PAGE_SIZE = "1000"  # the largest that is accepted; 1001 is an error inside a 200
_FIRST_MARK = "*"
_WORD = re.compile(r"\w+")


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
        results = Results()
        yield from _pages(client, query, first, results)
        return proof([results], shortfall(self.label, [results]), whole=whole)

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


def _pages(client: Client, query: str, first: Json, results: Results) -> Iterator[Page]:
    """Give the first page, then those behind its cursor, until nothing new comes."""
    ask = partial(_ask, client, query)
    for content in along(first, lambda content: content.get("nextCursorMark"), ask, _FIRST_MARK):
        before = results.delivered
        yield _page(content, results)
        if results.delivered == before:
            return


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


def _page(content: Json, results: Results) -> Page:
    """Read one page, leaving out what was told before."""
    results.announced = max(results.announced, content["hitCount"])
    return read_page(results.untold(content["resultList"]["result"], source_id), record, results.announced)
