"""Trial registration numbers: as a source lists them, in a registry's address, and printed in title and abstract."""

import re
from collections.abc import Iterator, Sequence

from pipeline import text
from pipeline.appraise.reading import Part, Reading, Sentence, folded
from pipeline.appraise.words import any_in
from pipeline.model import Fact

# What has to stand where a number is: five digits in a row, or the mark of a registry whose numbers are shorter (see
# :mod:`pipeline.text`); most sentences have neither, and need not be searched.
_DIGITS = re.compile("[0-9]" * 5)  # written out, it is searched three times as fast
_NETHERLANDS = re.compile(r"ntr\s?[0-9]")
_SHORT = ("rbr-", "per-", "slctr", "omon")
# The trial of others, in the words before its number. A sub-study has the number of its main trial.
_OF_OTHERS = re.compile(
    r"\b(?:previous|earlier|prior|another|other|ongoing|similar|included|recent|completed) (?:[\w-]{1,20} ){0,4}"
    r"(?:trials?|study|studies)\b[^.;]{0,60}$"
)
_BEFORE = 160  # characters in which they stand
_OWN = re.compile(r"\b(?:this|our|we|present|registered|registration)\b")


def registrations(read: Sequence[Reading]) -> tuple[Fact[str], ...]:
    """Every number once, with the place that states it; a source's own list stands before what is printed."""
    chosen: dict[str, Fact[str]] = {}
    for fact in (*_listed(read), *_addressed(read), *_printed(read)):
        chosen.setdefault(fact.value, fact)
    return tuple(chosen.values())


def _listed(read: Sequence[Reading]) -> Iterator[Fact[str]]:
    """Numbers in the records' own field."""
    for record in (reading.record for reading in read):
        yield from (Fact(number, number, "registrations", record.key) for number in record.registrations)


def _addressed(read: Sequence[Reading]) -> Iterator[Fact[str]]:
    """The numbers of the registry pages that the records are."""
    for record in (reading.record for reading in read):
        if number := text.registration_at(record.url):
            yield Fact(number, record.url, "url", record.key)


def _printed(read: Sequence[Reading]) -> Iterator[Fact[str]]:
    """Numbers in titles, headings and sentences, but those of others' trials; the evidence keeps the spelling found."""
    for reading in read:
        for sentence in (reading.title, *reading.abstract) if _may_hold_number(reading.lower) else ():
            yield from _told(sentence, reading.record.key)
        for heading in (section.label for section in reading.record.abstract if section.label):
            if _may_hold_number(folded(heading)):
                for number, words in text.registrations_as_written(heading):
                    yield Fact(number, words, "abstract", reading.record.key)


def _told(sentence: Sentence, key: str) -> Iterator[Fact[str]]:
    """Numbers in a title or a sentence."""
    if not _may_hold_number(sentence.lower):
        return
    field, place = "title" if sentence.part is Part.TITLE else "abstract", 0
    for number, words in text.registrations_as_written(sentence.text):
        place = sentence.text.index(words, place)
        if not _is_of_others(sentence.lower, place, sentence.part):
            yield Fact(number, words, field, key)


def _may_hold_number(lower: str) -> bool:
    """Whether it is worth a search."""
    return bool(_DIGITS.search(lower)) or any_in(_SHORT, lower) or bool(_NETHERLANDS.search(lower))


def _is_of_others(lower: str, place: int, part: Part) -> bool:
    """Whether a number is plainly that of another study: the words before it say so, or it stands in the background."""
    if part is Part.BACKGROUND and not _OWN.search(lower):
        return True
    return _OF_OTHERS.search(lower, max(0, place - _BEFORE), place) is not None
