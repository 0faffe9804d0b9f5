"""A record as appraisal reads it: its title and the sentences of its abstract, each with the part that it stands in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeVar

from pipeline.appraise.sentences import sentences
from pipeline.appraise.words import words
from pipeline.model import Fact, Record, Section

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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A title or a sentence of an abstract, verbatim; ``lower`` is as long, so that places agree."""

    text: str
    lower: str
    part: Part

    def fact(self, value: T, found: re.Match[str], record: Record, group: int | str = 0) -> Fact[T]:
        """A value with the words that were found in ``lower``, as they are spelled here."""
        field = "title" if self.part is Part.TITLE else "abstract"
        return Fact(value, self.text[found.start(group) : found.end(group)], field, record.key)


@dataclass(frozen=True, slots=True)
class Reading:
    """A record, read once for all facts.

    ``lower`` and ``words`` hold title and abstract, ``vocabulary`` each word once, to see at once what does not occur.
    """

    record: Record
    title: Sentence
    abstract: tuple[Sentence, ...]
    lower: str
    words: tuple[str, ...]
    vocabulary: frozenset[str]

    @classmethod
    def of(cls, record: Record) -> Self:
        """Read a record."""
        title = Sentence(record.title, folded(record.title), Part.TITLE)
        abstract = tuple(
            Sentence(text, folded(text), part)
            for part, passage in _passages(record.abstract)
            for text in sentences(passage)
        )
        lower = "\n".join((title.lower, *(sentence.lower for sentence in abstract)))
        said = tuple(words(lower))
        return cls(record, title, abstract, lower, said, frozenset(said))


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


# Headings of structured abstracts and what they announce: those of NLM's list of structured abstract labels
# (structuredabstracts.nlm.nih.gov) that are met most, by the words they begin with or hold.
_PARTS = {
    Part.NOTES: (
        r"(?:clinical |systematic review |study |trial )*(?:trials? )?regist|fund|key ?words?\b|copyright|"
        r"(?:level|classification) of evidence|conflicts? of interest|competing interest|disclosure|data availab|"
        r"clinicaltrials|prospero|sponsor|support\b|acknowledg|ethics approval"
    ),
    Part.CONCLUSIONS: (
        r"(?:[a-z' ]+ )?conclu|interpretation|(?:clinical )?(?:implications|significance|relevance)|"
        r"discussion|take[- ]home|summary|perspectives?\b|recommendations?\b|comments?\b|what this|impact\b"
    ),
    Part.OBJECTIVE: r"(?:[a-z ]+ )?(?:objectives?|aims?|purpose|goals?|hypothes[ie]s|questions?)\b",
    Part.BACKGROUND: r"background|introduction|context\b|rationale|importance|significance|motivation|problem",
    Part.RESULTS: r"(?:[a-z ]+ )?(?:results?|findings?|outcomes? and results?)\b|observations?\b|case\b|cases\b",
    Part.METHODS: (
        r"(?:[a-z/& ,]+ )?(?:methods?|design|methodology|setting|patients?|participants?|subjects|procedures?|"
        r"interventions?|measure(?:ment)?s?|outcomes?|materials?|data|analys[ie]s|sample|search|selection|"
        r"extraction|synthesis|randomi[sz]ation|eligibility|population|approach|models?)\b|"
        r"official title|arms\b"  # of a registration
    ),
}
_HEADINGS = tuple((part, re.compile(rf"[\[(]?(?:{pattern})")) for part, pattern in _PARTS.items())

# The same headings inside a paragraph, as feeds, DOAJ and some publishers print them: known words only, with a capital,
# where a sentence begins, and a colon or dash behind.
_INLINE = re.compile(
    r"(?=[A-Z])(?i:(?:the |study |main |primary |authors?' )?(?:background|introduction|context|objectives?|aims?|"
    r"purpose|goals?|methods?|methodology|design|setting|patients|participants|subjects|interventions?|measurements?|"
    r"(?:main )?outcome measures?|results?|findings?|conclusions?|interpretation|discussion|trial registration|"
    r"registration|funding|keywords?|ethics and dissemination|significance|importance|case presentation)"
    r"(?: ?(?:and|/|&) ?[\w ]{3,20})?)\s?"
)
_COLON, _DASH = re.compile(r":\s*(?=\S)"), "\u2014"
_BEFORE_HEADING = re.compile(r"[.!?;)\]]\s")
_LONGEST = 50  # characters of such a heading


def _passages(abstract: tuple[Section, ...]) -> Iterator[tuple[Part, str]]:
    """The parts of an abstract, by its own headings and by those that stand in its text."""
    for section in abstract:
        part, start = part_of(section.label), 0
        for colon in _COLON.finditer(section.text.replace(_DASH, ":")):
            near = max(start, colon.start() - _LONGEST)
            begin = max(
                (end.end() for end in _BEFORE_HEADING.finditer(section.text, near, colon.start())), default=near
            )
            if _INLINE.fullmatch(section.text, begin, colon.start()) and (begin > near or begin == start):
                if before := section.text[start:begin]:
                    yield part, before
                part, start = part_of(section.text[begin : colon.start()]), colon.end()
        yield part, section.text[start:]


def part_of(heading: str) -> Part:
    """What a heading announces."""
    words = heading[:_LONGEST].lower()
    return next((part for part, pattern in _HEADINGS if words and pattern.match(words)), Part.UNSTATED)
