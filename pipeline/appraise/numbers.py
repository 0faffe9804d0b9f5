"""Whole numbers as abstracts write them: 66, 1,234, 13 388, sixty-six, one hundred and twenty-six."""

import re

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_SMALL = (*_ONES, *_TEENS)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: value for value, word in enumerate(_SMALL, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}

# Longer words first, so that "sixteen" is not read as "six". "And" joins only what follows a hundred or a thousand:
# "one and two" are two numbers.
_WORD = rf"(?:{'|'.join([*reversed(_SMALL), *_TENS, 'hundred', 'thousand'])})"
_SPELLED = re.compile(rf"\b{_WORD}(?:(?: - |[ -]|(?:(?<=hundred)|(?<=thousand))(?: and |-and-)){_WORD}){{0,7}}\b")
# Groups of three digits, with a comma or a blank between them (ISO 80000-1 has the blank).
_GROUPED = re.compile(r"\d(?<![\d.,]\d)\d{0,2}(?:(?:,\d{3}(?!\d)){1,2}|(?:[\u2009\u202f\u00a0 ]\d{3}(?![\d.,%])){1,2})")
_NO_DIGIT = re.compile(r"\D")

SMALL = _SMALL
"""The words for one to nineteen."""
# One of them is in every other word for a number.
_LARGE = ("hundred", "thousand", "enty", "irty", "orty", "ifty", "ixty", "ighty", "inety")


def spells(text: str) -> bool:
    """Whether a text in lower case may hold a number of twenty or more in words."""
    return any([word in text for word in _LARGE])


def in_digits(text: str) -> str:
    """A text in lower case with its whole numbers in plain digits: neither words nor marks between thousands."""
    return _GROUPED.sub(_plain, _SPELLED.sub(_read, text))


def _plain(grouped: re.Match[str]) -> str:
    return _NO_DIGIT.sub("", grouped[0])


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
