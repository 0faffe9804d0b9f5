"""Asking sources: who is asked, what is believed, and what a digest says of it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.harvest.politeness import LONGEST_ABSENCE
from pipeline.proof import Status
from pipeline.run import Order, Outcome, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE
from pipeline.store import reading
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply, Request
from tests.support.watch import FILES, watch

DAY = timedelta(days=1)
Run = Callable[..., Outcome]


@pytest.fixture
def go(clock: FakeClock) -> Run:
    """Run on a day, counted from the first, without waiting for anybody."""
    return lambda config, day=0, **order: run(
        config, replace(Order(BASELINE + day * DAY, timing=clock.timing()), **order)
    )


def issue(config: Config, number: int) -> dict[str, Any]:
    """An issue as its readers' programs get it."""
    with reading(config.database) as store:
        document: dict[str, Any] = json.loads(store.told.printed("daily", number, "json"))
    return document


def text(config: Config, number: int) -> str:
    """An issue as its readers get it, with the line ends taken out."""
    with reading(config.database) as store:
        return " ".join(store.told.printed("daily", number, "text").split())


def daily(folder: Path, url: str, sources: dict[str, Any], **tables: Any) -> Config:
    """A watch on some sources, without feeds unless there are any in ``tables``, with a digest a day."""
    digests = [{"name": "daily", "schedule": "daily at 07:00", "files": FILES}]
    off = {name: {"enabled": False} for name in ("pubmed", "europepmc")}
    return watch(folder, url, {**off, **sources}, **{"digests": digests, "feeds": [], **tables})


def europepmc(folder: Path, url: str, **tables: Any) -> Config:
    """A watch on Europe PMC alone."""
    return daily(folder, url, {"europepmc": {"base_url": f"{url}/europepmc"}}, **tables)


def hits(numbers: Sequence[int]) -> Reply:
    """An answer of Europe PMC with made-up records of these numbers."""
    results = [
        {
            "id": f"{99_000_000 + one}",
            "source": "AGR",
            "doi": f"10.5555/hit.{one}",
            "title": f"Made-up study {one}: acupuncture in multiple sclerosis",
        }
        for one in numbers
    ]
    return Reply(body=json.dumps({"hitCount": len(results), "resultList": {"result": results}}).encode())


# --- left out -------------------------------------------------------------------------------------


def test_key_wanted(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A source that wants a key and has none is left out, with what to do; that is no failure and no gap."""
    sources = {"europepmc": {"base_url": f"{sample.url}/europepmc"}, "openalex": {"base_url": f"{sample.url}/openalex"}}
    config = daily(tmp_path, sample.url, sources)
    outcome = go(config)
    assert outcome.exit_code == 0
    assert [(row.label, row.status) for row in outcome.coverage] == [
        ("Europe PMC", Status.COMPLETE),
        ("OpenAlex", Status.SKIPPED),
    ]
    assert not any(request.path.startswith("/openalex") for request in sample.requests)
    first = issue(config, 1)
    assert first["complete"]
    assert "api_key" in first["coverage"][1]["error"]
    assert "OpenAlex was left out: it wants an API key" in text(config, 1)


def test_nothing_but_left_out(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """If no source can be asked at all, nothing could be harvested."""
    config = daily(tmp_path, sample.url, {"openalex": {"base_url": f"{sample.url}/openalex"}})
    assert go(config).exit_code == 3


def test_key_given(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """With a key it is asked, and the key is nowhere to be found afterwards."""
    (tmp_path / "key").write_text("SECRET-xyz\n")
    config = daily(tmp_path, sample.url, {"openalex": {"base_url": f"{sample.url}/openalex", "api_key": "file:key"}})
    assert go(config).exit_code == 0
    assert {request.params.get("api_key") for request in sample.requests} == {"SECRET-xyz"}
    assert b"SECRET-xyz" not in config.database.read_bytes()


def test_header_key(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """A key that goes into a header is no part of an address, and is not told when the source repeats it."""
    (tmp_path / "key").write_text("SECRET-xyz\n")
    server.on("/", Reply(403, b'{"message":"Forbidden: SECRET-xyz"}'))
    settings = {"base_url": f"{server.url}/s2", "api_key": "file:key"}
    [coverage] = go(daily(tmp_path, server.url, {"semanticscholar": settings})).coverage
    assert {request.headers["x-api-key"] for request in server.requests} == {"SECRET-xyz"}
    assert all("SECRET" not in str(request.query) for request in server.requests)
    assert coverage.status is Status.FAILED
    assert "SECRET" not in coverage.error


def test_left_alone_by_a_wrong_clock(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """Nobody is left alone for longer than a week, though a clock that was wrong may have noted so."""
    server.on("/", Reply(429, headers={"Retry-After": "86400"}))
    config = europepmc(tmp_path, server.url)
    go(config, 400)
    server.on("/", hits([1]))
    assert LONGEST_ABSENCE < 400 * DAY
    assert go(config, 0).exit_code == 0


# --- doubted --------------------------------------------------------------------------------------


def test_shorter_list(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """A list that is suddenly much shorter is an index in the middle of a rebuild: nothing in it counts as gone."""
    config = europepmc(tmp_path, server.url)
    server.on("/", hits(range(1, 31)))
    assert go(config, 0).exit_code == 0
    server.on("/", hits(range(1, 21)))
    outcome = go(config, 1)
    assert outcome.exit_code == 1
    assert outcome.coverage[0].error == "it lists 20 records, where it had 30 for the same query before"
    assert "INCOMPLETE" in issue(config, 2)["subject"]
    assert issue(config, 2)["coverage"][0]["gone"] == 0
    server.on("/", hits(range(1, 31)))
    assert go(config, 2).exit_code == 0


def test_empty_feed(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """A window that held many records and holds none is doubted for two weeks; one that held a few is not."""
    for held, codes in ((12, [0, 1, 1, 0]), (9, [0, 0, 0, 0])):
        items = b"".join(b"<item><title>Made-up %d</title><guid>urn:%d</guid></item>" % (n, n) for n in range(held))
        server.on("/feed", Reply(body=b'<rss version="2.0"><channel><title>J</title>' + items + b"</channel></rss>"))
        folder = tmp_path / str(held)
        folder.mkdir()
        config = daily(folder, server.url, {}, feeds=[{"name": "Invented", "url": f"{server.url}/feed"}])
        first = go(config, 0).exit_code
        server.on("/feed", Reply(body=b'<rss version="2.0"><channel><title>J</title></channel></rss>'))
        assert [first, *(go(config, day).exit_code for day in (1, 14, 15))] == codes


def test_shorter_list_is_believed(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """After two weeks the shorter list is believed, and what it lacks is gone."""
    config = europepmc(tmp_path, server.url)
    server.on("/", hits(range(1, 31)))
    go(config, 0)
    server.on("/", hits(range(1, 21)))
    assert [go(config, day).exit_code for day in (1, 14, 15)] == [1, 1, 0]
    assert issue(config, 4)["coverage"][0]["gone"] == 10
    assert "10 records no longer listed" in text(config, 4)


def test_a_few_go(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """That a few records disappear is ordinary, and said."""
    config = europepmc(tmp_path, server.url)
    server.on("/", hits(range(1, 31)))
    go(config, 0)
    server.on("/", hits(range(1, 29)))
    assert go(config, 1).exit_code == 0
    assert issue(config, 2)["complete"]
    assert issue(config, 2)["coverage"][0]["gone"] == 2


def test_new_ids(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """That a source gives its records new ids is neither news nor a doubt."""
    config = europepmc(tmp_path, server.url)
    server.on("/", hits(range(1, 31)))
    go(config, 0)
    body = hits(range(1, 31)).body
    assert isinstance(body, bytes)
    server.on("/", Reply(body=body.replace(b'"id": "99', b'"id": "98')))
    assert go(config, 1).exit_code == 0
    assert issue(config, 2)["items"] == []


# --- another question ----------------------------------------------------------------------------


def test_changed_query(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """That a source is asked otherwise is announced once, with the difference in hits."""
    profile = '[[concepts]]\nname = "a"\nmesh = []\nsearch = ["{}"]\nterms = ["acupuncture"]\n'
    subject = tmp_path / "subject.toml"
    subject.write_text('label = "A"\ntitle = "A"\n' + profile.format("acupuncture"))
    server.on("/", hits([1, 2, 3]))
    go(europepmc(tmp_path, server.url, subject="subject.toml"), 0)
    subject.write_text('label = "A"\ntitle = "A"\n' + profile.format("acupunct*"))
    server.on("/", hits([1, 2, 3, 4, 5]))
    config = europepmc(tmp_path, server.url, subject="subject.toml")
    for day in (1, 2):
        go(config, day)
    assert issue(config, 2)["coverage"][0]["query_change"] == {"total_before": 3, "total": 5}
    assert "Europe PMC is asked otherwise than on 16 Nov 2026: 3 records then, 5 now." in text(config, 2)
    assert issue(config, 3)["coverage"][0]["query_change"] is None


def test_changed_query_without_an_answer(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """If the first answer to the new question fails, the difference is said to be unknown."""
    server.on("/", hits([1]))
    go(europepmc(tmp_path, server.url), 0)
    (tmp_path / "subject.toml").write_text(
        'label = "A"\ntitle = "A"\n[[concepts]]\nname = "a"\nmesh = []\nsearch = ["acu*"]\nterms = ["acupuncture"]\n'
    )
    server.on("/", Reply(500))
    config = europepmc(tmp_path, server.url, subject="subject.toml")
    go(config, 1)
    assert "how many records more or fewer that finds is not known" in text(config, 2)


# --- nothing changed, by the server's word -----------------------------------------------------------

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Journal of Invented Trials</title>
<item><title>Made-up: acupuncture in multiple sclerosis</title><guid>doi:10.5555/feed.1</guid></item></channel></rss>"""


def with_feed(folder: Path, server: LocalServer) -> Config:
    """A watch on one feed, whose server knows when nothing has changed."""

    def feed(request: Request) -> Reply:
        if request.headers.get("if-none-match") == '"1"':
            return Reply(304)
        return Reply(body=FEED, headers={"ETag": '"1"'})

    server.on("/feed", feed)
    return daily(folder, server.url, {}, feeds=[{"name": "Invented", "url": f"{server.url}/feed"}])


def test_not_modified(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """A feed that has not changed is complete, and counts what it held; once a week it is read in full all the same."""
    config = with_feed(tmp_path, server)
    found = [go(config, day).coverage[0] for day in range(9)]
    assert {(row.status, row.fetched) for row in found} == {(Status.COMPLETE, 1)}
    conditional = ["if-none-match" in request.headers for request in server.requests]
    assert conditional == [False, *[True] * 6, False, True]
    assert issue(config, 2)["complete"]


def test_not_modified_after_a_crash(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """The validator is kept with the records: where a harvest was not complete, the next one asks in full."""
    config = with_feed(tmp_path, server)
    server.on("/feed", Reply(body=FEED[:-20], headers={"ETag": '"1"'}))
    assert go(config, 0).coverage[0].status is Status.INCOMPLETE
    config = with_feed(tmp_path, server)
    assert go(config, 1).coverage[0].status is Status.COMPLETE
    assert not any("if-none-match" in request.headers for request in server.requests)


# --- clocks and time --------------------------------------------------------------------------------


def test_clock_set_back(go: Run, server: LocalServer, tmp_path: Path) -> None:
    """After a day a year ahead the watch goes on as before: its issues come on time and are complete."""
    config = europepmc(tmp_path, server.url)
    server.on("/", hits(range(1, 4)))
    go(config, 0)
    go(config, 366)
    server.on("/", hits(range(1, 5)))
    outcome = go(config, 1)
    assert [one.number for one in outcome.issues] == [3]
    third = issue(config, 3)
    assert third["complete"]
    assert len(third["items"]) == 1
    assert third["period"]["from"] == issue(config, 1)["period"]["to"]


def test_budget(server: LocalServer, clock: FakeClock, tmp_path: Path) -> None:
    """When the run's time is used up a source is cut short, keeps what came, and says what to do."""
    page = json.loads(hits([1]).body)  # type: ignore[arg-type]  # bytes

    def search(request: Request) -> Reply:
        clock.advance(40)
        mark = request.form["cursorMark"] + "x"
        result = {**page["resultList"]["result"][0], "id": str(99_000_000 + len(mark))}
        content = {**page, "hitCount": 9, "nextCursorMark": mark, "resultList": {"result": [result]}}
        return Reply(body=json.dumps(content).encode())

    server.on("/", search)
    config = europepmc(tmp_path, server.url, http={"retries": 0, "budget": 100, "deadline": 60})
    [coverage] = run(config, Order(BASELINE, timing=clock.timing())).coverage
    assert (coverage.status, coverage.fetched) == (Status.INCOMPLETE, 3)
    assert "the run's 100 s are used up; raise budget" in coverage.error
