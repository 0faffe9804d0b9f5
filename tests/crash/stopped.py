"""Runs in processes of their own, which are told to end at one point: the command itself, its signals and exit code.

``python -m tests.crash.stopped`` reads lines ``POINT SIGNAL FOLDER`` from stdin. For each it forks a process that does
``litwatch run`` with FOLDER's configuration, and answers with its exit code and the number of points it passed. What it
writes is in FOLDER/out and FOLDER/err. It forks so that a run costs no start of Python.

A point is a statement that litwatch gives to SQLite, before and after; it is told to end twice, as by somebody who has
no patience. Point 0 is never reached.
"""

import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

from pipeline.cli import main as litwatch
from pipeline.config import bundled
from pipeline.model import Record
from pipeline.operator_files import bundled_subject
from pipeline.sample.world import BASELINE
from pipeline.screen import screen

_connect = sqlite3.connect


class Point:
    """Counts the points, and sends the signal at the chosen one."""

    def __init__(self, point: int, number: int) -> None:
        self.passed = 0
        self._point = point
        self._number = number

    def reach(self) -> None:
        """Pass a point; the first signal is heard at once, the second in the midst of what that sets off."""
        self.passed += 1
        if self.passed == self._point:
            try:
                signal.raise_signal(self._number)
            finally:
                signal.raise_signal(self._number)

    def connect(self, *arguments: Any, **options: Any) -> sqlite3.Connection:
        """``sqlite3.connect``, with points."""
        point = self

        class Connection(sqlite3.Connection):
            def execute(self, *arguments: Any) -> sqlite3.Cursor:
                point.reach()
                cursor = super().execute(*arguments)
                point.reach()
                return cursor

        connection: sqlite3.Connection = _connect(*arguments, factory=Connection, **options)
        return connection


def run(point: Point, folder: Path) -> NoReturn:
    """Do the command, in the child."""
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    code: object = None
    with patch("sqlite3.connect", point.connect), patch("pipeline.cli.job.now", lambda: BASELINE):
        try:
            litwatch(["--config", str(folder / "litwatch.toml"), "run"])
        except SystemExit as end:
            code = end.code
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    (folder / "passed").write_text(str(point.passed))
    os._exit(code if isinstance(code, int) else 99)


def main() -> None:
    """Fork a run for each line."""
    screen(Record("warm", "up", "A title"), bundled_subject())  # compiled once, for all children
    bundled("editions.toml")
    for line in sys.stdin:
        point, number, folder = line.rstrip("\n").split(" ", 2)
        child = os.fork()
        if child == 0:
            run(Point(int(point), int(number)), Path(folder))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, (Path(folder) / "passed").read_text(), flush=True)  # noqa: T201 - how it answers


if __name__ == "__main__":
    main()
