"""``litwatch doctor``: whether everything is in order that a run will need. Asks and looks; changes nothing.

Only a test mail that somebody asks for is sent.
"""

import logging
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pipeline.asking import Question, held_back
from pipeline.config import Config
from pipeline.deliver.transports import transport
from pipeline.deliver.trial import trial
from pipeline.enabled import Enabled, enabled_sources
from pipeline.errors import DeliveryFailed, NotFound, SourceFailed, StoreError
from pipeline.harvest.fetch import Fetcher, Timing
from pipeline.store import Store, reading
from pipeline.store.troubles import RESTORE

log = logging.getLogger(__name__)

_OLDEST_SQLITE = (3, 38, 0)  # the first with the operators ->> that the tables use
_LITTLE_ROOM = 200_000_000  # bytes
_SKEW = timedelta(minutes=5)
# RFC 2606 section 3: nobody can be reached there.
_PLACEHOLDERS = ("example.org", "example.com", "example.net")


class Health(StrEnum):
    """What came of one check."""

    OK = "ok"
    SKIPPED = "skipped"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and in one sentence how it is and what to do."""

    check: str
    health: Health
    message: str


def examine(config: Config, now: datetime, timing: Timing, tester: str | None = None) -> Iterator[Finding]:
    """Look at everything; the sources last, all at the same time, each with one tiny request.

    ``tester`` is an address that gets a test mail.
    """
    yield _contact(config)
    yield _sqlite(sqlite3.sqlite_version_info)
    yield from _folders(config)
    yield from _secret_files(config.secret_files)
    yield from _database(config.database, now)
    yield from _mail(config, now, tester)
    enabled = enabled_sources(config)
    with Fetcher(replace(config.http.settings, retries=min(1, config.http.retries)), config.contact, timing) as fetcher:
        yield from _sources(enabled, fetcher, Question(config.subject, now), _pauses(config.database, enabled))
        yield _skew(fetcher.clock_ahead())


def exit_code(findings: Iterable[Finding]) -> int:
    """4 if a run could not keep what it finds, 1 if a source does not answer or no mail can be sent, else 0."""
    checks = {finding.check for finding in findings if finding.health is Health.PROBLEM}
    if any(not check.startswith((_SOURCE, _MAIL)) for check in checks):
        return StoreError.exit_code
    return int(bool(checks))


def _contact(config: Config) -> Finding:
    host = config.contact.rpartition("@")[2].casefold()
    if any(host == name or host.endswith(f".{name}") for name in _PLACEHOLDERS):
        return Finding(
            "contact",
            Health.WARNING,
            f"{config.contact} is a placeholder; set contact, so that a source that sees trouble can write to you",
        )
    return Finding("contact", Health.OK, f"sources are told {config.contact}")


def _sqlite(version: tuple[int, ...]) -> Finding:
    found, wanted = (".".join(map(str, one)) for one in (version, _OLDEST_SQLITE))
    if version < _OLDEST_SQLITE:
        return Finding("SQLite", Health.PROBLEM, f"{found} is too old; install a Python with SQLite {wanted} or newer")
    return Finding("SQLite", Health.OK, found)


def _folders(config: Config) -> Iterator[Finding]:
    """The folders that a run writes to, or the nearest ones above them that there are."""
    wanted = [("database folder", config.database.parent)]
    wanted += [(f"folder of digest “{digest.name}”", digest.files.dir) for digest in config.digests]
    for check, folder in wanted:
        there = next(place for place in (folder, *folder.parents) if place.exists())
        free = shutil.disk_usage(there).free
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            yield Finding(check, Health.PROBLEM, f"{there} is no folder that you may write to; change that or the path")
        elif free < _LITTLE_ROOM:
            yield Finding(check, Health.WARNING, f"{there} has {free // 1_000_000} MB left; make room")
        else:
            yield Finding(check, Health.OK, str(folder))


def _secret_files(paths: Iterable[Path]) -> Iterator[Finding]:
    """The files that hold secrets, which are nobody else's business."""
    for path in dict.fromkeys(paths):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o007:
            yield Finding("secret", Health.WARNING, f"{path} is open to everybody on this machine; chmod 600 {path}")
        else:
            yield Finding("secret", Health.OK, f"{path} is not open to everybody")


def _database(path: Path, now: datetime) -> Iterator[Finding]:
    try:
        with reading(path) as store:
            yield from _kept(store, path, now)
    except NotFound:
        yield Finding("database", Health.OK, f"{path} is not there yet; `litwatch run` makes it")
    except StoreError as error:
        yield Finding("database", Health.PROBLEM, str(error))


def _kept(store: Store, path: Path, now: datetime) -> Iterator[Finding]:
    if damage := store.catalogue.damage():
        yield Finding("database", Health.PROBLEM, f"{path}: {damage}; {RESTORE}")
        return
    yield Finding("database", Health.OK, f"{path} is sound")
    last = store.catalogue.last_run()
    if last and last.started_at > now:
        since = f"{last.started_at:%Y-%m-%d %H:%M} UTC"
        yield Finding("clock", Health.PROBLEM, f"it is behind the last run, which began at {since}; set it")


_MAIL = "mail"


def _mail(config: Config, now: datetime, tester: str | None) -> Iterator[Finding]:
    """Whether mail can be sent, if a digest is sent by mail or a test mail is asked for, and what came of that."""
    if not tester and not any(digest.email for digest in config.digests):
        return
    check = _MAIL
    try:
        with transport(*config.email.transport, config.email.server) as way:
            yield Finding(check, Health.OK, way.check())
            if tester:
                check = f"{_MAIL} to {tester}"
                answer = way.send(trial(config.sender, tester, now), lambda: None)
                yield Finding(check, Health.OK, f"sent; the answer was: {answer}")
    except DeliveryFailed as error:
        yield Finding(check, Health.PROBLEM, str(error))


_SOURCE = "source "


def _pauses(path: Path, enabled: Sequence[Enabled]) -> Mapping[str, datetime | None]:
    """Until when sources asked to be left alone. What keeps the store from being read, its own check tells."""
    try:
        with reading(path) as store:
            return {one.source.name: store.statements.not_before(one.source.name) for one in enabled}
    except (NotFound, StoreError):
        return {}


def _sources(
    enabled: Sequence[Enabled], fetcher: Fetcher, question: Question, pauses: Mapping[str, datetime | None]
) -> Iterator[Finding]:
    if not enabled:
        yield Finding("sources", Health.PROBLEM, "none is enabled; switch one on in [sources], or add a feed")
        return
    with ThreadPoolExecutor(len(enabled)) as pool:
        yield from pool.map(lambda one: _source(one, fetcher, question, pauses.get(one.source.name)), enabled)


def _source(one: Enabled, fetcher: Fetcher, question: Question, until: datetime | None) -> Finding:
    check = f"{_SOURCE}{one.source.label}"
    if reason := held_back(one, until, question.now):
        return Finding(check, Health.SKIPPED, str(reason))
    try:
        count = one.source.probe(one.client(fetcher), question.subject)
    except SourceFailed as error:
        return Finding(check, Health.PROBLEM, str(error))
    except Exception:
        # As in a run: whatever is wrong with one source must not reach the others.
        log.exception("%s: internal error", one.source.name)
        return Finding(check, Health.PROBLEM, "internal error; please report it with the log")
    return Finding(check, Health.OK, "answers" if count is None else f"answers; finds {count:,} records")


def _skew(ahead: timedelta | None) -> Finding:
    """Compare this machine's clock with those of the servers that answered."""
    if ahead is None:
        return Finding("clock", Health.SKIPPED, "no server told the time")
    if abs(ahead) > _SKEW:
        minutes = int(abs(ahead).total_seconds() // 60)
        way = "ahead of" if ahead > timedelta() else "behind"
        return Finding("clock", Health.WARNING, f"it is {minutes:,} minutes {way} the sources' clocks; set it")
    return Finding("clock", Health.OK, "agrees with the sources' clocks")
