"""A list as a table: CSV, also with semicolons or tabs, whose first line names the columns."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline import text
from pipeline.wanted import entry
from pipeline.wanted.entry import Identifiers, Wanted

TELLING = ("title", "doi", "pmid", "pmcid", "nct")
"""A table has at least one of these columns."""

# The columns of litwatch's own records, those of BibDedupe where they differ, and those of PubMed's export.
_SAME = {"author": "authors", "publication year": "year"}
_FIRST_LINE = re.compile(r"[\r\n]*([^\r\n]{1,10000})")  # no header is longer
_FIRST_OF_AUTHORS = re.compile(r";|\sand\s")


class NotATable(ValueError):
    """A row cannot be read; the message says what is wrong with it, ``line`` where it begins."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(what)


def delimiter_of(content: str) -> str:
    """What separates the columns of a table; empty if the first line names no column that tells publications apart."""
    first = _FIRST_LINE.match(content)
    for delimiter in ",;\t":
        if first and set(_names(next(csv.reader([first[1]], delimiter=delimiter), []))) & set(TELLING):
            return delimiter
    return ""


def read_table(content: str, delimiter: str) -> Iterator[Wanted]:
    """One publication a row; rows without a word are skipped. NotATable if one cannot be read."""
    rows = _rows(content, delimiter)
    _, header = next(rows)
    names = _names(header)
    for line, cells in rows:
        row: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            row[name] = row.get(name) or text.clean(cell)
        yield _wanted(line, row)


def _rows(content: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything, with the line on which it begins."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotATable(line, str(error)) from error


def _names(header: Iterable[str]) -> list[str]:
    names = (text.clean(cell).lower() for cell in header)
    return [_SAME.get(name, name) for name in names]


def _wanted(line: int, row: Mapping[str, str]) -> Wanted:
    title = row.get("title", "")
    identifiers = entry.identifiers(row.get("url", "")) | _columns(row)
    first_author = _FIRST_OF_AUTHORS.split(row.get("authors", ""))[0].strip()
    telling = filter(None, (row.get(name) for name in (*TELLING, "url")))
    words = next(telling, "") or "; ".join(filter(None, row.values())) or "a row without words"
    year = entry.year(row.get("year", "")) or entry.year(row.get("date", ""))
    return Wanted(line, words, **identifiers, title=title, first_author=first_author, year=year)


def _columns(row: Mapping[str, str]) -> Identifiers:
    """What the columns of identifiers hold. A PMCID may stand there without its letters."""
    found = Identifiers()
    if doi := entry.doi(row.get("doi", "")):
        found["doi"] = doi
    if pmid := entry.pmid(row.get("pmid", "")):
        found["pmid"] = pmid
    if pmcid := entry.pmcid(row.get("pmcid", "")) or entry.pmcid(f"PMC{row.get('pmcid', '')}"):
        found["pmcid"] = pmcid
    if numbers := tuple(text.registrations(row.get("nct", ""))):
        found["registrations"] = numbers
    return found
