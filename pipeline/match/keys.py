"""The index keys under which records find each other."""

from collections.abc import Iterator

from pipeline.match import kinds
from pipeline.model import Record, RelationKind

# Shorter titles ("Editorial", "Multiple sclerosis") say too little to identify anything.
MIN_TITLE = 20


def keys(record: Record) -> frozenset[str]:
    """Every key of a record: its identifiers, those it points at, its trial numbers, and its title with first author.

    Two records that are one publication, or are linked, share at least one key; sharing one proves nothing yet.
    """
    return frozenset(identifiers(record)) | frozenset(targets(record)) | frozenset(registered(record)) | title(record)


def identifiers(record: Record) -> Iterator[str]:
    """The record's own identifiers, strongest first."""
    yield from _prefixed(pmid=record.pmid, doi=record.doi, pmcid=record.pmcid, ppr=record.preprint_id)


def targets(record: Record) -> Iterator[str]:
    """The identifiers of the publications that the record points at."""
    for relation in record.relations:
        if relation.kind is not RelationKind.OTHER:
            yield from _prefixed(pmid=relation.pmid, doi=relation.doi, ppr=relation.preprint_id)


def registered(record: Record) -> Iterator[str]:
    """The trial numbers that the record states."""
    for number in record.registrations:
        yield f"reg:{number}"


def title(record: Record) -> frozenset[str]:
    """Exact title and first author; empty if either is missing or the title says too little.

    The year is left to the comparison: a preprint and its article are often a year apart.
    """
    words, author = kinds.title_key(record.title), kinds.first_author(record)
    return frozenset({f"title:{words}|{author}"}) if author and len(words) >= MIN_TITLE else frozenset()


def _prefixed(**values: str) -> Iterator[str]:
    """``name:value`` for each value that is stated."""
    return (f"{name}:{value}" for name, value in values.items() if value)
