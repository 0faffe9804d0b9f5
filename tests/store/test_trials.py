"""The course of registered trials: another state, posted results, overdue results, each recorded once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.model import (
    Design,
    EventKind,
    Judgement,
    Matter,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Ruling,
    Sameness,
)
from pipeline.run import draw_conclusions, note_overdue
from pipeline.store import Store
from pipeline.store.schema import m006_results_in_works
from tests.match.records import record
from tests.store.keeping import NOW, SUBJECT, advance, keep, memory_store
from tests.store.test_told import tell

DAY = timedelta(days=1)
TRIAL = record(
    "clinicaltrials:NCT00000001",
    title="Acupuncture in multiple sclerosis, a made-up registration",
    author="",
    registrations=("NCT00000001",),
    publication_types=("Clinical Trial Registration",),
    status="RECRUITING",
)
SECOND = "Acupuncture in multiple sclerosis, the registration of another made-up trial"
COMPLETED = replace(TRIAL, status="COMPLETED", completed=PartialDate(2026, 3))
PAPER = record(
    "pubmed:1",
    title="Acupuncture for gait in multiple sclerosis (made up)",
    pmid="1",
    registrations=("NCT00000001",),
)
RESULTS = "https://clinicaltrials.gov/study/NCT00000001?tab=results"


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with memory_store() as store:
        yield store


def course(store: Store) -> list[tuple[EventKind, str]]:
    """What was recorded of trials, oldest first."""
    kinds = (EventKind.STATUS, EventKind.RESULTS, EventKind.OVERDUE, EventKind.OUR_MISTAKE)
    return [(one.kind, one.notice) for one in store.told.events_since(NOW - DAY) if one.kind in kinds]


def moved(was: str, now: str) -> tuple[EventKind, str]:
    """A change of state as it is recorded."""
    return EventKind.STATUS, f"{was} → {now}"


def rebuild(store: Store, now: datetime = NOW + 9 * DAY) -> None:
    """Draw every conclusion anew."""
    run = store.statements.begin_run(now, "0", "rebuild")
    store.pairs.compare_all_anew()
    draw_conclusions(store, SUBJECT, run, now)


def test_status(store: Store) -> None:
    """Each change of state is recorded once, there and back again; a trial that is new has changed in nothing."""
    advance(store, TRIAL)
    assert course(store) == []
    states = ["SUSPENDED", "RECRUITING", "SUSPENDED"]
    for day, state in enumerate(states, 1):
        advance(store, replace(TRIAL, status=state), now=NOW + day * DAY)
        advance(store, replace(TRIAL, status=state, keywords=("acupuncture",)), now=NOW + day * DAY)
    assert course(store) == [moved(was, now) for was, now in zip(["RECRUITING", *states], states, strict=False)]


@pytest.mark.parametrize("state", ["Recruiting", ""])
def test_no_change(store: Store, state: str) -> None:
    """Other spelling, or a state that is no longer stated, is no change; nor is what comes after such a gap."""
    advance(store, TRIAL)
    advance(store, replace(TRIAL, status=state), now=NOW + DAY)
    advance(store, TRIAL, now=NOW + 2 * DAY)
    assert course(store) == []


def test_results(store: Store) -> None:
    """Results are told when they are posted, once, with where they are; not when the trial is found with them."""
    posted = replace(TRIAL, results_posted=PartialDate(2026, 11, 2))
    advance(store, replace(posted, source_id="NCT00000002", registrations=("NCT00000002",), title=SECOND))
    advance(store, TRIAL)
    assert course(store) == []
    for day, one in enumerate([posted, replace(posted, status="COMPLETED"), TRIAL, posted], 1):
        advance(store, one, now=NOW + day * DAY)
    assert [notice for kind, notice in course(store) if kind is EventKind.RESULTS] == [RESULTS]


def test_rebuild_invents_nothing(store: Store) -> None:
    """Drawing all conclusions anew records nothing of a trial's course."""
    advance(store, TRIAL, PAPER)
    advance(store, replace(COMPLETED, results_posted=PartialDate(2026, 11, 3)), now=NOW + DAY)
    before = course(store)
    assert [kind for kind, _ in before] == [EventKind.STATUS, EventKind.RESULTS]
    rebuild(store)
    assert course(store) == before


def test_changed_before_a_rebuild(store: Store) -> None:
    """What was harvested by runs that were killed is recorded once, from the state that was concluded last."""
    advance(store, TRIAL)
    keep(store, replace(TRIAL, status="SUSPENDED"), now=NOW + DAY)
    keep(store, COMPLETED, now=NOW + 2 * DAY)
    assert course(store) == []
    rebuild(store)
    advance(store, COMPLETED, now=NOW + 10 * DAY)
    assert course(store) == [moved("RECRUITING", "COMPLETED")]


def test_out_of_the_subject(store: Store) -> None:
    """Nothing is told of a trial that is not about the subject."""
    stranger = replace(TRIAL, title="Yoga for back pain, a made-up registration")
    advance(store, stranger)
    advance(store, replace(stranger, status="COMPLETED"), now=NOW + DAY)
    assert course(store) == []


def test_article_in_one_work(store: Store) -> None:
    """What PubMed calls a status is none of a trial, even where an operator says that both are one publication."""
    paper = replace(PAPER, status="In-Process")
    advance(store, TRIAL, paper)
    store.judgements.keep([Judgement(TRIAL.key, paper.key, Sameness.SAME)], "", NOW)
    advance(store, now=NOW + DAY)
    advance(store, replace(paper, status="MEDLINE"), now=NOW + 2 * DAY)
    assert store.catalogue.find("NCT00000001").records == (TRIAL.key, paper.key)
    assert course(store) == []


@pytest.mark.parametrize("number", ["NCT00000000", "NCT00000002"])
def test_merged_and_split(store: Store, number: str) -> None:
    """Where two registrations become one work, or two again, another record speaks and nothing has happened."""
    other = replace(
        TRIAL,
        source_id=number,
        registrations=(number,),
        title="Acupuncture in multiple sclerosis, another made-up registration",
        status="COMPLETED",
        results_posted=PartialDate(2026, 1),
    )
    advance(store, TRIAL)
    advance(store, other)
    store.judgements.keep([Judgement(TRIAL.key, other.key, Sameness.SAME)], "", NOW)
    for day, one in enumerate([replace(TRIAL, keywords=("k",)), replace(other, keywords=("k",))], 1):
        advance(store, one, now=NOW + day * DAY)
    assert len(store.conclusions.studies()) == 1
    [said] = store.judgements.concerning([TRIAL])
    store.judgements.undo(said, NOW)
    advance(store, TRIAL, other, now=NOW + 4 * DAY)
    assert len(store.conclusions.studies()) == 2
    assert course(store) == []


def test_other_rules(store: Store) -> None:
    """What is concluded otherwise from records that say the same has not happened to the trial."""
    advance(store, replace(TRIAL, results_posted=PartialDate(2026, 1)))
    with store.atomic() as db:
        db.execute("UPDATE works SET content = json_remove(json_set(content, '$.status', 'A'), '$.results_posted')")
    rebuild(store)
    assert course(store) == []


def test_older_store(store: Store) -> None:
    """Results that works of an older store do not mention, though their records do, are no news after the migration."""
    posted = replace(TRIAL, results_posted=PartialDate(2026, 1))
    unread = replace(TRIAL, source_id="NCT00000002", registrations=("NCT00000002",), title=SECOND)
    advance(store, posted, unread)
    with store.atomic() as db:
        db.execute("UPDATE works SET content = json_remove(content, '$.results_posted')")
        m006_results_in_works(db)
        found = [json.loads(row[0]).get("results_posted") for row in db.execute("SELECT content FROM works")]
    assert sorted(found, key=str) == [None, {"year": 2026, "month": 1}]
    again = [replace(one, completed=PartialDate(2025)) for one in (posted, unread)]
    advance(store, *again, now=NOW + DAY)
    assert course(store) == []


# --- overdue ------------------------------------------------------------------------------------------

DUE = datetime(2027, 4, 1, 6, tzinfo=UTC)  # the first day after a year from the last of March 2026
OVERDUE = (EventKind.OVERDUE, "2027-03-31 (12 months after the primary completion, 2026-03)")


def look(store: Store, now: datetime = DUE) -> list[tuple[EventKind, str]]:
    """Look for what is overdue, as a run does; everything of that kind that was recorded."""
    run = store.statements.begin_run(now, "0")
    note_overdue(store, run, now)
    return [one for one in course(store) if one[0] is EventKind.OVERDUE]


@pytest.mark.parametrize("state", ["COMPLETED", "TERMINATED"])
def test_overdue(store: Store, state: str) -> None:
    """Results become overdue by time alone, a year after the last day the completion date may mean; told once."""
    advance(store, replace(COMPLETED, status=state))
    assert look(store, DUE - DAY) == []
    assert look(store) == [OVERDUE]
    assert look(store, DUE + 99 * DAY) == [OVERDUE]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "RECRUITING"},
        {"status": "UNKNOWN"},
        {"completed": None},
        {"results_posted": PartialDate(2026, 12)},
        {"title": "Yoga for back pain, a made-up registration"},
        {"relations": (Relation(RelationKind.RESULTS_IN, "RESULT", pmid="7"),)},
    ],
)
def test_not_overdue(store: Store, change: dict[str, Any]) -> None:
    """A trial that goes on, has no known end, shows results, is off the subject or names its publication is not."""
    advance(store, replace(COMPLETED, **change))
    assert look(store) == []


def test_published(store: Store) -> None:
    """A publication that states the trial's number is taken for its results; a protocol is not, whoever names it."""
    protocol = replace(PAPER, title="Acupuncture for gait in multiple sclerosis: study protocol (made up)")
    own = Relation(RelationKind.RESULTS_IN, "DERIVED", pmid="1")
    advance(store, COMPLETED, PAPER)
    assert look(store) == []
    advance(store, replace(COMPLETED, relations=(own,)), protocol)
    assert store.catalogue.find("1").facts.design
    assert look(store) == [OVERDUE]


def test_due_when_first_seen(store: Store) -> None:
    """What was overdue when it was found is no news, unless the trial has ended for the registry since."""
    old = replace(COMPLETED, completed=PartialDate(2024, 5))
    late = replace(TRIAL, source_id="NCT00000002", registrations=("NCT00000002",), title=SECOND)
    advance(store, old, late)
    ended = replace(late, status="COMPLETED", completed=PartialDate(2025, 2, 3))
    advance(store, replace(old, keywords=("acupuncture",)), ended, now=NOW + DAY)
    assert look(store, NOW + DAY) == [
        (EventKind.OVERDUE, "2026-02-03 (12 months after the primary completion, 2025-02-03)")
    ]


def test_rebuild_looks_at_no_clock(store: Store) -> None:
    """A rebuild records nothing that time has brought about: a run does."""
    advance(store, COMPLETED)
    rebuild(store, DUE)
    assert course(store) == []


def test_judged_design(store: Store) -> None:
    """What an operator says is no registration is not looked at."""
    advance(store, COMPLETED)
    store.judgements.keep([Ruling(COMPLETED.key, Matter.DESIGN, Design.RCT.value)], "", NOW)
    advance(store, now=NOW + DAY)
    assert look(store) == []


def test_told_of_the_trial(store: Store) -> None:
    """What became of a trial passes with it to the work that takes in its record, and is untold until it is claimed."""
    advance(store, TRIAL)
    tell(store, 1, [event.id for event in store.told.untold("weekly")])
    advance(store, COMPLETED, now=NOW + 2 * DAY)
    [event] = store.told.untold("weekly")
    assert (event.kind, event.work, event.notice) == (EventKind.STATUS, 1, "RECRUITING → COMPLETED")
    twin = replace(PAPER, source="europepmc", registrations=(), doi="10.5555/x", pmid="")
    advance(store, twin, now=NOW + 3 * DAY)
    store.judgements.keep([Judgement(TRIAL.key, twin.key, Sameness.SAME)], "", NOW)
    advance(store, now=NOW + 4 * DAY)
    assert (EventKind.STATUS, store.catalogue.find("NCT00000001").id) in {
        (one.kind, one.work) for one in store.told.untold("weekly")
    }


def test_found_elsewhere_first(store: Store) -> None:
    """A trial that a feed told of has no state yet: the registry's first word is no change."""
    feed: Record = replace(TRIAL, source="feed:x", source_id="1", status="", url="https://example.org/NCT00000001")
    advance(store, feed)
    advance(store, TRIAL, now=NOW + DAY)
    assert len(store.conclusions.studies()) == 1
    assert course(store) == []
    advance(store, COMPLETED, now=NOW + 2 * DAY)
    assert course(store) == [moved("RECRUITING", "COMPLETED")]
