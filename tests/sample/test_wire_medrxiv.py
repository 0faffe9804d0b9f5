"""What the sample world tells in medRxiv's and bioRxiv's shape is what the real source reads."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.harvest.medrxiv import MedRxiv
from pipeline.harvest.source import Known
from pipeline.model import Author, PartialDate, Record, RelationKind
from pipeline.sample.wire import medrxiv
from pipeline.sample.world import Publication, Row, world_from
from tests.harvest.case_medrxiv import CASE
from tests.harvest.contract import EMPTY, SUBJECT, Outcome, harvest
from tests.support.server import LocalServer, Reply

PREPRINT: Row = {
    "id": "a",
    "title": "Sample record (made up): acupuncture & needles",
    "authors": ["Sample, Ada Maria", {"collective": "A sample group"}],
    "journal": "medRxiv",
    "doi": "10.5555/sample.1",
    "entered": "2026-10-20",
    "abstract": [["METHODS", "We asked."], ["", "We heard."]],
    "keywords": ["neurology"],
    "held_by": {"medrxiv": {}},
}


def held(*rows: Row) -> tuple[Publication, ...]:
    """Give what the servers hold of these rows."""
    return world_from(rows).held("medrxiv", "baseline")


@pytest.fixture(name="server")
def _server() -> Iterator[LocalServer]:
    """Serve on loopback during one test."""
    with LocalServer() as server:
        yield server


def take(server: LocalServer, *rows: Row, known: Known = EMPTY) -> Outcome:
    """Harvest a world of these rows."""
    publications = held(*rows)
    server.on("/", lambda request: Reply(body=medrxiv.answer(publications, request.path.removeprefix("/"))))
    with CASE.client(server) as client:
        return harvest(MedRxiv(), client, known)


def told(**facts: Any) -> Row:
    """Make a row with these facts."""
    return {**PREPRINT, **facts}


def one(outcome: Outcome) -> Record:
    """Give the only record of a harvest without a flaw."""
    (record,) = outcome.records
    assert (outcome.rejected, outcome.proof.shortfall) == ((), "")
    return record


def test_read_back(server: LocalServer) -> None:
    """Everything comes back that the API can tell; what is about something else is passed over."""
    record = one(take(server, PREPRINT))
    assert (record.title, record.doi, record.journal) == (PREPRINT["title"], PREPRINT["doi"], "medRxiv")
    assert record.authors == (Author("Sample", "A. M."), Author(collective="A sample group"))
    assert record.abstract_text == "METHODSWe asked. We heard."
    assert (record.published, record.keywords) == (PartialDate(2026, 10, 20), ("neurology",))
    assert (record.relations, record.url) == ((), "https://www.medrxiv.org/content/10.5555/sample.1v1")


def test_revised(server: LocalServer) -> None:
    """A revised preprint is told twice; one that was first posted long ago is asked for by its DOI."""
    record = one(take(server, told(entered="2026-01-02", revised="2026-10-30", journal="bioRxiv")))
    assert (record.published, record.journal) == (PartialDate(2026, 1, 2), "bioRxiv")
    assert record.url.endswith("v2")


def test_published(server: LocalServer) -> None:
    """A preprint names its article by DOI; a pointer without one is more than the API knows."""
    pointers = [{"kind": "preprint_of", "doi": "10.5555/sample.article"}]
    record = one(take(server, told(relations=pointers)))
    assert [(pointer.kind, pointer.doi) for pointer in record.relations] == [
        (RelationKind.PREPRINT_OF, "10.5555/sample.article")
    ]
    assert one(take(server, told(relations=[{"kind": "preprint_of", "pmid": "99000001"}]))).relations == ()


def test_outside_of_the_days(server: LocalServer) -> None:
    """What was posted before is not told, and days without anything of ours are no shortfall."""
    outcome = take(server, told(entered="2026-01-02"))
    assert (outcome.records, outcome.proof.shortfall) == ((), "")


def test_pages() -> None:
    """A page holds a hundred versions; behind the last one there is nothing, and it is said."""
    publications = held(*(told(id=str(number), doi=f"10.5555/{number}") for number in range(120)))
    pages = [
        json.loads(medrxiv.answer(publications, f"details/medrxiv/2026-10-01/2026-11-01/{cursor}"))
        for cursor in (0, 100, 121)
    ]
    assert [len(page["collection"]) for page in pages] == [100, 21, 0]
    assert pages[1]["messages"][0]["total"] == "121"
    assert pages[2]["messages"][0]["status"] == "no posts found"


def test_probe(server: LocalServer) -> None:
    """There is always something that was posted last."""
    server.on("/", lambda request: Reply(body=medrxiv.answer((), request.path.removeprefix("/"))))
    with CASE.client(server) as client:
        assert MedRxiv().probe(client, SUBJECT) is None
