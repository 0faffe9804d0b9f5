"""What a registry says of the course of a trial, in words for readers, and when its results are due."""

from collections.abc import Mapping
from datetime import date

from pipeline.model import PartialDate

STATUSES: Mapping[str, str] = {
    "NOT_YET_RECRUITING": "not yet recruiting",
    "RECRUITING": "recruiting",
    "ENROLLING_BY_INVITATION": "enrolling by invitation",
    "ACTIVE_NOT_RECRUITING": "active, not recruiting",
    "SUSPENDED": "suspended (stopped, and may start again)",
    "TERMINATED": "terminated (stopped early, and will not start again)",
    "COMPLETED": "completed",
    "WITHDRAWN": "withdrawn (stopped before anyone was enrolled)",
    "UNKNOWN": "unknown (not confirmed within two years)",
    "AVAILABLE": "available outside a trial",
    "NO_LONGER_AVAILABLE": "no longer available outside a trial",
    "TEMPORARILY_NOT_AVAILABLE": "temporarily not available outside a trial",
    "APPROVED_FOR_MARKETING": "approved for marketing",
    "WITHHELD": "withheld",
}
"""The states of ClinicalTrials.gov in plain words (its glossary: "Recruitment status", "Expanded access status")."""

ENDED = ("COMPLETED", "TERMINATED")
"""The states of a trial in which nobody is examined any more, so that there is something to report."""

WHY_STOPPED = "Why stopped"
"""The heading under which a registration says why the trial stopped."""

_TO = " → "


def changed(was: str, now: str) -> str:
    """A change of state, ``RECRUITING → COMPLETED``, in the registry's words.

    Empty if either is not stated, or both are one in other spelling.
    """
    return f"{was}{_TO}{now}" if was and now and _word(was) != _word(now) else ""


def together(first: str, then: str) -> str:
    """Two changes, one after the other, as one; empty if the last state is the first again."""
    return changed(first.partition(_TO)[0], then.partition(_TO)[2])


def in_words(change: str) -> str:
    """A change of state for readers; a state that has no words of ours in the registry's own."""
    return _TO.join(STATUSES.get(_word(state), state) for state in change.split(_TO))


def _word(state: str) -> str:
    """A state in one spelling, however a registry spells it: "Active, not recruiting"."""
    return "_".join(state.upper().replace("_", " ").replace(",", " ").split())


def results_due(completed: PartialDate) -> date:
    """The day by which results are due: one year after the primary completion date (FDAAA 801; 42 CFR 11.44).

    Of a date that is no whole day the last day counts.
    """
    day = completed.latest
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
