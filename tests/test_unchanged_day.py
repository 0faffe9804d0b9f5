"""What a day on which nothing has changed costs each source, asked for the shipped subject."""

from pathlib import Path

import pytest

from pipeline.harvest.registry import SOURCES
from tests.support.unchanged import second_day

# With the sample world, whose lists all fit on one page. What is watched adds its day's share: a seventh of the PMIDs
# that no search of PubMed finds (one fetch), and of the DOIs (at Crossref, 40 a request).
MOST = {
    "pubmed": 3,  # the list, what was revised, the day's share
    "europepmc": 2,  # the list, and the page that ends it
    "crossref": 2,  # the window, the day's share
    "openalex": 3,  # the subject takes three queries
    "semanticscholar": 3,  # as many
    "clinicaltrials": 3,  # as many
    "doaj": 15,  # as many, since its addresses have to be short
    "medrxiv": 4,  # each of two servers: the window, and the page that ends it
    "retractionwatch": 0,  # alone there is nothing to look up; else the file
    "feed": 1,
}


def test_every_source() -> None:
    """A new source says what it costs."""
    assert set(MOST) == {*SOURCES, "feed"}


@pytest.mark.parametrize("source", MOST)
def test_requests(source: str, tmp_path: Path) -> None:
    """A second day asks no more than its protocol needs, and no faster than the source's published rate."""
    day = second_day(source, tmp_path)
    assert len(day.paths) <= MOST[source], day.paths
    assert day.shortest_pause >= 1 / day.rate - 1e-6
