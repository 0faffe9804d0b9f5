"""One view of a work from all the records that describe it."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pipeline import text
from pipeline.model import Record, Relation, best_first

T = TypeVar("T")


def merge(work_id: int, records: Sequence[Record]) -> Record:
    """The merged view of a work's records (at least one): source ``litwatch``, source_id the work's id.

    For each field the best record that states it decides (:func:`pipeline.model.best_first`); what sources list, all
    of them list together, each value once.
    """
    ranked = best_first(records)
    dated = next((record for record in ranked if record.published), ranked[0])
    return Record(
        source="litwatch",
        source_id=str(work_id),
        title=next(filter(None, (_unbracketed(record.title) for record in ranked)), ""),
        vernacular_title=_best(ranked, lambda record: record.vernacular_title),
        abstract=_best(ranked, lambda record: record.abstract),
        authors=_best(ranked, lambda record: record.authors),
        journal=_best(ranked, lambda record: record.journal),
        volume=_best(ranked, lambda record: record.volume),
        issue=_best(ranked, lambda record: record.issue),
        pages=_best(ranked, lambda record: record.pages),
        published=dated.published,
        published_stated=dated.published_stated,
        indexed=_best(ranked, lambda record: record.indexed),
        doi=_best(ranked, lambda record: record.doi),
        pmid=_best(ranked, lambda record: record.pmid),
        pmcid=_best(ranked, lambda record: record.pmcid),
        preprint_id=_best(ranked, lambda record: record.preprint_id),
        registrations=_union((record.registrations for record in ranked), text.fold),
        publication_types=_union((record.publication_types for record in ranked), text.fold),
        mesh=_union((record.mesh for record in ranked), text.fold),
        keywords=_union((record.keywords for record in ranked), text.fold),
        languages=_best(ranked, lambda record: record.languages),
        relations=_union((record.relations for record in ranked), _target),
        url=_best(ranked, lambda record: record.url),
        open_access=next((record.open_access for record in ranked if record.open_access is not None), None),
        publication_status=_best(ranked, lambda record: record.publication_status),
        status=_best(ranked, lambda record: record.status),
        completed=_best(ranked, lambda record: record.completed),
        results_posted=_best(ranked, lambda record: record.results_posted),
    )


def _best(ranked: Sequence[Record], field: Callable[[Record], T]) -> T:
    """The first value that is stated, or the empty value of the field."""
    return next((value for value in map(field, ranked) if value), field(ranked[0]))


def _unbracketed(title: str) -> str:
    """A title without the brackets in which NLM sets its translations (MEDLINE data element "TI")."""
    inner = title.strip().removesuffix(".").rstrip()
    if not (inner.startswith("[") and inner.endswith("]")):
        return title
    inner = inner[1:-1].strip()
    return "" if inner.rstrip(".").casefold() == "not available" else inner


def _union(lists: Iterable[Iterable[T]], identity: Callable[[T], object]) -> tuple[T, ...]:
    """Every value once, in the spelling and place in which it comes first."""
    seen: dict[object, T] = {}
    for values in lists:
        for value in values:
            seen.setdefault(identity(value), value)
    return tuple(seen.values())


def _target(relation: Relation) -> object:
    """What makes two relations one: kind and target, however the target is named."""
    return relation.kind, relation.pmid or relation.doi or relation.preprint_id or relation.citation
