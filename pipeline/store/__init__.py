"""The store: one SQLite file, seen from nine sides."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlite_utils import Database

from pipeline.store.catalogue import Catalogue
from pipeline.store.conclusions import ConclusionStore
from pipeline.store.database import open_to_read, open_to_write, scratch_copy
from pipeline.store.events import EventStore
from pipeline.store.evidence import Evidence
from pipeline.store.judgements import JudgementStore
from pipeline.store.outbox import OutboxStore
from pipeline.store.pairs import PairStore
from pipeline.store.statements import Statements
from pipeline.store.told import ToldStore

__all__ = ["Store", "reading", "scratch_copy", "writing"]


class Store:
    """Everything litwatch knows.

    What was asked, what sources said, what comparing brought to light, what the operator judged, what was concluded,
    what happened, what readers were told, what is on its way to them, and a catalogue for people.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.statements = Statements(db)
        self.evidence = Evidence(db)
        self.pairs = PairStore(db)
        self.judgements = JudgementStore(db)
        self.conclusions = ConclusionStore(db)
        self.events = EventStore(db)
        self.told = ToldStore(db)
        self.outbox = OutboxStore(db)
        self.catalogue = Catalogue(db, self.conclusions, self.judgements)

    def atomic(self) -> AbstractContextManager[Database]:
        """One transaction around several writes: all or nothing. Never with network inside."""
        return self._db.atomic()


@contextmanager
def writing(path: Path) -> Iterator[Store]:
    """The store for the one process that holds the run lock; made or migrated if need be."""
    with open_to_write(path) as db:
        yield Store(db)


@contextmanager
def reading(path: Path) -> Iterator[Store]:
    """The store for looking only. NotFound if there is none yet."""
    with open_to_read(path) as db:
        yield Store(db)
