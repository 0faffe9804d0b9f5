"""What asking a source amounts to: pages of records, then a proof of how it ended, kept as a statement of coverage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pipeline.model import Record


class Origin(Protocol):
    """Where records come from. ``name`` keys it in store and configuration, ``label`` is what readers see.

    ``version`` counts changes in how its payloads are read. ``lists_all`` says whether a complete harvest lists
    everything the source holds of the subject, or only a window of it (a feed; a source that cannot be asked for a
    subject).
    """

    @property
    def name(self) -> str:
        """Its key."""

    @property
    def label(self) -> str:
        """Its name for readers."""

    @property
    def version(self) -> int:
        """Of its reading of payloads."""

    @property
    def lists_all(self) -> bool:
        """Whether it lists all it holds."""


@dataclass(frozen=True, slots=True)
class Harvested:
    """A record and the source's own bytes for it, from which it can be read again."""

    record: Record
    payload: bytes


@dataclass(frozen=True, slots=True)
class Rejected:
    """Bytes of one record that could not be read, and why."""

    payload: bytes
    error: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer brought. ``total`` is what the source announced, as soon as it is known."""

    records: tuple[Harvested, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server sent with an answer, to ask by later whether that still holds (RFC 9110 section 8.8)."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The end of a harvest, positively seen.

    ``total`` is what the source announced (None: it announces nothing, as feeds do), ``listed`` every id it named in
    answer. ``shortfall`` says in one sentence what is missing all the same; empty means complete. ``whole`` says that
    ``listed`` is all the source holds for the query, so that a record that is not in it has disappeared.
    ``unchanged`` says that nothing has changed since the last complete harvest, by the server's own word (304).
    """

    total: int | None
    listed: frozenset[str]
    shortfall: str = ""
    whole: bool = True
    unchanged: bool = False
    validator: Validator | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """Identifiers of the publications that are let in, whichever source told of them; each in its one form."""

    dois: frozenset[str] = frozenset()
    pmids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the store already holds of a source: id to when it was last fetched (aware, UTC).

    ``complete_until`` is when the last complete harvest began. ``validator`` is there when the answer it came with is
    recent enough to build on. ``watched`` is what any source told of.
    """

    fetched_at: Mapping[str, datetime]
    complete_until: datetime | None = None
    validator: Validator | None = None
    watched: Watched = field(default_factory=Watched)


class Status(StrEnum):
    """How asking one source ended."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The statement of one harvest of one source: what was asked, announced, fetched, and whether that was all.

    ``fetched`` counts what the source listed and was read, now or in an earlier harvest; ``new`` what was not known
    before; ``gone`` what it listed before and no longer does; ``quarantined`` what could not be read, for the first
    time.
    """

    source: str
    label: str
    asked_at: datetime
    status: Status
    query: str = ""
    query_version: str = ""
    total: int | None = None
    fetched: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    quarantined: int = 0
    error: str = ""
    complete_until: datetime | None = None  # up to when this source was last proven complete
    seconds: float = 0.0  # that asking took; not kept
    before: "Requery | None" = None


@dataclass(frozen=True, slots=True)
class Requery:
    """That a source is asked otherwise than for the issue before: when it last answered so, and its total then."""

    asked_at: datetime
    total: int | None
