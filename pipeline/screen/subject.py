"""The subject profile: what is watched for, as data. Another subject is another file and no code."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.errors import ConfigError


def _well_formed(term: str) -> str:
    """Refuse a term that could never match what its author meant."""
    words = term.split(" ")
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
    for in title, abstract and keywords; a trailing ``*`` stands for any ending.

    The rest is for screening and finer than the search; :mod:`pipeline.screen.terms` says how a term is read.
    ``terms`` name the concept itself. As in a thesaurus (ISO 25964), ``related`` terms stand beside it and ``broader``
    terms above it. ``neighbours`` are other things that a record may be about instead.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: Name
    mesh: tuple[Name, ...]
    search: Annotated[Terms, Field(min_length=1)]
    terms: Annotated[Terms, Field(min_length=1, validate_default=True)] = ()
    related: Terms = ()
    broader: Terms = ()
    neighbours: tuple[Lookalike, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()


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
    try:
        subject = _SUBJECT.validate_python(dict(toml))
    except ValidationError as error:
        raise ConfigError([f"{place}: {_path(e['loc'])}: {e['msg']}" for e in error.errors()]) from None
    names = [concept.name for concept in subject.concepts]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError([f"{place}: concepts: the name {name!r} is given twice" for name in twice])
    return subject


def _path(location: tuple[int | str, ...]) -> str:
    """``concepts[0].terms[3]``: where in the file, in words of the file."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
