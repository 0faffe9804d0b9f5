"""The sentences of a scientific abstract."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, TypeVar

from pipeline.model import Fact, Record

T = TypeVar("T")


class Part(StrEnum):
    """What a part of a record tells. The parts of an abstract are the categories to which NLM maps its headings."""

    TITLE = "title"
    BACKGROUND = "background"
    OBJECTIVE = "objective"
    METHODS = "methods"
    RESULTS = "results"
    CONCLUSIONS = "conclusions"
    NOTES = "notes"  # registration, funding, keywords, copyright
    UNSTATED = "unstated"  # under no heading, or under one that does not say


class Sentence(NamedTuple):
    """A title or a sentence of an abstract, verbatim; ``lower`` is as long, so that places agree."""

    text: str
    lower: str
    part: Part

    def fact(self, value: T, found: re.Match[str], record: Record, group: int | str = 0) -> Fact[T]:
        """A value with the words that were found in ``lower``, as they are spelled here."""
        field = "title" if self.part is Part.TITLE else "abstract"
        return Fact(value, self.text[found.start(group) : found.end(group)], field, record.key)


def folded(text: str) -> str:
    """Lower case, letter by letter: the few capitals that become two letters stay, so that places stay.

    The hyphens that some publishers set (U+2010, U+2011) become the one of the keyboard.
    """
    if not text.isascii():
        text = text.replace("\u2010", "-").replace("\u2011", "-")
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(low if len(low := char.lower()) == 1 else char for char in text)
    )


# A stop, perhaps with closing quotes or brackets, then a blank, then what may begin a sentence.
# Between digits a stop with blanks on both sides is the point of a decimal, in texts that come as tokens ("7 . 5 %").
_END = re.compile(
    r"[.!?\u3002\uff01\uff1f][)\]\"'\u2019\u201d]*\s+(?=[\"'(\[\u2018\u201c\u2014]?[^\Wa-z_])(?:(?<!\d\s\.\s)|(?!\d))"
)
# What ends in a stop and does not end a sentence: initials ("P. Smith"), other stops, and these words.
_ABBREVIATIONS = frozenset(
    (
        *("vs", "e.g", "i.e", "cf", "viz", "approx", "ca", "resp", "fig", "figs", "tab", "eq", "no", "nos", "vol"),
        *("pp", "ref", "refs", "dr", "prof", "mr", "mrs", "ms", "st", "al", "inc", "ltd", "co", "spp", "sp", "var"),
        *(
            "ed",
            "eds",
            "dept",
            "jan",
            "feb",
            "aug",
            "sept",
            "oct",
            "nov",
            "dec",
            "incl",
            "max",
            "min",
            "wk",
            "wks",
            "yr",
        ),
        *("yrs", "mo"),
        *"abcdefghijklmnopqrstuvwxyz.",
    )
)
# What looks like an abbreviation or an initial and is none: "for 10 min. It fell", "than in group B. It fell".
_NO_ABBREVIATION = re.compile(
    r"(?:\d\s?(?:min|h|d|s|g|wks?|mo|yrs?)|\b(?:groups?|arm|vitamin|hepatitis|type|phase|level) [a-z])$",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each a verbatim piece of it; decimals, "et al." and the like do not end one.

    "MS" at the end of a sentence is the disease, "Ms." a form of address: only the latter spelling is an abbreviation.
    """
    start = 0
    for found in _END.finditer(text):
        if text[found.start()] == "." and _abbreviated(text[max(start, found.start() - 12) : found.start()]):
            continue
        yield text[start : found.end()].strip()
        start = found.end()
    if rest := text[start:].strip():
        yield rest


def _abbreviated(before: str) -> bool:
    """Whether the stop behind these letters belongs to an abbreviation."""
    word = before.replace("(", " ").replace("[", " ").rpartition(" ")[2]
    return word != "MS" and word.lower() in _ABBREVIATIONS and _NO_ABBREVIATION.search(before) is None


def occurrences(pattern: re.Pattern[str], among: Iterable[Sentence]) -> Iterator[tuple[Sentence, re.Match[str]]]:
    """The sentences that hold a pattern in lower case, each with the first place."""
    for sentence in among:
        if found := pattern.search(sentence.lower):
            yield sentence, found
