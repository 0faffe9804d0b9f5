"""What the sample writes as Semantic Scholar, read back by the real source over HTTP."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline import text
from pipeline.harvest.fetch import Fetcher, HttpSettings
from pipeline.harvest.semanticscholar import SemanticScholar
from pipeline.harvest.semanticscholar_json import FIELDS
from pipeline.model import Author, PartialDate, Record
from pipeline.proof import Harvested, Known, Page, Proof
from pipeline.sample.wire import semanticscholar
from pipeline.sample.world import STAGES, Publication, Stage, load, world_from
from tests.harvest.contract import SUBJECT
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
WORLD = load()
ASKED = {"query": "x", "fields": ",".join(FIELDS)}


@pytest.fixture(name="server")
def _server() -> Iterator[LocalServer]:
    """Serve on loopback."""
    with LocalServer() as server:
        yield server


def told(**facts: Any) -> Publication:
    """Make a publication with these facts."""
    row = {"id": "a", "title": "A title", "entered": "2026-01-02", "held_by": {"semanticscholar": {}}}
    return world_from([{**row, **facts}]).held("semanticscholar", "baseline")[0]


def harvest(server: LocalServer, held: Sequence[Publication]) -> tuple[dict[str, Record], Proof]:
    """Let the real source ask for what is held, three papers a page; its records by their ids."""
    server.on("/paper/search/bulk", lambda request: Reply(*semanticscholar.bulk(held, request.query, size=3)))
    with Fetcher(HttpSettings(), "someone@example.org", FakeClock(NOW).timing()) as fetcher:
        steps = SemanticScholar().harvest(fetcher.client(server.url, rate=1000), SUBJECT, Known({}), NOW)
        found: list[Harvested] = []
        while True:
            try:
                page: Page = next(steps)
            except StopIteration as end:
                return {one.record.source_id: one.record for one in found}, end.value
            assert not page.rejected
            found += page.records


@pytest.mark.parametrize("stage", STAGES)
def test_world(stage: Stage, server: LocalServer) -> None:
    """What PubMed and Europe PMC hold in the sample comes back whole, if Semantic Scholar holds it."""
    held = {one.id: one for source in ("pubmed", "europepmc") for one in WORLD.held(source, stage)}
    records, proof = harvest(server, [*held.values()])
    assert (proof.total, proof.shortfall) == (len(held), "")
    for one in held.values():
        record = records[semanticscholar.paper_id(one)]
        assert (record.title, record.journal) == (text.from_markup(one.title), one.journal)
        assert (record.doi, record.pmid, record.pmcid) == (text.doi(one.doi), one.pmid, one.pmcid)
        assert [_name(author) for author in record.authors] == [_name(author) for author in one.authors]
        assert bool(record.abstract) == bool(one.abstract)
        assert (record.published and record.published.year) == (one.published and one.published.year)


def _name(author: Author) -> str:
    """Give the whole name: where it has to be parted is not told."""
    return author.collective or f"{author.given} {author.family}".strip()


def test_whole(server: LocalServer) -> None:
    """Every field that Semantic Scholar has is told, and what it does not have is not."""
    one = told(
        authors=["van Sample, Ada Maria", {"collective": "A group"}],
        journal="J",
        volume="3",
        issue="4",
        pages="5-6",
        published="2026-02-03",
        doi="10.5555/A",
        pmid="99000001",
        pmcid="PMC99000002",
        abstract=[["METHODS", "We asked."], ["", "We heard."]],
        open_access=True,
        types=["Journal Article"],
    )
    records, _ = harvest(server, [one])
    (record,) = records.values()
    assert record.authors == (Author("van Sample", "Ada Maria"), Author(collective="A group"))
    assert (record.journal, record.volume, record.issue, record.pages) == ("J", "3", "", "5-6")
    assert record.published == PartialDate(2026, 2, 3)
    assert (record.doi, record.pmid, record.pmcid) == ("10.5555/a", "99000001", "PMC99000002")
    assert record.abstract_text == "METHODS: We asked. We heard."
    assert (record.open_access, record.publication_types) == (True, ())


def test_bare(server: LocalServer) -> None:
    """What is not known is null or empty, and read as not stated."""
    records, proof = harvest(server, [told()])
    (record,) = records.values()
    assert (record.abstract, record.authors, record.journal, record.published) == ((), (), "", None)
    assert (record.doi, record.open_access, proof.shortfall) == ("", None, "")


def test_less_exact(server: LocalServer) -> None:
    """A month is not told: there is a whole day, or a year."""
    records, _ = harvest(server, [told(published="2026-02")])
    assert [record.published for record in records.values()] == [PartialDate(2026)]


def test_nothing(server: LocalServer) -> None:
    """Nothing held is an answer, too."""
    records, proof = harvest(server, [])
    assert (records, proof.total, proof.shortfall) == ({}, 0, "")


def test_paging() -> None:
    """Pages come in the order of ids, and the last one has no token."""
    held = [told(id=name) for name in "abc"]
    status, first = semanticscholar.bulk(held, ASKED, size=2)
    content = json.loads(first)
    rest = json.loads(semanticscholar.bulk(held, {**ASKED, "token": content["token"]}, size=2)[1])
    ids = [paper["paperId"] for page in (content, rest) for paper in page["data"]]
    assert (status, content["total"], rest["token"]) == (200, 3, None)
    assert ids == sorted(map(semanticscholar.paper_id, held))


def test_fields() -> None:
    """Only what is asked for is told; id and title, if nothing is."""
    (paper,) = json.loads(semanticscholar.bulk([told()], {"query": "x"})[1])["data"]
    assert set(paper) == {"paperId", "title"}


@pytest.mark.parametrize("wrong", [{"query": " "}, {"token": "nonsense"}, {"fields": "title,nonsense"}])
def test_refused(wrong: dict[str, str]) -> None:
    """A request that cannot be read is refused in JSON."""
    status, body = semanticscholar.bulk([told()], {**ASKED, **wrong})
    assert status == 400
    assert json.loads(body)["error"]
