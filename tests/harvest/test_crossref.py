"""Crossref beyond the contract: its question, its walk, what is asked for by DOI, and the details of its records."""

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed
from pipeline.harvest.crossref import Crossref
from pipeline.harvest.source import Known
from pipeline.match.kinds import Kind, kind
from pipeline.model import PartialDate, Record, RelationKind
from pipeline.proof import Watched
from pipeline.screen.subject import Concept, Subject
from tests.harvest.case_crossref import CASE, CURSOR, RECORDS, answer, refusal, refuse, serve
from tests.harvest.contract import EMAIL, NOW, SUBJECT, Outcome, harvest
from tests.support.server import LocalServer, Reply, Request

SOURCE = Crossref()
FIRST, SECOND, THIRD, FOURTH = RECORDS.values()
DAY = timedelta(days=1)
DOIS = frozenset(f"10.5555/watched.{number}" for number in range(70))


def read(**members: object) -> Record:
    """Read a work with these members."""
    return SOURCE.read(json.dumps({"DOI": "10.5555/own", **members}).encode())


def subject(*search: str) -> Subject:
    """Make a subject whose first concept is asked for by these words."""
    return replace(SUBJECT, concepts=(Concept("first", mesh=(), search=search), *SUBJECT.concepts))


def known(days: float, *dois: str) -> Known:
    """Make what is known after a complete harvest so many days ago, with these watched."""
    return Known({}, complete_until=NOW - days * DAY, watched=Watched(dois=frozenset(dois)))


def hold(server: LocalServer, *dois: str, window: bytes = answer([])) -> None:
    """Hold these DOIs for those who ask by DOI; the window is always the same page."""

    def works(request: Request) -> Reply:
        if "cursor" in request.query:
            return Reply(body=window)
        asked = request.query["filter"].split(",")
        return Reply(body=answer([json.dumps({"DOI": doi}).encode() for doi in dois if f"doi:{doi}" in asked]))

    server.on("/works", works)


def by_doi(server: LocalServer) -> list[str]:
    """Give the DOIs that were asked for."""
    filters = [request.query["filter"] for request in server.requests if "cursor" not in request.query]
    return [one.removeprefix("doi:") for asked in filters for one in asked.split(",")]


def run(server: LocalServer, known: Known, source: Crossref = SOURCE) -> Outcome:
    """Harvest from the local server."""
    with CASE.client(server) as client:
        return harvest(source, client, known)


@pytest.mark.parametrize(
    ("search", "query"),
    [
        (("Acupuncture", "moxa", "dry needling", "ST36", "electro-acupuncture", "needling", "acupuncture"), None),
        (("moxa", "Dry needling", "moxa smoke"), "moxa dry needling smoke"),
    ],
)
def test_words(search: tuple[str, ...], query: str | None) -> None:
    """Only long single words are asked for, since phrases match by any word; without one, every word there is."""
    assert SOURCE.query(subject(*search)) == (query or "acupuncture needling")


def test_first_question(server: LocalServer) -> None:
    """The first harvest asks for what is new within a year, and says who asks."""
    serve(server, [])
    run(server, Known({}))
    (request,) = server.requests
    assert request.query == {
        "query.bibliographic": "acupunct",
        "filter": "from-created-date:2025-11-02",
        "rows": "1000",
        "cursor": "*",
        "mailto": EMAIL,
        "api_key": "SECRET-xyz",
    }


def test_later_question(server: LocalServer) -> None:
    """Later ones ask for the new and the changed at once, two weeks behind the last complete harvest."""
    serve(server, [])
    run(server, known(1))
    assert server.requests[0].query["filter"] == "from-update-date:2026-10-18"


def test_scroll(server: LocalServer) -> None:
    """The same cursor on every page is no end; all that was announced is, without a further request."""
    serve(server, [*RECORDS.values()])
    outcome = run(server, Known({}))
    assert [request.query["cursor"] for request in server.requests] == ["*", CURSOR]
    assert len(outcome.records) == 4
    assert not outcome.proof.whole


def test_no_cursor(server: LocalServer) -> None:
    """Without a cursor there is no next page."""
    server.on("/works", Reply(body=answer([FIRST], 3)))
    assert run(server, Known({})).proof.shortfall == "Crossref announced 3 records and delivered 1."
    assert len(server.requests) == 1


def test_too_many(server: LocalServer) -> None:
    """A window is walked as far as twice the limit, and what is left of it is told."""
    pages = [answer([one], 5_000, **{"next-cursor": CURSOR}) for one in RECORDS.values()]
    server.on("/works", [Reply(body=page) for page in pages])
    outcome = run(server, Known({}), Crossref(reconcile_limit=1_000))
    assert len(server.requests) == 2
    assert outcome.proof.shortfall == "Crossref announced 5000 records and delivered 2."


def test_drift(server: LocalServer) -> None:
    """The index is alive: a work that slips onto the next page counts once, and the last total holds."""
    pages = [([FIRST, SECOND], 5), ([SECOND, THIRD], 3)]
    bodies = [answer(items, total, **{"next-cursor": CURSOR}) for items, total in pages]
    server.on("/works", [Reply(body=body) for body in bodies])
    outcome = run(server, Known({}))
    assert [record.source_id for record in outcome.records] == [*RECORDS][:3]
    assert (outcome.proof.total, outcome.proof.shortfall) == (3, "")


def test_unreadable_is_listed(server: LocalServer) -> None:
    """A work that cannot be read still exists: it counts, and is listed if it has a DOI."""
    serve(server, [FIRST, CASE.malformed, b'"no object"'])
    outcome = run(server, Known({}))
    assert outcome.proof.listed == {"10.5555/cr.2026.1", "10.5555/cr.made-up.99"}
    assert outcome.proof.shortfall == ""
    assert outcome.rejected[1] == b'"no object"'


def test_expired(server: LocalServer) -> None:
    """A cursor that expires in the middle of the list is a failure of its own, not worth another try."""
    first = Reply(body=answer([FIRST], 2, **{"next-cursor": CURSOR}))
    server.on("/works", [first, Reply(404, refusal("cursor-invalid", "Cursor specified but it is invalid"))])
    with pytest.raises(SourceFailed, match="cursor expire"):
        run(server, Known({}))
    assert len(server.requests) == 2


@pytest.mark.parametrize("message", ["bad\u202e filter\n" + "x" * 999, {"an": "object"}])
def test_refusal(server: LocalServer, message: object) -> None:
    """Crossref's own reason is told, short and clean."""
    refuse(server, Reply(400, refusal("filter-not-available", message)))
    with pytest.raises(SourceFailed, match=r"question: (bad filter x{189}|\{'an': 'object'\})$"):
        run(server, Known({}))
    assert len(server.requests) == 1


def test_probe(server: LocalServer) -> None:
    """One request without records tells how many there are."""
    server.on("/works", Reply(body=answer([], 41)))
    with CASE.client(server) as client:
        assert SOURCE.probe(client, SUBJECT) == 41
    (request,) = server.requests
    assert (request.query["rows"], request.query["query.bibliographic"]) == ("0", "acupunct")


# --- what is watched --------------------------------------------------------------------------------


def test_each_once_a_week(server: LocalServer) -> None:
    """In seven days of daily runs every watched DOI is asked for once, a share of them each day."""
    hold(server, *DOIS)
    shares = []
    for day in range(7):
        now = NOW + day * DAY
        asked = Known({}, complete_until=now - DAY, watched=Watched(dois=DOIS))
        before = len(by_doi(server))
        with CASE.client(server) as client:
            _ = list(SOURCE.harvest(client, SUBJECT, asked, now))
        shares.append(len(by_doi(server)) - before)
    assert sorted(by_doi(server)) == sorted(DOIS)
    assert max(shares) < len(DOIS) / 2


@pytest.mark.parametrize(("days", "everything"), [(7, True), (30, True), (0, False)])
def test_after_a_pause(server: LocalServer, days: float, everything: bool) -> None:
    """Weekly runs ask for all of them; a second run on the same day for none."""
    hold(server, *DOIS)
    run(server, known(days, *DOIS))
    assert set(by_doi(server)) == (DOIS if everything else set())


def test_first_time(server: LocalServer) -> None:
    """As long as no harvest was complete, everything is asked for."""
    hold(server)
    run(server, Known({}, watched=Watched(dois=DOIS)))
    assert set(by_doi(server)) == DOIS


def test_missed_day(server: LocalServer) -> None:
    """What was due on a day without a complete harvest is asked for with the next."""
    hold(server)
    shares = []
    for days, now in ((2, NOW), (1, NOW), (1, NOW - DAY)):
        asked = Known({}, complete_until=now - days * DAY, watched=Watched(dois=DOIS))
        before = len(by_doi(server))
        with CASE.client(server) as client:
            _ = list(SOURCE.harvest(client, SUBJECT, asked, now))
        shares.append(set(by_doi(server)[before:]))
    assert shares[0] == shares[1] | shares[2]


def test_batches(server: LocalServer) -> None:
    """An address stays short, whatever the DOIs, and holds no more than forty of them."""
    dois = {f"10.5555/{'(x)<y>' * (number % 9)}{number}" for number in range(300)} | {"10.5555/" + "z" * 2_500}
    hold(server, *dois)
    outcome = run(server, known(7, *dois))
    requests = [request for request in server.requests if "cursor" not in request.query]
    assert max(int(request.query["rows"]) for request in requests) == 40
    assert outcome.proof.listed == dois
    assert len(requests) < 20


def test_address_length(server: LocalServer) -> None:
    """The encoded filter, which makes most of the address, is bounded."""
    dois = {f"10.5555/{'<>' * 30}{number}" for number in range(40)}
    hold(server, *dois)
    run(server, known(7, *dois))
    filters = [request.query["filter"] for request in server.requests if "cursor" not in request.query]
    assert len(filters) > 1
    assert all(len(quote(one, safe="")) < 1_800 for one in filters)


def test_comma(server: LocalServer) -> None:
    """A comma would end the filter: such a DOI is not asked for, and spoils no batch."""
    hold(server, "10.5555/plain")
    assert run(server, known(7, "10.5555/plain", "10.5555/251.2504,2509")).proof.listed == {"10.5555/plain"}
    assert by_doi(server) == ["10.5555/plain"]


def test_unknown_doi(server: LocalServer) -> None:
    """What Crossref does not hold, since another agency does, is simply not there."""
    hold(server, "10.5555/ours")
    outcome = run(server, known(7, "10.5555/ours", "10.5555/theirs"))
    assert (outcome.proof.total, outcome.proof.shortfall) == (1, "")
    assert outcome.proof.listed == {"10.5555/ours"}


def test_listed_already(server: LocalServer) -> None:
    """What the window has just brought is not asked for again; totals add up."""
    hold(server, "10.5555/other", window=answer([FIRST, SECOND]))
    outcome = run(server, known(7, "10.5555/cr.2026.1", "10.5555/other"))
    assert by_doi(server) == ["10.5555/other"]
    assert [page.total for page in outcome.pages] == [2, 3]
    assert outcome.proof.total == 3
    assert len(outcome.proof.listed) == 3


def test_batch_shortfall(server: LocalServer) -> None:
    """What is announced of the watched and does not come is missing too."""
    answers = [answer([FIRST]), answer([], 2)]
    server.on("/works", [Reply(body=body) for body in answers])
    outcome = run(server, known(7, "10.5555/a", "10.5555/b"))
    assert outcome.proof.shortfall == "Crossref announced 3 records and delivered 1."
    assert outcome.proof.total == 3


def test_same_day_costs_one_request(server: LocalServer) -> None:
    """A day on which nothing is due asks for the window alone."""
    hold(server)
    run(server, known(0, *DOIS))
    assert len(server.requests) == 1


# --- one work ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "on_notice", "on_work", "word"),
    [
        ("retraction", RelationKind.RETRACTION_OF, RelationKind.RETRACTION_IN, "Retraction"),
        ("withdrawal", RelationKind.RETRACTION_OF, RelationKind.RETRACTION_IN, "Retraction"),
        ("removal", RelationKind.RETRACTION_OF, RelationKind.RETRACTION_IN, "Retraction"),
        ("partial_retraction", RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN, "Correction"),
        ("correction", RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN, "Correction"),
        ("Corrigendum", RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN, "Correction"),
        ("err", RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN, "Correction"),
        ("expression of concern", RelationKind.CONCERN_FOR, RelationKind.CONCERN_IN, "Expression of concern"),
        ("new_version", RelationKind.UPDATE_OF, RelationKind.UPDATE_IN, ""),
        ("clarification", RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN, "Correction"),
        ("addendum", RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN, "Correction"),
        ("reinstatement", RelationKind.OTHER, RelationKind.OTHER, ""),
    ],
)
def test_update(stated: str, on_notice: RelationKind, on_work: RelationKind, word: str) -> None:
    """A notice points at its work and the work at its notice; what is not certain is neither."""
    update = [{"DOI": "10.5555/OTHER", "type": stated}]
    notice, work = read(**{"update-to": update}), read(**{"updated-by": update})
    assert [(one.kind, one.doi) for one in notice.relations] == [(on_notice, "10.5555/other")]
    assert [(one.kind, one.doi) for one in work.relations] == [(on_work, "10.5555/other")]
    assert notice.publication_types == ((word,) if word else ())
    assert work.publication_types == ()
    assert (kind(notice) is Kind.NOTICE) == bool(word)
    assert kind(work) is Kind.ARTICLE


def test_changed_in_place() -> None:
    """An article that was retracted under its own DOI is no notice."""
    work = read(**{"type": "journal-article", "update-to": [{"DOI": "10.5555/OWN", "type": "retraction"}]})
    assert [(one.kind, one.stated) for one in work.relations] == [(RelationKind.RETRACTION_IN, "retraction in")]
    assert work.publication_types == ("journal-article",)


def test_posted_content() -> None:
    """Only what is called a preprint is one, and its institution a server: blogs are posted as well."""
    house = [{"name": "A house"}]
    blog = read(type="posted-content", subtype="other", institution=house)
    preprint = read(type="posted-content", subtype="preprint", institution=house)
    assert (blog.is_preprint, blog.journal) == (False, "")
    assert (preprint.is_preprint, preprint.journal) == (True, "A house")


@pytest.mark.parametrize("names", [["Z Invent", "Acta Inventa"], ["Acta Inventa", "Z Invent"]])
def test_journal(names: list[str]) -> None:
    """Of a long and a short name the long one counts, wherever it stands."""
    assert read(**{"container-title": names}).journal == "Acta Inventa"


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ({"published-print": [2020], "published-online": [2020, 11, 13], "issued": [2020]}, PartialDate(2020, 11, 13)),
        ({"published-print": [2019], "published-online": [2018, 11, 3]}, PartialDate(2018, 11, 3)),
        ({"published-print": [1998], "published-online": [2009, 3, 1]}, PartialDate(1998)),
        ({"published-print": [2020, 1], "published-online": [2020, 3, 15]}, PartialDate(2020, 1)),
        ({"published-other": [2021, 2], "issued": [None]}, PartialDate(2021, 2)),
        ({"posted": [2026]}, PartialDate(2026)),
        ({"issued": [2019, 2, 30]}, None),
        ({"issued": [99]}, None),
        ({"issued": [-5]}, None),
        ({"issued": []}, None),
        ({"issued": ["2020"]}, None),
        ({"issued": [True]}, None),
        ({"issued": [2020, 1, 1, 1]}, None),
        ({"issued": 2020}, None),
        ({}, None),
    ],
)
def test_published(dates: dict[str, object], published: PartialDate | None) -> None:
    """The earliest date counts, as precise as it is stated."""
    assert read(**{name: {"date-parts": [parts]} for name, parts in dates.items()}).published == published


@pytest.mark.parametrize(
    ("members", "title"),
    [
        ({"title": ["Needles"], "subtitle": ["A trial"]}, "Needles: A trial"),
        ({"title": ["Needles?"], "subtitle": ["A trial"]}, "Needles? A trial"),
        ({"title": ["Needles: a trial"], "subtitle": ["A TRIAL"]}, "Needles: a trial"),
        ({"title": ["&lt;b&gt;Needles&lt;/b&gt;"], "subtitle": []}, "Needles"),
        ({"title": [], "subtitle": ["A trial"]}, ""),
        ({}, ""),
    ],
)
def test_title(members: dict[str, object], title: str) -> None:
    """The subtitle belongs to the title, unless it is there already."""
    assert read(**members).title == title


@pytest.mark.parametrize(
    ("abstract", "sections"),
    [
        ("<p>One.</p>", [("", "One.")]),
        ("<jats:title>ABSTRACT</jats:title><jats:p>One.</jats:p>", [("", "One.")]),
        ("<title id='a/b'>Aim.</title><p>One.</p><jats:title>End</jats:title>", [("Aim", "One.")]),
        ("<ns4:sec><ns4:title>Aim</ns4:title><ns4:p>x<y, P<0.05</ns4:p></ns4:sec>", [("Aim", "x<y, P<0.05")]),
        ("<jats:title /><p>One.</p><jats:title>End</jats:title><p>Two.</p>", [("", "One."), ("End", "Two.")]),
        ("<jats:p/>", []),
    ],
)
def test_abstract(abstract: str, sections: list[tuple[str, str]]) -> None:
    """JATS comes under several prefixes; its titles head the parts of an abstract."""
    assert [(part.label, part.text) for part in read(abstract=abstract).abstract] == sections


def test_original_title() -> None:
    """An original title that says the same is none."""
    assert read(**{"title": ["Needles"], "original-title": ["NEEDLES."]}).vernacular_title == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["family", "DOI", "date-parts"]), inner)
    ),
)
MEMBERS = [
    "title",
    "subtitle",
    "abstract",
    "author",
    "issued",
    "created",
    "relation",
    "update-to",
    "updated-by",
    "page",
]


@given(st.dictionaries(st.sampled_from([*MEMBERS, "container-title", "language", "type"]), JSON))
def test_anything(members: dict[str, object]) -> None:
    """Whatever stands in a work, it is read or rejected, and what is read is storable text."""
    try:
        record = read(**members)
    except RecordRejected:
        return
    for words in (record.title, record.journal, record.pages, *(part.text for part in record.abstract)):
        assert words == text.clean(words)
