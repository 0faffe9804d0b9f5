"""What sources said: kept whole, kept once, and never forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.enabled import enabled_sources
from pipeline.proof import Coverage, Harvested, Page, Proof, Rejected, Requery, Status, Validator
from pipeline.run import Order, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE
from pipeline.store import Store
from pipeline.store.catalogue import LastRun
from pipeline.store.database import RECORD, open_to_read, unpacked
from pipeline.store.evidence import Kept
from tests.match.records import record
from tests.store.keeping import NOW, Origin, keep, memory_store, page
from tests.support.clock import FakeClock
from tests.support.watch import watch

PUBMED, FEED = Origin(), Origin("feed:x", "X", lists_all=False)
ONE, TWO = record("pubmed:1", pmid="1"), record("pubmed:2", pmid="2", title="Another made-up trial of acupuncture")
DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with memory_store() as store:
        yield store


def rows(store: Store, sql: str) -> list[Any]:
    """What somebody sees who opens the file with another program."""
    with store.atomic() as db:
        return db.execute(sql).fetchall()


def state(
    store: Store,
    status: Status = Status.COMPLETE,
    listed: frozenset[str] = frozenset(),
    *,
    origin: Origin = PUBMED,
    days: int = 0,
    **fields: Any,
) -> Coverage:
    """Close a harvest with a statement; a complete one with a proof of what it listed."""
    asked_at = NOW + days * DAY
    run_id = store.statements.begin_run(asked_at, "0")
    coverage = Coverage(origin.name, origin.label, asked_at, status, **fields)
    proof = Proof(len(listed), listed, whole=origin.lists_all) if status is not Status.FAILED else None
    store.statements.keep_statement(run_id, origin, coverage, proof)
    return coverage


def test_page_whole_or_not_at_all(store: Store) -> None:
    """A page whose last record cannot be stored leaves nothing of itself, quarantine included."""
    broken = Harvested(replace(TWO, journal="\ud800"), b"<y>")  # no source lets a lone surrogate through
    whole = Page((*page(ONE).records, broken), (Rejected(b"<x>", "no title"),))
    with pytest.raises(ValueError, match="surrogates not allowed"):
        store.evidence.keep_page(PUBMED, whole, NOW)
    assert store.catalogue.counts()["records"] == store.catalogue.counts()["quarantined"] == 0
    assert rows(store, "SELECT record FROM revisions UNION SELECT record FROM record_keys") == []


def test_unchanged(store: Store) -> None:
    """A record that comes again as it was is no revision and waits for nothing; that it was seen is noted."""
    assert keep(store, ONE, TWO) == Kept(new=2)
    with store.atomic() as db:
        db.execute("UPDATE records SET pending = 0")
    assert keep(store, ONE, now=NOW + DAY) == Kept()
    assert rows(store, "SELECT pending, first_seen < last_seen, last_seen = fetched_at FROM records ORDER BY key") == [
        (0, 1, 1),
        (0, 0, 1),
    ]
    assert len(rows(store, "SELECT * FROM revisions")) == 2


def test_changed(store: Store) -> None:
    """A record that says something else is a revision and waits for conclusions; the earlier payload stays."""
    keep(store, ONE)
    with store.atomic() as db:
        db.execute("UPDATE records SET pending = 0")
    changed = replace(ONE, title="A new title", doi="10.5555/new")
    assert keep(store, changed, now=NOW + DAY) == Kept(changed=1)
    assert rows(store, "SELECT pending, title, first_seen < fetched_at FROM records") == [(1, "A new title", 1)]
    payloads = [unpacked(row[0]) for row in rows(store, "SELECT payload FROM revisions ORDER BY id")]
    assert payloads == [ONE.title.encode(), b"A new title"]
    keys = {row[0] for row in rows(store, "SELECT key FROM record_keys")}
    assert {"pmid:1", "doi:10.5555/new"} <= keys
    assert not any(key.startswith("title:") for key in keys)


def test_renamed_source(store: Store) -> None:
    """When a feed is given another spelling of its name, readers see the new one without waiting for a change."""
    store.evidence.keep_page(PUBMED, page(ONE), NOW)
    store.evidence.keep_page(replace(PUBMED, label="PUBMED"), page(ONE), NOW)
    assert rows(store, "SELECT label FROM records") == [("PUBMED",)]


def test_payloads_come_back(sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """Each record in the store is what its source reads today out of the bytes that were kept."""
    config = watch(tmp_path, sample.url)
    run(config, Order(BASELINE, timing=clock.timing()))
    sources = {one.source.name: one.source for one in enabled_sources(config)}
    sql = "SELECT source, content, reader_version, payload FROM records JOIN revisions ON revisions.record = records.id"
    with open_to_read(config.database) as db:
        found = db.execute(sql).fetchall()
    assert {row[0] for row in found} == set(sources)
    for source, content, version, payload in found:
        assert sources[source].version == version
        assert sources[source].read(unpacked(payload)) == RECORD.validate_json(content)


def test_quarantine(store: Store) -> None:
    """An unreadable record is kept with its bytes, once, however often it comes; two different ones are two."""
    for day, error in enumerate(("no title", "still no title")):
        store.evidence.keep_page(PUBMED, Page(rejected=(Rejected(b"<x>", error),)), NOW + day * DAY)
    store.evidence.keep_page(PUBMED, Page(rejected=(Rejected(b"<y>", "no id"),)), NOW)
    found = rows(store, "SELECT error, first_seen < last_seen, payload FROM quarantine ORDER BY id")
    assert [(error, again, unpacked(payload)) for error, again, payload in found] == [
        ("still no title", 1, b"<x>"),
        ("no id", 0, b"<y>"),
    ]
    assert store.catalogue.counts()["quarantined"] == 2


def missing(store: Store) -> dict[str, str | None]:
    """Since when each record is gone from its source."""
    return dict(rows(store, "SELECT source_id, missing_since FROM records"))


@pytest.mark.parametrize("status", [Status.INCOMPLETE, Status.FAILED])
def test_missing_needs_proof(store: Store, status: Status) -> None:
    """Only a complete list proves that a record is gone: an incomplete or failed harvest says nothing."""
    keep(store, ONE, TWO)
    state(store, status, frozenset({"1"}))
    assert missing(store) == {"1": None, "2": None}


def test_missing_not_for_windows(store: Store) -> None:
    """A feed shows a window: what left it is not gone."""
    store.evidence.keep_page(FEED, page(replace(ONE, source="feed:x")), NOW)
    state(store, listed=frozenset(), origin=FEED)
    assert missing(store) == {"1": None}


def test_missing_and_back(store: Store) -> None:
    """A record is gone from the day a complete list lacks it, until it is listed again; others stay."""
    keep(store, ONE, TWO, replace(ONE, source="europepmc", source_id="other"))
    for day in (1, 2):
        state(store, listed=frozenset({"1"}), days=day)
    gone = {"1": None, "2": "2026-11-03T06:00:00Z", "other": None}
    assert missing(store) == gone
    state(store, listed=frozenset({"1", "2"}), days=3)
    assert missing(store) == gone | {"2": None}


def test_gone(store: Store) -> None:
    """What a complete list lacks is counted once, when noticed; what was only fetched beside the list never is."""
    keep(store, ONE, TWO)
    state(store, listed=frozenset({"1", "2"}))
    keep(store, replace(ONE, source_id="3"), now=NOW + DAY)
    state(store, listed=frozenset({"1"}), days=1)
    coverage = store.statements.coverage("pubmed")
    assert coverage
    assert coverage.gone == 1
    keep(store, TWO, replace(ONE, source_id="3"), now=NOW + 2 * DAY)
    state(store, listed=frozenset({"1"}), days=2)
    assert [store.evidence.gone_since("pubmed", NOW + day * DAY) for day in (-1, 0, 1)] == [1, 1, 0]


def test_window_proves_nothing_gone(store: Store) -> None:
    """A list that is only a window says nothing of what it lacks."""
    keep(store, ONE, TWO)
    coverage = Coverage("pubmed", "PubMed", NOW + DAY, Status.COMPLETE)
    run = store.statements.begin_run(NOW + DAY, "0")
    store.statements.keep_statement(run, PUBMED, coverage, Proof(1, frozenset({"1"}), whole=False))
    assert set(missing(store).values()) == {None}


def test_fetched_at(store: Store) -> None:
    """A source is told when each of its records was fetched, and nothing of other sources."""
    keep(store, ONE, replace(ONE, source="europepmc"))
    keep(store, TWO, now=NOW + DAY)
    assert store.evidence.fetched_at("pubmed") == {"1": NOW, "2": NOW + DAY}
    assert store.evidence.fetched_at("feed:x") == {}


def test_validator(store: Store) -> None:
    """It is kept with a complete harvest, for a week, for the reader that read the answer; a 304 leaves it as it is."""
    given = Validator('"1"', "yesterday")

    def close(day: int, status: Status = Status.COMPLETE, **proof: Any) -> None:
        coverage = Coverage("pubmed", "PubMed", NOW + day * DAY, status)
        run = store.statements.begin_run(NOW + day * DAY, "0")
        store.statements.keep_statement(run, PUBMED, coverage, Proof(None, frozenset(), whole=False, **proof))

    close(0, Status.INCOMPLETE, validator=given)
    assert store.statements.validator(PUBMED, NOW) is None
    close(1, validator=given)
    close(2, unchanged=True)
    assert store.statements.validator(PUBMED, NOW + 7 * DAY) == given
    assert store.statements.validator(PUBMED, NOW + 8 * DAY) is None
    assert store.statements.validator(Origin(version=2), NOW + 2 * DAY) is None
    close(3)
    assert store.statements.validator(PUBMED, NOW + 3 * DAY) is None


def test_requeried(store: Store) -> None:
    """A source that is asked otherwise than before a moment says so, with what it found then."""
    state(store, query="old", total=3)
    latest = state(store, query="new", total=5, days=7)
    assert store.statements.requeried(latest, NOW + DAY) == Requery(NOW, 3)
    assert store.statements.requeried(latest, NOW + 7 * DAY) is None
    assert store.statements.requeried(latest, None) is None
    assert store.statements.requeried(replace(latest, query="old"), NOW + DAY) is None


def test_complete_until(store: Store) -> None:
    """The time up to which a source is proven complete moves only when a harvest is complete."""
    seen = []
    for day, status in enumerate((Status.FAILED, Status.COMPLETE, Status.INCOMPLETE, Status.FAILED, Status.COMPLETE)):
        state(store, status, days=day)
        seen.append(store.statements.complete_until("pubmed"))
    assert seen == [None, NOW + DAY, NOW + DAY, NOW + DAY, NOW + 4 * DAY]
    assert store.statements.complete_until("pubmed", NOW + 3 * DAY) == NOW + DAY, "the future proves nothing"
    assert store.statements.complete_until("europepmc") is None


def test_coverage(store: Store) -> None:
    """The latest statement of a source comes back as it was made, with the time up to which it is complete."""
    assert store.statements.coverage("pubmed") is None
    state(store)
    fields: dict[str, Any] = {
        "query": "q",
        "query_version": "v",
        "total": 3,
        "fetched": 2,
        "new": 1,
        "changed": 1,
        "quarantined": 1,
    }
    told = state(store, Status.INCOMPLETE, days=1, error="one is missing", **fields)
    assert store.statements.coverage("pubmed") == replace(told, complete_until=NOW)


def test_joined(store: Store) -> None:
    """A source joins when it is first asked, even in vain; left out for want of a key, it has not been asked."""
    state(store, Status.SKIPPED)
    assert store.statements.joined_at("pubmed") is None
    for days, status in ((1, Status.FAILED), (2, Status.COMPLETE)):
        state(store, status, days=days)
    assert store.statements.joined_at("pubmed") == NOW + DAY


def test_was_answered(store: Store) -> None:
    """Failures are no answer; part of an answer is one."""
    state(store, Status.FAILED)
    assert not store.statements.was_answered("pubmed")
    state(store, Status.INCOMPLETE)
    assert store.statements.was_answered("pubmed")


def test_not_before(store: Store) -> None:
    """A source's wish to be left alone holds until it is asked again."""
    assert store.statements.not_before("pubmed") is None
    coverage = Coverage("pubmed", "PubMed", NOW, Status.FAILED)
    store.statements.keep_statement(store.statements.begin_run(NOW, "0"), PUBMED, coverage, None, NOW + DAY)
    assert store.statements.not_before("pubmed") == NOW + DAY
    assert store.statements.not_before("europepmc") is None
    state(store, days=1)
    assert store.statements.not_before("pubmed") is None


def test_new_since(store: Store) -> None:
    """What was first seen after a moment is new since then; from the beginning, everything is."""
    keep(store, ONE)
    keep(store, ONE, TWO, now=NOW + DAY)
    counts = [store.evidence.new_since("pubmed", since) for since in (None, NOW - DAY, NOW, NOW + DAY)]
    assert counts == [2, 2, 1, 0]
    assert store.evidence.new_since("europepmc", None) == 0


def test_changed_since(store: Store) -> None:
    """What was known and has come otherwise since has changed; what is new since has not, nor what came as it was."""
    keep(store, ONE, TWO)
    keep(store, replace(ONE, journal="Another"), TWO, now=NOW + DAY)
    late = replace(TWO, source_id="3")
    keep(store, late, now=NOW + 2 * DAY)
    keep(store, replace(late, journal="Another"), now=NOW + 3 * DAY)
    counts = [store.evidence.changed_since("pubmed", since) for since in (None, NOW, NOW + DAY, NOW + 2 * DAY)]
    assert counts == [2, 1, 0, 1]


def test_runs(store: Store) -> None:
    """Each run has its own number; one without an end was cut short."""
    first, second = (store.statements.begin_run(NOW + day * DAY, "1.0") for day in range(2))
    assert first != second
    assert store.catalogue.last_run() == LastRun(NOW + DAY, None, "1.0")
    store.statements.end_run(second, NOW + 2 * DAY)
    assert rows(store, "SELECT ended_at FROM runs ORDER BY id") == [(None,), ("2026-11-04T06:00:00Z",)]
