"""Which registration numbers are a work's own, and in which words it states them."""

import pytest

from pipeline.model import Fact, Section
from tests.appraise.records import facts


def test_places() -> None:
    """Numbers from the source's list, from the address and from the abstract, each once, with the spelling found."""
    found = facts(
        abstract="Registered: NCT 01234567, ISRCTN12345678.",
        registrations=("ISRCTN12345678",),
        url="https://clinicaltrials.gov/study/NCT07654321",
    ).registrations
    assert found == (
        Fact("ISRCTN12345678", "ISRCTN12345678", "registrations", "pubmed:1"),
        Fact("NCT07654321", "https://clinicaltrials.gov/study/NCT07654321", "url", "pubmed:1"),
        Fact("NCT01234567", "NCT 01234567", "abstract", "pubmed:1"),
    )


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("nct: 01234567", "NCT01234567"),
        ("ISRCTN-12345678", "ISRCTN12345678"),
        ("ChiCTR2000012345", "ChiCTR2000012345"),
        ("NTR 1234", "NTR1234"),
        ("RBR-6dd2yh", "RBR-6dd2yh"),
        ("PER-123-12", "PER-123-12"),
        ("SLCTR/2010/001", "SLCTR/2010/001"),
    ],
)
def test_spellings(words: str, number: str) -> None:
    """Registries' own spellings, and what authors put between letters and digits; also in titles and headings."""
    assert facts(f"A trial [{words}]").registrations == (Fact(number, words, "title", "pubmed:1"),)
    assert facts(abstract=f"It was registered ({words}).").registrations[0].evidence == words
    assert facts(abstract=(Section("It was registered.", f"Registry {words}"),)).registrations[0].value == number


@pytest.mark.parametrize(
    "abstract",
    [
        "A previous trial of needling (NCT01234567) found little.",
        "The included studies were NCT01234567 and NCT01234568.",
        (Section("Needling helped in one study (NCT01234567).", "BACKGROUND"),),
        "It was registered as NCT0123456789.",
    ],
)
def test_not_own(abstract: str | tuple[Section, ...]) -> None:
    """The trials of others, named as such or in the background, and digits too many, register nothing."""
    assert facts(abstract=abstract).registrations == ()


def test_main_trial() -> None:
    """A part of a trial has the number of the whole; a new trial stands beside the one before it."""
    assert facts(abstract="Data come from the main trial (NCT01234567).").registrations[0].value == "NCT01234567"
    abstract = "An earlier trial (NCT01234567) was small. Ours is NCT07654321."
    assert [fact.value for fact in facts(abstract=abstract).registrations] == ["NCT07654321"]
