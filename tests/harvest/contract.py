"""What every source must keep, told once: a new source writes one :class:`SourceCase` and inherits the suite.

A case knows one thing the suite cannot: how its source's answers look on the wire. It serves a small world of records
from a local server, can lie about the total, and lists what a failing service answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.harvest.fetch import Client, Fetcher, HttpSettings
from pipeline.harvest.source import Known, Page, Proof, Source
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
EMAIL = "someone@example.org"
API_KEY = "SECRET-xyz"  # must turn up nowhere
SUBJECT = Subject(
    label="Example",
    title="Needling and an example disease",
    concepts=(
        Concept(name="needling", mesh=("Acupuncture Therapy",), search=("acupunct*", "dry needling")),
        Concept(name="disease", mesh=("Multiple Sclerosis",), search=("multiple sclerosis", "encephalomyelitis")),
    ),
)

Serve = Callable[[LocalServer, Sequence[bytes], int | None], None]


@dataclass(frozen=True)
class SourceCase:
    """One source and the wire format of its small world.

    ``records`` maps each record's source_id to its bytes on the wire, as one element of a list (or item of a feed), and
    ``expected`` is what they mean, in the same order. ``serve(server, records, announced)`` scripts a server that holds
    just these and claims a total of ``announced``, or the true one. ``refuse(server, reply)`` always answers ``reply``.
    """

    name: str
    source: Source
    records: Mapping[str, bytes]
    expected: tuple[Record, ...]
    malformed: bytes  # one more record that is well-formed but unreadable: goes to quarantine alone
    serve: Serve
    refuse: Callable[[LocalServer, Reply], None]
    failures: Mapping[str, Reply]  # what the service answers when it fails, by what it is
    unreadable: Mapping[str, bytes]  # payloads that read() has to reject, by what is wrong with them
    announces: bool = True  # whether the service states a total
    loop: Callable[[LocalServer], None] | None = None  # scripts a server whose paging never ends, or repeats itself
    requests_again: int = 1  # how many requests a second harvest may make when nothing has changed
    settings: HttpSettings = field(default_factory=lambda: HttpSettings(timeout=5, deadline=10, retries=1))
    base: str = ""  # what follows the server's address in the base URL

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def client(self, server: LocalServer, settings: HttpSettings | None = None) -> Iterator[Client]:
        """Connect to the local server, with a key that must stay secret and a clock on which waiting costs nothing."""
        with Fetcher(settings or self.settings, EMAIL, FakeClock(NOW).timing()) as fetcher:
            yield fetcher.client(server.url + self.base, rate=1000, credentials={"api_key": API_KEY})


@dataclass(frozen=True)
class Outcome:
    """A harvest that came to its end: all its pages and the proof."""

    pages: tuple[Page, ...]
    proof: Proof

    @property
    def records(self) -> tuple[Record, ...]:
        """Every record of every page, in order."""
        return tuple(one.record for page in self.pages for one in page.records)

    @property
    def payloads(self) -> tuple[bytes, ...]:
        """Every record's own bytes, in the order of :attr:`records`."""
        return tuple(one.payload for page in self.pages for one in page.records)

    @property
    def rejected(self) -> tuple[bytes, ...]:
        """The bytes of every record that went to quarantine."""
        return tuple(one.payload for page in self.pages for one in page.rejected)


EMPTY = Known(fetched_at={})


def harvest(
    source: Source, client: Client, known: Known = EMPTY, subject: Subject = SUBJECT, now: datetime = NOW
) -> Outcome:
    """Run a harvest to its end; raises what the source raises."""
    pages: list[Page] = []
    steps = source.harvest(client, subject, known, now)
    while True:
        try:
            pages.append(next(steps))
        except StopIteration as end:
            return Outcome(tuple(pages), end.value)
