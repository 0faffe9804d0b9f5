"""``litwatch serve``: when a run is due, and what becomes of one that fails."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.daemon import due, serve, tick
from pipeline.errors import LockHeld, Stopped, StoreError
from pipeline.run import Order, Outcome, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE
from pipeline.store import writing
from tests.store.keeping import cut_short
from tests.support.clock import FakeClock
from tests.support.mail_server import MailServer
from tests.support.watch import watch

HOUR = timedelta(hours=1)


@pytest.fixture
def served(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> Config:
    """A watch that ran on Monday at 07:00 UTC, when its weekly digest was due."""
    config = watch(tmp_path, sample.url)
    run(config, Order(BASELINE, timing=clock.timing()))
    return config


def run_is_due(config: Config, now: datetime) -> bool:
    """Whether a whole run is to be done."""
    order = due(config, now)
    return order is not None and not order.delivers_only


def failing(error: Exception) -> Callable[[Order], Outcome]:
    """A run that ends with an error."""

    def perform(order: Order) -> Outcome:
        raise error

    return perform


def test_never_ran(tmp_path: Path) -> None:
    """A watch that never ran is due."""
    assert run_is_due(watch(tmp_path, "http://127.0.0.1:1"), BASELINE)


@pytest.mark.parametrize(
    ("later", "due"),
    [
        (timedelta(minutes=1), False),
        (23 * HOUR, False),
        (24 * HOUR, True),  # the sources are asked once a day
        (timedelta(minutes=-30), False),  # the clock was set
        (timedelta(days=-3), True),  # the clock of the last run was wrong
        (timedelta(days=-400), True),
    ],
)
def test_between_slots(served: Config, later: timedelta, due: bool) -> None:
    """Between two slots of its digest a watch runs once a day; a run that lies far ahead counts for nothing."""
    assert run_is_due(served, BASELINE + later) is due


def test_slot(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """A run is due at the minute of a digest's slot, however short ago the last one was."""
    daily = watch(tmp_path, sample.url, digests=[{"schedule": "daily at 09:00"}])
    run(daily, Order(BASELINE + HOUR, timing=clock.timing()))
    assert not run_is_due(daily, BASELINE + 1.9 * HOUR)
    assert run_is_due(daily, BASELINE + 2 * HOUR)


def test_every_run_is_no_slot(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """A digest of every run does not make the runs more frequent."""
    eager = watch(tmp_path, sample.url, digests=[{"schedule": "every run"}])
    run(eager, Order(BASELINE, timing=clock.timing()))
    assert not run_is_due(eager, BASELINE + HOUR)


def test_nothing_answered(clock: FakeClock, tmp_path: Path) -> None:
    """A digest that could not be composed is tried again after an hour, not at every beat."""
    config = watch(tmp_path, "http://127.0.0.1:1")
    assert run(config, Order(BASELINE, timing=clock.timing())).exit_code == 3
    assert not run_is_due(config, BASELINE + timedelta(minutes=1))
    assert run_is_due(config, BASELINE + HOUR)


def test_older_database(served: Config) -> None:
    """A database of an older litwatch, which only a run can bring up to date, lets one be due."""
    with writing(served.database) as store, store.atomic() as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    assert run_is_due(served, BASELINE + timedelta(minutes=1))


def test_cut_short(served: Config) -> None:
    """A run that was cut short is continued after an hour."""
    with writing(served.database) as store:
        store.statements.begin_run(BASELINE + HOUR, "0")
    assert not run_is_due(served, BASELINE + 1.5 * HOUR)
    assert run_is_due(served, BASELINE + 2 * HOUR)


@pytest.mark.parametrize("error", [LockHeld("another run is at work"), ZeroDivisionError("a bug")])
def test_failure_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    """Whatever goes wrong with a run is logged, and the daemon goes on."""
    with caplog.at_level(logging.ERROR):
        tick(watch(tmp_path, "http://127.0.0.1:1"), BASELINE, failing(error))
    assert str(error) in caplog.text


def test_stops(tmp_path: Path) -> None:
    """Being told to stop ends the daemon."""
    config = watch(tmp_path, "http://127.0.0.1:1")
    with pytest.raises(Stopped):
        tick(config, BASELINE, failing(Stopped("asked to end")))


@pytest.mark.parametrize(
    ("error", "seconds"), [(StoreError("the disk is full"), 900), (ValueError("x"), 900), (LockHeld("busy"), 60)]
)
def test_rest(tmp_path: Path, error: Exception, seconds: int) -> None:
    """What keeps a run from beginning is tried again after a quarter of an hour; after another run, the next minute."""
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        raise Stopped("asked to end")

    with pytest.raises(Stopped):
        serve(watch(tmp_path, "http://127.0.0.1:1"), lambda: BASELINE, wait, failing(error))
    assert [round(waited[0], -1)] == [seconds]


def test_serve(tmp_path: Path) -> None:
    """The daemon looks at once, performs what is due, and then waits for the next beat, a minute at most."""
    config = watch(tmp_path, "http://127.0.0.1:1")
    performed: list[datetime] = []
    waited: list[float] = []

    def perform(order: Order) -> Outcome:
        performed.append(order.now)
        return Outcome()

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            raise Stopped("asked to end")

    with pytest.raises(Stopped):
        serve(config, lambda: BASELINE, wait, perform)
    assert performed == [BASELINE]
    assert all(0 <= seconds <= 60 for seconds in waited)


def test_mail_waits(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """Between two runs, a mail is sent when its next try has come, and no source is asked for that."""
    digest = {"name": "weekly", "email": ["clinic@example.org"]}
    with MailServer(judge=lambda command, *_: "450 not now" if command == "RCPT" else None) as office:
        email = {"security": "none", "port": office.port}
        config = watch(tmp_path, sample.url, digests=[digest], email=email)
        run(config, Order(BASELINE, timing=clock.timing()))
        assert due(config, BASELINE + timedelta(minutes=4)) is None
        order = due(config, BASELINE + timedelta(minutes=5))
        assert order is not None
        assert order.delivers_only
        office.judge = lambda *_: None
        asked = len(sample.requests)
        assert run(config, order).delivered.sent == 1
    assert len(sample.requests) == asked
    assert due(config, BASELINE + timedelta(minutes=6)) is None
    order = due(config, BASELINE + timedelta(days=1))
    assert order is not None
    assert not order.delivers_only


def test_file_waits(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """A file that could not be written is tried again when its time has come, too."""
    config = watch(tmp_path, sample.url)
    (tmp_path / "digests").write_text("in the way")
    run(config, Order(BASELINE, timing=clock.timing()))
    (tmp_path / "digests").unlink()
    assert due(config, BASELINE + timedelta(minutes=4)) is None
    order = due(config, BASELINE + timedelta(minutes=5))
    assert order is not None
    assert len(run(config, order).delivered.written) == 2


def test_killed_in_a_commit(served: Config, tmp_path: Path) -> None:
    """What a run that was killed while it committed leaves behind does not keep the next one from being due."""
    copy = tmp_path / "copy.db"
    cut_short(served.database, copy)
    for ending in ("", "-journal"):
        copy.with_name(f"{copy.name}{ending}").replace(f"{served.database}{ending}")
    assert not run_is_due(served, BASELINE + timedelta(minutes=1))
    assert run_is_due(served, BASELINE + 24 * HOUR)
