"""Knock at every untrusted door with spoiled input, for as long as you like.

    python -m bench.fuzz [MINUTES] [SEED] [DOOR]

One minute by default. DOOR is part of a door's name. Each finding is printed with the seed that shows it again; exit
code 1 if there is one, 0 otherwise.
"""

import logging
import sys
import time
import traceback
from collections import Counter
from random import Random

from tests.fuzz.doors import DOORS, Door


def main(minutes: float, seed: int, named: str) -> int:
    """Go from door to door until the time is over."""
    logging.disable()  # bibtexparser tells of each entry it cannot read
    doors = [door for door in DOORS if named in door.name]
    knocks: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    findings: dict[tuple[str, str], str] = {}
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        for door in doors:
            begun = time.process_time()
            if found := knock(door, seed):
                findings.setdefault((door.name, found.splitlines()[-1]), f"{door.name}, seed {seed}:\n{found}")
            slowest[door.name] = max(slowest.get(door.name, 0.0), time.process_time() - begun)
            knocks[door.name] += 1
        seed += 1
    print("\n".join(findings.values()))
    for name, count in knocks.items():
        print(f"{name:32} {count:8,} examples, the slowest took {slowest[name]:.2f} s")
    print(f"{sum(knocks.values()):,} examples at {len(doors)} doors, {len(findings)} findings")
    return int(bool(findings))


def knock(door: Door, seed: int) -> str:
    """What went wrong at a door; empty if nothing did."""
    try:
        door.knock(Random(seed))  # noqa: S311 - chance, not secrecy
    except Exception:  # noqa: BLE001 - any is a finding
        return traceback.format_exc(limit=-6)
    return ""


if __name__ == "__main__":
    minutes, seed, named = (*sys.argv[1:], *("1", "0", "")[len(sys.argv) - 1 :])
    sys.exit(main(float(minutes), int(seed), named))
