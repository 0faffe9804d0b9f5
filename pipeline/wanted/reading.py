"""A list of whatever kind: RIS, CSV, or one identifier a line.

Pure: the file's bytes come in, and whatever cannot be read is a sentence with the file's name and the line.
"""

from collections.abc import Iterator
from pathlib import PurePath

from pipeline.errors import ConfigError
from pipeline.exchange import identifiers, people, ris, table
from pipeline.exchange.fields import Fields, stated, words
from pipeline.exchange.texts import blocks, lines
from pipeline.wanted.entry import Wanted
from pipeline.wanted.lines import read_lines

_TABLES = (".csv", ".tsv")
_KINDS = "RIS, CSV, or one DOI, PMID, PMCID or trial number a line"


def read_list(name: str, content: bytes) -> tuple[Wanted, ...]:
    """The publications of a list, in its order; what says too little to be looked up is among them.

    ConfigError if the file cannot be read, or if nothing in it can be looked up.
    """
    try:
        wanted = tuple(_read(name, "".join(blocks(name, [content]))))
    except table.NotATable as error:
        raise ConfigError([f"{name}, line {error.line}: not a row of a table: {error}"]) from error
    if not wanted:
        raise ConfigError([f"{name}: names no publication; give {_KINDS}"])
    if not any(one.can_be_looked_up for one in wanted):
        raise ConfigError(
            [f"{name}, line {wanted[0].line}: no identifier and no title, here or after it; give {_KINDS}"]
        )
    return wanted


def _read(name: str, content: str) -> Iterator[Wanted]:
    """By the reader for this kind of file: what it says tells the kind, and its name where it says nothing."""
    if ris.BEGIN.search(content):
        return (_wanted(line, ris.fields(reference)) for line, reference, _ in ris.references(lines([content])))
    if delimiter := table.delimiter_of(content, table.TELLING):
        return (_wanted(line, row) for line, row in table.rows([content], delimiter))
    ending = PurePath(name).suffix.lower()
    if ending == ".ris":
        raise ConfigError([f"{name}: {ris.EMPTY}"])
    if ending in _TABLES:
        telling = ", ".join(table.TELLING[:-1])
        raise ConfigError([f"{name}, line 1: no column is called {telling} or {table.TELLING[-1]}"])
    return read_lines(content)


def _wanted(line: int, fields: Fields) -> Wanted:
    """The publication that an entry names, called by its title, else by what it has."""
    title = words(fields.get("title"))
    called = next(filter(None, (words(fields.get(name)) for name in (*table.TELLING, "url"))), "")
    others = "; ".join(filter(None, map(words, fields.values())))
    year = identifiers.year(words(fields.get("year"))) or identifiers.year(words(fields.get("date")))
    return Wanted(
        line,
        called or others or "an entry without words",
        **stated(fields),
        title=title,
        first_author=_first(fields.get("authors")),
        year=year,
    )


def _first(authors: object) -> str:
    """The first author as the list spells it."""
    return people.split(words(authors))[0].strip()
