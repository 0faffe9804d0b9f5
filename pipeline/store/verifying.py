"""Whether a database is sound: as a file, as the evidence that was kept in it, and as what litwatch relies on."""

import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from pipeline.errors import StoreError
from pipeline.store.copying import structural_faults
from pipeline.store.database import digest_of, is_older, moment, open_to_look, unpacked

_PACKED = {
    "payload {} of a record": "SELECT id, payload FROM revisions",
    "payload {} in quarantine": "SELECT id, payload FROM quarantine",
    "message {} of the outbox": "SELECT id, content FROM outbox WHERE content IS NOT NULL",
    "issue {}": "SELECT digest || ' ' || number || ' as ' || format, content FROM renderings JOIN issues ON id = issue",
}

# What no single table can promise: each finds what contradicts it.
_RULES = {
    "work W{} rests on no record": """
        SELECT id FROM works WHERE merged_into IS NULL AND id NOT IN (SELECT work FROM work_records)
    """,
    "work W{} was merged and still has records": """
        SELECT DISTINCT works.id FROM works JOIN work_records ON work = works.id WHERE merged_into IS NOT NULL
    """,
    "work W{} cannot be searched": """
        SELECT id FROM works WHERE merged_into IS NULL AND id NOT IN (SELECT rowid FROM works_search)
    """,
    "search finds work W{}, which is not there": """
        SELECT rowid FROM works_search WHERE rowid NOT IN (SELECT id FROM works WHERE merged_into IS NULL)
    """,
    "event {} is of a work that was merged into another": """
        SELECT events.id FROM events JOIN works ON works.id = work WHERE merged_into IS NOT NULL
    """,
    "event {} was told by another digest's issue": """
        SELECT event FROM told JOIN issues ON issues.id = issue WHERE told.digest <> issues.digest
    """,
    "issue {} is missing from the series": """
        SELECT digest || ' ' || (number - 1) FROM issues AS later WHERE number > 1 AND NOT EXISTS (
            SELECT 1 FROM issues WHERE digest = later.digest AND number = later.number - 1)
    """,
    "message {} of the outbox has no content": """
        SELECT outbox.id FROM outbox LEFT JOIN renderings USING (issue, format)
        WHERE coalesce(outbox.content, renderings.content) IS NULL
    """,
}


_COUNTED = {"records": "records", "works": "works WHERE merged_into IS NULL", "issues": "issues"}


@dataclass(frozen=True, slots=True)
class Report:
    """What came of looking: the problems, whether the tables are an older litwatch's, and what the file holds."""

    problems: tuple[str, ...]
    older: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    last_run: datetime | None = None


def verify_file(path: Path) -> Report:
    """Look at a whole database, which is only read. NotFound if there is none.

    Of one of an older litwatch everything is looked at but :func:`contradictions`.
    """
    try:
        with open_to_look(path) as db:
            return _report(db)
    except StoreError as error:
        return Report((str(error).removeprefix(f"{path}: "),))


def _report(db: Database) -> Report:
    older = is_older(db)
    problems = damage(db) or ([] if older else contradictions(db))
    if problems:
        return Report(tuple(problems), older)
    counts = {name: db.execute(f"SELECT count(*) FROM {sql}").fetchone()[0] for name, sql in _COUNTED.items()}
    last: str | None = db.execute("SELECT max(started_at) FROM runs").fetchone()[0]
    return Report((), older, counts, moment(last))


def damage(db: Database) -> list[str]:
    """What is wrong with the file, or does not read as it was kept. Holds for the tables of every release."""
    return structural_faults(db) or [*_altered(db)]


def contradictions(db: Database) -> list[str]:
    """Where the tables contradict one another, an example of each kind. Needs the tables of this litwatch."""
    found = ((words, db.execute(sql).fetchall()) for words, sql in _RULES.items())
    return [words.format(rows[0][0]) + _more(len(rows)) for words, rows in found if rows]


def _altered(db: Database) -> Iterator[str]:
    """Contents that changed on the disk unseen: SQLite has no checksums, but records have a hash, and zlib has one."""
    records = db.execute("SELECT key, content, content_hash FROM records")
    altered = [key for key, content, kept in records if digest_of(content.encode()) != kept]
    if altered:
        yield f"record {altered[0]} does not read as it was kept" + _more(len(altered))
    for words, sql in _PACKED.items():
        if not _is_known(db, sql):
            continue
        broken = [name for name, content in db.execute(sql) if not _unpacks(content)]
        if broken:
            yield f"{words.format(broken[0])} does not read as it was kept" + _more(len(broken))


def _is_known(db: Database, sql: str) -> bool:
    """Whether there is what is asked for: tables of an older litwatch have fewer columns."""
    try:
        db.execute(f"EXPLAIN {sql}")
    except sqlite3.OperationalError:
        return False
    return True


def _unpacks(content: bytes) -> bool:
    try:
        unpacked(content)
    except zlib.error:
        return False
    return True


def _more(count: int) -> str:
    return f" (and {count - 1:,} more)" if count > 1 else ""
