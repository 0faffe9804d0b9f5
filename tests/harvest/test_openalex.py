"""What is special about OpenAlex; what it shares with other sources is in test_contract.py."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text
from pipeline.errors import RecordRejected, RetryLater, SourceFailed
from pipeline.harvest.openalex import OpenAlex
from pipeline.match.kinds import Kind, kind
from pipeline.model import Author, PartialDate, Record
from pipeline.screen.subject import Concept, Subject
from tests.harvest.case_openalex import CASE, RECORDS, answer, refuse, serve
from tests.harvest.contract import API_KEY, NOW, SUBJECT, harvest
from tests.support.server import LocalServer, Reply, Request

SOURCE = OpenAlex()
FIRST, SECOND, THIRD, FOURTH = RECORDS.values()
CHINESE = "\u9488\u7078"
WIDE = Subject(
    "L",
    "T",
    (
        Concept("needling", mesh=(), search=("needling",), wide=("complementary medicine", "complementary therap*")),
        Concept("disease", mesh=(), search=("sclerosis",)),
    ),
)


def read(**members: object) -> Record:
    """Read a made-up work with these members."""
    return SOURCE.read(json.dumps({"id": "https://openalex.org/W1", **members}).encode())


def test_query() -> None:
    """Every concept by any of its whole words, each a phrase in quotes."""
    assert SOURCE.query(SUBJECT) == '("acupunct" OR "dry needling") AND ("multiple sclerosis" OR "encephalomyelitis")'


def test_query_wide() -> None:
    """The words of a whole field are a query of their own, on a line of its own."""
    assert SOURCE.query(WIDE).splitlines() == [
        '("needling") AND ("sclerosis")',
        '("complementary medicine") AND ("sclerosis")',
    ]


def test_query_separators() -> None:
    """Characters that end a filter or mean "or" in it, even inside quotes, never get there."""
    concept = Concept("needling", mesh=(), search=('needle,type:"book"|acu', "acu-TENS", "l'aiguille", "!no"))
    assert SOURCE.query(Subject("L", "T", (concept,))) == (
        '("needle type book acu" OR "acu-TENS" OR "l\'aiguille" OR "no")'
    )


def test_address_length(server: LocalServer) -> None:
    """However a subject is written, no address comes near the 4094 bytes that are accepted, and no term is lost."""
    terms = tuple(f"{CHINESE} {number}" for number in range(300))
    subject = Subject("L", "T", (Concept("needling", mesh=(), search=terms), WIDE.concepts[1]))
    serve(server, [])
    with CASE.client(server) as client:
        harvest(SOURCE, client, subject=subject)
    assert len(server.requests) > 1
    assert all(len(urlencode(request.query)) < 3700 for request in server.requests)
    asked = " ".join(request.query["filter"] for request in server.requests)
    assert all(f'"{term}"' in asked for term in terms)


def test_request(server: LocalServer) -> None:
    """It asks for the fields that are read, newest first, in the largest pages."""
    serve(server, [])
    with CASE.client(server) as client:
        harvest(SOURCE, client)
    (request,) = server.requests
    assert request.query.pop("select").split(",")[:2] == ["id", "doi"]
    assert request.query == {
        "filter": f"title_and_abstract.search:{SOURCE.query(SUBJECT)}",
        "sort": "publication_date:desc",
        "per_page": "100",
        "cursor": "*",
        "api_key": API_KEY,
    }


def test_probe(server: LocalServer) -> None:
    """One record is asked for, and the count of all of them told."""
    serve(server, [FIRST], 42)
    with CASE.client(server) as client:
        assert SOURCE.probe(client, SUBJECT) == 42
    assert [request.query["per_page"] for request in server.requests] == ["1"]


def test_last_page(server: LocalServer) -> None:
    """A null cursor ends the walk."""
    serve(server, [FIRST, SECOND, THIRD])
    with CASE.client(server) as client:
        assert len(harvest(SOURCE, client).records) == 3
    assert [request.query["cursor"] for request in server.requests] == ["*", "2+/="]


def test_old_cursor(server: LocalServer) -> None:
    """A cursor that came before ends the walk, too, and what is missing by then is told."""
    pages = [answer([FIRST], 9, "a"), answer([SECOND], 9, "b"), answer([THIRD], 9, "a")]
    server.on("/works", [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        proof = harvest(SOURCE, client).proof
    assert len(server.requests) == 3
    assert proof.shortfall == "OpenAlex announced 9 records and delivered 3."
    assert (proof.total, proof.whole) == (9, False)


def test_shifted(server: LocalServer) -> None:
    """A work that slips onto the next page counts once, and does not make up for a missing one."""
    pages = [answer([FIRST, FIRST], 3, "a"), answer([FIRST, SECOND], 2)]
    server.on("/works", [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert [record.source_id for record in outcome.records] == ["W9999900001", "W9999900002"]
    assert outcome.proof.total == 3
    assert outcome.proof.shortfall


def test_unreadable_is_listed(server: LocalServer) -> None:
    """A work that cannot be read still exists: it counts, and is listed if it has an id."""
    server.on("/works", Reply(body=answer([FIRST, CASE.malformed, b'"no object"'])))
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert outcome.proof.listed == {"W9999900001", "W9999900099"}
    assert (outcome.proof.total, outcome.proof.shortfall) == (3, "")
    assert outcome.rejected[1] == b'"no object"'


def test_united(server: LocalServer) -> None:
    """What two queries find is one set, and each has to deliver its own total."""

    def works(request: Request) -> Reply:
        wide = "complementary" in request.query["filter"]
        return Reply(body=answer([FIRST, SECOND] if wide else [FIRST, THIRD], 3 if wide else 2))

    server.on("/works", works)
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client, subject=WIDE)
    assert [record.source_id for record in outcome.records] == ["W9999900001", "W9999900003", "W9999900002"]
    assert outcome.proof.total == 4
    assert outcome.proof.shortfall == "OpenAlex announced 4 records and delivered 3."


def test_united_pages(server: LocalServer) -> None:
    """A page with nothing but what another query brought does not end the walk."""

    def works(request: Request) -> Reply:
        if "complementary" not in request.query["filter"]:
            return Reply(body=answer([FIRST, SECOND]))
        return Reply(body=answer([FIRST], 2, "a") if request.query["cursor"] == "*" else answer([THIRD], 2))

    server.on("/works", works)
    with CASE.client(server) as client:
        proof = harvest(SOURCE, client, subject=WIDE).proof
    assert (proof.total, len(proof.listed), proof.shortfall, proof.whole) == (3, 3, "", True)


def test_reconcile_limit(server: LocalServer) -> None:
    """Above the limit only the newest are listed, the rest is told to be missing, and nothing counts as gone."""
    serve(server, [FIRST, SECOND, THIRD, FOURTH])
    with CASE.client(server) as client:
        assert harvest(OpenAlex(reconcile_limit=4), client).proof.whole
        before = len(server.requests)
        proof = harvest(OpenAlex(reconcile_limit=2), client).proof
    assert len(server.requests) == before + 1
    assert (len(proof.listed), proof.total, proof.whole) == (2, 4, False)
    assert proof.shortfall == (
        "OpenAlex finds 4 records, above reconcile_limit: only the newest 2 were listed; "
        "raise it or narrow the subject."
    )


def test_wrong_key(server: LocalServer) -> None:
    """A refused key is named and not shown, and not tried again."""
    refuse(server, CASE.failures["wrong key"])
    with CASE.client(server) as client, pytest.raises(SourceFailed, match="does not accept the API key") as caught:
        harvest(SOURCE, client)
    assert API_KEY not in str(caught.value)
    assert len(server.requests) == 1


def test_budget(server: LocalServer) -> None:
    """When a day's budget is spent, the source is left alone until the next one."""
    refuse(server, CASE.failures["budget spent"])
    with CASE.client(server) as client, pytest.raises(RetryLater) as caught:
        harvest(SOURCE, client)
    assert caught.value.not_before - NOW == timedelta(seconds=53_578)


@pytest.mark.parametrize("name", ["too fast", "too many requests", "bad filter in HTML"])
def test_again(name: str, server: LocalServer) -> None:
    """What may pass is tried again."""
    server.on("/works", [CASE.failures[name], Reply(body=answer([FIRST]))])
    with CASE.client(server) as client:
        assert len(harvest(SOURCE, client).records) == 1


def test_error_words(server: LocalServer) -> None:
    """The service's own reason is told, short and clean, and asked once only."""
    body = json.dumps({"error": "Invalid query.", "message": "bad\u202e field\n" + "x" * 999}).encode()
    refuse(server, Reply(400, body))
    with CASE.client(server) as client, pytest.raises(SourceFailed, match=r"Invalid query\.: bad field x{170,180}$"):
        harvest(SOURCE, client)
    assert len(server.requests) == 1


def test_abstract() -> None:
    """Words come in the order of their places, however far apart those are."""
    index = {"needles": [10**9], "<p>On": [-1, 3], "of": [7], "&amp;": [12**30]}
    assert read(abstract_inverted_index=index).abstract_text == "On On of needles &"


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("2026-09-14", PartialDate(2026, 9, 14)),
        ("2026-01-01", PartialDate(2026)),
        ("2026-02-01", PartialDate(2026, 2, 1)),
        ("2026-02-30", None),
        ("", None),
        (None, None),
    ],
)
def test_published(stated: str | None, published: PartialDate | None) -> None:
    """New Year's Day stands for a year of which nothing more is known."""
    assert read(publication_date=stated).published == published


def test_byline() -> None:
    """The name in the byline counts, not that of the person it is believed to be."""
    authorship = {"author": {"display_name": "E. X. Wrong"}, "raw_author_name": "Erika Muster"}
    assert read(authorships=[authorship]).authors == (Author("Muster", "Erika"),)


@pytest.mark.parametrize(
    ("location", "stated", "journal", "preprint"),
    [
        (
            {"source": {"type": "journal", "display_name": "J Invent"}, "version": "submittedVersion"},
            "",
            "J Invent",
            False,
        ),
        (
            {"source": {"type": "repository", "display_name": "PubMed Central"}, "version": "acceptedVersion"},
            "",
            "",
            False,
        ),
        ({"source": {"type": "repository", "display_name": "Zenodo"}, "version": "submittedVersion"}, "", "", False),
        ({"source": {"type": "repository", "display_name": "bioRxiv (CSHL)"}}, "preprint", "bioRxiv", True),
        (
            {"source": {"type": "repository", "display_name": "Research Square (RS)"}, "version": "submittedVersion"},
            "review",
            "Research Square",
            True,
        ),
        (
            {"source": {"type": "repository", "display_name": "arXiv (Cornell)"}, "version": "acceptedVersion"},
            "",
            "arXiv",
            False,
        ),
        ({"source": None, "raw_source_name": "J Invent"}, "article", "J Invent", False),
        (None, "article", "", False),
    ],
)
def test_place(location: object, stated: str, journal: str, preprint: bool) -> None:
    """A repository is no journal, and what an author keeps there no preprint, unless it is a preprint server."""
    record = read(primary_location=location, type=stated)
    assert (record.journal, record.is_preprint) == (journal, preprint)


@pytest.mark.parametrize(
    ("title", "abstract", "stated", "flag", "types", "expected"),
    [
        ("RETRACTED: Made-up needles", "", "retraction", True, ("Retracted Publication",), Kind.ARTICLE),
        ("WITHDRAWN: Made-up needles", "", "retraction", True, ("Retracted Publication",), Kind.ARTICLE),
        ("Made-up needles", "", "article", True, ("article", "Retracted Publication"), Kind.ARTICLE),
        ("Made-up retraction of the bladder", "", "retraction", False, (), Kind.ARTICLE),
        ("Statement of Retraction: Made-up needles", "", "retraction", False, ("retraction",), Kind.NOTICE),
        ("Retraction Note to: Made-up needles", "", "retraction", True, ("retraction",), Kind.NOTICE),
        (
            "Retracted: Made-up needles",
            "[This retracts the article DOI]",
            "retraction",
            True,
            ("retraction",),
            Kind.NOTICE,
        ),
        ("Made-up attenuation correction to images", "", "erratum", False, ("erratum",), Kind.ARTICLE),
        ("Erratum: Made-up needles", "", "erratum", False, ("erratum",), Kind.NOTICE),
    ],
)
def test_retraction(title: str, abstract: str, stated: str, flag: bool, types: tuple[str, ...], expected: Kind) -> None:
    """A retracted article and the notice about it are told apart, though OpenAlex gives both the same type."""
    index = {word: [place] for place, word in enumerate(abstract.split())}
    record = read(title=title, abstract_inverted_index=index, type=stated, is_retracted=flag)
    assert record.publication_types == types
    assert kind(record) is expected


def test_other_places() -> None:
    """The DOI of a preprint that was merged into its article is not the article's."""
    places = [{"id": "doi:10.5555/preprint.1", "landing_page_url": "https://doi.org/10.5555/preprint.1"}]
    assert read(doi="https://doi.org/10.5555/ARTICLE.1", locations=places).doi == "10.5555/article.1"


@pytest.mark.parametrize(
    ("pmcid", "expected"),
    [
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/9920", "PMC9920"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9920/", "PMC9920"),
        ("9920", "PMC9920"),
        ("https://example.org/none", ""),
    ],
)
def test_pmcid(pmcid: str, expected: str) -> None:
    """PubMed Central's ids are read with and without their letters."""
    assert read(ids={"pmcid": pmcid}).pmcid == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["author", "source", "pmid"]), inner),
)
MEMBERS = ["title", "ids", "authorships", "primary_location", "abstract_inverted_index", "mesh", "open_access", "doi"]


@given(st.dictionaries(st.sampled_from([*MEMBERS, "biblio", "type", "is_retracted", "publication_date"]), JSON))
def test_anything(members: dict[str, object]) -> None:
    """Whatever stands in a work, it is read or rejected, and what is read is storable text."""
    try:
        record = read(**members)
    except RecordRejected:
        return
    for words in (record.title, record.journal, record.source_id, *(part.text for part in record.abstract)):
        assert words == text.clean(words)
