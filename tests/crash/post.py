"""A watch whose second issue is about to go to two readers, to files and into a feed, with real servers around it."""

import shutil
import sqlite3
from collections import defaultdict
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, LATER, load
from pipeline.store import reading
from tests.crash.test_kill import Runner, state
from tests.support.mail_server import PASSWORD, MailServer, Taken, certificate

# Of what a watch holds: what became of its issues. The rest also says when sources were asked.
_ISSUES = ("FROM issues ", "FROM renderings ", "FROM told ", "FROM outbox ")
_DUE = LATER + timedelta(days=1)


@dataclass(frozen=True)
class After:
    """What is there once all is over; ``doubtful`` is how many mails stood as being handed over before the last run."""

    points: tuple[str, ...]
    doubtful: int
    arrived: dict[str, list[bytes]]
    state: dict[str, object]
    damage: str

    @property
    def issues(self) -> dict[str, object]:
        """The issues, what became of them, and the files."""
        return {
            name: found for name, found in self.state.items() if "FROM" not in name or any(map(name.count, _ISSUES))
        }


class Post:
    """Runs the issue's delivery again and again, each time in a copy of the watch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start = folder / "start"
        self._place = folder / "watch"  # the same each time, so that its configuration is read once

    def __enter__(self) -> Self:
        self._start.mkdir()
        with ExitStack() as stack:
            sample = stack.enter_context(SampleServer(load()))
            self._server = stack.enter_context(MailServer(certificate(self._folder), "starttls"))
            (self._folder / "server.pem.password").write_text(PASSWORD)
            setup = (sample.url, str(self._server.port), str(self._server.certificate))
            self._runner = stack.enter_context(Runner(*setup))
            self._run(self._start, BASELINE)
            sample.stage = "later"
            killed = self._run(self._start, _DUE, point=1)  # all that is new is in, and nothing told of it
            assert killed == "killed"
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def undisturbed(self) -> After:
        """What one run makes of it."""
        return self._after(self._copy(), _DUE)

    def killed(self, point: int) -> After:
        """What comes of a run that is killed at a point, and one that is not."""
        folder = self._copy()
        assert self._run(folder, _DUE, point) == "killed"
        return self._after(folder, _DUE)

    def reply_lost(self, number: int) -> After:
        """What comes of a run in which the server takes a mail and is gone before it says so, and of the next run."""
        folder, taken = self._copy(), self._server.taken

        def judge(_command: str, _what: str, mail: Taken | None) -> str | None:
            return "" if mail and len(taken) == number - 1 else None

        self._server.judge = judge
        self._run(folder, _DUE)
        self._server.judge = lambda *_asked: None
        return self._after(folder, _DUE + timedelta(hours=1))

    def _copy(self) -> Path:
        self._server.taken.clear()
        shutil.rmtree(self._place, ignore_errors=True)
        return shutil.copytree(self._start, self._place)

    def _run(self, folder: Path, when: datetime, point: int = 0) -> str:
        return self._runner.run(folder, when, point, "mail")

    def _after(self, folder: Path, when: datetime) -> After:
        with closing(sqlite3.connect(folder / "litwatch.db")) as db:
            doubtful = db.execute("SELECT count(*) FROM outbox WHERE state = 'sending' OR doubts > 0").fetchone()[0]
        points = self._run(folder, when)
        assert points not in {"killed", "failed"}
        arrived = defaultdict(list)
        for mail in self._server.taken:
            for recipient in mail.recipients:
                arrived[recipient].append(mail.content)
        with reading(folder / "litwatch.db") as store:
            damage = store.catalogue.damage()
        return After((*filter(None, points.split(",")),), doubtful, dict(arrived), state(folder), damage)
