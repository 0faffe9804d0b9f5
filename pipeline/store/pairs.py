"""What was found by comparing records in pairs: who looks like one publication, and who is linked to whom."""

import json
from collections.abc import Collection, Iterable, Sequence

from sqlite_utils import Database

from pipeline import match
from pipeline.match import Found, Link, Pair
from pipeline.model import Record, Relationship
from pipeline.store.database import RECORD, row_ids
from pipeline.store.keys import keep_keys
from pipeline.works import ONE_STUDY

BATCH = 500
"""Records that are compared, or concluded from, at a time; what is read in one go does not grow with the store."""

GATHERING = ", ".join(f"'{one.value}'" for one in ONE_STUDY)

_WAITING = """
    SELECT id FROM records WHERE matched_by < :version UNION ALL SELECT id FROM records WHERE matched_by > :version
    LIMIT :batch
"""
_SHELVES = """
    SELECT DISTINCT key, (SELECT 1 FROM record_keys AS other WHERE other.key = held.key LIMIT 1 OFFSET :crowd)
    FROM record_keys AS held WHERE record IN (SELECT value FROM json_each(:ids))
"""
_ON_SHELVES = """
    SELECT content FROM records
    WHERE id IN (SELECT record FROM record_keys WHERE key IN (SELECT value FROM json_each(:keys)))
    AND id NOT IN (SELECT value FROM json_each(:ids))
"""
# The works that a link lies between are derived; a work whose link may be gone is concluded anew.
_LINKED = f"""
    UPDATE records SET pending = 1 WHERE id IN (
        SELECT to_record FROM links
        WHERE from_record IN (SELECT value FROM json_each(:ids)) AND relationship IN ({GATHERING})
        UNION SELECT from_record FROM links
        WHERE to_record IN (SELECT value FROM json_each(:ids)) AND relationship IN ({GATHERING}))
"""
_GIVEN = "SELECT value FROM json_each(?)"
_ROW = "(SELECT id FROM records WHERE key = ?)"


class PairStore:
    """Pairs and links, held for each two records: which works they join or lie between is concluded from them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def waiting(self) -> list[Record]:
        """The next records, of one batch, that came or changed or were compared by another version of the rules."""
        values = {"version": match.VERSION, "batch": BATCH}
        sql = f"SELECT content FROM records WHERE id IN ({_WAITING}) ORDER BY id"
        return [RECORD.validate_json(row[0]) for row in self._db.execute(sql, values)]

    def keep_keys(self, fresh: Sequence[Record]) -> None:
        """Key records by the rules of today. Call within a transaction."""
        rows = row_ids(self._db, (record.key for record in fresh))
        for record in fresh:
            keep_keys(self._db, rows[record.key], record)

    def candidates(self, fresh: Sequence[Record]) -> tuple[list[Record], frozenset[str]]:
        """Every other record that shares with one of these a key that is not crowded; and their crowded keys."""
        ids = json.dumps(sorted(row_ids(self._db, (record.key for record in fresh)).values()))
        shelves = dict(self._db.execute(_SHELVES, {"ids": ids, "crowd": match.CROWD}).fetchall())
        keys = json.dumps([key for key, crowded in shelves.items() if not crowded])
        found = [RECORD.validate_json(row[0]) for row in self._db.execute(_ON_SHELVES, {"ids": ids, "keys": keys})]
        return found, frozenset(key for key, crowded in shelves.items() if crowded)

    def replace(self, fresh: Collection[str], found: Found) -> None:
        """Put what was found of the fresh records (their keys) in the place of what was known of them.

        They, and those they were linked to, then wait for conclusions. Call within a transaction.
        """
        ids = {"ids": json.dumps(sorted(row_ids(self._db, fresh).values()))}
        self._db.execute(_LINKED, ids)
        for table, end in (
            ("pairs", "record_a"),
            ("pairs", "record_b"),
            ("links", "from_record"),
            ("links", "to_record"),
        ):
            self._db.execute(f"DELETE FROM {table} WHERE {end} IN (SELECT value FROM json_each(:ids))", ids)
        self._db.conn.executemany(
            f"INSERT INTO pairs (record_a, record_b, strength, certain, reason) VALUES ({_ROW}, {_ROW}, ?, ?, ?)",
            [(one.a, one.b, int(one.strength), int(one.certain), one.reason) for one in found.pairs],
        )
        self._db.conn.executemany(  # either record may state one and the same link: the first reason stays
            "INSERT INTO links (from_record, to_record, relationship, reason) "
            f"VALUES ({_ROW}, {_ROW}, ?, ?) ON CONFLICT DO NOTHING",
            [(one.a, one.b, one.relationship.value, one.reason) for one in sorted(found.links)],
        )
        values = {**ids, "version": match.VERSION}
        sql = "UPDATE records SET matched_by = :version, pending = 1 WHERE id IN (SELECT value FROM json_each(:ids))"
        self._db.execute(sql, values)

    def among(self, records: Iterable[Record]) -> Found:
        """What is known of these records, as far as it does not concern others."""
        rows = row_ids(self._db, (record.key for record in records))
        key = {row_id: name for name, row_id in rows.items()}
        ids = [json.dumps(sorted(key))]
        sql = f"SELECT record_a, record_b, strength, certain, reason FROM pairs WHERE record_a IN ({_GIVEN})"
        pairs = self._db.execute(sql, ids).fetchall()
        sql = f"SELECT from_record, to_record, relationship, reason FROM links WHERE from_record IN ({_GIVEN})"
        links = self._db.execute(sql, ids).fetchall()
        return Found(
            tuple(
                Pair(strength, key[a], key[b], reason, bool(certain))
                for a, b, strength, certain, reason in pairs
                if b in key
            ),
            tuple(Link(key[a], key[b], Relationship(kind), reason) for a, b, kind, reason in links if b in key),
        )

    def compare_all_anew(self) -> None:
        """Let every record wait, as if all had just come."""
        with self._db.atomic():
            self._db.execute("UPDATE records SET matched_by = 0")
