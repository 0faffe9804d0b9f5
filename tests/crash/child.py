"""Runs in processes of their own, which kill themselves at one point.

``python -m tests.crash.child URL [PORT CERTIFICATE]`` reads lines ``POINT WHEN COMMAND FOLDER`` from stdin. For each it
forks a process that does COMMAND once at WHEN with everything below FOLDER, and answers with the number of points that
process passed, or ``killed``. It forks so that a run costs no start of Python.

Points are counted as the process passes them: every statement SQLite executes (so before and after each commit), every
connection to a source, every rename of a file. Point 0 is never reached. Commands are run and rebuild; and mail, a run
that also sends two mails to the server at PORT and counts otherwise: once an issue goes into the outbox, it passes a
point before each commit, each rename, and each thing it says to the mail server, and one when a mail is out and not yet
answered. (Between two of them nothing is done that outlives a crash.) Then the answer is the points' names.
"""

import os
import signal
import sqlite3
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from unittest.mock import patch

from pipeline.config import Config
from pipeline.deliver.smtp_connection import Connection
from pipeline.model import Record
from pipeline.rebuilding import rebuild
from pipeline.run import Order, run
from pipeline.screen import screen
from tests.support.clock import FakeClock
from tests.support.mail_server import USERNAME
from tests.support.watch import FILES, watch

CONTENT = "content"
READERS = ("clinic@example.org", "ward@example.org")

_connect = sqlite3.connect
_getreply = Connection.getreply


class Setup(NamedTuple):
    """Where the child finds its servers."""

    url: str
    port: str = ""
    certificate: str = ""


class Fuse:
    """Counts the points and, at the chosen one, ends the process as a power cut would."""

    def __init__(self, point: int) -> None:
        self.passed = 0
        self._point = point
        self._lock = Lock()

    def burn(self, _what: object = None) -> None:
        """Pass a point; the process may not survive it."""
        with self._lock:
            self.passed += 1
            if self.passed == self._point:
                os.kill(os.getpid(), signal.SIGKILL)

    def listen(self, event: str, _arguments: tuple[object, ...]) -> None:
        """Python's audit hook: https://docs.python.org/3/library/audit_events.html."""
        if event in {"socket.connect", "os.rename"}:
            self.burn()

    def connect(self, *arguments: Any, **options: Any) -> sqlite3.Connection:
        """``sqlite3.connect``, traced."""
        connection: sqlite3.Connection = _connect(*arguments, **options)
        connection.set_trace_callback(self.burn)
        return connection


class DeliveryFuse(Fuse):
    """Counts the points of delivery, and names them."""

    def __init__(self, point: int) -> None:
        super().__init__(point)
        self.names: list[str] = []

    def burn(self, what: object = None) -> None:
        """Pass a statement; what else is passed has a name of its own."""
        if not self.names and str(what).strip().startswith("INSERT INTO outbox"):
            self._pass("outbox")
        elif what == "COMMIT" and self.names:
            self._pass("commit")

    def listen(self, event: str, arguments: tuple[object, ...]) -> None:
        """As above; smtplib has events of its own, raised before it acts."""
        if self.names and event in {"smtplib.connect", "os.rename"}:
            self._pass(event.rpartition(".")[2])
        elif event == "smtplib.send":
            first = str(arguments[1], "ascii").split()[0]  # type: ignore[call-overload]
            self._pass(CONTENT if first.endswith(":") else first.upper())

    def answered(self, connection: Connection) -> tuple[int, bytes]:
        """``Connection.getreply``, which waits for what the server says."""
        if self.names[-1:] == [CONTENT]:
            self._pass("answer")
        return _getreply(connection)

    def _pass(self, name: str) -> None:
        self.names.append(name)
        super().burn()


@cache
def posting(setup: Setup, folder: Path) -> Config:
    """A watch that writes to two readers, to files and into a feed."""
    sources = {"pubmed": {"base_url": f"{setup.url}/eutils"}}
    digests = [{"name": "weekly", "files": FILES, "feed": "digests/weekly.atom", "email": list(READERS)}]
    email = {
        "host": "localhost",
        "port": int(setup.port),
        "ca_file": setup.certificate,
        "username": USERNAME,
        "password": f"file:{setup.certificate}.password",
    }
    return watch(folder, setup.url, sources, feeds=[], digests=digests, email=email)


def mail_once(config: Config, point: int, when: datetime) -> str:
    """Run, and send, as far as the fuse lets it; the names of the points passed."""
    fuse = DeliveryFuse(point)
    sys.addaudithook(fuse.listen)
    getreply = patch.object(Connection, "getreply", lambda connection: fuse.answered(connection))  # noqa: PLW0108 - binds
    with patch("sqlite3.connect", fuse.connect), getreply:
        run(config, Order(when, timing=FakeClock().timing()))
    return ",".join(fuse.names)


def run_once(url: str, point: int, when: datetime, command: str, folder: Path) -> int:
    """Run, or rebuild, as far as the fuse lets it; the number of points passed."""
    fuse = Fuse(point)
    sys.addaudithook(fuse.listen)
    digests = [{"name": "weekly", "files": FILES, "feed": "digests/weekly.atom"}]
    config = watch(folder, url, digests=digests, archive="site")
    with patch("sqlite3.connect", fuse.connect):
        if command == "rebuild":
            rebuild(config, when)
        elif code := run(config, Order(when, timing=FakeClock().timing())).exit_code:
            raise SystemExit(f"the run ended with {code}")
    return fuse.passed


def main(setup: Setup) -> None:
    """Fork a run for each line."""
    screen(Record("warm", "up", "A title"), watch(Path(), setup.url).subject)  # compiled once, for all children
    for line in sys.stdin:
        point, when, command, folder = line.rstrip("\n").split(" ", 3)
        place = Path(folder)
        config = posting(setup, place) if command == "mail" else None
        child = os.fork()
        if child == 0:
            at = datetime.fromisoformat(when)
            passed: object
            if config:
                passed = mail_once(config, int(point), at)
            else:
                passed = run_once(setup.url, int(point), at, command, place)
            os.write(1, f"{passed}\n".encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            os.write(1, b"killed\n" if os.WIFSIGNALED(status) else b"failed\n")


if __name__ == "__main__":
    main(Setup(*sys.argv[1:]))
