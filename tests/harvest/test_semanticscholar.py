"""What is special about Semantic Scholar; what it shares with other sources is in test_contract.py."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed
from pipeline.harvest.fetch import Fetcher
from pipeline.harvest.semanticscholar import SemanticScholar
from pipeline.harvest.semanticscholar_json import FIELDS
from pipeline.match.kinds import Kind, kind
from pipeline.model import Author, PartialDate
from pipeline.screen.subject import Concept, Subject, subject_from
from tests.harvest.case_semanticscholar import CASE, IDS, MALFORMED, PATH, RECORDS, answer, refuse, serve
from tests.harvest.contract import API_KEY, EMAIL, NOW, SUBJECT, harvest
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply, Request

SOURCE = SemanticScholar()
FIRST, SECOND, THIRD, _ = RECORDS.values()
# A subject that takes two queries: its first concept has a whole field.
WIDE = Subject(
    "L",
    "T",
    (Concept("needling", mesh=(), search=("needling",), wide=("medicine",)), Concept("ms", mesh=(), search=("ms",))),
)


def one_query(*search: str, spelled: tuple[str, ...], wide: tuple[str, ...] = ()) -> str:
    """Ask for a single concept."""
    return SOURCE.query(Subject("L", "T", (Concept("c", mesh=(), search=search, spelled=spelled, wide=wide),)))


def test_query() -> None:
    """Concepts must meet, each by one of its terms; headings are not searched."""
    assert SOURCE.query(SUBJECT) == ('(acupunct* | "dry needling") + ("multiple sclerosis" | encephalomyelitis)')


def test_query_wildcard() -> None:
    """Beside a wildcard stand the words that the profile spells out, since it is compared with stems of words."""
    query = one_query("demyelinat*", "lesion", spelled=("demyelinating", "demyelination", "lesions"))
    assert query == "(demyelinat* | demyelinating | demyelination | lesion)"


def test_query_phrase() -> None:
    """A phrase holds no wildcard: it is asked for with every ending that the profile spells out, whatever the word."""
    query = one_query("needle therap*", "Acu-TENS", spelled=("speech therapy",), wide=("other therapies", "therapeut*"))
    assert query.splitlines()[0] == '("needle therap" | "needle therapy" | "needle therapies" | "acu tens")'


def test_query_lines() -> None:
    """One line a request; a whole field is asked for beside the other concept's own terms only."""
    assert SOURCE.query(WIDE).splitlines() == ["(needling) + (ms)", "(medicine) + (ms)"]


def test_query_length() -> None:
    """The address of each request for the subject that comes with the program stays below 3,500 characters."""
    profile = Path(__file__).parents[2] / "config" / "acupuncture-ms.toml"
    subject = subject_from(tomllib.loads(profile.read_text(encoding="utf-8")), profile.name)
    queries = SOURCE.query(subject).splitlines()
    assert len(queries) > 1
    assert max(len(urlencode({"query": query, "fields": ",".join(FIELDS)})) for query in queries) < 3_500


def test_request(server: LocalServer) -> None:
    """Fields are asked for by name, since id and title are all that comes otherwise; a key goes as a header."""
    serve(server, [], None)
    with Fetcher(CASE.settings, EMAIL, FakeClock(NOW).timing()) as fetcher:
        client = fetcher.client(server.url, rate=1000, headers={"x-api-key": API_KEY})
        outcome = harvest(SOURCE, client)
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", PATH)
    assert request.query == {"query": SOURCE.query(SUBJECT), "fields": ",".join(FIELDS)}
    assert request.headers["x-api-key"] == API_KEY
    assert API_KEY not in repr(outcome)


def test_walk(server: LocalServer) -> None:
    """The token goes back with the query, until there is none."""
    serve(server, [*RECORDS.values()], None)
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert [request.query.get("token") for request in server.requests] == [None, "PCO2"]
    assert {request.query["query"] for request in server.requests} == {SOURCE.query(SUBJECT)}
    assert [len(page.records) for page in outcome.pages] == [2, 2]


def test_old_token(server: LocalServer) -> None:
    """A token from two pages ago ends the walk, and what is missing by then is told."""
    pages = [answer([FIRST], 9, "a"), answer([SECOND], 9, "b"), answer([THIRD], 9, "a")]
    server.on(PATH, [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert len(server.requests) == 3
    assert outcome.proof.shortfall == "Semantic Scholar announced 9 records and delivered 3."
    assert (outcome.proof.total, outcome.proof.whole) == (9, True)


def test_shifted(server: LocalServer) -> None:
    """A paper that slips onto the next page counts once, and does not make up for a missing one."""
    pages = [answer([FIRST, FIRST], 3, "a"), answer([FIRST, SECOND], 2)]
    server.on(PATH, [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert [record.source_id for record in outcome.records] == [*IDS[:2]]
    assert (outcome.proof.total, bool(outcome.proof.shortfall)) == (3, True)


def test_low_estimate(server: LocalServer) -> None:
    """The total is an estimate: more than it says is no shortfall, and the true number is told."""
    serve(server, [*RECORDS.values()], 3)
    with CASE.client(server) as client:
        proof = harvest(SOURCE, client).proof
    assert (proof.total, proof.shortfall) == (4, "")


def test_nameless(server: LocalServer) -> None:
    """Null in place of a paper goes to quarantine and counts; a paper that cannot be read is listed by its id."""
    serve(server, [FIRST, b"null", MALFORMED], None)
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert outcome.proof.listed == {IDS[0], json.loads(MALFORMED)["paperId"]}
    assert (outcome.proof.total, outcome.proof.shortfall) == (3, "")
    assert outcome.rejected[0] == b"null"


def by_field(named: bytes, field: bytes) -> Callable[[Request], Reply]:
    """Answer the two queries of the wide subject."""
    return lambda request: Reply(body=field if "medicine" in request.query["query"] else named)


def test_overlap(server: LocalServer) -> None:
    """What two queries find comes once, and the total is the number of different papers."""
    server.on(PATH, by_field(answer([FIRST, SECOND]), answer([SECOND, THIRD])))
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client, subject=WIDE)
    assert [[one.record.source_id for one in page.records] for page in outcome.pages] == [[*IDS[:2]], [IDS[2]]]
    assert (outcome.proof.total, outcome.proof.shortfall) == (3, "")
    assert outcome.proof.listed == {*IDS[:3]}


def test_overlap_shortfall(server: LocalServer) -> None:
    """What one query lacks is not made up for by another."""
    server.on(PATH, by_field(answer([FIRST], 2), answer([SECOND, THIRD])))
    with CASE.client(server) as client:
        proof = harvest(SOURCE, client, subject=WIDE).proof
    assert (proof.total, proof.shortfall) == (4, "Semantic Scholar announced 4 records and delivered 3.")


def test_reconcile_limit(server: LocalServer) -> None:
    """A result set above the limit is listed up to it and no further, and is told as incomplete."""
    serve(server, [*RECORDS.values()], None)
    with CASE.client(server) as client:
        proof = harvest(SemanticScholar(reconcile_limit=2), client).proof
        assert harvest(SemanticScholar(reconcile_limit=4), client).proof.shortfall == ""
    assert proof.listed == {*IDS[:2]}
    assert (proof.total, proof.whole) == (4, False)
    assert "announced 4 records for one query and 2 were listed" in proof.shortfall


def test_reconcile_limit_of_one_query(server: LocalServer) -> None:
    """One result set above the limit is enough for the listing not to be whole."""
    server.on(PATH, by_field(answer([FIRST], 9, "t"), answer([SECOND])))
    with CASE.client(server) as client:
        proof = harvest(SemanticScholar(reconcile_limit=1), client, subject=WIDE).proof
    assert (proof.listed, proof.whole) == (frozenset(IDS[:2]), False)
    assert proof.shortfall.count("announced") == 1


def test_probe(server: LocalServer) -> None:
    """Ids only are asked for; several queries have no number in common."""
    serve(server, [*RECORDS.values()], 7)
    with CASE.client(server) as client:
        assert SOURCE.probe(client, SUBJECT) == 7
        assert SOURCE.probe(client, WIDE) is None
    assert [request.query["fields"] for request in server.requests] == ["paperId", "paperId"]


def test_forbidden(server: LocalServer) -> None:
    """A refused key is told as such, and not tried again."""
    refuse(server, Reply(403, b'{"message":"Forbidden"}'))
    with CASE.client(server) as client, pytest.raises(SourceFailed, match="Check api_key"):
        harvest(SOURCE, client)
    assert len(server.requests) == 1


def test_patience(server: LocalServer) -> None:
    """Too many requests, and an error inside a 200, are passing failures."""
    for reply in (Reply(429, b'{"message":"Too Many Requests."}'), Reply(body=b'{"message":"Endpoint timed out"}')):
        server.on(PATH, [reply, Reply(body=answer([FIRST]))])
        with CASE.client(server) as client:
            assert len(harvest(SOURCE, client).records) == 1


def test_error_words(server: LocalServer) -> None:
    """The service's own reason is told, short and clean."""
    refuse(server, Reply(body=json.dumps({"error": "bad\u202e query\n" + "x" * 999}).encode()))
    with CASE.client(server) as client, pytest.raises(SourceFailed, match=r"bad query x{190}\. Check"):
        harvest(SOURCE, client)


@pytest.mark.parametrize(
    ("members", "published"),
    [
        ({"publicationDate": "2026-09-14", "year": 2026}, PartialDate(2026, 9, 14)),
        ({"publicationDate": "2026-09-01", "year": 2026}, PartialDate(2026, 9)),
        ({"publicationDate": "2026-01-01", "year": 2026}, PartialDate(2026)),
        ({"publicationDate": "2026-01-31"}, PartialDate(2026, 1, 31)),
        ({"publicationDate": "2026-02-30", "year": "2026"}, PartialDate(2026)),
        ({"publicationDate": None, "year": 1993}, PartialDate(1993)),
        ({"year": 0}, None),
        ({}, None),
    ],
)
def test_published(members: dict[str, object], published: PartialDate | None) -> None:
    """A whole day is all that can be stated, so that the first of a month may stand for the month."""
    assert SOURCE.read(json.dumps({"paperId": "a", **members}).encode()).published == published


def test_authors() -> None:
    """A name is one text; an author without one is none."""
    paper = {"paperId": "a", "authors": [{"authorId": None, "name": "G. Zhong"}, {"authorId": "1", "name": None}]}
    assert SOURCE.read(json.dumps(paper).encode()).authors == (Author("Zhong", "G."),)


@pytest.mark.parametrize(
    ("ids", "journal", "doi", "read_as"),
    [
        (
            {"DOI": "10.1101/2026.01.02.99100001", "ArXiv": None},
            "medRxiv",
            "10.1101/2026.01.02.99100001",
            Kind.PREPRINT,
        ),
        ({"DOI": "10.5555/A.1"}, "medRxiv", "10.5555/a.1", Kind.ARTICLE),
        ({"ArXiv": "9910.00003"}, "arXiv.org", "10.48550/arxiv.9910.00003", Kind.PREPRINT),
        ({"ArXiv": "9910.00003", "DOI": "10.5555/B"}, "ArXiv", "10.5555/b", Kind.ARTICLE),
        ({"ArXiv": "9910.00003"}, "Invented Conference", "", Kind.ARTICLE),
        ({}, "arXiv.org", "", Kind.ARTICLE),
    ],
)
def test_kind(ids: dict[str, str | None], journal: str, doi: str, read_as: Kind) -> None:
    """Preprint and article are one paper here, so that the DOI alone tells which of them it is, not the venue."""
    record = SOURCE.read(json.dumps({"paperId": "a", "venue": journal, "externalIds": ids}).encode())
    assert (record.doi, kind(record)) == (doi, read_as)


def test_types() -> None:
    """Publication types of unknown origin make no design."""
    paper = {"paperId": "a", "title": "Made up", "publicationTypes": ["Review", "ClinicalTrial"]}
    assert SOURCE.read(json.dumps(paper).encode()).publication_types == ()


def test_surrogate() -> None:
    """Half a character in an id is replaced, since neither address nor database could hold it."""
    record = SOURCE.read(b'{"paperId":"a\\ud800/1"}')
    assert record.source_id == "a\ufffd/1"
    assert record.url.endswith("/a%EF%BF%BD%2F1")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "DOI", "ArXiv", "url"]), inner)
    ),
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_anything(members: dict[str, object]) -> None:
    """Whatever stands in a paper, it is read or rejected, and what is read is storable text."""
    try:
        record = SOURCE.read(json.dumps({"paperId": "a", **members}).encode())
    except RecordRejected:
        return
    authors = [part for author in record.authors for part in (author.family, author.given, author.collective)]
    for words in (record.title, record.journal, record.volume, record.pages, record.doi, *authors):
        assert words == text.clean(words)
