"""Composing an issue: what is told, where it stands, and what is claimed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest.compose import compose
from pipeline.digest.families import Kinship
from pipeline.digest.issue import NEVER, Issue, IssueRef, Section, is_empty
from pipeline.digest.state import subject_line
from pipeline.model import Design, Event, EventKind, PartialDate, Relationship, Tier, Work
from pipeline.proof import Status
from tests.digest.samples import (
    BEFORE,
    BERLIN,
    LABEL,
    NOW,
    busy,
    composed,
    covered,
    facts,
    full_trial,
    material,
    new,
    versions,
    work,
)


def sections(issue: Issue) -> dict[int, Section]:
    """Where each study stands."""
    return {item.study.id: item.section for item in issue.items}


def reasons(one: Work) -> tuple[str, ...]:
    """Why a study stands below the line."""
    (item,) = composed(material([one])).issue.items
    return item.reasons


@pytest.mark.parametrize("design", [Design.GUIDELINE, Design.SYSTEMATIC_REVIEW, Design.RCT])
def test_worth_reading(design: Design) -> None:
    """A sound guideline, review or trial on the subject is worth reading."""
    assert sections(composed(material([work(1, design)])).issue) == {1: Section.WORTH_READING}


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (work(1, stated=facts(Design.RCT, participants=12)), "small (N = 12)"),
        (work(1, Design.RCT, publication_types=("Preprint",)), "preprint, not peer reviewed"),
        (work(1, Design.RCT, abstract=()), "abstract not available"),
        (work(1, Design.RCT, tier=Tier.RELATED), "related subject"),
        (work(1, Design.NONRANDOMIZED_TRIAL), "non-randomised study of a treatment"),
        (work(1, Design.OBSERVATIONAL), "observational study"),
        (work(1, Design.CASE_REPORT), "no control group"),
        (work(1, Design.ANIMAL), "animal study"),
        (work(1, stated=facts(Design.RCT, population="animal")), "animal study"),
        (work(1, Design.IN_VITRO), "laboratory study"),
        (work(1, stated=facts(Design.RCT, retracted=True)), "retracted"),
        (work(1, stated=facts(Design.EDITORIAL, concern=True)), "expression of concern"),
        (work(1, stated=facts(None, withdrawn=True)), "withdrawn"),
    ],
)
def test_below(one: Work, reason: str) -> None:
    """What limits a study puts it below the line and is named there."""
    assert reasons(one) == (reason,)


def test_one_case() -> None:
    """A case report is not called small as well, and a trial of animals is not measured in people."""
    assert reasons(work(1, stated=facts(Design.CASE_REPORT, participants=1))) == ("no control group",)
    assert reasons(work(1, stated=facts(Design.ANIMAL, participants=8))) == ("animal study",)


def test_other_sections() -> None:
    """Plans stand under trials, and what is no study of its own is also indexed."""
    works = [work(1, Design.REGISTRATION), work(2, Design.PROTOCOL), work(3, Design.NARRATIVE_REVIEW), work(4)]
    assert sections(composed(material(works)).issue) == {
        1: Section.TRIALS,
        2: Section.TRIALS,
        3: Section.ALSO_INDEXED,
        4: Section.ALSO_INDEXED,
    }


@pytest.mark.parametrize(
    ("published", "section"),
    [
        (PartialDate(2026, 9, 15), Section.FOUND_LATE),
        (PartialDate(2026, 9, 16), Section.WORTH_READING),
        (PartialDate(2026, 9), Section.WORTH_READING),
        (PartialDate(2025), Section.FOUND_LATE),
        (PartialDate(2026), Section.WORTH_READING),
        (None, Section.WORTH_READING),
    ],
)
def test_found_late(published: PartialDate | None, section: Section) -> None:
    """Late is what was surely published more than sixty days before the period; no date is not late."""
    issue = composed(material([work(1, Design.RCT, published=published)])).issue
    assert sections(issue) == {1: section}


def test_five_cards() -> None:
    """Reviews come before trials, newest first; after five cards the rest stands below the line and says so."""
    trials = [work(number, Design.RCT, published=PartialDate(2026, 11, number)) for number in range(1, 6)]
    issue = composed(material([*trials, work(6, Design.SYSTEMATIC_REVIEW, published=None)])).issue
    assert [item.study.id for item in issue.items] == [6, 5, 4, 3, 2, 1]
    assert [item.section for item in issue.items] == [Section.WORTH_READING] * 5 + [Section.BELOW_THE_LINE]
    assert issue.items[5].reasons == ("not among the five shown in full",)


def test_versions_once() -> None:
    """Preprint and article are one item, whichever of them the events name."""
    works = versions(1)
    issue = composed(material(works, [new(2), new(1)])).issue
    assert [item.study.works for item in issue.items] == [works]


def test_tiers() -> None:
    """What is outside the subscription's tiers is neither told nor claimed, so that it can become news later."""
    given_ = material([work(1, tier=Tier.CORE), work(2, tier=Tier.RELATED)])
    composition = composed(given_, replace(BERLIN, tiers=(Tier.CORE,)))
    assert [item.study.id for item in composition.issue.items] == [1]
    assert composition.claims == (1,)


def test_told_before() -> None:
    """A study that was told is never told again as new; the event is claimed all the same."""
    composition = composed(material([work(1)], told=[1]))
    assert is_empty(composition.issue)
    assert composition.claims == (1,)


def test_limit() -> None:
    """What does not fit is counted and stays unclaimed; the more important goes first, then the older event."""
    works = [work(1), work(2), work(3, Design.RCT)]
    events = [*(new(one.id) for one in works), new(2, EventKind.CORRECTED)]
    composition = composed(material(works, events), replace(BERLIN, max_items=2))
    assert [item.study.id for item in composition.issue.items] == [3, 1]
    assert composition.issue.carried_over == 1
    assert composition.claims == (1, 3)


def test_look_back() -> None:
    """A look back tells all that is new in it, however much that is: nothing could wait for an issue after it."""
    works = [work(number, Design.RCT) for number in range(1, 8)]
    issue = composed(
        material(works, start=NOW - timedelta(days=30), looks_back=True), replace(BERLIN, max_items=2)
    ).issue
    assert len(issue.items) == 7
    assert issue.carried_over == 0


def test_corrected_card() -> None:
    """An erratum does not put a study below the line, nor a letter."""
    works = [
        work(1, stated=facts(Design.RCT, corrected=True)),
        work(2, stated=facts(None, corrected=True), abstract=()),
    ]
    assert sections(composed(material(works)).issue) == {1: Section.WORTH_READING, 2: Section.ALSO_INDEXED}


def test_corrections() -> None:
    """What happened to a study told before is a correction, the gravest first, each notice once."""
    events = [
        new(1, EventKind.CORRECTED, notice="one"),
        new(1, EventKind.CORRECTED, at=500, notice="one"),
        new(1, EventKind.CORRECTED, at=600, notice="two"),
        new(2, EventKind.RETRACTED),
    ]
    composition = composed(material([work(1), work(2)], events, told=[1, 2]))
    assert [(one.study.id, one.event.notice) for one in composition.issue.corrections] == [
        (2, ""),
        (1, "one"),
        (1, "two"),
    ]
    assert {one.told_in.number for one in composition.issue.corrections} == {3}
    assert composition.claims == tuple(event.id for event in events)


def test_new_and_retracted() -> None:
    """A study first met retracted is one item that says so, and no correction of anything told."""
    one = work(1, stated=facts(Design.RCT, retracted=True))
    composition = composed(material([one], [new(1), new(1, EventKind.RETRACTED)]))
    assert sections(composition.issue) == {1: Section.BELOW_THE_LINE}
    assert composition.issue.corrections == ()
    assert composition.claims == (1, 1001)


def test_baseline() -> None:
    """A first issue shows recent reviews and trials, counts the rest, corrects nothing and claims everything."""
    given_ = replace(busy(), previous=None, start=None, told={})
    composition = composed(given_)
    issue = composition.issue
    assert issue.number == 1
    assert issue.corrections == ()
    assert issue.known
    assert issue.known.studies == len(given_.studies) - 2  # registration and protocol of a trial are that trial
    assert issue.known.of(Design.RCT) == 4
    assert sum(issue.known.retracted.values()) == 2
    assert composition.claims == tuple(event.id for event in given_.events)


@pytest.mark.parametrize(
    ("published", "shown"),
    [(PartialDate(2021, 11, 22), 1), (PartialDate(2021, 11, 21), 0), (PartialDate(2021), 1), (None, 0)],
)
def test_baseline_years(published: PartialDate | None, shown: int) -> None:
    """A first issue shows what may be of the last five years by its own date."""
    given_ = material([work(1, Design.RCT, published=published)], previous=None)
    assert len(composed(given_).issue.items) == shown


def test_baseline_plans() -> None:
    """A first issue shows what was found before what is planned, and other designs not at all."""
    designs = (Design.REGISTRATION, Design.PROTOCOL, Design.SURVEY, Design.NONRANDOMIZED_TRIAL, Design.RCT)
    works = [work(number, design) for number, design in enumerate(designs, 1)]
    assert [item.study.id for item in composed(material(works, previous=None)).issue.items] == [5, 4, 2, 1]
    few = composed(material(works, previous=None), replace(BERLIN, max_items=2)).issue
    assert [item.study.id for item in few.items] == [5, 4]


def test_baseline_notice() -> None:
    """A notice that stands alone is not counted among the studies known."""
    given_ = material([work(1, Design.RETRACTION_NOTICE), work(2)], previous=None)
    known = composed(given_).issue.known
    assert known
    assert known.studies == 1


def test_series() -> None:
    """Issues are numbered one after the other, and name the one before."""
    issue = composed(material()).issue
    assert (issue.number, issue.previous) == (7, IssueRef(6, NOW - timedelta(days=7)))


DESIGNS = st.sampled_from([None, *Design])
DATES = st.none() | st.builds(PartialDate, st.integers(1990, 2026), st.none() | st.integers(1, 12))
KINDS = st.sampled_from(list(EventKind))


@st.composite
def worlds(draw: st.DrawFn, first: int = 1) -> tuple[list[Work], list[Event]]:
    """Some studies, each new, and some things that happened to them."""
    numbers = range(first, first + draw(st.integers(0, 9)))
    tiers = st.sampled_from([Tier.CORE, Tier.RELATED])
    works = [work(number, draw(DESIGNS), tier=draw(tiers), published=draw(DATES)) for number in numbers]
    happened = draw(st.lists(st.tuples(st.sampled_from(numbers), KINDS), max_size=6)) if works else []
    events = [new(number) for number in numbers]
    events += [new(number, kind, at=100_000 * turn) for turn, (number, kind) in enumerate(happened, 1)]
    return works, events


@given(worlds(), st.integers(1, 6), st.sets(st.integers(1, 9)))
def test_counts(world: tuple[list[Work], list[Event]], limit: int, told: set[int]) -> None:
    """The subject's count is that of the items; no study stands twice; nothing carried over is claimed."""
    works, events = world
    composition = composed(material(works, events, told=told), replace(BERLIN, max_items=limit))
    issue, shown = composition.issue, [item.study.id for item in composition.issue.items]
    assert len(shown) == len(set(shown)) <= limit
    assert (f": {len(shown)} new" in subject_line(issue)) is bool(shown)
    assert len(shown) + issue.carried_over == len({one.id for one in works} - told)
    claimed = {event.work for event in events if event.id in composition.claims}
    assert claimed == {event.work for event in events} & (set(shown) | told)


@given(st.lists(st.integers(0, 7), max_size=5), st.integers(1, 4), st.data())
def test_told_once(arrivals: list[int], limit: int, data: st.DataObject) -> None:
    """Over any sequence of issues every new study is told exactly once, as soon as there is room."""
    works, untold, told = [work(100, Design.RCT)], [new(100)], dict[int, IssueRef]()
    previous, shown, known = None, list[int](), set[int]()
    for turn, arriving in enumerate([*arrivals, *[0] * 40]):
        fresh = [work(1 + len(works) + number, data.draw(DESIGNS)) for number in range(arriving)]
        works, untold = works + fresh, untold + [new(one.id) for one in fresh]
        now = NOW + timedelta(days=7 * turn)
        state = replace(material(works, untold), previous=previous, told=told)
        composition = compose(replace(BERLIN, max_items=limit), LABEL, state, now, None)
        previous = IssueRef(composition.issue.number, now)
        claimed = {event.work for event in untold if event.id in composition.claims}
        untold = [event for event in untold if event.work not in claimed]
        told = {**told, **dict.fromkeys(claimed, previous)}
        if turn == 0:
            known = claimed
        else:
            shown += [item.study.id for item in composition.issue.items]
    assert not untold
    assert sorted(shown) == sorted({one.id for one in works} - known)


MOMENTS = st.sampled_from([NOW, BEFORE.composed_at + timedelta(seconds=1), BEFORE.composed_at, NEVER])
STATED = st.tuples(st.sampled_from(list(Status)), MOMENTS, st.sampled_from([0, 0, 0, 1]))


@given(st.lists(STATED, max_size=5))
def test_completeness(stated: Iterable[tuple[Status, datetime, int]]) -> None:
    """An issue is complete if every source was asked after the issue before, answered in full and could be read.

    A source that had its turn and was left out for a reason does not count, unless it is the only one.
    """
    rows = tuple(
        covered(f"Source {number}", status, asked_at=asked_at, quarantined=quarantined)
        for number, (status, asked_at, quarantined) in enumerate(stated)
    )
    issue = composed(material(coverage=rows)).issue
    counted = [row for row in rows if row.status is not Status.SKIPPED or row.asked_at <= BEFORE.composed_at]
    sure = [row.status is Status.COMPLETE and row.asked_at > BEFORE.composed_at for row in counted]
    assert issue.complete == (bool(sure) and all(sure) and not any(row.quarantined for row in rows))
    assert sorted((*issue.asked, *issue.not_asked, *issue.left_out), key=rows.index) == list(rows)


@pytest.mark.parametrize("asked_at", [BEFORE.composed_at, BEFORE.composed_at - timedelta(days=1), NEVER])
def test_not_asked_since(asked_at: datetime) -> None:
    """A statement from before the period, or of the run that told the issue before, proves nothing for it."""
    stale = covered("PubMed", asked_at=asked_at)
    issue = composed(material([full_trial(1)], coverage=(stale,))).issue
    assert not issue.complete
    assert issue.not_asked == (stale,)


def test_spoken_of() -> None:
    """An issue speaks of its items, of what is told with them, and of what it corrects; a baseline of what it shows."""
    trial, plan = work(1, Design.RCT), work(2, Design.REGISTRATION)
    given = material([trial, plan], kinships=(Kinship(1, 2, Relationship.REGISTRATION),))
    composition = composed(given)
    assert [item.study.id for item in composition.issue.items] == [1]
    assert composition.shown == frozenset(composition.claims)
    first = composed(material([work(1, Design.RCT), work(2, Design.SURVEY)], previous=None))
    assert (len(first.claims), len(first.shown)) == (2, 1)
    corrected = composed(material([trial], [new(1, EventKind.CORRECTED)], told=[1]))
    assert corrected.shown == frozenset(corrected.claims)


def test_taken_back() -> None:
    """A mistake of ours that was taken back before the issue is not told; both events are settled by it."""
    wrong, right = "number of people: 66 → 60", "number of people: 60 → 66"
    events = [new(1, EventKind.OUR_MISTAKE, at=turn, notice=words) for turn, words in enumerate((wrong, right, wrong))]
    for told in (1, 2, 3):
        composition = composed(material([work(1)], events[:told], told=[1]))
        assert [one.event.notice for one in composition.issue.corrections] == ([wrong] if told % 2 else [])
        assert composition.claims == tuple(event.id for event in events[:told])


def test_course_of_a_trial() -> None:
    """Changes of a trial's state since the last issue are one, and none if it is the former one again."""
    there, back = "RECRUITING → SUSPENDED", "SUSPENDED → RECRUITING"
    words = (there, back, there, "SUSPENDED → COMPLETED")
    told = (there, None, there, "RECRUITING → COMPLETED")
    events = [new(1, EventKind.STATUS, at=turn, notice=change) for turn, change in enumerate(words)]
    for number, notice in enumerate(told, 1):
        composition = composed(material([work(1, Design.REGISTRATION)], events[:number], told=[1]))
        assert [one.event.notice for one in composition.issue.corrections] == ([notice] if notice else [])
        assert composition.claims == tuple(event.id for event in events[:number])


def test_state_of_each_trial() -> None:
    """The states of two trials are two things."""
    events = [new(number, EventKind.STATUS, notice="RECRUITING → COMPLETED") for number in (1, 2)]
    issue = composed(material([work(1), work(2)], events, told=[1, 2])).issue
    assert [one.study.id for one in issue.corrections] == [1, 2]


def test_overdue_and_posted() -> None:
    """Results that were posted before anybody was told that they are overdue are told as posted alone."""
    overdue, posted = new(1, EventKind.OVERDUE, notice="2026-10-31"), new(1, EventKind.RESULTS, notice="there")
    for events, told in (([overdue], [overdue]), ([overdue, posted], [posted]), ([posted], [posted])):
        composition = composed(material([work(1, Design.REGISTRATION)], events, told=[1]))
        assert [one.event for one in composition.issue.corrections] == told
        assert composition.claims == tuple(event.id for event in events)


@pytest.mark.parametrize("kind", [EventKind.STATUS, EventKind.RESULTS, EventKind.OVERDUE])
def test_trial_behind_its_results(kind: EventKind) -> None:
    """What became of a trial is told to who knows the trial: not to who knows its results alone.

    To know it, an issue must have named it, be it on the results' card, or the first issue counted it as known.
    """
    works = [work(1, Design.RCT), work(2, Design.REGISTRATION)]
    kin = (Kinship(1, 2, Relationship.REGISTRATION),)
    happened = new(2, kind, notice="RECRUITING → COMPLETED")
    later, first = IssueRef(3, NOW - timedelta(days=99)), IssueRef(1, NOW - timedelta(days=199))
    for issue, named, is_told in ((later, {1, 2}, True), (later, {1}, False), (first, {1}, True)):
        state = replace(material(works, [happened], kinships=kin), told={1: issue, 2: issue}, shown=frozenset(named))
        composition = composed(state)
        assert [one.event.kind for one in composition.issue.corrections] == ([kind] if is_told else [])
        assert composition.claims == (happened.id,)
    unknown = composed(replace(material(works, [new(2), happened], kinships=kin), told={1: later}))
    assert is_empty(unknown.issue)
    assert unknown.claims == (2, happened.id)


def test_first_seen_overdue() -> None:
    """Nothing is told of a trial's course beside the trial itself, when both are news."""
    events = [new(1), new(1, EventKind.OVERDUE, notice="2020-01-01")]
    composition = composed(material([work(1, Design.REGISTRATION)], events))
    assert (len(composition.issue.items), composition.issue.corrections) == (1, ())
    assert composition.claims == tuple(event.id for event in events)


def test_gravest_first() -> None:
    """Corrections of every kind come in the order of how much they matter to who relied on what was told."""
    kinds = [kind for kind in reversed(EventKind) if kind is not EventKind.NEW]
    events = [new(number, kind, notice="A → B") for number, kind in enumerate(kinds, 1)]
    works = [work(event.work) for event in events]
    issue = composed(material(works, events, told=[one.id for one in works])).issue
    assert [one.event.kind.value for one in issue.corrections] == [
        *("retracted", "concern", "withdrawn", "our_mistake", "corrected"),
        *("published", "results", "status", "overdue"),
    ]


POSTED = work(
    1,
    Design.REGISTRATION,
    "A made-up registered trial with results",
    published=PartialDate(2020, 3, 1),
    results_posted=PartialDate(2026, 11, 12),
    status="COMPLETED",
    registrations=("NCT99900001",),
    doi="",
)


def test_posted_results() -> None:
    """Results in a registry are worth reading after trials, by the day they were posted on; the plan's day is past."""
    issue = composed(material([POSTED, work(2, Design.RCT), work(3, Design.REGISTRATION)])).issue
    placed = [(item.study.id, item.section) for item in issue.items]
    assert placed == [(2, Section.WORTH_READING), (1, Section.WORTH_READING), (3, Section.TRIALS)]
    first = composed(material([POSTED], previous=None)).issue
    assert sections(first) == {1: Section.WORTH_READING}
    long_ago = replace(POSTED, record=replace(POSTED.record, results_posted=PartialDate(2024)))
    assert sections(composed(material([long_ago])).issue) == {1: Section.FOUND_LATE}


def test_posted_results_of_a_related_subject() -> None:
    """Results that only touch the subject stand below the line, with the reason."""
    (item,) = composed(material([replace(POSTED, verdict=replace(POSTED.verdict, tier=Tier.RELATED))])).issue.items
    assert (item.section, item.reasons) == (Section.BELOW_THE_LINE, ("related subject",))


def test_delayed() -> None:
    """What only sources hold that were out of order when the period began, and held by then, says so."""
    known = work(1, Design.RCT, published=PartialDate(2026, 11, 2))
    elsewhere = replace(work(2, Design.RCT, published=PartialDate(2026, 11, 2)), sources=("DOAJ", "PubMed"))
    later = work(3, Design.RCT, published=PartialDate(2026, 11, 20))
    issue = composed(material([known, elsewhere, later], missed=frozenset({"PubMed"}))).issue
    assert {item.study.id: item.delayed for item in issue.items} == {1: True, 2: False, 3: False}
    assert not any(item.delayed for item in composed(material([known])).issue.items)
