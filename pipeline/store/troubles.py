"""What goes wrong with a file that is a database, as one sentence: what, where, what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StoreError

RESTORE = "put the latest copy that `litwatch verify` finds sound in its place"


@contextmanager
def reached(path: Path) -> Iterator[None]:
    """The disk's complaints on the way to the file, as StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; see that its folder can be read and written") from error


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's complaints, as StoreError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: {error}; {advice(error)}") from error


def advice(error: sqlite3.DatabaseError) -> str:
    """What to do about it, by SQLite's result code (https://sqlite.org/rescode.html)."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    precise = {
        sqlite3.SQLITE_READONLY_ROLLBACK: "a run was cut short while it wrote; the next `litwatch run` puts it right",
        # A quota, or a limit on the size of files; SQLite calls only the plain full disk full.
        sqlite3.SQLITE_IOERR_WRITE: "see that the disk is in order and has room, and run again; nothing is lost",
    }
    by_kind = {
        sqlite3.SQLITE_FULL: "free some disk space and run again, nothing is lost",
        sqlite3.SQLITE_READONLY: "make the file and its folder writable for the user who runs litwatch",
        sqlite3.SQLITE_IOERR: "see that the path names a file and that the disk is in order",
        sqlite3.SQLITE_CANTOPEN: "see that the folder exists and is readable and writable",
        sqlite3.SQLITE_BUSY: "another program is at work on the database; try again when it has ended",
        sqlite3.SQLITE_NOTADB: "name another file",
        sqlite3.SQLITE_CORRUPT: f"the file is damaged, {RESTORE}",
    }
    unknown = "see what `litwatch verify` says; if that finds nothing, please report this with your command"
    return precise.get(code) or by_kind.get(code & 0xFF, unknown)
