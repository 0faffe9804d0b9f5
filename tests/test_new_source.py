"""A source that is switched on later, through whole runs: no flood, nothing hidden, nothing told twice."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.run import Order, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, Row, world_from
from pipeline.store import reading
from pipeline.store.catalogue import Filter
from tests.support.clock import FakeClock
from tests.support.watch import FILES, watch

WEEK = timedelta(days=7)
OLD = 40  # more than an issue lists
_ABOUT = ("pain", "sleep", "gait", "bladder", "mood", "memory", "vision", "spasm")
_WHERE = ("Oslo", "Lima", "Turin", "Kyoto", "Accra")


def row(number: int, published: str, *sources: str, stage: str = "baseline") -> Row:
    """A made-up study that some sources hold from a stage on."""
    return {
        "id": f"study-{number}",
        "title": f"Made-up acupuncture for {_ABOUT[number % 8]} in multiple sclerosis: the {_WHERE[number % 5]} study",
        "authors": [f"Sample{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10]}, Ada"],
        "journal": "Journal of Made-up Results",
        "published": published,
        "entered": published,
        "doi": f"10.5555/new-source.{number}",
        "pmid": f"99{number:06}",
        "types": ["Journal Article"],
        "abstract": [["", f"Study {number}, made up."]],
        "held_by": {source: {} for source in sources},
        "stage": stage,
    }


ROWS = (
    row(50, "2026-10-01", "pubmed"),
    *(row(number, f"20{10 + number % 15}-05-01", "doaj") for number in range(OLD)),
    row(60, "2026-11-18", "doaj"),
    row(61, "2015-05-01", "doaj", "pubmed", stage="later"),  # found late, by both
    row(62, "2014-05-01", "doaj", stage="later"),  # found late, when DOAJ is new no more
    row(3, "2013-05-01", "pubmed", stage="later"),  # what was counted comes by another source, too
    *(row(number, "2026-10-05", "complementary") for number in (70, 71)),
    row(72, "2026-11-20", "complementary"),
)
FEED = {"name": "A made-up journal", "url": "/feeds/complementary.xml"}


@pytest.fixture
def play(clock: FakeClock, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Run at a time with PubMed and perhaps DOAJ, which may be down; the issue that comes of it."""

    def play(server: SampleServer, when: datetime, doaj: str = "", *feeds: Row) -> dict[str, Any]:
        config = configured(server, tmp_path, doaj, *feeds)
        (issue,) = run(config, replace(Order(when), timing=clock.timing())).issues
        with reading(config.database) as store:
            document: dict[str, Any] = json.loads(store.told.printed("weekly", issue.number, "json"))
            document["text"] = " ".join(store.told.printed("weekly", issue.number, "text").split())
        return document

    return play


def configured(server: SampleServer, folder: Path, doaj: str, *feeds: Row) -> Config:
    """A watch on PubMed, on DOAJ at an address below the server's, and on feeds of the server."""
    sources: dict[str, Any] = {"pubmed": {"base_url": f"{server.url}/eutils"}, "europepmc": {"enabled": False}}
    if doaj:
        sources["doaj"] = {"base_url": f"{server.url}/{doaj}"}
    digest = {"files": FILES, "schedule": "every run"}
    served = [{**feed, "url": f"{server.url}{feed['url']}"} for feed in feeds]
    return watch(folder, server.url, sources, feeds=served, digests=[digest])


def test_switched_on_later(play: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    """What it held before is counted in a sentence and can be listed; its news are news; nothing is told twice."""
    with SampleServer(world_from(ROWS)) as server:
        play(server, BASELINE)
        second = play(server, BASELINE + WEEK, "doaj")
        server.stage = "later"
        third = play(server, BASELINE + 2 * WEEK, "doaj")
        with reading(configured(server, tmp_path, "doaj").database) as store:
            assert len([*store.catalogue.works(Filter(since=(BASELINE + WEEK).date()))]) == OLD + 3
    assert [one["identifiers"]["doi"] for one in second["items"]] == ["10.5555/new-source.60"]
    assert [(one["source"], one["studies"]) for one in second["added"]] == [("doaj", OLD)]
    assert f"DOAJ is new among the sources and adds {OLD} older studies" in second["text"]
    assert second["subject"].startswith("MS + acupuncture: 1 new")
    assert (second["complete"], second["carried_over"]) == (True, 0)
    assert [one["identifiers"]["doi"] for one in third["items"]] == ["10.5555/new-source.61", "10.5555/new-source.62"]
    assert (third["added"], third["carried_over"]) == ([], 0)


def test_fails_at_first(play: Callable[..., dict[str, Any]]) -> None:
    """If it is down when it is switched on, it is still new when it answers; what has appeared since then is news."""
    with SampleServer(world_from(ROWS)) as server:
        play(server, BASELINE)
        second = play(server, BASELINE + timedelta(days=1), "nowhere")
        third = play(server, BASELINE + WEEK, "doaj")
    assert (second["complete"], second["added"]) == (False, [])
    assert [one["identifiers"]["doi"] for one in third["items"]] == ["10.5555/new-source.60"]
    assert [one["studies"] for one in third["added"]] == [OLD]


def test_outage_from_the_start(play: Callable[..., dict[str, Any]]) -> None:
    """What an outage kept from the first issue is owed, and told study by study."""
    with SampleServer(world_from(ROWS)) as server:
        play(server, BASELINE, "nowhere")
        second = play(server, BASELINE + WEEK, "doaj")
    assert second["added"] == []
    assert len(second["items"]) + second["carried_over"] == OLD + 1


def test_feed_added_later(play: Callable[..., dict[str, Any]]) -> None:
    """A feed that is added later is no different, though it never lists all it held."""
    with SampleServer(world_from(ROWS)) as server:
        play(server, BASELINE)
        second = play(server, BASELINE + WEEK, "", FEED)
        third = play(server, BASELINE + 2 * WEEK, "", FEED)
    assert [one["title"] for one in second["items"]] == [row(72, "")["title"]]
    assert [one["studies"] for one in second["added"]] == [2]
    assert "A made-up journal is new among the sources and adds 2 older studies" in second["text"]
    assert (third["items"], third["added"]) == ([], [])
