"""The direction of an effect, as the authors state it, with the sentence that says so."""

import pytest

from pipeline.model import Direction, Section
from tests.appraise.records import facts

BENEFIT, SAME, MIXED = Direction.BENEFIT, Direction.NO_DIFFERENCE, Direction.MIXED
HARM, UNCLEAR = Direction.HARM, Direction.UNCLEAR


def direction(conclusion: str, *others: Section) -> Direction | None:
    """The direction of a work with that conclusion."""
    found = facts(abstract=(*others, Section(conclusion, "CONCLUSIONS"))).direction
    assert found is None or any(found.evidence in part.text for part in (*others, Section(conclusion)))
    return found.value if found else None


@pytest.mark.parametrize(
    ("conclusion", "expected"),
    [
        ("Needling improved gait.", BENEFIT),
        ("Needling was more effective than sham.", BENEFIT),
        ("Needling was superior to sham and well tolerated.", BENEFIT),
        ("Needling reduced pain.", BENEFIT),
        ("Survival was longer with needling.", BENEFIT),
        ("Needling led to fewer relapses.", BENEFIT),
        ("Relapse-free survival was higher with needling.", BENEFIT),
        ("Needling was non-inferior to baclofen.", BENEFIT),
        ("Needling may relieve fatigue.", BENEFIT),
        ("Needling is a promising option.", BENEFIT),
        ("Needling did not improve gait.", SAME),
        ("Needling failed to reduce pain.", SAME),
        ("Needling was not superior to sham.", SAME),
        ("There was no significant difference in pain between needling and sham.", SAME),
        ("No benefit was found.", SAME),
        ("Superiority was not shown.", SAME),
        ("Needling and sham were equally effective.", SAME),
        ("Needling was as effective as sham.", SAME),
        ("Gait was similar in both groups.", SAME),
        ("No patient left.", None),
        ("Neither needling nor sham at any of the three doses given here improved gait.", SAME),
        ("The improvement was not statistically significant.", SAME),
        ("The improved rate of remission was not significant.", SAME),
        ("The results do not support needling.", SAME),
        ("Non-inferiority was not proven.", SAME),
        ("Needling improved pain but not gait.", MIXED),
        ("Needling improved pain but no adverse event occurred.", BENEFIT),
        ("Needling did not, however, improve gait.", SAME),
        ("Needling improved pain but did not improve gait.", MIXED),
        ("Needling reduced pain; gait did not differ.", MIXED),
        ("Although gait did not change, needling eased fatigue.", MIXED),
        ("Relapse free survival was higher with needling.", BENEFIT),
        ("Lower limb pain and cognitive decline were studied.", None),
        ("Reuptake inhibitors and new lesions were identified.", None),
        ("Programmes to improve gait were described.", BENEFIT),
        ("Results do not support needling for the reduction of pain.", SAME),
        ("Age was associated with increased mortality.", None),
        ("Needling was not associated with mortality.", SAME),
        ("Needling increased mortality.", HARM),
        ("Survival was shorter with needling.", HARM),
        ("Needling worsened fatigue.", HARM),
        ("Needling was less effective than sham.", HARM),
        ("There is insufficient evidence to recommend needling.", UNCLEAR),
        ("The evidence is limited and of low quality.", UNCLEAR),
        ("No firm conclusions can be drawn.", UNCLEAR),
        ("Whether it helps remains unclear.", None),
        ("Benefits remain uncertain.", UNCLEAR),
        ("Sixty adults were needled.", None),
        ("Further studies should show whether needling improves gait.", None),
    ],
)
def test_conclusion(conclusion: str, expected: Direction | None) -> None:
    """Words for effects say which way, and denials reach the words behind them, up to the next turn of thought."""
    assert direction(conclusion) is expected


@pytest.mark.parametrize(
    "conclusion",
    [
        "Needling improved gait without an increase in adverse events.",
        "Needling improved gait, with a similar safety profile.",
        "Needling improved gait with no difference in complications.",
        "Needling improved gait but was less well tolerated.",
        "Needling improved gait; groups were similar at baseline.",
    ],
)
def test_safety(conclusion: str) -> None:
    """What is said of unwanted effects and of the start is no direction."""
    assert direction(conclusion) is BENEFIT


def test_order() -> None:
    """A claim stands before a hope, and a doubt about the evidence above a benefit."""
    assert direction("Needling may be an option. It did not improve gait.") is SAME
    assert direction("Needling improved gait. However, the evidence is limited.") is UNCLEAR
    assert direction("Needling did not improve gait. The evidence is limited.") is SAME


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("The primary end point was met.", BENEFIT),
        ("The primary outcome was not met.", SAME),
        ("The primary outcome, gait, was 4 versus 3 (p = 0.03).", BENEFIT),
        ("The primary outcome, gait, was 4 versus 3 (p=0.30).", SAME),
        ("The primary outcome did not differ between groups.", SAME),
        ("Walking speed rose in 4 versus 3 (P < .001).", BENEFIT),
        ("Walking speed rose in 4 versus 3 (P = 0\u00b708).", SAME),
        ("Pain fell more with needling (p = 0.01).", None),
        ("Age was 4 versus 3 (p = 0.30).", None),
    ],
)
def test_primary_outcome(results: str, expected: Direction | None) -> None:
    """Where the conclusion says nothing, the result of the primary outcome does, by its P value first."""
    methods = Section("The primary outcome was walking speed at 4 weeks.", "METHODS")
    assert direction("These data matter.", methods, Section(results, "RESULTS")) is expected


def test_plan_for_the_primary_outcome() -> None:
    """What methods say of a primary end point is a plan."""
    assert direction("These data matter.", Section("The primary end point was met if scores fell.", "METHODS")) is None


def test_abbreviated_outcome() -> None:
    """A primary outcome is known by the abbreviation that it was given."""
    methods = Section("The primary outcome was the Fatigue Severity Scale (FSS).", "METHODS")
    assert direction("These data matter.", methods, Section("FSS was 4 versus 3 (p = 0.2).", "RESULTS")) is SAME


@pytest.mark.parametrize(
    ("conclusion", "results", "expected"),
    [
        ("Needling improved pain.", "p = 0.4", SAME),
        ("Needling is an option.", "p = 0.4", SAME),
        ("Needling improved pain but did not improve gait.", "p = 0.4", SAME),
        ("Needling did not improve pain.", "p = 0.04", SAME),
        ("Needling improved pain.", "p = 0.04", BENEFIT),
    ],
)
def test_spin(conclusion: str, results: str, expected: Direction) -> None:
    """A benefit that the primary outcome does not bear out is none."""
    section = Section(f"The primary outcome was 4 versus 3 ({results}).", "RESULTS")
    assert direction(conclusion, section) is expected


def test_without_headings() -> None:
    """The last sentences before the back matter, from the end."""
    found = facts(abstract="Sixty adults were needled. Gait did not improve. Sham was blue. Funded by a made-up fund.")
    assert found.direction
    assert (found.direction.value, found.direction.evidence) == (SAME, "Gait did not improve.")


def test_title() -> None:
    """A title that is a statement; not one that names an aim."""
    found = facts("Needling improves gait: a made-up trial").direction
    assert found
    assert (found.value, found.field) == (BENEFIT, "title")
    assert facts("Needling for improving gait: a made-up trial").direction is None


def test_plans() -> None:
    """A protocol has no direction."""
    assert facts("Needling: a study protocol", "Adults will be randomised. Needling improves gait.").direction is None


@pytest.mark.parametrize(
    "text", ["", "but " * 2000, "not " * 2000, ";" * 5000, "increased " * 3000, "primary outcome " * 999]
)
def test_hostile(text: str) -> None:
    """No text makes it raise."""
    facts(text, (Section(text, "CONCLUSIONS"), Section(text)))


@pytest.mark.parametrize("kind", ["Published Erratum", "Editorial"])
def test_no_effect_studied(kind: str) -> None:
    """Notices, letters and surveys measure no effect, whatever they say of one."""
    abstract = "Made-up questionnaires were sent. The conclusion that needling improved fatigue is unaffected."
    assert facts(abstract=abstract, publication_types=(kind,)).direction is None
    assert facts("Needling: an online survey", abstract).direction is None


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("Sham was better than acupuncture.", "harm"),
        ("Sham acupuncture reduced fatigue more than real acupuncture.", "harm"),
        ("Control patients improved more than acupuncture patients.", "harm"),
        ("Usual care was superior to acupuncture.", "harm"),
        ("Acupuncture was superior to usual care.", "benefit"),
        ("Pain control was better than before.", "benefit"),
        ("Spasticity fell and she walked faster after treatment.", "benefit"),
        ("Quality of life fell.", "harm"),
    ],
)
def test_the_control_wins(sentence: str, direction: str) -> None:
    """Where the control does better, the gain is not the treatment's."""
    found = facts("A made-up trial", (Section("We needled.", "METHODS"), Section(sentence, "CONCLUSIONS"))).direction
    assert found is not None
    assert found.value == direction
