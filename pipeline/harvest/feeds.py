"""Journal and search feeds: RSS, Atom and RDF, as publishers really send them.

A feed is a window, not a log: it shows the latest entries and announces no total. So a harvest proves no more than that
the feed was read whole. Entries are not filtered by subject here; screening does that.
"""

import json
import re
from datetime import datetime

from pipeline.errors import RecordRejected
from pipeline.harvest.feed_entry import record
from pipeline.harvest.feed_reading import Reading, read
from pipeline.harvest.fetch import Answer, Check, Client
from pipeline.harvest.json_fields import stored
from pipeline.harvest.source import Harvest, Harvested, Known, Page, Proof, Rejected
from pipeline.model import Record
from pipeline.screen.subject import Subject
from pipeline.text import fold

_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Feed:
    """One feed, under the ``name`` that the configuration gives it. Its client's base address is ``url`` itself."""

    version = 2
    lists_all = False

    def __init__(self, name: str, url: str) -> None:
        self.name = f"feed:{_BETWEEN_WORDS.sub('-', fold(name)).strip('-')}"
        self.label = name
        self.url = url

    def query(self, subject: Subject) -> str:  # noqa: ARG002  # the contract's
        """Give nothing: a feed is not asked for a subject."""
        return ""

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:  # noqa: ARG002
        """Read the feed as it stands. SourceFailed if what comes is not a feed."""
        taken: list[Reading] = []
        answer = client.get("", check=_into(taken), unless=known.validator)
        if answer.status == 304:
            return Proof(None, frozenset(), whole=False, unchanged=True)
        parsed = taken[-1]
        page, listed = self._page(parsed)
        yield page
        shortfall = _shortfall(parsed)
        # Of a broken feed, "not modified" would only say that it is still broken.
        return Proof(None, listed, shortfall, whole=False, validator=None if shortfall else answer.validator)

    def probe(self, client: Client, subject: Subject) -> int | None:  # noqa: ARG002  # the contract's
        """Ask for the feed: no request could be smaller."""
        client.get("", check=_into([]))
        return None

    def read(self, payload: bytes) -> Record:
        """Read one stored entry. RecordRejected if it is none."""
        entry = stored(payload)
        if not isinstance(entry, dict):
            raise RecordRejected("not an entry as it is stored")
        return record(entry, self.name)

    def _page(self, parsed: Reading) -> tuple[Page, frozenset[str]]:
        """Read every entry. One that is repeated (ahead of print, then in its issue) counts once, with its issue."""
        records: dict[str, Harvested] = {}
        rejected: list[Rejected] = []
        for entry in parsed.entries:
            payload = json.dumps(entry, separators=(",", ":"), sort_keys=True).encode()
            try:
                read = record(entry, self.name)
            except RecordRejected as error:
                rejected.append(Rejected(payload, str(error)))
            else:
                held = records.setdefault(read.source_id, Harvested(read, payload)).record
                if read.volume and not held.volume:
                    records[read.source_id] = Harvested(read, payload)
        return Page(tuple(records.values()), tuple(rejected)), frozenset(records)


def _into(taken: list[Reading]) -> Check:
    """Read every answer that might be the feed, once; keep what was read."""

    def check(answer: Answer) -> None:
        if 200 <= answer.status < 300:
            taken.append(parse(answer))

    return check


def parse(answer: Answer) -> Reading:
    """Read an answer as a feed; errors as for :func:`pipeline.harvest.feed_reading.read`."""
    return read(answer.body, answer.headers.get("content-type", ""), answer.url)


def _shortfall(parsed: Reading) -> str:
    """Say that a feed was not well-formed, and so perhaps not whole; empty if it was."""
    return f"The feed is broken off or malformed ({parsed.flaw}); entries may be missing." if parsed.flaw else ""
