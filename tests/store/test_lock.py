"""One run at a time."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from platform import node

import pytest

from pipeline.errors import LockHeld, StoreError
from pipeline.store.lock import run_lock

HERE = re.escape(node())
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.store.lock import run_lock

with run_lock(Path(sys.argv[1]), datetime(2026, 3, 2, 5, 59, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_run(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is told or killed."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        try:
            yield child
        finally:
            child.kill()


def test_second_run(tmp_path: Path) -> None:
    """A second run is refused at once, with a sentence that names the process that is at work and its machine."""
    database = tmp_path / "litwatch.db"
    with another_run(database) as child:
        with pytest.raises(LockHeld) as refused, run_lock(database, NOW):
            pytest.fail("two runs at once")
        assert re.search(
            rf"another run is at work on .*\.db \(process {child.pid} on {HERE}, since 2026-03-02 05:59:00 UTC\)",
            str(refused.value),
        )
        assert refused.value.exit_code == 75


def test_freed_by_end(tmp_path: Path) -> None:
    """When a run has ended, the next one can begin."""
    with another_run(tmp_path / "litwatch.db") as child:
        child.communicate("")
        assert [path.name for path in tmp_path.iterdir()] == ["litwatch.db.lock"]  # nobody's name is left
        with run_lock(tmp_path / "litwatch.db", NOW):
            pass


def test_freed_by_kill(tmp_path: Path) -> None:
    """A run that was killed with SIGKILL holds nothing any more; the next names itself over it."""
    database = tmp_path / "litwatch.db"
    with another_run(database) as child:
        child.kill()
        child.wait()
        with (
            run_lock(database, NOW),
            pytest.raises(LockHeld, match=rf"\(process {os.getpid()} on {HERE}, since 2026-03-02 06:00:00 UTC\)"),
            run_lock(database, NOW),
        ):
            pytest.fail("two runs at once")


def test_freed_by_error(tmp_path: Path) -> None:
    """An error in a run frees the lock."""
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), run_lock(tmp_path / "litwatch.db", NOW):
            raise ZeroDivisionError


def test_note_impossible(tmp_path: Path) -> None:
    """Where the name cannot be noted, the lock holds all the same."""
    (tmp_path / "litwatch.db.locked-by").mkdir()
    with (
        run_lock(tmp_path / "litwatch.db", NOW),
        pytest.raises(LockHeld, match="has not said its name"),
        run_lock(tmp_path / "litwatch.db", NOW),
    ):
        pytest.fail("two runs at once")


def test_other_database(tmp_path: Path) -> None:
    """Runs on different databases do not hinder each other, and a missing folder is made."""
    with run_lock(tmp_path / "a" / "litwatch.db", NOW), run_lock(tmp_path / "b" / "litwatch.db", NOW):
        pass


@pytest.mark.parametrize("note", [b"", b"\xff\x1b[31m\n"])
def test_odd_note(tmp_path: Path, note: bytes) -> None:
    """A note that is empty or garbled does no harm to the message."""
    with run_lock(tmp_path / "litwatch.db", NOW):
        (tmp_path / "litwatch.db.locked-by").write_bytes(note)
        with pytest.raises(LockHeld) as refused, run_lock(tmp_path / "litwatch.db", NOW):
            pytest.fail("two runs at once")
    assert str(refused.value).isprintable()


def test_no_note(tmp_path: Path) -> None:
    """In the blink before the holder has said its name, the message says just that."""
    with run_lock(tmp_path / "litwatch.db", NOW):
        (tmp_path / "litwatch.db.locked-by").unlink()
        with pytest.raises(LockHeld, match="has not said its name"), run_lock(tmp_path / "litwatch.db", NOW):
            pytest.fail("two runs at once")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody can make a file")
def test_lock_impossible() -> None:
    """Where no lock file can come to be, that is said, and not that another run is at work."""
    with pytest.raises(StoreError, match=r"cannot lock /proc/litwatch\.db: "), run_lock(Path("/proc/litwatch.db"), NOW):
        pytest.fail("a run without a lock")


def test_no_lock_file(tmp_path: Path) -> None:
    """If there can be no lock file, the sentence says what is needed."""
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StoreError, match=r"cannot lock .*; the folder must be writable"),
        run_lock(tmp_path / "file" / "litwatch.db", NOW),
    ):
        pytest.fail("a run without a lock")
