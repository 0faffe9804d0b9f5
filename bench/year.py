"""A year of daily runs in simulated time against a world that misbehaves, over real HTTP on loopback.

    python -m bench.year [DAYS]

Prints what came of it; DAYS is 365 without it. Exit code 1 if a record was missed, told twice or not at all, an outage
was not shown in its day's issue, or an issue was falsely complete.
"""

import logging
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.year import LIES, NEW_IDS, OUTAGES, REBUILDS, WRONG_CLOCK, live  # noqa: E402  # needs the path


def main(arguments: list[str]) -> int:
    """Play the year, print the table."""
    logging.disable(logging.CRITICAL)
    days = int(arguments[0]) if arguments else 365
    with tempfile.TemporaryDirectory() as folder:
        year = live(days, Path(folder))
    print("trouble, in days from the first run")
    for kind, spells in (("down", OUTAGES), ("index half rebuilt", REBUILDS), ("wrong total", LIES)):
        print(f"  {kind}: " + ", ".join(f"{one.source} {one.first}-{one.last}" for one in spells if one.first < days))
    print("  all ids new: " + ", ".join(f"{source} {day}" for source, day in NEW_IDS.items() if day < days))
    print("  clock wrong: " + ", ".join(f"{day} by {off.days} days" for day, off in WRONG_CLOCK.items() if day < days))
    print()
    for name, value in year.summary():
        print(f"{name:<70} {value:>10}")
    return int(bool(year.missing() or year.told_wrongly() or year.unmentioned() or year.falsely_complete()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
