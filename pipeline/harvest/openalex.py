"""OpenAlex: works of all kinds, from Crossref, PubMed, repositories and publishers' pages.

Each harvest lists the whole result set along its cursor, newest first: by relevance, its own order, pages overlap
(ropensci/openalexR#253). Filters on when a work was added or changed are for paying customers, so that above
``reconcile_limit`` only the newest are listed, and the rest is told to be missing. The search knows no ``*`` but stems
words, in phrases too. An API key has been needed since February 2026, and a day's free budget is about 1000 pages.

Reference: https://developers.openalex.org, and the service's own code (ourresearch/openalex-elastic-api).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from urllib.parse import quote_plus, unquote_plus

from pipeline import text
from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, stored
from pipeline.harvest.openalex_json import FIELDS, record, source_id
from pipeline.harvest.query import Syntax, split_queries
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Known, Page
from pipeline.harvest.walk import Results, along, proof, read_page, shortfall
from pipeline.model import Record
from pipeline.screen.subject import Subject

_PAGE_SIZE = "100"  # the most that is documented; 200 is the old one
_FIRST_CURSOR = "*"
# The whole address may have 4094 bytes. Apart from the query it holds some 300 of fields, the key, and a cursor.
_SYNTAX = Syntax(both="+AND+", either="+OR+", limit=3000)
_NOT_A_WORD = re.compile(r"[^\w'\u2019.-]+")


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
        results: list[Results] = []
        told: set[str] = set()
        for query in _queries(subject):
            results.append(Results(told=told))
            yield from self._pages(client, query, results[-1])
        missing = self._missing(results)
        return proof(results, missing, whole=not missing)

    def _pages(self, client: Client, query: str, results: Results) -> Iterator[Page]:
        """Follow the cursor until it ends, nothing new comes or the limit is reached."""
        ask = partial(_ask, client, query)
        for content in along(ask(), lambda content: content["meta"].get("next_cursor"), ask, _FIRST_CURSOR):
            before = results.delivered
            yield _page(content, results)
            if results.delivered == before or results.delivered >= self._limit:
                return

    def _missing(self, results: Sequence[Results]) -> str:
        """Say what is missing, and of which queries because of the limit."""
        cut = [one for one in results if one.missing and one.delivered >= self._limit]
        above = (
            f"OpenAlex finds {one.announced} records, above reconcile_limit: only the newest {one.delivered} were "
            "listed; raise it or narrow the subject."
            for one in cut
        )
        rest = shortfall(self.label, [one for one in results if one not in cut])
        return " ".join(filter(None, (*dict.fromkeys(above), rest)))

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


def _page(content: Json, results: Results) -> Page:
    """Read one page, leaving out what was told before."""
    results.announced = max(results.announced, content["meta"]["count"])
    return read_page(results.untold(content["results"], source_id), record, results.announced)
