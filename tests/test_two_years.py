"""Two years of ``litwatch serve`` in simulated time: each period gets one issue, and all that were missed one together.

The daemon and the metronome are the real ones, and so are the database and what composes. Its wait goes by at once, and
as on a machine that is suspended it may last longer than it should; the process is stopped and started again at random.
The wall clock that the metronome reads is one in Berlin, with its two nights a year.
"""

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from pipeline.config import Config
from pipeline.daemon import serve
from pipeline.errors import Stopped
from pipeline.proof import Coverage, Status
from pipeline.run import Order, Outcome, compose_due
from pipeline.store import Store, reading, writing
from tests.store.keeping import Origin
from tests.support.calendar import slots
from tests.support.watch import watch

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
BEAT = timedelta(seconds=90)  # at most, as the machine below sleeps
SUNDAY = 6


@dataclass(frozen=True)
class Rhythm:
    """A digest: on which days it is due, told without litwatch's own words."""

    schedule: str
    zone: str
    weekday: int | None = None
    day: int | None = None
    at: time = time(2, 30)
    when_empty: str = "always"

    def periods(self) -> list[datetime]:
        """The beginnings of its periods, from before the two years until after them."""
        days = (date(2025, 11, 1) + ONE_DAY * ahead for ahead in range(850))
        return slots((day for day in days if self._is_due(day)), self.at, ZoneInfo(self.zone))

    def _is_due(self, day: date) -> bool:
        if self.weekday is not None:
            return day.weekday() == self.weekday
        last = (day + ONE_DAY).month != day.month
        return self.day is None or day.day == self.day or (last and day.day < self.day)


# All nights on which these clocks are changed are nights to Sunday.
RHYTHMS = {
    "berlin": Rhythm("daily at 02:30", "Europe/Berlin", when_empty="never"),
    "new-york": Rhythm("weekly on sunday at 02:30", "America/New_York", weekday=SUNDAY),
    "lord-howe": Rhythm("weekly on sunday at 01:45", "Australia/Lord_Howe", weekday=SUNDAY, at=time(1, 45)),
    "kiritimati": Rhythm("weekly on sunday at 02:30", "Pacific/Kiritimati", weekday=SUNDAY),
    "pago-pago": Rhythm("weekly on sunday at 23:45", "Pacific/Pago_Pago", weekday=SUNDAY, at=time(23, 45)),
    "apia": Rhythm("monthly on 31 at 02:30", "Pacific/Apia", day=31),
    "kolkata": Rhythm("monthly on 1 at 00:00", "Asia/Kolkata", day=1, at=time(0)),
}


@dataclass
class Machine:
    """A clock that the daemon's wait moves on, a wait that oversleeps, and an end.

    From ``wrong[0]`` to ``wrong[1]`` the clock is wrong by ``error``.
    """

    now: datetime
    end: datetime
    dues: list[datetime]
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - a simulation
    wrong: tuple[datetime, datetime] = (END, END)
    error: timedelta = timedelta()

    def clock(self) -> datetime:
        """What it says."""
        return self.now + self.error if self.wrong[0] <= self.now < self.wrong[1] else self.now

    def wait(self, seconds: float) -> None:
        """Let time pass: as much as asked for, or until shortly before or after the next slot, half a day at most."""
        assert 0 <= seconds <= 60
        due = self.dues[bisect_right(self.dues, self.now)]
        shortly = timedelta(seconds=self.chance.choice([-31, 29, 29, 29]))
        asleep = min(due + shortly, self.now + ONE_DAY / 2)
        self.now = max(asleep, self.now + timedelta(seconds=seconds))
        if self.now >= self.end:
            raise Stopped("asked to end")

    def wall_clock(self) -> SimpleNamespace:
        """The module ``datetime``, as the metronome sees it."""
        machine = self

        class Wall(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                assert tz is None
                return machine.clock().astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)

        return SimpleNamespace(datetime=Wall, timedelta=timedelta, time=time)

    def serve(self, run: "Composer") -> None:
        """Let the daemon run until the end."""
        with patch("schedule.datetime", self.wall_clock()), pytest.raises(Stopped):
            serve(run.config, self.clock, self.wait, run)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, where there is one: thousands of commits need not reach a disk."""
    place = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=place if place.is_dir() else None) as folder:
        yield Path(folder)


def answered(folder: Path, rhythms: dict[str, Rhythm]) -> Config:
    """A watch whose one source has answered once."""
    files = {"dir": "digests", "formats": ["text"]}
    digests = [
        {
            "name": name,
            "schedule": one.schedule,
            "timezone": one.zone,
            "when_empty": one.when_empty,
            "files": files,
        }
        for name, one in rhythms.items()
    ]
    config = watch(folder, "", {"pubmed": {}, "europepmc": {"enabled": False}}, feeds=[], digests=digests)
    with writing(config.database) as store:
        run = store.statements.begin_run(START, "0", "rebuild")
        store.statements.keep_statement(run, Origin(), Coverage("pubmed", "PubMed", START, Status.COMPLETE), None)
    return config


@dataclass
class Composer:
    """Runs without their harvest, and the turns that each digest had: an issue, or the finding that none is wanted."""

    config: Config
    store: Store
    turns: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    runs: list[datetime] = field(default_factory=list)

    def __call__(self, order: Order) -> Outcome:
        """Do one."""
        self.runs.append(order.now)
        run = self.store.statements.begin_run(order.now, "0")
        before = {digest.name: self.store.told.last_considered(digest.name) for digest in self.config.digests}
        issues = compose_due(self.store, self.config, order)
        self.store.statements.end_run(run, order.now)
        for name, moment in before.items():
            if moment != (turn := self.store.told.last_considered(name)) and turn:
                self.turns[name].append(turn)
        return Outcome(issues=issues)


def composed(config: Config) -> dict[str, list[datetime]]:
    """When each digest's issues were composed."""
    with reading(config.database) as store:
        return {digest: [ref.composed_at for ref, _ in issues] for digest, issues in store.told.issues().items()}


def spells(chance: random.Random) -> list[tuple[datetime, datetime]]:
    """When the daemon runs: from each of these moments to the other. It is off for minutes, days, or two months."""
    found, begin = [], START
    while begin < END:
        end = begin + timedelta(days=chance.expovariate(1 / 20), seconds=chance.randrange(86_400))
        found.append((begin, min(end, END)))
        off = chance.choice([timedelta(minutes=3), timedelta(hours=9), timedelta(days=3), timedelta(days=17)])
        begin = end + off * chance.uniform(0.5, 1.5)
    long_ago = chance.randrange(2, len(found) - 2)
    return [*found[:long_ago], *[(begin, end) for begin, end in found if begin > found[long_ago][1] + 60 * ONE_DAY]]


def test_two_years(memory: Path) -> None:
    """Each period in which the daemon ran has one issue, composed as soon as it could be, and no other has any."""
    config = answered(memory, RHYTHMS)
    periods = {name: one.periods() for name, one in RHYTHMS.items()}
    machine = Machine(START, END, sorted(moment for moments in periods.values() for moment in moments))
    ran = spells(machine.chance)
    with writing(config.database) as store:
        run = Composer(config, store)
        for machine.now, machine.end in ran:
            machine.serve(run)
    issues = composed(config)
    for name, moments in periods.items():
        assert RHYTHMS[name].when_empty == "never" or run.turns[name] == issues[name], name
        turns = {bisect_right(moments, moment): moment for moment in run.turns[name]}
        assert len(turns) == len(run.turns[name]), f"{name}: two in one period"
        for number, (first, last) in enumerate(pairwise(moments), 1):
            up = [max(begin, first) for begin, end in ran if begin < last - BEAT and end > first + BEAT]
            assert not up or turns[number] - up[0] <= BEAT, f"{name}: nothing, or late, in the period from {first}"


@pytest.mark.parametrize(("day", "days"), [(16, 3), (12, 400), (16, -3), (16, -400)])
def test_wrong_clock(memory: Path, day: int, days: int) -> None:
    """A clock that is wrong for a day gives no period two issues, and once it is right, neither digests nor runs wait.

    Only of a clock that was ahead by more than any period is long nothing is believed: so its issue comes once more.
    """
    config = answered(memory, {"kolkata": Rhythm("weekly on sunday at 02:30", "Asia/Kolkata")})
    periods = Rhythm("", "Asia/Kolkata", weekday=SUNDAY).periods()
    began, righted = START + day * ONE_DAY, START + (day + 1) * ONE_DAY  # day 16 is a Saturday
    machine = Machine(START, START + 50 * ONE_DAY, periods, wrong=(began, righted), error=days * ONE_DAY)
    with writing(config.database) as store:
        run = Composer(config, store)
        machine.serve(run)
    turns = [bisect_right(periods, moment) for moment in run.turns["kolkata"] if moment > START - ONE_DAY]
    right = [number for number in turns if number <= bisect_right(periods, machine.end)]
    first, last = bisect_right(periods, START), bisect_right(periods, machine.end)
    assert sorted(set(right)) == list(range(first, last + 1))
    assert len(right) - len(set(right)) == (days == 400)
    after = [moment for moment in run.runs if righted <= moment < machine.end][-30:]
    assert max(later - earlier for earlier, later in pairwise(after)) <= 1.5 * ONE_DAY + BEAT
