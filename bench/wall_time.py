"""Wall time of one run over all sources against that of its slowest source alone, in the same process.

    python -m bench.wall_time

Each source has a server and an address of its own (127.0.0.2 and on, which Linux has) that takes its time over every
answer; the slowest takes about three seconds in all. Prints the times and the ratio; exit code 1 above 1.2.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.config import Surroundings, build  # noqa: E402  # needs the path
from pipeline.harvest.registry import SOURCES  # noqa: E402
from pipeline.run import Order, run  # noqa: E402
from pipeline.sample.server import Request, SampleServer  # noqa: E402
from pipeline.sample.services import Reply  # noqa: E402
from pipeline.sample.world import BASELINE, load  # noqa: E402
from tests.support.unchanged import PATHS  # noqa: E402

# Seconds that each source takes over an answer.
PACE = {
    "pubmed": 0.5,
    "europepmc": 1.5,
    "crossref": 0.4,
    "openalex": 0.6,
    "semanticscholar": 1.0,
    "clinicaltrials": 0.5,
    "doaj": 0.12,
}
BOUND = 1.2


class Slow(SampleServer):
    """Thinks before it answers."""

    pause = 0.0

    def answer(self, request: Request) -> Reply:
        """Answer, after a while."""
        time.sleep(self.pause)
        return super().answer(request)


@contextmanager
def served() -> Iterator[dict[str, str]]:
    """Each source's own address."""
    with ExitStack() as stack:
        urls = {}
        for place, (source, pause) in enumerate(PACE.items(), 2):
            server = stack.enter_context(Slow(load(), host=f"127.0.0.{place}"))
            server.pause = pause
            urls[source] = f"{server.url}/{PATHS.get(source, source)}"
        yield urls


def seconds(urls: dict[str, str], *sources: str) -> float:
    """How long a first run over some sources takes."""
    with tempfile.TemporaryDirectory() as folder:
        tables: dict[str, dict[str, object]] = {
            name: {"enabled": True, "base_url": urls[name], "rate": 1000} if name in sources else {"enabled": False}
            for name in SOURCES
        }
        if "openalex" in sources:
            tables["openalex"]["api_key"] = "env:KEY"
        table = {"contact": "bench@example.org", "http": {"retries": 0}, "sources": tables}
        config = build(table, "litwatch.toml", Surroundings(Path(folder), {"KEY": "k"}))
        began = time.perf_counter()
        outcome = run(config, Order(BASELINE))
        assert outcome.exit_code == 0, outcome.coverage
        return time.perf_counter() - began


def main() -> int:
    """Measure and print."""
    with served() as urls:
        alone = {source: seconds(urls, source) for source in PACE}
        together = seconds(urls, *PACE)
    slowest = max(alone, key=lambda source: alone[source])
    for source, took in alone.items():
        print(f"{source:<18} alone {took:5.2f} s{'  the slowest' if source == slowest else ''}")
    ratio = together / alone[slowest]
    print(f"{'all':<18} {together:11.2f} s  {ratio:.2f} times the slowest; in turn {sum(alone.values()):.1f} s")
    return int(ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main())
