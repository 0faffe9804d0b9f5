"""Funding and interests, in the sentence in which the record states them."""

import pytest

from pipeline.model import Section
from tests.appraise.records import facts


def funding(*sections: Section) -> str | None:
    """The sentence about funding, verbatim."""
    found = facts(abstract=sections).funding
    assert found is None or any(found.evidence in part.text for part in sections)
    return found.value if found else None


def interests(*sections: Section) -> str | None:
    """The sentence about interests, verbatim."""
    found = facts(abstract=sections).interests
    assert found is None or any(found.evidence in part.text for part in sections)
    return found.value if found else None


@pytest.mark.parametrize(
    "sentence",
    [
        "Funded by a made-up fund.",
        "(Funded by a made-up fund and others.)",
        "Supported by the Made-up Ministry.",
        "This study was funded by a made-up fund.",
        "The present trial was partly supported by grants from a made-up fund.",
        "This research has been financed by the Made-up Ministry.",
        "Funding was provided by a made-up fund.",
        "A made-up fund funded this small trial.",
        "The authors received no financial support.",
        "The author(s) disclosed receipt of the following financial support: a made-up fund.",
        "No funding was received.",
    ],
)
def test_funding(sentence: str) -> None:
    """A sentence about this very work."""
    assert funding(Section(f"We needled adults. Gait improved. {sentence}")) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The hypothesis was supported by the data.",
        "Adults were supported by nurses.",
        "Most trials had no stated source of funds.",
        "Patients received support.",
        "Publicly funded clinics took part.",
    ],
)
def test_no_funding(sentence: str) -> None:
    """Other support, and other people's money."""
    assert funding(Section(f"We needled adults. {sentence} Gait improved.")) is None


@pytest.mark.parametrize(
    "sections",
    [
        (Section("Gait improved.", "RESULTS"), Section("A Made-up Fund. And others.", "FUNDING")),
        (Section("RESULTS: Gait improved. FUNDING: A Made-up Fund. REGISTRATION: NCT01234567."),),
        (Section("Gait improved. Funding: A Made-up Fund. And others."),),
        (Section("Gait improved.", "RESULTS"), Section("A Made-up Fund.", "Study funding/competing interests")),
    ],
)
def test_funding_heading(sections: tuple[Section, ...]) -> None:
    """The first sentence under a heading for it, also where that stands in the text."""
    assert funding(*sections) == "A Made-up Fund."


@pytest.mark.parametrize(
    "sentence",
    [
        "The authors declare no conflict of interest.",
        "Conflict of interest: none declared.",
        "Competing interests: one author sells needles.",
        "The authors have nothing to declare.",
        "AB and CD are employees of Made-up Needles.",
    ],
)
def test_interests(sentence: str) -> None:
    """A sentence in which the authors declare."""
    found = interests(Section(f"We needled adults. Gait improved. {sentence}"))
    assert found
    assert found in sentence


@pytest.mark.parametrize(
    "sentence", ["Patients of interest were asked.", "Disclosure of the diagnosis was studied.", "Interest was high."]
)
def test_no_interests(sentence: str) -> None:
    """Other interests."""
    assert interests(Section(f"We needled adults. {sentence} Gait improved.")) is None


def test_interests_heading() -> None:
    """The first sentence under a heading for it."""
    assert interests(Section("Gait improved.", "RESULTS"), Section("AB sells needles.", "DISCLOSURES")) == (
        "AB sells needles."
    )


@pytest.mark.parametrize("text", ["funded " * 3000, "this the our " * 999, "grant " * 3000, "Funding: " * 999])
def test_hostile(text: str) -> None:
    """No text makes it raise."""
    facts(text, (Section(text, "FUNDING"), Section(text)))
