"""The words of an edition, as data: headings, footer, and for readers who are no professionals a plain vocabulary.

config/editions.toml says what each text is for; :mod:`pipeline.digest.editions` reads it. Texts with placeholders are
templates for :meth:`str.format`, and every one that it may name is known here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any, ClassVar, get_args

from pydantic import AfterValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

from pipeline.model import Design, EventKind

NOT_STATED = "not_stated"
SECTIONS = ("corrections", "worth_reading", "below_the_line", "trials", "found_late", "also_indexed")
TREATMENTS = (
    *("manual_acupuncture", "electroacupuncture", "acupressure", "auricular", "scalp", "moxibustion", "bee_venom"),
    *("laser", "acupoint_injection", "acu_tens", "dry_needling", "cupping", "other", NOT_STATED),
)
OUTCOMES = (
    *("fatigue", "spasticity", "mobility_balance", "bladder", "bowel", "pain", "sensory", "sleep", "mood"),
    *("cognition", "sexual_function", "quality_of_life", "disability", "relapse", "immune_markers", "safety"),
    *("other", NOT_STATED),
)
COMPARATORS = (
    *("sham", "usual care", "no treatment", "waiting list", "placebo", "drug treatment"),
    *("exercise or physiotherapy", "other"),
)
_COUNTS = ("new", "corrections", "known", "people", "more_studies", "more_corrections", "waiting")


@dataclass(frozen=True, slots=True)
class _Keys:
    """A table that has each of these keys and no other."""

    keys: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        value = handler.generate_schema(get_args(source)[1])
        fields = {key: core_schema.typed_dict_field(value) for key in self.keys}
        return core_schema.typed_dict_schema(fields, extra_behavior="forbid")


def _may_name(*known: str) -> AfterValidator:
    """Take one line of text that names none but these placeholders."""

    def check(text: str) -> str:
        if not text.isprintable():
            raise ValueError("must be one line without control or invisible characters")
        try:
            named = [_spelled(*part[1:]) for part in Formatter().parse(text) if part[1] is not None]
        except ValueError:
            raise ValueError("has a brace too many or too few; a brace itself is written twice") from None
        if odd := [name for name in named if name not in known]:
            raise ValueError(f"the placeholder {{{odd[0]}}} is not known here; {_known(known)}")
        return text

    return AfterValidator(check)


def _spelled(name: str | None, form: str | None, conversion: str | None) -> str:
    """A placeholder as it stands in the text; one with a form or a conversion is none of ours."""
    return f"{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}"


def _known(names: Iterable[str]) -> str:
    shown = ", ".join(f"{{{name}}}" for name in names)
    return f"known: {shown}" if shown else "there are none"


_Filled = Annotated[str, Field(min_length=1)]
Line = Annotated[_Filled, _may_name()]
Intro = Annotated[str, _may_name()]
_Sentence = Annotated[_Filled, _may_name("sentence")]
_Number = Annotated[_Filled, _may_name("number")]
_Sources = Annotated[_Filled, _may_name("sources")]
_People = Annotated[_Filled, _may_name("people")]
_Treatment = Annotated[_Filled, _may_name("treatment")]


class _Table:
    """A table of the file, which has no other keys."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Heading(_Table):
    """A section's heading, and a sentence below it."""

    heading: Line
    intro: Intro = ""


@dataclass(frozen=True, slots=True)
class Footer(_Table):
    """The sentences at an issue's end."""

    made: Line
    contact: Annotated[_Filled, _may_name("contact")]
    archive: Annotated[_Filled, _may_name("digest", "issue")]
    version: Annotated[_Filled, _may_name("version")]


@dataclass(frozen=True, slots=True)
class SubjectWords(_Table):
    """What randomised trials are called in a subject line."""

    trial: Line
    trials: Line


@dataclass(frozen=True, slots=True)
class Edition(_Table):
    """What every edition words for itself."""

    subject: SubjectWords
    headings: Annotated[Mapping[str, Heading], _Keys(SECTIONS)]
    footer: Footer


@dataclass(frozen=True, slots=True)
class Number(_Table):
    """A text for one and a text for any other number."""

    one: _Number
    many: _Number

    def of(self, number: int) -> str:
        """The text for a number."""
        return (self.one if number == 1 else self.many).format(number=f"{number:,}")


@dataclass(frozen=True, slots=True)
class Headline(_Table):
    """The large line at the top, for each kind of issue."""

    news: Annotated[_Filled, _may_name("new")]
    corrections: Annotated[_Filled, _may_name("corrections")]
    both: Annotated[_Filled, _may_name("new", "corrections")]
    none: Line
    incomplete: Line
    first: Line


@dataclass(frozen=True, slots=True)
class StateWords(_Table):
    """What is certain and what is missing."""

    all_searched: _Number
    only_searched: Line
    some_searched: Annotated[_Filled, _may_name("searched", "number")]
    searched: _Sources
    nothing_new: _Sources
    incomplete: Annotated[_Filled, _may_name("gaps")]
    not_asked: Line
    first: Annotated[_Filled, _may_name("known")]


@dataclass(frozen=True, slots=True)
class Labels(_Table):
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
class DesignWords(_Table):
    """A kind of study: its name, how it is done, what it asks and cannot tell; a ``brief`` one is told in ``did``."""

    name: Line
    did: Line
    question: Intro = ""
    caution: Intro = ""
    brief: Annotated[bool, Strict()] = False


@dataclass(frozen=True, slots=True)
class DidWords(_Table):
    """Whom a study treated, and with what it compared."""

    took_part: _People
    analysed: _People
    planned: _People
    people_not_stated: Line
    compared: Annotated[_Filled, _may_name("comparators")]
    by_hand: Line


@dataclass(frozen=True, slots=True)
class FoundWords(_Table):
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
class UnknownWords(_Table):
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
class DoubtWords(_Table):
    """What stands in front of a study that cannot be relied on."""

    retracted: Line
    concern: Line
    withdrawn: Line


@dataclass(frozen=True, slots=True)
class WhereWords(_Table):
    """Where a study is to be read, and where it was told."""

    article_in: Annotated[_Filled, _may_name("journal", "date")]
    article_of: Annotated[_Filled, _may_name("date")]
    notice: Line
    told: Annotated[_Filled, _may_name("issue", "day")]
    counted: Annotated[_Filled, _may_name("day")]


@dataclass(frozen=True, slots=True)
class HappenedWords(_Table):
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
    counts: Annotated[Mapping[str, Number], _Keys(_COUNTS)]
    headline: Headline
    state: StateWords
    labels: Labels
    designs: Annotated[Mapping[str, DesignWords], _Keys((*Design, NOT_STATED))]
    treatments: Annotated[Mapping[str, Line], _Keys(TREATMENTS)]
    comparators: Annotated[Mapping[str, Line], _Keys(COMPARATORS)]
    questions: Annotated[Mapping[str, _Treatment], _Keys(OUTCOMES)]
    did: DidWords
    found: FoundWords
    unknown: UnknownWords
    doubts: DoubtWords
    where: WhereWords
    happened: Annotated[Mapping[str, HappenedWords], _Keys(tuple(kind for kind in EventKind if kind != EventKind.NEW))]
    more: Annotated[Mapping[str, Heading], _Keys(("corrections", "studies"))]


@dataclass(frozen=True, slots=True)
class Editions(_Table):
    """Every edition that a digest can be."""

    clinician: Edition
    patient: PlainEdition
