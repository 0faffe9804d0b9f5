"""What was told stays told, to those and in the issue in which it was, when works and studies merge and split."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.model import EventKind, Record, RelationKind
from pipeline.store import Store
from tests.match.records import pointing, record
from tests.store.keeping import NOW, advance, memory_store
from tests.store.test_told import tell

DAY = timedelta(days=1)
ONE = record("pubmed:1", title="Acupuncture in multiple sclerosis, a made-up study", pmid="1", doi="10.5555/1")
TWIN = replace(ONE, source="semanticscholar", pmid="", publication_types=("Retracted Publication",))
APART = replace(TWIN, doi="10.5555/2", title="Acupuncture in multiple sclerosis, another one (made up)")
PREPRINT = record(
    "europepmc:P", title="Acupuncture in multiple sclerosis, a preprint (made up)", doi="10.5555/p",
    publication_types=("Preprint",),
)  # fmt: skip
LINKED = replace(ONE, **pointing(RelationKind.HAS_PREPRINT, doi="10.5555/p"))


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with memory_store() as store:
        yield store


def claim(store: Store, number: int, digest: str = "weekly") -> None:
    """Tell a digest everything it has not been told, in an issue composed on the day of its number."""
    tell(store, number, [event.id for event in store.told.untold(digest)], digest=digest)


def told(store: Store, digest: str = "weekly") -> dict[str, int]:
    """The issue in which a digest first met the study of each record."""
    refs = store.told.told(digest)
    works = (work for study in store.conclusions.studies().values() for work in study.works)
    return {key: refs[work.study].number for work in works for key in work.records if work.study in refs}


def untold(store: Store, digest: str = "weekly") -> list[tuple[EventKind, int]]:
    """What a digest has not been told."""
    return [(event.kind, event.work) for event in store.told.untold(digest)]


def test_work_splits(store: Store) -> None:
    """The part with a new number counts as told to whom the whole was told; its retraction is not told again either."""
    advance(store, ONE, TWIN)
    claim(store, 1)
    tell(store, 1, digest="other")
    tell(store, 2)
    claim(store, 2, digest="third")
    advance(store, APART, now=NOW + 3 * DAY)
    assert store.catalogue.find("10.5555/2").id == 2
    assert store.catalogue.find("10.5555/2").facts.retracted
    assert (told(store), told(store, "third")) == (
        {"pubmed:1": 1, "semanticscholar:1": 1},
        {"pubmed:1": 2, "semanticscholar:1": 2},
    )
    assert untold(store) == untold(store, "third") == []
    assert [kind for kind, _ in untold(store, "other")] == [EventKind.NEW, EventKind.RETRACTED] * 2
    assert store.told.events_since(NOW + DAY) == ()


def test_change_after_a_split(store: Store) -> None:
    """What befalls the new number after the split is told."""
    advance(store, ONE, replace(TWIN, publication_types=()))
    claim(store, 1)
    advance(store, replace(APART, publication_types=()))
    advance(store, APART, now=NOW + DAY)
    assert untold(store) == [(EventKind.RETRACTED, 2)]


def test_split_before_it_was_told(store: Store) -> None:
    """Two works that were one before anybody was told are both new, since the one was found."""
    advance(store, ONE, replace(TWIN, publication_types=()))
    advance(store, replace(APART, publication_types=()), now=NOW + DAY)
    assert untold(store) == [(EventKind.NEW, 1), (EventKind.NEW, 2)]
    assert {event.at for event in store.told.untold("weekly")} == {NOW}


def test_part_that_came_later(store: Store) -> None:
    """A record that joined a work after that was told, and turns out to be another publication, is new to readers."""
    advance(store, ONE)
    claim(store, 1)
    advance(store, replace(TWIN, publication_types=()), now=NOW + 2 * DAY)
    claim(store, 3)
    claim(store, 4, digest="late")
    assert untold(store) == []
    advance(store, replace(APART, publication_types=()), now=NOW + 5 * DAY)
    assert untold(store) == [(EventKind.NEW, 2)]
    assert [event.at for event in store.told.untold("weekly")] == [NOW + 2 * DAY]
    assert untold(store, "late") == []


def test_study_splits(store: Store) -> None:
    """Works of one study that was told are told already when they turn out to be two studies."""
    advance(store, LINKED, PREPRINT)
    claim(store, 1)
    advance(store, ONE, now=NOW + DAY)
    assert len(store.conclusions.studies()) == 2
    assert told(store) == {"pubmed:1": 1, "europepmc:P": 1}
    assert untold(store) == []


@pytest.mark.parametrize("first", [ONE, APART])
def test_merges_with_untold(store: Store, first: Record) -> None:
    """A work that was told and one that was not are told when they become one; nothing of it is news but what is."""
    plain = replace(first, publication_types=())
    advance(store, plain)
    claim(store, 1)
    advance(store, *(replace(one, publication_types=()) for one in (ONE, APART)), now=NOW + DAY)
    advance(store, ONE, replace(TWIN, publication_types=()), now=NOW + 2 * DAY)
    assert told(store) == {"pubmed:1": 1, "semanticscholar:1": 1}
    assert set(untold(store)) == {(EventKind.NEW, 1)}  # claimed, and not told, by the next issue
    advance(store, ONE, TWIN, now=NOW + 3 * DAY)
    assert (EventKind.RETRACTED, 1) in untold(store)


def test_both_told(store: Store) -> None:
    """When two that were told become one and part again, nothing is told again."""
    advance(store, ONE, APART)
    claim(store, 1)
    for again in (TWIN, APART, TWIN, APART):
        advance(store, again)
        assert untold(store) == []
        assert told(store) == {"pubmed:1": 1, "semanticscholar:1": 1}


def test_part_passes_to_another(store: Store) -> None:
    """A study that was not told counts as told when it takes in a work of a study that was."""
    advance(store, LINKED, PREPRINT)
    claim(store, 1)
    second = replace(
        LINKED, source_id="2", pmid="2", doi="10.5555/2", title="Acupuncture in multiple sclerosis, second"
    )
    advance(store, replace(second, relations=()))
    assert set(told(store)) == {"pubmed:1", "europepmc:P"}
    advance(store, ONE, second)
    assert told(store) == {"pubmed:1": 1, "europepmc:P": 1, "pubmed:2": 1}


def test_record_moves_between_works(store: Store) -> None:
    """A work that was not told and stays so is not taken for told by what happens to others."""
    stranger = record("pubmed:7", title="Acupuncture in multiple sclerosis, a stranger (made up)", pmid="7")
    advance(store, ONE, TWIN)
    claim(store, 1)
    advance(store, stranger, APART)
    assert untold(store) == [(EventKind.NEW, store.catalogue.find("7").id)]


def test_shown_stays_shown(store: Store) -> None:
    """A part that splits off from what an issue showed counts as shown, one of what was only counted does not."""
    advance(store, ONE, TWIN)
    events = [event.id for event in store.told.untold("weekly")]
    tell(store, 1, events, shown=events)
    tell(store, 1, events, digest="other")
    advance(store, APART, now=NOW + 3 * DAY)
    assert store.told.shown("weekly") == {1, 2}
    assert not store.told.shown("other")
