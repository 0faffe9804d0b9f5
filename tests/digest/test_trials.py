"""The course of a trial in words, and when its results are due."""

from datetime import date

import pytest

from pipeline.digest.trials import STATUSES, changed, in_words, results_due, together
from pipeline.model import PartialDate


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        ("RECRUITING", "COMPLETED", "RECRUITING → COMPLETED"),
        ("RECRUITING", "RECRUITING", ""),
        ("ACTIVE_NOT_RECRUITING", "Active, not recruiting", ""),
        ("", "COMPLETED", ""),
        ("COMPLETED", "", ""),
        ("RECRUITING", "A_NEW_WORD", "RECRUITING → A_NEW_WORD"),
    ],
)
def test_changed(was: str, now: str, change: str) -> None:
    """A change is told in the registry's words; other spelling, and what is not stated, is none."""
    assert changed(was, now) == change


def test_together() -> None:
    """Changes in a row are one from the first state to the last, and none if that is the first again."""
    assert together("NOT_YET_RECRUITING → RECRUITING", "RECRUITING → COMPLETED") == "NOT_YET_RECRUITING → COMPLETED"
    assert together("RECRUITING → SUSPENDED", "SUSPENDED → RECRUITING") == ""


def test_in_words() -> None:
    """Readers see plain words; a state that is not known to us stands as the registry has it."""
    assert in_words("ACTIVE_NOT_RECRUITING → Completed") == "active, not recruiting → completed"
    assert in_words("RECRUITING → A_NEW_WORD") == "recruiting → A_NEW_WORD"
    assert all(words == words.lower() and "_" not in words for words in STATUSES.values())


@pytest.mark.parametrize(
    ("completed", "due"),
    [
        (PartialDate(2025, 3, 31), date(2026, 3, 31)),
        (PartialDate(2025, 2), date(2026, 2, 28)),
        (PartialDate(2025), date(2026, 12, 31)),
        (PartialDate(2024, 2, 29), date(2025, 3, 1)),
    ],
)
def test_results_due(completed: PartialDate, due: date) -> None:
    """Results are due a year after the last day that a completion date may mean."""
    assert results_due(completed) == due
