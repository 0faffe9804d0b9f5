"""The operator's word, which stands above the rules and survives them. A judgement is never deleted, only undone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from pipeline.model import Judgement, Record, Sameness
from pipeline.store.database import moment, stamp

_STANDING = """
    SELECT judgements.id, kind, one.key, other.key, note, judged_at
    FROM judgements
    JOIN records AS one ON one.id = judgements.record JOIN records AS other ON other.id = judgements.other
    WHERE undone_at IS NULL
"""
_ROW = "(SELECT id FROM records WHERE key = ?)"


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement that stands, with its number, when it was made, and the operator's note."""

    id: int
    judgement: Judgement
    note: str
    at: datetime


class JudgementStore:
    """What an operator said of records: of records, so that it holds however works are numbered."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, judgement: Judgement, note: str, now: datetime) -> None:
        """Store a judgement; both records then wait for conclusions."""
        values = [judgement.sameness.value, judgement.a, judgement.b, note, stamp(now)]
        with self._db.atomic():
            self._db.execute(
                "INSERT INTO judgements (kind, record, other, value, note, judged_at) "
                f"VALUES (?, {_ROW}, {_ROW}, '', ?, ?)",
                values,
            )
            self._reconsider(judgement)

    def undo(self, judged: Judged, now: datetime) -> None:
        """Let a judgement count no longer; both records then wait for conclusions."""
        with self._db.atomic():
            self._db.execute("UPDATE judgements SET undone_at = ? WHERE id = ?", [stamp(now), judged.id])
            self._reconsider(judged.judgement)

    def _reconsider(self, judgement: Judgement) -> None:
        self._db.execute("UPDATE records SET pending = 1 WHERE key IN (?, ?)", [judgement.a, judgement.b])

    def concerning(self, records: Iterable[Record]) -> tuple[Judged, ...]:
        """The standing judgements on any of these records, oldest first."""
        ids = "SELECT id FROM records WHERE key IN (SELECT value FROM json_each(:keys))"
        sql = f"{_STANDING} AND (record IN ({ids}) OR other IN ({ids})) ORDER BY judgements.id"
        rows = self._db.execute(sql, {"keys": json.dumps([record.key for record in records])})
        return tuple(
            Judged(number, Judgement(a, b, Sameness(kind)), note, moment(at)) for number, kind, a, b, note, at in rows
        )

    def among(self, records: Iterable[Record]) -> tuple[Judgement, ...]:
        """What was judged of these records, oldest first."""
        return tuple(one.judgement for one in self.concerning(records))
