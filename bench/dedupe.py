"""Deduplication against labelled benchmark sets, and against BibDedupe and Splink in the same run.

    python -m bench.dedupe [--data FOLDER] [--peers PYTHON] [SET ...]

FOLDER holds the sets and their scorer, ``evaluate.py`` (default: ``../shared/data/dedup``, beside the project). PYTHON
is the interpreter of an environment with bib-dedupe and splink. What is not there is said to be ABSENT, and left out.

Ours is the command as a user gives it, start-up, reading and writing included, the median of runs before, between and
after the peers'; their seconds are for their work alone. The second table takes the points at which two records are one
from the other sets: which limit, of those around ours, merges nothing falsely there and misses least, and what it does
here; its seconds are for our work alone. The exit code is 1 where a target is missed.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from pipeline.exchange.fields import Entry
from pipeline.exchange.reading import read
from pipeline.match import evidence, group

DATA = Path(__file__).parents[2] / "shared" / "data" / "dedup"
# Record sensitivity to reach (BibDedupe's unreleased HEAD; more on respiratory), and how many may be merged falsely.
TARGETS = {
    "stroke": (0.9936, 0),
    "respiratory": (0.96, 0),
    "cytology_screening": (0.992, 0),
    "diabetes": (1.0, 0),
    "cardiac": (0.998, 1),
    "sra_tafenoquine": (0.973, 0),
}
LIMITS = range(9, 16)


@dataclass(frozen=True)
class Score:
    """How a clustering does: seconds, precision and sensitivity by record, records missed and works merged falsely."""

    seconds: float
    precision: float
    sensitivity: float
    missed: int
    merged: int

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s  {self.precision:.4f} {self.sensitivity:.4f} {self.missed:4} {self.merged:4}"


def score(folder: Path, predicted: Path, seconds: float) -> Score:
    """Score a file of clusters by the scorer that came with the data."""
    command: list[str | Path] = [sys.executable, folder.parent / "evaluate.py", folder, predicted, "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    names = ("record_precision", "record_sensitivity", "record_FN", "over_merge")
    return Score(seconds, *(found[name] for name in names))


def ours(folder: Path, scratch: Path) -> Score:
    """The command, as it is run."""
    target = scratch / "ours.csv"
    command: list[str | Path] = [sys.executable, "-m", "pipeline", "dedupe", records_of(folder), "--output", target]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return score(folder, target, time.perf_counter() - began)


def theirs(name: str, python: Path, folder: Path, scratch: Path) -> Score | str:
    """A peer, in its own environment; why not, if it is not there or cannot."""
    target = scratch / f"{name}.csv"
    command: list[str | Path] = [python, Path(__file__).with_name("peers.py"), name, records_of(folder), target]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"ABSENT ({(done.stderr.strip().splitlines() or ['no word'])[-1][:60]})"
    return score(folder, target, float(done.stdout.split()[-1]))


def records_of(folder: Path) -> Path:
    """The set's records."""
    return folder / "records_pre_merged.csv"


class Limited:
    """One set, grouped at any limit. What two records have in common is found once, at the lowest."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._folder, self._target = folder, scratch / "limited.csv"
        with records_of(folder).open("rb") as stream:
            entries = read(folder.name, stream)
            self._records = [replace(one.record, source_id=one.record_id) for one in entries if isinstance(one, Entry)]

    def at(self, limit: int) -> Score:
        """The score if so many points made two records one."""
        kept, evidence.SAME = evidence.SAME, limit
        began = time.perf_counter()
        try:
            works = group(self._records).works
        finally:
            evidence.SAME = kept
        seconds = time.perf_counter() - began
        with self._target.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["record_id", "cluster_id"])
            writer.writerows((key.partition(":")[2], number) for number, work in enumerate(works) for key in work)
        return score(self._folder, self._target, seconds)


def held_out(folders: Sequence[Path], scratch: Path) -> dict[str, tuple[int, Score]]:
    """For each set, the limit that does best on the others, and what it does here."""
    table = {}
    for folder in folders:
        limited = Limited(folder, scratch)
        table[folder.name] = {limit: limited.at(limit) for limit in LIMITS}
    best = {
        name: min(LIMITS, key=lambda limit: _cost([row[limit] for other, row in table.items() if other != name]))
        for name in table
    }
    return {name: (limit, table[name][limit]) for name, limit in best.items()}


def _cost(scores: Sequence[Score]) -> tuple[int, int]:
    return sum(one.merged for one in scores), sum(one.missed for one in scores)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("sets", nargs="*", default=list(TARGETS))
    options = parser.parse_args()
    folders = [options.data / name for name in options.sets]
    if not (options.data / "evaluate.py").exists():
        print(f"ABSENT: {options.data}")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        return _print_table(folders, Path(scratch), options.peers)


def _print_table(folders: Sequence[Path], scratch: Path, peers: Path | None) -> int:
    missed = []
    print(f"{'set':<20} {'':<10} {'time':>8}  precision sensitivity missed merged falsely")
    for folder in folders:
        runs, others = [ours(folder, scratch)], dict[str, Score | str]()
        for name in ("bibdedupe", "splink") if peers else ():
            others[name] = theirs(name, peers, folder, scratch) if peers else ""
            runs.append(ours(folder, scratch))
        mine = replace(runs[0], seconds=median(run.seconds for run in runs))
        print(f"{folder.name:<20} litwatch   {mine}")
        sensitivity, merged = TARGETS[folder.name]
        if round(mine.sensitivity, 4) < sensitivity or mine.merged > merged:
            missed.append(folder.name)
        for name, other in others.items():
            print(f"{'':<20} {name:<10} {other}", end="")
            print(f"  litwatch is {other.seconds / mine.seconds:.0f} times as fast" if isinstance(other, Score) else "")
    print("\nlimit taken from the other sets")
    for name, (limit, found) in held_out(folders, scratch).items():
        print(f"{name:<20} {limit:>3} points {found}")
    print("peers ABSENT: give --peers PYTHON" if not peers else "", f"targets missed: {', '.join(missed) or 'none'}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
