"""What became of a work, and what holds for all facts."""

from typing import Any

import pytest

from pipeline.appraise import appraise
from pipeline.model import Fact, Facts, Record, Relation, RelationKind, Relationship
from tests.appraise.records import facts, record


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


@pytest.mark.parametrize(
    ("fields", "value", "evidence", "field"),
    [
        ({"publication_status": "ppublish"}, "print", "ppublish", "publication_status"),
        ({"publication_status": "aheadofprint"}, "ahead_of_print", "aheadofprint", "publication_status"),
        (
            {"publication_types": ("Preprint",), "publication_status": "ppublish"},
            "preprint",
            "Preprint",
            "publication_types",
        ),
    ],
)
def test_publication(fields: dict[str, Any], value: str, evidence: str, field: str) -> None:
    """How it is published, in PubMed's words; a preprint is one whatever else is stated."""
    assert facts(**fields).publication == Fact(value, evidence, field, "pubmed:1")
    assert facts(publication_status="received").publication is None


def test_nothing_stated() -> None:
    """A bare title gives no facts at all."""
    assert facts() == Facts()
