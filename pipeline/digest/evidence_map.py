"""The evidence map: which studies bear on each pair of a treatment and an outcome, and how many people took part.

A map counts studies, not records, and says nothing of what they found: systematic maps show where evidence is and where
it is missing (James et al., Environmental Evidence 2016; Global Evidence Synthesis Initiative). A retracted study stays
visible and is not counted; a study that is only registered is a mark of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.digest.families import Kinship, families
from pipeline.digest.studies import ANNOUNCED, NOTICES, design_of, is_animal, is_retracted, tier_of
from pipeline.digest.words import design_rank
from pipeline.model import Design, Fact, Study, Tier

SECONDARY = (Design.GUIDELINE, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW)
"""What tells of other studies: whoever took part in a review's trials was counted there."""

UNSTATED = "not_stated"
"""The column of studies whose records name no outcome."""

HARMS = "safety"
"""The column of studies that say what harms there were, or that there were none."""

INTERVENTIONS = (
    *("manual_acupuncture", "electroacupuncture", "acupressure", "auricular", "scalp", "moxibustion", "bee_venom"),
    *("laser", "acupoint_injection", "acu_tens", "dry_needling", "cupping", "other"),
)
"""Rows. ``other`` is combined or unspecified, and takes the studies whose records name no treatment, too."""

OUTCOMES = (
    *("fatigue", "spasticity", "mobility_balance", "bladder", "bowel", "pain", "sensory", "sleep", "mood"),
    *("cognition", "sexual_function", "quality_of_life", "disability", "relapse", "immune_markers", HARMS),
    *("other", UNSTATED),
)
"""Columns."""

_NO_STUDIES = (*NOTICES, Design.EDITORIAL)


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of a cell: studies by design, in the order in which these are shown; people; what is apart."""

    by_design: tuple[tuple[Design | None, int], ...] = ()
    people: int = 0
    retracted: int = 0
    registered: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """The studies of one pair: those that count, by design and then the newest first; and those that do not."""

    studies: tuple[Study, ...] = ()
    retracted: tuple[Study, ...] = ()
    registered: tuple[Study, ...] = ()

    @property
    def by_design(self) -> dict[Design | None, int]:
        """How many studies of each design count, in the order in which designs are shown."""
        counted: dict[Design | None, int] = {}
        for study in self.studies:
            counted[design_of(study)] = counted.get(design_of(study), 0) + 1
        return counted

    @property
    def people(self) -> int:
        """How many people took part, in studies that say so; reviews, which count them again, are left out."""
        return sum(_people(study) for study in self.studies)

    @property
    def tally(self) -> Tally:
        """The same as numbers."""
        return Tally(tuple(self.by_design.items()), self.people, len(self.retracted), len(self.registered))

    @property
    def is_empty(self) -> bool:
        """Whether no study at all bears on the pair: a gap."""
        return not (self.studies or self.retracted or self.registered)


_EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """Cells by treatment and outcome. ``whole`` holds each study once, however many cells it stands in."""

    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    whole: Cell = _EMPTY

    def cell(self, intervention: str, outcome: str) -> Cell:
        """The studies of one pair."""
        return self.cells.get((intervention, outcome), _EMPTY)


Tallies = Mapping[tuple[str, str], Tally]
"""What a map counts, by treatment and outcome: what its reader was told, and can be kept."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """What a cell counts before and after."""

    intervention: str
    outcome: str
    before: Tally
    after: Tally


def evidence_map(studies: Mapping[int, Study], kinships: Iterable[Kinship] = ()) -> EvidenceMap:
    """The map of the studies about the subject itself (tier core); reports of one study stand behind its first."""
    core = {number: study for number, study in studies.items() if tier_of(study) is Tier.CORE}
    heads = sorted(one.head for one in families(list(core), (), kinships, core)[0])
    placed: defaultdict[tuple[str, str], list[Study]] = defaultdict(list)
    mapped = [core[number] for number in heads if design_of(core[number]) not in _NO_STUDIES]
    for study in mapped:
        for pair in pairs(study):
            placed[pair].append(study)
    return EvidenceMap({pair: _cell(found) for pair, found in sorted(placed.items(), key=_place)}, _cell(mapped))


def pairs(study: Study) -> tuple[tuple[str, str], ...]:
    """The treatments and outcomes that the main record states, each with each; what has no place is ``other``."""
    facts = study.main.facts
    treatments = _named(facts.interventions, INTERVENTIONS) or {"other": None}
    outcomes = _named(facts.outcomes, OUTCOMES)
    if design_of(study) not in ANNOUNCED:  # a plan may name harms as an outcome; what was done has to report them
        outcomes.pop(HARMS, None)
    if facts.harms:
        outcomes[HARMS] = None
    outcomes = outcomes or {UNSTATED: None}
    return tuple((treatment, outcome) for treatment in treatments for outcome in outcomes)


def _named(facts: Iterable[Fact[str]], places: Collection[str]) -> dict[str, None]:
    return dict.fromkeys(fact.value if fact.value in places else "other" for fact in facts)


def tallies(whole: EvidenceMap) -> Tallies:
    """What a map counts."""
    return {pair: cell.tally for pair, cell in whole.cells.items()}


def changes(before: Tallies, after: Tallies) -> tuple[CellChange, ...]:
    """The cells that count otherwise than before, in the order of the map."""
    both = dict(sorted({**before, **after}.items(), key=_place))
    found = (CellChange(*pair, before.get(pair, Tally()), after.get(pair, Tally())) for pair in both)
    return tuple(one for one in found if one.before != one.after)


def _cell(studies: Iterable[Study]) -> Cell:
    ordered = sorted(studies, key=_order)
    retracted = tuple(study for study in ordered if is_retracted(study))
    registered = tuple(study for study in ordered if design_of(study) in ANNOUNCED and study not in retracted)
    counted = tuple(study for study in ordered if study not in (*retracted, *registered))
    return Cell(counted, retracted, registered)


def _order(study: Study) -> tuple[int, int, int]:
    published = study.main.record.published
    return design_rank(design_of(study)), -published.latest.toordinal() if published else 0, study.id


def _people(study: Study) -> int:
    participants = study.main.facts.participants
    counts = participants and not is_animal(study) and design_of(study) not in SECONDARY
    return participants.value if participants and counts else 0


def _place(entry: tuple[tuple[str, str], object]) -> tuple[int, int]:
    intervention, outcome = entry[0]
    return INTERVENTIONS.index(intervention), OUTCOMES.index(outcome)
