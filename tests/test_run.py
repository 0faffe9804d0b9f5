"""One run, from the sources to the files: what a user of ``litwatch run`` gets."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from pipeline.config import Config
from pipeline.digest.render import render
from pipeline.errors import ConfigError, LockHeld, NotFound, StoreError
from pipeline.issuing import compose_next
from pipeline.model import EventKind
from pipeline.proof import Status
from pipeline.run import Order, Outcome, publish_now, rehearse, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, LATER
from pipeline.store import reading
from pipeline.store.catalogue import Filter
from pipeline.store.lock import run_lock
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply
from tests.support.watch import FILES, watch

Run = Callable[[Config, Order], Outcome]
WEEK = timedelta(days=7)


@pytest.fixture
def go(clock: FakeClock) -> Run:
    """Run without waiting for anybody."""
    return lambda config, order: run(config, replace(order, timing=clock.timing()))


def issue(config: Config, number: int, digest: str = "weekly") -> dict[str, Any]:
    """An issue as its readers' programs get it."""
    with reading(config.database) as store:
        document: dict[str, Any] = json.loads(store.told.printed(digest, number, "json"))
    return document


def test_first_run(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """The first run proves every source, writes a baseline that shows the state and floods nobody."""
    config = watch(tmp_path, sample.url)
    outcome = go(config, Order(BASELINE))
    assert outcome.exit_code == 0
    assert {row.status for row in outcome.coverage} == {Status.COMPLETE}
    assert all(row.total in {None, row.fetched} for row in outcome.coverage)
    assert sorted(path.name for path in (tmp_path / "digests").iterdir()) == ["weekly-0001.json", "weekly-0001.txt"]
    first = issue(config, 1)
    assert "first issue" in first["subject"]
    assert first["complete"]
    assert len(first["items"]) <= 25
    with reading(config.database) as store:
        assert len(list(store.catalogue.works(Filter()))) >= 40
        assert store.told.untold("weekly") == ()


def test_second_run_tells_what_changed(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A week later the digest tells the retraction and the published preprint first, then the new items, each once."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    sample.stage = "later"
    outcome = go(config, Order(LATER + timedelta(days=1)))
    assert outcome.exit_code == 0
    second = issue(config, 2)
    assert [one["kind"] for one in second["corrections"]] == ["retracted", "published"]
    assert {one["told_in_issue"] for one in second["corrections"]} == {1}
    titles = [one["title"] for one in second["items"]]
    assert len(titles) == len(set(titles)) >= 5
    found = re.search(r"(\d+) new", second["subject"])
    assert found
    assert int(found[1]) == len(titles)
    assert not {one["work"] for one in second["corrections"]} & {one["id"] for one in second["items"]}


def test_overdue_by_time_alone(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """Results that become overdue are told by the first issue after that, once, though no record has changed."""
    off = {name: {"enabled": False} for name in ("pubmed", "europepmc")}
    registry = {"clinicaltrials": {"base_url": f"{sample.url}/clinicaltrials"}}
    config = watch(tmp_path, sample.url, sources=off | registry)
    for number, day in enumerate((16, 23, 30), 1):
        go(config, Order(BASELINE + timedelta(days=day)))
        told = [(one["kind"], one["notice"]) for one in issue(config, number)["corrections"]]
        assert told == []
    due = datetime(2027, 1, 4, 7, tzinfo=UTC)
    for number, expected in ((4, ["overdue"]), (5, [])):
        outcome = go(config, Order(due + number * WEEK))
        assert [(row.new, row.changed) for row in outcome.coverage] == [(0, 0)] * 4
        found = issue(config, number)["corrections"]
        assert [one["kind"] for one in found] == expected
        assert all(one["notice"].startswith("2026-12-31 (12 months after") for one in found)


def test_unchanged_run_says_nothing(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A run in which nothing changed makes no event, and its issue says that nothing is new."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    outcome = go(config, Order(BASELINE + WEEK))
    assert [(row.new, row.changed) for row in outcome.coverage] == [(0, 0)] * 5
    second = issue(config, 2)
    assert second["subject"].startswith("MS + acupuncture: nothing new, all 5 sources checked")
    assert (second["items"], second["corrections"]) == ([], [])


def test_unchanged_run_asks_little(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """When nothing changed, each source is listed once more and nothing that is held is fetched again."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    sample.requests.clear()
    go(config, Order(BASELINE + timedelta(days=1)))
    asked = [request.path for request in sample.requests]
    assert asked.count("/eutils/efetch.fcgi") <= 1
    assert asked.count("/eutils/esearch.fcgi") == 2
    assert len([path for path in asked if path.startswith("/europepmc")]) == 2  # the list, and its end
    assert len([path for path in asked if path.startswith("/feeds")]) == 3


def test_not_due_no_issue(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A run between two slots harvests and keeps quiet."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    outcome = go(config, Order(BASELINE + timedelta(days=2)))
    assert (outcome.issues, outcome.delivered.written) == ((), ())


def test_retraction_out_of_turn(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """What was sent and is retracted is told by the next run; the next issue is as it would have been, without it."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    sample.stage = "later"
    (correction,) = go(config, Order(LATER)).issues
    second = issue(config, 2)
    assert second["subject"] == "CORRECTION — MS + acupuncture: a study we sent on 16 Nov was retracted"
    assert second["out_of_cycle"]
    assert correction.out_of_cycle
    assert ([one["kind"] for one in second["corrections"]], second["items"]) == (["retracted"], [])
    assert go(config, Order(LATER + timedelta(hours=1))).issues == ()
    go(config, Order(BASELINE + WEEK))
    third = issue(config, 3)
    assert third["period"]["from"] == BASELINE.isoformat()
    assert third["previous_issue"]["issue"] == 2
    assert [one["kind"] for one in third["corrections"]] == ["published"]
    assert len(third["items"]) >= 5


def test_source_down(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A source that fails is named in subject and exit code; the others are told; it catches up with the next issue."""
    down = {"pubmed": {"base_url": f"{sample.url}/nowhere"}, "europepmc": {"base_url": f"{sample.url}/europepmc"}}
    broken = watch(tmp_path, sample.url, sources=down)
    whole = watch(tmp_path, sample.url)
    go(whole, Order(BASELINE))
    sample.stage = "later"
    outcome = go(broken, Order(BASELINE + WEEK))
    assert outcome.exit_code == 1
    second = issue(broken, 2)
    assert "INCOMPLETE (PubMed failed)" in second["subject"]
    assert not second["complete"]
    assert "nothing new" not in json.dumps(second)
    assert go(whole, Order(BASELINE + 2 * WEEK)).exit_code == 0
    third = issue(whole, 3)
    assert "INCOMPLETE" not in third["subject"]
    told = [one["id"] for one in (*second["items"], *third["items"])]
    assert len(told) == len(set(told))


def test_delayed_by_an_outage(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """What an outage kept from its issue is delivered with the next one, and marked."""
    down = {name: {"base_url": f"{sample.url}/nowhere"} for name in ("pubmed", "europepmc")}
    broken, whole = watch(tmp_path, sample.url, sources=down), watch(tmp_path, sample.url)
    go(whole, Order(BASELINE))
    sample.stage = "later"
    go(broken, Order(BASELINE + WEEK))
    go(whole, Order(BASELINE + 2 * WEEK))
    assert not any(one["delayed"] for one in issue(whole, 2)["items"])
    late = [one for one in issue(whole, 3)["items"] if one["delayed"]]
    assert late
    assert {source for one in late for source in one["sources"]} <= {"PubMed", "Europe PMC"}
    with reading(whole.database) as store:
        assert store.told.printed("weekly", 3, "text").count("delayed by an outage") == len(late)


def test_nothing_answers(go: Run, tmp_path: Path) -> None:
    """When no source can be asked at all the exit code is 3, and there is no first issue that knows of nothing."""
    with LocalServer() as server:
        server.on("/", Reply(status=500))
        config = watch(tmp_path, server.url)
        outcome = go(config, Order(BASELINE))
    assert outcome.exit_code == 3
    assert outcome.issues == ()
    with pytest.raises(NotFound, match="nothing was harvested yet"):
        publish_now(config, config.digests[0], BASELINE)


def test_only_a_feed_answers(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """While no source that lists all it holds ever answered, there is no baseline; the first that does brings it."""
    nowhere = {name: {"base_url": f"{sample.url}/nowhere"} for name in ("pubmed", "europepmc")}
    outcome = go(watch(tmp_path, sample.url, sources=nowhere), Order(BASELINE))
    assert (outcome.exit_code, outcome.issues) == (1, ())
    outcome = go(watch(tmp_path, sample.url), Order(BASELINE + timedelta(days=1)))
    assert [one.number for one in outcome.issues] == [1]
    off = {name: {"enabled": False} for name in ("pubmed", "europepmc")}
    (tmp_path / "feeds").mkdir()
    assert len(go(watch(tmp_path / "feeds", sample.url, sources=off), Order(BASELINE)).issues) == 1


def europepmc(hits: int, *results: dict[str, str]) -> Reply:
    """An answer of Europe PMC on one page."""
    content = {"version": "6.9", "hitCount": hits, "resultList": {"result": list(results)}}
    return Reply(body=json.dumps(content).encode(), headers={"Content-Type": "application/json"})


def only_europepmc(folder: Path, url: str) -> Config:
    """A watch that asks Europe PMC alone."""
    sources = {"pubmed": {"enabled": False}, "europepmc": {"base_url": url}}
    return watch(folder, url, feeds=[], sources=sources)


def test_sudden_nothing(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A source that held records and now announces none is not believed: the issue says so, nothing counts as gone."""
    go(only_europepmc(tmp_path, f"{sample.url}/europepmc"), Order(BASELINE))
    with LocalServer() as server:
        server.on("/", europepmc(0))
        config = only_europepmc(tmp_path, server.url)
        outcome = go(config, Order(BASELINE + WEEK))
    assert (outcome.exit_code, outcome.coverage[0].status) == (1, Status.INCOMPLETE)
    assert "lists no record at all" in outcome.coverage[0].error
    assert "INCOMPLETE" in issue(config, 2)["subject"]
    with reading(config.database) as store:
        assert all(
            not one.missing_since
            for work in store.catalogue.works(Filter())
            for one in store.catalogue.dossier(work).evidence
        )


def test_cut_short(go: Run, tmp_path: Path) -> None:
    """Of a list that is shorter than announced, what came counts as fetched, and no more."""
    one = {"id": "1", "source": "MED", "pmid": "1", "title": "Acupuncture for multiple sclerosis (made up)"}
    with LocalServer() as server:
        server.on("/", europepmc(3, one))
        [coverage] = go(only_europepmc(tmp_path, server.url), Order(BASELINE)).coverage
    assert (coverage.status, coverage.total, coverage.fetched) == (Status.INCOMPLETE, 3, 1)


def test_unreadable_record(go: Run, tmp_path: Path) -> None:
    """A record that cannot be read makes one issue incomplete, the first after it came; it may have been news."""
    one = {"id": "1", "source": "MED", "pmid": "1", "title": "Acupuncture for multiple sclerosis (made up)"}
    with LocalServer() as server:
        server.on("/", europepmc(1, one))
        config = only_europepmc(tmp_path, server.url)
        go(config, Order(BASELINE))
        server.on("/", europepmc(2, one, {"source": "MED", "title": "Without an id"}))
        codes = [go(config, Order(BASELINE + weeks * WEEK)).exit_code for weeks in (1, 2)]
    assert codes == [1, 0]
    assert "INCOMPLETE" in issue(config, 2)["subject"]
    assert "nothing new" in issue(config, 3)["subject"]


def test_not_asked_since(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """An issue composed without asking, or after asking some, does not say that nothing is new."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    publish_now(config, config.digests[0], BASELINE + timedelta(hours=1))
    assert "INCOMPLETE" in issue(config, 2)["subject"]
    go(config, Order(BASELINE + timedelta(days=1), sources=("europepmc",), digests=("weekly",)))
    assert "INCOMPLETE" in issue(config, 3)["subject"]
    assert "nothing new" not in json.dumps([issue(config, 2), issue(config, 3)]).lower()


def test_left_alone(go: Run, tmp_path: Path) -> None:
    """A source that asks for a long pause is not asked again before its time, and this is said."""
    with LocalServer() as server:
        server.on("/", Reply(status=503, headers={"Retry-After": "86400"}))
        config = watch(
            tmp_path,
            server.url,
            feeds=[],
            sources={"pubmed": {"enabled": False}, "europepmc": {"base_url": server.url}},
        )
        clock_start = FakeClock().start
        assert go(config, Order(clock_start)).exit_code == 3
        asked = len(server.requests)
        outcome = go(config, Order(clock_start + timedelta(hours=1)))
        assert len(server.requests) == asked
        assert "asked to be left alone" in outcome.coverage[0].error
        go(config, Order(clock_start + timedelta(days=2)))
        assert len(server.requests) > asked


def test_dry_run_changes_nothing(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """A rehearsal says what would be done and leaves no file behind."""
    config = watch(tmp_path, sample.url)
    outcome = rehearse(config, Order(BASELINE, timing=clock.timing()))
    assert len(outcome.issues) == 1
    assert list(tmp_path.iterdir()) == []


def test_dry_run_on_a_store(go: Run, sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """A rehearsal on a store that exists leaves it byte for byte as it was."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    before = config.database.read_bytes()
    sample.stage = "later"
    outcome = rehearse(config, Order(BASELINE + WEEK, timing=clock.timing()))
    assert len(outcome.issues[0].items) >= 5
    assert config.database.read_bytes() == before


def test_source_option(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """``--source`` asks that source only; a name nobody has is refused with the names there are."""
    config = watch(tmp_path, sample.url)
    outcome = go(config, Order(BASELINE, sources=("europepmc",)))
    assert [row.source for row in outcome.coverage] == ["europepmc"]
    with pytest.raises(ConfigError, match=r"--source scopus: .* pubmed, europepmc"):
        go(config, Order(BASELINE, sources=("scopus",)))


def test_no_source(go: Run, tmp_path: Path) -> None:
    """A configuration without any source is refused before anything is touched."""
    off = {"pubmed": {"enabled": False}, "europepmc": {"enabled": False}}
    config = watch(tmp_path, "http://127.0.0.1:1", sources=off, feeds=[])
    with pytest.raises(ConfigError, match="no source is enabled"):
        go(config, Order(BASELINE))
    assert list(tmp_path.iterdir()) == []


def test_lock(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A second run is refused while one is at work."""
    config = watch(tmp_path, sample.url)
    with run_lock(config.database, BASELINE), pytest.raises(LockHeld, match="another run is at work"):
        go(config, Order(BASELINE))


def test_delivery_waits(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """An issue that cannot be written waits in the outbox; the next run writes the same bytes."""
    config = watch(tmp_path, sample.url)
    (tmp_path / "digests").write_text("in the way")
    outcome = go(config, Order(BASELINE))
    assert outcome.exit_code == 1
    assert len(outcome.delivered.undelivered) == 2
    (tmp_path / "digests").unlink()
    outcome = go(config, Order(BASELINE + timedelta(days=1)))
    assert (outcome.exit_code, len(outcome.delivered.written)) == (0, 2)
    with reading(config.database) as store:
        assert (tmp_path / "digests/weekly-0001.txt").read_text() == store.told.printed("weekly", 1, "text")


@pytest.mark.parametrize(
    ("when_empty", "issues"), [("always", [1, 2, 3, 4, 5, 6]), ("monthly", [1, 2]), ("never", [1])]
)
def test_when_empty(go: Run, sample: SampleServer, tmp_path: Path, when_empty: str, issues: list[int]) -> None:
    """A reader who does not want quiet weeks gets none, or one a month, and is not asked about them every day."""
    config = watch(tmp_path, sample.url, digests=[{"files": FILES, "when_empty": when_empty}])
    made = [one.number for week in range(6) for one in go(config, Order(BASELINE + week * WEEK)).issues]
    assert made == issues


def test_quiet_reader_hears_of_a_gap(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """Also who wants no quiet issue is told when a source could not be searched."""
    table = [{"files": FILES, "when_empty": "never"}]
    go(watch(tmp_path, sample.url, digests=table), Order(BASELINE))
    down = {"pubmed": {"base_url": f"{sample.url}/nowhere"}, "europepmc": {"base_url": f"{sample.url}/europepmc"}}
    outcome = go(watch(tmp_path, sample.url, digests=table, sources=down), Order(BASELINE + WEEK))
    assert [one.complete for one in outcome.issues] == [False]


def test_two_digests(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """Two subscriptions are told independently; one that starts later begins with a baseline of its own."""
    core = {"name": "core", "tiers": ["core"], "files": FILES}
    go(watch(tmp_path, sample.url), Order(BASELINE))
    both = watch(tmp_path, sample.url, digests=[{"files": FILES}, core])
    sample.stage = "later"
    go(both, Order(BASELINE + WEEK))
    assert "first issue" in issue(both, 1, "core")["subject"]
    assert len(issue(both, 2)["items"]) >= 5


def test_preview_claims_nothing(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A preview shows the next issue and leaves it to be told."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    sample.stage = "later"
    now = BASELINE + timedelta(days=2)
    go(config, Order(now))
    with reading(config.database) as store:
        previews = [compose_next(store, config, config.digests[0], now) for _ in range(2)]
        since = compose_next(store, config, config.digests[0], now, since=BASELINE - WEEK)
    assert previews[0] == previews[1]
    assert "A look back, not an issue" in render(since.issue, "text")
    assert "--issue" not in render(since.issue, "text")
    assert len(previews[0].issue.items) >= 5
    assert len(since.issue.items) > config.digests[0].max_items
    assert since.issue.carried_over == 0


def test_profile_change(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """When the subject profile changes, what is held is screened again with it."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    narrow = """
        label = "Shiatsu"
        title = "Shiatsu"
        [[concepts]]
        name = "shiatsu"
        mesh = []
        search = ["shiatsu"]
        terms = ["shiatsu"]
    """
    (tmp_path / "narrow.toml").write_text(narrow)
    go(watch(tmp_path, sample.url, subject="narrow.toml"), Order(BASELINE + timedelta(days=1)))
    with reading(config.database) as store:
        assert list(store.catalogue.works(Filter())) == []


def test_foreign_database(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A file that is no litwatch database is refused in one sentence and left as it was."""
    config = watch(tmp_path, sample.url)
    config.database.write_bytes(b"This is not a database, it is a letter to a friend." * 50)
    before = config.database.read_bytes()
    with pytest.raises(StoreError, match="not a database"):
        go(config, Order(BASELINE))
    assert config.database.read_bytes() == before


def test_trace_of_an_item(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """Every fact shown can be traced to words of a record that the store holds."""
    config = watch(tmp_path, sample.url)
    go(config, Order(BASELINE))
    with reading(config.database) as store:
        works = list(store.catalogue.works(Filter()))
        designs = [work for work in works if work.facts.design]
        assert len(designs) > 20
        for work in designs:
            fact = work.facts.design
            assert fact
            assert fact.record in work.records
            assert fact.evidence
        events = store.told.events_since(datetime(2026, 1, 1, tzinfo=UTC))
    assert {event.kind for event in events} >= {EventKind.NEW}


# --- the feed -----------------------------------------------------------------------------------


def entries(path: Path) -> list[str]:
    """The titles of a feed's entries."""
    parsed: Any = feedparser.parse(io.BytesIO(path.read_bytes()))
    return [entry.title for entry in parsed.entries]


def test_feed(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """The feed holds the latest issues, newest first, and is written with each of them."""
    config = watch(tmp_path, sample.url, digests=[{"name": "weekly", "files": FILES, "feed": "out/feed.atom"}])
    first = go(config, Order(BASELINE))
    path = tmp_path / "out" / "feed.atom"
    assert str(path) in first.delivered.written
    sample.stage = "later"
    go(config, Order(LATER))
    go(config, Order(BASELINE + WEEK))
    subjects = [issue(config, number)["subject"] for number in (3, 2, 1)]
    assert entries(path) == subjects


def test_late_feed(go: Run, sample: SampleServer, tmp_path: Path) -> None:
    """A feed that could not be written is whole as soon as it can be: no late entry takes a newer one out."""
    config = watch(tmp_path, sample.url, digests=[{"name": "weekly", "files": FILES, "feed": "out/feed.atom"}])
    (tmp_path / "out").write_text("in the way")
    assert go(config, Order(BASELINE)).exit_code == 1
    assert go(config, Order(BASELINE + WEEK)).exit_code == 1
    (tmp_path / "out").unlink()
    assert go(config, Order(BASELINE + WEEK + timedelta(hours=1))).exit_code == 0
    assert entries(tmp_path / "out" / "feed.atom") == [issue(config, number)["subject"] for number in (2, 1)]
