"""Stores for tests, and records put into them as a run would."""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from pipeline.model import Record
from pipeline.proof import Harvested, Page
from pipeline.run import draw_conclusions
from pipeline.screen.subject import Concept, Subject
from pipeline.store import Store
from pipeline.store.evidence import Kept
from pipeline.store.schema import migrations

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
SUBJECT = Subject(
    label="MS + acupuncture",
    title="Acupuncture and multiple sclerosis",
    concepts=(
        Concept(name="acupuncture", mesh=(), search=("acupuncture",), terms=("acupuncture",)),
        Concept(name="multiple sclerosis", mesh=(), search=("multiple sclerosis",), terms=("multiple sclerosis",)),
    ),
)


@dataclass(frozen=True)
class Origin:
    """What the store has to know of a source."""

    name: str = "pubmed"
    label: str = "PubMed"
    version: int = 1
    lists_all: bool = True


@contextmanager
def memory_store() -> Iterator[Store]:
    """An empty store that lives in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        db = Database(connection)
        migrations.apply(db)
        yield Store(db)


def cut_short(path: Path, copy: Path) -> None:
    """Copy a database as a process leaves it that is killed while it commits: half changed, and with the way back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 2")  # so that the change is half on disk before it is committed
        db.execute("BEGIN")
        db.execute("UPDATE records SET label = hex(randomblob(500))")
        for ending in ("", "-journal"):
            shutil.copy(f"{path}{ending}", f"{copy}{ending}")
        db.execute("ROLLBACK")


def page(*records: Record) -> Page:
    """One page with these records; each one's title is its payload."""
    return Page(tuple(Harvested(record, record.title.encode()) for record in records))


def keep(store: Store, *records: Record, now: datetime = NOW) -> Kept:
    """Keep records, one page a source."""
    by_source = defaultdict(list)
    for record in records:
        by_source[record.source].append(record)
    pages = ((Origin(name, name.capitalize()), page(*held)) for name, held in by_source.items())
    return sum((store.evidence.keep_page(origin, one, now) for origin, one in pages), Kept())


def advance(store: Store, *records: Record, now: datetime = NOW, subject: Subject = SUBJECT) -> None:
    """Keep records and draw conclusions, as one run does."""
    run = store.statements.begin_run(now, "0")
    keep(store, *records, now=now)
    draw_conclusions(store, subject, run, now)
