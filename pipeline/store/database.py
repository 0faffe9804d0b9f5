"""Opening the one SQLite file, and the few conventions every table shares. No business logic.

One writer at a time (the run lock), rollback journal, ``synchronous=FULL``: a batch job needs no WAL, and a database
that is one file can be copied and mailed. Readers open the file read-only and never migrate it.
"""

import hashlib
import json
import logging
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import overload

from pydantic import TypeAdapter
from sqlite_utils import Database

from pipeline.digest.evidence_map import Tally
from pipeline.errors import NotFound, StoreError, StoreOutdated
from pipeline.model import Facts, Reason, Record
from pipeline.store.copying import fill, structural_faults, write_copy
from pipeline.store.schema import APPLICATION_ID, KNOWN, migrations
from pipeline.store.troubles import RESTORE, explained, reached
from pipeline.text import clean

log = logging.getLogger(__name__)

RECORD = TypeAdapter(Record)
FACTS = TypeAdapter(Facts)
REASONS = TypeAdapter(tuple[Reason, ...])
MAP = TypeAdapter(list[tuple[str, str, Tally]])
BUSY_SECONDS = 30.0

_NO_DATABASE = "there is no database yet; `litwatch run` makes it"


@contextmanager
def open_to_write(path: Path) -> Iterator[Database]:
    """The database at ``path``, made or migrated if need be. StoreError if it cannot be used."""
    with reached(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):  # for its owner alone: it comes to hold readers' addresses
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    with explained(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    with _using(path, connection) as db:
        if _is_empty(db):
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _refuse_foreign(path, db)
        _refuse_damaged(path, db)
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("PRAGMA synchronous = FULL")
        _keep_as_it_was(path, db)
        migrations.apply(db)
        yield db


@contextmanager
def open_to_read(path: Path) -> Iterator[Database]:
    """The database at ``path``, read-only. NotFound if there is none yet, StoreError if it cannot be used."""
    with open_to_look(path) as db:
        if is_older(db):
            raise StoreOutdated(f"{path}: written by an older litwatch; `litwatch run` brings it up to date")
        yield db


@contextmanager
def open_to_look(path: Path) -> Iterator[Database]:
    """As :func:`open_to_read`, also where the tables are those of an older litwatch: not for what relies on them."""
    with reached(path):
        exists = path.exists()
    if not exists:
        raise NotFound(f"{path}: {_NO_DATABASE}")
    _settle(path)
    with explained(path):
        connection = _connect(path, "ro")
    with _using(path, connection) as db:
        if _is_empty(db):
            raise NotFound(f"{path}: {_NO_DATABASE}")
        _refuse_foreign(path, db)
        yield db


def _settle(path: Path) -> None:
    """Have SQLite take back what a run that was killed had half written: a connection that only reads cannot do that.

    Where that is not possible, reading tells. Of a run that is at work nothing is taken back: it holds its lock.
    """
    if path.with_name(f"{path.name}-journal").exists():
        with suppress(sqlite3.Error), closing(_connect(path, "rw")) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that makes no file: ``mode`` is ro or rw."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS)


@contextmanager
def scratch_copy(path: Path) -> Iterator[Path]:
    """A copy of the database in a folder of its own, thrown away afterwards; an empty place if there is none yet."""
    with TemporaryDirectory(prefix="litwatch-") as folder:
        copy = Path(folder) / path.name
        if path.exists():
            with open_to_read(path) as db:
                fill(db, copy)
        yield copy


@contextmanager
def _using(path: Path, connection: sqlite3.Connection) -> Iterator[Database]:
    """Foreign keys on, errors in plain words, closed at the end (``with connection`` alone would not)."""
    try:
        with explained(path):
            connection.execute("PRAGMA foreign_keys = ON")
            yield Database(connection)
    finally:
        connection.close()


def is_older(db: Database) -> bool:
    """Whether an older litwatch wrote it: migrations are pending."""
    return bool(migrations.pending(db))


def _keep_as_it_was(path: Path, db: Database) -> None:
    """Before the tables change, copy what an older litwatch wrote, for whoever wants to go back to that version.

    StoreError if there is no room for it; then nothing has changed.
    """
    pending = migrations.pending(db)
    if not pending or not db["runs"].exists() or not db["runs"].count:
        return
    copy = path.with_name(f"{path.name}.before-{pending[0].name.partition('_')[0]}")
    write_copy(db, copy, structural_faults, os.replace)
    log.info("%s: brought up to date; %s has what it was before, delete that when all is well", path, copy.name)


def _is_empty(db: Database) -> bool:
    """Whether nothing was ever written: a new file, or one left by a run that ended before its first step."""
    application = _application(db)
    ours = {migrations.migrations_table} if application == APPLICATION_ID else set()
    return application in {0, APPLICATION_ID} and ours.issuperset(db.table_names())


def _application(db: Database) -> int:
    return int(db.execute("PRAGMA application_id").fetchone()[0])


def _refuse_foreign(path: Path, db: Database) -> None:
    """Refuse what this program cannot understand: another program's tables, or a later litwatch's."""
    if _application(db) != APPLICATION_ID:
        raise StoreError(f"{path}: a database of some other program; name another file")
    if not KNOWN.issuperset(step.name for step in migrations.applied(db)):
        raise StoreError(f"{path}: written by a newer litwatch; install that version")


def _refuse_damaged(path: Path, db: Database) -> None:
    """Refuse to write into a file that SQLite finds fault with: it would be lost all the more."""
    if found := faults(db):
        raise StoreError(f"{path}: {found}; the file is damaged, {RESTORE}")


def faults(db: Database) -> str:
    """The first things that SQLite finds wrong with the file's structure, on one line; empty if nothing."""
    found = "; ".join(clean(row[0]) for row in db.execute("PRAGMA quick_check(3)"))
    return "" if found == "ok" else found


@overload
def stamp(moment: datetime) -> str: ...
@overload
def stamp(moment: None) -> None: ...
def stamp(moment: datetime | None) -> str | None:
    """An aware time as the store writes it."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@overload
def moment(text: str) -> datetime: ...
@overload
def moment(text: None) -> None: ...
def moment(text: str | None) -> datetime | None:
    """A stored time, aware."""
    return None if text is None else datetime.fromisoformat(text)


def row_ids(db: Database, keys: Iterable[str]) -> dict[str, int]:
    """Rows of the records with these keys."""
    sql = "SELECT key, id FROM records WHERE key IN (SELECT value FROM json_each(?))"
    return dict(db.execute(sql, [json.dumps(sorted(keys))]).fetchall())


def digest_of(content: bytes) -> str:
    """A content hash, to tell whether anything changed."""
    return hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> bytes:
    """Compressed for keeping."""
    return zlib.compress(content, 6)


def unpacked(content: bytes) -> bytes:
    """What :func:`packed` packed."""
    return zlib.decompress(content)
