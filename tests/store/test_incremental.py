"""Works grow record by record into what grouping all records at once would make of them."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import StoreError
from pipeline.match import CROWD, VERSION, group
from pipeline.model import Author, Record, Tier
from pipeline.store import Store, writing
from pipeline.store.catalogue import Filter
from pipeline.store.pairs import BATCH
from tests.match.records import record
from tests.match.test_group import RECORDS
from tests.store.keeping import NOW, advance, keep, memory_store

ALL = Filter(tiers=tuple(Tier))
ABSTRACTS = "10.5555/congress"


@dataclass(frozen=True)
class Grouped:
    """How records form works, why, how works are linked, and which of those that are not may be one."""

    works: frozenset[tuple[str, ...]]
    joins: frozenset[Any]
    links: frozenset[Any]
    uncertain: frozenset[Any]


def at_once(records: Sequence[Record]) -> Grouped:
    """All records grouped together."""
    found = group(records)
    links = {(link.a, link.b, link.relationship.value, link.reason) for link in found.links}
    home = {key: work for work in found.works for key in work}
    linked = {frozenset((home[link.a], home[link.b])) for link in found.links}
    uncertain = {frozenset((home[pair.a], home[pair.b])) for pair in found.uncertain}
    return Grouped(
        frozenset(found.works), frozenset(found.joins.items()), frozenset(links), frozenset(uncertain - linked)
    )


def in_store(store: Store) -> Grouped:
    """The works of a store, as its catalogue shows them."""
    dossiers = [store.catalogue.dossier(work) for work in store.catalogue.works(ALL)]
    shown = [one for dossier in dossiers for one in dossier.evidence]
    records = {one.work.id: one.work.records for one in dossiers}
    links = {(link["from"], link["to"], link["relationship"], link["reason"]) for one in dossiers for link in one.links}
    return Grouped(
        frozenset(tuple(one.record.key for one in dossier.evidence) for dossier in dossiers),
        frozenset((one.record.key, one.joined_by) for one in shown if one.joined_by),
        frozenset(links),
        frozenset(frozenset(records[work] for work in doubt.works) for one in dossiers for doubt in one.doubts),
    )


def batches(records: Sequence[Record], shuffle: random.Random) -> list[Sequence[Record]]:
    """The records in order, cut anywhere."""
    cuts = sorted(shuffle.randint(0, len(records)) for _ in range(3))
    return [records[start:end] for start, end in zip([0, *cuts], [*cuts, len(records)], strict=True)]


WORLDS = st.lists(RECORDS, min_size=2, max_size=9, unique_by=lambda one: one.key)


@settings(max_examples=80)
@given(WORLDS, WORLDS, st.randoms(use_true_random=False))
def test_batches(world: Sequence[Record], edits: Sequence[Record], shuffle: random.Random) -> None:
    """However records arrive, are cut into batches and change, the store holds what all at once amount to."""
    arrivals = [*shuffle.sample(world, len(world)), *edits]
    latest = {one.key: one for one in arrivals}
    with memory_store() as store:
        for batch in batches(arrivals, shuffle):
            advance(store, *{one.key: one for one in batch}.values())
        assert in_store(store) == at_once(list(latest.values()))


@settings(max_examples=40)
@given(WORLDS, WORLDS, st.randoms(use_true_random=False))
def test_all_anew(world: Sequence[Record], edits: Sequence[Record], shuffle: random.Random) -> None:
    """Concluding everything anew gives the same works, under the same numbers, and nothing happens."""
    arrivals = [*shuffle.sample(world, len(world)), *edits]
    with memory_store() as store:
        for batch in batches(arrivals, shuffle):
            advance(store, *{one.key: one for one in batch}.values())
        before = in_store(store), list(store.catalogue.works(ALL)), store.told.untold("weekly")
        store.pairs.compare_all_anew()
        advance(store, now=NOW + timedelta(days=1))
        assert (in_store(store), list(store.catalogue.works(ALL)), store.told.untold("weekly")) == before


@settings(max_examples=40)
@given(WORLDS, st.randoms(use_true_random=False))
def test_other_rules(world: Sequence[Record], shuffle: random.Random) -> None:
    """What other rules keyed and compared is keyed and compared anew by the next run, whatever they made of it."""
    with memory_store() as store:
        for batch in batches(world, shuffle):
            advance(store, *batch)
        rows = store.pairs.waiting()
        with store.atomic() as db:
            db.execute("DELETE FROM record_keys WHERE record % 2")
            db.execute("INSERT INTO record_keys SELECT 'old:key', id FROM records")
            db.execute("DELETE FROM links")
            db.execute("UPDATE pairs SET certain = 1 - certain")
            db.execute("UPDATE records SET matched_by = iif(id % 2, ?, ?)", [VERSION - 1, VERSION + 1])
        assert (rows, len(store.pairs.waiting())) == ([], len(world))
        advance(store)
        assert in_store(store) == at_once(world)
        assert store.pairs.waiting() == []


HALF = BATCH // 2 + 20
MANY = [
    record(f"{source}:{n:04}", title=f"Acupuncture in multiple sclerosis {n}", author=f"Author {n}", doi=f"10.5555/{n}")
    for source in ("pubmed", "europepmc")
    for n in range(HALF)
]
"""More records than are concluded from in one go; each publication spans two batches."""


def test_many() -> None:
    """Many records come in batches, and end as the works that they are, each new once."""
    with memory_store() as store:
        advance(store, *MANY)
        works = list(store.catalogue.works(ALL))
        assert {work.records for work in works} == {(f"europepmc:{n:04}", f"pubmed:{n:04}") for n in range(HALF)}
        assert [event.work for event in store.told.untold("weekly")] == [work.id for work in works]
        assert len(store.conclusions.waiting("another profile")) == BATCH


def concluded(store: Store, after: float) -> int:
    """Draw conclusions, interrupted after so many steps of SQLite (a thousand operations each); the steps taken."""
    steps = 0

    def step() -> bool:
        nonlocal steps
        steps += 1
        return steps > after

    with store.atomic() as db:
        db.conn.set_progress_handler(step, 1000)
    advance(store)
    return steps


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_cut_short(tmp_path: Path, share: float) -> None:
    """When conclusions are cut short, between batches or within one, the next run goes on to the same end."""
    with memory_store() as store:
        keep(store, *MANY)
        steps = concluded(store, math.inf)
        whole = list(store.catalogue.works(ALL)), [event.work for event in store.told.untold("weekly")]
    with writing(tmp_path / "litwatch.db") as store:
        keep(store, *MANY)
    with pytest.raises(StoreError, match="interrupted"), writing(tmp_path / "litwatch.db") as store:
        concluded(store, steps * share)
    with writing(tmp_path / "litwatch.db") as store:
        advance(store)
        assert (list(store.catalogue.works(ALL)), [event.work for event in store.told.untold("weekly")]) == whole


def crowd(size: int) -> list[Record]:
    """Abstracts under the DOI of a whole congress, and nothing else that ties them."""
    return [
        record(f"feed:{number:03}", title=f"Acupuncture in multiple sclerosis: abstract {number}", doi=ABSTRACTS)
        for number in range(size)
    ]


@settings(max_examples=12)
@given(st.integers(CROWD - 2, CROWD + 3), st.integers(0, 4), WORLDS, st.randoms(use_true_random=False))
def test_crowd(size: int, leaving: int, world: Sequence[Record], shuffle: random.Random) -> None:
    """A key that becomes crowded parts what it alone brought together, and joins it again when records leave it."""
    known = crowd(size)
    arrivals = [*known, replace(world[0], doi=ABSTRACTS), *world[1:]]
    shuffle.shuffle(arrivals)
    left = [replace(one, doi="", authors=(Author("Left"),)) for one in shuffle.sample(known, leaving)]
    with memory_store() as store:
        held: dict[str, Record] = {}
        for batch in (*batches(arrivals, shuffle), left):
            held |= {one.key: one for one in batch}
            advance(store, *batch)
            assert in_store(store) == at_once(list(held.values()))


def test_moment_of_crowding() -> None:
    """The record that makes a key crowded parts the works which that key made, and the one that leaves joins them."""
    records = [replace(one, title="Acupuncture in multiple sclerosis") for one in crowd(CROWD + 1)]
    with memory_store() as store:
        for arrival, works in ((records[:CROWD], 1), (records[CROWD:], CROWD + 1), ([replace(records[7], doi="")], 2)):
            advance(store, *arrival)
            assert len(in_store(store).works) == works
