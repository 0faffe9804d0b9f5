"""What has changed in studies that were told before: to whom it is told, what is told as one, and in which order."""

from dataclasses import replace

from pipeline.digest import mistakes, trials
from pipeline.digest.families import is_settled
from pipeline.digest.issue import FIRST, Correction, Material
from pipeline.model import Event, EventKind

_GRAVEST_FIRST = (
    EventKind.RETRACTED,
    EventKind.CONCERN,
    EventKind.WITHDRAWN,
    EventKind.OUR_MISTAKE,
    EventKind.CORRECTED,
    EventKind.PUBLISHED,
    EventKind.RESULTS,
    EventKind.STATUS,
    EventKind.OVERDUE,
)
# Of a trial itself, whatever was told of the publications that came of it.
_OF_THE_TRIAL = (EventKind.RESULTS, EventKind.STATUS, EventKind.OVERDUE)
# What is told as one when it happens several times before anybody is told.
_TOGETHER = {EventKind.OUR_MISTAKE: mistakes.together, EventKind.STATUS: trials.together}


def corrections(material: Material) -> tuple[Correction, ...]:
    """What happened to studies that were told before, each notice once, the gravest first."""
    found: dict[tuple[int, EventKind, str], Correction] = {}
    for event in _standing(material):
        number = material.study_of[event.work]
        if number in material.studies and _concerns(event, number, material):
            correction = Correction(event, material.studies[number], material.told[number], number in material.shown)
            found.setdefault((number, event.kind, event.notice), correction)
    return tuple(sorted(found.values(), key=lambda correction: _GRAVEST_FIRST.index(correction.event.kind)))


def _concerns(event: Event, number: int, material: Material) -> bool:
    """Whether it is news to somebody who was told of the study.

    A mistake of ours is told to those to whom we made it: an issue has to have spoken of the study. The course of a
    trial is told to those who know the trial, from an issue that spoke of it or counted it; not to those for whom it is
    settled by its results.
    """
    if number not in material.told or event.kind is EventKind.NEW:
        return False
    if number in material.shown:
        return True
    if event.kind not in _OF_THE_TRIAL:
        return event.kind is not EventKind.OUR_MISTAKE
    counted = material.told[number].number == FIRST
    return counted or not is_settled(number, material.told, material.kinships, material.studies)


def _standing(material: Material) -> list[Event]:
    """The events, several of one kind as one where they follow each other, and none that was taken back or overtaken.

    Before anybody was told, that is: a mistake of ours that we put right, a trial whose state is the former one again,
    results that were overdue and have been posted.
    """
    standing: dict[tuple[EventKind, int, int], Event] = {}
    for event in material.events:
        together = _TOGETHER.get(event.kind)
        place = (event.kind, event.work, 0 if together or event.kind is EventKind.OVERDUE else event.id)
        if together and (before := standing.pop(place, None)):
            event = replace(event, notice=together(before.notice, event.notice))  # noqa: PLW2901 - the two as one
        if event.notice or not together:
            standing[place] = event
        if event.kind is EventKind.RESULTS:
            standing.pop((EventKind.OVERDUE, event.work, 0), None)
    return list(standing.values())
