"""What the sample writes as DOAJ, read back by the real source over HTTP."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from pipeline import text
from pipeline.harvest.doaj import DOAJ
from pipeline.harvest.fetch import Fetcher, HttpSettings
from pipeline.model import PartialDate, Record
from pipeline.proof import Harvested, Known, Page, Proof
from pipeline.sample.wire import doaj
from pipeline.sample.world import STAGES, Publication, Stage, load, world_from
from tests.harvest.contract import SUBJECT
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply, Request

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
WORLD = load()
SEARCH = "/v4/search/articles/"


@pytest.fixture(name="server")
def _server() -> Iterator[LocalServer]:
    """Serve on loopback."""
    with LocalServer() as server:
        yield server


def told(**facts: Any) -> Publication:
    """Make a publication with these facts."""
    row = {"id": "a", "title": "A title", "entered": "2026-01-02", "held_by": {"doaj": {}}}
    return world_from([{**row, **facts}]).held("doaj", "baseline")[0]


def harvest(server: LocalServer, held: Sequence[Publication], known: Known, limit: int) -> tuple[list[Record], Proof]:
    """Let the real source ask for what is held, three articles a page."""

    def search(request: Request) -> Reply:
        size = str(min(3, int(request.query["pageSize"])))
        query = unquote(request.path.removeprefix(SEARCH))
        return Reply(*doaj.search(held, query, {**request.query, "pageSize": size}))

    server.on(SEARCH, search)
    with Fetcher(HttpSettings(), "someone@example.org", FakeClock(NOW).timing()) as fetcher:
        steps = DOAJ(limit).harvest(fetcher.client(server.url, rate=1000), SUBJECT, known, NOW)
        found: list[Harvested] = []
        while True:
            try:
                page: Page = next(steps)
            except StopIteration as end:
                return [one.record for one in found], end.value
            assert not page.rejected
            found += page.records


def found(held: Sequence[Publication], query: str, **params: str) -> Any:
    """Give what an answer says."""
    status, body = doaj.search(held, query, params)
    assert status == 200
    return json.loads(body)


@pytest.mark.parametrize("stage", STAGES)
def test_read_back(server: LocalServer, stage: Stage) -> None:
    """Everything is read back, with what DOAJ tells of it."""
    held = [one for one in WORLD.held("europepmc", stage) if not one.preprint_id][:25]
    records, proof = harvest(server, held, Known({}), 1000)
    written = {doaj.article_id(one): one for one in held}
    assert proof == Proof(len(held), frozenset(written))
    for record in records:
        one = written[record.source_id]
        assert (record.title, record.journal, record.volume) == (one.title, one.journal, one.volume)
        assert (record.issue, record.pages, record.keywords) == (one.issue, one.pages, one.keywords)
        assert record.doi == one.doi.lower()
        assert record.indexed == PartialDate(one.entered.year, one.entered.month, one.entered.day)
        assert str(record.published or "") == str(one.published or "")[:7]
        assert len(record.authors) == len(one.authors)
        assert all(text.from_markup(part.text) in record.abstract_text for part in one.abstract)


def test_window(server: LocalServer) -> None:
    """Beyond the limit only what was updated since two weeks before the last complete harvest is listed."""
    held = [told(id=str(day), entered=str(date(2026, 10, 1) + timedelta(days=day))) for day in range(50)]
    records, proof = harvest(server, held, Known({}, complete_until=datetime(2026, 11, 16, tzinfo=UTC)), 20)
    assert [str(record.indexed) for record in records] == [f"2026-11-{day:02}" for day in range(2, 20)]
    assert (proof.total, proof.shortfall, proof.whole) == (18, "", False)


def test_author() -> None:
    """A person is given name first, with an ORCID iD if there is one; a group has its name."""
    authors = [{"family": "Sample", "given": "Ada", "orcid": "0000-0002-1825-0097"}, {"collective": "A group"}]
    (result,) = found([told(authors=authors)], "x")["results"]
    assert result["bibjson"]["author"] == [
        {"name": "Ada Sample", "orcid_id": "https://orcid.org/0000-0002-1825-0097"},
        {"name": "A group"},
    ]


def test_bare() -> None:
    """What is not known is left out."""
    (result,) = found([told(language="")], "x")["results"]
    assert result["bibjson"] == {"title": "A title"}


def test_pages() -> None:
    """An answer names the pages before and after it and the last one; of nothing there is no page."""
    held = [told(id=str(number)) for number in range(7)]
    answer = found(held, 'a "b"', page="2", pageSize="3")
    base = "https://doaj.org/api/v4/search/articles/a%20%22b%22?page="
    assert {name: answer.get(name) for name in ("prev", "next", "last")} == {
        "prev": f"{base}1&pageSize=3",
        "next": f"{base}3&pageSize=3",
        "last": f"{base}3&pageSize=3",
    }
    assert "next" not in found(held, "x", page="3", pageSize="3")
    assert "last" not in found([], "x")


@pytest.mark.parametrize(
    ("query", "params", "words"),
    [
        ("acupunct*", {}, "disallowed Lucene features"),
        ("created_date:[2026-01-01 TO *]", {}, "disallowed Lucene features"),
        ("needling", {"page": "11", "pageSize": "500"}, "beyond 1000 records"),
    ],
)
def test_refused(query: str, params: dict[str, str], words: str) -> None:
    """Wildcards are refused, and so is what lies beyond the first 1,000 records."""
    status, body = doaj.search([], query, params)
    assert status == 400
    assert words in json.loads(body)["error"]
