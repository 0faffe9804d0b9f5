"""What readers know: issues with their claims and messages, all or nothing, and unforgotten when works merge."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.digest.issue import IssueRef
from pipeline.errors import NotFound
from pipeline.model import EventKind
from pipeline.store import Store
from pipeline.store.outbox import FileTarget
from pipeline.store.told import FrozenIssue
from tests.match.records import record
from tests.store.keeping import NOW, advance, memory_store

DAY = timedelta(days=1)
TEXTS = {"text": "Digest\r\n\u200b— unchanged —\n", "json": '{"a": 1}'}
TARGETS = (FileTarget("text", Path("out"), "weekly-0001.txt"), FileTarget("json", Path("out"), "weekly-0001.json"))
ONE, TWO = (
    record(f"pubmed:{n}", title=f"Acupuncture in multiple sclerosis, study {n}", doi=f"10.5555/{n}") for n in "12"
)


@pytest.fixture
def store() -> Iterator[Store]:
    """A store with two studies, the second a day younger."""
    with memory_store() as store:
        advance(store, ONE)
        advance(store, TWO, now=NOW + DAY)
        yield store


def tell(
    store: Store,
    number: int,
    claims: Sequence[int] = (),
    targets: Sequence[FileTarget] = (),
    digest: str = "weekly",
    shown: Iterable[int] = (),
    texts: Mapping[str, str] = TEXTS,
) -> IssueRef:
    """Keep an issue that was composed on the day of its number."""
    ref = IssueRef(number, NOW + number * DAY)
    store.told.keep_issue(FrozenIssue(digest, ref, "subject", texts, tuple(claims), frozenset(shown), tuple(targets)))
    return ref


def test_untold(store: Store) -> None:
    """An event is untold until an issue claims it, for each subscription on its own."""
    assert [(event.id, event.kind, event.work) for event in store.told.untold("weekly")] == [
        (1, EventKind.NEW, 1),
        (2, EventKind.NEW, 2),
    ]
    ref = tell(store, 1, [1])
    assert [event.id for event in store.told.untold("weekly")] == [2]
    assert [event.id for event in store.told.untold("other")] == [1, 2]
    assert (store.told.told("weekly"), store.told.told("other")) == ({1: ref}, {})


def test_period_of(store: Store) -> None:
    """What has an issue's own time belongs to that issue; what belongs to the first one began at no issue."""
    first = tell(store, 1)
    second = tell(store, 2)
    assert [store.told.period_of("weekly", first.composed_at + hours * DAY / 24) for hours in (0, 1, 24, 25)] == [
        None,
        first.composed_at,
        first.composed_at,
        second.composed_at,
    ]


def test_last_issue(store: Store) -> None:
    """The latest issue is that of the highest number, of this subscription."""
    assert store.told.last_issue("weekly") is None
    tell(store, 1)
    ref = tell(store, 2)
    tell(store, 7, digest="other")
    assert store.told.last_issue("weekly") == ref
    assert store.catalogue.counts()["issues"] == 3


@pytest.mark.parametrize("fault", ["claims an unknown event", "was printed before", "writes to one file twice"])
def test_all_or_nothing(store: Store, fault: str) -> None:
    """When any part of an issue cannot be kept, none of it is: neither text, nor claims, nor messages, nor its turn."""
    tell(store, 1)
    claims = [1, 99] if "event" in fault else [1]
    targets = TARGETS * 2 if "twice" in fault else TARGETS
    with pytest.raises(sqlite3.IntegrityError):
        tell(store, 1 if "before" in fault else 2, claims, targets)
    assert store.told.last_issue("weekly") == IssueRef(1, NOW + DAY)
    assert store.told.last_considered("weekly") == NOW + DAY
    assert len(store.told.untold("weekly")) == 2
    assert store.outbox.files() == []
    with pytest.raises(NotFound):
        store.told.printed("weekly", 2, "text")


def test_printed(store: Store) -> None:
    """An issue is printed again byte for byte; one that there is not is told, with the latest there is."""
    tell(store, 1)
    assert {name: store.told.printed("weekly", 1, name) for name in TEXTS} == TEXTS
    with pytest.raises(NotFound, match=r"digest 'weekly' has no issue 2; its latest is 1$"):
        store.told.printed("weekly", 2, "text")
    with pytest.raises(NotFound, match=r"digest 'none' has no issue 1$"):
        store.told.printed("none", 1, "text")


def test_told_first(store: Store) -> None:
    """A study is known from the first issue that told it, however many of its events later ones claim."""
    first = tell(store, 1, [1])
    advance(store, replace(ONE, publication_types=("Retracted Publication",)), now=NOW + 2 * DAY)
    retraction = store.told.untold("weekly")[-1]
    assert (retraction.kind, retraction.work, retraction.at) == (EventKind.RETRACTED, 1, NOW + 2 * DAY)
    second = tell(store, 2, [2, retraction.id])
    assert store.told.told("weekly") == {1: first, 2: second}


def test_merged_after_telling(store: Store) -> None:
    """When two studies turn out to be one, it is known from the issue that first told either; its events follow it."""
    first = tell(store, 1, [2])
    tell(store, 2, [1])
    advance(store, replace(TWO, doi=ONE.doi, title=ONE.title), now=NOW + 2 * DAY)
    assert store.told.told("weekly") == {1: first}
    assert {event.work for event in store.told.untold("other")} == {1}


def test_merged_before_telling(store: Store) -> None:
    """An event that waits when its work is merged away waits as one of the work that is left."""
    tell(store, 1, [1])
    advance(store, replace(TWO, doi=ONE.doi, title=ONE.title), now=NOW + 2 * DAY)
    assert [(event.id, event.work) for event in store.told.untold("weekly")] == [(2, 1)]


def test_events_since(store: Store) -> None:
    """What happened from a moment on, that moment included, whoever was told."""
    tell(store, 1, [1, 2])
    found = [[event.id for event in store.told.events_since(NOW + day * DAY)] for day in range(3)]
    assert found == [[1, 2], [2], []]


def test_considered(store: Store) -> None:
    """A subscription that had its turn, with an issue or without, is not due again at once."""
    assert store.told.last_considered("weekly") is None
    store.told.consider("weekly", NOW)
    assert store.told.last_considered("weekly") == NOW
    tell(store, 1)
    assert store.told.last_considered("weekly") == NOW + DAY
    assert store.told.last_considered("other") is None
