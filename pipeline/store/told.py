"""What each subscription was told: issues, and the events they claimed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from pipeline.digest.evidence_map import Tallies
from pipeline.digest.issue import FEED, IssueRef
from pipeline.digest.letter import Letter
from pipeline.errors import NotFound
from pipeline.model import Event, EventKind
from pipeline.store.database import MAP, moment, packed, stamp, unpacked
from pipeline.store.outbox import FileTarget, OutboxStore


@dataclass(frozen=True, slots=True)
class FrozenIssue:
    """An issue as it will be printed from now on: its bytes in every format, the events it claims, where it goes.

    ``shown`` are those of the claims whose studies it speaks of. ``renderings`` has its entry in a feed, too.
    """

    digest: str
    ref: IssueRef
    subject: str
    renderings: Mapping[str, str]
    claims: tuple[int, ...]
    shown: frozenset[int]
    targets: tuple[FileTarget, ...]
    letters: tuple[Letter, ...] = ()
    out_of_cycle: bool = False
    told_map: Tallies | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An issue as an entry of a feed, and when it was composed."""

    composed_at: datetime
    content: str


class ToldStore:
    """The memory of what readers know. An issue, its claims and its messages are written in one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def last_issue(self, digest: str) -> IssueRef | None:
        """The subscription's latest issue; None before its first."""
        sql = "SELECT number, composed_at FROM issues WHERE digest = ? ORDER BY number DESC LIMIT 1"
        row = self._db.execute(sql, [digest]).fetchone()
        return IssueRef(row[0], moment(row[1])) if row else None

    def issues(self) -> dict[str, list[tuple[IssueRef, str]]]:
        """Every issue with its subject line, oldest first, by digest."""
        found: dict[str, list[tuple[IssueRef, str]]] = {}
        sql = "SELECT digest, number, composed_at, subject FROM issues ORDER BY digest, number"
        for digest, number, at, subject in self._db.execute(sql):
            found.setdefault(digest, []).append((IssueRef(number, moment(at)), subject))
        return found

    def new_since(self, digest: str) -> IssueRef | None:
        """The regular issue before the latest; the first if there is no other. What came after it is new to readers."""
        sql = """
            SELECT number, composed_at FROM issues WHERE digest = ? AND NOT out_of_cycle ORDER BY number DESC LIMIT 2
        """
        rows = self._db.execute(sql, [digest]).fetchall()
        return IssueRef(rows[-1][0], moment(rows[-1][1])) if rows else None

    def period_start(self, digest: str, now: datetime) -> datetime | None:
        """When the latest regular issue was composed; not one from the future: clocks are set back. None if none is."""
        sql = "SELECT max(composed_at) FROM issues WHERE digest = ? AND NOT out_of_cycle AND composed_at <= ?"
        latest: str | None = self._db.execute(sql, [digest, stamp(now)]).fetchone()[0]
        return moment(latest)

    def period_of(self, digest: str, asked_at: datetime) -> datetime | None:
        """When the period began that a statement belongs to, as that of an issue's own time does to that issue.

        None if it belongs to the first one's.
        """
        sql = "SELECT max(composed_at) FROM issues WHERE digest = ? AND NOT out_of_cycle AND composed_at < ?"
        latest: str | None = self._db.execute(sql, [digest, stamp(asked_at)]).fetchone()[0]
        return moment(latest)

    def untold(self, digest: str) -> tuple[Event, ...]:
        """The events a subscription has not been told, oldest first."""
        return self._events("id NOT IN (SELECT event FROM told WHERE digest = ?)", digest)

    def events_since(self, since: datetime) -> tuple[Event, ...]:
        """What happened from a moment on, oldest first."""
        return self._events("at >= ?", stamp(since))

    def _events(self, condition: str, value: str) -> tuple[Event, ...]:
        rows = self._db.execute(f"SELECT id, kind, work, at, notice FROM events WHERE {condition} ORDER BY id", [value])
        return tuple(Event(row[0], EventKind(row[1]), row[2], moment(row[3]), row[4]) for row in rows)

    def told(self, digest: str) -> dict[int, IssueRef]:
        """The issue in which a subscription first met each study it knows, by study."""
        sql = """
            SELECT works.study, issues.number, issues.composed_at FROM told JOIN events ON events.id = told.event
            JOIN works ON works.id = events.work JOIN issues ON issues.id = told.issue
            WHERE told.digest = ? AND events.kind = 'new' ORDER BY issues.number DESC
        """
        return {study: IssueRef(number, moment(at)) for study, number, at in self._db.execute(sql, [digest])}

    def shown(self, digest: str) -> frozenset[int]:
        """The studies that some issue of a subscription spoke of."""
        sql = """
            SELECT DISTINCT works.study FROM told JOIN events ON events.id = told.event
            JOIN works ON works.id = events.work WHERE told.digest = ? AND shown
        """
        return frozenset(row[0] for row in self._db.execute(sql, [digest]))

    def told_map(self, digest: str) -> Tallies | None:
        """What a subscription was last told of the evidence map; None before an issue that keeps it."""
        sql = "SELECT told_map FROM issues WHERE digest = ? AND told_map IS NOT NULL ORDER BY number DESC LIMIT 1"
        row = self._db.execute(sql, [digest]).fetchone()
        if row is None:
            return None
        return {(treatment, outcome): tally for treatment, outcome, tally in MAP.validate_json(row[0])}

    def keep_issue(self, issue: FrozenIssue) -> None:
        """Store an issue with its bytes, claim its events, and put it into the outbox: all or nothing."""
        digest, ref = issue.digest, issue.ref
        with self._db.atomic():
            if not issue.out_of_cycle:
                self.consider(digest, ref.composed_at)
            sql = """
                INSERT INTO issues (digest, number, composed_at, subject, out_of_cycle, told_map)
                VALUES (?, ?, ?, ?, ?, ?)
            """
            told_map = None if issue.told_map is None else [(*pair, tally) for pair, tally in issue.told_map.items()]
            kept = None if told_map is None else MAP.dump_json(told_map).decode()
            values = [digest, ref.number, stamp(ref.composed_at), issue.subject, issue.out_of_cycle, kept]
            row_id = self._db.execute(sql, values).lastrowid or 0
            self._db.conn.executemany(
                "INSERT INTO renderings (issue, format, content) VALUES (?, ?, ?)",
                [(row_id, name, packed(text.encode())) for name, text in issue.renderings.items()],
            )
            self._db.conn.executemany(
                "INSERT INTO told (digest, event, issue, shown) VALUES (?, ?, ?, ?)",
                [(digest, event, row_id, event in issue.shown) for event in issue.claims],
            )
            OutboxStore(self._db).put(row_id, f"{digest}/{ref.number}", issue.targets, issue.letters)

    def last_considered(self, digest: str) -> datetime | None:
        """When the last issue was composed, or left out because nothing had happened; None before the first."""
        row = self._db.execute("SELECT considered_at FROM subscriptions WHERE digest = ?", [digest]).fetchone()
        return moment(row[0]) if row else None

    def consider(self, digest: str, now: datetime) -> None:
        """Note that the subscription had its turn, so that it is due again only at its next slot."""
        sql = """
            INSERT INTO subscriptions (digest, considered_at) VALUES (?, ?)
            ON CONFLICT (digest) DO UPDATE SET considered_at = excluded.considered_at
        """
        with self._db.atomic():
            self._db.execute(sql, [digest, stamp(now)])

    def printed(self, digest: str, number: int, format_name: str) -> str:
        """An earlier issue, byte for byte as it was composed. NotFound if there is none."""
        sql = """
            SELECT content FROM renderings JOIN issues ON issues.id = issue
            WHERE digest = ? AND number = ? AND format = ?
        """
        row = self._db.execute(sql, [digest, number, format_name]).fetchone()
        if row is None:
            last = self.last_issue(digest)
            raise NotFound(
                f"digest {digest!r} has no issue {number}" + (f"; its latest is {last.number}" if last else "")
            )
        return unpacked(row[0]).decode()

    def latest_entries(self, digest: str, limit: int) -> list[Entry]:
        """The entries of a subscription's latest issues for its feed, newest first."""
        sql = """
            SELECT composed_at, content FROM renderings JOIN issues ON issues.id = issue
            WHERE digest = ? AND format = ? ORDER BY number DESC LIMIT ?
        """
        return [
            Entry(moment(row[0]), unpacked(row[1]).decode()) for row in self._db.execute(sql, [digest, FEED, limit])
        ]
