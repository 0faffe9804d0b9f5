"""Names of authors and journals made comparable: order, initials, particles, accents and abbreviations aside."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline import text
from pipeline.model import Author

_WORD = re.compile("[^\\W\\d_]{2,}|[\u2e80-\U0003ffff]")  # a family name may be one ideograph
_PARTICLES = frozenset(
    {
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin", "ibn",
        "ter", "ten", "st", "jr", "sr", "ii", "iii", "dr", "prof", "and", "et",
    }
)  # fmt: skip
_ALIKE = 80  # of 100: two spellings of one name ("Vishnevskii", "Vishnevski")
_ASKED = 4  # names that are compared letter by letter; lists of authors are cut, seldom reordered


def surnames(authors: Iterable[Author]) -> tuple[str, ...]:
    """The words of all family names and groups, folded, in order, each once."""
    return tuple(dict.fromkeys(word for author in authors for word in name_words(author.family or author.collective)))


@lru_cache(maxsize=65536)
def name_words(name: str) -> tuple[str, ...]:
    """The words of one name, folded; particles only if there is nothing else."""
    folded = text.fold(name).replace("'", "").replace("\u2019", "")
    words = _WORD.findall(folded)
    return tuple(word for word in words if word not in _PARTICLES) or tuple(words)


def everyone(authors: Iterable[Author]) -> frozenset[str]:
    """The words of all names, given ones as well: which is which is not the same in every language and database."""
    return frozenset(word for one in authors for word in name_words(f"{one.family} {one.given} {one.collective}"))


def overlap(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """The share of the shorter list's names that the longer one has, too; spellings may differ a little."""
    if len(a) > len(b):
        a, b = b, a
    others = set(b)
    common = sum(name in others for name in a)
    if common * 2 < len(a):
        common = sum(name in others or _near(name, b) for name in a[:_ASKED])
        return common / len(a[:_ASKED])
    return common / len(a)


def _near(name: str, others: tuple[str, ...]) -> bool:
    return any(fuzz.ratio(name, other) >= _ALIKE for other in others[: 2 * _ASKED])


_EMPTY = frozenset(
    {
        "a", "an", "the", "of", "in", "on", "for", "and", "de", "la", "le", "les", "der", "die", "das", "und", "et",
        "e", "y", "del", "di", "da", "des",
    }
)  # fmt: skip


_RUN_TOGETHER = 10  # letters of an abbreviation without blanks ("Jthoraccardiovascsurg")


# What follows a journal's name: a longer form, its place, the congress whose abstracts it prints (Embase).
_FOLLOWS = re.compile(r"\s[:=]\s|\(|\.\s*conference\b")
_JOURNAL_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16384)
def journal_words(stated: str) -> tuple[str, ...]:
    """The telling words of a journal's name, folded, without what follows it; a supplement is the journal's own."""
    words = _JOURNAL_WORD.findall(_FOLLOWS.split(text.fold(stated), maxsplit=1)[0])
    return tuple(word for word in words if word not in _EMPTY and not word.startswith("suppl"))


@lru_cache(maxsize=65536)
def same_journal(a: str, b: str) -> bool:
    """Whether two names may be one journal's: equal, or one the other's abbreviation, beginning or initials.

    ISO 4 abbreviates words by cutting or contracting them and leaves articles and prepositions out.
    """
    one, other = sorted((journal_words(a), journal_words(b)), key=lambda words: (len(words), words))
    if not one or not other:
        return False
    if _abbreviates(one, other) or "".join(one) == "".join(other):
        return True
    if len(one) == 1 and one[0] == "".join(word[0] for word in other):
        return True
    if len(one) == 1 and len(one[0]) >= _RUN_TOGETHER and _squeezed(one[0], "".join(other)):
        return True
    return fuzz.ratio(" ".join(one), " ".join(other)) >= 88


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether each word of the short name stands for one of the long name's, in order, the first for the first."""
    place = 0
    for index, word in enumerate(short):
        while place < len(long) and not _stands_for(word, long[place]):
            if index == 0:
                return False
            place += 1
        if place == len(long):
            return False
        place += 1
    return len(short) > 1 or len(long) == 1


def _stands_for(a: str, b: str) -> bool:
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return long.startswith(short) or (len(short) > 2 and _squeezed(short, long))


def _squeezed(short: str, long: str) -> bool:
    """Whether the letters of the short word stand in the long one, in order, beginning with its first."""
    if not short or short[0] != long[0] or (len(short) < 4 and len(long) > 3 * len(short)):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
