"""Where in an issue a study belongs, and what a careful reader would want to know of it, as its record shows it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from pipeline.digest.issue import IssueRef, Item, Section
from pipeline.digest.studies import ANNOUNCED, CARD_DESIGNS, appeared, design_of, has_posted_results, tier_of
from pipeline.digest.words import design_rank
from pipeline.model import Design, Study, Tier, Work

CARDS = 5
SMALL = 30
"""Fewer people than this is called small. A convention of ours, stated wherever it is applied by giving the number."""

INDEXING_LAG = timedelta(days=60)
"""Bibliographic databases often hold an article weeks after its publication date. What is older than the period by no
more than this is simply new; what is older still was found late."""

_STUDIES = (
    *CARD_DESIGNS,
    Design.NONRANDOMIZED_TRIAL,
    Design.OBSERVATIONAL,
    Design.CASE_REPORT,
    Design.ANIMAL,
    Design.IN_VITRO,
)
_NOT_A_CARD = "not among the five shown in full"


def registrations_of(work: Work) -> tuple[str, ...]:
    """The trial numbers its sources list; else that of the registry page it is."""
    own = (fact.value for fact in work.facts.registrations if fact.field == "url")
    return work.record.registrations or tuple(own)


def versions(item: Item) -> Iterator[tuple[Work, IssueRef | None]]:
    """Every report of the item's study, and the issue that told of it before this one."""
    yield from ((work, None) for work in item.study.works)
    yield from ((kin.study.main, kin.told_in) for kin in item.kin)


def doubts(study: Study) -> Iterator[str]:
    """What has befallen the publication since it appeared, so that it can no longer be relied on."""
    facts = study.main.facts
    for fact, words in (
        (facts.retracted, "retracted"),
        (facts.concern, "expression of concern"),
        (facts.withdrawn, "withdrawn"),
    ):
        if fact and fact.value:
            yield words


def marks(study: Study) -> Iterator[str]:
    """What has befallen the publication since it appeared. A corrected one is no worse for being corrected."""
    yield from doubts(study)
    if study.main.facts.corrected and study.main.facts.corrected.value:
        yield "corrected"


def cautions(study: Study) -> Iterator[str]:
    """What limits how far a study carries, the gravest first."""
    yield from doubts(study)
    main, design = study.main, design_of(study)
    if main.record.is_preprint:
        yield "preprint, not peer reviewed"
    if design is Design.ANIMAL or (main.facts.population and main.facts.population.value == "animal"):
        yield "animal study"
    elif design is Design.IN_VITRO:
        yield "laboratory study"
    elif main.facts.participants and main.facts.participants.value < SMALL and design is not Design.CASE_REPORT:
        yield f"small (N = {main.facts.participants.value})"
    if design is Design.CASE_REPORT:
        yield "no control group"
    elif design is Design.NONRANDOMIZED_TRIAL:
        yield "non-randomised study of a treatment"
    elif design is Design.OBSERVATIONAL:
        yield "observational study"
    if not main.record.abstract:
        yield "abstract not available"


def place(study: Study, since: date | None) -> Item:
    """The item a new study becomes where the period begins at ``since`` (None: a first issue; nothing is late)."""
    design, results, own_date = design_of(study), has_posted_results(study), appeared(study)
    if since and own_date and since - own_date.latest > INDEXING_LAG:
        return Item(study, Section.FOUND_LATE)
    if design in ANNOUNCED and not results:
        return Item(study, Section.TRIALS)
    reasons = (*cautions(study), *(["related subject"] if tier_of(study) is not Tier.CORE else []))
    if reasons and (design in _STUDIES or results or any(doubts(study))):
        return Item(study, Section.BELOW_THE_LINE, reasons)
    return Item(study, Section.WORTH_READING if design in CARD_DESIGNS or results else Section.ALSO_INDEXED)


def arrange(items: Iterable[Item]) -> list[Item]:
    """Reading order. Only the first cards stay cards; the others stand below the line and say so."""
    ordered = sorted(items, key=_reading_order)
    cards = [item for item in ordered if item.section is Section.WORTH_READING]
    lowered = [replace(item, section=Section.BELOW_THE_LINE, reasons=(_NOT_A_CARD,)) for item in cards[CARDS:]]
    others = [item for item in ordered if item.section is not Section.WORTH_READING]
    return sorted([*cards[:CARDS], *lowered, *others], key=_reading_order)


def _reading_order(item: Item) -> tuple[int, int, int, int]:
    """By section; reviews before trials before the rest; newest first; what has no date last."""
    published = appeared(item.study)
    level = max(design_rank(design_of(item.study)), design_rank(Design.SYSTEMATIC_REVIEW))
    return item.section.rank, level, -published.latest.toordinal() if published else 0, item.study.id
