"""Against what a study held its treatment."""

import pytest

from pipeline.model import Section
from tests.appraise.records import facts, values


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("We compared needling with sham.", ["sham"]),
        ("Pain fell more than in the sham group.", ["sham"]),
        ("Twenty patients were needled versus minimal acupuncture.", ["sham"]),
        ("We ran a double-blind, placebo\u2010controlled trial.", ["placebo"]),
        ("Patients received aspirin or matching placebo.", ["placebo"]),
        ("Patients were randomised to acupuncture or a waitlist.", ["waiting list"]),
        ("People were randomised to needling, sham or no treatment; usual care went on.", ["sham", "no treatment"]),
        ("We randomised people to (i) acupuncture, (ii) sham, or (iii) usual care.", ["sham", "usual care"]),
        ("We compared real acupuncture, sham acupuncture and standard care.", ["sham", "usual care"]),
        ("There was no difference between acupuncture and placebo in 20 patients.", ["placebo"]),
        ("Of 40 women half pressed the point and half touched a placebo point.", ["placebo"]),
        ("We gave acupuncture. The control group received baclofen only.", ["drug treatment"]),
        ("Patients were divided into an acupuncture group and a medication group.", ["drug treatment"]),
        ("We compared acupuncture with physiotherapy.", ["exercise or physiotherapy"]),
    ],
)  # fmt: skip
def test_named(abstract: str, expected: list[str]) -> None:
    """Behind a word that compares, in a list of groups, as a group, or as what the controls had."""
    found = facts(abstract=abstract).comparators
    assert values(found) == expected
    assert all(fact.evidence in abstract for fact in found)


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("Patients were randomised to acupuncture plus usual care or sham plus usual care.", ["sham"]),
        ("Patients were randomised to acupuncture plus usual care or usual care alone.", ["usual care"]),
        ("We gave 20 patients acupuncture plus usual care or usual care plus sham acupuncture.", ["sham"]),
        ("We gave acupuncture. The control group received sham in addition to usual care.", ["sham"]),
        ("All patients received usual care. We gave acupuncture.", []),
        ("Acupuncture was added to standard care in 20 patients.", []),
        ("We gave acupuncture to 20 patients on medication.", []),
    ],
)
def test_what_goes_on(abstract: str, expected: list[str]) -> None:
    """What everybody had is no control, unless one group had nothing else."""
    assert values(facts(abstract=abstract).comparators) == expected


@pytest.mark.parametrize(
    "abstract",
    [
        "Acupuncture was compared with sham in earlier work.",
        "The groups were compared without sham control.",
        "We treated 20 patients and had no placebo group.",
        "Sham-operated groups were compared.",
        "We gave yoga. Placebo-controlled trials are needed.",
        "We compared baclofen with tizanidine.",
        (Section("Acupuncture was better than sham.", "BACKGROUND"),),
    ],
)
def test_no_control(abstract: str | tuple[Section, ...]) -> None:
    """Other people's comparisons, denials, wishes and surgery name no control, nor do two drugs."""
    assert facts(abstract=abstract).comparators == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Real versus sham needling", ["sham"]),
        ("Acupuncture versus flunarizine for migraine", ["drug treatment"]),
        ("Acupuncture versus moxibustion", ["other"]),
        ("The placebo effect in multiple sclerosis", []),
    ],
)
def test_titles(title: str, expected: list[str]) -> None:
    """A title names its control; another technique is told in its words."""
    assert values(facts(title).comparators) == expected


def test_other_technique() -> None:
    """The words of another technique are kept, and both are interventions of a comparison."""
    found = facts("Electroacupuncture compared with manual acupuncture")
    assert [(fact.value, fact.evidence) for fact in found.comparators] == [("other", "manual acupuncture")]
    assert values(found.interventions) == ["electroacupuncture", "manual_acupuncture"]


def test_sham_in_animals() -> None:
    """In animal studies sham is surgery."""
    assert facts("Electroacupuncture versus sham in rats").comparators == ()


def test_registration() -> None:
    """A registry lists what the arms have by name; what one has on top of another is no control of its own."""
    arms = ("Acupuncture Sham", "Usual care + acupuncture", "Usual care", "No treatment")
    found = facts("Acupuncture", keywords=arms, publication_types=("Clinical Trial Registration",)).comparators
    assert values(found) == ["sham", "usual care", "no treatment"]
    assert all(fact.field == "keywords" and fact.evidence in " ".join(arms) for fact in found)
    assert facts("Acupuncture", keywords=("Sham acupuncture",)).comparators == ()
    official = (Section("Acupuncture Versus Sham in People With MS", "Official title"),)
    assert values(facts("Acupuncture in MS", official).comparators) == ["sham"]
