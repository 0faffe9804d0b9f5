"""Appraise: what a work states of itself, each value with the words it rests on.

A value is given where metadata or plain words leave no doubt, and left out otherwise: readers see "not stated", never a
guess. A fuller appraisal refines the modules behind :func:`appraise` and changes nothing else.
"""

from collections.abc import Sequence

from pipeline.appraise import status, topics
from pipeline.appraise.conclusion import conclusion
from pipeline.appraise.design import design, disputed
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
    return Facts(
        design=kind,
        disputed=disputed(read, kind),
        population=studied,
        participants=participants(read, kind.value if kind else None),
        interventions=topics.interventions(read),
        comparators=() if studied and studied.value == ANIMAL else topics.comparators(read),  # sham is surgery there
        outcomes=topics.outcomes(read),
        conclusion=None if kind and kind.value in _PLANS else conclusion(read),
        registrations=registrations(ranked),
        retracted=status.retracted(ranked, notices),
        concern=status.concern(ranked, notices),
        corrected=status.corrected(ranked, notices),
        withdrawn=status.withdrawn(ranked),
    )
