"""The words everyone speaks: frozen values without behaviour that touches the outside.

Records are evidence: what one source said of one publication. Works, verdicts and facts are
conclusions drawn from records by pure functions; they can be thrown away and drawn again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Self, TypeVar

T = TypeVar("T")


# --- evidence -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as its source states it. A month or day that is not stated is None, never invented."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no calendar holds, so that every date in the store is a real one."""
        if self.day is not None and self.month is None:
            raise ValueError("a day without a month")
        try:
            date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        except OverflowError as error:
            raise ValueError("a number that no calendar has") from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; ValueError for anything else."""
        parts = text.split("-")
        if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4 or len(parts) > 3:
            raise ValueError(f"not an ISO date: {text!r}")
        return cls(*(int(part) for part in parts))

    def __str__(self) -> str:
        """ISO 8601, cut to the precision that is known."""
        month = "" if self.month is None else f"-{self.month:02}"
        return f"{self.year:04}{month}" + ("" if self.day is None else f"-{self.day:02}")

    @property
    def latest(self) -> date:
        """The last day this date may mean."""
        if self.day is not None and self.month is not None:
            return date(self.year, self.month, self.day)
        if self.month is None or self.month == 12:
            return date(self.year, 12, 31)
        return date.fromordinal(date(self.year, self.month + 1, 1).toordinal() - 1)


@dataclass(frozen=True, slots=True)
class Author:
    """A person (family, given) or a group (collective), as the source spells it."""

    family: str = ""
    given: str = ""
    collective: str = ""
    orcid: str = ""

    def __str__(self) -> str:
        """``Family G`` as bibliographies print it, or the group's name."""
        if self.collective:
            return self.collective
        initials = "".join(part[0] for part in self.given.replace("-", " ").replace(".", " ").split())
        return f"{self.family} {initials}".strip()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an abstract, with the heading its authors gave it."""

    text: str
    label: str = ""


class RelationKind(StrEnum):
    """How a record points at another one, read from the record that does the pointing."""

    RETRACTION_IN = "retraction_in"  # this article is retracted by the target
    RETRACTION_OF = "retraction_of"  # this notice retracts the target
    ERRATUM_IN = "erratum_in"
    ERRATUM_FOR = "erratum_for"
    CONCERN_IN = "concern_in"
    CONCERN_FOR = "concern_for"
    PREPRINT_OF = "preprint_of"  # this preprint was published as the target
    HAS_PREPRINT = "has_preprint"  # this article was the target preprint before
    UPDATE_IN = "update_in"  # a newer version is the target (PubMed: preprints and Cochrane reviews alike)
    UPDATE_OF = "update_of"
    RESULTS_IN = "results_in"  # this registration names the target as a publication that came of the trial
    COMMENT_IN = "comment_in"
    COMMENT_ON = "comment_on"
    REPUBLISHED_IN = "republished_in"
    REPUBLISHED_FROM = "republished_from"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Relation:
    """A pointer from a record to another publication. ``stated`` is the source's own word for it."""

    kind: RelationKind
    stated: str
    pmid: str = ""
    doi: str = ""
    preprint_id: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One source's own view of one publication. Text is plain Unicode; identifiers are normalised.

    ``source_id`` is unique within ``source``. Empty string and empty tuple mean that the source
    does not state the field; ``open_access`` None means the same.
    """

    source: str
    source_id: str
    title: str
    vernacular_title: str = ""
    abstract: tuple[Section, ...] = ()
    authors: tuple[Author, ...] = ()
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    published: PartialDate | None = None
    published_stated: str = ""  # the date in the source's own words, when they say more than ``published``
    indexed: PartialDate | None = None  # when the source itself first held the record
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    preprint_id: str = ""
    registrations: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # as the source codes them: "eng" (PubMed, Europe PMC), "en" (feeds)
    relations: tuple[Relation, ...] = ()
    url: str = ""
    open_access: bool | None = None
    publication_status: str = ""  # as PubMed has it: "ppublish", "epublish", "aheadofprint"
    status: str = ""  # PubMed's MedlineCitation/@Status ("MEDLINE"); of a registration its state ("RECRUITING")
    completed: PartialDate | None = None  # of a registered trial, when its primary outcome was last measured
    results_posted: PartialDate | None = None  # when a registry first showed results of the trial

    @property
    def key(self) -> str:
        """``source:source_id``, unique in the store."""
        return f"{self.source}:{self.source_id}"

    @property
    def is_preprint(self) -> bool:
        """Whether the source calls it a preprint."""
        return any(kind.casefold() == "preprint" for kind in self.publication_types)

    @property
    def abstract_text(self) -> str:
        """The whole abstract as one paragraph a section, headings kept."""
        return "\n".join(f"{part.label}: {part.text}" if part.label else part.text for part in self.abstract)


def best_first(records: Iterable[Record]) -> list[Record]:
    """The records of one publication, the most carefully kept first; ties in the order of their keys.

    PubMed indexed by NLM staff (MEDLINE), then the rest of PubMed; then the others as in ``_TRUSTED``, and feeds last.
    """
    return sorted(records, key=lambda record: (_standing(record), record.key))


# Curated by people; then what publishers and authors deposit themselves; then what machines gather from the web.
_TRUSTED = (
    *("pubmed", "europepmc", "clinicaltrials"),
    *("crossref", "medrxiv", "doaj", "retractionwatch"),
    *("openalex", "semanticscholar"),
)


def _standing(record: Record) -> tuple[int, bool]:
    """The lowest for the record to trust most."""
    place = _TRUSTED.index(record.source) if record.source in _TRUSTED else len(_TRUSTED)
    return place, record.status != "MEDLINE"


# --- the subject ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record was let in: which term of which concept stood in which field."""

    concept: str
    term: str
    field: str


class Tier(StrEnum):
    """How close a record is to the subject."""

    CORE = "core"
    RELATED = "related"
    OUT = "out"

    @property
    def rank(self) -> int:
        """0 for core; higher is farther away."""
        return tuple(Tier).index(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What screening decided of one record, and why. ``excluded_by`` names the rule that put it out."""

    tier: Tier
    reasons: tuple[Reason, ...] = ()
    excluded_by: str = ""


# --- conclusions ------------------------------------------------------------------------------


class Design(StrEnum):
    """Study designs, in the order in which a digest shows them."""

    GUIDELINE = "guideline"
    SYSTEMATIC_REVIEW = "systematic_review"
    RCT = "rct"
    NONRANDOMIZED_TRIAL = "nonrandomized_trial"
    OBSERVATIONAL = "observational"
    SURVEY = "survey"
    CASE_REPORT = "case_report"
    NARRATIVE_REVIEW = "narrative_review"
    PROTOCOL = "protocol"
    REGISTRATION = "registration"
    ANIMAL = "animal"
    IN_VITRO = "in_vitro"
    EDITORIAL = "editorial"
    RETRACTION_NOTICE = "retraction_notice"
    ERRATUM = "erratum"
    OTHER = "other"


BY_HAND = "judgement"
"""The field that facts and reasons name when an operator is behind them."""


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """One value with the words it rests on: which record, which field, which evidence."""

    value: T
    evidence: str
    field: str
    record: str = ""


class Counted(StrEnum):
    """Which people a number of participants counts: not everyone who enters a trial is randomised, or analysed."""

    RANDOMIZED = "randomized"
    ANALYSED = "analysed"
    ENROLLED = "enrolled"  # took part, in a study that does not say more
    PLANNED = "planned"  # are to take part, by a protocol or a registration


@dataclass(frozen=True, slots=True)
class Count(Fact[int]):
    """How many people, and which of them are counted."""

    counted: Counted = Counted.ENROLLED


class Direction(StrEnum):
    """What the authors conclude of an effect; to draw attention with, never to count votes."""

    BENEFIT = "benefit"
    NO_DIFFERENCE = "no_difference"
    MIXED = "mixed"
    HARM = "harm"
    UNCLEAR = "unclear"


class Harms(StrEnum):
    """What a record says of unwanted effects."""

    REPORTED = "reported"
    NONE_REPORTED = "none_reported"  # it says that there were none


@dataclass(frozen=True, slots=True)
class Facts:
    """What a work states of itself. None and () mean "not stated"; nothing is guessed."""

    design: Fact[Design] | None = None
    disputed: Fact[Design] | None = None  # the design that title or abstract name where metadata name another
    publication: Fact[str] | None = None  # preprint | ahead_of_print | electronic | print
    population: Fact[str] | None = None  # human | animal | in_vitro
    participants: Count | None = None
    interventions: tuple[Fact[str], ...] = ()
    comparators: tuple[Fact[str], ...] = ()
    outcomes: tuple[Fact[str], ...] = ()
    conclusion: Fact[str] | None = None
    direction: Fact[Direction] | None = None
    harms: Fact[Harms] | None = None
    funding: Fact[str] | None = None  # the sentence in which the record says who paid
    interests: Fact[str] | None = None  # the sentence in which the authors declare their interests
    registrations: tuple[Fact[str], ...] = ()
    retracted: Fact[bool] | None = None
    concern: Fact[bool] | None = None
    corrected: Fact[bool] | None = None
    withdrawn: Fact[bool] | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One publication as we conclude it to be: the records that describe it, merged.

    ``record`` is the merged view (its source is ``litwatch``, its source_id the work's id). Works that are
    told as one study (preprint and article, an article and its notices) share ``study``, the id of the oldest of them.
    """

    id: int
    study: int
    record: Record
    records: tuple[str, ...]  # keys of the records it rests on
    sources: tuple[str, ...]  # labels of the sources that hold it, for readers
    verdict: Verdict
    facts: Facts
    first_seen: datetime

    @property
    def name(self) -> str:
        """The id as people meet it, for example ``W12``."""
        return work_name(self.id)


def work_name(work_id: int) -> str:
    """A work's id as readers see it and ``litwatch show`` takes it."""
    return f"W{work_id}"


class Relationship(StrEnum):
    """How two publications belong together without being the same one. The first is the newer or the derived one."""

    PREPRINT = "preprint"  # version of record -> its preprint
    REGISTRATION = "registration"  # publication -> the registration it states
    RETRACTION_NOTICE = "retraction_notice"  # notice -> article
    ERRATUM = "erratum"  # notice -> article
    CONCERN = "concern"  # notice -> article
    COMMENT = "comment"  # comment -> what it comments on
    UPDATE = "update"  # newer version -> older version
    REPUBLICATION = "republication"  # later printing -> first printing
    SAME_TRIAL = "same_trial"  # publication -> an earlier one of the same registered trial
    CONFERENCE_ABSTRACT = "conference_abstract"  # article -> the congress abstract that came before it


class Sameness(StrEnum):
    """What an operator says of two records."""

    SAME = "same_as"
    NOT_SAME = "not_same_as"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The operator's word on two records (their keys). It stands above the rules; the latest on a pair counts."""

    a: str
    b: str
    sameness: Sameness


class Matter(StrEnum):
    """What an operator can say of one publication."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not_relevant"
    DESIGN = "design"
    PARTICIPANTS = "participants"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The operator's word on one publication, by the key of a record of it. The latest on a matter counts.

    ``value`` is a design or a number of people; empty says that the record states none.
    """

    record: str
    matter: Matter
    value: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an operator said and did not undo, with its number, the operator's note, and when."""

    id: int
    word: Judgement | Ruling
    note: str
    at: datetime


class EventKind(StrEnum):
    """What can happen to a study that readers ought to hear of."""

    NEW = "new"
    RETRACTED = "retracted"
    CONCERN = "concern"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"  # a preprint now has a version of record
    STATUS = "status"  # a registered trial is in another state than before
    RESULTS = "results"  # a registry shows results of the trial
    OVERDUE = "overdue"  # it shows none, a year and more after the trial's primary completion
    OUR_MISTAKE = "our_mistake"  # what we said of it was wrong, and the fault is ours


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a study, once.

    ``notice`` is the link or identifier that says so, if any; of a mistake of ours, what was wrong and what is right;
    of a trial's state, the former and the new one in the registry's words; of results that are overdue, the day by
    which they were due and what that is counted from.
    """

    id: int
    kind: EventKind
    work: int
    at: datetime
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """One study with all its works: the version of record first, then preprints, registrations and the rest."""

    works: tuple[Work, ...]

    @property
    def id(self) -> int:
        """The id all its works share."""
        return self.works[0].study

    @property
    def main(self) -> Work:
        """The work that stands for the study."""
        return self.works[0]
