"""How well design and population are told from titles and abstracts alone, beside the best peer's figure.

    python -m bench.appraisal_design [FOLDER]

FOLDER (default ``../shared/data/facts``) holds the sets as JSON lines. No publication types, no MeSH. StudyTypeTeller
has the authors' own parts: its training part was read when the rules were made, its validation part was only counted.
Of the other sets half the rows were read, and the kept half only counted. Peers' figures are those that their authors
publish, or that were measured with their programs. Prints "absent" and ends well where the folder is not there.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.appraisal_sets import FOLDER, facts, is_kept, rows
from pipeline.appraise.population import ANIMAL, IN_VITRO
from pipeline.model import Design

# StudyTypeTeller's labels by their beginning. What remains is any other value of ours, or none.
_CLASSES = {
    "Human-RCT": Design.RCT,
    "Human-case-report": Design.CASE_REPORT,
    "Human-systematic-review": Design.SYSTEMATIC_REVIEW,
    "Animal-systematic-review": Design.SYSTEMATIC_REVIEW,
    "Non-systematic-review": Design.NARRATIVE_REVIEW,
    "Clinical-study-protocol": Design.PROTOCOL,
    "Animal": Design.ANIMAL,
    "In-vitro": Design.IN_VITRO,
    "Human-non-RCT": Design.NONRANDOMIZED_TRIAL,
    "Remaining": Design.OTHER,
}
_NINE = frozenset(_CLASSES.values())
_NOT_HUMAN = {ANIMAL, IN_VITRO}
_RCT = "Randomized Controlled Trial"


@dataclass(frozen=True, slots=True)
class Told:
    """One row: whether its half was only counted, its class, and what title and abstract gave."""

    kept: bool
    expected: str
    design: str
    population: str


def told(row: dict[str, Any], expected: str, *, kept: bool) -> Told:
    """A row as appraisal reads it."""
    found = facts(row["title"], row["abstract"] or "")
    design = found.design.value if found.design else Design.OTHER
    return Told(kept, expected, design, found.population.value if found.population else "")


def study_types(folder: Path) -> list[Told]:
    """StudyTypeTeller, in its nine classes."""
    return [
        told(
            row,
            next(design for label, design in _CLASSES.items() if row["label"].startswith(label)),
            kept=row["split"] != "train",
        )
        for row in rows(folder / "studytypeteller.jsonl")
    ]


def accuracy(table: Iterable[Told]) -> float:
    """The share of rows whose class is right."""
    right = [_class(row) == row.expected for row in table]
    return sum(right) / len(right)


def macro_f1(table: Iterable[Told]) -> float:
    """F1, averaged over the nine classes."""
    pairs = Counter((row.expected, _class(row)) for row in table)
    scores = []
    for name in _NINE:
        expected = sum(count for (gold, _), count in pairs.items() if gold == name)
        given = sum(count for (_, ours), count in pairs.items() if ours == name)
        scores.append(2 * pairs[name, name] / (expected + given) if expected + given else 0.0)
    return sum(scores) / len(scores)


def f1(table: Iterable[Told], design: Design) -> float:
    """F1 of one design against all others."""
    pairs = Counter((row.expected == design, row.design == design) for row in table)
    return 2 * pairs[True, True] / (2 * pairs[True, True] + pairs[True, False] + pairs[False, True])


def recall(table: Iterable[Told]) -> float:
    """The share of animal studies that are said, by population and by design, not to be on people."""
    found = [row.population in _NOT_HUMAN and row.design in _NOT_HUMAN for row in table]
    return sum(found) / len(found)


def precision(table: Iterable[Told], field: str) -> float:
    """The share of rows that are on animals or cells among those that are said to be."""
    given = [row.expected in _NOT_HUMAN for row in table if getattr(row, field) in _NOT_HUMAN]
    return sum(given) / len(given)


def _class(row: Told) -> str:
    """Our value as one of the nine classes."""
    return row.design if row.design in _NINE else Design.OTHER


def lines(folder: Path) -> Iterator[tuple[str, str, list[float]]]:
    """Each task, its peer, and ours on all rows, on those read and on those kept."""
    types = study_types(folder)
    trials = [
        told(row, Design.RCT if _RCT in row["pub_types"] else "", kept=is_kept(row))
        for row in rows(folder / "medline1000_pubtypes.jsonl")
    ]
    plans = [told(row, row["label"], kept=is_kept(row)) for row in rows(folder / "pmc_article_types.jsonl")]
    animals = [
        told(row, ANIMAL, kept=is_kept(row)) for row in rows(folder / "hermes_ms_animal.jsonl") if row["included"] == 1
    ]
    for task, peer, table, score in (
        ("design, 9 classes, accuracy, StudyTypeTeller", "SciBERT .88, GPT-4 .67", types, accuracy),
        ("design, 9 classes, macro-F1, StudyTypeTeller", "", types, macro_f1),
        ("RCT, F1, StudyTypeTeller", "PubMedBERT .867, GPT-4 .784", types, lambda rows: f1(rows, Design.RCT)),
        ("RCT, F1, medline1000", "RobotSearch .913", trials, lambda rows: f1(rows, Design.RCT)),
        ("protocol, F1, PMC article types", "naive .858", plans, lambda rows: f1(rows, Design.PROTOCOL)),
        ("animal or in vitro, recall, HERMES-MS", "naive .912", animals, recall),
        ("the same by population, precision, StudyTypeTeller", "", types, lambda rows: precision(rows, "population")),
        ("the same by design, precision, StudyTypeTeller", "", types, lambda rows: precision(rows, "design")),
    ):
        halves = (table, [row for row in table if not row.kept], [row for row in table if row.kept])
        yield task, peer, [score(half) for half in halves]


def main(folder: Path) -> None:
    """Print the table."""
    if not folder.is_dir():
        print("absent")
        return
    print(f"{'':<54}{'all':>7}{'read':>7}{'kept':>7}  peer")
    for task, peer, scores in lines(folder):
        print(f"{task:<54}{''.join(f'{score:>7.3f}' for score in scores)}  {peer}".rstrip())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
