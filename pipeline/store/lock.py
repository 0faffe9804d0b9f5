"""One run at a time on one database. The kernel holds the lock, so it is free again however its holder ended."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from os import getpid
from pathlib import Path
from platform import node

from filelock import FileLock, Timeout

from pipeline.errors import LockHeld, StoreError
from pipeline.text import clean


@contextmanager
def run_lock(database: Path, now: datetime) -> Iterator[None]:
    """Hold ``<database>.lock`` while a run is at work that started at ``now`` (aware).

    LockHeld at once, with the holder's process id and machine, if another run holds it. StoreError if there can be no
    lock file.
    """
    path = Path(f"{database}.lock")
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        if not path.exists():  # in a folder where nobody can make one, such as /proc
            raise StoreError(f"cannot lock {database}: there can be no file {path}; name another folder") from None
        raise LockHeld(f"another run is at work on {database} ({_holder(path)}); try again when it has ended") from None
    except OSError as error:
        raise StoreError(f"cannot lock {database}: {error.strerror or error}; the folder must be writable") from error
    try:
        with suppress(OSError):  # a courtesy to the next run; the lock holds without it
            holder = f"process {getpid()} on {node()}, since {now:%Y-%m-%d %H:%M:%S %Z}\n"
            _note(path).write_text(holder, encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            _note(path).unlink()
        lock.release()


def _note(lock: Path) -> Path:
    """Name the file in which the holder says who it is; on some systems the lock file itself cannot be read."""
    return lock.with_name(f"{lock.name}ed-by")


def _holder(lock: Path) -> str:
    """Say who holds the lock, as far as the note tells."""
    try:
        note = _note(lock).read_text("utf-8", errors="replace")
    except OSError:
        note = ""
    return clean(note)[:160] or "a process that has not said its name yet"
