"""Trial registration numbers: as the source lists them, as the abstract prints them, and in a registry's address."""

from collections.abc import Iterator, Sequence

from pipeline import text
from pipeline.model import Fact, Record


def registrations(ranked: Sequence[Record]) -> tuple[Fact[str], ...]:
    """Every number once, with the place that states it; a source's own list stands before the abstract."""
    chosen: dict[str, Fact[str]] = {}
    for fact in (*_listed(ranked), *_addressed(ranked), *_printed(ranked)):
        chosen.setdefault(fact.value, fact)
    return tuple(chosen.values())


def _listed(ranked: Sequence[Record]) -> Iterator[Fact[str]]:
    """Numbers in the records' own field."""
    return (Fact(number, number, "registrations", record.key) for record in ranked for number in record.registrations)


def _addressed(ranked: Sequence[Record]) -> Iterator[Fact[str]]:
    """The numbers of the registry pages that the records are."""
    return (
        Fact(number, record.url, "url", record.key) for record in ranked if (number := text.registration_at(record.url))
    )


def _printed(ranked: Sequence[Record]) -> Iterator[Fact[str]]:
    """Numbers in the abstracts; the evidence keeps the spelling found there."""
    for record in ranked:
        abstract = record.abstract_text
        for number, words in text.registrations_as_written(abstract):
            yield Fact(number, words, "abstract", record.key)
