"""Weeks of daily runs in simulated time, against a world that misbehaves. ``bench/year.py`` plays the whole year."""

import pytest

from tests.support.year import Year, live

DAYS = 95


pytestmark = pytest.mark.xdist_group("year")  # what they share is made once


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Play once for all tests: outages of four sources, a rebuilt index, and a lying total."""
    return live(DAYS, tmp_path_factory.mktemp("year"))


def test_nothing_missed(year: Year) -> None:
    """Every record that a source showed to a run is in the store, however late it was indexed."""
    assert year.missing() == []


def test_told_once(year: Year) -> None:
    """Every publication that turned up after the first issue was told, once, though sources come and go."""
    assert year.told_wrongly() == {}
    assert len(year.told()) > 25


def test_nothing_falsely_complete(year: Year) -> None:
    """No issue says that all is complete on a day on which a source was down, half rebuilt, or lied."""
    assert year.falsely_complete() == []


def test_trouble_is_shown(year: Year) -> None:
    """The issue of each such day names the source; on all other days every source is complete."""
    assert sum(len(year.troubled(day)) for day in range(DAYS)) > 30
    assert year.unmentioned() == []
    assert year.needlessly_incomplete() == []


def test_retractions_are_told(year: Year) -> None:
    """A retraction that a source states, whatever its dates say, is told within a week, days of outage not counted."""
    assert year.retracted() <= set(year.retractions)
    assert all(len(days) == 1 for days in year.retractions.values())
    assert max(year.retraction_waits()) <= 7
