"""``litwatch serve``: calls the run on time, for those who have neither cron nor systemd.

The library ``schedule`` is only the metronome. What is due is read from the database at every beat, so nothing has to
be remembered across a restart, and a period that was missed is caught up once.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NoReturn

import schedule

from pipeline.config import Config, DigestConfig
from pipeline.digest.schedule import is_due
from pipeline.errors import LitwatchError, LockHeld, NotFound, Stopped, StoreOutdated
from pipeline.run import Order, Outcome
from pipeline.store import Store, reading
from pipeline.store.catalogue import LastRun

log = logging.getLogger(__name__)

# Sources are asked once a day even if the next digest is a month away: feeds are windows that move on.
LONGEST_PAUSE = timedelta(days=1)
# A run that was cut short, or could not compose what is due, is not repeated at every beat.
RETRY = timedelta(hours=1)
BEAT = 60  # seconds
# What keeps a run from beginning, a full disk or a damaged database, is not over within a minute.
REST = 900  # seconds


def serve(
    config: Config, now: Callable[[], datetime], wait: Callable[[float], None], perform: Callable[[Order], Outcome]
) -> NoReturn:
    """Look every minute whether a run is due, and ``perform`` it. Ends only by an exception, as SIGTERM raises."""
    metronome = schedule.Scheduler()

    def beat() -> None:
        if not tick(config, now(), perform):
            wait(REST)

    metronome.every(BEAT).seconds.do(beat)
    metronome.run_all()
    while True:
        wait(max(0.0, metronome.idle_seconds or 0.0))
        metronome.run_pending()
        if (metronome.idle_seconds or 0.0) > BEAT:  # clocks were set back: the library counts by the local one
            metronome.run_all()


def tick(config: Config, now: datetime, perform: Callable[[Order], Outcome]) -> bool:
    """One beat; False if something went wrong that a minute does not heal.

    What goes wrong is logged and tried again later; only being told to stop ends the daemon.
    """
    try:
        if order := due(config, now):
            perform(order)
    except Stopped:
        raise
    except LitwatchError as error:
        log.error("%s", error)  # noqa: TRY400 - an expected error is a sentence, not a traceback
        return isinstance(error, LockHeld)
    except Exception:
        # The boundary around one beat: whatever went wrong, the next one gets its chance.
        log.exception("internal error; please report it with these lines")
        return False
    return True


def due(config: Config, now: datetime) -> Order | None:
    """What is to be done now: a run; or, between two runs, the delivery of what has waited long enough; or nothing."""
    try:
        with reading(config.database) as store:
            last = store.catalogue.last_run()
            if last is None or _run_is_due(store, config, last, now):
                return Order(now)
            is_next = last.ended_at is not None and store.outbox.is_due(now)
            return Order(now, delivers_only=True) if is_next else None
    except (NotFound, StoreOutdated):
        return Order(now)


def _run_is_due(store: Store, config: Config, last: LastRun, now: datetime) -> bool:
    """Whether to run: a day has gone by, or an hour after a run that was cut short, or a digest has its slot.

    "Every run" has none. A run that lies ahead by more than clocks are set was made by one that was wrong, and proves
    nothing.
    """
    if not -RETRY <= now - last.started_at < LONGEST_PAUSE:
        return True
    waited = now - last.started_at >= RETRY
    return (last.ended_at is None and waited) or any(
        _awaits(digest, store.told.last_considered(digest.name), last.started_at, now, waited=waited)
        for digest in config.digests
    )


def _awaits(
    digest: DigestConfig, considered: datetime | None, last_run: datetime, now: datetime, *, waited: bool
) -> bool:
    """Whether a digest has its slot, and no run has met it, or the one that did could not compose it a while ago."""
    slot = digest.schedule.slot(now, digest.timezone)
    if slot is None or not is_due(digest.schedule, digest.timezone, considered, now):
        return False
    return last_run < slot or waited
