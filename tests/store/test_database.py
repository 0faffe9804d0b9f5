"""Opening the file: what is made, what is refused, and that nothing is touched that should not be."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from pipeline.errors import NotFound, StoreError
from pipeline.run import Order, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, LATER
from pipeline.store import Store, database, reading, scratch_copy, writing
from pipeline.store.backups import back_up
from pipeline.store.database import open_to_read, open_to_write
from pipeline.store.outbox import State
from pipeline.store.schema import APPLICATION_ID, KNOWN
from pipeline.store.verifying import verify_file
from tests.match.records import record
from tests.store.keeping import NOW, cut_short, keep
from tests.support.clock import FakeClock
from tests.support.limits import room_for
from tests.support.watch import watch

Door = Callable[[Path], AbstractContextManager[Any]]
SNAPSHOTS = Path(__file__).parent / "snapshots"  # the schema of every release; the last is today's
RELEASES = ("v1", "v2", "v3", "v4", "v5", "v6", "v7")
RECORDS = [record(f"pubmed:{number}", journal="x" * 500) for number in range(200)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with some hundred records."""
    place = tmp_path / "litwatch.db"
    with writing(place) as store:
        keep(store, *RECORDS)
    return place


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as any program opens it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def test_new_file(tmp_path: Path) -> None:
    """A new file, in a folder that is made for it, carries litwatch's mark and keeps every promise about safety."""
    path = tmp_path / "deep" / "er" / "litwatch.db"
    with open_to_write(path) as db:
        pragmas = ("foreign_keys", "journal_mode", "synchronous", "application_id")
        found = [db.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
    assert found == [1, "delete", 2, APPLICATION_ID]
    assert sorted(one.name for one in path.parent.iterdir()) == ["litwatch.db"]
    assert path.stat().st_mode & 0o777 == 0o600  # it comes to hold readers' addresses


def test_strict(path: Path) -> None:
    """Every table of ours refuses a value of the wrong type."""
    with raw(path) as db:
        tables = db.execute("SELECT name, type, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    lax = {name for name, kind, strict in tables if kind == "table" and not strict}
    assert lax == {"_sqlite_migrations", "sqlite_schema", "sqlite_sequence"}


def test_snapshot(path: Path) -> None:
    """The migrations make the schema that was released: to change it is to add a migration, never to edit one."""
    assert made(path) == (SNAPSHOTS / f"{RELEASES[-1]}.sql").read_text("utf-8").splitlines()


def test_migrates(tmp_path: Path) -> None:
    """A database of the first release becomes one of today's, with what it holds."""
    old = tmp_path / "old.db"
    with raw(old) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in (SNAPSHOTS / "v1.sql").read_text("utf-8").splitlines():
            db.execute(statement)
        db.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set, name, applied_at)")
        db.execute("INSERT INTO _sqlite_migrations VALUES (1, 'litwatch', 'm001_first_schema', '2026-11-22')")
        db.execute("INSERT INTO runs VALUES (1, '2026-11-22T07:00:00Z', NULL, '0.1.0')")
        values = (1, 1, "pubmed", "PubMed", "2026-11-22T07:00:00Z", "complete", "q", "v", 1, 1, 1, 0, 0, "", None)
        db.execute("INSERT INTO harvests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        # A record that was told by the first issue, and one that was told by the second and has changed since.
        for statement in (SNAPSHOTS / "v1-told.sql").read_text("utf-8").splitlines():
            db.execute(statement)
    with writing(old) as store:
        coverage = store.statements.coverage("pubmed")
        assert coverage
        assert (coverage.total, coverage.gone) == (1, 0)
        assert store.conclusions.rules() == {"subject 1a2b3c4d, screening 1, appraisal 1"}
        assert store.told.untold("weekly") == ()
        assert set(store.told.told("weekly")) == {1, 2}
        assert store.told.shown("weekly") == {2}  # the first issue counted all there was as told
        assert [(one.place, one.state) for one in store.outbox.messages(State)] == [
            ("digests/weekly-0001.md", State.SENT),
            ("digests/weekly-0002.md", State.PENDING),
        ]
    with raw(old) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT read_as FROM work_records ORDER BY record").fetchall() == [("h1",), ("",)]
    assert sorted(made(old)) == sorted((SNAPSHOTS / f"{RELEASES[-1]}.sql").read_text("utf-8").splitlines())


@pytest.mark.parametrize("release", RELEASES)
def test_migrates_from_every_release(tmp_path: Path, release: str) -> None:
    """The schema of every release becomes today's, and what it was before is kept beside it, to go back to."""
    old = tmp_path / "old.db"
    pending = released(old, release)
    before = dump(old)
    with writing(old):
        pass
    assert sorted(made(old)) == sorted((SNAPSHOTS / f"{RELEASES[-1]}.sql").read_text("utf-8").splitlines())
    copies = [tmp_path / f"old.db.before-{step.partition('_')[0]}" for step in pending[:1]]
    assert sorted(tmp_path.iterdir()) == [old, *copies]
    assert [dump(copy) for copy in copies] == [before for _ in copies]


@pytest.mark.parametrize("release", RELEASES)
def test_keeps_every_release(tmp_path: Path, release: str) -> None:
    """A database of every release can be copied as it is, and the copy verified."""
    old, copy = tmp_path / "old.db", tmp_path / "copy.db"
    pending = released(old, release)
    back_up(old, copy, 0)
    assert dump(copy) == dump(old)
    report = verify_file(copy)
    assert (report.problems, report.older) == ((), bool(pending))


def released(path: Path, release: str) -> list[str]:
    """Make a database of a release that has seen one run; the migrations that it waits for."""
    steps = sorted(KNOWN)
    done = RELEASES.index(release) + 1
    with raw(path) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in (SNAPSHOTS / f"{release}.sql").read_text("utf-8").splitlines():
            db.execute(statement)
        db.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set, name, applied_at)")
        for step in steps[:done]:
            db.execute("INSERT INTO _sqlite_migrations VALUES (NULL, 'litwatch', ?, '2026-11-22')", [step])
        db.execute("INSERT INTO runs (started_at, version) VALUES ('2026-11-22T07:00:00Z', '0')")
    return steps[done:]


def dump(path: Path) -> list[str]:
    """Everything that a file holds, as statements."""
    with raw(path) as db:
        return list(db.iterdump())


def test_no_room_to_migrate(tmp_path: Path) -> None:
    """If what a database was before cannot be kept, nothing of it is changed, and a sentence says so."""
    old = tmp_path / "old.db"
    released(old, "v1")
    before = old.read_bytes()
    with pytest.raises(StoreError) as refused, room_for(len(before) // 2), writing(old):
        pytest.fail("migrated")
    assert re.match(rf"{old}\.before-m002: the copy cannot be made: .*has room", str(refused.value))
    assert old.read_bytes() == before
    assert list(tmp_path.iterdir()) == [old]


def made(path: Path) -> list[str]:
    """The statements that would make the schema of a file, one a line."""
    with raw(path) as db:
        sql = """
            SELECT master.sql FROM sqlite_master AS master LEFT JOIN pragma_table_list AS list USING (name)
            WHERE master.sql IS NOT NULL AND coalesce(list.type, '') <> 'shadow'
            AND master.tbl_name NOT IN ('_sqlite_migrations', 'sqlite_sequence') ORDER BY master.rowid
        """
        return [" ".join(row[0].split()) for row in db.execute(sql)]


def test_whole_run_is_sound(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """After two whole runs the file is sound, every reference holds, and every table and view can be read."""
    config = watch(tmp_path, sample.url)
    for stage, when in (("baseline", BASELINE), ("later", LATER + timedelta(days=1))):
        sample.stage = "later" if stage == "later" else "baseline"
        run(config, replace(Order(when), timing=clock.timing()))
    with raw(config.database) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        filled = {name for name in names if db.execute(f"SELECT * FROM {name}").fetchall()}  # noqa: S608  # our own names
    assert {"publications", "screened_out", "source_status", "links", "events", "outbox", "works_search"} <= filled
    with reading(config.database) as store:
        assert store.catalogue.damage() == ""


def foreign(path: Path) -> None:
    """Write a database of some other program."""
    with raw(path) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
        db.execute("INSERT INTO recipes VALUES ('soup')")


def letter(path: Path) -> None:
    """Write a file that is no database."""
    path.write_text("Dear friend, " * 500)


def later(path: Path) -> None:
    """Write what a later litwatch would leave."""
    with open_to_write(path) as db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('litwatch', 'm999', '')")


@pytest.mark.parametrize("door", [writing, reading])
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (foreign, "a database of some other program; name another file"),
        (letter, "file is not a database; name another file"),
        (later, "written by a newer litwatch; install that version"),
        (
            Path.mkdir,
            "unable to open database file; see that the folder exists|disk I/O error; see that the path names",
        ),
    ],
)
def test_refused(tmp_path: Path, door: Door, make: Callable[[Path], None], sentence: str) -> None:
    """What is not ours is refused in one sentence, whichever way it is opened, and left as it was."""
    path = tmp_path / "litwatch.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError) as refused, door(path):
        pytest.fail("opened")
    assert re.match(f"{path}: (?:{sentence})", str(refused.value))
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert list(tmp_path.iterdir()) == [path]


def test_file_in_the_way(tmp_path: Path) -> None:
    """A folder that cannot be made, or looked into, is told as such."""
    (tmp_path / "folder").write_text("in the way")
    with (
        pytest.raises(StoreError, match="see that its folder can be read and written"),
        writing(tmp_path / "folder/a.db"),
    ):
        pytest.fail("opened")
    with pytest.raises(StoreError, match="File name too long"), reading(tmp_path / ("x" * 300)):
        pytest.fail("opened")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_read_only_folder(path: Path) -> None:
    """In a folder where nothing may be written, reading works and writing is refused with what to do."""
    path.parent.chmod(0o500)
    path.chmod(0o400)
    before = path.read_bytes()
    try:
        with reading(path) as store:
            assert store.catalogue.counts()["records"] == 200
        with pytest.raises(StoreError, match="make the file and its folder writable"), writing(path) as store:
            keep(store, record("pubmed:new"))
    finally:
        path.parent.chmod(0o700)
    assert path.read_bytes() == before


def fill_disk(db: Database) -> None:
    """Keep more records on a disk that has no room for another page."""
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    keep(Store(db), *(replace(one, source="europepmc") for one in RECORDS))


def test_disk_full(path: Path) -> None:
    """When the disk is full the page is taken back whole, and the sentence says what to do."""
    before = path.read_bytes()
    with (
        pytest.raises(StoreError, match="free some disk space and run again, nothing is lost"),
        open_to_write(path) as db,
    ):
        fill_disk(db)
    assert path.read_bytes() == before


def test_damaged(path: Path) -> None:
    """Damage is told with what to do, by whatever meets it first, and not made worse."""
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[-third:] = b"\xa5" * third
    path.write_bytes(content)
    with reading(path) as store:
        assert store.catalogue.damage()
    with (
        pytest.raises(StoreError, match="the file is damaged, put the latest copy that `litwatch verify` finds sound"),
        writing(path) as store,
    ):
        keep(store, *(replace(one, title=one.title + "!") for one in RECORDS))
    assert path.read_bytes() == content


def marked(path: Path) -> None:
    """Write what a first run leaves that is killed before its first step."""
    with raw(path) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set, name, applied_at)")


@pytest.mark.parametrize("leave", [None, Path.touch, marked])
def test_nothing_to_read(tmp_path: Path, leave: Callable[[Path], None] | None) -> None:
    """Where no run ever wrote, reading says so and makes nothing; the next run does."""
    path = tmp_path / "litwatch.db"
    if leave:
        leave(path)
    with pytest.raises(NotFound, match="there is no database yet; `litwatch run` makes it"), reading(path):
        pytest.fail("opened")
    assert path.exists() == bool(leave)
    with writing(path):
        pass
    with reading(path) as store:
        assert store.catalogue.counts()["records"] == 0
    assert list(tmp_path.iterdir()) == [path]


def test_killed_while_new(tmp_path: Path) -> None:
    """Of a new database that a kill left half made, nothing is kept aside: it holds nothing yet."""
    path = tmp_path / "litwatch.db"
    released(path, "v2")
    with raw(path) as db:
        db.execute("DELETE FROM runs")
    with writing(path):
        pass
    assert list(tmp_path.iterdir()) == [path]


def test_reading_never_writes(path: Path) -> None:
    """What is opened to read cannot be written, and no byte of it changes."""
    before = path.read_bytes()
    with pytest.raises(StoreError, match="readonly"), reading(path) as store:
        keep(store, record("pubmed:new"))
    assert path.read_bytes() == before


def test_older_schema(path: Path) -> None:
    """A store that waits for a migration is not read half-understood; the next run migrates it."""
    with raw(path) as db:
        db.executescript("DELETE FROM _sqlite_migrations")
    with (
        pytest.raises(StoreError, match="written by an older litwatch; `litwatch run` brings it up to date"),
        reading(path),
    ):
        pytest.fail("opened")


def test_read_while_writing(path: Path) -> None:
    """While a run writes, a reader sees what was last committed, whole."""
    with writing(path) as writer, writer.atomic(), reading(path) as reader:
        keep(writer, record("pubmed:new"))
        assert reader.catalogue.counts()["records"] == 200


def test_read_while_committing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that waited in vain for a busy writer is told to come back."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    with raw(path) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="another program is at work on the database; try again"), reading(path):
            pytest.fail("opened")


@pytest.mark.parametrize("door", [reading, writing, scratch_copy])
def test_cut_short(path: Path, tmp_path: Path, door: Door) -> None:
    """After a run was killed while it wrote, whoever comes next finds the last committed state, readers too."""
    copy = tmp_path / "copy.db"
    cut_short(path, copy)
    with door(copy):
        pass
    assert not copy.with_name("copy.db-journal").exists()
    with raw(copy) as db:
        assert db.execute("SELECT DISTINCT label FROM records").fetchall() == [("Pubmed",)]


@pytest.mark.parametrize("door", [open_to_write, open_to_read])
def test_closed(path: Path, door: Door) -> None:
    """However the work ends, the connection is closed, and what went wrong elsewhere is passed on as it is."""
    with pytest.raises(PermissionError, match="of a digest"), door(path) as db:
        raise PermissionError("of a digest")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("SELECT 1")


def test_scratch_copy(path: Path, tmp_path: Path) -> None:
    """A copy can be written without touching the store, and is gone afterwards; without a store it is a free place."""
    before = path.read_bytes()
    with scratch_copy(path) as copy, writing(copy) as store:
        keep(store, record("pubmed:new"), now=NOW)
        assert store.catalogue.counts()["records"] == 201
    with scratch_copy(tmp_path / "none.db") as free:
        assert not free.exists()
    assert (path.read_bytes(), copy.exists(), free.parent.exists()) == (before, False, False)
