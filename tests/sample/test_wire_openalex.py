"""OpenAlex's wire format: what is written is read back by the real source."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline import text
from pipeline.harvest.openalex import OpenAlex
from pipeline.model import PartialDate
from pipeline.sample.wire import openalex
from pipeline.sample.world import STAGES, Publication, Stage, load, world_from
from tests.harvest.case_openalex import CASE
from tests.harvest.contract import Outcome, harvest
from tests.support.server import LocalServer, Reply, Request

WORLD = load()
ASKED = {"filter": "title_and_abstract.search:needle"}


def told(**facts: Any) -> Publication:
    """Make a publication with these facts."""
    row = {"id": "a", "title": "Made-up title", "entered": "2026-01-02", "held_by": {"openalex": {}}}
    return world_from([{**row, **facts}]).held("openalex", "baseline")[0]


def harvested(held: Sequence[Publication], page: str = "100") -> Outcome:
    """Ask a server that holds these publications, with at most ``page`` of them a page."""

    def answer(request: Request) -> Reply:
        status, body = openalex.works(held, {**request.query, "per_page": page})
        return Reply(status, body)

    with LocalServer() as server, CASE.client(server) as client:
        server.on("/works", answer)
        return harvest(OpenAlex(), client)


@pytest.mark.parametrize("stage", STAGES)
def test_whole(stage: Stage) -> None:
    """Every publication comes back once, over several pages, with its title, identifiers, authors and words."""
    held = WORLD.held("europepmc", stage)
    outcome = harvested(held, page="10")
    assert outcome.proof.total == len(held)
    assert outcome.proof.shortfall == ""
    found = {record.source_id: record for record in outcome.records}
    for one in held:
        record = found[openalex.work_id(one)]
        assert record.title == text.from_markup(one.title)
        assert (record.doi, record.pmid, record.pmcid) == (one.doi.lower(), one.pmid, one.pmcid)
        assert len(record.authors) == len(one.authors)
        assert record.is_preprint == ("Preprint" in one.types)
        assert record.journal == one.journal
        assert record.abstract_text == text.from_markup(" ".join(f"{part.label} {part.text}" for part in one.abstract))


def test_fields() -> None:
    """What is stated comes back as it was, a date of a year as a year."""
    facts = {
        "volume": "1",
        "pages": "5-9",
        "published": "2025",
        "mesh": ["D005221 Fatigue"],
        "types": ["Retracted Publication"],
        "authors": [{"family": "Sample", "given": "Ada", "orcid": "0000-0002-1825-0097"}, {"collective": "A group"}],
    }
    (record,) = harvested([told(**facts)]).records
    assert (record.volume, record.issue, record.pages, record.mesh) == ("1", "", "5-9", ("Fatigue",))
    assert record.published == PartialDate(2025)
    assert record.indexed == PartialDate(2026, 1, 2)
    assert "Retracted Publication" in record.publication_types
    assert [str(author) for author in record.authors] == ["Sample A", "A group"]
    assert record.authors[0].orcid == "0000-0002-1825-0097"


def test_newest_first() -> None:
    """The newest publications come first, those without a date last; a page that is not full has no cursor."""
    held = [told(id="a", published="2020"), told(id="b"), told(id="c", published="2026-10")]
    status, body = openalex.works(held, ASKED)
    content = json.loads(body)
    assert status == 200
    assert [work["publication_date"] for work in content["results"]] == ["2026-10-01", "2020-01-01", None]
    assert content["meta"]["next_cursor"] is None


def test_select() -> None:
    """Only the members that were asked for come, or all of them."""
    _, body = openalex.works([told()], ASKED | {"select": "id,type"})
    assert [*json.loads(body)["results"][0]] == ["id", "type"]
    _, body = openalex.works([told()], ASKED)
    assert "updated_date" in json.loads(body)["results"][0]


@pytest.mark.parametrize("request_", [{}, ASKED | {"cursor": "x"}, ASKED | {"per_page": "101"}], ids=str)
def test_error(request_: dict[str, str]) -> None:
    """What cannot be answered is refused in words."""
    status, body = openalex.works([told()], request_)
    assert status == 400
    assert set(json.loads(body)) == {"error", "message"}
