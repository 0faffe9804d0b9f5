"""What each service of the sample world answers: a request and what the source holds in, a reply out.

Queries are not evaluated: a source answers with every record it holds, as if the query had found just these. Windows of
dates, pages and identifiers are kept to.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from pipeline.sample.wire import (
    clinicaltrials,
    crossref,
    doaj,
    europepmc,
    feeds,
    medrxiv,
    openalex,
    pubmed,
    retractionwatch,
    semanticscholar,
)
from pipeline.sample.world import FEEDS, Publication

Params = Mapping[str, str]
Held = Sequence[Publication]

_EUTILS_PAGE = 20  # retmax, unless asked otherwise
_EUROPEPMC_PAGE = 25  # pageSize, unless asked otherwise
_EUROPEPMC_MOST = 1000
_MARK = re.compile(r"AoI(\d+)==")  # our cursor marks look like Europe PMC's and hold the place to go on from
_DAY = re.compile(r"(\d{4})(?:/(\d{1,2}))?(?:/(\d{1,2}))?")
_XML = "text/xml; charset=UTF-8"
_JSON = "application/json; charset=UTF-8"
_CSV = "text/plain; charset=utf-8"  # as GitLab serves raw files


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    kind: str
    body: bytes


NOT_FOUND = Reply(404, "text/plain", b"Not Found")


@dataclass(frozen=True, slots=True)
class Service:
    """One service: whose holdings it serves, and how it answers what comes after its name in the path."""

    source: str
    answer: Callable[[Held, str, Params], Reply]


def service(path: str) -> tuple[Service, str] | None:
    """The service that a path names, and the rest of the path; None if there is no such service."""
    name, _, rest = path.lstrip("/").partition("/")
    found = _SERVICES.get(name) or _FEEDS.get(path)
    return (found, rest) if found else None


def _eutils(held: Held, path: str, params: Params) -> Reply:
    if path == "esearch.fcgi":
        return Reply(200, _JSON, _esearch(held, params))
    return Reply(200, _XML, _efetch(held, params)) if path == "efetch.fcgi" else NOT_FOUND


def _esearch(held: Held, params: Params) -> bytes:
    """Newest first, as PubMed sorts by default; within the days of revision that ``datetype=mdat`` asks for."""
    if not params.get("term", "").strip():
        return pubmed.esearch_error("Empty term and query_key - nothing todo")
    if params.get("datetype") == "mdat" and "mindate" in params and "maxdate" in params:
        first, last = _day(params["mindate"]), _day(params["maxdate"])
        held = tuple(one for one in held if first <= one.changed <= last)
    pmids = sorted((one.pmid for one in held), key=int, reverse=True)
    start, most = int(params.get("retstart", "0")), int(params.get("retmax", _EUTILS_PAGE))
    return pubmed.esearch(pmids, start, most, params["term"])


def _efetch(held: Held, params: Params) -> bytes:
    wanted = [pmid for pmid in params.get("id", "").split(",") if pmid]
    if not wanted:
        return pubmed.efetch_error("Supplied id parameter is empty.")
    by_pmid = {one.pmid: one for one in held}
    return pubmed.efetch(by_pmid[pmid] for pmid in wanted if pmid in by_pmid)


def _day(text: str) -> date:
    """Read a date as E-utilities take it: YYYY, YYYY/MM or YYYY/MM/DD."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"not a date: {text!r}")
    return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))


def _europepmc(held: Held, path: str, params: Params) -> Reply:
    """Give the page after ``cursorMark``; past the last result the mark sent comes back, with an empty page."""
    if path not in {"search", "searchPOST"}:
        return NOT_FOUND
    mark, size = params.get("cursorMark", "*"), int(params.get("pageSize", _EUROPEPMC_PAGE))
    place = _MARK.fullmatch(mark)
    if not params.get("query", "").strip() or not 1 <= size <= _EUROPEPMC_MOST or not (place or mark == "*"):
        return Reply(200, _JSON, europepmc.error("The query, the page size or the cursor mark is not valid"))
    start = int(place[1]) if place else 0
    page = held[start : start + size]
    return Reply(200, _JSON, europepmc.search(page, len(held), params, f"AoI{start + len(page)}==" if held else ""))


def _listing(place: str, answer: Callable[[Held, Params], tuple[int, bytes]]) -> Callable[[Held, str, Params], Reply]:
    """A service with one address that answers in JSON."""

    def reply(held: Held, path: str, params: Params) -> Reply:
        return Reply(*_kinded(answer(held, params))) if path == place else NOT_FOUND

    return reply


def _kinded(answer: tuple[int, bytes]) -> tuple[int, str, bytes]:
    status, body = answer
    return status, _JSON if body[:1] in b"{[" else "text/plain", body


def _doaj(held: Held, path: str, params: Params) -> Reply:
    head, _, query = path.rpartition("/")
    return Reply(*_kinded(doaj.search(held, unquote(query), params))) if head == "v4/search/articles" else NOT_FOUND


def _medrxiv(held: Held, path: str, params: Params) -> Reply:  # noqa: ARG001  # everything is in the path
    return Reply(200, _JSON, medrxiv.answer(held, path))


def _retractionwatch(held: Held, path: str, params: Params) -> Reply:  # noqa: ARG001  # there is one file
    return Reply(200, _CSV, retractionwatch.table(held)) if path == "retraction_watch.csv" else NOT_FOUND


_SERVICES: Mapping[str, Service] = {
    "eutils": Service("pubmed", _eutils),
    "europepmc": Service("europepmc", _europepmc),
    "crossref": Service("crossref", _listing("works", crossref.works)),
    "openalex": Service("openalex", _listing("works", openalex.works)),
    "semanticscholar": Service("semanticscholar", _listing("paper/search/bulk", semanticscholar.bulk)),
    "clinicaltrials": Service("clinicaltrials", _listing("studies", clinicaltrials.studies)),
    "doaj": Service("doaj", _doaj),
    "medrxiv": Service("medrxiv", _medrxiv),
    "retractionwatch": Service("retractionwatch", _retractionwatch),
}


def _feed(title: str, path: str) -> Service:
    name = path.removeprefix("/feeds/").removesuffix(".xml")
    return Service(name, lambda held, _path, _params: Reply(200, _XML, feeds.SHAPES[name](title, tuple(held))))


_FEEDS: Mapping[str, Service] = {path: _feed(title, path) for title, path in FEEDS}
