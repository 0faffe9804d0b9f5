"""Works that may yet be one: pairs that look alike and are not certain, for the operator to judge."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

_PAIRS = """
    SELECT one.work, other.work, a.key, b.key, pairs.reason
    FROM pairs JOIN records AS a ON a.id = record_a JOIN records AS b ON b.id = record_b
    JOIN work_records AS one ON one.record = record_a JOIN work_records AS other ON other.record = record_b
    WHERE one.work <> other.work {} ORDER BY pairs.strength, a.key, b.key
"""
_OF_ONE = """
    AND (record_a IN (SELECT record FROM work_records WHERE work = :work)
         OR record_b IN (SELECT record FROM work_records WHERE work = :work))
"""
# What was judged needs no second word, and works that are linked are known to be two.
_SETTLED = """
    SELECT one.work, other.work FROM judgements
    JOIN work_records AS one ON one.record = judgements.record
    JOIN work_records AS other ON other.record = judgements.other
    WHERE undone_at IS NULL
    UNION SELECT one.work, other.work FROM links
    JOIN work_records AS one ON one.record = from_record JOIN work_records AS other ON other.record = to_record
"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two works (their ids, the older first) that may be one, the two records that look alike, and in what."""

    works: tuple[int, int]
    records: tuple[str, str]
    reason: str


def doubts(db: Database, work: int | None = None) -> Iterator[Doubt]:
    """Each two works of which it is not certain whether they are one, by their strongest pair; of one work, or of all.

    What the operator judged is certain, and so is what is linked.
    """
    rows = db.execute(_PAIRS.format("" if work is None else _OF_ONE), {"work": work}).fetchall()
    done = _settled(db) if rows else set()
    for one, other, a, b, reason in rows:
        works = frozenset((one, other))
        if works not in done:
            done.add(works)
            first, second = sorted(((one, a), (other, b)))
            yield Doubt((first[0], second[0]), (first[1], second[1]), reason)


def _settled(db: Database) -> set[frozenset[int]]:
    return {frozenset(row) for row in db.execute(_SETTLED)}
