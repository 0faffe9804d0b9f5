"""DOAJ beyond the contract: its queries, its paging and windows, and the details of its records."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed
from pipeline.harvest.doaj import DOAJ
from pipeline.model import Author, Record
from pipeline.proof import Known
from pipeline.screen.subject import Concept, Subject
from tests.harvest.case_doaj import CASE, RECORDS, SEARCH, answer, refusal, refuse, serve
from tests.harvest.contract import SUBJECT, Outcome, harvest
from tests.support.server import LocalServer, Reply, Request

SOURCE = DOAJ()
RANGE = re.compile(r"(created_date|last_updated):\[(\S+) TO (\S+)\}")
LATER = Known({}, complete_until=datetime(2026, 10, 30, tzinfo=UTC))


def subject(*concepts: Concept) -> Subject:
    """Make a subject of these concepts."""
    return Subject("L", "T", concepts)


LONG = subject(
    Concept("first", mesh=(), search=tuple(f"invented needling {number}" for number in range(40))),
    Concept("second", mesh=(), search=("sclerosis",), wide=("neurology",)),
)


def read(**members: object) -> Record:
    """Read an article with these members of ``bibjson``."""
    return SOURCE.read(json.dumps({"id": "1", "bibjson": members}).encode())


def article(number: int, created: date, updated: date) -> bytes:
    """Write an article that was created and updated on these days."""
    told = {"id": str(number), "bibjson": {"title": f"Made-up article {number}"}}
    return json.dumps({**told, "created_date": f"{created}T12:00:00Z", "last_updated": f"{updated}T12:00:00Z"}).encode()


def day(number: int) -> date:
    """Give a day of 2026."""
    return date(2026, 1, 1) + timedelta(days=number)


def hold(server: LocalServer, articles: Sequence[bytes]) -> None:
    """Hold these articles as DOAJ does: windows, pages of 100, and nothing beyond the first 1,000."""
    everything = [(json.loads(one), one) for one in articles]

    def search(request: Request) -> Reply:
        windows = RANGE.findall(asked(request))
        found = [one for told, one in everything if all(a <= told[name][:10] < b for name, a, b in windows)]
        start = 100 * int(request.query["page"]) - 100
        return Reply(body=answer(found[start : start + 100], len(found))) if start < 1000 else refusal("Too far")

    server.on(SEARCH, search)


def asked(request: Request) -> str:
    """Give the query in a request's path."""
    return unquote(request.path.removeprefix(SEARCH))


def ask(server: LocalServer, source: DOAJ = SOURCE, known: Known = LATER, about: Subject = SUBJECT) -> Outcome:
    """Harvest from the server."""
    with CASE.client(server) as client:
        return harvest(source, client, known, about)


# --- the queries ---------------------------------------------------------------------------------


def test_query() -> None:
    """Concepts meet by their whole words, wherever those stand; phrases are in quotes, plain words need none."""
    assert SOURCE.query(SUBJECT) == '(acupunct OR "dry needling") AND ("multiple sclerosis" OR encephalomyelitis)'


def test_query_wide() -> None:
    """Words of a whole field are asked for in titles, beside the other concept's own words."""
    about = subject(
        Concept("a", mesh=("Not asked",), search=("needling",), wide=("holistic",)),
        Concept("b", mesh=(), search=("sclerosis",)),
    )
    assert SOURCE.query(about).splitlines() == [
        "(needling) AND (sclerosis)",
        "(bibjson.title:holistic) AND (sclerosis)",
    ]


def test_query_refused_characters() -> None:
    """What DOAJ refuses or Elasticsearch gives a meaning to is a blank; words in capitals could be operators."""
    about = subject(Concept("a", mesh=(), search=('what? a "b" c~2 d/e f:g h\\i', "NOT", "EAE", "针灸", "acu-TENS")))
    assert SOURCE.query(about) == '("what a b c 2 d e f g h i" OR "NOT" OR "EAE" OR "针灸" OR "acu-TENS")'


def test_query_length() -> None:
    """No query is longer than 1,000 characters in the address, and together they ask for every word."""
    queries = SOURCE.query(LONG).splitlines()
    assert len(queries) > 2
    assert all(len(quote(query, safe=":()")) <= 1000 for query in queries)
    assert all(f'"{term}"' in SOURCE.query(LONG) for term in LONG.concepts[0].search)


def test_query_fields(server: LocalServer) -> None:
    """DOAJ takes a colon for text unless AND or OR stands between it and the one before it."""
    hold(server, [article(number, day(number % 90), day(number % 90)) for number in range(1100)])
    ask(server, DOAJ(1000), about=LONG)
    queries = [asked(request) for request in server.requests]
    assert any("last_updated" in query and "created_date" not in query for query in queries)
    for query in queries:
        assert not re.search(r"[*?~/\\]", query)
        assert all(" AND " in part or " OR " in part for part in query.split(":")[1:-1])


def test_request(server: LocalServer) -> None:
    """The query is one encoded segment of the path, without a plus sign; the oldest record comes first."""
    serve(server, [*RECORDS.values()])
    ask(server)
    request = server.requests[0]
    assert asked(request) == SOURCE.query(SUBJECT)
    assert not set(request.path.removeprefix(SEARCH)) & set('+ /"')
    assert request.query["page"] == "1"
    assert (request.query["pageSize"], request.query["sort"]) == ("100", "created_date:asc")


# --- the walk --------------------------------------------------------------------------------------


def test_full_page(server: LocalServer) -> None:
    """No page is asked for once all that was announced has come."""
    hold(server, [article(number, day(number), day(number)) for number in range(200)])
    outcome = ask(server)
    assert len(outcome.records) == 200
    assert [request.query["page"] for request in server.requests] == ["1", "2"]


def test_limit(server: LocalServer) -> None:
    """Exactly 1,000 records are listed without windows: what is beyond is never asked for."""
    hold(server, [article(number, day(0), day(0)) for number in range(1000)])
    outcome = ask(server)
    assert (outcome.proof.total, outcome.proof.shortfall, outcome.proof.whole) == (1000, "", True)
    assert len(server.requests) == 10


@pytest.mark.parametrize("known", [LATER, Known({})], ids=["later", "first"])
def test_windows(server: LocalServer, known: Known) -> None:
    """A larger result set is listed whole, each record once, in windows of the day of creation."""
    hold(server, [article(number, day(number % 300), day(300)) for number in range(1500)])
    outcome = ask(server, known=known)
    assert len(outcome.records) == len(outcome.proof.listed) == 1500
    assert (outcome.proof.total, outcome.proof.shortfall, outcome.proof.whole) == (1500, "", True)
    assert len(server.requests) < 40


def test_one_day(server: LocalServer) -> None:
    """More records of one day than are served are a shortfall, in numbers; those of other days come all the same."""
    hold(server, [article(number, day(9 if number < 1100 else 20), day(20)) for number in range(1150)])
    outcome = ask(server)
    assert outcome.proof.shortfall == "DOAJ announced 1150 records and delivered 1050."
    assert (outcome.proof.total, len(outcome.proof.listed)) == (1150, 1050)


def test_windows_ignored(server: LocalServer) -> None:
    """If windows do not divide a result set, it is listed as far as it is served, and the rest is a shortfall."""
    everything = [article(number, day(0), day(0)) for number in range(1300)]

    def search(request: Request) -> Reply:
        start = 100 * int(request.query["page"]) - 100
        return Reply(body=answer(everything[start : start + 100], 1300))

    server.on(SEARCH, search)
    assert ask(server).proof.shortfall == "DOAJ announced 1300 records and delivered 1000."
    assert len(server.requests) == 12


def test_no_window(server: LocalServer) -> None:
    """If there is nothing in any window, the result set is listed without, as far as it is served."""
    hold(server, [article(number, date(2030, 1, 1), day(0)) for number in range(1100)])
    assert ask(server).proof.shortfall == "DOAJ announced 1100 records and delivered 1000."


def test_no_date(server: LocalServer) -> None:
    """Records that are in no window are missed, and it is told how many."""
    lost = [article(number, date(2030, 1, 1), day(0)) for number in range(1500, 1503)]
    hold(server, [*(article(number, day(number % 300), day(300)) for number in range(1500)), *lost])
    assert ask(server).proof.shortfall == "DOAJ announced 1503 records and delivered 1500."


def test_updated(server: LocalServer) -> None:
    """Beyond the limit, only what was updated of late is listed, with two weeks of overlap; never the first time."""
    hold(server, [article(number, day(number), day(number)) for number in range(300)])
    recent = ask(server, DOAJ(200))
    assert [str(record.indexed) for record in recent.records] == [f"2026-10-{number}" for number in range(16, 28)]
    assert (recent.proof.total, recent.proof.shortfall, recent.proof.whole) == (12, "", False)
    first = ask(server, DOAJ(200), Known({}))
    assert (len(first.records), first.proof.whole) == (300, True)


def test_all_updated(server: LocalServer) -> None:
    """If DOAJ has touched everything on one day, as it does at times, that is still listed whole."""
    hold(server, [article(number, day(number % 200), day(302)) for number in range(1200)])
    outcome = ask(server, DOAJ(1000))
    assert (len(outcome.records), outcome.proof.shortfall, outcome.proof.whole) == (1200, "", False)


def test_overlap(server: LocalServer) -> None:
    """What several queries find is told once, and each query's own total is checked."""
    serve(server, [*RECORDS.values()])
    outcome = ask(server, about=LONG)
    assert len(outcome.records) == len(RECORDS)
    assert (outcome.proof.total, outcome.proof.shortfall) == (len(RECORDS), "")
    assert outcome.pages[0].total is None


def test_overlap_shortfall(server: LocalServer) -> None:
    """One query that falls short makes the harvest incomplete, even if others bring as many records."""
    first, *others = RECORDS.values()

    def search(request: Request) -> Reply:
        is_wide = "bibjson" in request.path
        return Reply(body=answer([first], 2) if is_wide else answer(others))

    server.on(SEARCH, search)
    about = subject(Concept("a", mesh=(), search=("needling",), wide=("holistic",)))
    outcome = ask(server, about=about)
    assert outcome.proof.shortfall == "DOAJ announced 5 records and delivered 4."
    assert outcome.proof.total == 5


def test_nameless(server: LocalServer) -> None:
    """A result without an id is set aside and counts as delivered; it is not listed."""
    serve(server, [*RECORDS.values(), b'{"bibjson":{"title":"A made-up title"}}', b"7"])
    outcome = ask(server)
    assert len(outcome.rejected) == 2
    assert (outcome.proof.total, outcome.proof.shortfall) == (len(RECORDS) + 2, "")
    assert outcome.proof.listed == set(RECORDS)


def test_refusal(server: LocalServer) -> None:
    """A query that is refused is not sent again, and DOAJ's words for it are told."""
    refuse(server, refusal("Query contains disallowed Lucene features"))
    with pytest.raises(SourceFailed, match="refused the query: Query contains disallowed Lucene features"):
        ask(server)
    assert len(server.requests) == 1


def test_not_run(server: LocalServer) -> None:
    """A query that the index could not run is sent again."""
    page = Reply(body=answer([*RECORDS.values()]))
    server.on(SEARCH, [refusal("There was an error executing your query"), page])
    assert ask(server).proof.shortfall == ""
    assert len(server.requests) == 2


def test_probe(server: LocalServer) -> None:
    """One record is asked for, to see how many there are; overlapping queries have no common number."""
    serve(server, [*RECORDS.values()])
    with CASE.client(server) as client:
        assert SOURCE.probe(client, SUBJECT) == len(RECORDS)
        assert SOURCE.probe(client, LONG) is None
    assert [request.query["pageSize"] for request in server.requests] == ["1", "1"]


# --- the records -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "published", "stated"),
    [
        ("2026", "9", "2026-09", ""),
        ("2026", "09", "2026-09", ""),
        ("2026", "Sep", "2026-09", ""),
        ("2026", "October", "2026-10", ""),
        (2026, 9, "2026-09", ""),
        ("2026", "", "2026", ""),
        ("2026", None, "2026", ""),
        ("2026", "0", "2026", ""),
        ("2026", "13", "2026", ""),
        ("2026", "Sep-Oct", "2026", "2026 Sep-Oct"),
        ("2026", "Winter", "2026", "2026 Winter"),
        ("", "9", "", ""),
        ("in press", "May", "", ""),
        ("0000", "1", "", ""),
    ],
)
def test_published(year: object, month: object, published: str, stated: str) -> None:
    """A month may be a number or a word, or none; what is no month of a calendar stays in its own words."""
    record = read(year=year, month=month)
    assert (str(record.published or ""), record.published_stated) == (published, stated)


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Erika  Muster", Author("Muster", "Erika")),
        ("Muster, Erika Anna", Author("Muster", "Erika Anna")),
        ("Muster Probe, Erika Anna", Author("Muster Probe", "Erika Anna")),
        ("Muster Erika V.", Author("Muster Erika", "V")),
    ],
)
def test_author(name: str, author: Author) -> None:
    """A name comes in the publisher's order, with an ORCID iD as an address or bare."""
    assert read(author=[{"name": name}]).authors == (author,)
    orcid = "0000-0002-1825-0097"
    assert read(author=[{"name": name, "orcid_id": orcid}]).authors == (replace(author, orcid=orcid),)


def test_author_several() -> None:
    """An ORCID iD beside two names is neither's."""
    (one, two) = read(author=[{"name": "Erika Muster and Karl Probe", "orcid_id": "0000-0002-1825-0097"}]).authors
    assert (one.orcid, two.orcid) == ("", "")


@pytest.mark.parametrize(
    ("start", "end", "pages"),
    [("1", "6", "1-6"), ("7", "7", "7"), ("e12", "", "e12"), ("", "6", "6"), ("n/a", "N/A", ""), ("-", "", "")],
)
def test_pages(start: str, end: str, pages: str) -> None:
    """Pages stand in the article or, in older records, in the journal."""
    assert read(start_page=start, end_page=end).pages == pages
    assert read(journal={"start_page": start, "end_page": end}).pages == pages


@pytest.mark.parametrize(
    "url", ["", "www.example.org/1", "javascript:alert(1)", "ftp://example.org/1", "http://", "https://[bad"]
)
def test_address(url: str) -> None:
    """Only an address in the web is passed on; otherwise DOAJ's own page is."""
    assert read(link=[{"type": "fulltext", "url": url}]).url == "https://doaj.org/article/1"


@pytest.mark.parametrize("stated", ["doi:10.5555/X.1", "http://dx.doi.org/10.5555/x.1", " 10.5555/x.1 "])
def test_doi(stated: str) -> None:
    """A DOI comes in many forms."""
    assert read(identifier=[{"type": "pissn", "id": "10.5555/no"}, {"type": "doi", "id": stated}]).doi == "10.5555/x.1"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "name", "type", "url"]), inner),
    ),
    st.sampled_from(["title", "abstract", "author", "journal", "year", "month", "identifier", "keywords", "link"]),
)
def test_hostile(member: object, name: str) -> None:
    """Whatever a field holds, the record is either rejected or clean."""
    try:
        record = read(**{name: member})
    except RecordRejected:
        return
    assert record.title == text.clean(record.title)
    assert record.doi == text.doi(record.doi)
    assert record.url.startswith(("http://", "https://"))
