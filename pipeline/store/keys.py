"""The keys under which records find each other, and the moment at which one of them leads to nobody any more."""

import json

from sqlite_utils import Database

from pipeline import match
from pipeline.model import Record


def keep_keys(db: Database, row_id: int, record: Record) -> None:
    """Write a record's keys. Call within a transaction.

    Where that makes a key crowded, or no longer so, who is compared with whom changes for all who hold it: they wait to
    be compared anew. So the cost of a crowd is paid once, when it gathers.
    """
    held = {row[0] for row in db.execute("SELECT key FROM record_keys WHERE record = ?", [row_id])}
    stated = match.keys(record)
    gone, come = sorted(held - stated), sorted(stated - held)
    db.conn.executemany("DELETE FROM record_keys WHERE key = ? AND record = ?", [(key, row_id) for key in gone])
    db.conn.executemany("INSERT INTO record_keys (key, record) VALUES (?, ?)", [(key, row_id) for key in come])
    turned = [key for key in come if _holders(db, key) == match.CROWD + 1]
    turned += [key for key in gone if _holders(db, key) == match.CROWD]
    if turned:
        holders = "SELECT record FROM record_keys WHERE key IN (SELECT value FROM json_each(?))"
        db.execute(f"UPDATE records SET matched_by = 0 WHERE id IN ({holders})", [json.dumps(turned)])


def _holders(db: Database, key: str) -> int:
    """How many records hold a key, counted no further than tells a crowd that has just gathered from an old one."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM record_keys WHERE key = ? LIMIT ?)"
    return int(db.execute(sql, [key, match.CROWD + 2]).fetchone()[0])
