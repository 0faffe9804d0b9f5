"""Whole numbers as abstracts write them: 66, 1,234, 13 388, sixty-six, one hundred and twenty-six."""

import re
from collections.abc import Iterable


def by_initial(words: Iterable[str]) -> str:
    """A pattern for any of the words, quick because only those with the right first letter are tried."""
    rests = dict[str, list[str]]()
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return "(?:" + "|".join(f"{initial}(?:{'|'.join(rest)})" for initial, rest in rests.items()) + ")"


_FEW = ("one", "two", "three")
_ONES = (*_FEW, "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {
    **{word: value for value, word in enumerate((*_ONES, *_TEENS), 1)},
    **{word: 10 * tens for tens, word in enumerate(_TENS, 2)},
}
# Longer words first, so that "sixteen" is not read as "six".
_WORDS = (*_TENS, *reversed(_TEENS), *reversed(_ONES), "hundred", "thousand")
_WORD = by_initial(_WORDS)
_FIRST = re.compile(_WORD)
# "And" joins only what follows a hundred or a thousand: "one and two" are two numbers.
_SPELLED = re.compile(rf"\b{_WORD}(?:(?: - |[ -]|(?:(?<=hundred)|(?<=thousand))(?: and |-and-)){_WORD}){{0,7}}\b")
# Inside a sentence the first three mostly count other things than people.
ABOVE_THREE = frozenset(_WORDS).difference(_FEW)
_INSIDE = re.compile(rf" {by_initial(word for word in _WORDS if word in ABOVE_THREE)}[ -]")
# Groups of three digits with a comma or a blank between them (ISO 80000-1 has the blank).
_GROUPED = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?:(?:,\d{3}(?!\d)){1,2}|(?:[\u2009\u202f\u00a0 ]\d{3}(?![\d.,%])){1,2})")
_NO_DIGIT = re.compile(r"\D")


def spells_inside(text: str) -> bool:
    """Whether a text in lower case holds a number above three in words."""
    return _INSIDE.search(text) is not None


def spells_first(text: str) -> bool:
    """Whether a sentence in lower case begins with a number in words.

    Style guides have small numbers, and those that begin a sentence, in words (AMA Manual of Style, chapter 18).
    """
    return _FIRST.match(text) is not None


def in_digits(text: str) -> str:
    """A text in lower case with its numbers in digits instead of words."""
    return _SPELLED.sub(_read, text)


def ungrouped(text: str) -> str:
    """A text with nothing between the thousands of its numbers."""
    return _GROUPED.sub(lambda grouped: _NO_DIGIT.sub("", grouped[0]), text)


def _read(spelled: re.Match[str]) -> str:
    """English number words: each scale multiplies what stands before it since the last larger one."""
    total = part = 0
    for word in re.split("[ -]+", spelled[0]):
        if word == "thousand":
            total, part = total + (part or 1) * 1000, 0
        elif word == "hundred":
            part = (part or 1) * 100
        else:
            part += _VALUES.get(word, 0)
    return str(total + part)
