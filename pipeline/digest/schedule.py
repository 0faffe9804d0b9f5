"""When a digest is due: a pure function of its schedule, its time zone, its last issue and the present moment.

No running process remembers what is due. So a period that was missed while the machine was off is caught up once, and a
clock that was set back gives no second issue.
"""

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = rf"daily|weekly on (?P<weekday>{'|'.join(_WEEKDAYS)})|monthly on (?P<day>[0-9]{{1,2}})"
_FORM = re.compile(rf"(?:{_DAYS}) at (?P<at>[0-9]{{2}}:[0-9]{{2}})")
_EVERY_RUN = "every run"
_WANTED = 'must be "weekly on monday at 07:00", "daily at 07:00", "monthly on 1 at 07:00" or "every run"'
_LONGEST_PERIOD = 31  # days


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which local days of a calendar, at which local time; ``at`` None means at every run.

    ``weekday`` is 0 for Monday. ``day`` 29 to 31 means the last day of a shorter month. With neither, every day.
    """

    at: time | None
    weekday: int | None = None
    day: int | None = None

    def slot(self, now: datetime, timezone: ZoneInfo) -> datetime | None:
        """Find the latest due moment that is not after ``now``, in UTC; None if every run is one."""
        # One day ahead: where clocks are set back over midnight, tomorrow's first minutes come before today's last.
        tomorrow = now.astimezone(timezone).date() + timedelta(days=1)
        days = (tomorrow - timedelta(days=back) for back in range(_LONGEST_PERIOD + 3))
        return next((moment for moment in self._moments(days, timezone) if moment <= now), None)

    def next_slot(self, now: datetime, timezone: ZoneInfo) -> datetime | None:
        """Find the first due moment after ``now``, in UTC; None if every run is one."""
        today = now.astimezone(timezone).date()
        days = (today + timedelta(days=ahead) for ahead in range(_LONGEST_PERIOD + 2))
        return next((moment for moment in self._moments(days, timezone) if moment > now), None)

    def _moments(self, days: Iterable[date], timezone: ZoneInfo) -> Iterable[datetime]:
        """List the due moments of those days, in their order."""
        at = self.at
        return () if at is None else (_moment(day, at, timezone) for day in days if self._falls_on(day))

    def _falls_on(self, day: date) -> bool:
        if self.weekday is not None:
            return day.weekday() == self.weekday
        return self.day is None or day.day == min(self.day, monthrange(day.year, day.month)[1])


def parse(text: str) -> Schedule:
    """Read ``weekly on monday at 07:00``, ``daily at HH:MM``, ``monthly on 1 at HH:MM`` or ``every run``.

    ValueError, saying what is wanted, for anything else.
    """
    words = " ".join(text.lower().split())
    if words == _EVERY_RUN:
        return Schedule(None)
    form = _FORM.fullmatch(words)
    if form is None:
        raise ValueError(_WANTED)
    day = int(form["day"]) if form["day"] else None
    if day is not None and not 1 <= day <= 31:
        raise ValueError("must name a day of the month from 1 to 31")
    try:
        at = time.fromisoformat(form["at"])
    except ValueError:
        raise ValueError("must name a time of day from 00:00 to 23:59") from None
    return Schedule(at, _WEEKDAYS.index(form["weekday"]) if form["weekday"] else None, day)


def is_due(schedule: Schedule, timezone: ZoneInfo, last_composed: datetime | None, now: datetime) -> bool:
    """Whether an issue has to be composed at ``now``: none ever was, or none since the latest slot. Times are aware.

    One that lies further ahead than any period is long is from a clock that was wrong, and proves nothing.
    """
    slot = schedule.slot(now, timezone)
    return slot is None or last_composed is None or not slot <= last_composed <= now + timedelta(days=_LONGEST_PERIOD)


def _moment(day: date, at: time, timezone: ZoneInfo) -> datetime:
    """Turn a local time into a moment: of two, the first; of none, because clocks jump over it, the jump itself.

    PEP 495: ``fold=0`` is the first of two; inside a gap it reads the clock as before the jump, ``fold=1`` as after it.
    """
    local = datetime.combine(day, at, timezone)
    moment = local.astimezone(UTC)
    if moment.astimezone(timezone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    before = local.replace(fold=1).astimezone(UTC)
    seconds = range(int((moment - before).total_seconds()))
    return before + timedelta(seconds=bisect_left(seconds, True, key=lambda ahead: _jumped(before, ahead, timezone)))


def _jumped(start: datetime, seconds: int, timezone: ZoneInfo) -> bool:
    """Tell whether, so many seconds later, clocks show another offset than at the start."""
    later = start + timedelta(seconds=seconds)
    return later.astimezone(timezone).utcoffset() != start.astimezone(timezone).utcoffset()
