"""Issues of digests: what the store has for them, composed, and kept with all that they claim."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import __version__
from pipeline.config import Config, DigestConfig
from pipeline.digest.compose import compose, compose_correction
from pipeline.digest.issue import FEED, NEVER, Composition, Issue, IssueRef, Material, Subscription, is_empty
from pipeline.digest.letter import Contents, Letter, Letterhead, letter
from pipeline.digest.render import FORMATS, render_all
from pipeline.digest.state import subject_line
from pipeline.enabled import enabled_sources
from pipeline.exchange.fields import SOURCE as FILES
from pipeline.exchange.ris import to_ris
from pipeline.exchange.writing import of_work
from pipeline.harvest.source import Source
from pipeline.model import EventKind
from pipeline.proof import Coverage, Status
from pipeline.store import Store
from pipeline.store.outbox import FileTarget
from pipeline.store.told import FrozenIssue


def publish(store: Store, config: Config, digest: DigestConfig, now: datetime) -> Issue | None:
    """The digest's next issue, frozen and in the outbox; None if nothing happened and its readers want none then."""
    composition = compose_next(store, config, digest, now)
    if not _is_wanted(digest, composition.issue):
        store.told.consider(digest.name, now)
        return None
    return _keep(store, config, digest, composition)


def publish_correction(store: Store, config: Config, digest: DigestConfig, now: datetime) -> Issue | None:
    """An issue out of cycle, frozen and in the outbox; None if nothing that was sent has been retracted.

    Every run asks, so the store is read through only if there is a retraction that was not told.
    """
    if not any(event.kind is EventKind.RETRACTED for event in store.told.untold(digest.name)):
        return None
    composition = compose_correction(*_gather(store, config, digest, now))
    return _keep(store, config, digest, composition) if composition else None


def _keep(store: Store, config: Config, digest: DigestConfig, composition: Composition) -> Issue:
    """Write an issue, what it claims and where it goes: all or nothing."""
    issue = composition.issue
    renderings = render_all(issue)
    frozen = FrozenIssue(
        digest=digest.name,
        ref=IssueRef(issue.number, issue.composed_at),
        subject=subject_line(issue),
        renderings=renderings,
        claims=composition.claims,
        shown=composition.shown,
        targets=tuple(_targets(digest, issue)),
        letters=tuple(_letters(store, config.letterhead(digest), digest, _contents(digest, issue, renderings))),
        told_map=composition.told_map,
        out_of_cycle=issue.out_of_cycle,
    )
    store.told.keep_issue(frozen)
    return issue


def _targets(digest: DigestConfig, issue: Issue) -> Iterator[FileTarget]:
    """The files that an issue is written to."""
    for name in digest.files.formats:
        yield FileTarget(name, digest.files.dir, f"{digest.name}-{issue.number:04}.{FORMATS[name]}")
    if digest.feed:
        yield FileTarget(FEED, digest.feed.parent, digest.feed.name)


def _contents(digest: DigestConfig, issue: Issue, renderings: Mapping[str, str]) -> Contents:
    """What all mails of an issue say."""
    works = (work for item in issue.items for work in item.study.works)
    return Contents(
        issue.number,
        issue.composed_at.astimezone(digest.timezone),
        subject_line(issue),
        renderings["text"],
        renderings["html"],
        "".join(to_ris(map(of_work, works))) if digest.attach_ris and issue.items else "",
    )


def _letters(store: Store, head: Letterhead, digest: DigestConfig, contents: Contents) -> Iterator[Letter]:
    """The mails of an issue."""
    for recipient in digest.email or ():
        yield letter(head, contents, recipient, store.outbox.latest_letter(digest.name, recipient))


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
    return compose(*_gather(store, config, digest, now, since))


def _gather(
    store: Store, config: Config, digest: DigestConfig, now: datetime, since: datetime | None = None
) -> tuple[Subscription, str, Material, datetime, datetime | None]:
    """All that a composition needs."""
    previous = store.told.last_issue(digest.name)
    events = store.told.untold(digest.name)
    told = store.told.told(digest.name)
    start = store.told.period_start(digest.name, now) or (NEVER if previous else None)
    if since is not None:
        start = since
        events = store.told.events_since(since)
        told = {study: ref for study, ref in told.items() if ref.composed_at < since}
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
        start=start,
        looks_back=since is not None,
        kinships=store.conclusions.kinships(),
        shown=store.told.shown(digest.name),
        told_map=None if since else store.told.told_map(digest.name),
        missed=frozenset(_missed(store, config, start)),
        imported=store.evidence.new_since(FILES, start),
        joined={} if since else dict(_joined(store, config, digest, start)),
    )
    next_due = digest.schedule.next_slot(now, digest.timezone)
    return config.subscription(digest), config.subject.label, material, now, next_due


def _missed(store: Store, config: Config, start: datetime | None) -> Iterator[str]:
    """The sources that were out of order when the period began, so that what they hold may come late."""
    for one in enabled_sources(config) if start else ():
        then = store.statements.until(one.source.name, start) if start else None
        if then and then.status in {Status.FAILED, Status.INCOMPLETE}:
            yield one.source.label


def _joined(
    store: Store, config: Config, digest: DigestConfig, start: datetime | None
) -> Iterator[tuple[str, datetime]]:
    """The sources that joined after the digest's first issue and had not been complete when this period began.

    One that was asked before the first issue and failed did not join later: what it holds comes late, and is told.
    """
    for one in enabled_sources(config) if start not in {None, NEVER} else ():
        asked_at = store.statements.joined_at(one.source.name)
        period = store.told.period_of(digest.name, asked_at) if asked_at else None
        if period and not store.statements.complete_until(one.source.name, start):
            yield one.source.label, period


def _coverage(store: Store, source: Source, since: datetime | None) -> Coverage:
    """A source's latest statement, with what befell its records since the issue before, over all runs between."""
    latest = store.statements.latest(source.name, source.label)
    return replace(
        latest,
        new=store.evidence.new_since(source.name, since),
        changed=store.evidence.changed_since(source.name, since) if since else 0,
        gone=store.evidence.gone_since(source.name, since) if since else 0,
        quarantined=store.evidence.unreadable_since(source.name, since),
        before=store.statements.requeried(latest, since),
    )
