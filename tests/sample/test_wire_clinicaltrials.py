"""ClinicalTrials.gov's wire format: what is written is read back by the real source."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.harvest.clinicaltrials import ClinicalTrials
from pipeline.model import Author, PartialDate, RelationKind
from pipeline.proof import Known
from pipeline.sample.wire import clinicaltrials
from pipeline.sample.world import STAGES, Publication, Stage, load, world_from
from tests.harvest.case_clinicaltrials import CASE
from tests.harvest.contract import API_KEY, EMPTY, Outcome, harvest
from tests.support.server import LocalServer, Reply, Request

WORLD = load()


def told(**facts: Any) -> Publication:
    """Make a publication with these facts."""
    row = {"id": "a", "title": "Made-up trial", "entered": "2026-01-02", "held_by": {"clinicaltrials": {}}}
    return world_from([{**row, **facts}]).held("clinicaltrials", "baseline")[0]


def harvested(held: Sequence[Publication], page: str = "1000", known: Known = EMPTY, limit: int = 10_000) -> Outcome:
    """Ask a server that holds these publications, with ``page`` of them a page."""

    def answer(request: Request) -> Reply:
        params = {name: value for name, value in request.query.items() if value != API_KEY}
        status, body = clinicaltrials.studies(held, {**params, "pageSize": page})
        return Reply(status, body)

    with LocalServer() as server, CASE.client(server) as client:
        server.on("/studies", answer)
        return harvest(ClinicalTrials(limit), client, known)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("page", ["1", "2", "1000"])
def test_whole(page: str, stage: Stage) -> None:
    """Every registration comes back once, over several pages, under its number and with its words."""
    held = [one for one in WORLD.held("open", stage) if one.registrations]
    assert held
    outcome = harvested(held, page)
    assert outcome.proof.total == len(held)
    assert outcome.proof.shortfall == ""
    found = {record.source_id: record for record in outcome.records}
    for one in held:
        record = found[clinicaltrials.nct_id(one)]
        assert record.title == one.title
        assert set(one.registrations) <= set(record.registrations)
        assert record.abstract_text == "Brief summary: " + "\n".join(part.text for part in one.abstract)


def test_fields() -> None:
    """What is stated comes back as it was."""
    one = told(
        authors=["van der Muster, Erika", {"collective": "Invented University"}],
        abstract=[["", "x*y < [z]"], ["AIM", "More_or_less ~1."]],
        registrations=["NCT09990001", "ISRCTN99900001"],
        mesh=["D005221 Fatigue"],
        keywords=["needling"],
        status="RECRUITING",
        relations=[{"kind": "results_in", "pmid": "99900001", "citation": "J. 2026"}, {"kind": "other", "pmid": "2"}],
    )
    (record,) = harvested([one]).records
    assert record.authors == (Author("van der Muster", "Erika"),)
    assert [part.text for part in record.abstract] == ["x*y < [z]", "AIM: More_or_less ~1."]
    assert record.registrations == ("NCT09990001", "ISRCTN99900001")
    assert (record.mesh, record.keywords, record.status) == (("Fatigue",), ("needling",), "RECRUITING")
    assert [(one.kind, one.pmid, one.citation) for one in record.relations] == [
        (RelationKind.RESULTS_IN, "99900001", "J. 2026")
    ]
    assert record.published == PartialDate(2026, 1, 2)


def test_bare() -> None:
    """What is known of nothing but its title has a number and no empty modules."""
    _, body = clinicaltrials.studies([told()], {"query.term": "needle"})
    (study,) = json.loads(body)["studies"]
    assert set(study["protocolSection"]) == {"identificationModule", "statusModule"}
    (record,) = harvested([told()]).records
    assert (record.source_id, record.authors) == (clinicaltrials.nct_id(told()), ())
    assert harvested([told(authors=[{"collective": "A sponsor"}])]).records[0].authors[0].collective == "A sponsor"


def test_window() -> None:
    """Above the limit, only what was updated of late comes."""
    held = [told(id="a"), told(id="b", revised="2026-11-10")]
    known = Known({}, complete_until=datetime(2026, 11, 16, tzinfo=UTC))
    outcome = harvested(held, known=known, limit=1)
    assert outcome.proof.listed == {clinicaltrials.nct_id(held[1])}
    assert (outcome.proof.total, outcome.proof.whole) == (1, False)


@pytest.mark.parametrize(
    "request_",
    [{"query.recrs": "x"}, {"pageToken": "abracadabra"}, {"filter.advanced": "AREA[Phase]PHASE3"}],
)
def test_refused(request_: dict[str, str]) -> None:
    """What the service does not know, or ours does not play, is refused in plain text."""
    status, body = clinicaltrials.studies([], request_)
    assert status == 400
    assert body.startswith(b"`")
