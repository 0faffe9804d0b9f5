"""What a run says of itself: one line for each source when it has answered, and one for the run at its end.

In JSON they carry what they say as fields, under ``event``: ``source`` or ``run``.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any

import click

from pipeline.asking import Watcher
from pipeline.cli.common import INTERNAL_ERROR, INTERRUPTED
from pipeline.config import Config
from pipeline.delivering import Delivered
from pipeline.digest.state import subject_line
from pipeline.errors import LitwatchError
from pipeline.proof import Coverage, Status
from pipeline.run import Order, Outcome, run
from pipeline.text import counted

log = logging.getLogger(__name__)


def perform(config: Config, order: Order) -> Outcome:
    """Run, and report: a line as each source has answered, what was done, and a line at the end, however it ends."""
    if order.delivers_only:
        outcome = run(config, order)
        report(outcome)
        return outcome
    began = monotonic()
    try:
        outcome = run(config, replace(order, watcher=_Reporter(order.watcher)))
    except BaseException as error:
        code, seconds = _code(error), monotonic() - began
        fields = {"event": "run", "run": None, "exit_code": code, "seconds": round(seconds, 1)}
        # The error itself says it to people, right after this.
        extra = {"fields": fields, "for_programs": True}
        log.info("run ended after %.0f s with exit code %d", seconds, code, extra=extra)
        raise
    report(outcome)
    seconds = monotonic() - began
    level = logging.WARNING if outcome.exit_code else logging.INFO
    log.log(level, "%s", run_line(outcome, seconds), extra={"fields": _run_fields(outcome, seconds)})
    return outcome


def _code(error: BaseException) -> int:
    """The exit code that an error leads to."""
    if isinstance(error, LitwatchError):
        return error.exit_code
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else INTERNAL_ERROR


class _Reporter:
    """Looks on, and logs how each source ended."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def asking(self, labels: Sequence[str]) -> None:
        """See :class:`Watcher`."""
        self._watcher.asking(labels)

    def page(self, label: str, fetched: int, total: int | None) -> None:
        """See :class:`Watcher`."""
        self._watcher.page(label, fetched, total)

    def answered(self, coverage: Coverage) -> None:
        """See :class:`Watcher`."""
        self._watcher.answered(coverage)
        well = coverage.status in {Status.COMPLETE, Status.SKIPPED} and not coverage.quarantined
        level = logging.INFO if well else logging.ERROR
        log.log(level, "%s", coverage_line(coverage), extra={"fields": _source_fields(coverage)})


def report(outcome: Outcome) -> None:
    """What was done, in a line each: the paths to stdout, the rest to the log."""
    if outcome.exit_code == 3:
        log.error("no source could be asked; see what each of them said in `litwatch status`")
    for line in issue_lines(outcome):
        log.info("%s", line)
    report_delivery(outcome.delivered)


def report_delivery(delivered: Delivered) -> None:
    """What was written and sent, and what was not."""
    for path in delivered.written:
        click.echo(path)
    if delivered.sent:
        log.info("%s sent", counted(delivered.sent, "mail"))
    for sentence in delivered.repeated:
        log.warning("%s", sentence)
    for sentence in delivered.undelivered:
        log.error("%s", sentence)
    if delivered.set_aside:
        aside = counted(delivered.set_aside, "message")
        log.warning("%s set aside, for you to decide about: `litwatch outbox`", aside)


def issue_lines(outcome: Outcome) -> Iterable[str]:
    """The issues that a run composed, in a line each."""
    return (f"{issue.subscription.name}, issue {issue.number}: {subject_line(issue)}" for issue in outcome.issues)


def coverage_line(row: Coverage) -> str:
    """One source's answer in a line."""
    announced = "" if row.total is None else f" of {row.total}"
    counted = f", {row.fetched} read{announced}, {row.new} new, {row.changed} changed"
    if row.quarantined:
        counted += f", {row.quarantined} unreadable"
    error = f"; {row.error}" if row.error else ""
    return f"{row.label}: {row.status}{'' if row.status in {Status.FAILED, Status.SKIPPED} else counted}{error}"


def run_line(outcome: Outcome, seconds: float) -> str:
    """A whole run in a line."""
    statuses = Counter(row.status.value for row in outcome.coverage)
    sources = ", ".join(f"{count} {status}" for status, count in statuses.items())
    delivered = outcome.delivered
    done = f"issues: {len(outcome.issues)}; files: {len(delivered.written)}; mails: {delivered.sent}"
    if delivered.waiting or delivered.set_aside:
        done += f"; waiting: {delivered.waiting}; set aside: {delivered.set_aside}"
    ended = f"run {outcome.run} ended after {seconds:.0f} s with exit code {outcome.exit_code}"
    return f"{ended}; sources: {sources}; {done}"


def _source_fields(row: Coverage) -> Mapping[str, Any]:
    return {
        "event": "source",
        "source": row.source,
        "status": row.status.value,
        "total": row.total,
        "fetched": row.fetched,
        "new": row.new,
        "changed": row.changed,
        "quarantined": row.quarantined,
        "seconds": round(row.seconds, 1),
        "error": row.error or None,
    }


def _run_fields(outcome: Outcome, seconds: float) -> Mapping[str, Any]:
    return {
        "event": "run",
        "run": outcome.run,
        "exit_code": outcome.exit_code,
        "seconds": round(seconds, 1),
        "sources": dict(Counter(row.status.value for row in outcome.coverage)),
        "new": sum(row.new for row in outcome.coverage),
        "changed": sum(row.changed for row in outcome.coverage),
        "issues": [{"digest": issue.subscription.name, "issue": issue.number} for issue in outcome.issues],
        "written": len(outcome.delivered.written),
        "sent": outcome.delivered.sent,
        "waiting": outcome.delivered.waiting,
        "set_aside": outcome.delivered.set_aside,
    }
