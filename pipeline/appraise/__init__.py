"""Appraise: what a work states of itself, each value with the words it rests on.

A value is given where metadata or plain words leave no doubt, and left out otherwise: readers see "not stated", never a
guess.
"""

from collections.abc import Sequence

from pipeline.appraise import status
from pipeline.appraise.comparators import comparators
from pipeline.appraise.conclusion import conclusion
from pipeline.appraise.declarations import funding, interests
from pipeline.appraise.design import design, disputed
from pipeline.appraise.direction import direction
from pipeline.appraise.harms import harms
from pipeline.appraise.interventions import interventions
from pipeline.appraise.outcomes import outcomes
from pipeline.appraise.participants import participants
from pipeline.appraise.population import ANIMAL, population
from pipeline.appraise.reading import Reading
from pipeline.appraise.registrations import registrations
from pipeline.model import Design, Facts, Record, Relationship, best_first

__all__ = ["appraise"]

_PLANS = (Design.REGISTRATION, Design.PROTOCOL)  # what they hope for is no result
_NO_EFFECT = (*_PLANS, Design.SURVEY, Design.EDITORIAL, Design.ERRATUM, Design.RETRACTION_NOTICE)  # they measure none


def appraise(records: Sequence[Record], notices: Sequence[tuple[Relationship, Record]] = ()) -> Facts:
    """The facts of one work from its records and from the notices that are linked to it.

    ``notices`` pairs each notice's record with what it is to the work (retraction notice, erratum, concern).
    ``field`` of a fact names a field of the record, or ``notice``.
    """
    ranked = best_first(records)
    read = [Reading.of(record) for record in ranked]
    studied = population(read)
    kind = design(read, studied)
    named = kind.value if kind else None
    given = interventions(read)
    compared = studied is None or studied.value != ANIMAL  # sham is surgery there
    concluded = None if named is Design.REGISTRATION else conclusion(read)
    return Facts(
        design=kind,
        disputed=disputed(read, kind),
        publication=status.publication(ranked),
        population=studied,
        participants=participants(read, named),
        interventions=given,
        comparators=comparators(read, bool(given)) if compared else (),
        outcomes=outcomes(read),
        conclusion=concluded,
        direction=None if named in _NO_EFFECT else direction(read, concluded),
        harms=None if named in _PLANS else harms(read),
        funding=funding(read),
        interests=interests(read),
        registrations=registrations(read),
        retracted=status.retracted(ranked, notices),
        concern=status.concern(ranked, notices),
        corrected=status.corrected(ranked, notices),
        withdrawn=status.withdrawn(ranked),
    )
