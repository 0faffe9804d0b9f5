"""What is special about Europe PMC; what it shares with other sources is in test_contract.py."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.harvest.europepmc import EuropePMC
from pipeline.model import Author, PartialDate, RelationKind
from pipeline.proof import Known
from pipeline.screen.subject import Concept, Subject
from tests.harvest.case_europepmc import CASE, RECORDS, answer, refuse, serve
from tests.harvest.contract import EMAIL, NOW, SUBJECT, harvest
from tests.support.server import LocalServer, Reply, Request

SOURCE = EuropePMC()
FIRST, SECOND, *_ = RECORDS.values()


def test_query() -> None:
    """Each term is asked for in title, abstract and keywords, each heading as a keyword, and concepts must meet."""
    assert SOURCE.query(SUBJECT) == (
        '(TITLE:acupunct* OR ABSTRACT:acupunct* OR KW:acupunct* OR TITLE:"dry needling" OR ABSTRACT:"dry needling" OR '
        'KW:"dry needling" OR KW:"Acupuncture Therapy") AND (TITLE:"multiple sclerosis" OR '
        'ABSTRACT:"multiple sclerosis" OR KW:"multiple sclerosis" OR TITLE:"encephalomyelitis" OR '
        'ABSTRACT:"encephalomyelitis" OR KW:"encephalomyelitis" OR KW:"Multiple Sclerosis")'
    )


def test_query_wildcard() -> None:
    """A wildcard inside a phrase would be taken literally, so its words are asked for one by one, in lower case."""
    concept = Concept("needling", mesh=("acu",), search=("Electro-acupunct*", 'so "called"', "acu"))
    query = SOURCE.query(Subject("L", "T", (concept,)))
    assert "(TITLE:electro AND TITLE:acupunct*)" in query
    assert 'KW:"so  called"' in query
    assert query.count('KW:"acu"') == 1


def test_request(server: LocalServer) -> None:
    """The form asks for whole records in the largest pages, without synonyms, and tells who asks."""
    serve(server, [], None)
    with CASE.client(server) as client:
        harvest(SOURCE, client)
    (request,) = server.requests
    assert request.method == "POST"
    assert request.form == {
        "query": SOURCE.query(SUBJECT),
        "resultType": "core",
        "format": "json",
        "pageSize": "1000",
        "cursorMark": "*",
        "synonym": "FALSE",
        "email": EMAIL,
        "api_key": "SECRET-xyz",
    }


def test_walk(server: LocalServer) -> None:
    """The next mark goes back as it came, until a page brings nothing."""
    serve(server, [*RECORDS.values()], None)
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert [request.form["cursorMark"] for request in server.requests] == ["*", "2+/=", "4+/="]
    assert [len(page.records) for page in outcome.pages] == [2, 2, 0]


@pytest.mark.parametrize("more", [{}, {"nextCursorMark": "*"}, {"nextCursorMark": ""}, {"nextCursorMark": None}])
def test_last_mark(more: dict[str, object], server: LocalServer) -> None:
    """A mark that is missing, empty or the one just sent ends the walk."""
    refuse(server, Reply(body=answer([FIRST], 1, **more)))
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert len(server.requests) == 1
    assert outcome.proof.shortfall == ""


def test_old_mark(server: LocalServer) -> None:
    """A mark from two pages ago ends the walk, too, and what is missing by then is told."""
    pages = [
        answer([FIRST], 9, nextCursorMark="a"),
        answer([SECOND], 9, nextCursorMark="b"),
        answer([RECORDS["ETH:991004"]], 9, nextCursorMark="a"),
    ]
    server.on("/searchPOST", [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert len(server.requests) == 3
    assert outcome.proof.shortfall == "Europe PMC announced 9 records and delivered 3."


def test_shifted(server: LocalServer) -> None:
    """A record that slips onto the next page counts once, and does not make up for a missing one."""
    pages = [
        answer([FIRST, FIRST], 3, nextCursorMark="a"),
        answer([FIRST, SECOND], 2, nextCursorMark="b"),
        answer([], 2),
    ]
    server.on("/searchPOST", [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert [record.source_id for record in outcome.records] == ["MED:99100001", "PPR:PPR9910001"]
    assert outcome.proof.total == 3
    assert outcome.proof.shortfall


def test_unreadable_is_listed(server: LocalServer) -> None:
    """A result that cannot be read still exists: it counts, and is listed if it has an id."""
    serve(server, [FIRST, CASE.malformed, b'"no object"'], None)
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert outcome.proof.listed == {"MED:99100001", "MED:99100099"}
    assert outcome.proof.shortfall == ""
    assert outcome.rejected[1] == b'"no object"'


def test_error_words(server: LocalServer) -> None:
    """The service's own reason is told, short and clean."""
    refuse(server, Reply(body=json.dumps({"errCode": 400, "errMsg": "bad\u202e query\n" + "x" * 999}).encode()))
    with CASE.client(server) as client, pytest.raises(Exception, match=r"bad query x{190}$"):
        harvest(SOURCE, client)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("members", "published", "stated"),
    [
        ({"journalInfo": {"dateOfPublication": "2025 Dec 5"}}, PartialDate(2025, 12, 5), ""),
        ({"journalInfo": {"dateOfPublication": "2025"}}, PartialDate(2025), ""),
        ({"journalInfo": {"dateOfPublication": "2010 Sep-Oct"}}, PartialDate(2010), "2010 Sep-Oct"),
        ({"journalInfo": {"dateOfPublication": "2019 Win"}}, PartialDate(2019), "2019 Win"),
        ({"journalInfo": {"dateOfPublication": "2019 Feb 30"}}, PartialDate(2019), "2019 Feb 30"),
        ({"journalInfo": {"dateOfPublication": " "}, "pubYear": "2020"}, PartialDate(2020), ""),
        ({"firstPublicationDate": "2026-12-01", "pubYear": "2026"}, PartialDate(2026), ""),
        ({"electronicPublicationDate": "tomorrow"}, None, ""),
    ],
)
def test_published(members: dict[str, object], published: PartialDate | None, stated: str) -> None:
    """A date is as precise as it is stated: printPublicationDate and firstPublicationDate make up the day."""
    record = SOURCE.read(json.dumps({"source": "MED", "id": "1", **members}).encode())
    assert (record.published, record.published_stated) == (published, stated)


def test_lite() -> None:
    """A result in the short form is read as far as it goes."""
    lite = {
        "journalTitle": "J Invent",
        "journalVolume": "9",
        "issue": "1",
        "pubType": "review; journal article",
        "authorString": "Muster EA, van der Probe K, Invented Group.",
    }
    record = SOURCE.read(json.dumps({"source": "MED", "id": "0012", "title": "T", **lite}).encode())
    assert (record.journal, record.volume, record.issue, record.pmid) == ("J Invent", "9", "1", "12")
    assert record.publication_types == ("review", "journal article")
    assert record.authors == (
        Author("Muster", "E A"),
        Author("van der Probe", "K"),
        Author(collective="Invented Group"),
    )


def test_surrogate() -> None:
    """Half a character in an id is replaced, since neither address nor database could hold it."""
    record = SOURCE.read(b'{"source":"PPR","id":"PPR\\ud8001"}')
    assert record.source_id == "PPR:PPR\ufffd1"
    assert record.url.endswith("PPR%EF%BF%BD1")


def test_book() -> None:
    """A chapter's journal is the book; a publisher that is no preprint server is none."""
    record = SOURCE.read(b'{"source":"MED","id":"1","bookOrReportDetails":{"comprisingTitle":"Made-Up Reviews"}}')
    assert record.journal == "Made-Up Reviews"


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ("Retraction in", RelationKind.RETRACTION_IN),
        ("Retraction of", RelationKind.RETRACTION_OF),
        ("Erratum for", RelationKind.ERRATUM_FOR),
        ("Expression of concern for", RelationKind.CONCERN_FOR),
        ("Comment on", RelationKind.COMMENT_ON),
        ("Update of", RelationKind.UPDATE_OF),
        ("Republished from", RelationKind.REPUBLISHED_FROM),
        ("Preprint of", RelationKind.PREPRINT_OF),
        ("Something new", RelationKind.OTHER),
    ],
)
def test_relation(stated: str, kind: RelationKind) -> None:
    """Europe PMC spells NLM's kinds of correction in words."""
    corrections = {"commentCorrection": [{"type": stated, "source": "PMC", "id": "PMC1"}]}
    result = {"source": "MED", "id": "1", "commentCorrectionList": corrections}
    (relation,) = SOURCE.read(json.dumps(result).encode()).relations
    assert (relation.kind, relation.stated, relation.pmid, relation.preprint_id) == (kind, stated, "", "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["author", "value", "id"]), inner),
)
MEMBERS = ["title", "abstractText", "authorList", "journalInfo", "firstIndexDate", "doi", "pubTypeList", "isOpenAccess"]


@given(st.dictionaries(st.sampled_from([*MEMBERS, "commentCorrectionList", "authorString", "pubYear"]), JSON))
def test_anything(members: dict[str, object]) -> None:
    """Whatever stands in a result, it is read or rejected, and what is read is storable text."""
    payload = json.dumps({"source": "MED", "id": "1", **members}).encode()
    try:
        record = SOURCE.read(payload)
    except RecordRejected:
        return
    for words in (record.title, record.journal, record.source_id, *(part.text for part in record.abstract)):
        assert words == text.clean(words)


def test_reconcile_limit(server: LocalServer) -> None:
    """Above the limit only what was indexed or updated since two weeks before the last complete harvest is listed."""

    def search(request: Request) -> Reply:
        narrowed = "FIRST_IDATE:[2026-10-18 TO " in request.form["query"] and "UPDATE_DATE:" in request.form["query"]
        return Reply(body=answer([*RECORDS.values()][: 1 if narrowed else 4]))

    server.on("/searchPOST", search)
    known = Known({}, complete_until=NOW - timedelta(days=1))
    with CASE.client(server) as client:
        assert harvest(EuropePMC(reconcile_limit=4), client, known).proof.whole
        assert harvest(EuropePMC(reconcile_limit=3), client).proof.whole, "the first time everything is listed"
        proof = harvest(EuropePMC(reconcile_limit=3), client, known).proof
    assert (len(proof.listed), proof.total, proof.whole) == (1, 1, False)


@pytest.mark.parametrize("initials", ["EA", "E A", "E  A"])
def test_initials(initials: str) -> None:
    """Initials are set apart by single blanks, however they come."""
    authors = {"author": [{"lastName": "Muster", "initials": initials}]}
    payload = json.dumps({"id": "1", "source": "MED", "pmid": "1", "title": "Made-up", "authorList": authors}).encode()
    assert EuropePMC().read(payload).authors == (Author("Muster", "E A"),)
