"""The evidence map as a page shows it: tables whose every number leads to the list of the studies it counts."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.digest import words
from pipeline.digest.cells import column_name, row_name
from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES, SECONDARY, UNSTATED, Cell, pairs
from pipeline.digest.studies import design_of, is_animal
from pipeline.model import Design, Study
from pipeline.web.entries import TRIALS, Group, counted, groups
from pipeline.web.holdings import Holdings

_SHORT = {
    Design.GUIDELINE: ("GL", "GL"),
    Design.SYSTEMATIC_REVIEW: ("SR", "SR"),
    Design.RCT: ("RCT", "RCT"),
    Design.NONRANDOMIZED_TRIAL: ("NRS", "NRS"),
    Design.OBSERVATIONAL: ("obs.", "obs."),
    Design.SURVEY: ("survey", "surveys"),
    Design.CASE_REPORT: ("case", "cases"),
    Design.NARRATIVE_REVIEW: ("review", "reviews"),
    Design.ANIMAL: ("animal", "animal"),
    Design.IN_VITRO: ("lab", "lab"),
    Design.OTHER: ("other", "others"),
    None: ("n. s.", "n. s."),
}
# The shades of a cell: from how many studies on each begins.
_SHADES = (1, 2, 4, 8)

COMPARATORS = (
    *("sham", "placebo", "no treatment", "waiting list", "usual care", "drug treatment"),
    *("exercise or physiotherapy", "other", UNSTATED),
)
"""What trials compare with; a trial without one stands under the last."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a table: how many, of what in short and in full, where they are listed, whether it counts reviews."""

    number: int
    short: str
    full: str
    target: str
    review: bool = False


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of the map. ``numbers`` count by design, ``apart`` what does not count; ``new`` are among either."""

    id: str
    row: str
    column: str
    numbers: tuple[Number, ...]
    apart: tuple[Number, ...]
    studies: int
    people: int
    new: int

    @property
    def shade(self) -> int:
        """0 for none, up to 4 for many studies."""
        return sum(self.studies >= floor for floor in _SHADES)

    @property
    def is_empty(self) -> bool:
        """Whether no study at all bears on it: a gap."""
        return not self.numbers and not self.apart


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    id: str
    name: str
    squares: tuple[Square, ...]

    @property
    def filled(self) -> tuple[Square, ...]:
        """Its cells that hold studies."""
        return tuple(square for square in self.squares if not square.is_empty)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, and the lists behind its cells by their ids."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    lists: Mapping[str, tuple[Group, ...]]


def comparator_name(comparator: str) -> str:
    """What a trial compares with, in words."""
    return "comparison not stated" if comparator == UNSTATED else comparator


def key(whole: Cell) -> tuple[tuple[str, str], ...]:
    """The short names of the designs on the map, each with its meaning."""
    return tuple((_SHORT[design][0], words.design(design)) for design in whole.by_design)


def by_outcome(held: Holdings) -> Grid:
    """Treatments in rows, outcomes in columns. Every pair has a cell; the empty ones are the gaps."""
    return _grid(held, "map", held.map.cell, OUTCOMES, column_name)


def by_comparator(held: Holdings) -> Grid:
    """Treatments in rows, and in columns what trials in people compared them with."""
    cells = {pair: Cell(tuple(found)) for pair, found in comparisons(held).items()}
    return _grid(held, "against", lambda *pair: cells.get(pair, Cell()), COMPARATORS, comparator_name)


def comparisons(held: Holdings) -> Mapping[tuple[str, str], Sequence[Study]]:
    """The trials in people that count, by each of their treatments and each of what they compare it with."""
    placed: defaultdict[tuple[str, str], list[Study]] = defaultdict(list)
    for study in held.map.whole.studies:
        if design_of(study) in TRIALS and not is_animal(study):
            facts = study.main.facts
            rows = dict.fromkeys(treatment for treatment, _ in pairs(study))
            columns = dict.fromkeys(fact.value for fact in facts.comparators) or {UNSTATED: None}
            for pair in ((row, column) for row in rows for column in columns):
                placed[pair].append(study)
    return placed


def _grid(
    held: Holdings,
    prefix: str,
    cell: Callable[[str, str], Cell],
    columns: Sequence[str],
    column: Callable[[str], str],
) -> Grid:
    lines, lists = [], {}
    for row in INTERVENTIONS:
        squares = []
        for name in columns:
            place = f"{prefix}--{row}--{name.replace(' ', '_')}"
            found = cell(row, name)
            squares.append(_square(place, row_name(row), column(name), found, held))
            if not found.is_empty:
                lists[place] = groups(found, place, held)
        lines.append(Line(f"{prefix}--{row}", row_name(row), tuple(squares)))
    return Grid(tuple(map(column, columns)), tuple(lines), lists)


def _square(place: str, row: str, column: str, cell: Cell, held: Holdings) -> Square:
    return Square(
        id=place,
        row=row,
        column=column,
        numbers=tuple(
            Number(
                number,
                _SHORT[design][number > 1],
                counted(number, design),
                f"{place}--{design or UNSTATED}",
                design in SECONDARY,
            )
            for design, number in cell.by_design.items()
        ),
        apart=tuple(_apart(place, cell)),
        studies=len(cell.studies),
        people=cell.people,
        new=sum(map(held.is_new, (*cell.studies, *cell.retracted, *cell.registered))),
    )


def _apart(place: str, cell: Cell) -> Iterator[Number]:
    if cell.retracted:
        number = len(cell.retracted)
        yield Number(number, "retracted", f"{number} retracted, not counted", f"{place}--retracted")
    if cell.registered:
        number = len(cell.registered)
        yield Number(number, "planned", f"{number} only registered or planned", f"{place}--registered")
