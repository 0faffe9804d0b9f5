"""When a digest is due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest.schedule import Schedule, is_due, parse

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/St_Johns",  # until 2011 set back at 00:01, over midnight
            "Australia/Lord_Howe",  # half an hour of summer time
            "Pacific/Apia",  # east and, since 2011, west of the date line: it had no 30 December 2011
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "Asia/Kathmandu",
        )
    ]
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
SCHEDULES = st.one_of(
    st.builds(Schedule, TIMES),
    st.builds(Schedule, TIMES, weekday=st.integers(0, 6)),
    st.builds(Schedule, TIMES, day=st.integers(1, 31)),
)
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


def utc(text: str) -> datetime:
    """Read a moment, written as ISO 8601 in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def refusal(text: str) -> str | None:
    """Give the sentence with which a text is refused, if it is."""
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return None


def around(schedule: Schedule, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Find the slot before and the slot after a moment, where there is a calendar."""
    slot, following = schedule.slot(now, zone), schedule.next_slot(now, zone)
    assert slot is not None
    assert following is not None
    return slot, following


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("weekly on monday at 07:00", Schedule(time(7), weekday=0)),
        ("weekly on sunday at 23:59", Schedule(time(23, 59), weekday=6)),
        ("daily at 00:05", Schedule(time(0, 5))),
        ("monthly on 31 at 12:00", Schedule(time(12), day=31)),
        ("every run", Schedule(None)),
        ("  Weekly  on Friday at 07:30 ", Schedule(time(7, 30), weekday=4)),
    ],
)
def test_parse(text: str, schedule: Schedule) -> None:
    """The four forms are read, whatever the case and the spacing."""
    assert parse(text) == schedule


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "every run"),
        ("hourly", "weekly on monday at 07:00"),
        ("weekly on caturday at 07:00", "weekly on monday at 07:00"),
        ("daily at 7", "daily at 07:00"),
        ("daily at 07:00 sharp", "daily at 07:00"),
        ("daily at ０７:００", "daily at 07:00"),  # noqa: RUF001 - digits, but not ASCII
        ("daily at 24:00", "from 00:00 to 23:59"),
        ("monthly on 0 at 07:00", "from 1 to 31"),
        ("monthly on 32 at 07:00", "from 1 to 31"),
    ],
)
def test_parse_refuses(text: str, complaint: str) -> None:
    """Anything else is refused with a sentence that says what is wanted."""
    with pytest.raises(ValueError, match=f"^must .*{complaint}"):
        parse(text)


@given(st.text())
def test_parse_any_text(text: str) -> None:
    """No text whatever does more than be refused."""
    assert (refusal(text) or "must ").startswith("must ")


@pytest.mark.parametrize(
    ("text", "now", "slot", "next_slot"),
    [
        # Monday 2 March 2026, 07:00 in Berlin is 06:00 UTC
        ("weekly on monday at 07:00", "2026-03-02T06:00", "2026-03-02T06:00", "2026-03-09T06:00"),
        ("weekly on monday at 07:00", "2026-03-02T05:59", "2026-02-23T06:00", "2026-03-02T06:00"),
        ("daily at 07:00", "2026-03-02T12:00", "2026-03-02T06:00", "2026-03-03T06:00"),
        # short months and leap years
        ("monthly on 31 at 07:00", "2026-03-01T00:00", "2026-02-28T06:00", "2026-03-31T05:00"),
        ("monthly on 30 at 07:00", "2028-02-29T06:00", "2028-02-29T06:00", "2028-03-30T05:00"),
        ("monthly on 1 at 07:00", "2026-12-31T23:00", "2026-12-01T06:00", "2027-01-01T06:00"),
        # 29 March 2026: 02:00 to 03:00 does not exist; the first valid moment is 03:00, 01:00 UTC
        ("daily at 02:30", "2026-03-29T12:00", "2026-03-29T01:00", "2026-03-30T00:30"),
        ("daily at 02:30", "2026-03-29T00:59", "2026-03-28T01:30", "2026-03-29T01:00"),
        # 25 October 2026: 02:30 comes twice, at 00:30 and 01:30 UTC; the first counts
        ("daily at 02:30", "2026-10-25T01:30", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("daily at 02:30", "2026-10-25T00:29", "2026-10-24T00:30", "2026-10-25T00:30"),
    ],
)
def test_slots(text: str, now: str, slot: str, next_slot: str) -> None:
    """The slot is the latest due moment, the next slot the one after; both follow the local clock through the year."""
    schedule = parse(text)
    assert schedule.slot(utc(now), BERLIN) == utc(slot)
    assert schedule.next_slot(utc(now), BERLIN) == utc(next_slot)


def test_skipped_day() -> None:
    """A day that a zone left out, crossing the date line, is made up for at the moment after it."""
    friday = parse("weekly on friday at 07:00")
    assert friday.slot(utc("2012-01-01T00:00"), ZoneInfo("Pacific/Apia")) == utc("2011-12-30T10:00")


def test_set_back_over_midnight() -> None:
    """Where the clock goes back over midnight, a slot just after midnight has been when yesterday ends again."""
    sunday = parse("weekly on sunday at 00:00")  # first 00:00 on Sunday, at 00:01 back to 23:01 on Saturday
    assert sunday.slot(utc("2010-11-07T03:00"), ZoneInfo("America/St_Johns")) == utc("2010-11-07T02:30")


def test_every_run() -> None:
    """With "every run" there is no calendar, and an issue is always due."""
    schedule = parse("every run")
    now = utc("2026-03-02T06:00")
    assert schedule.slot(now, BERLIN) is None
    assert schedule.next_slot(now, BERLIN) is None
    assert is_due(schedule, BERLIN, now, now)


@given(SCHEDULES, ZONES, MOMENTS)
def test_neighbours(schedule: Schedule, zone: ZoneInfo, now: datetime) -> None:
    """A slot is never in the future, the next one always is, and nothing is due between them."""
    slot, following = around(schedule, now, zone)
    assert slot <= now < following
    assert schedule.slot(following, zone) == following
    assert schedule.slot(following - timedelta(microseconds=1), zone) == slot
    assert schedule.next_slot(slot, zone) == following


@given(SCHEDULES, ZONES, MOMENTS)
def test_local_clock(schedule: Schedule, zone: ZoneInfo, now: datetime) -> None:
    """A slot stands where the local clock first shows its time, or, if it never does, first shows a later one."""
    slot, _ = around(schedule, now, zone)
    local = slot.astimezone(zone)
    assert local.fold == 0
    before = (slot - timedelta(minutes=1)).astimezone(zone)
    shown_before = before.replace(tzinfo=None) + timedelta(minutes=1)
    if shown_before == local.replace(tzinfo=None):
        assert local.time() == schedule.at
    else:  # the clock jumped over the time, or jumped onto it
        assert shown_before <= local.replace(tzinfo=None)


def simulate(schedule: Schedule, zone: ZoneInfo, moments: list[datetime]) -> list[datetime]:
    """Run at those moments, and list when an issue was composed."""
    composed: list[datetime] = []
    for now in moments:
        if is_due(schedule, zone, composed[-1] if composed else None, now):
            composed.append(now)
    return composed


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Pago_Pago", "Pacific/Kiritimati"])
@pytest.mark.parametrize("at", ["00:00", "01:30", "02:00", "02:30", "23:59"])
@pytest.mark.parametrize(
    ("text", "falls_on"),
    [
        ("daily at {}", lambda _: True),
        ("weekly on sunday at {}", lambda day: day.isoweekday() == 7),  # clocks change on Sundays
        ("monthly on 29 at {}", lambda day: day.day == 29 or (day.month, day.day) == (2, 28)),  # in Berlin on 29 March
    ],
)
def test_one_year(zone: str, at: str, text: str, falls_on: Callable[[date], bool]) -> None:
    """In 2026, with both its nights of changing clocks, every day, week and month has exactly one issue."""
    schedule, local = parse(text.format(at)), ZoneInfo(zone)
    start = datetime(2026, 1, 1, tzinfo=local)
    moments = [start.astimezone(UTC) + timedelta(hours=2 * step) for step in range(365 * 12)]
    baseline, *issues = simulate(schedule, local, moments)
    days = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]
    assert baseline == start, "the first issue waits for nothing"
    assert [around(schedule, issue, local)[0].astimezone(local).date() for issue in issues] == [
        day
        for day in days
        if falls_on(day) and start < datetime.combine(day, time.fromisoformat(at), local) <= moments[-1]
    ]


@given(SCHEDULES, ZONES, MOMENTS, st.lists(st.integers(0, 200 * 24 * 60), max_size=30))
def test_downtime(schedule: Schedule, zone: ZoneInfo, now: datetime, minutes: list[int]) -> None:
    """However long the machine was off: what was missed is made up for once, and never twice."""
    moments = [now := now + timedelta(minutes=pause) for pause in minutes]
    for last, issue in pairwise(simulate(schedule, zone, moments)):
        assert last < around(schedule, issue, zone)[0] <= issue
    for earlier, later in pairwise(moments):
        missed = around(schedule, earlier, zone)[1] <= later
        assert is_due(schedule, zone, earlier, later) == missed


@given(SCHEDULES, ZONES, st.lists(MOMENTS, max_size=30))
def test_wrong_clock(schedule: Schedule, zone: ZoneInfo, moments: list[datetime]) -> None:
    """A clock that jumps to and fro by less than a month never gives a second issue for a slot."""
    near = [moment for moment in moments if abs(moment - moments[0]) < timedelta(days=31)]
    slots = [around(schedule, issue, zone)[0] for issue in simulate(schedule, zone, near)]
    assert slots == sorted(set(slots))


def test_year_ahead() -> None:
    """An issue from a clock that was a year ahead does not keep the readers waiting for a year."""
    now = datetime(2026, 11, 22, 7, tzinfo=UTC)
    for text in ("daily at 07:00", "weekly on monday at 07:00", "monthly on 1 at 07:00"):
        assert is_due(parse(text), ZoneInfo("UTC"), now + timedelta(days=365), now)
        assert not is_due(parse(text), ZoneInfo("UTC"), now + timedelta(days=3), now)
