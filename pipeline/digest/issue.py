"""What one issue of a digest is made of: frozen values, no words for readers and no layout yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from pipeline.digest.additions import Addition
from pipeline.digest.edition import Edition
from pipeline.digest.evidence_map import CellChange, EvidenceMap, Tallies
from pipeline.digest.families import Kinship
from pipeline.model import Design, Event, Study, Tier
from pipeline.proof import Coverage, Status

NEVER = datetime.min.replace(tzinfo=UTC)
"""When a source was asked that was never asked."""

FEED = "atom"
"""The format of an issue as an entry of its digest's feed."""

FIRST = 1
"""The number of a subscription's first issue, after which everything known by then counts as told."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One reader's standing order: which tiers, how many items an issue, told in which time zone.

    ``when_empty`` (always, monthly, never) says whether an issue without news is sent; see :func:`is_empty`.
    ``edition`` are the words it is told in.
    """

    name: str = "weekly"
    timezone: str = "UTC"
    tiers: tuple[Tier, ...] = (Tier.CORE, Tier.RELATED)
    max_items: int = 25
    when_empty: str = "always"
    edition: Edition = field(kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class IssueRef:
    """An earlier issue of the same subscription, as a reader would look it up."""

    number: int
    composed_at: datetime


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a composition needs from the store.

    ``events`` are those this subscription has not been told yet, oldest first. ``studies`` maps the id of every study
    that may be shown to it: all of tier core and related, and those told before that have an event, whatever their
    tier is now. ``study_of`` finds the study of any event's work. ``told`` names the issue through which a study counts
    as told. ``coverage`` is the latest statement of each source, with what was new or for the first time unreadable in
    the period; ``excluded`` counts the period's screened-out records by rule. ``start`` is when the period began (None:
    it is everything so far). ``looks_back`` asks for a preview of that period, which is no issue of the series.
    ``kinships`` say which studies are reports of one. ``shown`` are the told studies that an issue spoke of, rather
    than that count as told since the first one. ``told_map`` is what this subscription was last told of the evidence
    map (None: no issue kept it, or a look back). ``missed`` are the labels of sources that were out of order when the
    period began, ``imported`` counts the period's records from files. ``joined`` has the labels of sources that joined
    after the first issue and were not complete before this period, with when the period began in which they joined.
    """

    events: tuple[Event, ...]
    studies: Mapping[int, Study]
    study_of: Mapping[int, int]
    told: Mapping[int, IssueRef]
    coverage: tuple[Coverage, ...]
    excluded: Mapping[str, int]
    previous: IssueRef | None
    version: str
    contact: str = ""
    start: datetime | None = None
    looks_back: bool = False
    kinships: tuple[Kinship, ...] = ()
    shown: frozenset[int] = frozenset()
    told_map: Tallies | None = None
    missed: frozenset[str] = frozenset()
    imported: int = 0
    joined: Mapping[str, datetime] = field(default_factory=dict)


class Section(StrEnum):
    """Where an item stands, in reading order."""

    WORTH_READING = "worth_reading"
    BELOW_THE_LINE = "below_the_line"
    TRIALS = "trials"
    FOUND_LATE = "found_late"
    ALSO_INDEXED = "also_indexed"

    @property
    def rank(self) -> int:
        """0 for the first section of an issue."""
        return tuple(Section).index(self)


@dataclass(frozen=True, slots=True)
class Item:
    """A study told as new, once. ``reasons`` say why it stands below the line.

    ``kin`` are the other reports of it that its reader knows, or meets with it: its registration, say, or its protocol.
    It is ``delayed`` if an outage of its sources kept it from the issue before.
    """

    study: Study
    section: Section
    reasons: tuple[str, ...] = ()
    kin: tuple["Kin", ...] = ()
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class Kin:
    """Another report of a study, and the issue that told of it (None: this one)."""

    study: Study
    told_in: IssueRef | None


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that changed in a study this reader was told of, and the issue that told it.

    ``shown`` is false if that issue, the first, only counted it as told.
    """

    event: Event
    study: Study
    told_in: IssueRef
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """The state of the evidence at a first issue: studies by design and tier, the retracted apart; and their map."""

    by_design: Mapping[Design | None, Mapping[Tier, int]]
    retracted: Mapping[Tier, int]
    map: EvidenceMap = field(default_factory=EvidenceMap)

    @property
    def studies(self) -> int:
        """All of them, the retracted included."""
        return sum(sum(row.values()) for row in (*self.by_design.values(), self.retracted))

    def of(self, design: Design) -> int:
        """How many of one design, the retracted left out."""
        return sum(self.by_design.get(design, {}).values())


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of one subscription. Every rendering is made from this and nothing else.

    ``known`` is there in the first issue only, the baseline. ``carried_over`` counts the studies that wait for the next
    issue. ``changes`` are the cells of the evidence map that are otherwise than the reader was told before.
    """

    subscription: Subscription
    subject_label: str
    number: int
    composed_at: datetime
    previous: IssueRef | None
    corrections: tuple[Correction, ...]
    items: tuple[Item, ...]
    carried_over: int
    known: Known | None
    coverage: tuple[Coverage, ...]
    excluded: tuple[tuple[str, int], ...]
    next_due: datetime | None
    version: str
    contact: str
    start: datetime | None  # of the period; None if it is everything so far
    looks_back: bool = False  # from a day that was asked for: a preview, and no issue of the series
    out_of_cycle: bool = False  # corrections that could not wait for the next issue, and nothing else
    changes: tuple[CellChange, ...] = ()
    imported: int = 0  # records from files
    added: tuple[Addition, ...] = ()  # by new sources; counted as told

    @property
    def not_asked(self) -> tuple[Coverage, ...]:
        """Sources not asked since the period began, so that they prove nothing for it.

        A statement made for the issue before has that issue's time, and belongs to its period.
        """
        return tuple(row for row in self.coverage if row.asked_at <= (self.start or NEVER))

    @property
    def left_out(self) -> tuple[Coverage, ...]:
        """Sources that had their turn within the period and were passed over for a reason that they state."""
        return tuple(row for row in self.coverage if row.status is Status.SKIPPED and row not in self.not_asked)

    @property
    def asked(self) -> tuple[Coverage, ...]:
        """Sources that were asked within the period, however that ended."""
        return tuple(row for row in self.coverage if row not in (*self.not_asked, *self.left_out))

    @property
    def gaps(self) -> tuple[Coverage, ...]:
        """Sources that may hold news this issue does not know of: not asked, failed, cut short, or not readable."""
        sound = (Status.COMPLETE, Status.SKIPPED)
        return tuple(
            row for row in self.coverage if row in self.not_asked or row.status not in sound or row.quarantined
        )

    @property
    def complete(self) -> bool:
        """Whether all sources but those left out answered in full. Where none was asked, nothing is complete."""
        return bool(self.asked) and not self.gaps

    @property
    def query_version(self) -> str:
        """The version of the queries behind the issue; several, separated by commas, while a change is under way."""
        return ", ".join(sorted({row.query_version for row in self.coverage if row.query_version}))


@dataclass(frozen=True, slots=True)
class Composition:
    """An issue and the ids of the events it tells or settles, to be written together or not at all.

    ``shown`` are those of the claims whose studies the issue speaks of, ``told_map`` what its reader knows of the
    evidence map from then on (None: what was known before).
    """

    issue: Issue
    claims: tuple[int, ...]
    shown: frozenset[int] = frozenset()
    told_map: Tallies | None = None


def is_empty(issue: Issue) -> bool:
    """Whether there is neither an item nor a correction; a subscription may not want such an issue.

    What new sources add alone makes no issue: it is told by the next that has something to tell.
    """
    return not issue.items and not issue.corrections
