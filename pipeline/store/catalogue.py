"""Reading the store for people: one work with everything behind it, lists, full-text search, health."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from pipeline import text
from pipeline.audit import Sighting
from pipeline.errors import NotFound
from pipeline.model import Design, Judged, Record, Study, Tier, Work, best_first
from pipeline.store.conclusions import WORK_SQL, ConclusionStore, read_work
from pipeline.store.database import RECORD, faults, moment
from pipeline.store.doubts import Doubt, doubts
from pipeline.store.judgements import JudgementStore
from pipeline.store.lookup import Lookup
from pipeline.wanted import Wanted

STATES = ("retracted", "concern", "corrected", "withdrawn", "preprint")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which works to show. Empty fields let everything through.

    ``since`` is the day a work was first seen; ``rule`` how the rule begins that put it out, with its kind or without
    ("homonym: mass spectrometry", "homonym", "mass spec").
    """

    tiers: tuple[Tier, ...] = (Tier.CORE, Tier.RELATED)
    designs: tuple[Design, ...] = ()
    outcomes: tuple[str, ...] = ()
    since: date | None = None
    status: str = ""
    rule: str = ""

    def lets_through(self, work: Work) -> bool:
        """Whether a work passes every part of the filter."""
        design = work.facts.design.value if work.facts.design else None
        return (
            work.verdict.tier in self.tiers
            and (not self.designs or design in self.designs)
            and (not self.outcomes or any(outcome.value in self.outcomes for outcome in work.facts.outcomes))
            and (self.since is None or work.first_seen.date() >= self.since)
            and (not self.status or self.status in states(work))
            and (not self.rule or _begins(work.verdict.excluded_by, self.rule))
        )


def _begins(rule: str, beginning: str) -> bool:
    """Whether the name of a rule, with its kind or without, begins so."""
    named = rule.casefold()
    return any(name.startswith(beginning.casefold()) for name in (named, named.partition(": ")[2]))


def states(work: Work) -> tuple[str, ...]:
    """What a careful reader must know of a work's standing."""
    facts = work.facts
    held = {
        "retracted": facts.retracted,
        "concern": facts.concern,
        "corrected": facts.corrected,
        "withdrawn": facts.withdrawn,
        "preprint": work.record.is_preprint,
    }
    return tuple(name for name in STATES if held[name])


@dataclass(frozen=True, slots=True)
class Evidence:
    """One record behind a work, as its source gave it."""

    record: Record
    label: str
    first_seen: datetime
    last_seen: datetime
    missing_since: datetime | None
    joined_by: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A work with its study, the records behind it, how they are linked to others, and what is or should be judged."""

    work: Work
    study: Study
    evidence: tuple[Evidence, ...]
    links: tuple[Mapping[str, str], ...]
    judgements: tuple[Judged, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a run began and ended; without an end it was cut short, or is at work. ``version`` is litwatch's."""

    started_at: datetime
    ended_at: datetime | None
    version: str


class Catalogue:
    """Questions people ask of the store."""

    def __init__(self, db: Database, conclusions: ConclusionStore, judgements: JudgementStore) -> None:
        self._db = db
        self._conclusions = conclusions
        self._judgements = judgements

    def works(self, wanted: Filter) -> Iterator[Work]:
        """Works that pass the filter, in the order they were first concluded."""
        return self._passing(f"{WORK_SQL} WHERE works.merged_into IS NULL ORDER BY works.id", (), wanted)

    def search(self, query: str, wanted: Filter) -> Iterator[Work]:
        """Works whose text holds every word of the query, best match first. ``word*`` stands for any ending."""
        found = "JOIN works_search ON works_search.rowid = works.id WHERE works_search MATCH ?"
        sql = f"{WORK_SQL} {found} ORDER BY works_search.rank, works.id"
        return self._passing(sql, (_match_expression(query),), wanted)

    def _passing(self, sql: str, values: Iterable[str], wanted: Filter) -> Iterator[Work]:
        return (work for work in map(read_work, self._db.query(sql, list(values))) if wanted.lets_through(work))

    def find(self, identifier: str) -> Work:
        """The work with this id, DOI, PMID, PMCID, registration number or record. NotFound if there is none."""
        return self._work(self._bearing(identifier)[0][0])

    def records(self, identifier: str) -> list[Record]:
        """The records of one work that bear an identifier (a work id: all), the best first. NotFound if none does."""
        found = self._bearing(identifier)
        return best_first(RECORD.validate_json(content) for work, content in found if work == found[0][0])

    def _bearing(self, identifier: str) -> list[tuple[int, str]]:
        """Works, and the content of records of theirs that bear an identifier, by the first way that leads anywhere."""
        for sql, values in _lookups(identifier):
            if found := self._db.execute(sql, values).fetchall():
                return found
        raise NotFound(
            f"{text.clean(identifier)[:80]}: not in the store; give a work id (W12), a DOI, PMID, PMCID, preprint id, "
            "trial number, or a record (pubmed:1)"
        )

    def _work(self, work_id: int) -> Work:
        return read_work(next(iter(self._db.query(f"{WORK_SQL} WHERE works.id = ?", [work_id]))))

    def sightings(self, wanted: Sequence[Wanted]) -> list[tuple[Sighting, ...]]:
        """The records that each wanted publication leads to, with where they were told."""
        return Lookup(self._db, self._conclusions).sightings(wanted)

    def dossier(self, work: Work) -> Dossier:
        """Everything the store knows about a work."""
        sql = """
            SELECT records.*, work_records.reason AS joined_by
            FROM work_records JOIN records ON records.id = work_records.record
            WHERE work_records.work = ? ORDER BY records.key
        """
        evidence = tuple(
            Evidence(
                RECORD.validate_json(row["content"]),
                row["label"],
                moment(row["first_seen"]),
                moment(row["last_seen"]),
                moment(row["missing_since"]),
                row["joined_by"],
            )
            for row in self._db.query(sql, [work.id])
        )
        return Dossier(
            work,
            self._conclusions.study(work.study),
            evidence,
            tuple(self._links(work)),
            self._judgements.concerning(one.record for one in evidence),
            tuple(doubts(self._db, work.id)),
        )

    def doubts(self, wanted: Filter) -> Iterator[tuple[Doubt, tuple[Work, Work]]]:
        """Each two works that may yet be one, at least one of which passes the filter."""
        for doubt in doubts(self._db):
            works = self._work(doubt.works[0]), self._work(doubt.works[1])
            if any(map(wanted.lets_through, works)):
                yield doubt, works

    def _links(self, work: Work) -> Iterator[Mapping[str, str]]:
        """One link for each two works and relationship, whatever number of their records says so."""
        sql = """
            SELECT source.key AS "from", target.key AS "to", links.relationship, links.reason,
                'W' || near.work AS from_work, 'W' || far.work AS to_work
            FROM links
            JOIN records AS source ON source.id = links.from_record
            JOIN records AS target ON target.id = links.to_record
            JOIN work_records AS near ON near.record = links.from_record
            JOIN work_records AS far ON far.record = links.to_record
            WHERE (near.work = :work OR far.work = :work) AND near.work <> far.work ORDER BY 1, 2
        """
        found: dict[tuple[str, ...], Mapping[str, str]] = {}
        for link in self._db.query(sql, {"work": work.id}):
            found.setdefault((link["from_work"], link["to_work"], link["relationship"]), link)
        yield from found.values()

    def counts(self) -> dict[str, int]:
        """How much the store holds."""
        sql = """
            SELECT (SELECT count(*) FROM records) AS records,
                (SELECT count(*) FROM works WHERE merged_into IS NULL AND tier = 'core') AS core,
                (SELECT count(*) FROM works WHERE merged_into IS NULL AND tier = 'related') AS related,
                (SELECT count(*) FROM works WHERE merged_into IS NULL AND tier = 'out') AS screened_out,
                (SELECT count(*) FROM quarantine) AS quarantined,
                (SELECT count(*) FROM issues) AS issues
        """
        return dict(next(iter(self._db.query(sql))))

    def last_run(self) -> LastRun | None:
        """The last run; None before the first. Other commands that drew conclusions do not count."""
        sql = "SELECT started_at, ended_at, version FROM runs WHERE command = 'run' ORDER BY id DESC LIMIT 1"
        row = self._db.execute(sql).fetchone()
        return LastRun(moment(row[0]), moment(row[1]), row[2]) if row else None

    def failures_in_a_row(self, source: str) -> int:
        """How many harvests of a source in a row were not complete, up to the latest."""
        sql = """
            SELECT count(*) FROM harvests WHERE source = :source AND status IN ('incomplete', 'failed')
            AND id > coalesce((SELECT max(id) FROM harvests WHERE source = :source AND status = 'complete'), 0)
        """
        return int(self._db.execute(sql, {"source": source}).fetchone()[0])

    def damage(self) -> str:
        """What SQLite finds wrong with the file; empty if nothing."""
        if found := faults(self._db):
            return found  # in a damaged file references cannot be followed
        broken = self._db.execute("PRAGMA foreign_key_check")
        return "; ".join(f"{row[0]} row {row[1]} points at a missing {row[2]}" for row in broken)


def _match_expression(query: str) -> str:
    """The query as FTS5 reads it: every word quoted, so that no character of it is an operator by accident."""
    words = ((word.rstrip("*"), word.endswith("*")) for word in text.clean(query).replace('"', " ").split())
    quoted = [f'"{word}"' + ("*" if prefix else "") for word, prefix in words if word]
    return " ".join(quoted) or '""'


_RECORD = """
    SELECT work_records.work, records.content FROM records JOIN work_records ON work_records.record = records.id
"""
_BY_NUMBER = f"{_RECORD} JOIN works ON work_records.work = coalesce(works.merged_into, works.id) WHERE works.id = ?"
_BY_NAME = f"{_RECORD} WHERE records.key = ?"
_BY_KEY = f"""
    {_RECORD} JOIN record_keys ON record_keys.record = records.id
    WHERE record_keys.key = ? {{}} ORDER BY work_records.work
"""


def _lookups(identifier: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where an identifier may stand, most telling first, as statements that give works with records that bear it."""
    plain = text.clean(identifier)
    if re.fullmatch("[Ww][0-9]+", plain):
        yield _BY_NUMBER, (plain[1:],)
    yield _BY_NAME, (plain,)
    pmcid = text.pmcid(plain) if "PMC" in plain.upper() else ""  # a bare number is a PMID
    for name, value in (("doi", text.doi(plain)), ("pmid", text.pmid(plain)), ("pmcid", pmcid)):
        # A record's keys hold also what it points at; the identifier must be its own.
        yield _BY_KEY.format("AND records.content ->> ? = ?"), (f"{name}:{value}", f"$.{name}", value)
    if plain.upper().startswith("PPR"):
        yield _BY_KEY.format("AND records.content ->> ? = ?"), (f"ppr:{plain.upper()}", "$.preprint_id", plain.upper())
    for number in text.registrations(plain):
        yield _BY_KEY.format(""), (f"reg:{number}",)
