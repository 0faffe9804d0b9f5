"""What the sample writes as Crossref, read back by the real source over HTTP."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline import text
from pipeline.harvest.crossref import Crossref
from pipeline.harvest.fetch import Fetcher, HttpSettings
from pipeline.model import Record, RelationKind
from pipeline.proof import Harvested, Known, Page, Proof, Watched
from pipeline.sample.wire import crossref
from pipeline.sample.world import STAGES, Publication, Stage, load, world_from
from tests.harvest.contract import SUBJECT
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply, Request

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
WORLD = load()
EVERYTHING = {"query.bibliographic": "x", "rows": "1000", "cursor": "*"}


@pytest.fixture(name="server")
def _server() -> Iterator[LocalServer]:
    """Serve on loopback."""
    with LocalServer() as server:
        yield server


def told(**facts: Any) -> Publication:
    """Make a publication with these facts."""
    row = {"id": "a", "title": "A title", "entered": "2026-01-02", "doi": "10.5555/A", "held_by": {"crossref": {}}}
    return world_from([{**row, **facts}]).held("crossref", "baseline")[0]


def harvest(server: LocalServer, held: Sequence[Publication], known: Known) -> tuple[list[Record], Proof]:
    """Let the real source ask for what is held, three works a page."""

    def works(request: Request) -> Reply:
        rows = str(min(3, int(request.query["rows"])))
        status, body = crossref.works(held, {**request.query, "rows": rows})
        return Reply(status, body)

    server.on("/works", works)
    with Fetcher(HttpSettings(), "someone@example.org", FakeClock(NOW).timing()) as fetcher:
        steps = Crossref().harvest(fetcher.client(server.url, rate=1000), SUBJECT, known, NOW)
        found: list[Harvested] = []
        while True:
            try:
                page: Page = next(steps)
            except StopIteration as end:
                return [one.record for one in found], end.value
            assert not page.rejected
            found += page.records


def listed(held: Sequence[Publication], **params: str) -> list[str]:
    """Give the DOIs that an answer lists."""
    status, body = crossref.works(held, EVERYTHING | params)
    assert status == 200
    return [work["DOI"] for work in json.loads(body)["message"]["items"]]


@pytest.mark.parametrize("stage", STAGES)
def test_read_back(server: LocalServer, stage: Stage) -> None:
    """Everything with a DOI is read back by it, with what Crossref tells of it."""
    held = WORLD.held("europepmc", stage)
    known = Known({}, complete_until=datetime(1900, 1, 1, tzinfo=UTC))
    records, proof = harvest(server, held, known)
    registered = {text.doi(one.doi): one for one in held if one.doi}
    assert proof.listed == registered.keys()
    assert (proof.total, proof.shortfall) == (len(registered), "")
    for record in records:
        one = registered[record.source_id]
        assert record.title == text.from_markup(one.title)
        assert record.abstract_text.casefold() == "\n".join(_words(one)).casefold()
        assert record.published == one.published
        assert [author.family for author in record.authors] == [author.family for author in one.authors]
        assert (record.journal, record.volume, record.issue) == (one.journal, one.volume, one.issue)
        assert (record.pages, record.registrations) == (one.pages, one.registrations)
        assert str(record.indexed) == one.entered.isoformat()
        assert record.is_preprint == ("Preprint" in one.types)


def _words(one: Publication) -> list[str]:
    texts = [(part.label, text.from_markup(part.text)) for part in one.abstract]
    return [f"{label}: {words}" if label else words for label, words in texts]


@pytest.mark.parametrize("kind", list(RelationKind))
def test_relation(server: LocalServer, kind: RelationKind) -> None:
    """A pointer comes back as it was meant, where Crossref has a word for it."""
    one = told(relations=[{"kind": kind.value, "doi": "10.5555/b"}, {"kind": kind.value, "pmid": "1"}])
    records, _ = harvest(server, [one], Known({}))
    has_word = kind in crossref._UPDATES or kind in crossref._LINKS
    assert [(found.kind, found.doi) for found in records[0].relations] == [(kind, "10.5555/b")] * has_word


def test_watched(server: LocalServer) -> None:
    """What was last deposited long ago is found by its DOI."""
    known = Known({}, complete_until=datetime(2026, 11, 14, tzinfo=UTC), watched=Watched(dois=frozenset({"10.5555/a"})))
    records, proof = harvest(server, [told(), told(doi="10.5555/b")], known)
    assert [record.source_id for record in records] == ["10.5555/a"]
    assert proof.total == 1


def test_filters() -> None:
    """Dates are inclusive; several values of one filter are alternatives, several filters conditions."""
    held = [told(), told(doi="10.5555/b", revised="2026-03-01"), told(doi="")]
    assert listed(held) == ["10.5555/a", "10.5555/b"]
    assert listed(held, filter="from-created-date:2026-01-02") == ["10.5555/a", "10.5555/b"]
    assert listed(held, filter="from-created-date:2026-01-03") == []
    assert listed(held, filter="from-update-date:2026-01-03") == ["10.5555/b"]
    assert listed(held, filter="doi:10.5555/B,doi:10.5555/c") == ["10.5555/b"]
    assert listed(held, filter="doi:10.5555/a,from-update-date:2026-01-03") == []


@pytest.mark.parametrize(
    ("params", "status", "word"),
    [({"rows": "1001"}, 400, "integer-not-valid"), ({"cursor": "made up"}, 404, "cursor-invalid")],
)
def test_refusal(params: dict[str, str], status: int, word: str) -> None:
    """What Crossref does not take is refused in its way."""
    answered, body = crossref.works([told()], params)
    assert (answered, json.loads(body)["message"][0]["type"]) == (status, word)


def test_cursor() -> None:
    """A cursor is always given, even past the end, but only to those who ask for one."""
    first = json.loads(crossref.works([told()], {"cursor": "*"})[1])["message"]
    past = json.loads(crossref.works([told()], {"cursor": first["next-cursor"]})[1])["message"]
    assert (past["items"], past["total-results"]) == ([], 1)
    assert past["next-cursor"]
    assert "next-cursor" not in json.loads(crossref.works([told()], {})[1])["message"]


def test_work() -> None:
    """Names, groups, ORCIDs and languages stand where Crossref has them; nothing is said of what is not known."""
    authors = [{"family": "Sample", "given": "Ada", "orcid": "0000-0002-1825-0097"}, {"collective": "A & B"}]
    one = told(authors=authors, language="chi", title="x<y & z")
    (work,) = json.loads(crossref.works([one], {})[1])["message"]["items"]
    assert work["author"] == [
        {"ORCID": "https://orcid.org/0000-0002-1825-0097", "given": "Ada", "family": "Sample", "sequence": "first"},
        {"name": "A & B", "sequence": "additional"},
    ]
    assert (work["language"], work["title"]) == ("zh", ["x<y & z"])
    assert work["issued"] == {"date-parts": [[None]]}
    assert not work.keys() & {"page", "volume", "abstract", "subtype", "institution", "clinical-trial-number"}
