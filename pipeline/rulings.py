"""The operator's word on one publication, set above what the rules concluded of it. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.model import (
    BY_HAND,
    Count,
    Counted,
    Design,
    Fact,
    Facts,
    Judged,
    Judgement,
    Matter,
    Reason,
    Ruling,
    Tier,
    Verdict,
)

NOT_RELEVANT = "judged not relevant"
"""The rule by which a publication is out that an operator put out."""


def ruled(verdict: Verdict, facts: Facts, judged: Iterable[Judged]) -> tuple[Verdict, Facts]:
    """Verdict and facts of a work with what was judged of its records, oldest first: the latest on a matter counts.

    What is judged relevant and was out comes in as core, so that every subscription has it; a record that the rules let
    in keeps its tier.
    """
    screened = verdict
    for one in judged:
        match one.word:
            case Ruling(matter=Matter.RELEVANT):
                verdict = _let_in(screened, one)
            case Ruling(matter=Matter.NOT_RELEVANT):
                verdict = Verdict(Tier.OUT, screened.reasons, NOT_RELEVANT)
            case Ruling(matter=Matter.DESIGN, value=value, record=record):
                design = Fact(Design(value), words(one), BY_HAND, record) if value else None
                facts = replace(facts, design=design, disputed=None)
            case Ruling(matter=Matter.PARTICIPANTS, value=value, record=record):
                count = Count(int(value), words(one), BY_HAND, record, Counted.ENROLLED) if value else None
                facts = replace(facts, participants=count)
    return verdict, facts


def _let_in(screened: Verdict, judged: Judged) -> Verdict:
    tier = Tier.CORE if screened.tier is Tier.OUT else screened.tier
    return Verdict(tier, (*screened.reasons, Reason(BY_HAND, words(judged), BY_HAND)))


def on_sameness(judged: Iterable[Judged]) -> tuple[Judgement, ...]:
    """What was judged of two records."""
    return tuple(one.word for one in judged if isinstance(one.word, Judgement))


def words(judged: Judged) -> str:
    """When it was judged, and why if that was noted."""
    return f"judged by hand on {judged.at:%Y-%m-%d}" + (f": {judged.note}" if judged.note else "")
