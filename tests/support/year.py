"""A year of daily runs in simulated time, against a world that behaves as badly as the real one, over real HTTP.

Publications turn up in each source on a day of their own, up to 400 days after they were published, leave it again,
change their ids, and are retracted. Sources are down for days, rebuild their index, lie about totals; the clock is
wrong twice. :func:`live` plays it and :class:`Year` says what came of it.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from pipeline.config import Config, Surroundings, build
from pipeline.digest.issue import Issue
from pipeline.model import Author, EventKind, PartialDate, Relation, RelationKind, Section
from pipeline.proof import Status
from pipeline.run import Order, run
from pipeline.sample.server import Request, SampleServer
from pipeline.sample.services import Reply, service
from pipeline.sample.world import FEEDS, Publication, Stage, World
from pipeline.store.database import open_to_read
from tests.support.clock import FakeClock

START = datetime(2026, 1, 5, 7, 5, tzinfo=UTC)
SOURCES = ("pubmed", "europepmc", "crossref", "openalex", "semanticscholar", "clinicaltrials", "doaj", "complementary")
LABELS = {
    "pubmed": "PubMed",
    "europepmc": "Europe PMC",
    "crossref": "Crossref",
    "openalex": "OpenAlex",
    "semanticscholar": "Semantic Scholar",
    "clinicaltrials": "ClinicalTrials.gov",
    "doaj": "DOAJ",
    "complementary": FEEDS[0][0],
}
_SERVED_AT = {"pubmed": "eutils"}
_FEED_DAYS = 30  # how long an entry stays in the feed
_LATEST = 400  # days between publication and the day on which the last source shows it
_BEFORE = 60  # publications that are there from the first day on


@dataclass(frozen=True, slots=True)
class Spell:
    """Days of trouble with one source, counted from 0; the last one included."""

    source: str
    first: int
    last: int
    kind: str = ""

    def __contains__(self, day: int) -> bool:
        return self.first <= day <= self.last


OUTAGES = (
    Spell("europepmc", 20, 22, "down"),
    Spell("pubmed", 30, 39, "down"),
    Spell("doaj", 45, 47, "web page"),
    Spell("crossref", 60, 69, "empty"),
    Spell("openalex", 81, 84, "web page"),
    Spell("clinicaltrials", 100, 109, "down"),
    Spell("semanticscholar", 120, 129, "empty"),
    Spell("complementary", 140, 144, "down"),
    Spell("europepmc", 150, 159, "web page"),
    Spell("pubmed", 230, 231, "empty"),
    Spell("crossref", 300, 304, "down"),
)
REBUILDS = (Spell("europepmc", 75, 77), Spell("openalex", 170, 173), Spell("semanticscholar", 330, 332))
LIES = (Spell("europepmc", 90, 92), Spell("openalex", 112, 113), Spell("doaj", 250, 252))
NEW_IDS = {"openalex": 190, "semanticscholar": 210}  # the day on which every id of the source changes
WRONG_CLOCK = {200: timedelta(days=400), 260: timedelta(days=-30)}


@dataclass
class Life:
    """One publication: on which days each source holds it, and from when on each says that it is retracted."""

    publication: Publication
    held: Mapping[str, range]
    retracted: Mapping[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """What its title is told by."""
        return number_in(self.publication.title)

    def shown(self, source: str, day: int) -> Publication | None:
        """How a source shows it on a day, if it does."""
        days = self.held.get(source)
        if days is None or day not in days:
            return None
        one = replace(self.publication, entered=_day(days.start), revised=None)
        if day >= NEW_IDS.get(source, 10_000):
            one = replace(one, id=f"{one.id}-moved")
        retracted = self.retracted.get(source)
        if retracted is not None and day >= retracted:
            notice = Relation(RelationKind.RETRACTION_IN, "", pmid="99900001", doi="10.5555/year.notice")
            # Crossref takes retractions over without a new deposit: no date moves.
            one = replace(one, relations=(notice,), revised=_day(retracted) if source == "pubmed" else None)
        return one


def number_in(title: str) -> int:
    """The number by which a title of this world is known."""
    found = re.search(r"study (\d+)", title)
    assert found, title
    return int(found[1])


def _day(day: int) -> date:
    return (START + timedelta(days=day)).date()


def lives(days: int, seed: int = 7) -> list[Life]:
    """The publications of a world that is watched for so many days."""
    chance = random.Random(seed)  # noqa: S311  # a simulation
    return [_life(number, chance, days) for number in range(1, _BEFORE + days * 4 // 5)]


def _life(number: int, chance: random.Random, days: int) -> Life:
    first = -chance.randrange(1, 300) if number < _BEFORE else chance.randrange(1, days)
    is_trial = number % 12 == 0
    sources = ["clinicaltrials"] if is_trial else chance.sample(SOURCES[:5], chance.choice([1, 1, 1, 2, 3, 4]))
    if not is_trial and number % 9 == 0:
        sources.append("doaj")
    if not is_trial and number % 5 == 0 and first > 0:
        sources.append("complementary")
    starts = {source: first + (chance.randrange(0, 60) if chance.random() < 0.5 else 0) for source in sources}
    starts[sources[0]] = first  # the one that has it first
    published = first - chance.choice([0, 1, 20, 100, _LATEST])
    held = {source: range(start, _end(source, start, number, days)) for source, start in starts.items()}
    retracted: dict[str, int] = {}
    if tellers := [source for source in ("pubmed", "crossref") if source in sources and number % 7 == 0]:
        retracted = {tellers[-1]: max(held[tellers[-1]].start, 0) + 50}
    return Life(_publication(number, _day(published), is_trial=is_trial), held, retracted)


def _end(source: str, start: int, number: int, days: int) -> int:
    """The day from which on a source holds it no longer."""
    if source == "complementary":
        return start + _FEED_DAYS
    return max(start, 0) + 45 if number % 17 == 0 else days + 1


def _publication(number: int, published: date, *, is_trial: bool) -> Publication:
    means, outcome = (("electroacupuncture", "fatigue"), ("moxibustion", "gait"), ("acupressure", "sleep"))[number % 3]
    pmid = str(99_000_000 + number)
    return Publication(
        id=f"year-{number}",
        title=f"Made-up study {number}: {means} for {outcome} in people with multiple sclerosis",
        entered=published,
        authors=(Author(f"Invented{number}", "Ada"),),
        journal="" if is_trial else "Journal of Invented Studies",
        published=PartialDate(published.year, published.month, published.day),
        doi="" if is_trial else f"10.5555/year.{number}",
        pmid="" if is_trial else pmid,
        registrations=(f"NCT0999{number:04}",) if is_trial else (),
        types=() if is_trial else ("Journal Article",),
        abstract=(Section(f"An invented study of {means}."),),
    )


class YearWorld:
    """Holdings that change from day to day."""

    def __init__(self, publications: Sequence[Life]) -> None:
        self.publications = publications
        self.day = 0

    def held(self, source: str, stage: Stage) -> tuple[Publication, ...]:  # noqa: ARG002  # the sample world's
        """What a source shows today; every second record only while it rebuilds its index."""
        shown = [one for life in self.publications if (one := life.shown(source, self.day))]
        rebuilding = any(spell.source == source and self.day in spell for spell in REBUILDS)
        return tuple(shown[::2] if rebuilding else shown)


class YearServer(SampleServer):
    """Serves a world that changes, from services that are down, lie or talk nonsense on their days."""

    world: Any

    def answer(self, request: Request) -> Reply:
        """Answer as the day's service would."""
        found, day = service(request.path), self.world.day
        source = found[0].source if found else ""
        for spell in OUTAGES:
            if spell.source == source and day in spell:
                self.requests.append(request)
                return _TROUBLE[spell.kind]
        reply = super().answer(request)
        lying = any(spell.source == source and day in spell for spell in LIES)
        return replace(reply, body=_inflated(reply.body)) if lying else reply


_TROUBLE = {
    "down": Reply(503, "text/html", b"<html><body>Down for maintenance</body></html>"),
    "web page": Reply(200, "text/html", b"<html><body>Welcome</body></html>"),
    "empty": Reply(200, "application/json", b""),
}


def _inflated(body: bytes) -> bytes:
    """Announce seven records more than there are."""
    content = json.loads(body)
    holder, key = next(
        (holder, key)
        for holder, key in ((content, "hitCount"), (content, "total"), (content.get("meta", {}), "count"))
        if key in holder
    )
    holder[key] += 7
    return json.dumps(content).encode()


def _short(issue: Issue) -> set[str]:
    """The sources that an issue calls anything but complete."""
    return {row.label for row in issue.coverage if row.status is not Status.COMPLETE}


@dataclass
class Year:
    """What came of it: the issue of each day (None: none was due), and what the store holds at the end."""

    days: int
    publications: Sequence[Life]
    issues: list[Issue | None] = field(default_factory=list)
    requests: list[dict[str, int]] = field(default_factory=list)
    stored: set[tuple[str, int]] = field(default_factory=set)
    retractions: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def troubled(self, day: int) -> set[str]:
        """The sources that cannot be complete on a day."""
        return {spell.source for spell in (*OUTAGES, *REBUILDS, *LIES) if day in spell}

    def first_visible(self, life: Life, *, source: str = "") -> int | None:
        """The first day on which a run could see it, in this source or in any."""
        days = (self._first(life, one) for one in ([source] if source else life.held))
        return min((day for day in days if day is not None), default=None)

    def _first(self, life: Life, source: str) -> int | None:
        dark = [spell for spell in (*OUTAGES, *REBUILDS) if spell.source == source]
        days = range(max(0, life.held[source].start), min(self.days, life.held[source].stop))
        return next((day for day in days if not any(day in spell for spell in dark)), None)

    def told(self) -> dict[int, list[int]]:
        """The days on which each publication was told as new. The first issue tells of all that it knows."""
        days = defaultdict(list)
        for day, issue in enumerate(self.issues):
            if day and issue:
                for item in issue.items:
                    days[number_in(item.study.main.record.title)].append(day)
        return days

    def missing(self) -> list[tuple[str, int]]:
        """What a source showed to a run that it answered, and the store does not hold."""
        seen = ((source, life) for life in self.publications for source in life.held)
        return [
            (source, life.number)
            for source, life in seen
            if self.first_visible(life, source=source) is not None and (source, life.number) not in self.stored
        ]

    def told_wrongly(self) -> dict[int, list[int]]:
        """Publications that were not told exactly once, though they were first seen after the first issue."""
        told = self.told()
        firsts = {life.number: self.first_visible(life) for life in self.publications}
        expected = {number: 0 if not first else 1 for number, first in firsts.items()}
        return {number: told[number] for number, times in expected.items() if len(told[number]) != times}

    def falsely_complete(self) -> list[int]:
        """Days whose issue says that all is complete although a source cannot have been."""
        return [day for day, issue in enumerate(self.issues) if issue and issue.complete and self.troubled(day)]

    def needlessly_incomplete(self) -> list[int]:
        """Days without any trouble whose issue says that something is missing."""
        return [day for day, issue in enumerate(self.issues) if issue and not issue.complete and not self.troubled(day)]

    def unmentioned(self) -> list[tuple[int, str]]:
        """Outages that the issue of their day does not show."""
        return [
            (day, source)
            for day, issue in enumerate(self.issues)
            for source in self.troubled(day)
            if issue
            and LABELS[source] not in {row.label for row in issue.coverage if row.status is not Status.COMPLETE}
        ]

    def lags(self) -> list[int]:
        """Days from when a publication was first in any source, up or down, to the issue that told it."""
        firsts = {life.number: min(days.start for days in life.held.values()) for life in self.publications}
        return sorted(days[0] - firsts[number] for number, days in self.told().items())

    def retraction_lags(self) -> list[int]:
        """Days from when a source first stated a retraction, up or down, to the issue that told it."""
        stated = {life.number: max(life.retracted.values()) for life in self.publications if life.retracted}
        return sorted(days[0] - stated[number] for number, days in self.retractions.items())

    def retraction_waits(self) -> list[int]:
        """How many runs that the source answered went by from a retraction's first day to the issue that told it."""
        waits = []
        for life in self.publications:
            for source, stated in life.retracted.items():
                told = self.retractions.get(life.number, [])[:1]
                dark = [spell for spell in (*OUTAGES, *REBUILDS) if spell.source == source]
                waits += [sum(not any(d in spell for spell in dark) for d in range(stated, day)) for day in told]
        return sorted(waits)

    def retracted(self) -> set[int]:
        """Publications whose retraction a run could see, with two weeks left to tell it."""
        return {
            life.number
            for life in self.publications
            if life.retracted and self._seen_retracted(life) and self._retracted(life.number) < self.days - 14
        }

    def _seen_retracted(self, life: Life) -> bool:
        [(source, day)] = life.retracted.items()
        return max(day, 0) in life.held[source] and self.first_visible(life) is not None

    def _retracted(self, number: int) -> int:
        """The first day on which the source that knows of it is up and holds it."""
        life = next(life for life in self.publications if life.number == number)
        [(source, day)] = life.retracted.items()
        dark = [spell for spell in (*OUTAGES, *REBUILDS) if spell.source == source]
        return next(day for day in range(day, day + 60) if not any(day in spell for spell in dark))

    def summary(self) -> Iterator[tuple[str, str]]:
        """The result as rows of a table."""
        seen = [life for life in self.publications if self.first_visible(life) is not None]
        lags, late = self.lags(), self.retraction_lags()
        yield "daily runs", str(len(self.issues))
        yield "publications that a run could see", str(len(seen))
        yield "records that a source showed and the store lacks", str(len(self.missing()))
        yield "publications told other than exactly once", str(len(self.told_wrongly()))
        yield "days of trouble / not shown in the issue of the day", f"{self._trouble()} / {len(self.unmentioned())}"
        yield "issues falsely complete", str(len(self.falsely_complete()))
        yield "issues incomplete without trouble", str(len(self.needlessly_incomplete()))
        yield "days from first in a source to told: median, max", f"{median(lags)}, {max(lags)}"
        told = len(self.retracted() & set(self.retractions))
        yield "retractions visible / told", f"{len(self.retracted())} / {told}"
        spread = f"{median(late)}, {max(late)}" if late else "none"
        yield "days from a retraction in a source to told: median, max", spread

    def _trouble(self) -> int:
        return sum(len(self.troubled(day)) for day in range(self.days))


def watch_all(folder: Path, url: str) -> Config:
    """A watch on every source that is on by default, with a daily digest."""
    table = {
        "contact": "tests@example.org",
        "http": {"retries": 0},
        "sources": {
            source: {"base_url": f"{url}/{_SERVED_AT.get(source, source)}"}
            for source in SOURCES
            if source != SOURCES[-1]
        },
        "feeds": [{"name": FEEDS[0][0], "url": f"{url}{FEEDS[0][1]}"}],
        "digests": [
            {"name": "daily", "schedule": "daily at 07:00", "max_items": 500, "files": {"formats": ["text"]}},
        ],
    }
    table["sources"]["openalex"]["api_key"] = "env:KEY"  # type: ignore[index]  # a table of tables
    return build(table, "litwatch.toml", Surroundings(folder, {"KEY": "s3cret"}))


def live(days: int, folder: Path) -> Year:
    """Play so many days, one run a day."""
    world = YearWorld(lives(days))
    year = Year(days, world.publications)
    with YearServer(World({})) as server:
        server.world = world
        config = watch_all(folder, server.url)
        for day in range(days):
            world.day = day
            now = START + timedelta(days=day) + WRONG_CLOCK.get(day, timedelta())
            asked = len(server.requests)
            outcome = run(config, Order(now, timing=FakeClock(now).timing()))
            year.issues.append(outcome.issues[0] if outcome.issues else None)
            year.requests.append(_counted(server.requests[asked:]))
            _note_retractions(year, day)
    with open_to_read(config.database) as db:
        for source, title in db.execute("SELECT source, title FROM records"):
            year.stored.add((SOURCES[-1] if source.startswith("feed:") else source, number_in(title)))
    return year


def _note_retractions(year: Year, day: int) -> None:
    issue = year.issues[day]
    for correction in issue.corrections if issue else ():
        if correction.event.kind is EventKind.RETRACTED:
            year.retractions[number_in(correction.study.main.record.title)].append(day)


def _counted(requests: Sequence[Request]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for request in requests:
        found = service(request.path)
        counts[found[0].source if found else request.path] += 1
    return dict(counts)
