"""A record as screening reads it: its fields, and what they mention and do not deny."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from pipeline.model import Record
from pipeline.screen.terms import TermSet, unaccented

TITLES = frozenset({"title", "vernacular_title"})
INDEX = frozenset({"keywords", "mesh"})
HEADLINE = TITLES | INDEX

_APART = "\n----\n"  # longer than any separator inside a term, so that no term reaches over two keywords

# A mention is denied by what stands directly before it ("not about yoga", "no yoga", yet not "with or without yoga"),
# by what follows ("yoga is not the subject"), or by its sentence, when that tells who was kept out of a study.
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|neither|nor|non|no|except|excluding|other than)|(?<!or )(?<!and )\bwithout)"
    r"(?:\W+(?:a|an|any|the|on|of|in|for|to|as|about|called|named|name|specific|specifically|concerned|with))*\W{1,3}$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"\W*(?:is|was|are|were)\W+(?:not|never)\W+(?:(?:a|the|among|part|of|its|even)\W+)*"
    r"(?:subject|topic|focus|named|mentioned|studied|included|covered|considered|examined)",
    re.IGNORECASE,
)
_KEPT_OUT = re.compile(
    r"\bexclusion\W+criteri|\b(?:is|was|are|were|be)\W+excluded|\bexcluding\W+(?:patients|people|persons|subjects|those)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_REACH = 1000  # longer than sentences are; bounds the work on a long text without a full stop


@dataclass(frozen=True, slots=True)
class Mention:
    """A term as it stands in a field."""

    field: str
    term: str
    sentence: int  # where its sentence begins in the field


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    text: str  # as the record has it
    plain: str  # without accents
    lower: str  # without accents and capitals; as long as ``plain``

    def words(self, start: int, end: int) -> str:
        """The record's own spelling of a stretch of the plain text, where the two run alike."""
        plain = self.plain[start:end]
        stated = self.text[start:end]
        return stated if unaccented(stated) == plain else plain

    def denies(self, start: int, end: int) -> bool:
        """Whether what is mentioned here is said to be absent."""
        before = self.plain[max(0, start - 60) : start]
        if _DENIED_BEFORE.search(before) or _DENIED_AFTER.match(self.plain, end):
            return True
        last = _SENTENCE_END.search(self.plain, end, end + _REACH)
        return bool(_KEPT_OUT.search(self.plain, self.sentence(start), last.start() if last else end + _REACH))

    def sentence(self, start: int) -> int:
        """Where the sentence of a mention begins, as far as it is within reach."""
        begin = max(0, start - _REACH)
        return max((found.end() for found in _SENTENCE_END.finditer(self.plain, begin, start)), default=begin)


@dataclass(frozen=True, slots=True)
class Page:
    """The fields of one record that speak of its subject. Registration numbers, names and journals do not."""

    fields: tuple[_Field, ...]

    @classmethod
    def of(cls, record: Record) -> Self:
        """Read a record."""
        texts = {
            "title": record.title,
            "vernacular_title": record.vernacular_title,
            "keywords": _APART.join(record.keywords),
            "mesh": _APART.join(record.mesh),
            "abstract": record.abstract_text,
        }
        return cls(tuple(_field(name, text) for name, text in texts.items() if text))

    def mentions(self, terms: TermSet, within: frozenset[str] | None = None) -> Iterator[Mention]:
        """Every mention that is not denied, in the order of the fields; in some fields only, if asked."""
        for field in self._within(within):
            for start, end in terms.spans(field.plain, field.lower):
                if not field.denies(start, end):
                    yield Mention(field.name, field.words(start, end), field.sentence(start))

    def holds(self, terms: TermSet, within: frozenset[str] | None = None) -> bool:
        """Whether a term stands anywhere, denied or not."""
        return any(terms.found(field.plain, field.lower) for field in self._within(within))

    def phrases(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """What a pattern finds, in lower case."""
        return (found[0].lower() for field in self.fields for found in pattern.finditer(field.plain))

    def _within(self, names: frozenset[str] | None) -> Iterator[_Field]:
        return (field for field in self.fields if names is None or field.name in names)


def _field(name: str, text: str) -> _Field:
    """A field with the forms in which it is searched."""
    plain = unaccented(text)
    return _Field(name, text, plain, plain.lower())
