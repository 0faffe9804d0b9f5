"""An issue out of cycle: what was sent and is retracted is told at once, and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.digest.compose import compose_correction
from pipeline.digest.issue import Composition, IssueRef, Material
from pipeline.digest.render import FORMATS, render
from pipeline.digest.state import subject_line
from pipeline.model import Design, EventKind, Work
from tests.digest.samples import BERLIN, LABEL, NOW, PUBMED_FAILED, facts, material, new, work

RETRACTED = facts(Design.RCT, retracted=True)


def correction(given: Material) -> Composition | None:
    """What is told of it before the next issue."""
    return compose_correction(BERLIN, LABEL, given, NOW, NOW + timedelta(days=1))


def subject(given: Material) -> str:
    """The subject line of what is told of it before the next issue."""
    composition = correction(given)
    assert composition
    return subject_line(composition.issue)


def fallen(*numbers: int) -> tuple[Work, ...]:
    """Retracted trials."""
    return tuple(work(number, stated=RETRACTED) for number in numbers)


def test_one_study() -> None:
    """A retraction of what was sent is told alone, with the day on which it was sent; all other news waits."""
    events = [new(2), new(1, EventKind.RETRACTED), new(1, EventKind.CORRECTED), new(3, EventKind.CORRECTED)]
    composition = correction(material([*fallen(1), work(2), work(3)], events, told=(1, 3)))
    assert composition
    assert composition.claims == (events[1].id,)
    assert composition.issue.items == ()
    assert composition.issue.changes == ()
    assert [one.event.kind for one in composition.issue.corrections] == [EventKind.RETRACTED]
    assert subject_line(composition.issue) == "CORRECTION — MS + acupuncture: a study we sent on 3 Mar was retracted"


def test_of_another_year() -> None:
    """The year is named where it is not this one."""
    told = {1: IssueRef(2, datetime.fromisoformat("2025-03-03T07:00:00Z"))}
    given = replace(material(fallen(1), [new(1, EventKind.RETRACTED)], told=(1,)), told=told)
    assert subject(given).endswith("a study we sent on 3 Mar 2025 was retracted")


def test_several_studies() -> None:
    """Several studies are one issue, and counted; two notices of one study make it no more than one."""
    events = [new(number, EventKind.RETRACTED) for number in (1, 2)]
    again = new(1, EventKind.RETRACTED, at=500, notice="https://example.org/another-notice")
    assert subject(material(fallen(1, 2), [*events, again], told=(1, 2))).endswith("2 studies we sent were retracted")
    assert "a study we sent" in subject(material(fallen(1, 2), [events[0], again], told=(1, 2)))


@pytest.mark.parametrize(
    "given",
    [
        material(fallen(1), [new(1, EventKind.RETRACTED)]),
        replace(material(fallen(1), [new(1, EventKind.RETRACTED)], told=(1,)), shown=frozenset()),
        material([work(1)], [new(1, EventKind.CORRECTED), new(1, EventKind.PUBLISHED)], told=(1,)),
        material([work(1)]),
        material([work(1)], previous=None),
    ],
    ids=["not told", "counted as told, not sent", "other corrections", "news", "before the first issue"],
)
def test_nothing_urgent(given: Material) -> None:
    """What was never sent, and what is less than a retraction, waits for the next issue."""
    assert correction(given) is None


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "json"])
def test_says_nothing_of_the_rest(form: str) -> None:
    """It neither says that nothing is new nor that it is incomplete, and names the day of the next regular issue."""
    given = material(fallen(1), [new(1, EventKind.RETRACTED)], told=(1,), coverage=PUBMED_FAILED)
    composition = correction(given)
    assert composition
    shown = render(composition.issue, form)
    assert "nothing new" not in shown.casefold()
    assert "INCOMPLETE" not in shown
    assert "Everything else is told in the next regular issue, on 23 Nov 2026." in " ".join(shown.split())
    assert "out of turn" in shown
