"""Measure the whole program against labelled publications: served on loopback, harvested, screened and grouped.

    python -m bench.gold [FILE]

FILE is ``publications.jsonl`` (default: ``../shared/data/gold/publications.jsonl``, beside the project). Without it the
script says ABSENT and ends. Borderline items do not count. The exit code is 1 where a target is missed.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.gold_world import gold_world
from pipeline.config import Config, Surroundings, build
from pipeline.harvest.registry import SOURCES
from pipeline.model import Tier, Work
from pipeline.run import Order, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, FEEDS
from pipeline.store import reading
from pipeline.store.catalogue import Filter
from pipeline.text import title_key

GOLD = Path(__file__).parents[2] / "shared" / "data" / "gold" / "publications.jsonl"
TIERS = {"relevant_core": Tier.CORE, "relevant_related": Tier.RELATED, "neighbour": Tier.OUT}


def watch(folder: Path, url: str) -> Config:
    """A watch on PubMed, Europe PMC and the feeds, served at ``url``, as fast as they can be asked."""
    table = {
        "contact": "bench@example.org",
        "sources": {name: {"enabled": False} for name in SOURCES}
        | {
            name: {"base_url": f"{url}/{path}", "rate": 1000}
            for name, path in (("pubmed", "eutils"), ("europepmc", "europepmc"))
        },
        "feeds": [{"name": name, "url": f"{url}{path}"} for name, path in FEEDS],
    }
    return build(table, "bench", Surroundings(folder, {}))


def harvested(path: Path) -> list[Work]:
    """Every work of a run over the labelled publications, whatever its tier."""
    with tempfile.TemporaryDirectory() as folder, SampleServer(gold_world(path)) as server:
        config = watch(Path(folder), server.url)
        outcome = run(config, Order(BASELINE))
        if outcome.exit_code:
            sys.exit(f"the run was not complete: {[row.error for row in outcome.coverage if row.error]}")
        with reading(config.database) as store:
            return list(store.catalogue.works(Filter(tiers=tuple(Tier))))


def labelled(path: Path, works: list[Work]) -> Iterator[tuple[str, Tier, Work | None]]:
    """Each publication that counts: its id, the tier it should have, and the work it became."""
    by_key = {
        key: work for work in works for key in (work.record.pmid, work.record.doi, title_key(work.record.title)) if key
    }
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if not row["borderline"]:
            keys = (row["pmid"] or "", (row["doi"] or "").lower(), title_key(row["title"]))
            yield row["id"], TIERS[row["label"]], next((by_key[key] for key in keys if key in by_key), None)


def main(path: Path) -> int:
    """Print recall by tier and what was shown without need."""
    if not path.exists():
        print(f"ABSENT: {path}")
        return 0
    works = harvested(path)
    counted: Counter[tuple[Tier, Tier | None]] = Counter()
    for gold_id, wanted, work in labelled(path, works):
        got = work.verdict.tier if work else None
        counted[wanted, got] += 1
        if got is not wanted:
            print(f"  {wanted} -> {got or 'not harvested'}: {gold_id}  {work.verdict.excluded_by if work else ''}")
    total = Counter(wanted for wanted, _ in counted.elements())
    shown = sum(counted[wanted, got] for wanted in (Tier.CORE, Tier.RELATED) for got in (Tier.CORE, Tier.RELATED))
    relevant = total[Tier.CORE] + total[Tier.RELATED]
    needless = counted[Tier.OUT, Tier.CORE] + counted[Tier.OUT, Tier.RELATED]
    figures = (
        ("core given core", counted[Tier.CORE, Tier.CORE], total[Tier.CORE], 0.97, 1.0),
        ("core + related shown", shown, relevant, 0.90, 1.0),
        ("neighbours shown", needless, total[Tier.OUT], 0.0, 0.04),
    )
    print(f"{len(works)} works")
    for name, part, whole, least, most in figures:
        print(f"{name:22} {part:3}/{whole:<3} = {part / whole:.3f}  (target {f'≥ {least}' if least else f'≤ {most}'})")
    return int(any(not least <= part / whole <= most for _, part, whole, least, most in figures))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLD))
