"""A record as appraisal reads it: its title and the sentences of its abstract, each with the part that it stands in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from pipeline.appraise.own import is_registration, own
from pipeline.appraise.sentences import Part, Sentence, folded, sentences
from pipeline.appraise.words import words
from pipeline.model import Record, Section

__all__ = ["Part", "Reading", "Sentence", "folded", "part_of", "places"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A record, read once for all facts.

    ``own`` are the sentences that tell of the study itself. ``lower`` and ``words`` hold title and abstract,
    ``vocabulary`` each word once, to see at once what does not occur.
    """

    record: Record
    title: Sentence
    abstract: tuple[Sentence, ...]
    own: tuple[Sentence, ...]
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
        told = tuple(own(title, abstract, all_is_own=is_registration(record)))
        return cls(record, title, abstract, told, lower, said, frozenset(said))


def places(reading: Reading) -> Iterator[tuple[str, Sentence]]:
    """Where a record tells of its own study, each with the field's name: title, keywords, sentences of the abstract.

    The keywords are one line; those of a registration hold its conditions and interventions, too.
    """
    yield "title", reading.title
    if reading.record.keywords:
        line = "\n".join(reading.record.keywords)
        yield "keywords", Sentence(line, folded(line), Part.NOTES)
    for sentence in reading.own:
        yield "abstract", sentence


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
