"""A backup that is killed, wherever, leaves a good copy."""

import subprocess
import sys
from pathlib import Path

from pipeline.store import writing
from pipeline.store.backups import back_up
from pipeline.store.verifying import verify_file
from tests.match.records import record
from tests.store.keeping import keep


def test_killed_anywhere(tmp_path: Path) -> None:
    """At each point there is a whole copy under its name or, while names change, under the next; never half of one."""
    database, copy, earlier = tmp_path / "litwatch.db", tmp_path / "copy.db", tmp_path / "copy.db.1"
    with writing(database) as store:
        keep(store, *(record(f"pubmed:{number}") for number in range(20)))
    back_up(database, copy, 1)
    command = [sys.executable, "-m", "tests.crash.backing_up", str(database), str(copy)]
    ends = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        for line in child.stdout:
            ends.append(line.strip())
            there = [path for path in (copy, earlier) if path.exists()]
            assert there
            assert all(verify_file(path).problems == () for path in there)
            print(file=child.stdin, flush=True)
    assert ends[-1] == "done"
    assert ends.count("killed") > 10
    assert child.returncode == 0
