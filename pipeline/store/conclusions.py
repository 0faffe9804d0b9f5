"""Conclusions: verdicts, works, links and events, drawn from records and open to be drawn again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from pipeline.model import EventKind, Study, Tier, Verdict, Work
from pipeline.store.database import FACTS, REASONS, RECORD, moment, stamp
from pipeline.works import Conclusions, Happening, Held, as_study

_HELD = """
    SELECT records.content, records.label, records.first_seen, verdicts.tier, verdicts.excluded_by, verdicts.reasons,
        work_records.work
    FROM records
    LEFT JOIN verdicts ON verdicts.record = records.id
    LEFT JOIN work_records ON work_records.record = records.id
"""
WORK_SQL = """
    SELECT works.*, (SELECT json_group_array(json_array(records.key, records.label))
        FROM work_records JOIN records ON records.id = work_records.record WHERE work_records.work = works.id) AS held
    FROM works
"""
_WAITING = """
    SELECT id FROM records WHERE pending
    UNION SELECT record FROM verdicts WHERE subject_version < :subject OR subject_version > :subject
"""
# Records that share a key with one of a set, or share a work or a link with it: what ties them may be gone since.
_NEIGHBOURS = """
    SELECT other.record FROM record_keys JOIN record_keys AS other USING (key)
    WHERE record_keys.record IN (SELECT value FROM json_each(:ids))
    UNION
    SELECT mate.record FROM work_records JOIN work_records AS mate USING (work)
    WHERE work_records.record IN (SELECT value FROM json_each(:ids))
    UNION SELECT to_record FROM links WHERE from_record IN (SELECT value FROM json_each(:ids))
    UNION SELECT from_record FROM links WHERE to_record IN (SELECT value FROM json_each(:ids))
"""


class ConclusionStore:
    """What was concluded so far; :meth:`keep` replaces it for one neighbourhood, in one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def pending(self, subject_version: str) -> list[Held]:
        """Records that came or changed since conclusions were last drawn, or were screened for another profile."""
        sql = f"{_HELD} WHERE records.id IN ({_WAITING}) ORDER BY records.id"
        return [_held(row) for row in self._db.query(sql, {"subject": subject_version})]

    def neighbourhood(self, held: Iterable[Held]) -> list[Held]:
        """Every record that can bear on the given ones, directly or through others, the given ones included."""
        found = set(self._row_ids(one.record.key for one in held).values())
        known: set[int] = set()
        while found:
            known |= found
            found = {row[0] for row in self._db.execute(_NEIGHBOURS, {"ids": json.dumps(sorted(found))})} - known
        sql = f"{_HELD} WHERE records.id IN (SELECT value FROM json_each(?)) ORDER BY records.source, records.source_id"
        return [_held(row) for row in self._db.query(sql, [json.dumps(sorted(known))])]

    def next_work_id(self) -> int:
        """The number the next new work gets; a number is never used twice."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'works'").fetchone()
        return (row[0] if row else 0) + 1

    def known_events(self, study: Study) -> frozenset[Happening]:
        """What was recorded of a study's works so far."""
        sql = "SELECT kind, work, notice FROM events WHERE work IN (SELECT value FROM json_each(?))"
        rows = self._db.execute(sql, [json.dumps([work.id for work in study.works])])
        return frozenset(Happening(EventKind(kind), work, notice) for kind, work, notice in rows)

    def keep(
        self, verdicts: Mapping[str, Verdict], subject_version: str, conclusions: Conclusions, now: datetime
    ) -> None:
        """Write verdicts and what was concluded of one neighbourhood. Call within a transaction, with the events."""
        rows = self._row_ids(key for work in conclusions.works for key in work.records)
        for key, verdict in verdicts.items():
            self._keep_verdict(rows[key], verdict, subject_version, now)
        for work in conclusions.works:
            self._keep_work(work)
            for key in work.records:
                self._db.execute(
                    "INSERT INTO work_records (record, work, reason) VALUES (?, ?, ?) "
                    "ON CONFLICT (record) DO UPDATE SET work = excluded.work, reason = excluded.reason",
                    [rows[key], work.id, conclusions.reasons.get(key, "")],
                )
        self._merge(conclusions.merged)
        self._keep_links(rows, conclusions)
        ids = json.dumps(sorted(rows.values()))
        self._db.execute("UPDATE records SET pending = 0 WHERE id IN (SELECT value FROM json_each(?))", [ids])

    def _row_ids(self, keys: Iterable[str]) -> dict[str, int]:
        sql = "SELECT key, id FROM records WHERE key IN (SELECT value FROM json_each(?))"
        return dict(self._db.execute(sql, [json.dumps(sorted(keys))]).fetchall())

    def _keep_verdict(self, row_id: int, verdict: Verdict, subject_version: str, now: datetime) -> None:
        values = [
            row_id,
            verdict.tier.value,
            verdict.excluded_by,
            REASONS.dump_json(verdict.reasons).decode(),
            subject_version,
            stamp(now),
        ]
        self._db.execute(
            """
            INSERT INTO verdicts (record, tier, excluded_by, reasons, subject_version, decided_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (record) DO UPDATE SET tier = excluded.tier, excluded_by = excluded.excluded_by,
                reasons = excluded.reasons, subject_version = excluded.subject_version,
                decided_at = iif(tier = excluded.tier AND excluded_by = excluded.excluded_by,
                    decided_at, excluded.decided_at)
            """,
            values,
        )

    def _keep_work(self, work: Work) -> None:
        self._db.execute(
            """
            INSERT INTO works (id, study, first_seen, tier, excluded_by, reasons, content, facts)
            VALUES (:id, :study, :first_seen, :tier, :excluded_by, :reasons, :content, :facts)
            ON CONFLICT (id) DO UPDATE SET study = :study, first_seen = :first_seen, tier = :tier,
                excluded_by = :excluded_by, reasons = :reasons, content = :content, facts = :facts
            """,
            {
                "id": work.id,
                "study": work.study,
                "first_seen": stamp(work.first_seen),
                "tier": work.verdict.tier.value,
                "excluded_by": work.verdict.excluded_by,
                "reasons": REASONS.dump_json(work.verdict.reasons).decode(),
                "content": RECORD.dump_json(work.record, exclude_defaults=True).decode(),
                "facts": FACTS.dump_json(work.facts).decode(),
            },
        )
        self._db.execute("DELETE FROM works_search WHERE rowid = ?", [work.id])
        authors = "; ".join(map(str, work.record.authors))
        keywords = "; ".join((*work.record.keywords, *work.record.mesh))
        self._db.execute(
            "INSERT INTO works_search (rowid, title, abstract, authors, journal, keywords) VALUES (?, ?, ?, ?, ?, ?)",
            [
                work.id,
                f"{work.record.title} {work.record.vernacular_title}",
                work.record.abstract_text,
                authors,
                work.record.journal,
                keywords,
            ],
        )

    def _merge(self, merged: Mapping[int, int]) -> None:
        for old, new in sorted(merged.items()):
            self._db.execute(
                "UPDATE works SET merged_into = :new WHERE id = :old OR merged_into = :old", {"old": old, "new": new}
            )
            self._db.execute("UPDATE events SET work = ? WHERE work = ?", [new, old])
            self._db.execute("DELETE FROM works_search WHERE rowid = ?", [old])

    def _keep_links(self, rows: Mapping[str, int], conclusions: Conclusions) -> None:
        ids = json.dumps(sorted(rows.values()))
        self._db.execute("DELETE FROM links WHERE from_record IN (SELECT value FROM json_each(?))", [ids])
        for link in conclusions.links:
            self._db.execute(
                "INSERT INTO links (from_record, to_record, relationship, reason) VALUES (?, ?, ?, ?)",
                [rows[link.a], rows[link.b], link.relationship.value, link.reason],
            )

    def keep_events(self, happenings: Sequence[Happening], run: int, now: datetime) -> None:
        """Write what happened. Call within the transaction that keeps the conclusions."""
        self._db.conn.executemany(
            "INSERT INTO events (kind, work, at, run, notice) VALUES (?, ?, ?, ?, ?)",
            [(one.kind.value, one.work, stamp(now), run, one.notice) for one in happenings],
        )

    def studies(self) -> dict[int, Study]:
        """Every study, by id. Reads the whole store: for composing a digest, not for adding a record."""
        sql = f"{WORK_SQL} WHERE works.merged_into IS NULL ORDER BY works.id"
        by_study: dict[int, list[Work]] = {}
        for row in self._db.query(sql):
            by_study.setdefault(row["study"], []).append(read_work(row))
        return {study: as_study(works) for study, works in by_study.items()}

    def study(self, study: int) -> Study:
        """One study with all its works."""
        sql = f"{WORK_SQL} WHERE works.study = ? AND works.merged_into IS NULL ORDER BY works.id"
        return as_study(map(read_work, self._db.query(sql, [study])))

    def study_of(self) -> dict[int, int]:
        """Each work's study, merged works included."""
        sql = """
            SELECT works.id, live.study FROM works
            JOIN works AS live ON live.id = coalesce(works.merged_into, works.id)
        """
        return dict(self._db.execute(sql).fetchall())

    def excluded_since(self, since: datetime | None) -> dict[str, int]:
        """How many records were screened out by each rule since a moment, most first."""
        sql = """
            SELECT excluded_by, count(*) FROM verdicts WHERE tier = 'out' AND decided_at > ?
            GROUP BY excluded_by ORDER BY count(*) DESC, excluded_by
        """
        return dict(self._db.execute(sql, [stamp(since) or ""]).fetchall())


def _held(row: Mapping[str, str | int | None]) -> Held:
    """A record with its verdict; one that was not screened yet has none, and is out until it is."""
    verdict = Verdict(Tier.OUT)
    if row["tier"]:
        verdict = Verdict(Tier(str(row["tier"])), REASONS.validate_json(str(row["reasons"])), str(row["excluded_by"]))
    work = row["work"]
    return Held(
        RECORD.validate_json(str(row["content"])),
        str(row["label"]),
        moment(str(row["first_seen"])),
        verdict,
        None if work is None else int(work),
    )


def read_work(row: Mapping[str, str | int | None]) -> Work:
    """A work from its row of ``works`` with ``held``."""
    held = sorted(json.loads(str(row["held"])))
    return Work(
        id=int(row["id"] or 0),
        study=int(row["study"] or 0),
        record=RECORD.validate_json(str(row["content"])),
        records=tuple(key for key, _ in held),
        sources=tuple(sorted({label for _, label in held})),
        verdict=Verdict(Tier(str(row["tier"])), REASONS.validate_json(str(row["reasons"])), str(row["excluded_by"])),
        facts=FACTS.validate_json(str(row["facts"])),
        first_seen=moment(str(row["first_seen"])),
    )
