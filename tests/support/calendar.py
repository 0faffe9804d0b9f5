"""Another way to tell when a digest is due, for tests: by looking at a wall clock, minute after minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)


def slots(days: Iterator[date], at: time, zone: ZoneInfo) -> list[datetime]:
    """The moments, in UTC, at which a wall clock first shows such a time or a later one on each of the days.

    ``at`` and the zone's offsets have to be whole quarters of an hour.
    """
    return [_first(day, at, zone) for day in days]


def _first(day: date, at: time, zone: ZoneInfo) -> datetime:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)  # before the day begins anywhere
    while True:
        shown = moment.astimezone(zone)
        if shown.date() == day and shown.time() >= at:
            return moment
        moment += QUARTER
