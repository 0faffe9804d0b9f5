"""The sample world: what each source holds in two runs, as facts. :mod:`pipeline.sample.wire` puts them into words.

A world is read from rows, one a publication. ``held_by`` names the sources that hold it, each with the fields it
tells differently; ``later`` has the fields that change between the two runs; ``stage`` "later" means that the
publication appears in the second run only.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any, Literal, get_args

from pipeline.model import Author, PartialDate, Relation, RelationKind, Section

Stage = Literal["baseline", "later"]
Row = Mapping[str, Any]

STAGES: tuple[Stage, ...] = get_args(Stage)
BASELINE = datetime(2026, 11, 16, 7, tzinfo=UTC)  # when the first run asks
LATER = datetime(2026, 11, 22, 7, tzinfo=UTC)  # when the second run asks

# Name and path of each feed; the last part of the path, without its ending, is the source's name in ``held_by``.
FEEDS: tuple[tuple[str, str], ...] = (
    ("Complementary medicine journals (sample)", "/feeds/complementary.xml"),
    ("Neurology journals (sample)", "/feeds/neurology.xml"),
    ("Open journals and trial registers (sample)", "/feeds/open.xml"),
)


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication as one source tells it. Empty means that the source does not state it.

    ``entered`` is when the source first held it, ``revised`` when the source last
    changed it. ``mesh`` are NLM's unique ids and headings ("D005221 Fatigue"), ``language`` is NLM's code.
    """

    id: str
    title: str
    entered: date
    vernacular_title: str = ""
    authors: tuple[Author, ...] = ()
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    published: PartialDate | None = None
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    preprint_id: str = ""
    registrations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    language: str = "eng"
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    abstract: tuple[Section, ...] = ()
    relations: tuple[Relation, ...] = ()
    status: str = ""
    completed: PartialDate | None = None
    results_posted: PartialDate | None = None
    open_access: bool | None = None
    url: str = ""
    revised: date | None = None

    @property
    def changed(self) -> date:
        """When the source last touched it."""
        return self.revised or self.entered


@dataclass(frozen=True, slots=True)
class World:
    """For each source and stage, the publications it holds, in the order of the rows."""

    holdings: Mapping[tuple[str, Stage], tuple[Publication, ...]]

    def held(self, source: str, stage: Stage) -> tuple[Publication, ...]:
        """Give what a source holds; nothing for a source that no row names."""
        return self.holdings.get((source, stage), ())

    @property
    def sources(self) -> tuple[str, ...]:
        """Give the names of all sources that hold something."""
        return tuple(dict.fromkeys(source for source, _ in self.holdings))


def load() -> World:
    """Read the bundled sample world."""
    return world_from(rows())


def rows() -> Iterator[Row]:
    """Read the rows of the bundled sample world. The file's first line says what it is and is no row."""
    text = (resources.files("pipeline.sample") / "world.jsonl").read_text(encoding="utf-8")
    return (json.loads(line) for line in text.splitlines()[1:])


def world_from(publications: Iterable[Row]) -> World:
    """Make a world of rows. TypeError for a field no publication has, ValueError for a value that cannot be read."""
    holdings: dict[tuple[str, Stage], tuple[Publication, ...]] = {}
    for row in publications:
        for source, told in row["held_by"].items():
            for stage in _stages(row):
                holdings[source, stage] = (*holdings.get((source, stage), ()), _publication(row, stage, told))
    return World(holdings)


def _stages(row: Row) -> tuple[Stage, ...]:
    return STAGES[STAGES.index(row.get("stage", "baseline")) :]


def _publication(row: Row, stage: Stage, told: Row) -> Publication:
    """Read a row as it stands at a stage, with what the source tells differently on top."""
    facts = {**row, **(row.get("later", {}) if stage == "later" else {}), **told}
    return Publication(**{name: _READ.get(name, _as_is)(value) for name, value in facts.items() if name not in _ABOUT})


def _as_is(value: Any) -> Any:
    return value


def _authors(names: list[str | Mapping[str, str]]) -> tuple[Author, ...]:
    return tuple(_author(name) if isinstance(name, str) else Author(**name) for name in names)


def _author(name: str) -> Author:
    family, _, given = name.partition(", ")
    return Author(family, given)


def _sections(parts: list[tuple[str, str]]) -> tuple[Section, ...]:
    return tuple(Section(text, label) for label, text in parts)


def _relations(pointers: list[dict[str, Any]]) -> tuple[Relation, ...]:
    return tuple(Relation(**{**pointer, "kind": RelationKind(pointer["kind"]), "stated": ""}) for pointer in pointers)


_ABOUT = {"stage", "later", "held_by"}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "authors": _authors,
    "abstract": _sections,
    "relations": _relations,
    "published": PartialDate.parse,
    "completed": PartialDate.parse,
    "results_posted": PartialDate.parse,
    "entered": date.fromisoformat,
    "revised": date.fromisoformat,
    "registrations": tuple,
    "types": tuple,
    "mesh": tuple,
    "keywords": tuple,
}
