"""How long to wait: between two requests to one host, before another try, and when a server names a time."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 30.0
"""Seconds. No single wait is longer; a server that asks for more is left for another run."""

LONGEST_ABSENCE = timedelta(days=7)
"""For longer nobody is left alone, whatever a server asks, or a clock that was wrong made of it."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time and chance come from. ``random`` is in [0, 1); ``now`` is aware, UTC; the rest counts seconds."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    now: Callable[[], datetime] = _utc_now


class Turns:
    """One request at a time to one host, and none too soon after the one before. Threads may share it."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._lock = threading.Lock()
        self._interval = 0.0
        self._free_at = timing.monotonic()

    def slow_to(self, rate: float) -> None:
        """Keep below ``rate`` requests per second (more than 0) from now on; the slowest rate ever named holds."""
        self._interval = max(self._interval, 1 / rate)

    def put_off(self, seconds: float) -> None:
        """Let the next turn, whoever takes it, come no sooner than in so many seconds."""
        with self._lock:
            self._free_at = max(self._free_at, self._timing.monotonic() + seconds)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and have the host alone for as long as the ``with`` block lasts."""
        with self._lock:
            wait = self._free_at - self._timing.monotonic()
            if wait > 0:
                self._timing.sleep(wait)
            self._free_at = self._timing.monotonic() + self._interval
            yield


def backoff(attempt: int, timing: Timing) -> float:
    """Seconds to wait after try number ``attempt`` (from 0) failed.

    Exponential with full jitter, as in M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    return timing.random() * min(LONGEST_WAIT, 2.0 ** (attempt + 1))


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, at most a week; None if it asks for nothing that can be kept.

    RFC 9110 section 10.2.3: whole seconds, or an HTTP date. A time in the past asks for nothing.
    """
    seconds = float(value) if value.isascii() and value.isdigit() else _seconds_until(value, now)
    return min(seconds, LONGEST_ABSENCE.total_seconds()) if seconds > 0 else None


def lag(date: str, now: datetime) -> timedelta | None:
    """How long ago, at ``now``, the moment of an HTTP date was; None if it is no such date."""
    try:
        then = parsedate_to_datetime(date)
        return now - (then if then.tzinfo else then.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _seconds_until(date: str, now: datetime) -> float:
    passed = lag(date, now)
    return 0.0 if passed is None else -passed.total_seconds()
