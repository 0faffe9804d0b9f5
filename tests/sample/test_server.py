"""The sample server: paging, stages, errors."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from defusedxml.ElementTree import fromstring

from pipeline.harvest.fetch import Fetcher, HttpSettings
from pipeline.harvest.registry import SOURCES
from pipeline.proof import Known, Watched
from pipeline.sample.server import Request, SampleServer
from pipeline.sample.world import FEEDS, Row, load, world_from
from tests.harvest.contract import EMAIL, NOW, harvest
from tests.support.clock import FakeClock

ESEARCH, EFETCH = "/eutils/esearch.fcgi", "/eutils/efetch.fcgi"
SEARCH = "/europepmc/search"


@pytest.fixture(name="server")
def _server() -> Iterator[SampleServer]:
    """Serve the bundled world."""
    with SampleServer(load()) as server:
        yield server


@pytest.fixture(name="session")
def _session() -> Iterator[requests.Session]:
    """Give a session that knows nothing of the environment's proxies."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def ids(server: SampleServer, session: requests.Session, **params: str) -> list[str]:
    """Ask ESearch for its list of PMIDs."""
    asked = {"db": "pubmed", "term": "x", "retmax": "9999"} | params
    listed: list[str] = session.get(server.url + ESEARCH, params=asked, timeout=5).json()["esearchresult"]["idlist"]
    return listed


def walk(server: SampleServer, session: requests.Session, size: int) -> list[dict[str, Any]]:
    """Fetch all pages of a Europe PMC search, up to the first empty one."""
    pages: list[dict[str, Any]] = []
    mark = "*"
    while not pages or pages[-1]["resultList"]["result"]:
        params = {"query": "x", "cursorMark": mark, "pageSize": str(size)}
        pages.append(session.get(server.url + SEARCH, params=params, timeout=5).json())
        mark = pages[-1]["nextCursorMark"]
    return pages


def test_esearch_pages(server: SampleServer, session: requests.Session) -> None:
    """Pages of any size add up to the whole list, newest first, whether asked by GET or by POST."""
    whole = ids(server, session)
    paged = [ids(server, session, retstart=str(start), retmax="4") for start in range(0, len(whole), 4)]
    posted = session.post(server.url + ESEARCH, data={"term": "x"}, timeout=5).json()["esearchresult"]
    assert whole == sorted(whole, key=int, reverse=True)
    assert sum(paged, []) == whole  # noqa: RUF017  # a dozen
    assert (posted["count"], posted["idlist"]) == (str(len(whole)), whole[:20])


def test_esearch_revised(server: SampleServer, session: requests.Session) -> None:
    """With datetype=mdat only what was revised within the days is listed; half a range is ignored, as PubMed does."""
    server.stage = "later"
    revised = ids(server, session, datetype="mdat", mindate="2026/11/19", maxdate="3000")
    assert "99000001" in revised
    assert len(revised) < len(ids(server, session))
    assert ids(server, session, datetype="mdat", mindate="2026/11/19") == ids(server, session)


def test_esearch_bad_date(server: SampleServer) -> None:
    """A date that cannot be read is the caller's mistake."""
    with pytest.raises(ValueError, match="not a date"):
        server.answer(Request("GET", ESEARCH, {"term": "x", "datetype": "mdat", "mindate": "soon", "maxdate": "3000"}))


def test_esearch_empty(server: SampleServer, session: requests.Session) -> None:
    """A search for nothing is refused as PubMed refuses it: status 200 and an ERROR."""
    answer = session.get(server.url + ESEARCH, params={"term": ""}, timeout=5)
    assert answer.status_code == 200
    assert "Empty term" in answer.json()["esearchresult"]["ERROR"]


def test_efetch(server: SampleServer, session: requests.Session) -> None:
    """Records come in the order asked for, and an unknown id is left out in silence."""
    wanted = ids(server, session)[:3]
    asked = ",".join([*wanted, "1"])
    for answer in (
        session.get(server.url + EFETCH, params={"id": asked}, timeout=5),
        session.post(server.url + EFETCH, data={"id": asked}, timeout=5),
    ):
        found = fromstring(answer.content).findall("PubmedArticle/MedlineCitation/PMID")
        assert [pmid.text for pmid in found] == wanted


def test_efetch_nothing(server: SampleServer, session: requests.Session) -> None:
    """Asked for no id, EFetch answers 200 with an ERROR."""
    answer = session.post(server.url + EFETCH, data={"db": "pubmed"}, timeout=5)
    assert fromstring(answer.content).findtext("ERROR") == "Supplied id parameter is empty."


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_europepmc_walk(server: SampleServer, session: requests.Session, size: int) -> None:
    """A walk along the cursor brings every record once and ends with an empty page and the mark that was sent."""
    pages = walk(server, session, size)
    keys = [(one["source"], one["id"]) for page in pages for one in page["resultList"]["result"]]
    assert len(set(keys)) == len(keys) == pages[0]["hitCount"]
    assert pages[-1]["nextCursorMark"] == pages[-2]["nextCursorMark"]


def test_europepmc_post(server: SampleServer, session: requests.Session) -> None:
    """The POST twin answers the same, 25 results at a time unless told otherwise."""
    answer = session.post(f"{server.url}{SEARCH}POST", data={"query": "x"}, timeout=5).json()
    assert answer == session.get(server.url + SEARCH, params={"query": "x"}, timeout=5).json()
    assert len(answer["resultList"]["result"]) == 25


def test_europepmc_none(session: requests.Session) -> None:
    """Zero hits come without any next mark."""
    with SampleServer(world_from([])) as server:
        answer = session.get(server.url + SEARCH, params={"query": "x"}, timeout=5).json()
    assert answer["hitCount"] == 0
    assert "nextCursorMark" not in answer


@pytest.mark.parametrize(
    "params", [{"query": ""}, {"query": "x", "pageSize": "1001"}, {"query": "x", "cursorMark": "nonsense"}]
)
def test_europepmc_refused(server: SampleServer, session: requests.Session, params: dict[str, str]) -> None:
    """A bad query, page size or mark gives an error inside a 200."""
    answer = session.get(server.url + SEARCH, params=params, timeout=5)
    assert (answer.status_code, set(answer.json())) == (200, {"version", "errCode", "errMsg"})


EVERYWHERE: Row = {
    "id": "a",
    "title": "Sample record (made up): acupuncture in multiple sclerosis",
    "doi": "10.5555/sample.1",
    "pmid": "99000099",
    "registrations": ["NCT09990001"],
    "status": "MEDLINE",
    "published": "2026-10-20",
    "entered": "2026-10-20",
    "held_by": {name: {} for name in SOURCES}
    | {"retractionwatch": {"relations": [{"kind": "retraction_of", "doi": "10.5555/sample.2"}]}},
}
RETRACTED = Known({}, watched=Watched(frozenset({"10.5555/sample.2"}), frozenset()))


@pytest.mark.parametrize("name", SOURCES)
def test_every_source(name: str) -> None:
    """Every source there is finds its API below its name, and what it holds in it."""
    with (
        SampleServer(world_from([EVERYWHERE])) as server,
        Fetcher(HttpSettings(), EMAIL, FakeClock(NOW).timing()) as fetcher,
    ):
        base = f"{server.url}/{'eutils' if name == 'pubmed' else name}"
        outcome = harvest(SOURCES[name](10_000), fetcher.client(base, 1000, {}), RETRACTED)
    (record,) = outcome.records
    assert EVERYWHERE["title"] in record.title
    assert (outcome.rejected, outcome.proof.shortfall) == ((), "")


@pytest.mark.parametrize("path", [path for _, path in FEEDS])
def test_feeds(server: SampleServer, session: requests.Session, path: str) -> None:
    """Each feed is served as XML."""
    answer = session.get(server.url + path, timeout=5)
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert fromstring(answer.content).tag


def test_unknown_path(server: SampleServer, session: requests.Session) -> None:
    """Nothing else is served, and what was asked is noted."""
    assert session.get(f"{server.url}/elsewhere?a=b", timeout=5).status_code == 404
    assert [(asked.method, asked.path, asked.params) for asked in server.requests] == [
        ("GET", "/elsewhere", {"a": "b"})
    ]


@pytest.mark.parametrize("name", ["eutils", *(SOURCES.keys() - {"pubmed", "medrxiv"})])
def test_unknown_below(server: SampleServer, session: requests.Session, name: str) -> None:
    """Nor is anything else of a source's."""
    assert session.get(f"{server.url}/{name}/elsewhere", timeout=5).status_code == 404


def test_stage(server: SampleServer, session: requests.Session) -> None:
    """The second stage adds records and takes none away; PMID 99000001 is retracted in it."""
    first = ids(server, session)
    before = session.get(server.url + EFETCH, params={"id": "99000001"}, timeout=5).content
    server.stage = "later"
    after = session.get(server.url + EFETCH, params={"id": "99000001"}, timeout=5).content
    assert set(first) < set(ids(server, session))
    assert (b"RetractionIn" in before, b"RetractionIn" in after) == (False, True)
