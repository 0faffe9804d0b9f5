"""Terms that name a value.

Most terms do not occur in most records. So each says which words are there wherever it is named: to look for them
among the words of a record costs next to nothing, and no pattern is tried in vain.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.appraise.reading import Reading
from pipeline.appraise.words import words
from pipeline.model import Fact, Record

_LEAD, _REACH = 30, 60  # characters of a window around a word in which the pattern that it belongs to is looked for


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A value, words of which one is there wherever it is named, and the pattern that names it; for lower case.

    ``parts`` are the letters at which the pattern is tried: the words, unless they are too common.
    """

    value: str
    words: tuple[str, ...]
    parts: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, lower: str) -> re.Match[str] | None:
        """Where it is named."""
        for part in self.parts:
            place = lower.find(part)
            while place >= 0:
                if found := self.pattern.search(lower, max(0, place - _LEAD), place + _REACH):
                    return found
                place = lower.find(part, place + 1)
        return None


def term(value: str, words: str, pattern: str, parts: str = "") -> Term:
    """A term from a table, its words with blanks between them, its parts with bars; what it finds ends with a word."""
    told = tuple(words.split())
    return Term(value, told, tuple(parts.split("|")) if parts else told, re.compile(rf"(?:{pattern})\w*"))


def among(said: frozenset[str], terms: Iterable[Term]) -> list[Term]:
    """The terms that may be named by these words, to be tried at no others."""
    return [
        Term(one.value, one.words, tuple(filter(said.__contains__, one.words)), one.pattern)
        if one.parts is one.words
        else one
        for one in terms
        if not said.isdisjoint(one.words)
    ]


def all_words(reading: Reading) -> frozenset[str]:
    """The words of title, abstract and keywords."""
    keywords = reading.record.keywords
    return reading.vocabulary.union(words("\n".join(keywords).lower())) if keywords else reading.vocabulary


def headings(record: Record, values: Mapping[str, str]) -> Iterator[Fact[str]]:
    """The values that MeSH headings name, by the names of descriptors in lower case."""
    for heading in record.mesh:
        if value := values.get(heading.strip("*").partition("/")[0].lower()):
            yield Fact(value, heading, "mesh", record.key)


def first_each(facts: Iterable[Fact[str]], order: Iterable[str]) -> tuple[Fact[str], ...]:
    """The first fact for each value, in the order of the vocabulary."""
    chosen: dict[str, Fact[str]] = {}
    for fact in facts:
        chosen.setdefault(fact.value, fact)
    return tuple(chosen[value] for value in order if value in chosen)
