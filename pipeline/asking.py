"""Asking every source: what is asked, what is kept of the answers, and the statement of how it ended."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from pipeline.enabled import Enabled
from pipeline.errors import RetryLater, SourceFailed, SourceSkipped
from pipeline.harvest.collect import Job, Stream, collect, ended
from pipeline.harvest.fetch import Fetcher
from pipeline.harvest.politeness import LONGEST_ABSENCE
from pipeline.harvest.source import Source
from pipeline.proof import Coverage, Known, Proof, Status, Watched
from pipeline.screen.subject import Subject
from pipeline.store import Store
from pipeline.store.evidence import Kept


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
class Question:
    """What is asked for, at what time, and who looks on."""

    subject: Subject
    now: datetime
    watcher: Watcher = field(default_factory=Nobody)


def harvest(
    store: Store, run_id: int, asked: Sequence[Enabled], fetcher: Fetcher, question: Question
) -> tuple[Coverage, ...]:
    """Ask every source at once, store each page as it comes, and state how each one ended."""
    question.watcher.asking([one.source.label for one in asked])
    until = {one.source.name: store.statements.not_before(one.source.name) for one in asked}
    reasons = {one.source.name: held_back(one, until[one.source.name], question.now) for one in asked}
    watched = store.evidence.watched()
    jobs = [Job(one.source, one.client(fetcher), _known(store, one.source, watched, question.now)) for one in asked]
    ready = [job for job in jobs if not reasons[job.source.name]]
    streams = collect(ready, question.subject, question.now, fetcher.patience, fetcher.timing.monotonic)
    found = []
    for job in jobs:
        reason = reasons[job.source.name]
        stream = ended(job, reason) if reason else next(streams)
        coverage = _state(store, run_id, stream, _store_pages(store, stream, question))
        question.watcher.answered(coverage)
        found.append(coverage)
    return tuple(found)


def held_back(one: Enabled, until: datetime | None, now: datetime) -> SourceFailed | None:
    """Why a source is not asked now: it wants something that it was not given, or asked for a pause ``until`` then."""
    if one.missing:
        return SourceSkipped(one.missing)
    if until is None or not now < until <= now + LONGEST_ABSENCE:
        return None
    return RetryLater(f"{one.source.label} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC", until)


def _known(store: Store, source: Source, watched: Watched, now: datetime) -> Known:
    """What is held of a source, so that it is asked for no more than needed."""
    return Known(
        store.evidence.fetched_at(source.name),
        store.statements.complete_until(source.name, now),
        store.statements.validator(source, now),
        watched,
    )


def _store_pages(store: Store, stream: Stream, question: Question) -> Coverage:
    """Store what a source sends, page by page; what came of it so far, still without a word on how it ended."""
    source, kept, fetched, total = stream.job.source, Kept(), 0, None
    for page in stream:
        kept += store.evidence.keep_page(source, page, question.now)
        fetched += len(page.records)
        total = page.total if page.total is not None else total
        question.watcher.page(source.label, fetched, total)
    query = source.query(question.subject)
    return Coverage(
        source.name,
        source.label,
        asked_at=question.now,
        status=Status.FAILED,
        query=query,
        query_version=_query_version(source, query),
        total=total,
        fetched=fetched,
        new=kept.new,
        changed=kept.changed,
        quarantined=kept.unreadable,
    )


def _state(store: Store, run_id: int, stream: Stream, coverage: Coverage) -> Coverage:
    """Close a harvest: only a proof without a shortfall is complete."""
    end = stream.end
    coverage = replace(coverage, seconds=stream.seconds)
    if isinstance(end, Proof):
        end = _doubted(store, end, coverage)
        coverage = replace(coverage, **_proven(store, end, coverage.source), error=end.shortfall)
    elif isinstance(end, SourceSkipped):
        coverage = replace(coverage, status=Status.SKIPPED, error=str(end))
    else:
        coverage = replace(coverage, status=Status.INCOMPLETE if coverage.fetched else Status.FAILED, error=str(end))
    not_before = end.not_before if isinstance(end, RetryLater) else None
    proof = end if isinstance(end, Proof) else None
    store.statements.keep_statement(run_id, stream.job.source, coverage, proof, not_before)
    return coverage


def _proven(store: Store, proof: Proof, source: str) -> dict[str, Any]:
    """What a proof says of the announced total and of what is held of it."""
    if proof.unchanged and (before := store.statements.last_complete(source)):
        return {"status": Status.COMPLETE, "total": before.total, "fetched": before.fetched}
    status = Status.INCOMPLETE if proof.shortfall else Status.COMPLETE
    return {"status": status, "total": proof.total, "fetched": store.evidence.held(source, proof.listed)}


# By how much a complete list may be shorter than the one before until that looks like an index in the middle of a
# rebuild, and for how long that is held against it.
_FEW = 5
_MANY = 10  # records; a window with fewer may well be empty the next time
_SHARE = 0.1
_REBUILD = timedelta(days=14)


def _doubted(store: Store, proof: Proof, coverage: Coverage) -> Proof:
    """A whole list is no proof when it is much shorter than the one that answered the same question before.

    If there is nothing at all, what broke may be the question: that is doubted for ever. A shorter list is believed in
    the end, and so is a window that held many and holds nothing.
    """
    before = store.statements.last_complete(coverage.source, coverage.asked_at)
    if proof.unchanged or proof.shortfall or before is None or before.query_version != coverage.query_version:
        return proof
    listed, recent = len(proof.listed), coverage.asked_at - before.asked_at <= _REBUILD
    if not listed and ((before.total and proof.whole) or (before.fetched >= _MANY and recent)):
        had = before.total or before.fetched
        return replace(proof, shortfall=f"it lists no record at all, where it had {had:,} for the same query before")
    if proof.whole and recent and before.fetched - listed >= max(_FEW, _SHARE * before.fetched):
        shortfall = f"it lists {listed:,} records, where it had {before.fetched:,} for the same query before"
        return replace(proof, shortfall=shortfall)
    return proof


def _query_version(source: Source, query: str) -> str:
    """A short name for exactly this question: it changes with the query and with the way its answers are read."""
    return hashlib.sha256(f"{source.version} {query}".encode()).hexdigest()[:8]
