"""SIGKILL anywhere in a run or a rebuild: the next one ends with the store and the digest of an undisturbed one."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, LATER

# Runs and statements about harvests tell of the disturbance itself; everything else must not.
_TABLES = (
    "SELECT key, content, first_seen, last_seen, missing_since, pending FROM records ORDER BY key",
    "SELECT record, content_hash, seen_at FROM revisions ORDER BY id",
    "SELECT * FROM record_keys ORDER BY 1, 2",
    "SELECT * FROM verdicts ORDER BY record",
    "SELECT * FROM works ORDER BY id",
    "SELECT * FROM work_records ORDER BY record",
    "SELECT * FROM pairs ORDER BY 1, 2",
    "SELECT * FROM links ORDER BY 1, 2, 3",
    "SELECT id, kind, work, at, notice FROM events ORDER BY id",
    "SELECT * FROM issues ORDER BY id",
    "SELECT * FROM renderings ORDER BY 1, 2",
    "SELECT * FROM told ORDER BY 1, 2",
    "SELECT issue, format, name, state FROM outbox ORDER BY id",
)
_POINTS = 8


def state(folder: Path) -> dict[str, object]:
    """Everything a reader or a later run could notice."""
    with closing(sqlite3.connect(folder / "litwatch.db")) as db:
        found: dict[str, object] = {sql: db.execute(sql).fetchall() for sql in _TABLES}
    written = (path for place in ("digests", "site") for path in sorted((folder / place).rglob("*")) if path.is_file())
    return found | {str(path.relative_to(folder)): path.read_bytes() for path in written}


def differing(found: Mapping[str, object], expected: Mapping[str, object]) -> list[str]:
    """What is not the same in two states."""
    return [name for name in {*found, *expected} if found.get(name) != expected.get(name)]


class Runner:
    """A process that runs litwatch in children of its own."""

    def __init__(self, *setup: str) -> None:
        command = (sys.executable, "-m", "tests.crash.child", *setup)
        root = Path(__file__).parents[2]
        environ = {**os.environ, "PYTHONPATH": str(root)}
        self._process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
        )

    def run(self, folder: Path, when: datetime, point: int = 0, command: str = "run") -> str:
        """How many points the run or rebuild passed, or ``killed``."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{point} {when.isoformat()} {command} {folder}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()


def killed_then_continued(
    runner: Runner, start: Path, folder: Path, when: datetime, point: int, command: str = "run"
) -> dict[str, object]:
    """The state after a run, or rebuild, that was killed at a point and one that was not."""
    shutil.copytree(start, folder)
    assert runner.run(folder, when, point, command) == "killed"
    assert runner.run(folder, when, command=command).isdigit()
    return state(folder)


@pytest.mark.parametrize(
    ("stage", "when"), [("baseline", BASELINE), ("later", LATER), ("later", LATER + timedelta(days=1))]
)
def test_killed_anywhere(sample: SampleServer, tmp_path: Path, stage: str, when: datetime) -> None:
    """Killed at points all along a first and a second run, nothing is lost, doubled or left lying about."""
    start, undisturbed = tmp_path / "start", tmp_path / "undisturbed"
    start.mkdir()
    with Runner(sample.url) as runner:
        if stage == "later":
            runner.run(start, BASELINE)
            sample.stage = "later"
        shutil.copytree(start, undisturbed)
        points = int(runner.run(undisturbed, when))
        expected = state(undisturbed)
        for point in sorted({*range(1, points, points // _POINTS), *range(points - 20, points + 1, 2)}):
            found = killed_then_continued(runner, start, tmp_path / str(point), when, point)
            assert differing(found, expected) == [], f"killed at point {point} of {points}"


def test_rebuild_killed_anywhere(sample: SampleServer, tmp_path: Path) -> None:
    """Killed at points all along, a rebuild that is begun again repairs what one that is not disturbed does."""
    start, undisturbed = tmp_path / "start", tmp_path / "undisturbed"
    start.mkdir()
    when = BASELINE + timedelta(days=1)
    with Runner(sample.url) as runner:
        runner.run(start, BASELINE)
        sound = state(start)
        with closing(sqlite3.connect(start / "litwatch.db")) as db:  # as worse rules might have left it
            db.executescript("DELETE FROM pairs; DELETE FROM links; UPDATE works SET facts = '{}', tier = 'out'")
        shutil.copytree(start, undisturbed)
        points = int(runner.run(undisturbed, when, command="rebuild"))
        expected = state(undisturbed)
        assert expected == sound
        for point in range(1, points + 1, points // _POINTS):
            found = killed_then_continued(runner, start, tmp_path / str(point), when, point, "rebuild")
            assert differing(found, expected) == [], f"killed at point {point} of {points}"
