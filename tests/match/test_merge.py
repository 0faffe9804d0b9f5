"""The merged view of a work."""

import pytest

from pipeline.match import merge
from pipeline.model import PartialDate, Record, Relation, RelationKind, Section
from tests.match.records import record


def test_precedence() -> None:
    """PubMed's value stands before Europe PMC's, a feed's comes last, and what one does not state another may."""
    merged = merge(
        12,
        [
            record("feed:x", title="Feed", url="https://example.org/x", journal="Acu", doi="10.5555/a"),
            record("europepmc:1", title="Europe PMC", abstract="From Europe PMC.", open_access=False),
            record("pubmed:1", title="PubMed", pmid="1", journal="Acupuncture", status="In-Process"),
        ],
    )
    assert (merged.key, merged.title, merged.journal, merged.status) == (
        "litwatch:12",
        "PubMed",
        "Acupuncture",
        "In-Process",
    )
    assert (merged.doi, merged.pmid, merged.url) == ("10.5555/a", "1", "https://example.org/x")
    assert merged.abstract == (Section("From Europe PMC."),)
    assert merged.open_access is False


def test_medline_first() -> None:
    """What NLM has indexed stands before what it has not."""
    older = record("pubmed:1", title="Publisher's", status="Publisher")
    assert merge(1, [older, record("pubmed:2", title="MEDLINE's", status="MEDLINE")]).title == "MEDLINE's"


def test_lists() -> None:
    """What sources list is united, spellings that differ in case only counted once."""
    one = record(
        "pubmed:1",
        publication_types=("Journal Article",),
        mesh=("Humans",),
        keywords=("MS",),
        relations=(Relation(RelationKind.ERRATUM_IN, "ErratumIn", pmid="2", citation="Acu. 2024"),),
    )
    other = record(
        "europepmc:1",
        publication_types=("journal article", "Case Reports"),
        registrations=("NCT01234567",),
        relations=(Relation(RelationKind.ERRATUM_IN, "Erratum in", pmid="2"),),
    )
    merged = merge(1, [other, one])
    assert merged.publication_types == ("Journal Article", "Case Reports")
    assert (merged.mesh, merged.keywords, merged.registrations) == (("Humans",), ("MS",), ("NCT01234567",))
    assert merged.relations == one.relations


def test_date() -> None:
    """A date and the words for it come from the same record."""
    stated = Record("feed", "x", "T", published=PartialDate(2024, 5), published_stated="May 2024")
    merged = merge(1, [Record("pubmed", "1", "T", published_stated="Spring"), stated])
    assert (merged.published, merged.published_stated) == (PartialDate(2024, 5), "May 2024")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("[Acupuncture in MS].", "Acupuncture in MS"),
        ("[Acupuncture in MS.]", "Acupuncture in MS."),
        ("Acupuncture in MS [letter].", "Acupuncture in MS [letter]."),
        ("[Not Available].", "Feed"),
        ("", "Feed"),
    ],
)
def test_title(title: str, shown: str) -> None:
    """Readers never see NLM's brackets, and an absent title gives way to another record's."""
    assert merge(1, [record("feed:x", title="Feed"), record("pubmed:1", title=title)]).title == shown


def test_no_title() -> None:
    """Where no record has a title, the view has none either."""
    assert merge(1, [record("feed:x", title="[Not Available].")]).title == ""
