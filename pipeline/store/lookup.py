"""Looking up publications that are wanted: which records they lead to, and where these were told."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlite_utils import Database

from pipeline.audit import Sighting, Telling, Trace
from pipeline.match.kinds import title_key
from pipeline.store.conclusions import ConclusionStore
from pipeline.store.database import RECORD
from pipeline.wanted import Wanted

# A record's keys hold also what it points at; an identifier must be its own.
_OWN = """
    SELECT records.id FROM record_keys JOIN records ON records.id = record_keys.record
    WHERE record_keys.key = ? AND records.content ->> ? = ?
"""
_STATED = "SELECT record FROM record_keys WHERE key = ?"
# A registry's page in a feed: its number is in its address, and a fact of its work.
_PAGES = """
    SELECT stated.value ->> '$.value', work_records.record
    FROM works, json_each(works.facts, '$.registrations') AS stated JOIN work_records ON work_records.work = works.id
    WHERE stated.value ->> '$.field' = 'url' AND stated.value ->> '$.value' IN (SELECT value FROM json_each(?))
"""
_FOUND = """
    SELECT records.content, works.id, works.study FROM records
    LEFT JOIN work_records ON work_records.record = records.id LEFT JOIN works ON works.id = work_records.work
    WHERE records.id IN (SELECT value FROM json_each(?)) ORDER BY works.id, records.source, records.source_id
"""
_TOLD = """
    SELECT told.digest, issues.number, events.work FROM told JOIN events ON events.id = told.event
    JOIN works ON works.id = events.work JOIN issues ON issues.id = told.issue
    WHERE works.study = ? AND events.kind = 'new' ORDER BY told.digest, issues.number, events.work
"""


class Lookup:
    """From wanted publications to records. Reads titles only of those whose identifiers lead nowhere."""

    def __init__(self, db: Database, conclusions: ConclusionStore) -> None:
        self._db = db
        self._conclusions = conclusions

    def sightings(self, wanted: Sequence[Wanted]) -> list[tuple[Sighting, ...]]:
        """What each wanted publication leads to: by its identifiers, else its trial numbers, else its title."""
        pages = self._pages({number for one in wanted for number in one.registrations if not one.has_identifier})
        found = [self._by_numbers(one, pages) for one in wanted]
        missing = (one for one, (_, rows) in zip(wanted, found, strict=True) if not rows and one.has_telling_title)
        titled = self._titled({title_key(one.title) for one in missing})
        return [
            tuple(self._sightings(trace, rows) if rows else self._sightings(Trace.TITLE, titled.get(key, ())))
            for (trace, rows), key in zip(found, (title_key(one.title) for one in wanted), strict=True)
        ]

    def _pages(self, numbers: set[str]) -> Mapping[str, set[int]]:
        """Rows of the records that are the registries' pages of these trials."""
        rows = defaultdict(set)
        for number, row_id in self._db.execute(_PAGES, [json.dumps(sorted(numbers))]) if numbers else ():
            rows[number].add(row_id)
        return rows

    def _by_numbers(self, wanted: Wanted, pages: Mapping[str, set[int]]) -> tuple[Trace, set[int]]:
        """Rows of the records that bear one of its identifiers; without any, of those that state its trial number."""
        if wanted.has_identifier:
            return Trace.IDENTIFIER, {row for key in _own_keys(wanted) for (row,) in self._db.execute(_OWN, key)}
        keys = (f"reg:{number}" for number in wanted.registrations)
        stated = {row for key in keys for (row,) in self._db.execute(_STATED, [key])}
        return Trace.REGISTRATION, stated.union(*(pages.get(number, ()) for number in wanted.registrations))

    def _titled(self, keys: set[str]) -> Mapping[str, set[int]]:
        """Rows of the records under these titles. One pass over the store: the index knows no title without author."""
        rows = defaultdict(set)
        sql = "SELECT id, title, content ->> '$.vernacular_title' FROM records"
        for row_id, *titles in self._db.execute(sql) if keys else ():
            for key in keys & {title_key(title) for title in titles if title}:
                rows[key].add(row_id)
        return rows

    def _sightings(self, trace: Trace, rows: Collection[int]) -> Iterator[Sighting]:
        """One sighting a work, and one for each record from which nothing was concluded yet."""
        seen = set()
        for content, work_id, study_id in self._db.execute(_FOUND, [json.dumps(sorted(rows))]):
            record = RECORD.validate_json(content)
            if work_id is None:
                yield Sighting(trace, record)
            elif work_id not in seen:
                seen.add(work_id)
                study = self._conclusions.study(study_id)
                work = next(one for one in study.works if one.id == work_id)
                yield Sighting(trace, record, work, study, self._told(study_id))

    def _told(self, study: int) -> tuple[Telling, ...]:
        """Every issue that told of a study as new."""
        return tuple(Telling(*row) for row in self._db.execute(_TOLD, [study]))


def _own_keys(wanted: Wanted) -> Iterator[tuple[str, str, str]]:
    """For each identifier: its key, where in the record it stands, and its value."""
    for prefix, field, value in (
        ("pmid", "pmid", wanted.pmid),
        ("doi", "doi", wanted.doi),
        ("pmcid", "pmcid", wanted.pmcid),
        ("ppr", "preprint_id", wanted.preprint_id),
    ):
        if value:
            yield f"{prefix}:{value}", f"$.{field}", value
