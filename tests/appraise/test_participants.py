"""How many took part: one plain sentence, or nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.appraise.numbers import NUMBER, value
from pipeline.model import Section
from tests.appraise.records import facts


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Sixty-six patients with multiple sclerosis were randomly assigned to acupuncture or sham.", 66),
        ("A total of 1,234 women aged 18-65 years were randomized.", 1234),
        ("One hundred and twenty-six ambulatory MS patients were enrolled.", 126),
        ("Of 100 screened, 66 were randomised.", 66),
        ("Of 100 screened, 66 were allocated to two groups.", 66),
        ("We randomly assigned 66 adults to two groups.", 66),
        ("The trial enrolled 66 volunteers.", 66),
        ("Patients with MS (n = 66) were randomized to acupuncture or sham.", 66),
        ("66 patients were randomized: 33 to acupuncture and 33 to sham.", 66),
        ("66 patients were recruited, and 60 patients were randomized.", 60),
        ("66 patients were enrolled in this study.", 66),
        ("66 patients were randomised to needling, sham or a group that was not needled.", 66),
        ("Forty-two people were randomised, 21 to each group, and treated.", 42),
        ("In this survey 98 people took part.", 98),
        ("254 people with MS were interviewed.", 254),
    ],
)
def test_total(sentence: str, number: int) -> None:
    """A sentence that counts the randomised, or else the enrolled; it is the evidence."""
    found = facts(abstract=f"MS is common. {sentence} Fatigue fell.").participants
    assert found is not None
    assert (found.value, found.evidence, found.field, found.record) == (number, sentence, "abstract", "pubmed:1")


@pytest.mark.parametrize(
    "sentence",
    [
        "33 patients were randomized to acupuncture and 33 to sham.",
        "33 patients were randomized to acupuncture and 33 patients were randomized to sham.",
        "Data came from 30 women randomly assigned to needling, and 31 women randomly assigned to sham.",
        "30 patients in each group were randomized.",
        "66 patients will be randomized.",
        "66 patients had to be enrolled to detect a difference.",
        "Of the 66 patients randomised to sham, 8 improved.",
        "66 % of patients were randomized.",
        "66.5 patients were randomized.",
        "12 trials with 900 patients were included.",
        "Patients aged 66 years were randomized.",
        "In 2019 women were randomized.",
        "66 patients enrolled in the ACUMS trial were analysed.",
        "66 patients from two groups were included.",
        "10 patients (group I) randomized to sham improved.",
        "Data of 66 patients in a randomized trial were analysed.",
        "Scores fell by 66 points.",
        "66 patients were randomized. In all, 70 patients were randomized.",
    ],
)
def test_doubt(sentence: str) -> None:
    """Arms, parts, plans, ages, percentages, other people's patients, contradictions: not stated."""
    assert facts(abstract=sentence).participants is None


@pytest.mark.parametrize(
    "kind", ["Systematic Review", "Review", "Clinical Trial Protocol", "Case Reports", "Editorial"]
)
def test_without_own_people(kind: str) -> None:
    """Reviews, protocols and the like have no participants of their own."""
    assert facts(abstract="66 patients were randomized.", publication_types=(kind,)).participants is None


def test_section() -> None:
    """What the background tells of others is not counted."""
    abstract = (
        Section("In earlier work 90 patients were randomized.", "BACKGROUND"),
        Section("66 patients were randomized.", "METHODS"),
    )
    found = facts(abstract=abstract).participants
    assert found is not None
    assert found.value == 66


def find(text: str) -> list[int]:
    """Every whole number in a text."""
    return [value(found[0]) for found in re.finditer(NUMBER, text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("sixty six of 1 234 and 13,388", [66, 1234, 13388]),
        ("two thousand three hundred and five", [2305]),
        ("hundred", [100]),
        ("thousand", [1000]),
        ("1.5, 3-4, 7%, x9, 5/6, NCT01234567", []),
    ],
)
def test_numbers(text: str, numbers: list[int]) -> None:
    """Whole numbers in digits and words; not decimals, ranges, ratios, percentages or identifiers."""
    assert find(text) == numbers


@given(st.integers(0, 999_999))
def test_grouped(number: int) -> None:
    """A number reads the same with and without a comma between its thousands."""
    assert find(f"{number}") == find(f"{number:,}") == [number]
