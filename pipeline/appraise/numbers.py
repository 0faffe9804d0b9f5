"""Whole numbers as abstracts write them: 66, 1,234, 13 388, sixty-six, one hundred and twenty-six."""

import re

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_SMALL = (*_ONES, *_TEENS)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: value for value, word in enumerate(_SMALL, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 100, "thousand": 1000}

_WORD = rf"(?:{'|'.join([*reversed(_SMALL), *_TENS, *_SCALES])})"
# Not a part of a decimal, a range, a ratio, a percentage, an identifier.
NUMBER = (
    r"(?<![\w.,/:+<>=\u2013\u00b1-])"
    rf"(?:\d{{1,3}}(?:[,\u2009\u202f\u00a0 ]\d{{3}}){{1,2}}|\d{{1,6}}|{_WORD}(?:(?:-| and | ){_WORD}){{0,6}})"
    r"(?![\w%/:-]|[.,]\d|\s?%|\s?[\u2013\u00b1\u00d7])"
)
"""A pattern for one whole number; to be compiled ignoring case."""


def value(text: str) -> int:
    """The number that a match of :data:`NUMBER` stands for."""
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else _spelled(re.split(r"[-\s]+", text.casefold()))


def _spelled(words: list[str]) -> int:
    """English number words: each scale multiplies what stands before it since the last larger one."""
    total = part = 0
    for word in words:
        if word == "thousand":
            total, part = total + (part or 1) * 1000, 0
        elif word == "hundred":
            part = (part or 1) * 100
        else:
            part += _VALUES.get(word, 0)
    return total + part
