"""The subject as a boolean query."""

from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.query import Syntax, boolean_query, split_queries
from pipeline.screen.subject import Concept


def concept(name: str, wide: Iterable[str] = ()) -> Concept:
    """A concept that is asked for by one word."""
    return Concept(name, (), (name,), tuple(wide), (name,))


def compiled(*concepts: Concept) -> str:
    """The query in a syntax without fields."""
    return boolean_query(concepts, lambda one: one.search, lambda one: one.wide)


@pytest.mark.parametrize(
    ("concepts", "expected"),
    [
        ([concept("a")], "(a)"),
        ([concept("a", "x")], "(a OR x)"),
        ([concept("a"), concept("b")], "(a) AND (b)"),
        ([concept("a"), concept("b", "y")], "(a) AND (b OR y)"),
        ([concept("a", "x"), concept("b")], "(((a) AND (b)) OR ((x) AND (b)))"),
        ([concept("a", "x"), concept("b", "y")], "(((a) AND (b OR y)) OR ((x) AND (b)))"),
        (
            [concept("a", "x"), concept("b", "y"), concept("c", "z")],
            "(((a) AND (((b) AND (c OR z)) OR ((y) AND (c)))) OR ((x) AND (b) AND (c)))",
        ),
    ],
)
def test_at_most_one_wide(concepts: list[Concept], expected: str) -> None:
    """Every concept is asked for, at most one of them by its wide words."""
    assert compiled(*concepts) == expected


def test_repeated_forms() -> None:
    """A form that is given twice is asked for once."""
    assert boolean_query([concept("a")], lambda one: (*one.search, "a"), lambda one: one.wide) == "(a)"


def parted(limit: int, *concepts: Concept) -> tuple[str, ...]:
    """Queries of at most so many characters."""
    return split_queries(concepts, lambda one: one.search, lambda one: one.wide, Syntax(" + ", " | ", limit))


WORDS = [Concept("a", (), ("aa", "ab", "ac", "ad"), ("w",), ("aa",)), Concept("b", (), ("b",), (), ("b",))]


def test_split() -> None:
    """What is too long is parted at its longest concept; wide forms have a query of their own, beside narrow ones."""
    assert parted(1_000, *WORDS) == ("(aa | ab | ac | ad) + (b)", "(w) + (b)")
    assert parted(20, *WORDS) == ("(aa | ab) + (b)", "(ac | ad) + (b)", "(w) + (b)")


def test_split_no_further() -> None:
    """One form of each concept is the least; it is asked for even where that is too long."""
    assert parted(3, *WORDS) == ("(aa) + (b)", "(ab) + (b)", "(ac) + (b)", "(ad) + (b)", "(w) + (b)")


@given(
    st.lists(st.lists(st.text("abc", min_size=1, max_size=9), min_size=1, max_size=12), min_size=1, max_size=3),
    st.integers(10, 60),
)
def test_split_finds_the_same(forms: list[list[str]], limit: int) -> None:
    """The parts hold every combination of forms, once, and none is too long that could be shorter."""
    concepts = [Concept(str(place), (), tuple(one), (), tuple(one)) for place, one in enumerate(forms)]
    queries = parted(limit, *concepts)
    found = [
        combination
        for query in queries
        for combination in product(*(part.strip("()").split(" | ") for part in query.split(" + ")))
    ]
    assert sorted(found) == sorted(product(*(dict.fromkeys(one) for one in forms)))
    assert all(len(query) <= limit or " | " not in query for query in queries)
