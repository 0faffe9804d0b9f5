"""Retraction Watch: the file with all notices, as Crossref publishes it.

Columns: https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/. The file is never empty, so
there is always a row about something else in it.
"""

import csv
import io
import zlib
from collections.abc import Iterable
from datetime import date

from pipeline.model import Relation, RelationKind
from pipeline.sample.world import Publication

_COLUMNS = (
    *("Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author", "URLS"),
    *("ArticleType", "RetractionDate", "RetractionDOI", "RetractionPubMedID"),
    *("OriginalPaperDate", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason"),
    *("Paywalled", "Notes"),
)
_NATURES = {
    RelationKind.RETRACTION_OF: "Retraction",
    RelationKind.CONCERN_FOR: "Expression of concern",
    RelationKind.ERRATUM_FOR: "Correction",
    RelationKind.OTHER: "Reinstatement",
}
_ELSEWHERE = {
    "Record ID": "1",
    "Title": "Sample record (made up): an article about something else",
    "Journal": "Journal of Sample Records",
    "RetractionDate": "1/1/2026 0:00",
    "OriginalPaperDOI": "10.5555/litwatch-sample.elsewhere.article",
    "OriginalPaperPubMedID": "0.0",
    "RetractionNature": "Retraction",
}


def table(publications: Iterable[Publication]) -> bytes:
    """Write the file: a row for each notice and article that it points at."""
    written = io.StringIO()
    rows = csv.DictWriter(written, _COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    rows.writerow(_ELSEWHERE)
    rows.writerows(_row(one, pointer) for one in publications for pointer in one.relations if pointer.kind in _NATURES)
    return written.getvalue().encode()


def _row(one: Publication, pointer: Relation) -> dict[str, str]:
    nature = _NATURES[pointer.kind]
    return {
        "Record ID": str(zlib.crc32(f"{one.id} {pointer.pmid} {pointer.doi}".encode())),
        "Title": one.title.removeprefix(f"{nature}: "),
        "Journal": one.journal,
        "RetractionDate": _day(one.published.latest if one.published else one.entered),
        "RetractionDOI": one.doi or "unavailable",
        "RetractionPubMedID": f"{one.pmid or 0}.0",
        "OriginalPaperDOI": pointer.doi or "unavailable",
        "OriginalPaperPubMedID": f"{pointer.pmid or 0}.0",
        "RetractionNature": nature,
        "Reason": "".join(f"+{part.text};" for part in one.abstract),
        "Paywalled": "No",
    }


def _day(day: date) -> str:
    """Write a day as Americans do."""
    return f"{day.month}/{day.day}/{day.year} 0:00"
