"""Records for the tests of appraisal: made up, in the words that real ones use."""

from typing import Any

from pipeline.appraise import appraise
from pipeline.model import Fact, Facts, Record, Section


def record(title: str = "A made-up study", abstract: str | tuple[Section, ...] = (), **fields: Any) -> Record:
    """A PubMed record; an abstract that is a string has no headings."""
    sections = (Section(abstract),) if isinstance(abstract, str) else abstract
    return Record("pubmed", "1", title, abstract=sections, **fields)


def facts(title: str = "A made-up study", abstract: str | tuple[Section, ...] = (), **fields: Any) -> Facts:
    """The facts of a work with that one record."""
    return appraise([record(title, abstract, **fields)])


def values(found: tuple[Fact[str], ...]) -> list[str]:
    """The values alone."""
    return [fact.value for fact in found]
