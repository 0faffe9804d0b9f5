"""One run, top to bottom: harvest → screen → match → appraise → events → digest → deliver.

Each step takes what the step before left in the store and commits before the next begins, so that a run that is killed
anywhere is continued by the next one.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from pipeline import __version__
from pipeline.config import Config, DigestConfig
from pipeline.deliver.files import write_file
from pipeline.digest.compose import compose
from pipeline.digest.issue import NEVER, Composition, Issue, IssueRef, Material, is_empty
from pipeline.digest.render import FORMATS, render
from pipeline.digest.schedule import is_due
from pipeline.digest.state import subject_line
from pipeline.errors import ConfigError, DeliveryFailed, NotFound, RetryLater, SourceFailed
from pipeline.harvest.collect import Job, Stream, collect
from pipeline.harvest.feeds import Feed
from pipeline.harvest.fetch import Client, Fetcher, Timing
from pipeline.harvest.registry import SOURCES
from pipeline.harvest.source import Source
from pipeline.proof import Coverage, Proof, Status
from pipeline.screen import screen
from pipeline.screen.subject import Subject
from pipeline.store import Store, scratch_copy, writing
from pipeline.store.evidence import Kept
from pipeline.store.lock import run_lock
from pipeline.store.told import FileTarget, FrozenIssue
from pipeline.works import conclude, happenings


class Watcher(Protocol):
    """Who looks on while a run goes: a progress bar, or nobody."""

    def asking(self, labels: Sequence[str]) -> None:
        """These sources are being asked now."""

    def page(self, label: str, fetched: int, total: int | None) -> None:
        """So many records of a source are stored."""

    def answered(self, coverage: Coverage) -> None:
        """A source was asked to the end, one way or another."""


class Nobody:
    """Looks on in silence."""

    def asking(self, labels: Sequence[str]) -> None:
        """See :class:`Watcher`."""

    def page(self, label: str, fetched: int, total: int | None) -> None:
        """See :class:`Watcher`."""

    def answered(self, coverage: Coverage) -> None:
        """See :class:`Watcher`."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one run is asked to do, and at what time.

    No ``sources`` means all enabled ones; ``digests`` are composed even if not due. ``timing`` is how waiting is done.
    """

    now: datetime
    sources: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    timing: Timing = field(default_factory=Timing)
    watcher: Watcher = field(default_factory=Nobody)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did."""

    coverage: tuple[Coverage, ...] = ()
    issues: tuple[Issue, ...] = ()
    written: tuple[str, ...] = ()
    undelivered: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all well, 1 a source or a delivery fell short, 3 no source could be asked at all."""
        if self.coverage and all(row.status is Status.FAILED for row in self.coverage):
            return 3
        return int(bool(self.undelivered) or any(row.status is not Status.COMPLETE for row in self.coverage))


def run(config: Config, order: Order) -> Outcome:
    """The whole job once. LockHeld if another run is at work, StoreError if the database cannot be used."""
    asked = select_sources(config, order.sources)
    with run_lock(config.database, order.now), writing(config.database) as store:
        run_id = store.evidence.begin_run(order.now, __version__)
        outcome = _advance(store, run_id, config, order, asked)
        written, undelivered = deliver(store, order.now)
        store.evidence.end_run(run_id, order.now)
    return replace(outcome, written=written, undelivered=undelivered)


def rehearse(config: Config, order: Order) -> Outcome:
    """The same on a copy of the database that is thrown away: asks the sources, changes nothing, delivers nothing."""
    asked = select_sources(config, order.sources)
    with scratch_copy(config.database) as copy, writing(copy) as store:
        run_id = store.evidence.begin_run(order.now, __version__)
        return _advance(store, run_id, config, order, asked)


def _advance(store: Store, run_id: int, config: Config, order: Order, asked: Sequence["Enabled"]) -> Outcome:
    """Everything but delivery."""
    with Fetcher(config.http.settings, config.contact, order.timing) as fetcher:
        coverage = harvest(store, run_id, [one.job(fetcher, store) for one in asked], config.subject, order)
    draw_conclusions(store, config.subject, run_id, order.now)
    return Outcome(coverage, compose_due(store, config, order))


# --- harvest ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enabled:
    """A source that the configuration lets in, and how it is reached."""

    source: Source
    base_url: str
    rate: float
    credentials: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # secrets
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # secrets
    missing: str = ""  # what keeps it from being asked

    def job(self, fetcher: Fetcher, store: Store) -> Job:
        """Ready to be asked."""
        client: Client = fetcher.client(self.base_url, self.rate, dict(self.credentials), dict(self.headers))
        return Job(self.source, client, store.evidence.known(self.source.name))


# Requests per second. A journal's server is asked for one file a run; several feeds may be on one server.
_FEED_RATE = 2.0


def enabled_sources(config: Config) -> tuple[Enabled, ...]:
    """Every source that is switched on, in the order of the registry, then the feeds as they are configured."""
    registered = (
        Enabled(
            SOURCES[name](settings.listed_up_to),
            settings.base_url,
            settings.rate,
            tuple(settings.credentials.items()),
            tuple(settings.headers.items()),
            settings.missing,
        )
        for name, settings in config.sources
        if settings.enabled
    )
    feeds = (Enabled(Feed(feed.name, feed.url), feed.url, _FEED_RATE) for feed in config.feeds if feed.enabled)
    return (*registered, *feeds)


def select_sources(config: Config, wanted: Collection[str]) -> tuple[Enabled, ...]:
    """The enabled sources of these names or labels; all of them if none is named. ConfigError for any other name."""
    enabled = enabled_sources(config)
    if not enabled:
        raise ConfigError(["no source is enabled; switch one on in [sources], or add a feed"])
    names = {name for one in enabled for name in (one.source.name, one.source.label)}
    unknown = [name for name in wanted if name not in names]
    if unknown:
        known = ", ".join(one.source.name for one in enabled)
        raise ConfigError([f"--source {name}: no enabled source of that name; there are {known}" for name in unknown])
    return tuple(one for one in enabled if not wanted or {one.source.name, one.source.label} & set(wanted))


def harvest(store: Store, run_id: int, jobs: Sequence[Job], subject: Subject, order: Order) -> tuple[Coverage, ...]:
    """Ask every source at once, store each page as it comes, and state how each one ended."""
    order.watcher.asking([job.source.label for job in jobs])
    waiting = {job.source.name: store.evidence.not_before(job.source.name) for job in jobs}
    ready = [job for job in jobs if (until := waiting[job.source.name]) is None or until <= order.now]
    streams = {stream.job.source.name: stream for stream in collect(ready, subject, order.now)}
    found = []
    for job in jobs:
        stream = streams.get(job.source.name) or _left_alone(job, waiting[job.source.name] or order.now)
        coverage = _state(store, run_id, stream, _store_pages(store, stream, subject, order))
        order.watcher.answered(coverage)
        found.append(coverage)
    return tuple(found)


def _left_alone(job: Job, until: datetime) -> Stream:
    """A source that asked for a pause: not asked, and said so."""
    stream = Stream(job)
    stream.finish(RetryLater(f"{job.source.label} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC", until))
    return stream


def _store_pages(store: Store, stream: Stream, subject: Subject, order: Order) -> Coverage:
    """Store what a source sends, page by page; what came of it so far, still without a word on how it ended."""
    source, kept, fetched, quarantined, total = stream.job.source, Kept(), 0, 0, None
    for page in stream:
        kept += store.evidence.keep_page(source, page, order.now)
        fetched += len(page.records)
        quarantined += len(page.rejected)
        total = page.total if page.total is not None else total
        order.watcher.page(source.label, fetched, total)
    query = source.query(subject)
    return Coverage(
        source.name,
        source.label,
        asked_at=order.now,
        status=Status.FAILED,
        query=query,
        query_version=_query_version(source, query),
        total=total,
        fetched=fetched,
        new=kept.new,
        changed=kept.changed,
        quarantined=quarantined,
    )


def _state(store: Store, run_id: int, stream: Stream, coverage: Coverage) -> Coverage:
    """Close a harvest: only a proof without a shortfall is complete."""
    end = _doubted(store, stream.end, coverage)
    if isinstance(end, Proof):
        status = Status.INCOMPLETE if end.shortfall else Status.COMPLETE
        held = store.evidence.held(coverage.source, end.listed) if end.shortfall else len(end.listed)
        coverage = replace(coverage, status=status, total=end.total, fetched=held, error=end.shortfall)
    else:
        coverage = replace(coverage, status=Status.INCOMPLETE if coverage.fetched else Status.FAILED, error=str(end))
    not_before = end.not_before if isinstance(end, RetryLater) else None
    store.evidence.keep_statement(
        run_id, stream.job.source, coverage, end if isinstance(end, Proof) else None, not_before
    )
    return coverage


def _doubted(store: Store, end: Proof | SourceFailed, coverage: Coverage) -> Proof | SourceFailed:
    """A proof of nothing is none, where the same question had answers before: what broke may be the question."""
    before = store.evidence.last_total(coverage.source, coverage.query_version)
    if isinstance(end, Proof) and end.total == 0 and before:
        return replace(
            end, shortfall=f"it announced no record at all, where it had {before:,} for the same query before"
        )
    return end


def _query_version(source: Source, query: str) -> str:
    """A short name for exactly this question: it changes with the query and with the way its answers are read."""
    return hashlib.sha256(f"{source.version} {query}".encode()).hexdigest()[:8]


# --- screen, match, appraise, events ----------------------------------------------------------------


def draw_conclusions(store: Store, subject: Subject, run_id: int, now: datetime) -> None:
    """Screen what is new or changed, group it anew with all it touches, read its facts, and record what happened."""
    pending = store.conclusions.pending(subject.version)
    if not pending:
        return
    verdicts = {one.record.key: screen(one.record, subject) for one in pending}
    neighbourhood = [
        replace(one, verdict=verdicts.get(one.record.key, one.verdict))
        for one in store.conclusions.neighbourhood(pending)
    ]
    conclusions = conclude(neighbourhood, store.conclusions.next_work_id())
    with store.atomic():
        store.conclusions.keep(verdicts, subject.version, conclusions, now)
        for study, links in conclusions.studies:
            news = happenings(study, links, store.conclusions.known_events(study))
            store.conclusions.keep_events(list(news), run_id, now)


# --- digest -------------------------------------------------------------------------------------


def compose_due(store: Store, config: Config, order: Order) -> tuple[Issue, ...]:
    """Compose every digest that is due, or asked for by name; each claims its events and fills the outbox at once."""
    if not _can_tell(store, config):
        return ()
    due = [digest for digest in config.digests if digest.name in order.digests or _is_due(store, digest, order.now)]
    return tuple(issue for digest in due if (issue := publish(store, config, digest, order.now)))


def _can_tell(store: Store, config: Config) -> bool:
    """Whether a source that lists all it holds ever answered (any source, where only feeds are enabled).

    A first issue before that would be a baseline that knows of nothing, and all there is would be news to the second.
    """
    enabled = [one.source for one in enabled_sources(config)]
    telling = [source for source in enabled if source.lists_all] or enabled
    return any(store.evidence.was_answered(source.name) for source in telling)


def _is_due(store: Store, digest: DigestConfig, now: datetime) -> bool:
    return is_due(digest.schedule, digest.timezone, store.told.last_considered(digest.name), now)


def publish(store: Store, config: Config, digest: DigestConfig, now: datetime) -> Issue | None:
    """The digest's next issue, frozen and in the outbox; None if nothing happened and its readers want none then."""
    composition = compose_next(store, config, digest, now)
    issue = composition.issue
    if not _is_wanted(digest, issue):
        store.told.consider(digest.name, now)
        return None
    frozen = FrozenIssue(
        digest=digest.name,
        ref=IssueRef(issue.number, now),
        subject=subject_line(issue),
        renderings={name: render(issue, name) for name in FORMATS},
        claims=composition.claims,
        targets=tuple(
            FileTarget(name, digest.files.dir, f"{digest.name}-{issue.number:04}.{FORMATS[name]}")
            for name in digest.files.formats
        ),
    )
    store.told.keep_issue(frozen)
    return issue


# How long a reader who wants to hear of quiet weeks only monthly may be left without a word.
_MONTH = timedelta(days=28)


def _is_wanted(digest: DigestConfig, issue: Issue) -> bool:
    """Whether to send it. A gap in what was searched is always told: silence would say that nothing was found."""
    if not is_empty(issue) or not issue.complete or issue.previous is None or digest.when_empty == "always":
        return True
    return digest.when_empty == "monthly" and issue.composed_at - issue.previous.composed_at >= _MONTH


def compose_next(
    store: Store, config: Config, digest: DigestConfig, now: datetime, since: datetime | None = None
) -> Composition:
    """What the digest would say now. ``since`` looks at what happened from then on instead of what was not told yet."""
    previous = store.told.last_issue(digest.name)
    events = store.told.untold(digest.name)
    told = store.told.told(digest.name)
    if since is not None:
        events = store.told.events_since(since)
        told = {study: ref for study, ref in told.items() if ref.composed_at < since}
    start = since or (previous.composed_at if previous else None)
    material = Material(
        events=events,
        studies=store.conclusions.studies(),
        study_of=store.conclusions.study_of(),
        told=told,
        coverage=tuple(_coverage(store, one.source, start) for one in enabled_sources(config)),
        excluded=store.conclusions.excluded_since(start),
        previous=previous,
        version=__version__,
        contact=config.contact,
        since=since,
    )
    next_due = digest.schedule.next_slot(now, digest.timezone)
    return compose(digest.subscription, config.subject.label, material, now, next_due)


def _coverage(store: Store, source: Source, since: datetime | None) -> Coverage:
    """A source's latest statement, with what is new or unreadable since the issue before, over all runs between."""
    new, unreadable = store.evidence.new_since(source.name, since), store.evidence.unreadable_since(source.name, since)
    return replace(latest_coverage(store, source.name, source.label), new=new, quarantined=unreadable)


def latest_coverage(store: Store, source: str, label: str) -> Coverage:
    """A source's latest statement, or the statement that it was never asked."""
    return store.evidence.coverage(source) or Coverage(source, label, NEVER, Status.SKIPPED)


# --- deliver ------------------------------------------------------------------------------------


def deliver(store: Store, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Work off the outbox: the paths written, and a sentence for each message that has to wait for the next run."""
    written, undelivered = [], []
    for message in store.told.pending():
        try:
            written.append(str(write_file(message.target.folder, message.target.name, message.content)))
        except DeliveryFailed as error:
            store.told.postponed(message, str(error))
            undelivered.append(str(error))
        else:
            store.told.delivered(message, now)
    return tuple(written), tuple(undelivered)


_NOTHING_YET = "nothing was harvested yet, so there is nothing to tell; `litwatch run` asks the sources"


def publish_now(config: Config, digest: DigestConfig, now: datetime) -> Outcome:
    """Compose and deliver one digest without asking any source."""
    if not config.database.exists():
        raise NotFound(_NOTHING_YET)
    with run_lock(config.database, now), writing(config.database) as store:
        if not _can_tell(store, config):
            raise NotFound(_NOTHING_YET)
        issue = publish(store, config, digest, now)
        written, undelivered = deliver(store, now)
    return Outcome(issues=(issue,) if issue else (), written=written, undelivered=undelivered)
