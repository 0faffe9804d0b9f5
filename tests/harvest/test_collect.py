"""All sources at once, their answers in a fixed order, and each one's failure its own."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

import pytest

from pipeline.errors import RetryLater, SourceFailed
from pipeline.harvest.collect import Job, collect, ended
from pipeline.harvest.fetch import Client, Fetcher, HttpSettings
from pipeline.harvest.source import Harvest
from pipeline.model import Record
from pipeline.proof import Known, Page, Proof
from pipeline.screen.subject import Subject
from tests.harvest.contract import SUBJECT

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
CONTACT = "tests@example.org"
KNOWN = Known({"1": NOW})
PROOF = Proof(3, frozenset("123"))
PATIENCE = 10.0  # seconds; only a test that fails waits that long


@dataclass(frozen=True)
class Scripted:
    """A source that does what it is told."""

    name: str
    script: Callable[[], Harvest]
    version: int = 1
    lists_all: bool = True

    @property
    def label(self) -> str:
        """As readers see it."""
        return self.name.title()

    def query(self, subject: Subject) -> str:
        """Ask for the subject by its label."""
        return subject.label

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """Follow the script; check that what was given has arrived."""
        assert (client.contact, subject, known, now) == (CONTACT, SUBJECT, KNOWN, NOW)
        return self.script()

    def probe(self, client: Client, subject: Subject) -> int | None:  # noqa: ARG002  # the contract's
        """Answer that there is nothing to count."""
        return None

    def read(self, payload: bytes) -> Record:
        """Read a title."""
        return Record(self.name, "1", payload.decode())


@pytest.fixture
def client() -> Iterator[Client]:
    """A client that nobody uses."""
    with Fetcher(HttpSettings(), CONTACT) as fetcher:
        yield fetcher.client("http://127.0.0.1:1", rate=1)


def pages(
    *totals: int, end: Proof | Exception = PROOF, wait: Event | None = None, then: Event | None = None
) -> Harvest:
    """Send pages that announce these totals, then end; wait for a sign before, and give one after."""
    assert wait is None or wait.wait(PATIENCE)
    for total in totals:
        yield Page(total=total)
    if then:
        then.set()
    if isinstance(end, Exception):
        raise end
    return end


def drained(
    client: Client, **scripts: Callable[[], Harvest]
) -> list[tuple[str, list[int | None], Proof | SourceFailed]]:
    """Collect from sources with these scripts: name, pages, end, in the order in which they are handed over."""
    jobs = [Job(Scripted(name, script), client, KNOWN) for name, script in scripts.items()]
    streams = collect(jobs, SUBJECT, NOW, lambda: PATIENCE)
    return [(stream.job.source.name, [page.total for page in stream], stream.end) for stream in streams]


def test_order(client: Client) -> None:
    """Sources work at the same time, and are handed over in the order of the jobs even when the first ends last."""
    second_is_done = Event()
    found = drained(
        client,
        slow=lambda: pages(1, 2, wait=second_is_done),
        fast=lambda: pages(3, then=second_is_done),
    )
    assert found == [("slow", [1, 2], PROOF), ("fast", [3], PROOF)]


def test_nothing_to_ask() -> None:
    """Without jobs there is nothing to wait for."""
    assert list(collect([], SUBJECT, NOW, lambda: PATIENCE)) == []


@pytest.mark.parametrize("error", [SourceFailed("down"), RetryLater("busy", NOW)])
def test_failed(client: Client, error: SourceFailed) -> None:
    """A source that fails ends with its own error, after the pages that came before it; the others are not touched."""
    found = drained(client, one=lambda: pages(1, 2, end=error), two=lambda: pages(3))
    assert found == [("one", [1, 2], error), ("two", [3], PROOF)]


@pytest.mark.parametrize("at_once", [True, False])
def test_internal_error(client: Client, caplog: pytest.LogCaptureFixture, at_once: bool) -> None:
    """A fault of ours in one source is logged with its traceback, told without details, and stays in that source."""

    def stumble() -> Harvest:
        raise ZeroDivisionError("the key is SECRET-xyz")

    broken = stumble if at_once else lambda: pages(1, end=ZeroDivisionError("the key is SECRET-xyz"))
    found = drained(client, broken=broken, sound=lambda: pages(3))
    name, before, end = found[0]
    assert (name, before) == ("broken", [] if at_once else [1])
    assert isinstance(end, SourceFailed)
    assert str(end) == "Broken: internal error; please report it with the log"
    assert found[1] == ("sound", [3], PROOF)
    [entry] = caplog.records
    assert (entry.levelno, entry.getMessage()) == (logging.ERROR, "broken: internal error")
    assert entry.exc_info
    assert entry.exc_info[0] is ZeroDivisionError


def test_left_alone(client: Client) -> None:
    """A stream can be closed without asking: no pages, and the reason."""
    error = RetryLater("left alone", NOW)
    stream = ended(Job(Scripted("one", pages), client, KNOWN), error)
    assert list(stream) == []
    assert stream.end is error


def test_time_is_over(client: Client) -> None:
    """A source that hangs is given up when the run's time is over; the pages it sent before are kept."""
    released = Event()
    job = Job(Scripted("slow", lambda: pages(1, then=Event())), client, KNOWN)
    hanging = Job(Scripted("hanging", lambda: pages(2, wait=released)), client, KNOWN)
    first, second = collect([job, hanging], SUBJECT, NOW, lambda: 0.05)
    assert [page.total for page in first] == [1]
    assert list(second) == []
    assert str(second.end) == "Hanging still had not answered when the run's time was over"
    released.set()
