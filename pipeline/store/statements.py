"""Statements: what was asked of each source in each run, and how that ended. Only ever added to."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from pipeline.digest.issue import NEVER
from pipeline.proof import Coverage, Origin, Proof, Requery, Status, Validator
from pipeline.store.database import moment, stamp

# An answer is asked for in full once a week, should a server say "not modified" of something that was.
_TRUSTED = timedelta(days=7)
_FOREVER = "9999"
_COMPLETE = "source = ? AND status = 'complete' AND asked_at <= ?"


class Statements:
    """Runs, the harvests they made, and what each left behind for the next one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin_run(self, now: datetime, version: str, command: str = "run") -> int:
        """Note that a run began, or another command that draws conclusions; its number."""
        sql = "INSERT INTO runs (started_at, version, command) VALUES (?, ?, ?)"
        with self._db.atomic():
            cursor = self._db.execute(sql, [stamp(now), version, command])
        return int(cursor.lastrowid or 0)

    def end_run(self, run: int, now: datetime) -> None:
        """Note that a run came to its end; a run without an end was cut short."""
        with self._db.atomic():
            self._db.execute("UPDATE runs SET ended_at = ? WHERE id = ?", [stamp(now), run])

    def concluded_at(self) -> datetime | None:
        """When the latest run began, or other command that draws conclusions; None before the first."""
        latest: str | None = self._db.execute("SELECT max(started_at) FROM runs").fetchone()[0]
        return moment(latest)

    def complete_until(self, source: str, until: datetime | None = None) -> datetime | None:
        """When the last harvest of a source began that was proven complete, at ``until`` or before."""
        sql = f"SELECT asked_at FROM harvests WHERE {_COMPLETE} ORDER BY id DESC LIMIT 1"
        row = self._db.execute(sql, [source, stamp(until) or _FOREVER]).fetchone()
        return moment(row[0]) if row else None

    def was_answered(self, source: str) -> bool:
        """Whether a source ever answered, in full or in part."""
        sql = "SELECT EXISTS (SELECT 1 FROM harvests WHERE source = ? AND status IN ('complete', 'incomplete'))"
        return bool(self._db.execute(sql, [source]).fetchone()[0])

    def joined_at(self, source: str) -> datetime | None:
        """When a source was first asked, whatever came of it; None if it never was, or only left out."""
        sql = "SELECT min(asked_at) FROM harvests WHERE source = ? AND status <> 'skipped'"
        first: str | None = self._db.execute(sql, [source]).fetchone()[0]
        return moment(first)

    def last_complete(self, source: str, until: datetime | None = None) -> Coverage | None:
        """The latest complete statement of a source, made at ``until`` or before; None if there is none."""
        return self._statement(_COMPLETE, [source, stamp(until) or _FOREVER])

    def not_before(self, source: str) -> datetime | None:
        """Until when the source asked to be left alone."""
        sql = "SELECT not_before FROM harvests WHERE source = ? ORDER BY id DESC LIMIT 1"
        row = self._db.execute(sql, [source]).fetchone()
        return moment(row[0]) if row else None

    def validator(self, source: Origin, now: datetime) -> Validator | None:
        """What came with the last whole answer, if that was read as it would be today, and not too long ago."""
        sql = """
            SELECT etag, modified FROM validators
            WHERE source = ? AND reader_version = ? AND obtained_at > ? AND obtained_at <= ?
        """
        row = self._db.execute(sql, [source.name, source.version, stamp(now - _TRUSTED), stamp(now)]).fetchone()
        return Validator(*row) if row else None

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
            row = self._db.execute(f"INSERT INTO harvests ({names}) VALUES ({marks})", dict(columns)).lastrowid
            if proof and coverage.status is Status.COMPLETE and not proof.unchanged:
                self._keep_validator(source, proof.validator, coverage.asked_at)
                if proof.whole:
                    gone = self._mark_missing(source.name, proof.listed, coverage.asked_at)
                    self._db.execute("UPDATE harvests SET gone = ? WHERE id = ?", [gone, row])

    def _mark_missing(self, source: str, listed: frozenset[str], now: datetime) -> int:
        """What a complete list no longer holds has disappeared from its source; what it holds was seen.

        Gives how many have disappeared; what was never listed has not.
        """
        values = {"now": stamp(now), "source": source, "ids": json.dumps(sorted(listed))}
        held = "source = :source AND source_id {} (SELECT value FROM json_each(:ids))"
        seen = f"UPDATE records SET last_seen = :now, missing_since = NULL WHERE {held.format('IN')}"
        gone = f"UPDATE records SET missing_since = :now WHERE missing_since IS NULL AND {held.format('NOT IN')}"
        for statement in (seen, gone):
            self._db.execute(statement, values)
        sql = "SELECT count(*) FROM records WHERE source = ? AND missing_since = ? AND first_seen < missing_since"
        return int(self._db.execute(sql, [source, stamp(now)]).fetchone()[0])

    def _keep_validator(self, source: Origin, validator: Validator | None, now: datetime) -> None:
        self._db.execute("DELETE FROM validators WHERE source = ?", [source.name])
        if validator:
            self._db.execute(
                "INSERT INTO validators (source, reader_version, etag, modified, obtained_at) VALUES (?, ?, ?, ?, ?)",
                [source.name, source.version, validator.etag, validator.modified, stamp(now)],
            )

    def coverage(self, source: str) -> Coverage | None:
        """The latest statement of a source; None if it was never asked."""
        return self._statement("source = ?", [source])

    def latest(self, source: str, label: str) -> Coverage:
        """A source's latest statement, or the statement that it was never asked."""
        return self.coverage(source) or Coverage(source, label, NEVER, Status.SKIPPED)

    def until(self, source: str, moment: datetime) -> Coverage | None:
        """The latest statement of a source up to a moment; None if it was not asked by then."""
        return self._statement("source = ? AND asked_at <= ?", [source, stamp(moment)])

    def requeried(self, latest: Coverage, since: datetime | None) -> Requery | None:
        """How a source was last asked up to a moment, if that was otherwise than in its latest statement."""
        before = self.last_complete(latest.source, since) if since else None
        changed = before and before.query and latest.query and before.query != latest.query
        return Requery(before.asked_at, before.total) if before and changed else None

    def _statement(self, condition: str, values: Sequence[str]) -> Coverage | None:
        sql = f"SELECT * FROM harvests WHERE {condition} ORDER BY id DESC LIMIT 1"
        for row in self._db.query(sql, values):
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
                gone=row["gone"],
                quarantined=row["quarantined"],
                error=row["error"],
                complete_until=self.complete_until(row["source"]),
            )
        return None
