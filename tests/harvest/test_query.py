"""The subject as a boolean query."""

from collections.abc import Iterable

import pytest

from pipeline.harvest.query import boolean_query
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
