"""OpenAlex: works of all kinds, from Crossref, PubMed, repositories and publishers' pages.

Each harvest lists the whole result set along its cursor, newest first: by relevance, its own order, pages overlap
(ropensci/openalexR#253). Filters on when a work was added or changed are for paying customers, so that above
``reconcile_limit`` only the newest are listed, and the rest is told to be missing. The search knows no ``*`` but stems
words, in phrases too. An API key has been needed since February 2026, and a day's free budget is about 1000 pages.

Reference: https://developers.openalex.org, and the service's own code (ourresearch/openalex-elastic-api).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote_plus, unquote_plus

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed, SourceMalformed
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, payload_of, stored
from pipeline.harvest.openalex_json import FIELDS, record, source_id
from pipeline.harvest.query import Syntax, split_queries
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Harvested, Known, Page, Proof, Rejected
from pipeline.model import Record
from pipeline.screen.subject import Subject

_PAGE_SIZE = "100"  # the most that is documented; 200 is the old one
_FIRST_CURSOR = "*"
# The whole address may have 4094 bytes. Apart from the query it holds some 300 of fields, the key, and a cursor.
_SYNTAX = Syntax(both="+AND+", either="+OR+", limit=3000)
_NOT_A_WORD = re.compile(r"[^\w'\u2019.-]+")


@dataclass
class _Walk:
    """What walking along one query's cursor has seen so far."""

    total: int
    limit: int
    listed: set[str] = field(default_factory=set)
    nameless: int = 0  # unreadable works without an id

    @property
    def missing(self) -> int:
        """How many of the announced works were not delivered."""
        return max(0, self.total - len(self.listed) - self.nameless)

    @property
    def shortfall(self) -> str:
        """Say what is missing from the announced total, in one sentence."""
        seen = len(self.listed) + self.nameless
        if seen >= self.total:
            return ""
        if seen >= self.limit:
            return (
                f"OpenAlex finds {self.total} records, above reconcile_limit: only the newest {seen} were listed; "
                "raise it or narrow the subject."
            )
        return f"OpenAlex announced {self.total} records and delivered {seen}."


class OpenAlex:
    """OpenAlex, asked for the whole result set each time."""

    name = "openalex"
    label = "OpenAlex"
    version = 1
    lists_all = True

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._limit = reconcile_limit

    def query(self, subject: Subject) -> str:
        """Ask for every concept in title or abstract, joined by AND, in as many lines as an address has no room for."""
        return "\n".join(_queries(subject))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:  # noqa: ARG002  # the contract's
        """Walk along the cursor of each query until nothing new comes. SourceFailed if an answer is not a list."""
        walks: list[_Walk] = []
        listed: set[str] = set()
        for query in _queries(subject):
            first = _ask(client, query)
            walk = _Walk(first["meta"]["count"], self._limit)
            walks.append(walk)
            yield from _pages(client, query, first, walk, listed)
        total = len(listed) + sum(walk.nameless + walk.missing for walk in walks)
        shortfall = " ".join(dict.fromkeys(filter(None, (walk.shortfall for walk in walks))))
        return Proof(total, frozenset(listed), shortfall, whole=not shortfall)

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask for one record, to see how many there are; of several queries, only the first is asked."""
        return int(_ask(client, _queries(subject)[0], page_size="1")["meta"]["count"])

    def read(self, payload: bytes) -> Record:
        """Read one stored work. RecordRejected if it is none."""
        return record(stored(payload))


def _queries(subject: Subject) -> tuple[str, ...]:
    """Split the subject into queries that fit into an address, measured as they stand in it."""
    queries = split_queries(
        subject.concepts,
        lambda concept: _phrases(concept.whole_words),
        lambda concept: _phrases(concept.wide_whole_words),
        _SYNTAX,
    )
    return tuple(map(unquote_plus, queries))


def _phrases(terms: Iterable[str]) -> Iterator[str]:
    """Give each term in quotes. Not even there may a comma stand, which ends the filter, or a bar, which means "or"."""
    return (quote_plus(f'"{_NOT_A_WORD.sub(" ", term).strip()}"') for term in terms)


def _ask(client: Client, query: str, cursor: str = _FIRST_CURSOR, page_size: str = _PAGE_SIZE) -> Json:
    params = {
        "filter": f"title_and_abstract.search:{query}",
        "select": ",".join(FIELDS),
        "sort": "publication_date:desc",
        "per_page": page_size,
        "cursor": cursor,
    }
    return json_object(client.get("works", params, check=check_answer))


def _pages(client: Client, query: str, first: Json, walk: _Walk, listed: set[str]) -> Iterator[Page]:
    """Give the first page, then those behind its cursor, until nothing new comes or the limit is reached."""
    content, cursors = first, {_FIRST_CURSOR}
    while True:
        before = len(walk.listed)
        yield _page(content, walk, listed)
        cursor = content["meta"].get("next_cursor")
        if len(walk.listed) == before or len(walk.listed) >= walk.limit or not cursor or cursor in cursors:
            return
        cursors.add(cursor)
        content = _ask(client, query, cursor)


def check_answer(answer: Answer) -> None:
    """Refuse every answer that is not a list of works, whatever its status.

    403 means "too fast" and is worth another try, as is an alien body; an ``error`` is final.
    """
    if answer.status == 401:
        raise SourceFailed("OpenAlex does not accept the API key (401). Check api_key in the configuration.")
    if answer.status == 403:
        raise SourceMalformed("OpenAlex refuses to answer for now (403)")
    if answer.status not in {200, 400}:
        return
    content = json_object(answer)
    if "error" in content:
        said = text.clean(f"{content['error']}: {content.get('message', '')}")[:200]
        raise SourceFailed(f"OpenAlex refused the query: {said}")
    _check_list(content)


def _check_list(content: Json) -> None:
    """Refuse an answer without results, count or usable cursor."""
    meta = content.get("meta")
    if not isinstance(content.get("results"), list) or not isinstance(meta, dict):
        raise SourceMalformed("OpenAlex answered without a list of works")
    if type(meta.get("count")) is not int:
        raise SourceMalformed("OpenAlex answered without a count")
    if not isinstance(meta.get("next_cursor") or "", str):
        raise SourceMalformed("OpenAlex answered with a cursor that is no text")


def _page(content: Json, walk: _Walk, listed: set[str]) -> Page:
    """Read one page, leaving out what an earlier page or query brought, and note it in the walk."""
    walk.total = max(walk.total, content["meta"]["count"])
    records: list[Harvested] = []
    rejected: list[Rejected] = []
    for work in content["results"]:
        found = source_id(work)
        repeated = found in listed
        walk.listed |= {found} - {""}
        listed |= {found} - {""}
        walk.nameless += not found
        if repeated:
            continue
        payload = payload_of(work)
        try:
            records.append(Harvested(record(work), payload))
        except RecordRejected as error:
            rejected.append(Rejected(payload, str(error)))
    return Page(tuple(records), tuple(rejected), walk.total)
