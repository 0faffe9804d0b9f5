"""A list of whatever kind: RIS, CSV, or one identifier a line.

Pure: the file's bytes come in, and whatever cannot be read is a sentence with the file's name and the line.
"""

from collections.abc import Iterator
from pathlib import PurePath

from pipeline.errors import ConfigError
from pipeline.wanted.entry import Wanted
from pipeline.wanted.lines import read_lines
from pipeline.wanted.ris import BEGIN, read_ris
from pipeline.wanted.table import TELLING, NotATable, delimiter_of, read_table

_TABLES = (".csv", ".tsv")
_KINDS = "RIS, CSV, or one DOI, PMID, PMCID or trial number a line"


def read_list(name: str, content: bytes) -> tuple[Wanted, ...]:
    """The publications of a list, in its order; what says too little to be looked up is among them.

    ConfigError if the file cannot be read, or if nothing in it can be looked up.
    """
    try:
        wanted = tuple(_read(name, _decoded(name, content)))
    except NotATable as error:
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
    if BEGIN.search(content):
        return read_ris(content)
    if delimiter := delimiter_of(content):
        return read_table(content, delimiter)
    ending = PurePath(name).suffix.lower()
    if ending == ".ris":
        raise ConfigError([f'{name}: no reference begins in it; in RIS each does with a line "TY  - "'])
    if ending in _TABLES:
        raise ConfigError([f"{name}, line 1: no column is called {', '.join(TELLING[:-1])} or {TELLING[-1]}"])
    return read_lines(content)


def _decoded(name: str, content: bytes) -> str:
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{name}, line {line}: not UTF-8; save the list as UTF-8 text"]) from error
    if "\0" in decoded:
        line = decoded.count("\n", 0, decoded.index("\0")) + 1
        raise ConfigError([f"{name}, line {line}: a NUL byte; this is not a text file"])
    return decoded
