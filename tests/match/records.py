"""Records for the tests of matching: made up, as their DOIs (10.5555) say."""

from typing import Any

from pipeline.model import Author, PartialDate, Record, RelationKind, Section
from pipeline.model import Relation as _Relation

TITLE = "Acupuncture for fatigue in multiple sclerosis: a made-up trial"


def record(
    name: str, title: str = TITLE, author: str = "Rossi", year: int | None = 2024, abstract: str = "", **fields: Any
) -> Record:
    """A record under ``source:source_id``, by default of one made-up trial. More authors stand between semicolons."""
    source, _, source_id = name.partition(":")
    return Record(
        source=source,
        source_id=source_id,
        title=title,
        authors=tuple(Author(family=name) for name in author.split("; ") if name),
        abstract=(Section(abstract),) if abstract else (),
        published=PartialDate(year) if year else None,
        **fields,
    )


def pointing(kind: RelationKind, **target: str) -> dict[str, Any]:
    """The field ``relations`` with one pointer."""
    return {"relations": (_Relation(kind, kind.value, **target),)}
