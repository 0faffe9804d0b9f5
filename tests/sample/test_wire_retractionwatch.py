"""What the sample world tells in Retraction Watch's shape is what the real source reads."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.harvest.retractionwatch import RetractionWatch
from pipeline.harvest.source import Known
from pipeline.model import PartialDate, Record, Relation, RelationKind, Section
from pipeline.proof import Watched
from pipeline.sample.wire import retractionwatch
from pipeline.sample.world import Row, world_from
from tests.harvest.case_retractionwatch import CASE
from tests.harvest.contract import SUBJECT, harvest
from tests.support.server import LocalServer, Reply

WATCHED = Watched(frozenset({"10.5555/sample.1"}), frozenset({"99000001"}))
NOTICE: Row = {
    "id": "a",
    "title": "Retraction: Sample record (made up): a trial",
    "journal": "Journal of Sample Records",
    "doi": "10.5555/sample.notice",
    "pmid": "99000002",
    "published": "2026-11-18",
    "entered": "2026-11-19",
    "abstract": [["", "Invented data"], ["", "Paper mill"]],
    "relations": [{"kind": "retraction_of", "pmid": "99000001", "doi": "10.5555/sample.1"}],
    "held_by": {"retractionwatch": {}},
}


@pytest.fixture(name="server")
def _server() -> Iterator[LocalServer]:
    """Serve on loopback during one test."""
    with LocalServer() as server:
        yield server


def take(server: LocalServer, *rows: Row) -> tuple[Record, ...]:
    """Harvest a world of these rows."""
    body = retractionwatch.table(world_from(rows).held("retractionwatch", "baseline"))
    server.on("/retraction_watch.csv", Reply(body=body))
    with CASE.client(server) as client:
        outcome = harvest(RetractionWatch(), client, Known({}, watched=WATCHED))
        assert RetractionWatch().probe(client, SUBJECT) is None
    assert (outcome.rejected, outcome.proof.shortfall) == ((), "")
    return outcome.records


def told(**facts: Any) -> Row:
    """Make a row with these facts."""
    return {**NOTICE, **facts}


def test_read_back(server: LocalServer) -> None:
    """Everything comes back that the file can tell; what is about something else is passed over."""
    (record,) = take(server, NOTICE)
    assert (record.title, record.journal, record.published) == (
        NOTICE["title"],
        NOTICE["journal"],
        PartialDate(2026, 11, 18),
    )
    assert (record.doi, record.pmid) == ("10.5555/sample.notice", "99000002")
    assert record.abstract == (Section("Invented data; Paper mill", "Reasons"),)
    assert record.relations == (
        Relation(RelationKind.RETRACTION_OF, "Retraction", pmid="99000001", doi="10.5555/sample.1"),
    )


@pytest.mark.parametrize("kind", ["retraction_of", "concern_for", "erratum_for", "other"])
def test_natures(server: LocalServer, kind: str) -> None:
    """Each kind of notice is told as such, and found by PubMed id alone; what it does not state it does not state."""
    pointers = [{"kind": kind, "pmid": "99000001"}, {"kind": "comment_on", "pmid": "99000001"}]
    (record,) = take(server, told(doi="", pmid="", published="2026", relations=pointers))
    assert [pointer.kind for pointer in record.relations] == [RelationKind(kind)]
    assert (record.doi, record.pmid, record.published) == ("", "", PartialDate(2026, 12, 31))


def test_nothing_held(server: LocalServer) -> None:
    """A world without notices still has a file that can be read."""
    assert take(server) == ()
