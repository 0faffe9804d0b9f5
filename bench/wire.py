"""Read every recorded answer of every source, twice: with our adapters and with an independent reading.

    python -m bench.wire [FOLDER]

FOLDER holds ``MANIFEST.tsv`` and the recordings (default: ``../shared/data/wire``, beside the project). Only answers
whose status begins with "real" count. Exit code 1 when a record is missed or read differently, 0 otherwise.
"""

import csv
import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT.parent / "shared" / "data" / "wire"
# Module beside this one -> the manifest's sources that it compares.
MODULES = (
    ("bench.wire_pubmed", ("pubmed",)),
    ("bench.wire_europepmc", ("europepmc",)),
    ("bench.wire_crossref", ("crossref",)),
    ("bench.wire_openalex", ("openalex",)),
    ("bench.wire_semanticscholar", ("semanticscholar",)),
    ("bench.wire_clinicaltrials", ("clinicaltrials",)),
    ("bench.wire_doaj", ("doaj",)),
    ("bench.wire_medrxiv", ("biorxiv",)),
    ("bench.wire_retractionwatch", ("retraction_watch",)),
    ("bench.wire_feeds", ("feeds", "pubmed_rss")),
)


@dataclass(frozen=True)
class ManifestRow:
    """One recorded answer. ``records`` says in free words what is in it, for example ``3 ids (count 42111)``."""

    source: str
    file: str
    what: str
    records: str
    status: str


@dataclass(frozen=True)
class Difference:
    """One field of one record on which the two readings disagree."""

    file: str
    record: str
    field: str
    ours: object
    other: object


@dataclass
class Tally:
    """What came of comparing some files. ``notes`` are differences that are not ours, with the reason."""

    files: int = 0
    expected: int = 0
    read: int = 0
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def check(self, file: str, record: str, ours: dict[str, object], other: dict[str, object]) -> None:
        """Compare two readings of one record, field by field, and note every difference."""
        self.differences += [
            Difference(file, record, name, ours.get(name), other.get(name))
            for name in sorted(ours.keys() | other.keys())
            if ours.get(name) != other.get(name)
        ]


Compare = Callable[[Path, Sequence[ManifestRow]], Tally]


def manifest(folder: Path) -> list[ManifestRow]:
    """Read the manifest's rows of real answers."""
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = ManifestRow.__dataclass_fields__
        every = [ManifestRow(**{name: row[name] or "" for name in names}) for row in rows]
    return [row for row in every if row.status.startswith("real")]


def main(arguments: Sequence[str]) -> int:
    """Compare all sources and print one line for each, then each difference."""
    folder = Path(arguments[0]) if arguments else DEFAULT
    if not folder.is_dir():
        print(f"absent: {folder}")
        return 0
    rows = manifest(folder)
    tallies: list[Tally] = []
    print(f"{'source':<16}{'files':>6}{'expected':>10}{'read':>8}{'differences':>13}")
    for module, sources in MODULES:
        compare: Compare = importlib.import_module(module).compare
        tally = compare(folder, [row for row in rows if row.source in sources])
        tallies.append(tally)
        counts = f"{tally.files:>6}{tally.expected:>10}{tally.read:>8}{len(tally.differences):>13}"
        print(f"{module.removeprefix('bench.wire_'):<16}{counts}")
    for tally in tallies:
        for one in tally.differences:
            print(f"{one.file} {one.record} {one.field}\n    ours:  {one.ours!r}\n    other: {one.other!r}")
        for note in tally.notes:
            print(f"note: {note}")
    return 1 if any(tally.differences or tally.read != tally.expected for tally in tallies) else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
