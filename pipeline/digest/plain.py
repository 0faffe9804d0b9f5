"""What keeps a text from being plain: words that promise too much, and abbreviations that nobody explains.

Abbreviations are found by their capitals. What a text itself explains, as "long form (SF)", is found as Schwartz and
Hearst do (Pacific Symposium on Biocomputing 2003): each letter of the short form, backwards, in the words before it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from pipeline.text import clean, fold

_TOKEN = re.compile(r"[^\W_]+")
# "n = 40", "p < 0.05": letters of statistics, which only professionals read.
_STATISTIC = re.compile(r"\b[^\W\d_]\s*[=<>\u2264\u2265]")
_ROMAN = re.compile(r"[IVX]+")
_REACH = 300  # characters in which a long form stands
_BRACKETED = re.compile(r"\(([^\W_]{2,10})(?=[),;])")


def visible(text: str) -> str:
    """A text without what readers cannot see, so that nothing hides a word in it."""
    told = clean(text)
    return told if told.isprintable() else "".join(char for char in told if unicodedata.category(char) != "Cf")


def has_any(words: tuple[str, ...], text: str) -> bool:
    """Whether a text has one of these words; case and accents do not matter, and ``*`` stands for any ending."""
    return bool(words) and _pattern(words).search(fold(visible(text))) is not None


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    folded = (fold(word) for word in words)
    parts = (rf"{re.escape(word[:-1])}\w*" if word.endswith("*") else re.escape(word) for word in folded)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})(?![^\W_])")


def abbreviations(text: str) -> list[str]:
    """Every abbreviation in a text, once, in order, without the s of a plural."""
    seen = visible(text)
    tokens = (found[0] for found in _TOKEN.finditer(seen))
    short = (token.removesuffix("s") for token in tokens if _is_short(token))
    return list(dict.fromkeys((*short, *(found[0] for found in _STATISTIC.finditer(seen)))))


def _is_short(token: str) -> bool:
    """Two capitals or more, and no fewer than small letters; or one beside a digit. A Roman number is none."""
    upper, lower = sum(map(str.isupper, token)), sum(map(str.islower, token))
    if upper < 2 or upper < lower:
        return upper > 0 and any(map(str.isdigit, token))
    return not _ROMAN.fullmatch(token)


def explained(texts: Iterable[str]) -> dict[str, str]:
    """The short forms that texts explain, each with its long form in the text's own words."""
    return {short: long for text in texts for short, long in _explained(visible(text))}


def _explained(text: str) -> Iterator[tuple[str, str]]:
    for found in _BRACKETED.finditer(text):
        short = found[1]
        before = text[max(0, found.start() - _REACH) : found.start()].split()[-min(len(short) + 5, len(short) * 2) :]
        plain = short.removesuffix("s")
        if _is_short(short) and (long := _initials(plain, before) or _long_form(plain, " ".join(before))):
            yield plain, long


def _initials(short: str, before: Sequence[str]) -> str:
    """The words whose first letters are the short form; empty if these are others."""
    last = before[-len(short) :]
    begin = "".join(word[0] for word in last)
    return " ".join(last) if begin.casefold() == short.casefold() else ""


def _long_form(short: str, before: str) -> str:
    """The words at the end of a text that have the letters of the short form, the first at a word's beginning."""
    at = len(before)
    for place in range(len(short) - 1, -1, -1):
        at -= 1
        while at >= 0 and (
            before[at].lower() != short[place].lower() or (place == 0 and at > 0 and before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    return before[at:]
