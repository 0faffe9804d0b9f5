"""Runs in processes of their own, which kill themselves at one point.

``python -m tests.crash.child URL`` reads lines ``POINT WHEN COMMAND FOLDER`` from stdin. For each it forks a process
that does COMMAND (run or rebuild) once at WHEN with everything below FOLDER, and answers with the number of points that
process passed, or ``killed``. It forks so that a run costs no start of Python.

Points are counted as the run passes them: every statement SQLite executes (so before and after each commit), every
connection to a source, every rename of a file. Point 0 is never reached.
"""

import os
import signal
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any
from unittest.mock import patch

from pipeline.model import Record
from pipeline.rebuilding import rebuild
from pipeline.run import Order, run
from pipeline.screen import screen
from tests.support.clock import FakeClock
from tests.support.watch import FILES, watch

_connect = sqlite3.connect


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


def main(url: str) -> None:
    """Fork a run for each line."""
    screen(Record("warm", "up", "A title"), watch(Path(), url).subject)  # compiled once, for all children
    for line in sys.stdin:
        point, when, command, folder = line.rstrip("\n").split(" ", 3)
        child = os.fork()
        if child == 0:
            passed = run_once(url, int(point), datetime.fromisoformat(when), command, Path(folder))
            os.write(1, f"{passed}\n".encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            os.write(1, b"killed\n" if os.WIFSIGNALED(status) else b"failed\n")


if __name__ == "__main__":
    main(sys.argv[1])
