"""A record as screening reads it: its fields, and what they mention and do not deny."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from pipeline.model import Record
from pipeline.screen.terms import Heads, TermSet, Text, unaccented

TITLES = frozenset({"title", "vernacular_title"})
INDEX = frozenset({"keywords", "mesh"})
HEADLINE = TITLES | INDEX

_APART = "\n----\n"  # longer than any separator inside a term, so that no term reaches over two keywords

# A mention is denied by what stands directly before it ("not about yoga", "no yoga", yet not "with or without yoga"),
# by what follows ("yoga is not the subject"), or by its sentence, when that tells who was kept out of a study.
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|neither|nor|non|no|except|excluding|other than)|(?<!or )(?<!and )\bwithout)"
    r"(?:\W+(?:a|an|any|the|on|of|in|for|to|as|about|called|named|name|specific|specifically|concerned|with))*\W{1,3}$"
)
_BEFORE = 60  # signs within which a denial stands
_DENIED_AFTER = re.compile(
    r"\W{0,9}(?:is|was|are|were)\W+(?:not|never)\W+(?:(?:a|the|among|part|of|its|even)\W+)*"
    r"(?:subject|topic|focus|named|mentioned|studied|included|covered|considered|examined)"
)
_KEPT_OUT = re.compile(
    r"\bexclusion\W+criteri|\b(?:is|was|are|were|be)\W+excluded|"
    r"\bexclud(?:ing|ed)\W+(?:all\W+)?(?:patients|people|persons|subjects|participants|individuals|adults|those)"
)
_SENTENCE_END = re.compile(r"[.!?]\s|[\n。]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A term as it stands in a field."""

    field: str
    term: str
    sentence: int  # where its sentence begins in the field


class _Field:
    """One field, with what is worked out once for all of its mentions, so that a long text takes no longer a word."""

    def __init__(self, name: str, stated: str, filed: Heads) -> None:
        self.name = name
        self.text = Text(stated, filed)
        self._stated = stated

    def words(self, start: int, end: int) -> str:
        """The record's own spelling of a stretch of the plain text, where the two run alike."""
        plain = self.text.plain[start:end]
        stated = self._stated[start:end]
        return stated if unaccented(stated) == plain else plain

    def denies(self, start: int, end: int) -> bool:
        """Whether what is mentioned here is said to be absent."""
        lower = self.text.lower
        return bool(
            _DENIED_BEFORE.search(lower[max(0, start - _BEFORE) : start])
            or _DENIED_AFTER.match(lower, end)
            or self.sentence(start) in self._who_is_kept_out
        )

    def sentence(self, place: int) -> int:
        """Where the sentence of a mention begins."""
        return self._sentences[bisect_right(self._sentences, place) - 1]

    @cached_property
    def _sentences(self) -> list[int]:
        return [0, *(found.end() for found in _SENTENCE_END.finditer(self.text.lower))]

    @cached_property
    def _who_is_kept_out(self) -> frozenset[int]:
        """The sentences that tell who was kept out of a study."""
        lower = self.text.lower
        return frozenset(map(self.sentence, (m.start() for m in _KEPT_OUT.finditer(lower)) if "exclu" in lower else ()))


@dataclass(frozen=True, slots=True)
class Page:
    """The fields of one record that speak of its subject. Registration numbers, names and journals do not.

    ``heads`` are those under which terms are filed that may stand in one of them.
    """

    fields: tuple[_Field, ...]
    is_registration: bool
    heads: frozenset[str]

    @classmethod
    def of(cls, record: Record, filed: Heads) -> Self:
        """Read a record, to look for terms that are filed under some heads."""
        texts = {
            "title": record.title,
            "vernacular_title": record.vernacular_title,
            "keywords": _APART.join(record.keywords),
            "mesh": _APART.join(record.mesh),
            "abstract": record.abstract_text,
        }
        registers = any("registration" in kind.casefold() for kind in record.publication_types)
        return cls._with([_Field(name, text, filed) for name, text in texts.items() if text], registers)

    @classmethod
    def _with(cls, fields: Sequence[_Field], registers: bool) -> Self:
        return cls(tuple(fields), registers, frozenset().union(*[field.text.heads for field in fields]))

    @property
    def has_abstract(self) -> bool:
        """Whether more than titles and index terms speak for the record."""
        return any(field.name == "abstract" for field in self.fields)

    def within(self, names: frozenset[str]) -> Self:
        """The page with some of its fields only."""
        return self._with([field for field in self.fields if field.name in names], self.is_registration)

    def mentions(self, terms: TermSet) -> list[Mention]:
        """Every mention that is not denied, in the order of the fields."""
        if terms.heads.isdisjoint(self.heads):
            return []
        return [
            Mention(field.name, field.words(start, end), field.sentence(start))
            for field in self.fields
            for start, end in terms.spans(field.text)
            if not field.denies(start, end)
        ]

    def holds(self, terms: TermSet) -> bool:
        """Whether a term stands anywhere, denied or not."""
        return not terms.heads.isdisjoint(self.heads) and any(terms.found(field.text) for field in self.fields)

    def phrases(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """What a pattern finds, in lower case."""
        return (found[0].lower() for field in self.fields for found in pattern.finditer(field.text.plain))
