"""Topics, registrations, what became of a work, and what holds for all facts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.appraise import appraise
from pipeline.model import Fact, Facts, Record, Relation, RelationKind, Relationship, Section
from tests.appraise.records import facts, record


def values(found: tuple[Fact[str], ...]) -> list[str]:
    """The values alone."""
    return [fact.value for fact in found]


@pytest.mark.parametrize(
    ("title", "interventions", "outcomes"),
    [
        (
            "Electro-acupuncture for bladder dysfunction and spasticity",
            ["electroacupuncture"],
            ["spasticity", "bladder"],
        ),
        ("Auricular acupressure for fatigue", ["auricular"], ["fatigue"]),
        ("Acupressure and auricular acupressure: sleep", ["auricular", "acupressure"], ["sleep"]),
        ("Bee venom: safety and quality of life", ["bee_venom"], ["quality_of_life", "safety"]),
        ("Dry needling and gait", ["dry_needling"], ["mobility_balance"]),
        ("Acupuncture regulates the Th17/Treg balance", [], ["immune_markers"]),
        ("Acupuncture", [], []),
    ],
)
def test_topics(title: str, interventions: list[str], outcomes: list[str]) -> None:
    """Titles name interventions and outcomes; each stretch of words counts once; plain acupuncture is no kind."""
    found = facts(title)
    assert values(found.interventions) == interventions
    assert values(found.outcomes) == outcomes
    assert all(fact.evidence in title for fact in (*found.interventions, *found.outcomes))


def test_comparators() -> None:
    """A control is named by the title, or where the abstract compares its own groups; each once."""
    abstract = "Patients received needling or were on a waiting list. Groups were compared: sham versus usual care."
    assert values(facts("Real versus sham needling").comparators) == ["sham"]
    assert values(facts("Needling versus sham", f"{abstract} Sham group vs usual care.").comparators) == [
        "sham",
        "usual care",
    ]


def test_allocated_groups() -> None:
    """What people were allocated to names the controls, also where one group had nothing."""
    abstract = "People were randomised to acupuncture, sham acupuncture or no treatment; usual care went on."
    assert values(facts(abstract=abstract).comparators) == ["sham", "no treatment"]


@pytest.mark.parametrize(
    "abstract",
    [
        "Acupuncture was compared with sham in earlier work.",
        "The groups were compared without sham control.",
        "Sham-operated groups were compared.",
        "The sham group improved.",
    ],
)
def test_no_comparator(abstract: str) -> None:
    """Other people's comparisons, denials and sham surgery name no control."""
    assert facts(abstract=abstract).comparators == ()


def test_sham_in_animals() -> None:
    """In animal studies sham is surgery."""
    assert facts("Electroacupuncture versus sham in rats").comparators == ()


def test_registrations() -> None:
    """Numbers from the source's list and from the abstract, each once, with the spelling found."""
    found = facts(abstract="Registered: NCT 01234567, ISRCTN12345678.", registrations=("ISRCTN12345678",)).registrations
    assert found == (
        Fact("ISRCTN12345678", "ISRCTN12345678", "registrations", "pubmed:1"),
        Fact("NCT01234567", "NCT 01234567", "abstract", "pubmed:1"),
    )


def test_retracted_type() -> None:
    """NLM's publication type says so."""
    assert facts(publication_types=("Journal Article", "Retracted Publication")).retracted == Fact(
        True, "Retracted Publication", "publication_types", "pubmed:1"
    )


RELATION_FACTS = [
    (RelationKind.RETRACTION_IN, Relationship.RETRACTION_NOTICE, "retracted"),
    (RelationKind.CONCERN_IN, Relationship.CONCERN, "concern"),
    (RelationKind.ERRATUM_IN, Relationship.ERRATUM, "corrected"),
]


@pytest.mark.parametrize(("kind", "relationship", "name"), RELATION_FACTS)
def test_announced(kind: RelationKind, relationship: Relationship, name: str) -> None:
    """A pointer in the record, or a linked notice, says what became of a work; the evidence names the notice."""
    targets = {
        "PMID 2": Relation(kind, "In", pmid="2", doi="10.5555/n"),
        "DOI 10.5555/n": Relation(kind, "In", doi="10.5555/n", citation="Acu. 2024"),
        "Acu. 2024": Relation(kind, "In", citation="Acu. 2024"),
        "RetractionIn": Relation(kind, "RetractionIn"),
    }
    for evidence, relation in targets.items():
        assert getattr(facts(relations=(relation,)), name) == Fact(True, evidence, "relations", "pubmed:1")
    notices = {
        "PMID 2": Record("pubmed", "2", "Notice", pmid="2"),
        "DOI 10.5555/n": Record("feed", "n", "Notice", doi="10.5555/n"),
        "Notice": Record("feed", "n", "Notice"),
    }
    for evidence, notice in notices.items():
        found = appraise([record()], [(relationship, notice)])
        assert getattr(found, name) == Fact(True, evidence, "notice", notice.key)
        assert [getattr(found, other) for _, _, other in RELATION_FACTS if other != name] == [None, None]


def test_title_retracts_nothing() -> None:
    """A title never makes a work retracted or withdrawn."""
    found = facts("RETRACTED: WITHDRAWN: Retraction of a made-up study")
    assert (found.retracted, found.concern, found.corrected, found.withdrawn) == (None, None, None, None)


def test_comment_is_no_notice() -> None:
    """Other links and pointers leave a work as it was."""
    article = record(relations=(Relation(RelationKind.RETRACTION_OF, "RetractionOf", pmid="9"),))
    found = appraise([article], [(Relationship.COMMENT, record())])
    assert (found.retracted, found.concern, found.corrected) == (None, None, None)


def test_withdrawn() -> None:
    """A preprint that its server calls withdrawn, by type or by pointer; an article is never withdrawn."""
    assert facts(publication_types=("Preprint", "Withdrawn")).withdrawn == Fact(
        True, "Withdrawn", "publication_types", "pubmed:1"
    )
    pointer = (
        Relation(RelationKind.OTHER, "Cites", pmid="3"),
        Relation(RelationKind.OTHER, "Withdrawn in", doi="10.5555/w"),
    )
    assert facts(publication_types=("Preprint",), relations=pointer).withdrawn == Fact(
        True, "DOI 10.5555/w", "relations", "pubmed:1"
    )
    assert facts(publication_types=("Preprint",)).withdrawn is None
    assert facts(publication_types=("Withdrawn",)).withdrawn is None


def test_nothing_stated() -> None:
    """A bare title gives no facts at all."""
    assert facts() == Facts()


VOCABULARY = """66 sixty-six 1,000 2019 % (n=5) patients women rats were randomized enrolled in a the of and to for
randomised controlled trial systematic review protocol study sham versus group compared NCT_01234567 CONCLUSION: In
conclusion, vitro bee venom fatigue improved not primary_outcome
adverse_events no funded_by Funding: authors interest NCT01234567 \u00a9 . ( ) , ;"""
WORDS = st.sampled_from(VOCABULARY.split()).map(lambda word: word.replace("_", " "))
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=40).map(" ".join))


@given(TEXTS, st.lists(st.builds(Section, TEXTS, st.sampled_from(["", "METHODS", "CONCLUSIONS"])), max_size=3))
def test_evidence(title: str, abstract: list[Section]) -> None:
    """Whatever the text, every fact rests on words that stand in the field it names."""
    article = record(title, tuple(abstract))
    found = appraise([article])
    fields = {"title": title, "abstract": article.abstract_text}
    single: tuple[Fact[Any] | None, ...] = (
        *(found.design, found.population, found.participants, found.conclusion),
        *(found.direction, found.harms, found.funding, found.interests),
    )
    listed = (*found.interventions, *found.comparators, *found.outcomes, *found.registrations)
    for fact in (*filter(None, single), *listed):
        assert fact.evidence
        assert fact.evidence in fields[fact.field]
        assert fact.record == article.key
