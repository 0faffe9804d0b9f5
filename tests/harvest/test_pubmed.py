"""What PubMed is asked, and what becomes of its answers."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import pytest

from pipeline.errors import SourceFailed
from pipeline.harvest.fetch import Client
from pipeline.harvest.pubmed import PubMed
from pipeline.harvest.source import Known
from pipeline.proof import Watched
from pipeline.screen.subject import Concept, Subject
from tests.harvest.case_pubmed import CASE, RECORDS, article_set, search_result, serve
from tests.harvest.contract import API_KEY, EMAIL, NOW, harvest
from tests.support.server import LocalServer, Reply, Request

DAY = timedelta(days=1)


@pytest.fixture
def client(server: LocalServer) -> Iterator[Client]:
    """Connect to the test's server."""
    with CASE.client(server) as connected:
        yield connected


def listing(pmids: Sequence[str], revised: Sequence[str] = ()) -> Reply | list[Reply]:
    """Answer a first search with ``pmids``, a second one with ``revised``."""
    return [Reply(body=search_result(pmids)), Reply(body=search_result(revised))]


def asked(server: LocalServer, path: str) -> list[Request]:
    """Give the requests that went to one address."""
    return [request for request in server.requests if request.path == path]


def fetched(server: LocalServer) -> list[str]:
    """Give the ids that were fetched."""
    return [pmid for request in asked(server, "/efetch.fcgi") for pmid in request.form["id"].split(",")]


def windowed(created: Mapping[str, date]) -> Callable[[Request], Reply]:
    """Answer searches for days of creation as PubMed does, the first 9,999 ids of each; nothing was revised."""

    def search(request: Request) -> Reply:
        if "datetype" in request.form:
            return Reply(body=search_result([]))
        first, last = re.findall(r'"([0-9/]+)"\[crdt\]', request.form["term"]) or ["1800/01/01", "3000"]
        found = [pmid for pmid, day in created.items() if first <= day.strftime("%Y/%m/%d") <= last]
        return Reply(body=search_result(found[:9_999], len(found)))

    return search


def known(at: datetime, *pmids: str) -> Known:
    """Hold these records, fetched then; complete until yesterday."""
    return Known(dict.fromkeys(pmids, at), complete_until=NOW - DAY)


def test_query() -> None:
    """Headings and words are alternatives, concepts must meet; phrases are quoted, truncation stays."""
    subject = Subject(
        label="Example",
        title="Example",
        concepts=(
            Concept("needling", ("Acupuncture Therapy",), ("acupunct*", "dry needl*", "electro-acupuncture")),
            Concept("disease", (), ("sclerosis",)),
        ),
    )
    assert PubMed().query(subject) == (
        '("Acupuncture Therapy"[mh] OR acupunct*[tiab] OR "dry needl*"[tiab] OR "electro-acupuncture"[tiab])'
        " AND (sclerosis[tiab])"
    )


def test_requests(server: LocalServer, client: Client) -> None:
    """Searches and fetches are POSTed, say who asks, and carry no rettype, for which PubMed answers nothing."""
    serve(server, [*RECORDS.values()])
    harvest(PubMed(), client)
    search, fetch = server.requests
    caller = {"db": "pubmed", "tool": "litwatch", "email": EMAIL, "api_key": API_KEY}
    term = search.form.pop("term")
    assert term.startswith('("Acupuncture Therapy"[mh] OR ')
    assert (search.method, search.path) == ("POST", "/esearch.fcgi")
    assert search.form == {**caller, "retmode": "json", "retstart": "0", "retmax": "9999"}
    assert (fetch.method, fetch.path) == ("POST", "/efetch.fcgi")
    assert fetch.form == {**caller, "retmode": "xml", "id": ",".join(RECORDS)}


def test_batches(server: LocalServer, client: Client) -> None:
    """Records are fetched by 200; each batch is one page, after a first page that tells the total."""
    pmids = [str(number) for number in range(1, 402)]
    server.on("/esearch.fcgi", Reply(body=search_result(pmids)))
    server.on("/efetch.fcgi", Reply(body=article_set([])))
    outcome = harvest(PubMed(), client)
    assert [len(request.form["id"].split(",")) for request in asked(server, "/efetch.fcgi")] == [200, 200, 1]
    assert [page.total for page in outcome.pages] == [401, None, None, None]
    assert fetched(server) == pmids


def test_due(server: LocalServer, client: Client) -> None:
    """What was fetched within a week is left alone; what is unknown, older or revised is fetched."""
    server.on("/esearch.fcgi", listing(["1", "2", "3", "4"], revised=["4", "5"]))
    server.on("/efetch.fcgi", Reply(body=article_set([])))
    held = {"1": NOW - 7 * DAY, "2": NOW - 8 * DAY, "4": NOW - DAY}
    outcome = harvest(PubMed(), client, Known(held, complete_until=NOW - DAY))
    assert fetched(server) == ["2", "3", "4", "5"]
    assert outcome.proof.listed == {"1", "2", "3", "4", "5"}
    assert outcome.proof.total == 4


def test_revised(server: LocalServer, client: Client) -> None:
    """Revisions are asked for from two weeks before the last complete harvest on, over the same term."""
    serve(server, [*RECORDS.values()])
    harvest(PubMed(), client, known(NOW, *RECORDS))
    first, second = asked(server, "/esearch.fcgi")
    assert second.form == {**first.form, "datetype": "mdat", "mindate": "2026/10/18", "maxdate": "3000"}
    assert fetched(server) == []


def test_first_harvest(server: LocalServer, client: Client) -> None:
    """Without a complete harvest before there is nothing to compare with, and no second search."""
    serve(server, [])
    harvest(PubMed(), client, Known({"1": NOW}))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("count", "told"), [(3, "PMID 1, 2, 3."), (12, "PMID 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more.")]
)
def test_omitted(count: int, told: str, server: LocalServer, client: Client) -> None:
    """Ids that are listed but not delivered are named."""
    server.on("/esearch.fcgi", Reply(body=search_result([*map(str, range(1, count + 1)), "99000001"])))
    server.on("/efetch.fcgi", Reply(body=article_set([RECORDS["99000001"]])))
    outcome = harvest(PubMed(), client)
    assert [record.pmid for record in outcome.records] == ["99000001"]
    assert outcome.proof.shortfall == f"PubMed lists but does not deliver {told}"


def test_unreadable_is_delivered(server: LocalServer, client: Client) -> None:
    """A record in quarantine was delivered: it leaves no gap."""
    serve(server, [CASE.malformed])
    outcome = harvest(PubMed(), client)
    assert len(outcome.rejected) == 1
    assert outcome.proof.shortfall == ""


def test_nameless(server: LocalServer, client: Client) -> None:
    """A record without a PMID goes to quarantine, and the id it was asked by is missing."""
    server.on("/esearch.fcgi", Reply(body=search_result(["1"])))
    server.on("/efetch.fcgi", Reply(body=article_set([b"<PubmedArticle><MedlineCitation/></PubmedArticle>"])))
    outcome = harvest(PubMed(), client)
    assert len(outcome.rejected) == 1
    assert "PMID 1." in outcome.proof.shortfall


def test_too_many(server: LocalServer, client: Client) -> None:
    """Of more than 9,999 records PubMed serves the first ones only; where windows do not help, that is told at once."""
    server.on("/esearch.fcgi", Reply(body=search_result(["99000001"], 10_000)))
    server.on("/efetch.fcgi", Reply(body=article_set([RECORDS["99000001"]])))
    proof = harvest(PubMed(), client).proof
    assert proof.total == 10_000
    assert proof.shortfall == "PubMed announced 10000 records and listed 1."
    assert not proof.whole
    assert len(server.requests) <= 5


def test_windows(server: LocalServer, client: Client) -> None:
    """A result set above what PubMed serves is listed whole, by days of creation, in windows that each fit."""
    created = {str(number): date(2000, 1, 1) + number * DAY for number in range(1, 25_001, 2)}
    server.on("/esearch.fcgi", windowed(created))
    server.on("/efetch.fcgi", Reply(body=article_set([])))
    proof = harvest(PubMed(), client).proof
    assert proof.listed == set(created)
    assert proof.total == len(created)
    assert not proof.whole
    assert all("[crdt]" in request.form["term"] for request in asked(server, "/esearch.fcgi")[1:])


def test_reconcile_limit(server: LocalServer, client: Client) -> None:
    """Above the limit only what was created or revised since two weeks before the last complete harvest is listed."""
    created = {str(number): (NOW - number * DAY).date() for number in range(1, 31)}
    server.on("/esearch.fcgi", windowed(created))
    server.on("/efetch.fcgi", Reply(body=article_set([])))
    proof = harvest(PubMed(reconcile_limit=20), client, known(NOW)).proof
    assert proof.listed == {str(number) for number in range(1, 16)}
    assert proof.total == 15
    assert not proof.whole
    assert harvest(PubMed(reconcile_limit=30), client, known(NOW)).proof.whole


def test_unlisted(server: LocalServer, client: Client) -> None:
    """What other sources know under a PMID is fetched within a week, and again each week, though no search finds it."""
    server.on("/esearch.fcgi", Reply(body=search_result([])))
    server.on("/efetch.fcgi", Reply(body=article_set([RECORDS["99000001"]])))
    watched = Watched(pmids=frozenset({"99000001", "99000009"}))
    for day in range(1, 8):
        outcome = harvest(PubMed(), client, Known({}, NOW + (day - 1) * DAY, watched=watched), now=NOW + day * DAY)
        assert (outcome.proof.listed, outcome.proof.shortfall) == (frozenset(), "")
    assert sorted(fetched(server)) == ["99000001", "99000009"]
    harvest(PubMed(), client, Known({}, NOW, watched=watched), now=NOW + 7 * DAY)
    assert sorted(fetched(server)[2:]) == ["99000001", "99000009"], "after a week without a complete harvest"


def test_poisoned_batch(server: LocalServer, client: Client) -> None:
    """A record that is no XML is set aside alone, with what PubMed sent; the rest of its batch is read."""
    held = {**RECORDS, "99000077": b"<PubmedArticle><MedlineCitation><PMID>99000077</PMID>&oops;</PubmedArticle>"}

    def fetch(request: Request) -> Reply:
        return Reply(body=article_set([held[pmid] for pmid in request.form["id"].split(",")]))

    server.on("/esearch.fcgi", Reply(body=search_result([*held])))
    server.on("/efetch.fcgi", fetch)
    outcome = harvest(PubMed(), client)
    assert {record.pmid for record in outcome.records} == set(RECORDS)
    (payload,) = outcome.rejected
    assert b"99000077" in payload
    assert outcome.proof.shortfall == ""


@pytest.mark.parametrize(
    "errors",
    [
        {"phrasesnotfound": ["acupnucture"], "fieldsnotfound": []},
        {"phrasesnotfound": [], "fieldsnotfound": ["acupnucture"]},
        {"phrasesnotfound": "acupnucture"},
    ],
)
def test_dropped(errors: object, server: LocalServer, client: Client) -> None:
    """A word or field that PubMed dropped from the search is an error that names it, although there are hits."""
    server.on("/esearch.fcgi", Reply(body=search_result(["99000001"], errorlist=errors)))
    with pytest.raises(SourceFailed, match="acupnucture"):
        harvest(PubMed(), client)
    assert len(server.requests) == 1


def test_absent_phrase(server: LocalServer, client: Client) -> None:
    """A quoted phrase that occurs nowhere finds nothing and loses nothing."""
    warnings = {"phrasesignored": [], "quotedphrasesnotfound": ['"dry needlx"'], "outputmessages": ["No items found."]}
    server.on("/esearch.fcgi", Reply(body=search_result([], warninglist=warnings, errorlist={})))
    assert harvest(PubMed(), client).proof.shortfall == ""


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(Reply(body=b'{"error":"API rate limit exceeded","count":"4","limit":"3"}'), id="limit in a 200"),
        pytest.param(Reply(400, b"<e><ERROR>Failed to connect to PubOne service</ERROR></e>"), id="relayed"),
        pytest.param(Reply(body=b"<html>busy</html>"), id="HTML"),
        pytest.param(Reply(429, b'{"error":"API rate limit exceeded","count":"4","limit":"3"}'), id="429"),
    ],
)
def test_passing_trouble(trouble: Reply, server: LocalServer, client: Client) -> None:
    """What may pass is tried again, and the harvest goes on."""
    server.on("/esearch.fcgi", [trouble, Reply(body=search_result(["99000001"]))])
    server.on("/efetch.fcgi", [trouble, Reply(body=article_set([RECORDS["99000001"]]))])
    assert [record.pmid for record in harvest(PubMed(), client).records] == ["99000001"]
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(
            Reply(400, b"<e><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></e>"), id="no ids"
        ),
        pytest.param(Reply(400, b'{"error":"API key invalid","api-key":"?","count":"1","limit":"1"}'), id="key"),
        pytest.param(Reply(400, b"<html>Bad request</html>"), id="page"),
        pytest.param(Reply(404, b""), id="404"),
        pytest.param(Reply(body=b"<e><ERROR>'retstart' cannot be larger than 9998</ERROR></e>"), id="position"),
    ],
)
def test_lasting_trouble(trouble: Reply, server: LocalServer, client: Client) -> None:
    """What will not pass is not asked for again."""
    server.on("/esearch.fcgi", Reply(body=search_result(["99000001"])))
    server.on("/efetch.fcgi", trouble)
    with pytest.raises(SourceFailed):
        harvest(PubMed(), client)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"header": {}, "esearchresult": {"ERROR": "Search Backend failed: TXCLIENT EOF"}}, "Search Backend failed"),
        ({"error": "API rate limit exceeded", "count": "4", "limit": "3"}, "API rate limit exceeded"),
    ],
)
def test_stated_failure(answer: object, words: str, server: LocalServer, client: Client) -> None:
    """A failure that stands where the hits should is told in PubMed's own words."""
    server.on("/esearch.fcgi", Reply(body=json.dumps(answer).encode()))
    with pytest.raises(SourceFailed, match=f"PubMed says: {words}"):
        harvest(PubMed(), client)
