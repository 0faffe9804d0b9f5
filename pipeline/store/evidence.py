"""Evidence: what each source said of each record. Only ever added to."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from pipeline.model import Record
from pipeline.proof import Harvested, Origin, Page, Rejected, Watched
from pipeline.store.database import RECORD, digest_of, moment, packed, stamp
from pipeline.store.keys import keep_keys


@dataclass(frozen=True, slots=True)
class Kept:
    """What one page changed in the store, in records."""

    new: int = 0
    changed: int = 0
    unreadable: int = 0  # for the first time

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.new + other.new, self.changed + other.changed, self.unreadable + other.unreadable)


class Evidence:
    """Records with their revisions, and the quarantine."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def fetched_at(self, source: str) -> dict[str, datetime]:
        """When each record of a source was last fetched, by the source's own id."""
        rows = self._db.execute("SELECT source_id, fetched_at FROM records WHERE source = ?", [source])
        return {row[0]: moment(row[1]) for row in rows}

    def record(self, source: str, source_id: str) -> Record | None:
        """A source's record as it reads now; None if there is none."""
        sql = "SELECT content FROM records WHERE source = ? AND source_id = ?"
        row = self._db.execute(sql, [source, source_id]).fetchone()
        return RECORD.validate_json(row[0]) if row else None

    def watched(self) -> Watched:
        """The identifiers of every record that is let in."""
        sql = "SELECT doi, pmid FROM records JOIN verdicts ON verdicts.record = records.id WHERE tier <> 'out'"
        rows = self._db.execute(sql).fetchall()
        return Watched(frozenset(row[0] for row in rows if row[0]), frozenset(row[1] for row in rows if row[1]))

    def new_since(self, source: str, since: datetime | None) -> int:
        """How many records of a source were first seen after a moment; all of them if None."""
        sql = "SELECT count(*) FROM records WHERE source = ? AND first_seen > ?"
        return int(self._db.execute(sql, [source, stamp(since) or ""]).fetchone()[0])

    def changed_since(self, source: str, since: datetime | None) -> int:
        """How many records of a source that were known at a moment have changed after it; all that ever did if None."""
        sql = """
            SELECT count(DISTINCT record) FROM revisions JOIN records ON records.id = revisions.record
            WHERE source = ? AND seen_at > max(?, first_seen) AND (? IS NULL OR first_seen <= ?)
        """
        moment = stamp(since)
        return int(self._db.execute(sql, [source, moment or "", moment, moment]).fetchone()[0])

    def unreadable_since(self, source: str, since: datetime | None) -> int:
        """How many records could not be read for the first time after a moment; all of them if None."""
        sql = "SELECT count(*) FROM quarantine WHERE source = ? AND first_seen > ?"
        return int(self._db.execute(sql, [source, stamp(since) or ""]).fetchone()[0])

    def held(self, source: str, listed: frozenset[str]) -> int:
        """How many of the ids that a source listed are in the store."""
        sql = "SELECT count(*) FROM records WHERE source = ? AND source_id IN (SELECT value FROM json_each(?))"
        return int(self._db.execute(sql, [source, json.dumps(sorted(listed))]).fetchone()[0])

    def let_in(self, source: str, listed: frozenset[str]) -> int:
        """How many of these ids of a source are records that were screened and let in."""
        sql = """
            SELECT count(*) FROM records JOIN verdicts ON verdicts.record = records.id
            WHERE tier <> 'out' AND source = ? AND source_id IN (SELECT value FROM json_each(?))
        """
        return int(self._db.execute(sql, [source, json.dumps(sorted(listed))]).fetchone()[0])

    def gone_since(self, source: str, since: datetime | None) -> int:
        """How many records a source was found to list no longer, after a moment; all of them if None."""
        sql = "SELECT count(*) FROM records WHERE source = ? AND missing_since > max(?, first_seen)"
        return int(self._db.execute(sql, [source, stamp(since) or ""]).fetchone()[0])

    def keep_page(self, source: Origin, page: Page, now: datetime) -> Kept:
        """Store one page, whole or not at all."""
        with self._db.atomic():
            aside = sum((self._keep_rejected(source.name, rejected, now) for rejected in page.rejected), Kept())
            return sum((self._keep_record(source, one, now) for one in page.records), aside)

    def _keep_record(self, source: Origin, harvested: Harvested, now: datetime) -> Kept:
        content = RECORD.dump_json(harvested.record, exclude_defaults=True)
        content_hash = digest_of(content)
        sql = "SELECT id, content_hash FROM records WHERE source = ? AND source_id = ?"
        row = self._db.execute(sql, [source.name, harvested.record.source_id]).fetchone()
        if row and row[1] == content_hash:
            sql = "UPDATE records SET label = ?, last_seen = ?, fetched_at = ? WHERE id = ?"
            self._db.execute(sql, [source.label, stamp(now), stamp(now), row[0]])
            return Kept()
        record = self._write_record(source, harvested.record, content.decode(), content_hash, now)
        self._db.execute(
            "INSERT INTO revisions (record, seen_at, content_hash, reader_version, payload) VALUES (?, ?, ?, ?, ?)",
            [record, stamp(now), content_hash, source.version, packed(harvested.payload)],
        )
        return Kept(changed=1) if row else Kept(new=1)

    def _write_record(self, source: Origin, record: Record, content: str, content_hash: str, now: datetime) -> int:
        """Insert or overwrite the current reading of a record; it then waits to be compared. Its row id."""
        cursor = self._db.execute(
            """
            INSERT INTO records
                (source, source_id, label, first_seen, last_seen, fetched_at, pending, content_hash, content)
            VALUES (:source, :source_id, :label, :now, :now, :now, 1, :hash, :content)
            ON CONFLICT (source, source_id) DO UPDATE SET label = :label, last_seen = :now, fetched_at = :now,
                pending = 1, matched_by = 0, content_hash = :hash, content = :content
            RETURNING id
            """,
            {
                "source": source.name,
                "source_id": record.source_id,
                "label": source.label,
                "now": stamp(now),
                "hash": content_hash,
                "content": content,
            },
        )
        [(row_id,)] = cursor.fetchall()
        keep_keys(self._db, int(row_id), record)
        return int(row_id)

    def _keep_rejected(self, source: str, rejected: Rejected, now: datetime) -> Kept:
        content_hash = digest_of(rejected.payload)
        sql = "SELECT 1 FROM quarantine WHERE source = ? AND content_hash = ?"
        known = self._db.execute(sql, [source, content_hash]).fetchone()
        self._db.execute(
            """
            INSERT INTO quarantine (source, content_hash, first_seen, last_seen, error, payload)
            VALUES (:source, :hash, :now, :now, :error, :payload)
            ON CONFLICT (source, content_hash) DO UPDATE SET last_seen = :now, error = :error
            """,
            {
                "source": source,
                "hash": content_hash,
                "now": stamp(now),
                "error": rejected.error,
                "payload": packed(rejected.payload),
            },
        )
        return Kept() if known else Kept(unreadable=1)
