"""Conclusions: verdicts, works and studies, drawn from records and open to be drawn again."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from pipeline.digest.families import FAMILY, Kinship
from pipeline.digest.trials import ENDED
from pipeline.model import Design, Relationship, Study, Tier, Verdict, Work
from pipeline.overdue import Ended
from pipeline.store.database import FACTS, REASONS, RECORD, moment, row_ids, stamp
from pipeline.store.pairs import BATCH, GATHERING
from pipeline.works import Before, Conclusions, Held, as_study

_FAMILY = ", ".join(f"'{one.value}'" for one in FAMILY)
_HELD = """
    SELECT records.content, records.label, records.first_seen, verdicts.tier, verdicts.excluded_by, verdicts.reasons,
        work_records.work, works.study, work_records.came_with,
        records.pending OR verdicts.rules IS NOT :rules AS waiting
    FROM records
    LEFT JOIN verdicts ON verdicts.record = records.id
    LEFT JOIN work_records ON work_records.record = records.id
    LEFT JOIN works ON works.id = work_records.work
    WHERE records.id IN (SELECT value FROM json_each(:ids)) ORDER BY records.source, records.source_id
"""
WORK_SQL = """
    SELECT works.*, (SELECT json_group_array(json_array(records.key, records.label))
        FROM work_records JOIN records ON records.id = work_records.record WHERE work_records.work = works.id) AS held
    FROM works
"""
_WAITING = """
    SELECT id FROM records WHERE pending
    UNION ALL SELECT record FROM verdicts WHERE rules < :rules
    UNION ALL SELECT record FROM verdicts WHERE rules > :rules
    LIMIT :batch
"""
# Records that certainly look like one publication with one of a set, or were judged to be, or are versions or notices
# of it; and those of its study so far, for what tied them may be gone.
_TIED = f"""
    SELECT record_b FROM pairs WHERE certain AND record_a IN (SELECT value FROM json_each(:ids))
    UNION SELECT record_a FROM pairs WHERE certain AND record_b IN (SELECT value FROM json_each(:ids))
    UNION SELECT to_record FROM links
    WHERE relationship IN ({GATHERING}) AND from_record IN (SELECT value FROM json_each(:ids))
    UNION SELECT from_record FROM links
    WHERE relationship IN ({GATHERING}) AND to_record IN (SELECT value FROM json_each(:ids))
    UNION SELECT other FROM judgements
    WHERE kind = 'same_as' AND undone_at IS NULL AND record IN (SELECT value FROM json_each(:ids))
    UNION SELECT record FROM judgements
    WHERE kind = 'same_as' AND undone_at IS NULL AND other IN (SELECT value FROM json_each(:ids))
    UNION SELECT mate.record FROM work_records AS own CROSS JOIN works ON works.id = own.work
    CROSS JOIN works AS kin ON kin.study = works.study CROSS JOIN work_records AS mate ON mate.work = kin.id
    WHERE own.record IN (SELECT value FROM json_each(:ids))
"""
# Found through the index of registration numbers, so that the whole store need not be read.
_ENDED_TRIALS = """
    SELECT works.id, works.content, works.first_seen,
        EXISTS (SELECT 1 FROM events WHERE events.work = works.id AND kind = 'status') AS has_moved,
        (SELECT json_group_array(json_array(result.design, result.doi, result.pmid)) FROM work_records AS own
            JOIN links ON to_record = own.record AND relationship = 'registration'
            JOIN work_records AS far ON far.record = from_record JOIN works AS result ON result.id = far.work
            WHERE own.work = works.id) AS publications
    FROM works
    WHERE id IN (SELECT work FROM work_records JOIN record_keys USING (record) WHERE key >= 'reg:' AND key < 'reg;')
        AND tier <> 'out' AND design = 'registration'
        AND content ->> '$.status' IN (SELECT value FROM json_each(:ended))
        AND content -> '$.completed' IS NOT NULL AND content -> '$.results_posted' IS NULL
        AND NOT EXISTS (SELECT 1 FROM events WHERE events.work = works.id AND kind = 'overdue')
    ORDER BY works.id
"""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value in short, with the words it rests on and their field; None means "not stated"."""

    value: str | int | None
    evidence: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a rebuild may change of a work."""

    tier: Tier
    excluded_by: str
    design: Stated
    participants: Stated


@dataclass(frozen=True, slots=True)
class Standing:
    """The works there are, and which of them each record (its row) is in."""

    works: Mapping[int, Summary]
    work_of: Mapping[int, int]


class ConclusionStore:
    """What was concluded so far; :meth:`keep` replaces it for one neighbourhood, in one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def waiting(self, rules: str) -> tuple[int, ...]:
        """Rows of the next records, of one batch, from which conclusions are to be drawn.

        They came or changed, what they were compared with did, or they were concluded from by other rules.
        """
        rows = self._db.execute(_WAITING, {"rules": rules, "batch": BATCH})
        return tuple(sorted({row[0] for row in rows}))

    def rules(self) -> frozenset[str]:
        """The rules by which what the store holds was concluded; several while better ones take effect."""
        return frozenset(row[0] for row in self._db.execute("SELECT DISTINCT rules FROM verdicts"))

    def neighbourhood(self, rows: Iterable[int], rules: str) -> list[Held]:
        """Every record that can bear on those of the given rows, directly or through others, these included."""
        found = set(rows)
        known: set[int] = set()
        while found:
            known |= found
            found = {row[0] for row in self._db.execute(_TIED, {"ids": json.dumps(sorted(found))})} - known
        values = {"ids": json.dumps(sorted(known)), "rules": rules}
        return [_held(row) for row in self._db.query(_HELD, values)]

    def next_work_id(self) -> int:
        """The number the next new work gets; a number is never used twice."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'works'").fetchone()
        return (row[0] if row else 0) + 1

    def before(self, neighbourhood: Iterable[Held]) -> dict[int, Before]:
        """What was concluded so far of the works that these records are in, and whether these say the same now."""
        works = sorted({one.work for one in neighbourhood if one.work is not None})
        sql = """
            SELECT works.id, tier, excluded_by, reasons, facts, json_group_array(records.key) AS keys,
                min(read_as = content_hash) AS unchanged, works.content ->> '$.status' AS status,
                works.content -> '$.results_posted' IS NOT NULL AS results_posted
            FROM works JOIN work_records ON work_records.work = works.id JOIN records ON records.id = record
            WHERE works.id IN (SELECT value FROM json_each(?))
            GROUP BY works.id
        """
        return {row["id"]: _before(row) for row in self._db.query(sql, [json.dumps(works)])}

    def ended_trials(self) -> Iterator[Ended]:
        """Registered trials that have ended and show no results, unless that was recorded: found by their numbers."""
        for row in self._db.query(_ENDED_TRIALS, {"ended": json.dumps(ENDED)}):
            publications = json.loads(row["publications"])
            plans = (one for one in publications if one[0] == Design.PROTOCOL.value)
            yield Ended(
                row["id"],
                RECORD.validate_json(row["content"]),
                moment(row["first_seen"]),
                has_moved=bool(row["has_moved"]),
                published=any(design != Design.PROTOCOL.value for design, *_ in publications),
                plans=frozenset(name for _, *names in plans for name in names if name),
            )

    def keep(self, neighbourhood: Iterable[Held], conclusions: Conclusions, rules: str, now: datetime) -> None:
        """Write verdicts and what was concluded of one neighbourhood. Call within a transaction, with the events."""
        rows = row_ids(self._db, (key for work in conclusions.works for key in work.records))
        for one in neighbourhood:
            if one.waiting:
                self._keep_verdict(rows[one.record.key], one.verdict, rules, now)
        for work in conclusions.works:
            self._keep_work(work)
            self._keep_records(work, rows, conclusions)
        self._merge(conclusions.merged)
        self._lead_on(sorted((work.id for work in conclusions.works), reverse=True))
        ids = json.dumps(sorted(rows.values()))
        self._db.execute("UPDATE records SET pending = 0 WHERE id IN (SELECT value FROM json_each(?))", [ids])

    def _keep_verdict(self, row_id: int, verdict: Verdict, rules: str, now: datetime) -> None:
        values = [
            row_id,
            verdict.tier.value,
            verdict.excluded_by,
            REASONS.dump_json(verdict.reasons).decode(),
            rules,
            stamp(now),
        ]
        self._db.execute(
            """
            INSERT INTO verdicts (record, tier, excluded_by, reasons, rules, decided_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (record) DO UPDATE SET tier = excluded.tier, excluded_by = excluded.excluded_by,
                reasons = excluded.reasons, rules = excluded.rules,
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
            ON CONFLICT (id) DO UPDATE SET study = :study, merged_into = NULL, first_seen = :first_seen, tier = :tier,
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

    def _keep_records(self, work: Work, rows: Mapping[str, int], conclusions: Conclusions) -> None:
        sql = """
            INSERT INTO work_records (record, work, reason, read_as)
            SELECT id, :work, :reason, content_hash FROM records WHERE id = :record
            ON CONFLICT (record) DO UPDATE SET work = :work, reason = :reason, read_as = excluded.read_as,
                came_with = nullif(
                    coalesce(came_with, iif(work IN (SELECT value FROM json_each(:given_up)), work, NULL)), :work)
        """
        given_up = json.dumps(sorted(conclusions.merged))
        for key in work.records:
            reason = conclusions.reasons.get(key, "")
            values = {"record": rows[key], "work": work.id, "reason": reason, "given_up": given_up}
            self._db.execute(sql, values)

    def _lead_on(self, works: Iterable[int]) -> None:
        """Let each id that was given up lead to where its records are now; to the oldest work, if to several."""
        sql = """
            UPDATE works SET merged_into = :work WHERE id <> :work AND merged_into IS NOT NULL
            AND id IN (SELECT came_with FROM work_records WHERE work = :work)
        """
        for work in works:
            self._db.execute(sql, {"work": work})

    def _merge(self, merged: Mapping[int, int]) -> None:
        for old, new in sorted(merged.items()):
            self._db.execute(
                "UPDATE works SET merged_into = :new WHERE id = :old OR merged_into = :old", {"old": old, "new": new}
            )
            self._db.execute("UPDATE events SET work = ? WHERE work = ?", [new, old])
            self._db.execute("DELETE FROM works_search WHERE rowid = ?", [old])

    def standing(self) -> Standing:
        """Every work in short. Reads the whole store: to tell what a rebuild changes."""
        sql = """
            SELECT id, tier, excluded_by,
                design, facts ->> '$.design.evidence', facts ->> '$.design.field',
                participants, facts ->> '$.participants.evidence', facts ->> '$.participants.field'
            FROM works WHERE merged_into IS NULL
        """
        return Standing(
            {
                row[0]: Summary(Tier(row[1]), row[2], Stated(*row[3:6]), Stated(*row[6:9]))
                for row in self._db.execute(sql)
            },
            dict(self._db.execute("SELECT record, work FROM work_records").fetchall()),
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

    def kinships(self) -> tuple[Kinship, ...]:
        """Which studies are reports of one, by the links between their works."""
        sql = f"""
            SELECT DISTINCT newer.study, older.study, relationship FROM links
            JOIN work_records AS near ON near.record = from_record JOIN works AS newer ON newer.id = near.work
            JOIN work_records AS far ON far.record = to_record JOIN works AS older ON older.id = far.work
            WHERE newer.study <> older.study AND relationship IN ({_FAMILY}) ORDER BY 1, 2, 3
        """
        return tuple(Kinship(a, b, Relationship(kind)) for a, b, kind in self._db.execute(sql))

    def excluded_since(self, since: datetime | None) -> dict[str, int]:
        """How many records were screened out by each rule since a moment, most first."""
        sql = """
            SELECT excluded_by, count(*) FROM verdicts WHERE tier = 'out' AND decided_at > ?
            GROUP BY excluded_by ORDER BY count(*) DESC, excluded_by
        """
        return dict(self._db.execute(sql, [stamp(since) or ""]).fetchall())


def _held(row: Mapping[str, str | int | None]) -> Held:
    """A record with its verdict; one that was not screened yet has none, and is out until it is."""
    verdict = _verdict(row) if row["tier"] else Verdict(Tier.OUT)
    work, study, came_with = (
        None if row[name] is None else int(str(row[name])) for name in ("work", "study", "came_with")
    )
    return Held(
        RECORD.validate_json(str(row["content"])),
        str(row["label"]),
        moment(str(row["first_seen"])),
        verdict,
        work,
        study,
        came_with,
        bool(row["waiting"]),
    )


def _before(row: Mapping[str, Any]) -> Before:
    return Before(
        _verdict(row),
        FACTS.validate_json(row["facts"]),
        frozenset(json.loads(row["keys"])),
        unchanged=bool(row["unchanged"]),
        status=row["status"] or "",
        results_posted=bool(row["results_posted"]),
    )


def _verdict(row: Mapping[str, str | int | None]) -> Verdict:
    return Verdict(Tier(str(row["tier"])), REASONS.validate_json(str(row["reasons"])), str(row["excluded_by"]))


def read_work(row: Mapping[str, str | int | None]) -> Work:
    """A work from its row of ``works`` with ``held``."""
    held = sorted(json.loads(str(row["held"])))
    return Work(
        id=int(row["id"] or 0),
        study=int(row["study"] or 0),
        record=RECORD.validate_json(str(row["content"])),
        records=tuple(key for key, _ in held),
        sources=tuple(sorted({label for _, label in held})),
        verdict=_verdict(row),
        facts=FACTS.validate_json(str(row["facts"])),
        first_seen=moment(str(row["first_seen"])),
    )
