"""The words of an edition, as data: headings, footer, and for readers who are no professionals a plain vocabulary.

config/editions.toml says what each text is for; :mod:`pipeline.digest.editions` reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, Strict

from pipeline.appraise.comparators import VALUES as COMPARATORS
from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES, UNSTATED
from pipeline.digest.wording import Filled, Intro, Keys, Line, Table, may_name
from pipeline.model import Design, EventKind

POSTED_RESULTS = "posted_results"
"""A registered trial whose registration shows results."""

SECTIONS = ("corrections", "worth_reading", "below_the_line", "trials", "found_late", "also_indexed")
_COUNTS = ("new", "corrections", "known", "people", "more_studies", "more_corrections", "waiting")


_Sentence = Annotated[Filled, may_name("sentence")]
_Number = Annotated[Filled, may_name("number")]
_Sources = Annotated[Filled, may_name("sources")]
_People = Annotated[Filled, may_name("people")]
_Treatment = Annotated[Filled, may_name("treatment")]


@dataclass(frozen=True, slots=True)
class Heading(Table):
    """A section's heading, and a sentence below it."""

    heading: Line
    intro: Intro = ""


@dataclass(frozen=True, slots=True)
class Footer(Table):
    """The sentences at an issue's end."""

    made: Line
    contact: Annotated[Filled, may_name("contact")]
    archive: Annotated[Filled, may_name("digest", "issue")]
    version: Annotated[Filled, may_name("version")]


@dataclass(frozen=True, slots=True)
class SubjectWords(Table):
    """What randomised trials are called in a subject line."""

    trial: Line
    trials: Line


@dataclass(frozen=True, slots=True)
class Edition(Table):
    """What every edition words for itself."""

    subject: SubjectWords
    headings: Annotated[Mapping[str, Heading], Keys(SECTIONS)]
    footer: Footer


@dataclass(frozen=True, slots=True)
class Number(Table):
    """A text for one and a text for any other number."""

    one: _Number
    many: _Number

    def of(self, number: int) -> str:
        """The text for a number."""
        return (self.one if number == 1 else self.many).format(number=f"{number:,}")


@dataclass(frozen=True, slots=True)
class Headline(Table):
    """The large line at the top, for each kind of issue."""

    news: Annotated[Filled, may_name("new")]
    corrections: Annotated[Filled, may_name("corrections")]
    both: Annotated[Filled, may_name("new", "corrections")]
    none: Line
    incomplete: Line
    first: Line
    out_of_cycle: Line


@dataclass(frozen=True, slots=True)
class AddedWords(Table):
    """What a new source adds, for one and for any other number of older studies."""

    one: Annotated[Filled, may_name("source")]
    many: Annotated[Filled, may_name("source", "number")]

    def of(self, number: int, source: str) -> str:
        """The text for a number."""
        return (self.one if number == 1 else self.many).format(source=source, number=f"{number:,}")


@dataclass(frozen=True, slots=True)
class StateWords(Table):
    """What is certain and what is missing."""

    all_searched: _Number
    only_searched: Line
    some_searched: Annotated[Filled, may_name("searched", "number")]
    searched: _Sources
    nothing_new: _Sources
    incomplete: Annotated[Filled, may_name("gaps")]
    not_asked: Line
    added: AddedWords
    added_by_many: Annotated[Filled, may_name("sources", "number")]
    first: Annotated[Filled, may_name("known")]
    out_of_cycle: Line


@dataclass(frozen=True, slots=True)
class Labels(Table):
    """What stands in front of each part of an entry."""

    did: Line
    found: Line
    unknown: Line
    read: Line
    kind: Line
    short_forms: Line
    happened: Line
    notice: Line


@dataclass(frozen=True, slots=True)
class DesignWords(Table):
    """A kind of study: its name, how it is done, what it asks and cannot tell; a ``brief`` one is told in ``did``."""

    name: Line
    did: Line
    question: Intro = ""
    caution: Intro = ""
    brief: Annotated[bool, Strict()] = False


@dataclass(frozen=True, slots=True)
class DidWords(Table):
    """Whom a study treated, and with what it compared."""

    took_part: _People
    analysed: _People
    planned: _People
    people_not_stated: Line
    compared: Annotated[Filled, may_name("comparators")]
    by_hand: Line


@dataclass(frozen=True, slots=True)
class FoundWords(Table):
    """The authors' sentence, or why it is not shown."""

    sentence: _Sentence
    also: _Sentence
    also_left_out: Line
    not_stated: Line
    no_summary: Line
    promises: Line
    unexplained: Line
    long: Line


@dataclass(frozen=True, slots=True)
class UnknownWords(Table):
    """What is still not known."""

    harms_reported: Line
    no_harms_reported: Line
    harms_not_reported: Line
    harms_unknown: Line
    small: Line
    preprint: Line
    corrected: Line
    related: Line


@dataclass(frozen=True, slots=True)
class DoubtWords(Table):
    """What stands in front of a study that cannot be relied on."""

    retracted: Line
    concern: Line
    withdrawn: Line


@dataclass(frozen=True, slots=True)
class WhereWords(Table):
    """Where a study is to be read, and where it was told."""

    article_in: Annotated[Filled, may_name("journal", "date")]
    article_of: Annotated[Filled, may_name("date")]
    notice: Line
    told: Annotated[Filled, may_name("issue", "day")]
    counted: Annotated[Filled, may_name("issue", "day")]


@dataclass(frozen=True, slots=True)
class HappenedWords(Table):
    """What happened to a study, in a few words and in a sentence."""

    heading: Line
    sentence: Line


@dataclass(frozen=True, slots=True)
class PlainEdition(Edition):
    """The words for readers who are no professionals.

    ``never`` are words that no issue has before its table of sources: whole ones, with ``*`` for any ending.
    ``glossary`` explains abbreviations.
    """

    never: tuple[Annotated[Line, Field(pattern=r"^\w+\*?$")], ...]
    glossary: Mapping[Annotated[str, Field(pattern=r"^\w+$")], Line]
    counts: Annotated[Mapping[str, Number], Keys(_COUNTS)]
    headline: Headline
    state: StateWords
    labels: Labels
    designs: Annotated[Mapping[str, DesignWords], Keys((*Design, POSTED_RESULTS, UNSTATED))]
    treatments: Annotated[Mapping[str, Line], Keys((*INTERVENTIONS, UNSTATED))]
    comparators: Annotated[Mapping[str, Line], Keys(COMPARATORS)]
    questions: Annotated[Mapping[str, _Treatment], Keys(OUTCOMES)]
    did: DidWords
    found: FoundWords
    unknown: UnknownWords
    doubts: DoubtWords
    where: WhereWords
    happened: Annotated[Mapping[str, HappenedWords], Keys(tuple(kind for kind in EventKind if kind != EventKind.NEW))]
    more: Annotated[Mapping[str, Heading], Keys(("corrections", "studies"))]


@dataclass(frozen=True, slots=True)
class Editions(Table):
    """Every edition that a digest can be."""

    clinician: Edition
    patient: PlainEdition
