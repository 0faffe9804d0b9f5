"""Evidence: what was asked, and what each source said. Only ever added to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from pipeline import match
from pipeline.model import Record
from pipeline.proof import Coverage, Harvested, Known, Origin, Page, Proof, Rejected, Status
from pipeline.store.database import RECORD, digest_of, moment, packed, stamp


@dataclass(frozen=True, slots=True)
class Kept:
    """What one page changed in the store, in records."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.new + other.new, self.changed + other.changed)


class Evidence:
    """Runs, harvests, records with their revisions, and the quarantine."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin_run(self, now: datetime, version: str) -> int:
        """Note that a run began; its number."""
        with self._db.atomic():
            cursor = self._db.execute("INSERT INTO runs (started_at, version) VALUES (?, ?)", [stamp(now), version])
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, now: datetime) -> None:
        """Note that a run came to its end; a run without an end was cut short."""
        with self._db.atomic():
            self._db.execute("UPDATE runs SET ended_at = ? WHERE id = ?", [stamp(now), run])

    def known(self, source: str) -> Known:
        """What is held of a source, so that it is asked for no more than needed."""
        rows = self._db.execute("SELECT source_id, fetched_at FROM records WHERE source = ?", [source])
        return Known({row[0]: moment(row[1]) for row in rows}, self.complete_until(source))

    def complete_until(self, source: str) -> datetime | None:
        """When the last harvest of a source began that was proven complete."""
        sql = "SELECT max(asked_at) FROM harvests WHERE source = ? AND status = 'complete'"
        asked_at: str | None = self._db.execute(sql, [source]).fetchone()[0]
        return moment(asked_at)

    def was_answered(self, source: str) -> bool:
        """Whether a source ever answered, in full or in part."""
        sql = "SELECT EXISTS (SELECT 1 FROM harvests WHERE source = ? AND status IN ('complete', 'incomplete'))"
        return bool(self._db.execute(sql, [source]).fetchone()[0])

    def new_since(self, source: str, since: datetime | None) -> int:
        """How many records of a source were first seen after a moment; all of them if None."""
        sql = "SELECT count(*) FROM records WHERE source = ? AND first_seen > ?"
        return int(self._db.execute(sql, [source, stamp(since) or ""]).fetchone()[0])

    def unreadable_since(self, source: str, since: datetime | None) -> int:
        """How many records could not be read for the first time after a moment; all of them if None."""
        sql = "SELECT count(*) FROM quarantine WHERE source = ? AND first_seen > ?"
        return int(self._db.execute(sql, [source, stamp(since) or ""]).fetchone()[0])

    def held(self, source: str, listed: frozenset[str]) -> int:
        """How many of the ids that a source listed are in the store."""
        sql = "SELECT count(*) FROM records WHERE source = ? AND source_id IN (SELECT value FROM json_each(?))"
        return int(self._db.execute(sql, [source, json.dumps(sorted(listed))]).fetchone()[0])

    def last_total(self, source: str, query_version: str) -> int:
        """What a source announced when it last answered this very query in full; 0 if it never did."""
        sql = """
            SELECT total FROM harvests WHERE source = ? AND query_version = ? AND status = 'complete'
            ORDER BY id DESC LIMIT 1
        """
        row = self._db.execute(sql, [source, query_version]).fetchone()
        return int(row[0] or 0) if row else 0

    def not_before(self, source: str) -> datetime | None:
        """Until when the source asked to be left alone."""
        sql = "SELECT not_before FROM harvests WHERE source = ? ORDER BY id DESC LIMIT 1"
        row = self._db.execute(sql, [source]).fetchone()
        return moment(row[0]) if row else None

    def keep_page(self, source: Origin, page: Page, now: datetime) -> Kept:
        """Store one page, whole or not at all."""
        with self._db.atomic():
            for rejected in page.rejected:
                self._keep_rejected(source.name, rejected, now)
            return sum((self._keep_record(source, one, now) for one in page.records), Kept())

    def _keep_record(self, source: Origin, harvested: Harvested, now: datetime) -> Kept:
        content = RECORD.dump_json(harvested.record, exclude_defaults=True)
        content_hash = digest_of(content)
        sql = "SELECT id, content_hash FROM records WHERE source = ? AND source_id = ?"
        row = self._db.execute(sql, [source.name, harvested.record.source_id]).fetchone()
        if row and row[1] == content_hash:
            sql = "UPDATE records SET label = ?, last_seen = ?, fetched_at = ?, missing_since = NULL WHERE id = ?"
            self._db.execute(sql, [source.label, stamp(now), stamp(now), row[0]])
            return Kept()
        record = self._write_record(source, harvested.record, content.decode(), content_hash, now)
        self._db.execute(
            "INSERT INTO revisions (record, seen_at, content_hash, reader_version, payload) VALUES (?, ?, ?, ?, ?)",
            [record, stamp(now), content_hash, source.version, packed(harvested.payload)],
        )
        return Kept(changed=1) if row else Kept(new=1)

    def _write_record(self, source: Origin, record: Record, content: str, content_hash: str, now: datetime) -> int:
        """Insert or overwrite the current reading of a record; it then waits for conclusions. Its row id."""
        cursor = self._db.execute(
            """
            INSERT INTO records
                (source, source_id, label, first_seen, last_seen, fetched_at, pending, content_hash, content)
            VALUES (:source, :source_id, :label, :now, :now, :now, 1, :hash, :content)
            ON CONFLICT (source, source_id) DO UPDATE SET label = :label, last_seen = :now, fetched_at = :now,
                missing_since = NULL, pending = 1, content_hash = :hash, content = :content
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
        self._db.execute("DELETE FROM record_keys WHERE record = ?", [row_id])
        self._db.conn.executemany(
            "INSERT INTO record_keys (key, record) VALUES (?, ?)", [(key, row_id) for key in sorted(match.keys(record))]
        )
        return int(row_id)

    def _keep_rejected(self, source: str, rejected: Rejected, now: datetime) -> None:
        self._db.execute(
            """
            INSERT INTO quarantine (source, content_hash, first_seen, last_seen, error, payload)
            VALUES (:source, :hash, :now, :now, :error, :payload)
            ON CONFLICT (source, content_hash) DO UPDATE SET last_seen = :now, error = :error
            """,
            {
                "source": source,
                "hash": digest_of(rejected.payload),
                "now": stamp(now),
                "error": rejected.error,
                "payload": packed(rejected.payload),
            },
        )

    def keep_statement(
        self, run: int, source: Origin, coverage: Coverage, proof: Proof | None, not_before: datetime | None = None
    ) -> None:
        """Store how a harvest ended. Only a proven one says anything about records that are gone."""
        columns: Mapping[str, str | int | None] = {
            "run": run,
            "source": coverage.source,
            "label": coverage.label,
            "asked_at": stamp(coverage.asked_at),
            "status": coverage.status.value,
            "query": coverage.query,
            "query_version": coverage.query_version,
            "total": coverage.total,
            "fetched": coverage.fetched,
            "new": coverage.new,
            "changed": coverage.changed,
            "quarantined": coverage.quarantined,
            "error": coverage.error,
            "not_before": stamp(not_before),
        }
        with self._db.atomic():
            names = ", ".join(columns)
            marks = ", ".join(f":{name}" for name in columns)
            self._db.execute(f"INSERT INTO harvests ({names}) VALUES ({marks})", dict(columns))
            if proof and source.lists_all and coverage.status is Status.COMPLETE:
                self._mark_missing(source.name, proof.listed, coverage.asked_at)

    def _mark_missing(self, source: str, listed: frozenset[str], now: datetime) -> None:
        """What a complete list no longer holds has disappeared from its source; what it holds was seen."""
        values = {"now": stamp(now), "source": source, "ids": json.dumps(sorted(listed))}
        held = "source = :source AND source_id {} (SELECT value FROM json_each(:ids))"
        seen = f"UPDATE records SET last_seen = :now, missing_since = NULL WHERE {held.format('IN')}"
        gone = f"UPDATE records SET missing_since = :now WHERE missing_since IS NULL AND {held.format('NOT IN')}"
        for statement in (seen, gone):
            self._db.execute(statement, values)

    def coverage(self, source: str) -> Coverage | None:
        """The latest statement of a source; None if it was never asked."""
        sql = "SELECT * FROM harvests WHERE source = ? ORDER BY id DESC LIMIT 1"
        for row in self._db.query(sql, [source]):
            return Coverage(
                source=row["source"],
                label=row["label"],
                asked_at=moment(row["asked_at"]),
                status=Status(row["status"]),
                query=row["query"],
                query_version=row["query_version"],
                total=row["total"],
                fetched=row["fetched"],
                new=row["new"],
                changed=row["changed"],
                quarantined=row["quarantined"],
                error=row["error"],
                complete_until=self.complete_until(source),
            )
        return None
