"""Which notices are one, however each source names them."""

import pytest

from pipeline.match.notices import Names, linked, may_be_one, stated, unheard
from pipeline.model import Relation, RelationKind
from tests.match.records import record

PUBMED, DOI = "https://pubmed.ncbi.nlm.nih.gov/{}/", "https://doi.org/10.5555/{}"
CITATION = "J Made Up. 2025;1:{}"


def pointer(pmid: str = "", doi: str = "", citation: str = "") -> Names:
    """A notice as a record points at it."""
    doi, citation = doi and f"10.5555/{doi}", citation and CITATION.format(citation)
    return stated(Relation(RelationKind.ERRATUM_IN, "erratum in", pmid=pmid, doi=doi, citation=citation))


@pytest.mark.parametrize(
    ("notices", "told"),
    [
        ([], []),
        ([pointer()], [""]),
        ([pointer(pmid="8"), pointer(pmid="9")], [PUBMED.format(8), PUBMED.format(9)]),
        ([pointer(doi="a"), pointer(doi="b")], [DOI.format("a"), DOI.format("b")]),
        # One by two names, because one source states both; or because nothing says that they are two.
        ([pointer(doi="a"), pointer(pmid="9", doi="a")], [PUBMED.format(9)]),
        ([pointer(doi="a"), pointer(pmid="9")], [PUBMED.format(9)]),
        ([pointer(doi="a"), pointer(citation="2")], [DOI.format("a")]),
        # As many as the source that names most of them says.
        ([pointer(pmid="8"), pointer(pmid="9"), pointer(doi="a")], [PUBMED.format(8), PUBMED.format(9)]),
        ([pointer(pmid="8", citation="1"), pointer(citation="2")], [PUBMED.format(8), CITATION.format(2)]),
        # A third source says which of two names belongs to which.
        (
            [pointer(pmid="8"), pointer(pmid="9"), pointer(doi="a"), pointer(pmid="9", doi="a"), pointer(doi="b")],
            [PUBMED.format(8), PUBMED.format(9)],
        ),
    ],
)
def test_each_once(notices: list[Names], told: list[str]) -> None:
    """Each notice is told once, by PMID before DOI before citation, whatever names it has in which sources."""
    assert sorted(unheard(notices, [])) == sorted(told)


@pytest.mark.parametrize("heard", [PUBMED.format(9), DOI.format("a"), CITATION.format(2), "Correction: a title", ""])
@pytest.mark.parametrize("source", [pointer(pmid="9"), pointer(doi="a"), pointer(citation="2"), pointer()])
def test_heard_of(heard: str, source: Names) -> None:
    """What was told under one name is not told again when a second source has another name for it."""
    assert unheard([source], [heard]) == []
    assert unheard([source, source], [heard]) == []


def test_second_notice() -> None:
    """A second notice is told by the first source that shows it to be another one."""
    heard = [PUBMED.format(8)]
    assert unheard([pointer(pmid="8"), pointer(doi="a")], heard) == []
    assert unheard([pointer(pmid="8"), pointer(doi="a"), pointer(doi="b")], heard) == [DOI.format("b")]
    assert unheard([pointer(pmid="8"), pointer(pmid="9"), pointer(doi="a")], heard) == [PUBMED.format(9)]
    assert unheard([pointer(pmid="8"), pointer(pmid="9"), pointer(doi="a")], [*heard, PUBMED.format(9)]) == []


def test_linked() -> None:
    """A notice that is a record of its own is known by its identifiers, or else by its title."""
    assert unheard([linked(record("pubmed:9", pmid="9", doi="10.5555/a"))], [DOI.format("a")]) == []
    row = record("retractionwatch:1", title="Correction: a title")
    assert unheard([linked(row)], []) == ["Correction: a title"]
    assert unheard([linked(row), pointer(doi="a")], []) == [DOI.format("a")]


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (PUBMED.format(8), PUBMED.format(8), True),
        (PUBMED.format(8), PUBMED.format(9), False),
        (DOI.format("a"), PUBMED.format(9), True),
        (DOI.format("a"), DOI.format("b"), False),
        ("words", "other words", False),
        ("words", DOI.format("b"), True),
        ("", DOI.format("b"), True),
    ],
)
def test_may_be_one(one: str, other: str, *, may: bool) -> None:
    """Two recorded notices are two if they have other names of one kind."""
    assert may_be_one(one, other) is may_be_one(other, one) is may
