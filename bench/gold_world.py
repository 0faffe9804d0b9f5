"""A list of labelled publications as a world of its own, so that the sample server can serve it to the pipeline.

A publication keeps the id of its row, so that what a run finds can be traced back by PMID, DOI or title key.
"""

import json
from pathlib import Path
from typing import Any

from pipeline.sample.world import Row, World, world_from

_TYPES = {
    "rct": ["Journal Article", "Randomized Controlled Trial"],
    "review": ["Journal Article", "Review"],
    "sr_ma": ["Journal Article", "Systematic Review"],
    "case_report": ["Case Reports", "Journal Article"],
    "registration": [],
}
_ENTERED = "2026-11-01"


def gold_world(path: Path) -> World:
    """Read ``publications.jsonl``: with a PMID in PubMed and Europe PMC, with a DOI in Europe PMC, else in a feed."""
    with path.open(encoding="utf-8") as lines:
        return world_from(map(_row, map(json.loads, lines)))


def _row(gold: dict[str, Any]) -> Row:
    """Give a row of the world, without what the labelled row does not state."""
    row = {
        "id": gold["id"],
        "title": gold["title"],
        "entered": _ENTERED,
        "authors": gold["authors"],
        "journal": gold["journal"],
        "published": gold["year"] and str(gold["year"]),
        "doi": gold["doi"],
        "pmid": gold["pmid"],
        "pmcid": gold["pmcid"],
        "registrations": [number for number in (gold["nct"], gold["registry_id"]) if number],
        "types": _TYPES.get(gold["type"], ["Journal Article"]),
        "abstract": [("", gold["abstract_paraphrase"])] if gold["abstract_paraphrase"] else [],
        "status": "PubMed-not-MEDLINE",
        "held_by": {source: {} for source in _holders(gold)},
    }
    return {name: value for name, value in row.items() if value is not None}


def _holders(gold: dict[str, Any]) -> tuple[str, ...]:
    if gold["pmid"]:
        return "pubmed", "europepmc"
    return ("europepmc",) if gold["doi"] or gold["pmcid"] else ("open",)
