"""One source on its own, asked on two days between which nothing has changed: what that costs it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pipeline.config import Config, Surroundings, build
from pipeline.harvest.registry import SOURCES
from pipeline.proof import Status
from pipeline.run import Order, run
from pipeline.sample.server import Request, SampleServer
from pipeline.sample.services import Reply
from pipeline.sample.world import BASELINE, FEEDS, load
from tests.support.clock import FakeClock

PATHS = {"pubmed": "eutils"}


@dataclass(frozen=True)
class SecondDay:
    """The requests of the second day: their paths, and when each was sent, in seconds on the run's own clock."""

    paths: tuple[str, ...]
    at: tuple[float, ...]
    rate: float  # that the configuration allows, per second

    @property
    def shortest_pause(self) -> float:
        """Seconds between two requests, at the least; infinite if there was one only."""
        pauses = (later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False))
        return min(pauses, default=float("inf"))


class _Timed(SampleServer):
    """Notes when each request came, on the clock of the run that sent it."""

    clock = FakeClock()
    at: list[float]

    def answer(self, request: Request) -> Reply:
        """Note the time, then answer."""
        self.at.append(self.clock.elapsed)
        return super().answer(request)


def second_day(source: str, folder: Path) -> SecondDay:
    """Run on two days; ``source`` is a source's name, or "feed" for the first feed of the sample world."""
    with _Timed(load()) as server:
        server.at = []
        config = alone(source, folder, server.url)
        for day in range(2):
            now = BASELINE + timedelta(days=day)
            server.requests.clear()
            server.at.clear()
            server.clock = FakeClock(now)
            outcome = run(config, Order(now, timing=server.clock.timing()))
            assert not {row.status for row in outcome.coverage} & {Status.FAILED, Status.INCOMPLETE}, outcome.coverage
    rates = {name: one.rate for name, one in config.sources}
    return SecondDay(tuple(one.path for one in server.requests), tuple(server.at), rates.get(source, 2.0))


def alone(source: str, folder: Path, url: str) -> Config:
    """A watch on one source at its default rate."""
    place = f"{url}/{PATHS.get(source, source)}"
    key = {"api_key": "env:KEY"} if source == "openalex" else {}
    table = {
        "contact": "tests@example.org",
        "http": {"retries": 0},
        "sources": {name: {"enabled": False} for name in SOURCES if name != source},
        "feeds": [{"name": FEEDS[0][0], "url": f"{url}{FEEDS[0][1]}"}] if source == "feed" else [],
    }
    if source in SOURCES:
        table["sources"] = {**table["sources"], source: {"enabled": True, "base_url": place, **key}}  # type: ignore[dict-item]
    return build(table, "litwatch.toml", Surroundings(folder, {"KEY": "s3cret"}))
