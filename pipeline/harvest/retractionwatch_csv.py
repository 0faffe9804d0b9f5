"""Reading the Retraction Watch file: its rows, and the notice that one of them tells of.

Columns: https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/. Dates are American, PubMed ids come
as decimals ("37476288.0") and as 0 where there is none, identifiers as "unavailable", and some bytes are not UTF-8.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from pipeline import text
from pipeline.errors import RecordRejected, SourceMalformed
from pipeline.exchange.table import CELL_LIMIT
from pipeline.harvest.json_fields import Json, plain, unique
from pipeline.model import PartialDate, Record, Relation, RelationKind, Section
from pipeline.proof import Watched

Row = dict[str, str]

_REQUIRED = ("Record ID", "Title", "RetractionDate", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature")
_DATE = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})\b", re.ASCII)
_DECIMALS = re.compile(r"\.0*$")
_END = "end of file"

# The module's own limit of 131,072 is said to be too little for this file.
csv.field_size_limit(CELL_LIMIT)


@dataclass(frozen=True, slots=True)
class Nature:
    """A kind of notice: NLM's publication type for it, where there is one, and what it is to the article."""

    type: str
    kind: RelationKind


_NATURES = {
    "Retraction": Nature("Retraction of Publication", RelationKind.RETRACTION_OF),
    "Expression of concern": Nature("Expression of Concern", RelationKind.CONCERN_FOR),
    "Correction": Nature("Published Erratum", RelationKind.ERRATUM_FOR),
    "Reinstatement": Nature("Reinstatement", RelationKind.OTHER),
}

# Our own column, set in a stored row whose retraction was undone by a later one.
REINSTATED = "Reinstated"


def header(body: bytes) -> list[str]:
    """The names of the columns. SourceMalformed if these are not the file's: an error page, nothing at all."""
    names = [name.strip() for name in next(_table(body), [])]
    if missing := [name for name in _REQUIRED if name not in names]:
        raise SourceMalformed(f"the answer is not the Retraction Watch file: it has no column {missing[0]}")
    return names


def rows(body: bytes) -> Iterator[Row]:
    """Every row by the names of its columns, or by numbers if it has more or fewer cells than there are columns.

    SourceMalformed at the end if the file breaks off, or holds no row at all: then nothing can be said of any article.
    """
    names = header(body)
    table = _table(body)
    next(table)
    whole = False
    for cells in table:
        whole = len(cells) >= len(names)
        keys = names if len(cells) == len(names) else map(str, range(len(cells)))
        yield dict(zip(keys, cells, strict=True))
    if not whole:
        raise SourceMalformed("the file ends before or within its last row")


def _table(body: bytes) -> Iterator[list[str]]:
    """Every row that is not blank. The line put at the end comes out as a row only if no quotation is open there."""
    lines = io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", errors="replace", newline="")
    row: list[str] = []
    try:
        for row in csv.reader(chain(lines, [_END])):
            if row and row != [_END]:
                yield row
    except csv.Error as error:
        raise SourceMalformed(f"the file cannot be read as CSV ({error})") from error
    if row != [_END]:
        raise SourceMalformed("the file breaks off within a quotation")


def is_about(row: Row, watched: Watched) -> bool:
    """Whether a row is about a watched publication; where cells are out of place, any of them may say so."""
    if _is_whole(row):
        dois, pmids = [row["OriginalPaperDOI"]], [row["OriginalPaperPubMedID"]]
    else:
        dois = pmids = [*row.values()]
    return not (watched.dois.isdisjoint(map(text.doi, dois)) and watched.pmids.isdisjoint(map(pubmed_id, pmids)))


def _is_whole(row: Json) -> bool:
    return row.keys() >= set(_REQUIRED)


def pubmed_id(stated: str) -> str:
    """A PubMed id without the decimals that a spreadsheet gave it, or the empty string."""
    return text.pmid(_DECIMALS.sub("", stated))


def record(row: object) -> Record:
    """The notice that a row tells of. RecordRejected if it tells of none."""
    if not isinstance(row, dict) or not _is_whole(row):
        raise RecordRejected("not a row of the file's columns")
    number, title = plain(row, "Record ID"), plain(row, "Title")
    if not number or not title:
        raise RecordRejected("no title" if number else "no Record ID")
    word = plain(row, "RetractionNature").capitalize()
    if word not in _NATURES:
        raise RecordRejected("a nature that is not known")
    relation, type_ = _meaning(row, word)
    doi, pmid, reasons = (
        text.doi(plain(row, "RetractionDOI")),
        pubmed_id(plain(row, "RetractionPubMedID")),
        _reasons(row),
    )
    return Record(
        source="retractionwatch",
        source_id=number,
        title=f"{word}: {title}",
        abstract=(Section(reasons, "Reasons"),) if reasons else (),
        journal=plain(row, "Journal"),
        published=_date(plain(row, "RetractionDate")),
        doi="" if doi == relation.doi else doi,
        pmid="" if pmid == relation.pmid else pmid,
        publication_types=(type_,) if type_ else (),
        relations=(relation,),
    )


def _meaning(row: Json, word: str) -> tuple[Relation, str]:
    """What the notice is to its article, and its publication type. A retraction that was undone retracts nothing."""
    doi, pmid = text.doi(plain(row, "OriginalPaperDOI")), pubmed_id(plain(row, "OriginalPaperPubMedID"))
    if plain(row, REINSTATED):
        return Relation(RelationKind.OTHER, REINSTATED, pmid=pmid, doi=doi), ""
    return Relation(_NATURES[word].kind, word, pmid=pmid, doi=doi), _NATURES[word].type


def _date(stated: str) -> PartialDate | None:
    """The day of a notice, None if it is not stated. RecordRejected if what stands there is no day."""
    if not stated:
        return None
    try:
        month, day, year = (int(part) for part in _DATE.findall(stated)[0])
        return PartialDate(year, month, day)
    except (IndexError, ValueError) as error:
        raise RecordRejected("RetractionDate is not a date") from error


def _reasons(row: Json) -> str:
    """The reasons as the file lists them: "+Paper Mill;+Unreliable Results;"."""
    return "; ".join(unique(part.strip().removeprefix("+").strip() for part in plain(row, "Reason").split(";")))
