"""CSV, also with semicolons or tabs, whose first line names the columns (RFC 4180).

The columns are those of litwatch's own records, and other programs' where they differ.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from pipeline import text
from pipeline.exchange.fields import SAME, Cell, Entry, Item, Problem, author_name, entry, flat

TELLING = ("title", "doi", "pmid", "pmcid", "nct")
"""A table has at least one of these columns, or one with ids of its own."""

_FIRST_LINE = re.compile(r"[\r\n]*([^\r\n]{1,10000})")  # no header is longer
# OWASP ASVS 1.2.10: what makes a spreadsheet take a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
CELL_LIMIT = 2_000_000
"""Characters in a cell: longer than any list of authors or institutions, and short enough to notice a quotation mark
that is never closed. The csv module has one limit for the whole program."""

csv.field_size_limit(CELL_LIMIT)


class NotATable(ValueError):
    """A row cannot be read; the message says what is wrong with it, ``line`` where it begins."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(what)


def delimiter_of(content: str, telling: Collection[str] = (*TELLING, "record_id")) -> str:
    """What separates the columns of a table; empty if the first line names no column that tells publications apart."""
    first = _FIRST_LINE.match(content)
    for delimiter in ",;\t":
        if first and not set(telling).isdisjoint(_names(next(csv.reader([first[1]], delimiter=delimiter), []))):
            return delimiter
    return ""


def rows(blocks: Iterable[str], delimiter: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that holds anything, with the line on which it begins, its cells by the names of their columns.

    Of several columns with one name the first that holds anything counts; a leading apostrophe that keeps a cell from
    being a formula is taken away. NotATable if a row cannot be read.
    """
    rows = _rows(blocks, delimiter)
    names = next(((_names(cells)) for _, cells in rows), [])
    for line, cells in rows:
        row: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            if cell and name not in row:
                row[name] = _unguarded(cell)
        yield line, row


def entries(blocks: Iterable[str], delimiter: str) -> Iterator[Entry | Problem]:
    """One entry a row. NotATable if one cannot be read."""
    for line, row in rows(blocks, delimiter):
        yield entry(line, row, row)


def _rows(blocks: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    lines = chain.from_iterable(io.StringIO(block, newline="") for block in blocks)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(map(str.strip, row)):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotATable(line, str(error)) from error


def _names(header: Iterable[str]) -> list[str]:
    names = (text.clean(cell).lower() for cell in header)
    return [SAME.get(name, name) for name in names]


# --- formulas -------------------------------------------------------------------------------------


def _guarded(cell: str) -> str:
    # Also where apostrophes stand before it already, so that a reader can take exactly one away again.
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[0] == "'" and cell.lstrip("'").startswith(_FORMULA) else cell


# --- writing --------------------------------------------------------------------------------------

_HEADER = (
    "record_id", "title", "abstract", "authors", "year", "date", "journal", "volume", "issue", "pages", "doi", "pmid",
    "pmcid", "nct", "url", "language", "publication_types", "mesh", "keywords", "source", "source_id", "is_retracted",
)  # fmt: skip


def to_csv(items: Iterable[Item]) -> Iterator[str]:
    """A row an item, lists joined by ``; ``; what looks like a formula is made text with a leading apostrophe."""
    yield row_of(_HEADER)
    for item in items:
        cells = flat(item)
        if len(item.record.authors) == 1 and " and " in (only := author_name(item.record.authors[0])):
            cells["authors"] = f"{only};"  # else it would be taken for two
        yield row_of(_cell(cells[name]) for name in _HEADER)


def row_of(cells: Iterable[str]) -> str:
    """One row as RFC 4180 writes it."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow(map(_guarded, cells))
    return target.getvalue()


def _cell(value: Cell) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)
