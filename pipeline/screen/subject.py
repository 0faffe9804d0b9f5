"""The subject profile: what is watched for, as data. Another subject is another file and no code."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter

from pipeline.checked import read_as
from pipeline.errors import ConfigError
from pipeline.screen.terms import unaccented


def _well_formed(term: str) -> str:
    """Refuse a term that could never match what its author meant."""
    words = unaccented(term).split(" ")
    if not all(words) or any(not word.removesuffix("*") or "*" in word[:-1] for word in words):
        raise ValueError(f"{term!r}: a term is words one blank apart, with * only at the end of a word")
    return term


Name = Annotated[str, Field(min_length=1)]
Term = Annotated[str, AfterValidator(_well_formed)]
Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Something that could be taken for a concept, under the name by which readers see it counted."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: Name
    terms: Annotated[Terms, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Words that count only in a record that makes their meaning clear.

    It does so when it also holds one of the concept's own terms or of ``context``, and none of the ``homonyms``.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    terms: Annotated[Terms, Field(min_length=1)]
    context: Terms = ()
    homonyms: tuple[Lookalike, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """One of the ideas that must meet in a publication.

    ``mesh`` are MeSH headings (searched exploded). ``search`` are the words and phrases that sources are asked
    for in title, abstract and keywords; a trailing ``*`` stands for any ending, and ``spelled`` has the endings that
    matter, for sources that take whole words only. ``wide`` are words of a whole field, asked for only where every
    other concept is stated by its ``mesh`` or ``search``.

    The rest is for screening and finer than the search; :mod:`pipeline.screen.terms` says how a term is read.
    ``terms`` name the concept itself. As in a thesaurus (ISO 25964), ``related`` terms stand beside it and ``broader``
    terms above it. ``overviews`` are titles of works that may well cover it: broader terms where no abstract tells.
    ``neighbours`` are other things that a record may be about instead.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: Name
    mesh: tuple[Name, ...]
    search: Annotated[Terms, Field(min_length=1)]
    wide: Terms = ()
    spelled: Terms = ()
    terms: Annotated[Terms, Field(min_length=1, validate_default=True)] = ()
    related: Terms = ()
    broader: Terms = ()
    overviews: Terms = ()
    neighbours: tuple[Lookalike, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()

    @property
    def whole_words(self) -> Terms:
        """``search`` without any ``*``: what is spelled out and, where nothing is, the bare stems."""
        return self.spelled + tuple(
            term.replace("*", "") for term in self.search if not self.spelled or "*" not in term
        )

    @property
    def wide_whole_words(self) -> Terms:
        """``wide`` without any ``*``: the terms that need none."""
        return tuple(term for term in self.wide if "*" not in term)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a watch is about. ``label`` opens every subject line; ``title`` names it in full."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    label: Name
    title: Name
    concepts: Annotated[tuple[Concept, ...], Field(min_length=1)]

    @property
    def version(self) -> str:
        """Eight hex digits that change when anything in the profile does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:8]


_SUBJECT = TypeAdapter(Subject)


def subject_from(toml: Mapping[str, object], place: str) -> Subject:
    """The subject that a parsed profile describes. ``place`` is the file's name, for messages.

    ConfigError carries every problem with its path in the file.
    """
    subject = read_as(_SUBJECT, toml, place, "a subject profile")
    names = [concept.name for concept in subject.concepts]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError([f"{place}: concepts: the name {name!r} is given twice" for name in twice])
    return subject
