"""DOAJ: articles of open access journals, through the search of its API.

The query is a part of the address, in Elasticsearch's query string syntax without wildcards, and each answer repeats
that address up to three times in a Link header, which has to fit into nginx's buffer (4 kB unless configured; DOAJ's
configuration, deploy/nginx in DOAJ/doaj, does not). So the subject is asked for in many short queries.

A result set is listed page by page, the oldest record first: what is added meanwhile comes at the end. No more than
1,000 records of one search are served, so a larger result set is listed in windows of ``created_date``, the day on
which DOAJ first held a record. Publishers send their articles late and in bulk: the date of publication tells nothing.

Reference: https://doaj.org/api/v4/docs; ``allowed`` and ``escape`` in portality/api/current/discovery.py (DOAJ/doaj),
which refuse ``*``, ``?`` and ``~`` even within quotes, and take a second colon for text unless AND or OR precedes it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, unquote

from pipeline import text
from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.doaj_json import record, source_id
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, stored
from pipeline.harvest.query import Syntax, split_queries
from pipeline.harvest.refresh import since
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Known, Page
from pipeline.harvest.walk import Results, proof, read_page, shortfall
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

SERVED = 1_000  # records that DOAJ gives of one search (DISCOVERY_MAX_RECORDS_SIZE in its settings)
_PAGE_SIZE = 100  # a larger one is cut to this in silence
_LONGEST = 1_000  # characters of an encoded query: with host, windows and paging, three times below 4,096
_DRIFT = 1.05  # a live index grows a little between two searches
_SAFE = ":()"
_REFUSED = re.compile(r'["\\*?~:/]')
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # DOAJ's own "never" (DEFAULT_TIMESTAMP)
_PASSING = "error executing your query"  # by the index, which may be down


@dataclass(frozen=True, slots=True)
class _Days:
    """From ``first`` on, before ``end``."""

    first: date
    end: date

    def __str__(self) -> str:
        """As a range whose upper bound is excluded, so that nothing depends on how a day is rounded."""
        return f"[{self.first} TO {self.end}}}"

    def halves(self) -> "tuple[_Days, ...]":
        """Two windows of the same days; none if there is only one day."""
        middle = self.first + (self.end - self.first) // 2
        return (_Days(self.first, middle), _Days(middle, self.end)) if middle > self.first else ()


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through one query's result set, which may have to be taken in windows."""

    client: Client
    query: str
    results: Results

    def pages(self, days: _Days, first: Json, window: str = "") -> Iterator[Page]:
        """List a window, of which ``first`` is the first page; if it is too much, by halves."""
        before = self.results.delivered
        for half, part, answer in self._halves(days, first):
            yield from self.pages(half, answer, part)
        if self.results.delivered == before:
            yield from self._turned(first, window)

    def _halves(self, days: _Days, first: Json) -> list[tuple[_Days, str, Json]]:
        """Both halves of a window that holds too much, with their first pages; none if they are no smaller than it."""
        halves = days.halves() if first["total"] > SERVED else ()
        windows = [(half, f" AND created_date:{half}") for half in halves]
        found = [(half, window, _ask(self.client, self.query + window)) for half, window in windows]
        return found if sum(answer["total"] for *_, answer in found) <= first["total"] * _DRIFT else []

    def _turned(self, answer: Json, window: str) -> Iterator[Page]:
        """Turn pages until all have come, a page brings nothing new, or no more are served."""
        begun, number = self.results.delivered, 1
        while True:
            before = self.results.delivered
            yield read_page(self.results.untold(answer["results"], source_id), record)
            after = self.results.delivered
            if after == before or after - begun >= answer["total"] or number == SERVED // _PAGE_SIZE:
                return
            number += 1
            answer = _ask(self.client, self.query + window, number)


class DOAJ:
    """DOAJ, asked for the whole result set of each query; beyond the limit, for what was updated of late."""

    name = "doaj"
    label = "DOAJ"
    version = 1
    lists_all = True

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._limit = reconcile_limit

    def query(self, subject: Subject) -> str:
        """Every concept by its whole words, one line a request.

        The words of a whole field stand in names of journals and departments as well, so they are asked for in title,
        abstract and keywords only.
        """
        return "\n".join(_queries(subject))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """List the result set of each query. SourceFailed if DOAJ refuses one, or an answer is no result list."""
        queries = _queries(subject)
        days = _Days(_BEGINNING.date(), (now + timedelta(days=2)).date())  # no record is younger in any time zone
        told: set[str] = set()
        results: list[Results] = []
        whole = True
        for query in queries:
            asked, first = query, _ask(client, query)
            if first["total"] > self._limit and known.complete_until:
                recent = _Days(since(known, _BEGINNING).date(), days.end)
                whole, asked = False, f"{query} AND last_updated:{recent}"
                first = _ask(client, asked)
            results.append(Results(first["total"], told))
            total = first["total"] if len(queries) == 1 else None  # result sets overlap
            for page in _Walk(client, asked, results[-1]).pages(days, first):
                yield replace(page, total=total)
        return proof(results, shortfall(self.label, results), whole=whole)

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask for one record of the first query. Its total is the subject's only if there is no other."""
        first, *others = _queries(subject)
        total = int(_ask(client, first, size=1)["total"])
        return None if others else total

    def read(self, payload: bytes) -> Record:
        """Read one stored result. RecordRejected if it is none."""
        return record(stored(payload))


def _queries(subject: Subject) -> tuple[str, ...]:
    """The subject in queries that are short enough once they are encoded."""
    syntax = Syntax(_encoded(" AND "), _encoded(" OR "), _LONGEST)
    return tuple(map(unquote, split_queries(subject.concepts, _names, _wide_names, syntax)))


def _names(concept: Concept) -> Iterator[str]:
    """Each name of a concept, anywhere in the record: fields would make three times as many requests."""
    return (_encoded(name) for name in _phrases(concept.whole_words))


def _wide_names(concept: Concept) -> Iterator[str]:
    """Words of a whole field in titles, which is where screening counts them."""
    return (_encoded(f"bibjson.title:{name}") for name in _phrases(concept.wide_whole_words))


def _phrases(terms: Iterable[str]) -> Iterator[str]:
    """Each term in quotes, unless it is a plain word. What is refused separates words in the index as well."""
    for term in terms:
        bare = term.isascii() and term.isalnum() and not term.isupper()
        words = text.clean(_REFUSED.sub(" ", term))
        yield words if bare else f'"{words}"'


def _encoded(words: str) -> str:
    return quote(words, safe=_SAFE)


def _ask(client: Client, query: str, number: int = 1, size: int = _PAGE_SIZE) -> Json:
    """Ask for one page. A blank has to be ``%20``: a plus sign is one in an address's path."""
    params = {"page": str(number), "pageSize": str(size), "sort": "created_date:asc"}
    return json_object(client.get(f"v4/search/articles/{_encoded(query)}", params, check=check_answer))


def check_answer(answer: Answer) -> None:
    """Refuse every answer that is not a result list, whatever its status says."""
    if answer.status == 400 and answer.body.lstrip().startswith(b"{"):
        _refuse_stated_error(json_object(answer))
    if answer.status != 200:
        return
    content = json_object(answer)
    _refuse_stated_error(content)
    if not isinstance(content.get("results"), list):
        raise SourceMalformed("DOAJ answered without a list of results")
    if type(content.get("total")) is not int:
        raise SourceMalformed("DOAJ answered without a total")


def _refuse_stated_error(content: Json) -> None:
    """Raise what ``error`` says: that the query is not allowed, or that it could not be run just now."""
    said = text.clean(str(content.get("error") or ""))[:200]
    if _PASSING in said:
        raise SourceMalformed("DOAJ could not run the query")
    if said:
        raise SourceFailed(f"DOAJ refused the query: {said}")
