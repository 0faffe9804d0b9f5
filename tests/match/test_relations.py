"""What belongs together without being the same."""

from typing import Any

import pytest

from pipeline.match import group
from pipeline.model import Record, Relationship
from tests.match.records import TITLE, record

PLACE: dict[str, Any] = {"journal": "Made-up Journal of Needling", "volume": "12", "pages": "288-297"}
OTHER = "Moxibustion and bladder function after spinal injury: an invented cohort"
WORDS = "We made up forty people with multiple sclerosis and gave half of them needles that do not exist. " * 4
PREPRINT: dict[str, Any] = {"publication_types": ("Preprint",)}
REGISTRATION: dict[str, Any] = {"publication_types": ("Clinical Trial Registration",)}


def links(*records: Record) -> list[tuple[str, str, Relationship]]:
    """Who is linked to whom, and how; nothing of it is merged."""
    found = group(records)
    assert len(found.works) == len(records)
    return [(link.a, link.b, link.relationship) for link in found.links]


def test_preprint_under_another_title() -> None:
    """The same people with the same abstract are a preprint and its article, though the title changed in review."""
    people = "Rossi; Bianchi; Verdi"
    article = record("pubmed:1", OTHER, people, abstract=WORDS, doi="10.5555/art", **PLACE)
    preprint = record("europepmc:PPR1", TITLE, people, 2023, WORDS, doi="10.5555/pre", **PREPRINT)
    assert links(article, preprint) == [("pubmed:1", "europepmc:PPR1", Relationship.PREPRINT)]
    others = record("europepmc:PPR1", TITLE, people, 2023, doi="10.5555/pre", **PREPRINT)
    assert links(article, others) == []


def test_registration_in_the_abstract() -> None:
    """A trial number that stands only in the abstract links a publication to its registration."""
    article = record("pubmed:1", OTHER, abstract=f"{WORDS} Registered as ISRCTN 12345678.")
    entry = record("import:1", registrations=("ISRCTN12345678",), **REGISTRATION)
    assert links(article, entry) == [("pubmed:1", "import:1", Relationship.REGISTRATION)]


def test_registry_doi() -> None:
    """A registry's entry that comes as a DOI is a registration, not an article."""
    article = record("pubmed:1", OTHER, registrations=("ISRCTN12345678",), doi="10.5555/a")
    entry = record("crossref:1", doi="10.1186/isrctn12345678")
    assert links(article, entry) == [("pubmed:1", "crossref:1", Relationship.REGISTRATION)]


def test_same_trial() -> None:
    """Publications that state one trial's number report on one trial: the newer is linked to the older."""
    protocol = record("pubmed:1", year=2023, registrations=("NCT01234567",))
    results = record("pubmed:2", OTHER, year=2025, registrations=("NCT01234567",))
    assert links(results, protocol) == [("pubmed:2", "pubmed:1", Relationship.SAME_TRIAL)]


def test_review_of_trials() -> None:
    """A publication that states many numbers is about trials, and reports on none of them."""
    numbers = tuple(f"NCT0123456{digit}" for digit in range(5))
    results = record("pubmed:2", OTHER, registrations=numbers[:1])
    assert links(record("pubmed:1", registrations=numbers), results) == []


def test_cochrane_editions() -> None:
    """Editions of a Cochrane review are linked as updates by their DOIs, the newer first, though all else agrees."""
    place = {"journal": "Cochrane Database Syst Rev", "pages": "CD000001"}
    first, second, third = (
        record(f"crossref:{year}", year=year, doi=f"10.1002/14651858.cd000001{ending}", **place)
        for year, ending in ((2004, ""), (2005, ".pub2"), (2019, ".pub13"))
    )
    assert links(first, second, third) == [
        ("crossref:2005", "crossref:2004", Relationship.UPDATE),
        ("crossref:2019", "crossref:2004", Relationship.UPDATE),
        ("crossref:2019", "crossref:2005", Relationship.UPDATE),
    ]


def test_cochrane_without_doi() -> None:
    """Editions are told apart by year and issue where no DOI is stated; a record of one edition is that edition."""
    place = {"journal": "Cochrane Database Syst Rev", "pages": "CD000001"}
    old, new = record("a:1", year=2011, issue="1", **place), record("b:1", year=2016, issue="2", **place)
    assert links(old, new) == [("b:1", "a:1", Relationship.UPDATE)]
    assert len(group([old, record("c:1", year=2011, issue="1", **place)]).works) == 1


@pytest.mark.parametrize("types", [(), ("Congress",)])
def test_congress_abstract(types: tuple[str, ...]) -> None:
    """What was shown at a congress is linked to the article that came of it, by its place in a supplement."""
    article = record("pubmed:1", abstract=WORDS, **PLACE)
    shown: dict[str, Any] = {"journal": "Another Invented Quarterly", "volume": "7 Suppl 1", "pages": "S27"}
    talk = record("europepmc:1", abstract=WORDS, publication_types=types, **shown)
    assert links(article, talk) == [("pubmed:1", "europepmc:1", Relationship.CONFERENCE_ABSTRACT)]


@pytest.mark.parametrize(
    ("words", "relationship"),
    [
        ("Comment on: ", Relationship.COMMENT),
        ("Reply to \u201c", Relationship.COMMENT),
        ("Re: ", Relationship.COMMENT),
        ("Correction to: ", Relationship.ERRATUM),
        ("Author Correction: ", Relationship.ERRATUM),
    ],
)
def test_about(words: str, relationship: Relationship) -> None:
    """A comment or an erratum that has the article's whole title in its own is linked to it, in one journal."""
    article = record("pubmed:1", **PLACE)
    about = record("pubmed:2", f"{words}{TITLE}", author="Bianchi", **(PLACE | {"pages": "301"}))
    assert links(article, about) == [("pubmed:2", "pubmed:1", relationship)]
    elsewhere = record("pubmed:2", f"{words}{TITLE}", author="Bianchi", journal="Another Invented Quarterly")
    assert links(article, elsewhere) == []


def test_retraction_is_not_guessed() -> None:
    """That an article was retracted is never read off the title of a notice."""
    about = record("pubmed:2", f"Retraction: {TITLE}", **(PLACE | {"pages": "301"}))
    assert links(record("pubmed:1", **PLACE), about) == []
