"""One run, top to bottom: harvest → screen → match → appraise → events → digest → deliver.

Each step takes what the step before left in the store and commits before the next begins, so that a run that is killed
anywhere is continued by the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline import __version__, match
from pipeline.asking import Nobody, Question, Watcher, harvest
from pipeline.config import Config, DigestConfig
from pipeline.delivering import Delivered, deliver
from pipeline.digest.issue import Issue
from pipeline.digest.schedule import is_due
from pipeline.enabled import Enabled, enabled_sources, select_sources
from pipeline.errors import DeliveryFailed, NotFound
from pipeline.happened import news
from pipeline.harvest.fetch import Fetcher, Timing
from pipeline.issuing import publish, publish_correction
from pipeline.model import Record
from pipeline.overdue import overdue
from pipeline.proof import Coverage, Status
from pipeline.publishing import write_archive
from pipeline.rules import in_force
from pipeline.rulings import on_sameness
from pipeline.screen import screen
from pipeline.screen.subject import Subject
from pipeline.store import Store, scratch_copy, writing
from pipeline.store.lock import run_lock
from pipeline.works import Held, conclude

_REAL_TIME = Timing()


@dataclass(frozen=True, slots=True)
class Order:
    """What one run is asked to do, and at what time.

    No ``sources`` means all enabled ones; ``digests`` are composed even if not due. ``timing`` is how waiting is done.
    With ``delivers_only``, no source is asked and nothing composed.
    """

    now: datetime
    sources: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    timing: Timing = field(default_factory=Timing)
    watcher: Watcher = field(default_factory=Nobody)
    delivers_only: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did."""

    coverage: tuple[Coverage, ...] = ()
    issues: tuple[Issue, ...] = ()
    delivered: Delivered = field(default_factory=Delivered)
    run: int = 0  # its number; 0 if nothing was harvested

    @property
    def exit_code(self) -> int:
        """0 all well, 1 a source, a record or a delivery fell short, 3 no source could be asked at all."""
        found = {row.status for row in self.coverage}
        if found and found <= {Status.FAILED, Status.SKIPPED}:
            return 3
        unreadable = any(row.quarantined for row in self.coverage)
        return int(bool(self.delivered.undelivered) or unreadable or not found <= {Status.COMPLETE, Status.SKIPPED})


def run(config: Config, order: Order) -> Outcome:
    """The whole job once, or its last step alone.

    LockHeld if another run is at work, StoreError if the database cannot be used.
    """
    if order.delivers_only:
        return deliver_waiting(config, order.now, order.timing)
    asked, began = select_sources(config, order.sources), order.timing.monotonic()
    with run_lock(config.database, order.now), writing(config.database) as store:
        run_id = store.statements.begin_run(order.now, __version__)
        outcome = _advance(store, run_id, config, order, asked)
        delivered = send_out(store, config, order.now, order.timing)
        store.statements.end_run(run_id, order.now + timedelta(seconds=order.timing.monotonic() - began))
    return replace(outcome, run=run_id, delivered=delivered)


def rehearse(config: Config, order: Order) -> Outcome:
    """The same on a copy of the database that is thrown away: asks the sources, changes nothing, delivers nothing."""
    asked = select_sources(config, order.sources)
    with scratch_copy(config.database) as copy, writing(copy) as store:
        run_id = store.statements.begin_run(order.now, __version__)
        return _advance(store, run_id, config, order, asked)


def _advance(store: Store, run_id: int, config: Config, order: Order, asked: Sequence[Enabled]) -> Outcome:
    """Everything but delivery."""
    with Fetcher(config.http.settings, config.contact, order.timing) as fetcher:
        coverage = harvest(store, run_id, asked, fetcher, Question(config.subject, order.now, order.watcher))
    draw_conclusions(store, config.subject, run_id, order.now)
    note_overdue(store, run_id, order.now)
    return Outcome(coverage, compose_due(store, config, order))


# --- screen, match, appraise, events ----------------------------------------------------------------


def draw_conclusions(store: Store, subject: Subject, run_id: int, now: datetime) -> None:
    """Compare what is new or changed with what may be the same, and conclude anew all that it touches.

    In batches, each written whole or not at all; what one does not reach waits for the next, or for the next run.
    """
    while fresh := store.pairs.waiting():
        with store.atomic():
            _compare(store, fresh)
    rules = in_force(subject)
    while waiting := store.conclusions.waiting(rules):
        neighbourhood = [_screened(one, subject) for one in store.conclusions.neighbourhood(waiting, rules)]
        records = [one.record for one in neighbourhood]
        judged = store.judgements.concerning(records)
        grouping = match.gather(records, store.pairs.among(records), on_sameness(judged))
        conclusions = conclude(neighbourhood, grouping, store.conclusions.next_work_id(), judged)
        with store.atomic():
            past, before = store.events.past(neighbourhood), store.conclusions.before(neighbourhood)
            store.conclusions.keep(neighbourhood, conclusions, rules, now)
            store.events.keep(news(conclusions, past, before), run_id, now)


def note_overdue(store: Store, run_id: int, now: datetime) -> None:
    """Record whose results have become due and are not there: time alone brings that about, so each run looks."""
    with store.atomic():
        store.events.keep(overdue(store.conclusions.ended_trials(), now), run_id, now)


def _compare(store: Store, fresh: Sequence[Record]) -> None:
    store.pairs.keep_keys(fresh)
    others, crowded = store.pairs.candidates(fresh)
    keys = {record.key for record in fresh}
    store.pairs.replace(keys, match.compare([*fresh, *others], keys, crowded))


def _screened(one: Held, subject: Subject) -> Held:
    return replace(one, verdict=screen(one.record, subject)) if one.waiting else one


# --- digest -------------------------------------------------------------------------------------


def compose_due(store: Store, config: Config, order: Order) -> tuple[Issue, ...]:
    """Compose every digest that is due, or asked for by name; each claims its events and fills the outbox at once.

    One that is not due has an issue out of cycle if a study that it told of was retracted.
    """
    if not _can_tell(store, config):
        return ()
    issues = (
        publish(store, config, digest, order.now)
        if digest.name in order.digests or _is_due(store, digest, order.now)
        else publish_correction(store, config, digest, order.now)
        for digest in config.digests
    )
    return tuple(issue for issue in issues if issue)


def _can_tell(store: Store, config: Config) -> bool:
    """Whether a source that lists all it holds ever answered (any source, where only feeds are enabled).

    A first issue before that would be a baseline that knows of nothing, and all there is would be news to the second.
    """
    enabled = [one.source for one in enabled_sources(config)]
    telling = [source for source in enabled if source.lists_all] or enabled
    return any(store.statements.was_answered(source.name) for source in telling)


def _is_due(store: Store, digest: DigestConfig, now: datetime) -> bool:
    return is_due(digest.schedule, digest.timezone, store.told.last_considered(digest.name), now)


# --- deliver ------------------------------------------------------------------------------------


def send_out(store: Store, config: Config, now: datetime, timing: Timing) -> Delivered:
    """Work off the outbox, then bring the archive up to date, if there is one."""
    delivered = deliver(store, config, now, timing)
    if config.archive is None:
        return delivered
    try:
        archived = write_archive(config, config.archive, now)
    except DeliveryFailed as error:
        return replace(delivered, undelivered=(*delivered.undelivered, str(error)))
    return replace(delivered, written=(*delivered.written, *map(str, archived)))


_NOTHING_YET = "nothing was harvested yet, so there is nothing to tell; `litwatch run` asks the sources"


def publish_now(config: Config, digest: DigestConfig, now: datetime, timing: Timing = _REAL_TIME) -> Outcome:
    """Compose and deliver one digest without asking any source."""
    if not config.database.exists():
        raise NotFound(_NOTHING_YET)
    with run_lock(config.database, now), writing(config.database) as store:
        if not _can_tell(store, config):
            raise NotFound(_NOTHING_YET)
        issue = publish(store, config, digest, now)
        delivered = send_out(store, config, now, timing)
    return Outcome(issues=(issue,) if issue else (), delivered=delivered)


def deliver_waiting(config: Config, now: datetime, timing: Timing) -> Outcome:
    """Deliver what waits, without asking any source or composing anything. NotFound if there is no store yet."""
    if not config.database.exists():
        raise NotFound(_NOTHING_YET)
    with run_lock(config.database, now), writing(config.database) as store:
        return Outcome(delivered=send_out(store, config, now, timing))
