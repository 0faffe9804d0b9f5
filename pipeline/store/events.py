"""Events: the memory of what happened, and that what was told stays told when works merge or split."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from pipeline.happened import Happening, News, Past
from pipeline.model import EventKind
from pipeline.store.database import stamp
from pipeline.works import Held


class EventStore:
    """What happened to works. Only ever added to; a merged work's events pass to the work that took its records."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def past(self, neighbourhood: Iterable[Held]) -> tuple[Past, ...]:
        """What was recorded of the works that these records were in until now, oldest first."""
        works = sorted({one.work for one in neighbourhood if one.work is not None})
        sql = "SELECT id, kind, work, notice FROM events WHERE work IN (SELECT value FROM json_each(?)) ORDER BY id"
        rows = self._db.execute(sql, [json.dumps(works)])
        return tuple(Past(row[0], Happening(EventKind(row[1]), row[2], row[3])) for row in rows)

    def keep(self, news: Iterable[News], run: int, now: datetime) -> None:
        """Write what happened. Call within the transaction that keeps the conclusions.

        What happened before, to another work of the same records, happened then, and was told to whom it was told since
        these were there.
        """
        for one in news:
            event = self._record(one, run, now) if one.id is None else one.id
            sql = """
                INSERT INTO told (digest, event, issue, shown)
                SELECT told.digest, :event, min(told.issue), max(shown) FROM told JOIN issues ON issues.id = told.issue
                WHERE told.event IN (SELECT value FROM json_each(:before)) AND issues.composed_at >= :since
                GROUP BY told.digest ON CONFLICT DO NOTHING
            """
            values = {"event": event, "before": json.dumps(one.before), "since": stamp(one.since)}
            self._db.execute(sql, values)

    def _record(self, one: News, run: int, now: datetime) -> int:
        """Write one event, of the time and run of the first one that said the same, if there is one; its number."""
        sql = """
            INSERT INTO events (kind, work, at, run, notice)
            VALUES (:kind, :work, coalesce((SELECT max(at, :since) FROM events WHERE id = :first), :now),
                coalesce((SELECT run FROM events WHERE id = :first), :run), :notice)
        """
        happening = one.happening
        values = {
            "kind": happening.kind.value,
            "work": happening.work,
            "notice": happening.notice,
            "first": one.before[0] if one.before else None,
            "since": stamp(one.since),
            "now": stamp(now),
            "run": run,
        }
        return int(self._db.execute(sql, values).lastrowid or 0)
