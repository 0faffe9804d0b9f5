"""Journal and search feeds: RSS, Atom and RDF, as publishers really send them.

A feed is a window, not a log: it shows the latest entries and announces no total. So a harvest proves no more than that
the feed was read whole. Entries are not filtered by subject here; screening does that.
"""

import io
import json
import re
from datetime import datetime

import feedparser
from feedparser import FeedParserDict
from feedparser.exceptions import CharacterEncodingOverride, NonXMLContentType

from pipeline.errors import RecordRejected, SourceMalformed
from pipeline.harvest.feed_entry import entry_of, record
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import stored
from pipeline.harvest.source import Harvest, Harvested, Known, Page, Proof, Rejected
from pipeline.model import Record
from pipeline.screen.subject import Subject
from pipeline.text import fold

# What feedparser complains of although it has read everything.
_HARMLESS = (CharacterEncodingOverride, NonXMLContentType)
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
        answer = client.get("", check=_check, unless=known.validator)
        if answer.status == 304:
            return Proof(None, frozenset(), whole=False, unchanged=True)
        parsed = parse(answer)
        page, listed = self._page(parsed)
        yield page
        shortfall = _shortfall(parsed)
        # Of a broken feed, "not modified" would only say that it is still broken.
        return Proof(None, listed, shortfall, whole=False, validator=None if shortfall else answer.validator)

    def probe(self, client: Client, subject: Subject) -> int | None:  # noqa: ARG002  # the contract's
        """Ask for the feed: no request could be smaller."""
        client.get("", check=_check)
        return None

    def read(self, payload: bytes) -> Record:
        """Read one stored entry. RecordRejected if it is none."""
        entry = stored(payload)
        if not isinstance(entry, dict):
            raise RecordRejected("not an entry as it is stored")
        return record(entry, self.name)

    def _page(self, parsed: FeedParserDict) -> tuple[Page, frozenset[str]]:
        """Read every entry. One that is repeated (ahead of print, then in its issue) counts once, with its issue."""
        records: dict[str, Harvested] = {}
        rejected: list[Rejected] = []
        for item in parsed.entries:
            entry = entry_of(item, parsed.feed)
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


def parse(answer: Answer) -> FeedParserDict:
    """Read an answer with feedparser. SourceMalformed if it is no feed, or one that breaks off before its first entry.

    feedparser gets bytes: of a string it would open the file or address that the string names. Its own clean-up of
    HTML stays off, since it takes the middle out of "x<y>z"; all that is kept becomes plain text. It has no complaint
    about an empty body or an error page: what these lack is the version of a format.
    """
    headers = {"content-type": answer.headers.get("content-type", ""), "content-location": answer.url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(answer.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, OverflowError) as error:  # of a character or an encoding that does not exist
        raise SourceMalformed(f"the answer cannot be read as a feed ({type(error).__name__})") from error
    if not parsed.get("version"):
        raise SourceMalformed("the answer is not a feed")
    if not parsed.entries and _shortfall(parsed):
        raise SourceMalformed("the feed breaks off before its first entry")
    return parsed


def _check(answer: Answer) -> None:
    if answer.status == 200:
        parse(answer)


def _shortfall(parsed: FeedParserDict) -> str:
    """Say that a feed was not well-formed, and so perhaps not whole; empty if it was."""
    flaw = parsed.get("bozo_exception")
    if not parsed.get("bozo") or isinstance(flaw, _HARMLESS):
        return ""
    return f"The feed is broken off or malformed ({type(flaw).__name__}); entries may be missing."
