"""What was wrong and what is right of a study, in words for those who were told otherwise."""

import pytest

from pipeline.digest.mistakes import mistake, together
from pipeline.model import Design, Facts, Tier, Verdict
from tests.digest.samples import facts

IN, BESIDE, OUT = (Verdict(tier) for tier in Tier)
TRIAL = facts(Design.RCT, participants=66, population="human")


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (
            facts(Design.SURVEY, participants=66, population="human"),
            "kind of study: randomised controlled trial → survey",
        ),
        (facts(participants=66, population="human"), "kind of study: randomised controlled trial → not stated"),
        (facts(Design.RCT, participants=1066, population="human"), "number of people: 66 → 1,066"),
        (facts(Design.RCT, population="human"), "number of people: 66 → not stated"),
        (facts(Design.RCT, participants=66, population="in_vitro"), "studied: human → laboratory"),
        (facts(Design.RCT, participants=66), "studied: human → not stated"),
        (
            facts(participants=6, population="human"),
            "kind of study: randomised controlled trial → not stated; number of people: 66 → 6",
        ),
        (TRIAL, ""),
    ],
)
def test_facts(now: Facts, words: str) -> None:
    """Each value that was said and is another one now; several are told together."""
    assert mistake((IN, TRIAL), (BESIDE, now)) == words


def test_said_in_addition() -> None:
    """A value that is stated after all was not said wrongly."""
    assert mistake((IN, Facts()), (IN, TRIAL)) == ""


def test_relevance() -> None:
    """Whether it is about the subject; of what is out nothing more was said."""
    assert mistake((IN, TRIAL), (OUT, TRIAL)) == "about the subject: yes → no"
    assert mistake((OUT, TRIAL), (BESIDE, TRIAL)) == "about the subject: no → yes"
    assert mistake((OUT, TRIAL), (OUT, Facts())) == ""


def test_together() -> None:
    """Two mistakes of one study are told as one, and what is taken back is not told."""
    said = "kind of study: survey → randomised controlled trial; number of people: 66 → 60"
    undone = "kind of study: randomised controlled trial → survey"
    assert together(said, undone) == "number of people: 66 → 60"
    assert together(together(said, undone), "number of people: 60 → 66") == ""
    assert together("number of people: 66 → 60", "studied: human → animal") == (
        "number of people: 66 → 60; studied: human → animal"
    )
