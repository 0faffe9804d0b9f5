"""Volume, issue and pages, in the many ways in which they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.places import common_page, number_of, pages_of


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ("288-97", "288", "297"),
        ("1456\u20101463", "1456", "1463"),
        ("pp. 288 \u2013 297", "288", "297"),
        ("S417-S429", "s417", "s429"),
        ("2243-5; author reply 2243-5", "2243", "2245"),
        ("527-32.e1", "527", "532"),
        ("A175.E1638", "a175", ""),
        ("30-Jun", "30", "36"),
        ("288", "288", ""),
        ("0288-0297", "288", "297"),
        ("", "", ""),
        ("in press", "", ""),
    ],
)
def test_pages(stated: str, first: str, last: str) -> None:
    """First and last page: abbreviated, with any dash, with letters, and as a spreadsheet mangled them."""
    pages = pages_of(stated)
    assert pages.first == first
    assert pages.last == last


@pytest.mark.parametrize(
    ("stated", "number", "whole"),
    [
        ("e123", True, True),
        ("CD002273", True, True),
        ("a1754", True, True),
        ("43268", True, True),
        ("S72", False, False),
        ("P1234", False, False),
        ("EP1234", False, False),
        ("ii510", False, False),
        ("288-297", False, True),
        ("288-289", False, False),
        ("1-428", False, False),
    ],
)
def test_kinds(stated: str, number: bool, whole: bool) -> None:
    """An article number or three pages say where something stands; one page, or a whole supplement, does not."""
    assert (pages_of(stated).is_number, pages_of(stated).is_whole) == (number, whole)


def test_proof() -> None:
    """Numbered from 1, as a proof is before it has its place."""
    assert pages_of("1-9").is_proof
    assert not pages_of("1").is_proof
    assert (pages_of("1-9").length, pages_of("515-523").length) == (9, 9)


@pytest.mark.parametrize(("one", "other"), [("488", "487-488"), ("27", "S27"), ("567-569", "569")])
def test_common_page(one: str, other: str) -> None:
    """The last page alone, or a page without its letter, lies in the same place."""
    assert common_page(pages_of(one), pages_of(other))
    assert not common_page(pages_of("1"), pages_of(other))


@pytest.mark.parametrize(
    ("stated", "number"),
    [
        ("88 Suppl 1", "88"),
        ("30a", "30"),
        ("Suppl 2", "2"),
        ("suppl", "suppl"),
        ("1)", ""),
        ("60 (1 Supplement)", "60"),
        ("", ""),
    ],
)
def test_number(stated: str, number: str) -> None:
    """The first number counts; what is left of a bracket that lost its beginning does not."""
    assert number_of(stated) == number


@given(st.text())
def test_any_text(stated: str) -> None:
    """Any text is pages or none."""
    assert pages_of(stated).length >= 1
    assert isinstance(number_of(stated), str)


@pytest.mark.parametrize("stated", ["{0}", "{0}-{0}", "S{0}-S{0}", "1-{0}", "e{0}"])
def test_endless_number(stated: str) -> None:
    """A number of thousands of digits, which Python does not read, is no page, and does no harm."""
    pages = pages_of(stated.format("9" * 6_000))
    assert pages.length == 1
    assert not common_page(pages, pages_of("7"))
