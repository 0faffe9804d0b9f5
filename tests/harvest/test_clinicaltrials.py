"""What is special about ClinicalTrials.gov; what it shares with other sources is in test_contract.py."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text
from pipeline.appraise import appraise
from pipeline.errors import RecordRejected
from pipeline.harvest.clinicaltrials import ClinicalTrials
from pipeline.match import group
from pipeline.model import Author, Design, PartialDate, Record, Relationship, Tier
from pipeline.proof import Known
from pipeline.screen import screen, subject_from
from pipeline.screen.subject import Concept, Subject
from tests.harvest.case_clinicaltrials import (
    ACUPRESSURE,
    ACUPUNCTURE,
    BARE,
    CASE,
    MIGRAINE,
    RECORDS,
    answer,
    refuse,
    serve,
)
from tests.harvest.contract import NOW, SUBJECT, harvest
from tests.support.server import LocalServer, Reply, Request

SOURCE = ClinicalTrials()
FIRST, SECOND, THIRD, FOURTH = RECORDS.values()
PROFILE = Path(__file__).parents[2] / "config" / "acupuncture-ms.toml"
WIDE = Subject(
    "L",
    "T",
    (
        Concept("needling", mesh=("Dry Needling",), search=("dry needling", "ALL"), wide=("alternative medicine",)),
        Concept("disease", mesh=(), search=("ms",)),
    ),
)


def study(**modules: Any) -> Record:
    """Read a study with these modules beside its number."""
    identification = {"nctId": "NCT09990005", "briefTitle": "Made-up study"} | modules.pop("identificationModule", {})
    return SOURCE.read(json.dumps({"protocolSection": {"identificationModule": identification, **modules}}).encode())


# --- asking -----------------------------------------------------------------------------------


def test_query() -> None:
    """Headings and whole words are phrases, each once; words of a whole field are asked for in titles."""
    assert SOURCE.query(SUBJECT) == (
        '("Acupuncture Therapy" OR "acupunct" OR "dry needling") AND ("multiple sclerosis" OR "encephalomyelitis")'
    )
    assert SOURCE.query(WIDE).split("\n") == [
        '("dry needling" OR "ALL") AND ("ms")',
        '(AREA[TitleSearch]"alternative medicine") AND ("ms")',
    ]


def test_query_length() -> None:
    """A long profile is asked for in several expressions, none of which makes an address too long."""
    concept = Concept("needling", mesh=(), search=tuple(f"needle number {n}" for n in range(200)))
    queries = SOURCE.query(Subject("L", "T", (concept,))).split("\n")
    assert len(queries) > 1
    assert all(len(query) <= 2_500 for query in queries)


def test_request(server: LocalServer) -> None:
    """Everything but the token is the same on every page, and only what is read is asked for."""
    serve(server, [*RECORDS.values()], None)
    with CASE.client(server) as client:
        harvest(SOURCE, client)
    tokens = [request.query.pop("pageToken", None) for request in server.requests]
    assert tokens == [None, "at_2", "at_4"]
    first, *others = (request.query for request in server.requests)
    assert all(other == first for other in others)
    assert (first["query.term"], first["countTotal"], first["pageSize"]) == (SOURCE.query(SUBJECT), "true", "1000")
    assert {"IdentificationModule", "ConditionMeshTerm"} <= set(first["fields"].split(","))


def test_refusal(server: LocalServer) -> None:
    """The service says in plain text what it does not like, and is not asked again."""
    refuse(server, CASE.failures["unknown parameter"])
    with CASE.client(server) as client, pytest.raises(Exception, match=r"400 Bad Request.*query\.recrs"):
        harvest(SOURCE, client)
    assert len(server.requests) == 1


def test_probe(server: LocalServer) -> None:
    """One study is asked for; the total of one query among several is not the subject's."""
    server.on("/studies", Reply(body=answer([FIRST], 17, "more")))
    with CASE.client(server) as client:
        assert SOURCE.probe(client, SUBJECT) == 17
        assert SOURCE.probe(client, WIDE) is None
    assert [request.query["pageSize"] for request in server.requests] == ["1", "1"]


# --- walking ----------------------------------------------------------------------------------


def test_empty_page(server: LocalServer) -> None:
    """An empty page with a token is not the end."""
    pages = [answer([], 2, "a"), answer([FIRST], None, "b"), answer([], None, "c"), answer([SECOND])]
    server.on("/studies", [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert [len(page.records) for page in outcome.pages] == [0, 1, 0, 1]
    assert outcome.proof.shortfall == ""


def test_barren(server: LocalServer) -> None:
    """Three pages in a row without anything new are the end, and what is missing by then is told."""
    server.on("/studies", [Reply(body=answer([], 5 if n == 0 else None, f"token {n}")) for n in range(9)])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert len(server.requests) == 3
    assert outcome.proof.shortfall == "ClinicalTrials.gov announced 5 records and delivered 0."


def test_old_token(server: LocalServer) -> None:
    """A token that was sent before leads in a circle."""
    pages = [answer([FIRST], 3, "a"), answer([SECOND], None, "b"), answer([THIRD], None, "a")]
    server.on("/studies", [Reply(body=page) for page in pages])
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert len(server.requests) == 3
    assert outcome.proof.shortfall == ""


def test_grown(server: LocalServer) -> None:
    """More than was announced is no shortfall: the registry was refreshed meanwhile."""
    refuse(server, Reply(body=answer([FIRST, SECOND], 1)))
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert (outcome.proof.total, outcome.proof.shortfall) == (2, "")


def test_unreadable_is_listed(server: LocalServer) -> None:
    """A study that cannot be read still exists: it counts, and is listed if it has a number."""
    serve(server, [FIRST, CASE.malformed, b'"no object"'], None)
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert outcome.proof.listed == {"NCT09990001", "NCT09990099"}
    assert (outcome.proof.total, outcome.proof.shortfall) == (3, "")
    assert outcome.rejected[1] == b'"no object"'


@pytest.mark.parametrize(("announced", "shortfall"), [(2, ""), (4, "announced 5 records and delivered 3.")])
def test_several_queries(announced: int, shortfall: str, server: LocalServer) -> None:
    """What two queries bring is told once; each is held to its own total."""

    def search(request: Request) -> Reply:
        if "AREA[TitleSearch]" in request.query["query.term"]:
            return Reply(body=answer([SECOND, THIRD], announced))
        return Reply(body=answer([FIRST, SECOND], 2))

    server.on("/studies", search)
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client, subject=WIDE)
    assert [record.source_id for record in outcome.records] == ["NCT09990001", "NCT09990002", "NCT09990003"]
    assert {page.total for page in outcome.pages} == {None}
    assert outcome.proof.total == 3 + announced - 2
    assert outcome.proof.shortfall.removeprefix("ClinicalTrials.gov ") == shortfall


def test_reconcile_limit(server: LocalServer) -> None:
    """Above the limit only what was updated since two weeks before the last complete harvest is listed."""

    def search(request: Request) -> Reply:
        narrowed = request.query.get("filter.advanced") == "AREA[LastUpdatePostDate]RANGE[2026-10-18,MAX]"
        assert narrowed == ("filter.advanced" in request.query)
        return Reply(body=answer([*RECORDS.values()][: 1 if narrowed else 4], 1 if narrowed else 4))

    server.on("/studies", search)
    known = Known({}, complete_until=NOW - timedelta(days=1))
    with CASE.client(server) as client:
        assert harvest(ClinicalTrials(reconcile_limit=4), client, known).proof.whole
        assert harvest(ClinicalTrials(reconcile_limit=3), client).proof.whole, "the first time everything is listed"
        proof = harvest(ClinicalTrials(reconcile_limit=3), client, known).proof
    assert (len(proof.listed), proof.total, proof.whole) == (1, 1, False)


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("Erika Muster, MD", Author("Muster", "Erika")),
        ("Assoc. Prof. Dr. Erika Muster", Author("Muster", "Erika")),
        ("Jan van der Probe, PT, PhD, DAOM", Author("van der Probe", "Jan")),
        ("Erika Muster, Dr. med.", Author("Muster", "Erika")),
        ("Drake Beispiel", Author("Beispiel", "Drake")),
        ("Erika MUSTER", Author("MUSTER", "Erika")),
        ("Muster, Erika", Author(collective="Muster, Erika")),
        ("Muster Beispiel, E.A.", Author(collective="Muster Beispiel, E.A.")),
        ("Muster Erika MD", Author(collective="Muster Erika MD")),
        ("Muster", Author(collective="Muster")),
        ("Dr.", Author(collective="Dr.")),
    ],
)
def test_person(stated: str, author: Author) -> None:
    """A name is taken apart only where it is certain which part is which."""
    official = {"name": stated, "role": "PRINCIPAL_INVESTIGATOR"}
    assert study(contactsLocationsModule={"overallOfficials": [official]}).authors == (author,)


def test_desk() -> None:
    """A company's desk is no author; its name stands for the study then."""
    record = study(
        contactsLocationsModule={"overallOfficials": [{"name": "Clinical Trials", "role": "STUDY_DIRECTOR"}]},
        sponsorCollaboratorsModule={"leadSponsor": {"name": "Invented Needles Inc."}, "responsibleParty": {}},
    )
    assert record.authors == (Author(collective="Invented Needles Inc."),)


def test_paragraphs() -> None:
    """Paragraphs stay apart, but a list belongs to the words that introduce it, and so does what a colon announces."""
    summary = (
        "One \\> two.\n \nExclusion criteria:\n\n* multiple sclerosis\n\n* pregnancy\n\n"
        "In the end\n\n1\\. first\n2. second\n\nNot eligible: \n\nwith multiple sclerosis"
    )
    record = study(descriptionModule={"briefSummary": summary})
    assert [part.text for part in record.abstract] == [
        "One > two.",
        "Exclusion criteria: \u2022 multiple sclerosis \u2022 pregnancy",
        "In the end 1. first 2. second",
        "Not eligible: with multiple sclerosis",
    ]
    assert [part.label for part in record.abstract] == ["Brief summary", "", "", ""]


@pytest.mark.parametrize(("brief", "official"), [("Made-up: A", "Made-up a."), ("", "Made-up a."), ("Made-up A", "")])
def test_one_title(brief: str, official: str) -> None:
    """A long title that says the same is not told again, and stands in where there is no brief one."""
    record = study(identificationModule={"briefTitle": brief, "officialTitle": official})
    assert record.title == (brief or official)
    assert record.abstract == ()


@pytest.mark.parametrize(
    ("stated", "numbers"),
    [
        ({"id": "ISRCTN 99900001", "type": "OTHER"}, ("ISRCTN99900001",)),
        ({"id": "2026-990001-12-00", "type": "CTIS"}, ("EUCT 2026-990001-12-00",)),
        ({"id": "2026-990001-12", "type": "OTHER"}, ()),
        ({"id": "NCT09990001", "type": "REGISTRY"}, ()),
        ({"type": "REGISTRY"}, ()),
    ],
)
def test_other_numbers(stated: dict[str, str], numbers: tuple[str, ...]) -> None:
    """Numbers in other registries count; the NCT number of another study is not this study's."""
    assert study(identificationModule={"secondaryIdInfos": [stated]}).registrations == ("NCT09990005", *numbers)


def test_results_in_elsewhere() -> None:
    """Results without a PMID are pointed at by the DOI of their citation."""
    reference = {"type": "RESULT", "citation": "Made up. DOI: 10.5555/CT.1."}
    (relation,) = study(referencesModule={"references": [reference]}).relations
    assert (relation.pmid, relation.doi) == ("", "10.5555/ct.1")


@pytest.mark.parametrize(
    ("day", "read"), [("2026-09-19", PartialDate(2026, 9, 19)), ("2026-09", PartialDate(2026, 9)), ("soon", None)]
)
def test_posted(day: str, read: PartialDate | None) -> None:
    """A study is published when it becomes public, as precisely as that is stated."""
    record = study(statusModule={"studyFirstSubmitDate": "2026-01-01", "studyFirstPostDateStruct": {"date": day}})
    assert (record.published, record.indexed) == (read, read)


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ({"date": "2025-09-30", "type": "ACTUAL"}, PartialDate(2025, 9, 30)),
        ({"date": "2025-09", "type": "ACTUAL"}, PartialDate(2025, 9)),
        ({"date": "2027-09", "type": "ESTIMATED"}, None),
        ({"date": "2025-09"}, None),
    ],
)
def test_completed(stated: dict[str, str], read: PartialDate | None) -> None:
    """A study is completed when its primary outcome was last measured, not when that is hoped for."""
    assert study(statusModule={"primaryCompletionDateStruct": stated}).completed == read


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "id", "type", "date"]), inner),
)
MODULES = {
    "identificationModule": ["officialTitle", "secondaryIdInfos", "nctIdAliases"],
    "statusModule": [
        *("overallStatus", "whyStopped"),
        *("studyFirstPostDateStruct", "primaryCompletionDateStruct", "resultsFirstPostDateStruct"),
    ],
    "descriptionModule": ["briefSummary", "detailedDescription"],
    "conditionsModule": ["conditions", "keywords"],
    "designModule": ["enrollmentInfo"],
    "armsInterventionsModule": ["armGroups", "interventions"],
    "outcomesModule": ["primaryOutcomes"],
    "contactsLocationsModule": ["overallOfficials"],
    "referencesModule": ["references"],
}


@given(
    st.fixed_dictionaries(
        {}, optional={name: st.dictionaries(st.sampled_from(keys), JSON) for name, keys in MODULES.items()}
    )
)
def test_anything(modules: dict[str, Any]) -> None:
    """Whatever stands in a study, it is read or rejected, and what is read is storable text."""
    try:
        record = study(**modules)
    except RecordRejected:
        return
    for words in (record.title, record.status, *record.keywords, *(part.text for part in record.abstract)):
        assert words == text.clean(words)


# --- what comes of it -------------------------------------------------------------------------


def test_screening() -> None:
    """With the shipped profile a trial in the disease is core; one that only keeps the disease out is out."""
    subject = subject_from(tomllib.loads(PROFILE.read_text(encoding="utf-8")), PROFILE.name)
    tiers = [screen(record, subject).tier for record in (ACUPUNCTURE, ACUPRESSURE, MIGRAINE, BARE)]
    assert tiers == [Tier.CORE, Tier.CORE, Tier.OUT, Tier.OUT]


def test_screening_keywords() -> None:
    """A trial whose conditions leave out the disease is core if its title and keywords name it."""
    subject = subject_from(tomllib.loads(PROFILE.read_text(encoding="utf-8")), PROFILE.name)
    record = study(
        identificationModule={"briefTitle": "Made-up stimulation of acupuncture points in multiple sclerosis"},
        conditionsModule={"conditions": ["Neurogenic Bladder Dysfunction"], "keywords": ["multiple sclerosis"]},
    )
    assert screen(record, subject).tier is Tier.CORE


@pytest.mark.parametrize(("record", "enrolled"), [(ACUPUNCTURE, 90), (ACUPRESSURE, None), (MIGRAINE, None)])
def test_registration(record: Record, enrolled: int | None) -> None:
    """Whatever title and summary say of randomisation, it is a registration; it counts whom the registry counts."""
    facts = appraise([record])
    assert facts.design is not None
    assert facts.design.value is Design.REGISTRATION
    assert (facts.participants.value if facts.participants else None) == enrolled


def article(number: str, **facts: Any) -> Record:
    """Make an article in PubMed."""
    return Record("pubmed", number, f"Made-up article {number} with a title of its own", pmid=number, **facts)


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        (article("99900009", registrations=("NCT09990011",)), "same trial number NCT09990011"),
        (article("99900001"), "clinicaltrials:NCT09990001 states: RESULT"),
        (article("99900003"), "clinicaltrials:NCT09990001 states: DERIVED"),
    ],
    ids=["number in the article", "results in the registration", "found by NLM"],
)
def test_pairs(published: Record, reason: str) -> None:
    """A publication and its registration are linked, whichever of them tells of the other, and stay two works."""
    grouping = group([ACUPUNCTURE, ACUPRESSURE, published])
    assert len(grouping.works) == 3
    (link,) = grouping.links
    assert (link.a, link.b, link.reason) == (published.key, ACUPUNCTURE.key, reason)
    assert link.relationship is Relationship.REGISTRATION


def test_background_is_no_pair() -> None:
    """What a study builds upon is not a publication of it."""
    assert group([ACUPUNCTURE, article("99900002")]).links == ()


def test_same_registration() -> None:
    """The same trial told by another source is one work."""
    other = Record(
        "feed:made-up", "1", ACUPUNCTURE.title, registrations=("NCT09990001",), publication_types=("Registration",)
    )
    assert len(group([ACUPUNCTURE, other]).works) == 1
