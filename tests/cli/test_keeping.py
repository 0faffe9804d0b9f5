"""Keeping the database: copies, verification, and what every command says of a database that cannot be used."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.sample.server import SampleServer
from pipeline.store import database, reading, writing
from pipeline.store.lock import run_lock
from pipeline.store.outbox import State
from tests.cli.conftest import Litwatch
from tests.match.records import record
from tests.store.keeping import NOW, keep
from tests.store.test_database import dump, foreign, later, letter, raw
from tests.support.limits import room_for

NOWHERE = "http://localhost:9"
DAMAGED = "put the latest copy that `litwatch verify` finds sound in its place"
RECORDS = [record(f"pubmed:{number}", journal="x" * 500) for number in range(100)]


@pytest.fixture
def config(configure: Callable[..., Path], tmp_path: Path) -> Path:
    """The configuration of a watch that holds a hundred records."""
    with writing(tmp_path / "litwatch.db") as store:
        keep(store, *RECORDS)
    return configure(NOWHERE, NOWHERE)


def held(path: Path) -> list[tuple[str]]:
    """The records that a database holds."""
    with raw(path) as db:
        return db.execute("SELECT key FROM records ORDER BY id").fetchall()


def add(path: Path, name: str) -> None:
    """Keep one more record."""
    with writing(path) as store:
        keep(store, record(name))


# --- backup -----------------------------------------------------------------------------------------


def test_backup(litwatch: Litwatch, config: Path, tmp_path: Path) -> None:
    """A copy holds what the database holds, is a database to work with, and is nobody else's to read."""
    result = litwatch("backup", "copy.db", "--config", config)
    copy = tmp_path / "copy.db"
    assert (result.code, result.out, result.err) == (0, f"{copy}\n", "")
    assert held(copy) == held(tmp_path / "litwatch.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert litwatch("verify", copy).out == f"{copy} is sound: 100 records, 0 works, 0 issues\n"
    add(copy, "pubmed:new")


def test_earlier_copies(litwatch: Litwatch, config: Path, tmp_path: Path) -> None:
    """Earlier copies move on by a number, as many as are wanted; an empty file is no copy."""
    (tmp_path / "copy.db").touch()
    for number in range(5):
        assert litwatch("backup", "copy.db", "--keep", 2, "--config", config).code == 0
        add(tmp_path / "litwatch.db", f"pubmed:new{number}")

    def copies() -> dict[str, int]:
        return {path.name: len(held(path)) for path in tmp_path.glob("copy*")}

    assert copies() == {"copy.db": 104, "copy.db.1": 103, "copy.db.2": 102}
    litwatch("backup", "copy.db", "--keep", 0, "--config", config)
    assert copies() == {"copy.db": 105, "copy.db.1": 103, "copy.db.2": 102}


def test_backup_while_writing(litwatch: Litwatch, config: Path, tmp_path: Path) -> None:
    """While a run is in the middle of writing, a copy has what was committed, and the run goes on."""
    with raw(tmp_path / "litwatch.db") as run:
        run.execute("BEGIN IMMEDIATE")
        run.execute("UPDATE records SET label = 'half'")
        assert litwatch("backup", "copy.db", "--config", config).code == 0
        run.execute("COMMIT")
    with raw(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT DISTINCT label FROM records").fetchall() == [("Pubmed",)]


def test_backup_of_older(litwatch: Litwatch, config: Path, tmp_path: Path) -> None:
    """What an older litwatch wrote is copied as it is, before a newer one changes it, and is verified in part."""
    with raw(tmp_path / "litwatch.db") as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name NOT LIKE 'm001%'")
        db.execute("INSERT INTO works VALUES (1, 1, NULL, '', 'out', '', '[]', '{}', '{}')")  # a work without a record
    assert litwatch("backup", "copy.db", "--config", config).code == 0
    result = litwatch("verify", "copy.db")
    assert result.code == 0
    assert "written by an older litwatch; `litwatch run` brings its tables up to date" in result.out


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("litwatch.db", "a copy would overwrite the database itself; name another file"),
        ("folder", "is a folder; name a file"),
        ("nowhere/copy.db", "there is no such folder; make it, or mount its disk"),
        ("thesis.docx", "is there and is no litwatch database; name another file, or remove it"),
        ("photo", "photo.2: is there and is no litwatch database; name another file, or remove it"),
        ("litwatch", "a copy would overwrite the database itself"),
    ],
)
def test_no_place_for_a_copy(litwatch: Litwatch, config: Path, tmp_path: Path, file: str, sentence: str) -> None:
    """Nothing is ever written over but an earlier copy, under no number of it either."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "thesis.docx").write_text("years of work")
    (tmp_path / "photo.2").write_bytes(b"\x89PNG")
    if file == "litwatch":
        (tmp_path / "litwatch.db").rename(tmp_path / "litwatch.1")
        config.write_text(f'database = "litwatch.1"\n{config.read_text("utf-8")}', encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = litwatch("backup", file, "--config", config)
    assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
    assert sentence in result.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def altered(path: Path) -> None:
    """Change one letter of a record on the disk, as a failing disk does: the pages stay what they should be."""
    content = path.read_bytes()
    assert content.count(b"fatigue in multiple sclerosis")
    path.write_bytes(content.replace(b"fatigue in multiple sclerosis", b"fatigue in multiple sclerasis", 1))


def torn(path: Path) -> None:
    """Overwrite a third of the file."""
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[-third:] = b"\xa5" * third
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [altered, torn])
def test_no_bad_copy(litwatch: Litwatch, config: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """A copy of a damaged database never takes the place of a good one, nor is it left lying about."""
    litwatch("backup", "copy.db", "--config", config)
    before = (tmp_path / "copy.db").read_bytes()
    harm(tmp_path / "litwatch.db")
    result = litwatch("backup", "copy.db", "--config", config)
    assert (result.code, result.out, len(result.err.splitlines())) == (4, "", 1)
    assert "damaged" in result.err
    assert DAMAGED in result.err
    assert [path.name for path in sorted(tmp_path.glob("*copy*"))] == ["copy.db"]
    assert (tmp_path / "copy.db").read_bytes() == before


def test_no_room_for_a_copy(litwatch: Litwatch, config: Path, tmp_path: Path) -> None:
    """If there is no room for a copy, the earlier one stays, and nothing is left of the new one."""
    litwatch("backup", "copy.db", "--config", config)
    before = (tmp_path / "copy.db").read_bytes()
    with room_for(len(before) // 2):
        result = litwatch("backup", "copy.db", "--config", config)
    assert (result.code, result.out, len(result.err.splitlines())) == (4, "", 1)
    assert "has room" in result.err
    assert [path.name for path in sorted(tmp_path.glob("*copy*"))] == ["copy.db"]
    assert (tmp_path / "copy.db").read_bytes() == before


# --- verify -----------------------------------------------------------------------------------------


def test_verify(litwatch: Litwatch, stocked: Path) -> None:
    """After two whole runs, everything that litwatch relies on holds."""
    result = litwatch("verify", "--config", stocked)
    assert (result.code, result.err) == (0, "")
    assert "litwatch.db is sound: " in result.out
    assert result.out.endswith("last run 2026-11-22 07:00 UTC\n")
    document = litwatch("verify", stocked.parent / "litwatch.db", "--json").document
    assert (document["sound"], document["problems"], document["older"]) == (True, [], False)


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("DELETE FROM works_search WHERE rowid = 5", "work W5 cannot be searched"),
        (
            "UPDATE renderings SET content = x'00' WHERE issue = 1 AND format = 'html'",
            "issue weekly 1 as html does not",
        ),
        (
            "UPDATE records SET content = json_set(content, '$.title', 'x') WHERE id < 4",
            "read as it was kept (and 2 more)",
        ),
        ("DELETE FROM renderings WHERE issue = 2", "of the outbox has no content (and"),
        ("UPDATE issues SET number = 7 WHERE number = 2", "issue patients 6 is missing from the series"),
        ("UPDATE told SET issue = 1 WHERE digest = 'patients' AND issue = 2", "was told by another digest's issue"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE id = 1", "refers to a row of runs that is not there"),
    ],
)
def test_contradiction(litwatch: Litwatch, stocked: Path, harm: str, problem: str) -> None:
    """What contradicts itself, or reads otherwise than it was kept, is damage; a sentence says what."""
    with raw(stocked.parent / "litwatch.db") as db:
        for statement in harm.split("; "):
            db.execute(statement)
    result = litwatch("verify", "--config", stocked)
    assert (result.code, result.err) == (4, "")
    assert "litwatch.db is not sound:\n  " in result.out
    assert problem in result.out
    document = litwatch("verify", "--json", "--config", stocked).document
    assert not document["sound"]
    assert any(problem in one for one in document["problems"])


def test_verify_nothing(litwatch: Litwatch, tmp_path: Path) -> None:
    """A file that is not there, or a folder, is a mistake in the command; no configuration is needed to say so."""
    assert litwatch("verify", "copy.db").code == litwatch("verify", tmp_path).code == 2


def test_lock(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """While a run is at work, whoever would write says who holds the lock; whoever reads, copies or verifies may."""
    (tmp_path / "a.csv").write_text("title\nA made-up study\n", encoding="utf-8")
    writers = (
        *(["run"], ["digest", "weekly"], ["judge", "W1", "--relevant"], ["rebuild"], ["import", "a.csv"]),
        *(["outbox", "--retry"], ["outbox", "--drop", "1"]),
    )
    readers = (["status"], ["outbox"], ["list"], ["export", "--format", "ris"], ["backup", "a.db"], ["verify"])
    path = stocked.parent / "litwatch.db"
    with run_lock(path, NOW):
        before = dump(path)
        for command in writers:
            result = litwatch(*command, "--config", stocked)
            assert (result.code, result.out) == (75, ""), command
            assert f"another run is at work on {path} (process {os.getpid()} on " in result.err
        assert dump(path) == before
        assert {litwatch(*command, "--config", stocked).code for command in readers} == {0}


# --- a database that cannot be used -----------------------------------------------------------------


def truncated(path: Path) -> None:
    """Keep the beginning of the file."""
    os.truncate(path, path.stat().st_size // 2)


def folder(path: Path) -> None:
    """Put a folder where the file should be."""
    path.unlink()
    path.mkdir()


def replaced(by: Callable[[Path], None]) -> Callable[[Path], None]:
    """Put something else where the file was."""

    def replace(path: Path) -> None:
        path.unlink()
        by(path)

    return replace


@pytest.mark.parametrize(
    ("harm", "advice"),
    [
        pytest.param(replaced(foreign), "a database of some other program; name another file", id="foreign"),
        pytest.param(replaced(letter), "file is not a database; name another file", id="letter"),
        pytest.param(later, "written by a newer litwatch; install that version", id="newer"),
        pytest.param(folder, "see that ", id="folder"),
        pytest.param(torn, DAMAGED, id="torn"),
        pytest.param(truncated, DAMAGED, id="truncated"),
    ],
)
def test_unusable(litwatch: Litwatch, config: Path, tmp_path: Path, harm: Callable[[Path], None], advice: str) -> None:
    """Whatever is wrong with the database, every command says it in one sentence with what to do, and exit code 4."""
    path = tmp_path / "litwatch.db"
    harm(path)
    before = path.read_bytes() if path.is_file() else b""
    # A list that meets no torn page is right as far as it goes; to read everything each time would take too long.
    for command in (["run"], *([] if harm is torn else [["list"]]), ["backup", "copy.db"]):
        result = litwatch(*command, "--config", config)
        assert (result.code, result.out, len(result.err.splitlines())) == (4, "", 1), command
        assert result.err.startswith(f"litwatch: {tmp_path}")
        assert advice in result.err
    for command in (["status"], ["verify"]):
        result = litwatch(*command, "--config", config)
        assert (result.code, result.err) == (4, ""), command
        assert "litwatch.db" in result.out
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert not (tmp_path / "copy.db").exists()


@contextmanager
def busy(path: Path) -> Iterator[None]:
    """Another program holds the database for itself."""
    with raw(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_busy(litwatch: Litwatch, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another program does not let go of the database, nobody waits for ever."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    with busy(tmp_path / "litwatch.db"):
        results = [litwatch(*command, "--config", config) for command in (["run"], ["list"], ["backup", "copy.db"])]
        results += [litwatch(command, "--config", config) for command in ("status", "verify")]
    assert {result.code for result in results} == {4}
    assert all("another program is at work on the database; try again" in one.err + one.out for one in results)
    assert not (tmp_path / "copy.db").exists()


def test_nothing_yet(litwatch: Litwatch, configure: Callable[..., Path], tmp_path: Path) -> None:
    """Before the first run there is nothing to copy or verify, which is said."""
    config = configure(NOWHERE, NOWHERE)
    for command in (["list"], ["backup", "copy.db"], ["verify"]):
        result = litwatch(*command, "--config", config)
        assert result.code == 2
        assert "there is no database yet; `litwatch run` makes it" in result.err
    assert [path.name for path in tmp_path.iterdir()] == [config.name]


@pytest.mark.parametrize("size", [300_000, 600_000])
def test_run_without_room(
    litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer, tmp_path: Path, size: int
) -> None:
    """A run that finds the disk full ends in one sentence and loses nothing; with room, the next one goes on."""
    config = configure(sample.url, sample.url, '[[digests]]\nname = "weekly"\n')
    with room_for(size):
        result = litwatch("run", "--config", config)
    assert result.code == 4
    assert result.err.splitlines()[-1].endswith(
        "see that the disk is in order and has room, and run again; nothing is lost"
    )
    assert "Traceback" not in result.err
    assert litwatch("verify", "--config", config).code == 0
    assert litwatch("run", "--config", config).code == 0
    assert litwatch("verify", "--config", config).code == 0
    with reading(tmp_path / "litwatch.db") as store:
        assert [ref.number for ref, _ in store.told.issues()["weekly"]] == [1]
        assert store.outbox.counts() == dict.fromkeys(State, 0) | {"sent": 3}
        assert store.pairs.waiting() == []
