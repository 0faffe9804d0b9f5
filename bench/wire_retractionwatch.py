"""Recorded rows of the Retraction Watch file, read by our adapter and by matching the text with regular expressions."""

import re
from collections.abc import Sequence
from pathlib import Path

from bench.wire import ManifestRow, Tally
from pipeline.harvest.retractionwatch_csv import record, rows
from pipeline.model import Record

# A cell is quoted, with quotation marks doubled, or holds neither comma nor line end.
_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^,\n]*))(?:,|\n)')
_COLUMNS = 20


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every row twice."""
    tally = Tally()
    for row in files:
        body = (folder / row.file).read_bytes()
        ours = [record(one) for one in rows(body)]
        cells = [quoted.replace('""', '"') or plain for quoted, plain in _CELL.findall(body.decode())]
        others = [cells[start : start + _COLUMNS] for start in range(_COLUMNS, len(cells), _COLUMNS)]
        tally.files += 1
        tally.expected += len(others)
        tally.read += len(ours)
        for one, other in zip(ours, others, strict=False):
            tally.check(row.file, one.source_id, _ours(one), _other(other))
    return tally


def _ours(record: Record) -> dict[str, object]:
    (relation,) = record.relations
    return {
        "article": (relation.pmid, relation.doi),
        "doi": record.doi,
        "journal": record.journal,
        "key": record.source_id,
        "kind": relation.kind.value,
        "pmid": record.pmid,
        "published": str(record.published),
        "reasons": record.abstract_text,
        "title": record.title,
        "types": " ".join(record.publication_types),
    }


def _other(cells: Sequence[str]) -> dict[str, object]:
    month, day, year = cells[10].removesuffix(" 0:00").split("/")
    own, article = (str(int(float(cells[place]))).strip("0") and str(int(float(cells[place]))) for place in (12, 15))
    return {
        "article": (article, cells[14].lower()),
        "doi": cells[11].lower(),
        "journal": cells[4],
        "key": cells[0],
        "kind": {"Retraction": "retraction_of"}[cells[16]],
        "pmid": own,
        "published": f"{year}-{month:>02}-{day:>02}",
        "reasons": "Reasons: " + cells[17].replace("+", "").strip(";").replace(";", "; "),
        "title": f"{cells[16]}: {cells[1]}",
        "types": {"Retraction": "Retraction of Publication"}[cells[16]],
    }
