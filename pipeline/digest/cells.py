"""A cell of the evidence map in words: how many studies of which design, how many people, and what changed."""

from collections.abc import Collection, Mapping

from pipeline.digest import words
from pipeline.digest.evidence_map import HARMS, SECONDARY, UNSTATED, Cell, CellChange, Tally
from pipeline.model import Design

# The two that a reader meets in every cell; all others are written out.
_SHORT: Mapping[Design | None, str] = {Design.RCT: "RCT", Design.SYSTEMATIC_REVIEW: "SR"}
_PLURALS = {words.design(design): words.design(design, many=True) for design in (*Design, None)}
_PEOPLE = "N"
_ROWS = {"auricular": "auricular (ear) points", "other": "combined or unspecified"}
_COLUMNS = {HARMS: "harms", "other": "other outcomes", UNSTATED: "outcome not stated"}


def row_name(intervention: str) -> str:
    """A treatment, as the map calls its row."""
    return _ROWS.get(intervention, words.term(intervention))


def column_name(outcome: str) -> str:
    """An outcome, as the map calls its column."""
    return _COLUMNS.get(outcome, words.term(outcome))


def cell_words(cell: Cell) -> str:
    """``4 RCT · N 250 · 1 SR``: primary studies and how many took part, then reviews, then what does not count."""
    counts = _counts(cell.tally, [design for design, _ in cell.tally.by_design])
    return " · ".join(_counted(number, name) for name, number in counts.items() if number)


def changed_cell(change: CellChange) -> tuple[str, str]:
    """The outcome and the treatment, and what is counted otherwise than before: ``3 → 4 RCT``, ``N 186 → 250``."""
    named = {design for design, _ in (*change.before.by_design, *change.after.by_design)}
    designs = sorted(named, key=words.design_rank)
    before, after = _counts(change.before, designs), _counts(change.after, designs)
    changed = [(name, before[name], after[name]) for name in after if before[name] != after[name]]
    shown = (_counted(now, name, f"{was:,} → ") for name, was, now in changed)
    return f"{column_name(change.outcome)} × {row_name(change.intervention)}", " · ".join(shown)


def _counts(tally: Tally, designs: Collection[Design | None]) -> dict[str, int]:
    """What is counted of these designs, by its name in the singular, in reading order."""
    counted = dict(tally.by_design)
    return {
        **{_name(design): counted.get(design, 0) for design in designs if design not in SECONDARY},
        _PEOPLE: tally.people,
        **{_name(design): counted.get(design, 0) for design in designs if design in SECONDARY},
        "retracted": tally.retracted,
        "only registered": tally.registered,
    }


def _name(design: Design | None) -> str:
    return _SHORT.get(design) or words.design(design)


def _counted(number: int, name: str, before: str = "") -> str:
    if name == _PEOPLE:
        return f"{name} {before}{number:,}"
    plural = _PLURALS.get(name, name)
    return f"{before}{number:,} {name if number == 1 else plural}"
