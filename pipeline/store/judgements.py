"""The operator's word, which stands above the rules and survives them. A judgement is never deleted, only undone."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from pipeline.model import Judged, Judgement, Matter, Record, Ruling, Sameness
from pipeline.store.database import moment, stamp

_STANDING = """
    SELECT judgements.id, kind, one.key, other.key, value, note, judged_at
    FROM judgements
    JOIN records AS one ON one.id = judgements.record LEFT JOIN records AS other ON other.id = judgements.other
    WHERE undone_at IS NULL
"""
_ROW = "(SELECT id FROM records WHERE key = ?)"


class JudgementStore:
    """What an operator said of records: of records, so that it holds however works are numbered."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, words: Iterable[Judgement | Ruling], note: str, now: datetime) -> None:
        """Store what was said at one time, all or nothing; the records then wait for conclusions."""
        with self._db.atomic():
            for word in words:
                self._db.execute(
                    "INSERT INTO judgements (kind, record, other, value, note, judged_at) "
                    f"VALUES (?, {_ROW}, {_ROW}, ?, ?, ?)",
                    [*_columns(word), note, stamp(now)],
                )
                self._reconsider(word)

    def undo(self, judged: Judged, now: datetime) -> None:
        """Let a judgement count no longer; the records then wait for conclusions."""
        with self._db.atomic():
            self._db.execute("UPDATE judgements SET undone_at = ? WHERE id = ?", [stamp(now), judged.id])
            self._reconsider(judged.word)

    def _reconsider(self, word: Judgement | Ruling) -> None:
        self._db.execute("UPDATE records SET pending = 1 WHERE key IN (?, ?)", _columns(word)[1:3])

    def concerning(self, records: Iterable[Record]) -> tuple[Judged, ...]:
        """The standing judgements on any of these records, oldest first."""
        ids = "SELECT id FROM records WHERE key IN (SELECT value FROM json_each(:keys))"
        sql = f"{_STANDING} AND (record IN ({ids}) OR other IN ({ids})) ORDER BY judgements.id"
        rows = self._db.execute(sql, {"keys": json.dumps([record.key for record in records])})
        return tuple(
            Judged(number, _word(kind, one, other, value), note, moment(at))
            for number, kind, one, other, value, note, at in rows
        )


def _columns(word: Judgement | Ruling) -> tuple[str, str, str | None, str]:
    """Kind, record, other record and value."""
    if isinstance(word, Judgement):
        return word.sameness.value, word.a, word.b, ""
    return word.matter.value, word.record, None, word.value


def _word(kind: str, record: str, other: str | None, value: str) -> Judgement | Ruling:
    return Ruling(record, Matter(kind), value) if other is None else Judgement(record, other, Sameness(kind))
