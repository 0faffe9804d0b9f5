"""Whole numbers in words and in groups of three digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.appraise.numbers import in_digits, spells_first, spells_inside, ungrouped


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("sixty-six patients", "66 patients"),
        ("sixty six patients", "66 patients"),
        ("fifty - five patients", "55 patients"),
        ("in all sixteen women", "in all 16 women"),
        ("one hundred and twenty-six adults", "126 adults"),
        ("three hundred eighty adults", "380 adults"),
        ("two thousand three hundred and five", "2305"),
        ("a hundred people", "a 100 people"),
        ("between one and two years", "between 1 and 2 years"),
        ("someone often weighed stones", "someone often weighed stones"),
    ],
)
def test_words(words: str, digits: str) -> None:
    """Number words become digits, and parts of other words stay."""
    assert in_digits(words) == digits


@pytest.mark.parametrize(
    ("text", "first", "inside"),
    [
        ("sixty patients were treated", True, False),
        ("two nurses were interviewed", True, False),
        ("in this study forty-two patients took part", False, True),
        ("a trial in eight people with ms", False, True),
        ("66 patients were treated in two groups", False, False),
        ("weight and quality of life", False, False),
    ],
)
def test_spells(text: str, first: bool, inside: bool) -> None:
    """What a sentence begins with, or a number above three inside it."""
    assert (spells_first(text), spells_inside(text)) == (first, inside)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("13,388 women", "13388 women"),
        ("13 388 women", "13388 women"),
        ("1 234 567 people", "1234567 people"),
        ("in 2019 120 patients", "in 2019 120 patients"),
        ("aged 45, 120 patients", "aged 45, 120 patients"),
        ("1.5, 2,5 and 3.125", "1.5, 2,5 and 3.125"),
    ],
)
def test_groups(text: str, plain: str) -> None:
    """A comma or a blank between thousands goes; what parts two numbers or a decimal stays."""
    assert ungrouped(text) == plain


@given(st.integers(0, 999_999_999))
def test_grouped(number: int) -> None:
    """A number reads the same with and without commas between its thousands."""
    assert ungrouped(f"{number:,}") == str(number)


@given(st.text())
def test_any_text(text: str) -> None:
    """No text is too strange to read."""
    assert isinstance(ungrouped(in_digits(text.lower())), str)
