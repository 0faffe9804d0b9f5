"""Works for other programs. The fields are those that litwatch reads again, so that a list can go round."""

import csv
import io
import json
from collections.abc import Iterable

from pipeline.model import Work

Cell = str | int | bool | list[str] | None

# OWASP ASVS 1.2.10: what makes a spreadsheet take a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def fields(work: Work) -> dict[str, Cell]:
    """One work in flat fields; None and the empty list mean "not stated"."""
    record, facts = work.record, work.facts
    return {
        "record_id": work.name,
        "title": record.title,
        "abstract": record.abstract_text or None,
        "authors": [
            f"{one.family}, {one.given}".rstrip(", ") if not one.collective else one.collective
            for one in record.authors
        ],
        "year": record.published.year if record.published else None,
        "date": str(record.published) if record.published else None,
        "journal": record.journal or None,
        "volume": record.volume or None,
        "issue": record.issue or None,
        "pages": record.pages or None,
        "doi": record.doi or None,
        "pmid": record.pmid or None,
        "pmcid": record.pmcid or None,
        "nct": next((number for number in record.registrations if number.startswith("NCT")), None),
        "url": record.url or None,
        "language": record.languages[0] if record.languages else None,
        "publication_types": list(record.publication_types),
        "mesh": list(record.mesh),
        "keywords": list(record.keywords),
        "source": "; ".join(work.sources),
        "source_id": "; ".join(work.records),
        "is_retracted": facts.retracted is not None,
    }


def to_jsonl(works: Iterable[Work]) -> str:
    """One JSON object a line, text exactly as the store holds it."""
    return "".join(json.dumps(fields(work), ensure_ascii=False) + "\n" for work in works)


def to_csv(works: Iterable[Work]) -> str:
    """RFC 4180, lists joined by ``; ``; what looks like a formula is made text with a leading apostrophe."""
    rows = [fields(work) for work in works]
    target = io.StringIO()
    writer = csv.DictWriter(target, list(_HEADER), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return target.getvalue()


_HEADER = (
    "record_id", "title", "abstract", "authors", "year", "date", "journal", "volume", "issue", "pages", "doi", "pmid",
    "pmcid", "nct", "url", "language", "publication_types", "mesh", "keywords", "source", "source_id", "is_retracted",
)  # fmt: skip


def _cell(value: Cell) -> str | int | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        value = "; ".join(value)
    # Also where apostrophes stand before it already, so that a reader can take exactly one away again.
    return f"'{value}" if isinstance(value, str) and value.lstrip("'").startswith(_FORMULA) else value
