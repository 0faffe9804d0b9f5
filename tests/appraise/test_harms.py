"""Harms: reported, reported as none, or not spoken of; aims and vague words are no report."""

import pytest

from pipeline.model import Harms, Section
from tests.appraise.records import facts

REPORTED, NONE = Harms.REPORTED, Harms.NONE_REPORTED


def harms(*sections: Section, title: str = "A made-up study") -> Harms | None:
    """What a work with that abstract says of harms; the evidence is a sentence of the field it names."""
    found = facts(title, sections).harms
    fields = {"title": title, "abstract": " ".join(part.text for part in sections)}
    assert found is None or found.evidence in fields[found.field]
    return found.value if found else None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Adverse events occurred in 3 of 30.", REPORTED),
        ("Four had side effects.", REPORTED),
        ("Mild side-effects were bruising and pain.", REPORTED),
        ("The rate of complications was similar.", REPORTED),
        ("There was no difference in adverse events.", REPORTED),
        ("No serious adverse events occurred.", REPORTED),
        ("Toxicity was mild.", REPORTED),
        ("One woman had a haematoma.", REPORTED),
        ("No adverse events were reported.", NONE),
        ("There were no treatment-related adverse events.", NONE),
        ("There were no side effects.", NONE),
        ("It eased pain without any side effects or complications.", NONE),
        ("We did not observe adverse effects.", NONE),
        ("Adverse effects were not seen.", NONE),
        ("None of the patients reported side effects.", NONE),
        ("Needling was well tolerated.", None),
        ("Needling was safe.", None),
        ("Diabetic complications were common.", None),
        ("Scores fell.", None),
    ],
)
def test_results(sentence: str, expected: Harms | None) -> None:
    """What results say, under their heading or without headings."""
    assert harms(Section(sentence, "RESULTS")) is expected
    assert harms(Section(f"We needled adults. {sentence} Gait improved.")) is expected


@pytest.mark.parametrize("label", ["BACKGROUND", "OBJECTIVE", "METHODS", "FUNDING"])
def test_elsewhere(label: str) -> None:
    """What is said of other treatments, or looked for, is no report."""
    assert harms(Section("Adverse events occurred in 3 of 30.", label)) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The aim was to assess efficacy and adverse events.",
        "Adverse events were recorded weekly.",
        "Secondary outcomes were pain and side effects as an outcome.",
        "Adverse events will be monitored.",
        "Drugs often have side effects.",
    ],
)
def test_sought(sentence: str) -> None:
    """Nor is an aim, a method or what is known, where there are no headings."""
    assert harms(Section(f"We needled adults. {sentence} Gait improved.")) is None


def test_both() -> None:
    """One harm outweighs a sentence that there were none."""
    none = Section("No side effects were seen. One pneumothorax occurred.", "RESULTS")
    assert harms(none) is REPORTED


def test_title() -> None:
    """A case report names the harm and its cause in the title."""
    assert harms(title="Pneumothorax after acupuncture: a made-up case") is REPORTED
    assert harms(title="Complications of acupuncture") is None


def test_protocol() -> None:
    """A protocol has nothing to report."""
    assert facts("Needling: a study protocol", "Adults will be randomised. Adverse events occurred in 3.").harms is None


@pytest.mark.parametrize(
    "text", ["adverse " * 3000, "no " * 3000, "to adverse events " * 999, "complications of " * 999]
)
def test_hostile(text: str) -> None:
    """No text makes it raise."""
    facts(text, (Section(text, "RESULTS"), Section(text)))


@pytest.mark.parametrize(
    "sentence",
    [
        "Adverse events were not recorded.",
        "Adverse events were not reported.",
        "Side effects were not systematically assessed.",
        "No data on adverse events were available.",
        "We hypothesized that needles would prevent toxicity in 10 patients.",
    ],
)
def test_unknown(sentence: str) -> None:
    """Where nobody looked, or nobody tells, harms are neither reported nor absent."""
    assert facts(abstract=f"Ten patients were needled. {sentence}").harms is None
