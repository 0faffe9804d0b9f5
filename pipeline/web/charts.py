"""The geometry of two charts, drawn as SVG: studies per year by design, and the map as bubbles.

Lengths are in the user units of the drawing, of which one is a CSS pixel where it is shown in its own size.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from pipeline.digest import words
from pipeline.digest.studies import design_of
from pipeline.model import Design, Study
from pipeline.web.atlas import Grid, Line, Square

BANDS = (
    ("reviews", "systematic reviews and guidelines", (Design.GUIDELINE, Design.SYSTEMATIC_REVIEW)),
    ("randomised", "randomised controlled trials", (Design.RCT,)),
    (
        "people",
        "other studies in people",
        (Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL, Design.SURVEY, Design.CASE_REPORT),
    ),
    ("animals", "animal and laboratory studies", (Design.ANIMAL, Design.IN_VITRO)),
    ("others", "other publications and design not stated", (Design.NARRATIVE_REVIEW, Design.OTHER, None)),
)
"""Layers of a bar, from the ground up: name, meaning, designs. Every design that counts on the map is in one."""

_STEP, _BAR, _HEIGHT = 30, 22, 220
_LEFT, _TOP, _FOOT = 60, 24, 34
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a bar."""

    band: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A year. ``label`` says what it holds; ``x`` is its left edge and ``top`` its upper one."""

    year: int
    number: int
    label: str
    x: float
    top: float
    boxes: tuple[Box, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class YearChart:
    """Bars over years; ``ticks`` are numbers of studies with their height, ``ground`` is where the bars stand."""

    width: float
    height: float
    ground: float
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]
    bands: tuple[tuple[str, str, int], ...]
    middle: float = _BAR / 2
    left: float = _LEFT
    bar: float = _BAR


def year_of(study: Study) -> int | None:
    """The year in which it was published; None if that is not stated."""
    published = study.main.record.published
    return published.year if published else None


def year_chart(studies: Sequence[Study]) -> YearChart | None:
    """Studies per year, each bar in layers by design; None if no study states a year."""
    years = [year for study in studies if (year := year_of(study)) is not None]
    if not years:
        return None
    of_year = {year: [one for one in studies if year_of(one) == year] for year in range(min(years), max(years) + 1)}
    most = max(map(len, of_year.values()))
    step = next((step for step in _STEPS if most / step <= _MOST_TICKS), most)
    top = -(-most // step) * step
    unit = _HEIGHT / top
    ground = _TOP + _HEIGHT
    return YearChart(
        width=_LEFT + _STEP * len(of_year) + 32,
        height=ground + _FOOT,
        ground=ground,
        bars=tuple(
            _bar(year, found, _LEFT + 8 + _STEP * place, unit, dated=_is_dated(year, max(of_year)))
            for place, (year, found) in enumerate(of_year.items())
        ),
        ticks=tuple((value, ground - value * unit) for value in range(0, top + 1, step)),
        bands=tuple((name, meaning, _among(designs, studies)) for name, meaning, designs in BANDS),
    )


def _is_dated(year: int, last: int) -> bool:
    """Whether the year is written under its bar: every fifth, and the last one."""
    return year == last or (year % 5 == 0 and last - year > 1)


def _among(designs: Sequence[Design | None], studies: Iterable[Study]) -> int:
    return sum(design_of(study) in designs for study in studies)


def _bar(year: int, studies: Sequence[Study], x: float, unit: float, *, dated: bool) -> Bar:
    layers = [(name, meaning, _among(designs, studies)) for name, meaning, designs in BANDS]
    parts = words.listed([f"{number} {meaning}" for _, meaning, number in layers if number])
    boxes, y = [], float(_TOP + _HEIGHT)
    for name, _, number in layers:
        if number:
            y -= number * unit
            boxes.append(Box(name, round(y, 1), round(number * unit, 1)))
    label = f"{year}: {words.count(len(studies), 'study', 'studies')} ({parts})"
    return Bar(year, len(studies), label, x, round(y, 1), tuple(boxes), dated)


# --- bubbles -----------------------------------------------------------------------------------------

_CELL, _NAMES, _HEAD = 54, 224, 132
_AFTER = 120  # what the last slanting name needs
_LARGEST, _ROOMY = 24.0, 12.0


@dataclass(frozen=True, slots=True)
class Bubble:
    """A cell: where, how large, and whether its number fits in."""

    square: Square
    x: float
    y: float
    radius: float

    @property
    def roomy(self) -> bool:
        """Whether the number is written inside rather than beside it."""
        return self.radius >= _ROOMY

    @property
    def label(self) -> str:
        """What it says to those who do not see it."""
        return f"{self.square.row}, {self.square.column}: {words.count(self.square.studies, 'study', 'studies')}"


@dataclass(frozen=True, slots=True)
class BubbleChart:
    """Treatments in rows, outcomes in columns, up to ``end``. ``gaps`` are the places where no study at all stands."""

    end: float
    width: float
    height: float
    rows: tuple[tuple[str, float], ...]
    columns: tuple[tuple[str, float], ...]
    bubbles: tuple[Bubble, ...]
    gaps: tuple[tuple[float, float], ...]
    names: float = _NAMES
    head: float = _HEAD


def bubble_chart(grid: Grid) -> BubbleChart | None:
    """The map as bubbles whose area grows with the number of studies; None if no study counts."""
    most = max(square.studies for line in grid.lines for square in line.squares)
    if not most:
        return None
    placed = list(_places(grid.lines))
    end = _NAMES + _CELL * len(grid.columns)
    return BubbleChart(
        end=end,
        width=end + _AFTER,
        height=_HEAD + _CELL * len(grid.lines) + 4,
        rows=tuple((line.name, _HEAD + _CELL * (place + 0.5)) for place, line in enumerate(grid.lines)),
        columns=tuple((name, _NAMES + _CELL * (place + 0.5)) for place, name in enumerate(grid.columns)),
        bubbles=tuple(
            Bubble(square, x, y, round(_LARGEST * sqrt(square.studies / most), 1))
            for square, x, y in placed
            if square.studies
        ),
        gaps=tuple((x, y) for square, x, y in placed if square.is_empty),
    )


def _places(lines: Sequence[Line]) -> Iterator[tuple[Square, float, float]]:
    for row, line in enumerate(lines):
        for column, square in enumerate(line.squares):
            yield square, _NAMES + _CELL * (column + 0.5), _HEAD + _CELL * (row + 0.5)
