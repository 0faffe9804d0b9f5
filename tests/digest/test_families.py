"""One trial is one item, however many publications tell of it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest.card import card
from pipeline.digest.families import Kinship
from pipeline.digest.issue import Composition, Section
from pipeline.model import Design, Relationship
from tests.digest.samples import BERLIN, composed, material, new, work

TRIAL, PROTOCOL, ENTRY, LATER = 1, 2, 3, 4
REPORTS = (
    work(TRIAL, Design.RCT, "A made-up trial"),
    work(PROTOCOL, Design.PROTOCOL, "A made-up protocol"),
    work(ENTRY, Design.REGISTRATION, "A made-up registration", registrations=("NCT99900001",)),
    work(LATER, Design.RCT, "A made-up second look at a made-up trial"),
)
KINSHIPS = (
    Kinship(TRIAL, ENTRY, Relationship.REGISTRATION),
    Kinship(PROTOCOL, ENTRY, Relationship.REGISTRATION),
    Kinship(LATER, ENTRY, Relationship.REGISTRATION),
    Kinship(TRIAL, PROTOCOL, Relationship.SAME_TRIAL),
    Kinship(LATER, PROTOCOL, Relationship.SAME_TRIAL),
    Kinship(LATER, TRIAL, Relationship.SAME_TRIAL),
)


def issue_of(news: Sequence[int], told: Iterable[int] = ()) -> Composition:
    """The issue in which these are new and those were told before."""
    works = [one for one in REPORTS if one.id in {*news, *told}]
    return composed(material(works, [new(one) for one in news], told, kinships=KINSHIPS))


def told_with(composition: Composition) -> dict[int, list[int]]:
    """Each item with the other reports that stand on its version line."""
    return {item.study.id: [kin.study.id for kin in item.kin] for item in composition.issue.items}


@pytest.mark.parametrize(
    ("news", "told", "items"),
    [
        ([ENTRY], [], {ENTRY: []}),
        ([ENTRY, TRIAL], [], {TRIAL: [ENTRY]}),
        ([PROTOCOL, ENTRY], [], {PROTOCOL: [ENTRY]}),
        ([LATER, ENTRY, PROTOCOL, TRIAL], [], {TRIAL: [PROTOCOL, ENTRY, LATER]}),
        ([TRIAL], [ENTRY, PROTOCOL], {TRIAL: [PROTOCOL, ENTRY]}),
        ([PROTOCOL], [ENTRY], {PROTOCOL: [ENTRY]}),
        ([LATER], [TRIAL], {LATER: [TRIAL]}),
        ([ENTRY], [TRIAL], {}),
        ([ENTRY, PROTOCOL], [LATER], {}),
    ],
)
def test_once(news: list[int], told: list[int], items: dict[int, list[int]]) -> None:
    """Results are told with all that led to them; plans are no news once the results are; a later report is."""
    composition = issue_of(news, told)
    assert told_with(composition) == items
    assert sorted(composition.claims) == sorted(news)


def test_version_line() -> None:
    """The card names every report, with the issue that told of it before."""
    (item,) = issue_of([TRIAL, PROTOCOL], [ENTRY]).issue.items
    assert item.section is Section.WORTH_READING
    (note,) = (note for note in card(item, "UTC").notes if note.label == "Versions")
    assert [part.text for part in note.parts] == [
        "article, 10 Nov 2026",
        "study protocol, 10 Nov 2026",
        "trial registration, 10 Nov 2026 (told in issue 3)",
    ]


def test_waiting() -> None:
    """What stands behind an item that has to wait waits with it."""
    works = (*REPORTS[:1], work(7, Design.SYSTEMATIC_REVIEW), REPORTS[2])
    composition = composed(material(works, kinships=KINSHIPS), replace(BERLIN, max_items=1))
    assert (told_with(composition), composition.issue.carried_over) == ({TRIAL: [ENTRY]}, 1)
    assert sorted(composition.claims) == [TRIAL, ENTRY]


def test_pooled() -> None:
    """An analysis that pools two trials does not make one of them."""
    pooled = work(9, Design.RCT, "A made-up pooled analysis of trials 1 and 4")
    kinships = (Kinship(9, TRIAL, Relationship.SAME_TRIAL), Kinship(9, LATER, Relationship.SAME_TRIAL))
    works = (REPORTS[0], REPORTS[3], pooled)
    assert told_with(composed(material(works, kinships=kinships))) == {TRIAL: [9], LATER: []}


@given(
    st.lists(st.sampled_from([TRIAL, PROTOCOL, ENTRY, LATER]), unique=True, min_size=1),
    st.lists(st.builds(Kinship, st.integers(1, 4), st.integers(1, 4), st.sampled_from(Relationship)), max_size=6),
)
def test_all_told(news: list[int], kinships: list[Kinship]) -> None:
    """However the reports hang together, each new one stands in the issue exactly once."""
    works = [one for one in REPORTS if one.id in news]
    composition = composed(material(works, kinships=tuple(one for one in kinships if one.a != one.b)))
    shown = [item.study.id for item in composition.issue.items]
    shown += [kin.study.id for item in composition.issue.items for kin in item.kin]
    assert sorted(shown) == sorted(news)
