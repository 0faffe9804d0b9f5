"""A copy of an open database as a file: verified before it takes its name, so that no bad copy replaces a good one."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkstemp

from sqlite_utils import Database

from pipeline.errors import StoreError
from pipeline.store.schema import APPLICATION_ID
from pipeline.store.troubles import RESTORE, advice
from pipeline.text import clean

_MOST = 20  # faults that are listed


def structural_faults(db: Database) -> list[str]:
    """What SQLite finds wrong with the file: pages, indexes, rows that refer to none; or another program's mark."""
    pages = [clean(row[0]) for row in db.execute(f"PRAGMA integrity_check({_MOST})")]
    found = [] if pages == ["ok"] else pages
    if not found:  # what a damaged file says of its rows is worth nothing
        orphans = db.execute("PRAGMA foreign_key_check").fetchmany(_MOST)
        found += [f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there" for row in orphans]
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        found.append("it is a database of some other program")
    return found


def write_copy(
    db: Database, path: Path, check: Callable[[Database], list[str]], replace: Callable[[Path, Path], None]
) -> None:
    """Write what ``db`` holds now to ``path``, readable by its owner only, if ``check`` finds no fault in it.

    ``replace(draft, path)`` gives the finished copy its name. StoreError if it cannot be written or is not sound; then
    what was at ``path`` is still there. The database is locked against writing only while it is read, in one go
    (https://sqlite.org/backup.html: a copy in steps would begin anew whenever a run writes).
    """
    draft = None
    try:
        handle, name = mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        draft = Path(name)
        os.close(handle)
        fill(db, draft)
        if found := _checked(draft, check):
            raise StoreError(f"{path}: not written, for the database is damaged ({found[0]}); {RESTORE}")
        _sync(draft)
        replace(draft, path)
        _sync(path.parent)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: the copy cannot be made: {error}; {advice(error)}") from error
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(
            f"{path}: cannot be written: {reason}; see that the folder is writable and has room"
        ) from error
    finally:
        if draft:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def fill(db: Database, draft: Path) -> None:
    """Copy what ``db`` holds at this moment into an empty file. The errors are SQLite's."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as target:
        target.execute("PRAGMA journal_mode = OFF")  # a draft that is cut short is thrown away
        target.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        try:
            # Waits for a busy writer as long as every reader does. `backup` alone would wait for ever.
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            db.conn.backup(target)
        finally:
            db.rollback()


def _checked(draft: Path, check: Callable[[Database], list[str]]) -> list[str]:
    with closing(sqlite3.connect(f"{draft.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return check(Database(connection))


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    if path.is_dir() and os.name != "posix":  # elsewhere a folder cannot be opened
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
