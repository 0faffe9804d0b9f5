"""The index keys under which records find each other.

Two records that are one publication, or are linked, share at least one key; sharing one proves nothing yet. Each key
survives other mistakes: a typing error in the title leaves the author's page, a missing page the title's beginning.
"""

from collections.abc import Iterator

from pipeline.match.kinds import Kind
from pipeline.match.signature import Signature
from pipeline.match.titles import spelling
from pipeline.model import Record, RelationKind

# Shorter titles ("Editorial", "Multiple sclerosis") say too little to lead anywhere on their own.
MIN_TITLE = 20
_BEGINNING = 25  # letters of a title or an abstract


def keys(record: Record) -> frozenset[str]:
    """Every key of a record: its identifiers, those it points at, its trial numbers, and those of its description."""
    return keys_of(Signature.of(record))


def keys_of(signature: Signature) -> frozenset[str]:
    """The same of a record that was brought into the form for comparing."""
    trials = (f"reg:{number}" for number in signature.trials)
    return frozenset((*identifiers(signature), *targets(signature.record), *trials, *described(signature)))


def identifiers(signature: Signature) -> Iterator[str]:
    """The record's own identifiers, strongest first."""
    record = signature.record
    yield from _prefixed(
        pmid=record.pmid, doi=record.doi or signature.copied, pmcid=record.pmcid, ppr=record.preprint_id
    )


def targets(record: Record) -> Iterator[str]:
    """The identifiers of the publications that the record points at."""
    for relation in record.relations:
        if relation.kind is not RelationKind.OTHER:
            yield from _prefixed(pmid=relation.pmid, doi=relation.doi, ppr=relation.preprint_id)


def described(signature: Signature) -> Iterator[str]:
    """Keys of title, authors, volume, page and year, each but the title of two or more of them."""
    title, pages = signature.title, signature.pages
    if signature.kind is Kind.REGISTRATION:
        return
    if signature.series:
        yield f"series:{signature.series}"
    author = signature.authors[0] if signature.authors else ""
    if title.length >= MIN_TITLE:
        yield f"title:{title.spoken[:_BEGINNING]}"
        yield f"end:{title.spoken[-_BEGINNING:]}"
    for wording in title.wordings:
        yield f"title:{wording[:_BEGINNING]}"
    if pages.first:
        if author:
            yield f"author-page:{author}|{pages.first}"
        if signature.volume:
            yield f"volume-page:{signature.volume}|{pages.first}"
    if author and signature.year and title.words:
        longest = max(title.words, key=lambda word: (len(word), word))
        yield f"author-year-word:{author}|{signature.year}|{spelling(longest)[:8]}"
    if len(signature.authors) > 2:
        yield f"authors:{'|'.join(signature.authors[:3])}"


def _prefixed(**values: str) -> Iterator[str]:
    """``name:value`` for each value that is stated."""
    return (f"{name}:{value}" for name, value in values.items() if value)
