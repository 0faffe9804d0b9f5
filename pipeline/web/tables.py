"""The evidence map for programs: a table with a row a cell, and a document with the studies and what they state."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from pipeline.digest.cells import column_name, row_name
from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES, UNSTATED, Cell
from pipeline.digest.studies import design_of, is_retracted
from pipeline.documents import facts_document
from pipeline.exchange.table import row_of
from pipeline.links import link
from pipeline.model import Design, Study
from pipeline.proof import Coverage
from pipeline.web.atlas import COMPARATORS, comparisons
from pipeline.web.holdings import Holdings

_DESIGNS = (
    *(Design.GUIDELINE, Design.SYSTEMATIC_REVIEW, Design.RCT, Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL),
    *(Design.SURVEY, Design.CASE_REPORT, Design.NARRATIVE_REVIEW, Design.ANIMAL, Design.IN_VITRO, Design.OTHER, None),
)
"""Every design that counts on the map."""
_HEADER = (
    *("intervention", "outcome", "studies", *(design or UNSTATED for design in _DESIGNS), "people"),
    *("retracted", "registered", "new", "work_ids", "retracted_ids", "registered_ids"),
)


def map_csv(held: Holdings) -> Iterator[str]:
    """A row for each cell, the empty ones included; work ids joined by ``; ``."""
    yield row_of(_HEADER)
    for row in INTERVENTIONS:
        for column in OUTCOMES:
            cell = held.map.cell(row, column)
            counts = [cell.by_design.get(design, 0) for design in _DESIGNS]
            apart = len(cell.retracted), len(cell.registered), len(_new(cell, held))
            names = map("; ".join, (_names(cell.studies), _names(cell.retracted), _names(cell.registered)))
            yield row_of(map(str, (row, column, len(cell.studies), *counts, cell.people, *apart, *names)))


def map_json(held: Holdings) -> str:
    """The same as one document, with every study once, its facts and its evidence."""
    whole = held.map.whole
    document = {
        "litwatch": held.version,
        "subject": held.label,
        "as_of": _iso(held.as_of),
        "new_since": held.since and {"issue": held.since.number, "composed_at": _iso(held.since.composed_at)},
        "rows": [{"id": row, "name": row_name(row)} for row in INTERVENTIONS],
        "columns": [{"id": column, "name": column_name(column)} for column in OUTCOMES],
        "cells": [
            {"row": row, "column": column, **_cell(held.map.cell(row, column), held)}
            for row in INTERVENTIONS
            for column in OUTCOMES
        ],
        "comparisons": [
            {"row": row, "comparator": name, "studies": _names(found)}
            for (row, name), found in sorted(comparisons(held).items(), key=_place)
        ],
        "whole": _cell(whole, held),
        "studies": [_study(study, held) for study in (*whole.studies, *whole.retracted, *whole.registered)],
        "not_on_the_map": held.off_the_map(),
        "sources": [_source(source) for source in held.sources],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _place(entry: tuple[tuple[str, str], object]) -> tuple[int, int]:
    row, comparator = entry[0]
    return INTERVENTIONS.index(row), COMPARATORS.index(comparator)


def _cell(cell: Cell, held: Holdings) -> dict[str, Any]:
    return {
        "studies": [
            {"id": study.main.name, "design": design_of(study), "people": Cell((study,)).people or None}
            for study in cell.studies
        ],
        "by_design": {design or UNSTATED: number for design, number in cell.by_design.items()},
        "people": cell.people,
        "retracted": _names(cell.retracted),
        "registered": _names(cell.registered),
        "new": _names(_new(cell, held)),
    }


def _study(study: Study, held: Holdings) -> dict[str, Any]:
    record = study.main.record
    return {
        "id": study.main.name,
        "title": record.title,
        "date": str(record.published) if record.published else None,
        "link": link(record) or None,
        "new": held.is_new(study),
        "retracted": is_retracted(study),
        "facts": facts_document(study.main.facts),
    }


def _source(source: Coverage) -> dict[str, str | None]:
    until = source.complete_until
    return {
        "source": source.source,
        "label": source.label,
        "status": source.status.value,
        "complete_until": _iso(until) if until else None,
    }


def _new(cell: Cell, held: Holdings) -> list[Study]:
    return [study for study in (*cell.studies, *cell.retracted, *cell.registered) if held.is_new(study)]


def _names(studies: Iterable[Study]) -> list[str]:
    return [study.main.name for study in studies]


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
