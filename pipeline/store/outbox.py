"""The outbox: every message of every issue, one row for each recipient or file, and what became of it.

=========  ==================================================================================================
state      meaning
=========  ==================================================================================================
pending    waits for its first or its next try
sending    was about to be handed over; found after a crash, nobody knows whether it arrived
sent       arrived, as far as the other side says
failed     was refused for good
dead       was tried as often as is allowed
doubtful   may have arrived, and is not sent again before the operator says so
dropped    will not be sent: the operator said so, or its recipient no longer wants the digest
=========  ==================================================================================================
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pipeline.digest.letter import EMAIL, Letter
from pipeline.store.database import moment, packed, stamp, unpacked

LONGEST_DELAY = timedelta(days=1)
"""For longer no message waits for its next try, whatever a clock that was wrong made of it."""


class State(StrEnum):
    """Where a message stands; see the head of this module."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    DOUBTFUL = "doubtful"
    DROPPED = "dropped"


SET_ASIDE = (State.FAILED, State.DEAD, State.DOUBTFUL)
"""What is not tried again until the operator has looked."""

UNDELIVERED = (State.PENDING, State.SENDING, *SET_ASIDE)
"""What may yet be delivered."""


@dataclass(frozen=True, slots=True)
class FileTarget:
    """Where a rendering of an issue is to be written."""

    format: str
    folder: Path
    name: str


@dataclass(frozen=True, slots=True)
class Message:
    """One row: an issue on its way to a file, a feed or a person.

    ``target`` is a folder or an address, and ``name`` the file's. ``doubts`` counts how often nobody knew whether it
    arrived. Of a message that waits, ``not_before`` is when it is tried next (None: whenever there is a run).
    """

    id: int
    digest: str
    issue: int
    format: str
    target: str
    name: str
    message_id: str
    state: State
    attempts: int
    doubts: int
    not_before: datetime | None
    last_error: str
    answer: str
    delivered_at: datetime | None

    @property
    def file(self) -> FileTarget:
        """Where it is written, if it is a file."""
        return FileTarget(self.format, Path(self.target), self.name)

    @property
    def place(self) -> str:
        """The file or the address, for people."""
        return self.target if self.format == EMAIL else str(Path(self.target) / self.name)


_ROW = """
    SELECT outbox.id, digest, number, outbox.format, target, name, message_id, state, attempts, doubts, not_before,
        last_error, answer, delivered_at
    FROM outbox JOIN issues ON issues.id = issue
"""

_COLUMNS = tuple(one.name for one in fields(Message))
# What was being handed over was counted before.
_TRIED = "attempts = attempts + iif(state = 'sending', 0, 1)"


class OutboxStore:
    """What is to be delivered and what was. Every step of a delivery is a transaction of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, issue: int, key: str, files: Iterable[FileTarget], letters: Iterable[Letter]) -> None:
        """Let an issue wait for its files and its recipients; ``issue`` is its row, ``key`` its name for ever."""
        sql = """
            INSERT INTO outbox (key, issue, format, target, name, message_id, content, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')
        """
        written = [
            (f"{key}/{one.folder / one.name}", issue, one.format, str(one.folder), one.name, "", None) for one in files
        ]
        mailed = [
            (f"{key}/{one.recipient}", issue, EMAIL, one.recipient, "", one.message_id, packed(one.content))
            for one in letters
        ]
        self._db.conn.executemany(sql, [*written, *mailed])

    # --- what is to be done -------------------------------------------------------------------------

    def files(self) -> list[Message]:
        """The files and feeds that are still to be written, oldest first."""
        return self._rows("state = 'pending' AND outbox.format <> ?", EMAIL)

    def mails(self, now: datetime) -> list[Message]:
        """The mails whose time has come, oldest first."""
        return [one for one in self.waiting_mails() if _is_due(one, now)]

    def is_due(self, now: datetime) -> bool:
        """Whether the time of anything that waits has come."""
        return any(_is_due(one, now) for one in (*self.files(), *self.waiting_mails()))

    def waiting_mails(self) -> list[Message]:
        """The mails that are still to be sent, whether their time has come or not, oldest first."""
        return self._rows("state = 'pending' AND outbox.format = ?", EMAIL)

    def content(self, message: Message) -> bytes:
        """Give the bytes that were frozen when the issue was composed."""
        sql = (
            "SELECT coalesce(outbox.content, renderings.content) FROM outbox LEFT JOIN renderings USING (issue, format)"
        )
        return unpacked(self._db.execute(f"{sql} WHERE outbox.id = ?", [message.id]).fetchone()[0])

    def messages(self, states: Iterable[State]) -> list[Message]:
        """All that stand in one of these states, oldest first."""
        return self._rows("state IN (SELECT value FROM json_each(?))", json.dumps([*states]))

    def some(self, ids: Collection[int]) -> list[Message]:
        """The messages with these numbers, oldest first; a number that is none has none."""
        return self._rows("outbox.id IN (SELECT value FROM json_each(?))", json.dumps([*ids]))

    def counts(self) -> dict[str, int]:
        """Messages by state, every state named."""
        found = dict(self._db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
        return {state.value: found.get(state.value, 0) for state in State}

    def latest_letter(self, digest: str, recipient: str) -> str:
        """The Message-ID of the latest mail of a digest to somebody; empty if there was none."""
        sql = """
            SELECT message_id FROM outbox JOIN issues ON issues.id = issue
            WHERE digest = ? AND outbox.format = ? AND target = ? ORDER BY number DESC LIMIT 1
        """
        row = self._db.execute(sql, [digest, EMAIL, recipient]).fetchone()
        return row[0] if row else ""

    def _rows(self, condition: str, value: str) -> list[Message]:
        rows = self._db.execute(f"{_ROW} WHERE {condition} ORDER BY outbox.id", [value])
        return [_message(row) for row in rows]

    # --- what became of it --------------------------------------------------------------------------

    def sending(self, message: Message) -> None:
        """Note that it is being handed over: from now on it may arrive."""
        self._change([message.id], "state = 'sending', attempts = attempts + 1")

    def sent(self, message: Message, now: datetime, answer: str = "") -> None:
        """Note that it arrived, and what was answered."""
        what = f"{_TRIED}, state = 'sent', not_before = NULL, last_error = '', delivered_at = ?, answer = ?"
        self._change([message.id], what, [stamp(now), answer])

    def postponed(self, message: Message, error: str, not_before: datetime) -> None:
        """Note that it was not taken; it is tried again."""
        what = f"{_TRIED}, state = 'pending', last_error = ?, not_before = ?"
        self._change([message.id], what, [error, stamp(not_before)])

    def set_aside(self, message: Message, state: State, error: str) -> None:
        """Note that it is not tried again before the operator has looked."""
        what = f"{_TRIED}, state = ?, doubts = doubts + ?, last_error = ?, not_before = NULL"
        self._change([message.id], what, [state.value, int(state is State.DOUBTFUL), error])

    def doubted(self, message: Message, error: str, not_before: datetime | None) -> None:
        """Note that nobody knows whether it arrived; it is sent again."""
        what = "state = 'pending', doubts = doubts + 1, last_error = ?, not_before = ?"
        self._change([message.id], what, [error, stamp(not_before)])

    # --- the operator's word ------------------------------------------------------------------------

    def retry(self, ids: Sequence[int]) -> None:
        """Let messages wait for a first try again, whatever became of them."""
        self._change(ids, "state = 'pending', attempts = 0, doubts = 0, not_before = NULL")

    def drop(self, ids: Sequence[int], reason: str) -> None:
        """Never send them."""
        self._change(ids, "state = 'dropped', not_before = NULL, last_error = ?", [reason])

    def _change(self, ids: Sequence[int], assignments: str, values: Sequence[object] = ()) -> None:
        sql = f"UPDATE outbox SET {assignments} WHERE id IN (SELECT value FROM json_each(?))"
        with self._db.atomic():
            self._db.execute(sql, [*values, json.dumps([*ids])])


def _is_due(message: Message, now: datetime) -> bool:
    """Whether its time has come. What lies further ahead than any delay is from a clock that was wrong."""
    return message.not_before is None or not now < message.not_before <= now + LONGEST_DELAY


def _message(row: Sequence[Any]) -> Message:
    values = dict(zip(_COLUMNS, row, strict=True))
    times = {name: moment(values[name]) for name in ("not_before", "delivered_at")}
    return Message(**values | times | {"state": State(values["state"])})
