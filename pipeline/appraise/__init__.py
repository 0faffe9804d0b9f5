"""Appraise: what a work states of itself, each value with the words it rests on.

A value is given where metadata or plain words leave no doubt, and left out otherwise: readers see "not stated", never a
guess. A fuller appraisal refines the modules behind :func:`appraise` and changes nothing else.
"""

from collections.abc import Sequence

from pipeline.appraise import status, topics
from pipeline.appraise.conclusion import conclusion
from pipeline.appraise.declarations import funding, interests
from pipeline.appraise.design import design
from pipeline.appraise.direction import direction
from pipeline.appraise.harms import harms
from pipeline.appraise.participants import participants
from pipeline.appraise.population import ANIMAL, population
from pipeline.appraise.reading import Reading
from pipeline.appraise.registrations import registrations
from pipeline.model import Design, Facts, Record, Relationship, best_first

__all__ = ["appraise"]

_PLANS = (Design.REGISTRATION, Design.PROTOCOL)  # what they hope for is no conclusion


def appraise(records: Sequence[Record], notices: Sequence[tuple[Relationship, Record]] = ()) -> Facts:
    """The facts of one work from its records and from the notices that are linked to it.

    ``notices`` pairs each notice's record with what it is to the work (retraction notice, erratum, concern).
    ``field`` of a fact names a field of the record, or ``notice``.
    """
    ranked = best_first(records)
    read = [Reading.of(record) for record in ranked]
    studied = population(read)
    kind = design(read, studied)
    planned = kind is not None and kind.value in _PLANS
    concluded = None if planned else conclusion(read)
    return Facts(
        design=kind,
        population=studied,
        participants=participants(read, kind.value if kind else None),
        interventions=topics.interventions(read),
        comparators=() if studied and studied.value == ANIMAL else topics.comparators(read),  # sham is surgery there
        outcomes=topics.outcomes(read),
        conclusion=concluded,
        direction=None if planned else direction(read, concluded),
        harms=None if planned else harms(read),
        funding=funding(read),
        interests=interests(read),
        registrations=registrations(ranked),
        retracted=status.retracted(ranked, notices),
        concern=status.concern(ranked, notices),
        corrected=status.corrected(ranked, notices),
        withdrawn=status.withdrawn(ranked),
    )
