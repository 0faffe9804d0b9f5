"""Who paid for a study and what its authors have to declare, in the sentence in which the record says so.

CONSORT and PRISMA for abstracts ask for the source of funding, the ICMJE for the authors' interests. A heading for it
or a sentence about this very work tells; that others' studies were funded does not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

from pipeline.appraise.reading import Part, Reading
from pipeline.appraise.sentences import sentences
from pipeline.appraise.words import any_in
from pipeline.model import Fact

_WORK = r"(?:study|studies|trials?|work|research|project|review|meta-analysis|article|author(?:s|\(s\))?|paper)"
_PAID = r"(?:funded|(?:financially )?supported|sponsored|financed)"
_FUNDING = re.compile(
    rf"^\W{{0,3}}{_PAID}(?: in (?:part|full))? by\b|"
    rf"\b(?:this|the|our|present) (?:\w+ ){{0,4}}{_WORK} (?:was|were|is|has been|have been) (?:\w+ ){{0,3}}{_PAID}\b"
    r"[^.;]{0,20} (?:by|through|from|with)\b|"
    r"\b(?:funding|(?:financial|grant) support|grants?)\b[^.;]{0,40} (?:was|were) (?:also )?"
    r"(?:provided|received|obtained)|"
    rf"\bfunded (?:this|the|our) (?:[\w-]+ ){{0,3}}{_WORK}(?!\w)|"
    rf"\b{_WORK} (?:have |has )?(?:received|disclosed receipt of) (?:no |the following )?"
    r"(?:specific |external |financial )?(?:funding|grant|support)|\bno (?:specific |external )?funding was"
)
_INTERESTS = re.compile(
    r"\bauthors?\b[^.;]{0,60}\b(?:conflicts? of interest|competing (?:financial )?interest|disclos(?!ed receipt)|"
    r"nothing to declare|financial interest)|^\W{0,3}(?:no |potential |declarations? of )?"
    r"(?:conflicts? of interest|competing (?:financial )?interest|interests? declared)|"
    r"\b(?:is|are|was|were) (?:an )?employees? of\b"
)
# Headings of sections for them, and the same where they stand in the text.
_FUNDING_HEADING = r"(?:(?:study|sources? of|role of the|financial) )?(?:fund|sponsor|support\b)"
_INTERESTS_HEADING = (
    r"(?:(?:declarations? of|study funding/|funding and|conflicts? of|competing) ?)?(?:interests?\b|disclosure)"
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of declaration: words without which there is none, its headings, and how sentences state it."""

    signs: tuple[str, ...]
    heading: re.Pattern[str]
    inline: re.Pattern[str]
    statement: re.Pattern[str]

    @classmethod
    def of(cls, signs: tuple[str, ...], heading: str, statement: re.Pattern[str]) -> Self:
        """With the heading as it stands alone, and between a stop and a colon."""
        inline = rf"(?:^|(?<=[.!?)] )){heading}[^.:]{{0,40}}: (?=\S)"
        return cls(signs, re.compile(heading, re.IGNORECASE), re.compile(inline, re.IGNORECASE), statement)


_PAYERS = _Kind.of(
    ("fund", "supported by", "financial support", "grant", "sponsored by", "financed by"), _FUNDING_HEADING, _FUNDING
)
_OWN = _Kind.of(("interest", "disclos", "to declare", "employee"), _INTERESTS_HEADING, _INTERESTS)


def funding(read: Sequence[Reading]) -> Fact[str] | None:
    """The sentence in which a record (best first) says who paid for the work, or that nobody did."""
    return _declared(read, _PAYERS)


def interests(read: Sequence[Reading]) -> Fact[str] | None:
    """The sentence in which the authors declare their interests, or that they have none."""
    return _declared(read, _OWN)


def _declared(read: Sequence[Reading], kind: _Kind) -> Fact[str] | None:
    for reading in read:
        if sentence := next(_headed(reading, kind), "") or next(_stated(reading, kind), ""):
            return Fact(sentence, sentence, "abstract", reading.record.key)
    return None


def _headed(reading: Reading, kind: _Kind) -> Iterator[str]:
    """First sentences under the headings for it; those in the text only where an abstract ends with notes."""
    for section in reading.record.abstract:
        if section.label and kind.heading.match(section.label):
            yield from islice(sentences(section.text), 1)
    if reading.abstract and reading.abstract[-1].part is Part.NOTES:
        for section in reading.record.abstract:
            for heading in kind.inline.finditer(section.text):
                yield from islice(sentences(section.text[heading.end() :]), 1)


def _stated(reading: Reading, kind: _Kind) -> Iterator[str]:
    """Sentences that state it."""
    signs = [sign for sign in kind.signs if sign in reading.lower]
    if signs:
        for sentence in reading.abstract:
            if any_in(signs, sentence.lower) and kind.statement.search(sentence.lower):
                yield sentence.text
