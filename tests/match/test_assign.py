"""Ids are given once and kept."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.match import assign


def test_new() -> None:
    """Records nobody knew need a new id."""
    assert assign([("a",), ("b",)], {"a": 4}) == (4, None)


def test_merge() -> None:
    """When works merge, the older id stays."""
    assert assign([("a", "b", "c")], {"a": 7, "b": 3, "c": 7}) == (3,)


def test_split() -> None:
    """When a work splits, the part with most of its records keeps the id; on a tie the one with the smallest key."""
    assert assign([("a",), ("b", "c")], dict.fromkeys("abc", 1)) == (None, 1)
    assert assign([("b",), ("a",)], dict.fromkeys("ab", 1)) == (None, 1)


def test_moved() -> None:
    """A work that loses most of its records to an older one keeps its id for what is left."""
    assert assign([("a", "b", "c"), ("d",)], {"a": 1, "b": 2, "c": 2, "d": 2}) == (1, 2)


PARTITIONS = st.lists(st.integers(0, 3), max_size=8).map(
    lambda homes: [
        tuple(f"r{index}" for index, home in enumerate(homes) if home == group) for group in sorted(set(homes))
    ]
)


@given(PARTITIONS, st.dictionaries(st.integers(0, 9).map(lambda index: f"r{index}"), st.integers(1, 4)))
def test_distinct(groups: list[tuple[str, ...]], current: dict[str, int]) -> None:
    """No id is given twice, each is one of the group's own, and no group goes without while one of its own is free."""
    given_ids = assign(groups, current)
    kept = [work_id for work_id in given_ids if work_id is not None]
    assert len(kept) == len(set(kept))
    for group, work_id in zip(groups, given_ids, strict=True):
        own = {current[key] for key in group if key in current}
        assert work_id in own if work_id is not None else own <= set(kept)
