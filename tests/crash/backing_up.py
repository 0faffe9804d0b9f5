"""Backs up in processes of their own, each killed at one point more than the one before, until one gets to its end.

``python -m tests.crash.backing_up DATABASE FILE`` prints ``killed`` or ``done`` for each. Points are every statement
that SQLite executes and every rename of a file.
"""

import os
import sqlite3
import sys
from pathlib import Path
from unittest.mock import patch

from pipeline.store.backups import back_up
from tests.crash.child import Fuse


def backed_up(point: int, database: Path, file: Path) -> bool:
    """Whether a child that dies at a point gets to its end before."""
    pid = os.fork()
    if pid == 0:
        fuse = Fuse(point)
        sys.addaudithook(fuse.listen)
        with patch.object(sqlite3, "connect", fuse.connect):
            back_up(database, file, 1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if status and not os.WIFSIGNALED(status):
        raise SystemExit("the backup failed")
    return status == 0


def main(database: Path, file: Path) -> None:
    """Begin anew until one gets to its end; go on when told to."""
    point, done = 1, False
    while not done:
        done = backed_up(point, database, file)
        point += 1
        os.write(1, b"done\n" if done else b"killed\n")
        sys.stdin.readline()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
