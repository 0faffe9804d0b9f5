"""The evidence map: which studies stand in which cell, what counts, and what changed."""

from dataclasses import replace

import pytest

from pipeline.digest.evidence_map import UNSTATED, Tallies, changes, evidence_map, tallies
from pipeline.digest.families import Kinship
from pipeline.model import Design, Harms, Relationship, Study, Tier, Work
from tests.digest.samples import fact, facts, material, work


def mapped(number: int, design: Design | None = Design.RCT, people: int | None = 40, **stated: object) -> Work:
    """A study of acupressure for fatigue, unless told otherwise."""
    given = {"interventions": (fact("acupressure"),), "outcomes": (fact("fatigue"),), "population": "human", **stated}
    return work(number, stated=facts(design, **given, **({"participants": people} if people else {})))


def studies(*works: Work) -> dict[int, Study]:
    """Each work as a study of its own."""
    return dict(material(works).studies)


def ids(found: tuple[Study, ...]) -> list[int]:
    """Which studies they are."""
    return [study.id for study in found]


def test_counted_by_design() -> None:
    """A cell counts studies by design, reviews first, and the people of those that are no reviews."""
    review, cohort = mapped(3, Design.SYSTEMATIC_REVIEW, 900), mapped(4, Design.OBSERVATIONAL, None)
    cell = evidence_map(studies(mapped(1), mapped(2, people=60), review, cohort)).cell("acupressure", "fatigue")
    assert cell.by_design == {Design.SYSTEMATIC_REVIEW: 1, Design.RCT: 2, Design.OBSERVATIONAL: 1}
    assert next(iter(cell.by_design)) is Design.SYSTEMATIC_REVIEW
    assert cell.people == 100


def test_every_pair() -> None:
    """A study stands in the cell of each of its treatments with each of its outcomes, and once in the whole."""
    both = mapped(1, interventions=(fact("scalp"), fact("laser")), outcomes=(fact("pain"), fact("sleep")))
    found = evidence_map(studies(both))
    assert list(found.cells) == [("scalp", "pain"), ("scalp", "sleep"), ("laser", "pain"), ("laser", "sleep")]
    assert ids(found.whole.studies) == [1]


def test_not_stated() -> None:
    """A study that names neither stands under unspecified treatment and no stated outcome: none is left out."""
    assert list(evidence_map(studies(mapped(1, interventions=(), outcomes=()))).cells) == [("other", UNSTATED)]


@pytest.mark.parametrize("design", [Design.REGISTRATION, Design.PROTOCOL])
def test_registered_is_apart(design: Design) -> None:
    """What is only planned is no study yet."""
    cell = evidence_map(studies(mapped(1, design, 200))).cell("acupressure", "fatigue")
    assert (ids(cell.registered), cell.studies, cell.people, cell.is_empty) == ([1], (), 0, False)


def test_retracted_is_visible_and_not_counted() -> None:
    """A retracted study leaves the counts and stays on the map."""
    cell = evidence_map(studies(mapped(1), mapped(2, retracted=True))).cell("acupressure", "fatigue")
    assert (ids(cell.studies), ids(cell.retracted), cell.people) == ([1], [2], 40)


@pytest.mark.parametrize("design", [Design.ERRATUM, Design.RETRACTION_NOTICE, Design.EDITORIAL])
def test_no_study(design: Design) -> None:
    """Notices and letters are no studies."""
    assert evidence_map(studies(mapped(1, design))).whole.is_empty


def test_animals_are_no_people() -> None:
    """Animals are not counted as people."""
    found = evidence_map(studies(mapped(1, Design.ANIMAL, 30, population="animal"))).whole
    assert (ids(found.studies), found.people) == ([1], 0)


def test_core_only() -> None:
    """The map is of the subject itself; related studies are not on it."""
    related = replace(mapped(1), verdict=replace(mapped(1).verdict, tier=Tier.RELATED))
    assert evidence_map(studies(related)).whole.is_empty


def test_one_study_of_several_reports() -> None:
    """A registration and a protocol stand behind the trial that came of them."""
    held = studies(mapped(1), mapped(2, Design.REGISTRATION), mapped(3, Design.PROTOCOL))
    kinships = (Kinship(1, 2, Relationship.REGISTRATION), Kinship(1, 3, Relationship.SAME_TRIAL))
    cell = evidence_map(held, kinships).cell("acupressure", "fatigue")
    assert (ids(cell.studies), cell.registered) == ([1], ())


def counted(*works: Work) -> Tallies:
    """What the map of these works counts."""
    return tallies(evidence_map(studies(*works)))


def test_what_changed() -> None:
    """Only cells that count otherwise are named, with before and after."""
    pain = mapped(2, outcomes=(fact("pain"),))
    before, after = counted(mapped(1), pain), counted(mapped(1), pain, mapped(3, people=64))
    (change,) = changes(before, after)
    assert (change.intervention, change.outcome) == ("acupressure", "fatigue")
    assert (change.before.people, change.after.people) == (40, 104)
    assert changes(after, after) == ()


def test_a_retraction_changes_the_map() -> None:
    """A study that is retracted moves from the counted to the others of its cell."""
    (change,) = changes(counted(mapped(1)), counted(mapped(1, retracted=True)))
    assert (change.before.by_design, change.after.by_design, change.after.retracted) == (((Design.RCT, 1),), (), 1)


def test_a_number_changes_the_map() -> None:
    """A study of which another number of people turns out to be right changes its cell."""
    (change,) = changes(counted(mapped(1)), counted(mapped(1, people=99)))
    assert (change.before.people, change.after.people) == (40, 99)


@pytest.mark.parametrize(
    "outcome",
    [
        "spasticity",
        "mobility_balance",
        "bladder",
        "bowel",
        "pain",
        "fatigue",
        "quality_of_life",
        "sleep",
        "mood",
        "sexual_function",
        "cognition",
        "sensory",
        "disability",
        "relapse",
        "immune_markers",
        "other",
    ],
)
def test_every_outcome_has_a_column(outcome: str) -> None:
    """Whatever outcome a record may state has a column."""
    assert [pair[1] for pair in evidence_map(studies(mapped(1, outcomes=(fact(outcome),)))).cells] == [outcome]


@pytest.mark.parametrize(
    "intervention",
    [
        "manual_acupuncture",
        "electroacupuncture",
        "acupressure",
        "auricular",
        "scalp",
        "moxibustion",
        "bee_venom",
        "laser",
        "acupoint_injection",
        "acu_tens",
        "dry_needling",
        "cupping",
        "other",
    ],
)
def test_every_intervention_has_a_row(intervention: str) -> None:
    """Whatever treatment a record may state has a row."""
    assert [pair[0] for pair in evidence_map(studies(mapped(1, interventions=(fact(intervention),)))).cells] == [
        intervention
    ]


@pytest.mark.parametrize("said", [Harms.REPORTED, Harms.NONE_REPORTED])
def test_harms_column(said: Harms) -> None:
    """Harms are the column of studies that say what harms there were, or that there were none; a plan names them."""
    reports = mapped(1, harms=said)
    names = mapped(2, outcomes=(fact("safety"), fact("fatigue")))
    plan = mapped(3, Design.PROTOCOL, outcomes=(fact("safety"),))
    cell = evidence_map(studies(reports, names, plan)).cell("acupressure", "safety")
    assert (ids(cell.studies), ids(cell.registered)) == ([1], [3])


def test_unknown_values() -> None:
    """A value that has no row or column of its own stands under the others: none is left out."""
    strange = mapped(1, interventions=(fact("yoga"),), outcomes=(fact("karma"),))
    assert list(evidence_map(studies(strange)).cells) == [("other", "other")]
