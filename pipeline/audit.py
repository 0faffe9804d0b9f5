"""Audit: what became of the publications that ought to be found, and how many of them were.

Pure. What the store knows of each wanted publication comes in as sightings; out goes one finding each, in order.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline import text
from pipeline.digest.issue import Subscription
from pipeline.digest.studies import NOTICES, tier_of
from pipeline.match import kinds
from pipeline.match.kinds import Kind, title_key
from pipeline.model import Design, Record, Study, Tier, Work, work_name
from pipeline.wanted import Wanted

# A publication may be online in one year and in print in the next.
_YEARS_APART = 1
# Titles that share fewer words than this share of the list's title are about different things.
_COMMON_WORDS = 0.3
_NAMED_AT_MOST = 3

_WORD = re.compile(r"\w{2,}")


class Finding(StrEnum):
    """What became of a wanted publication, the best first."""

    TOLD = "told"  # let in, and a digest told of it
    MERGED = "merged"  # let in, as part of a work that stands under other identifiers
    UNTOLD = "untold"  # let in, but no digest told of it yet
    SCREENED_OUT = "screened_out"  # harvested, and put out by a rule
    UNSCREENED = "unscreened"  # harvested by a run that was cut short before it looked
    NEVER_HARVESTED = "never_harvested"
    UNREADABLE = "unreadable"  # the list says too little to look it up


LET_IN = (Finding.TOLD, Finding.MERGED, Finding.UNTOLD)
HARVESTED = (*LET_IN, Finding.SCREENED_OUT, Finding.UNSCREENED)


class Trace(StrEnum):
    """What led from a wanted publication to a record."""

    IDENTIFIER = "identifier"
    REGISTRATION = "registration"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Telling:
    """The issue of a digest that told of a study, by way of one of its works."""

    digest: str
    issue: int
    work: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record that a wanted publication leads to, with the study it is part of and every issue that told of that.

    ``study`` and ``work`` are None while nothing was concluded from the record.
    """

    trace: Trace
    record: Record
    work: Work | None = None
    study: Study | None = None
    told: tuple[Telling, ...] = ()

    @property
    def view(self) -> Record:
        """The publication as readers meet it."""
        return self.work.record if self.work else self.record

    @property
    def name(self) -> str:
        """What `litwatch show` knows it by; the record's key before there is a work."""
        return self.work.name if self.work else self.record.key


@dataclass(frozen=True, slots=True)
class Audited:
    """A wanted publication, and what became of it. ``rule`` is what put it out; ``notes`` are for people."""

    wanted: Wanted
    finding: Finding
    work: Work | None = None
    rule: str = ""
    told: tuple[Telling, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole list. What could not be looked up does not count."""

    publications: tuple[Audited, ...]

    @property
    def wanted(self) -> int:
        """How many could be looked up."""
        return sum(one.finding is not Finding.UNREADABLE for one in self.publications)

    @property
    def found(self) -> int:
        """How many are in the store and let in."""
        return sum(one.finding in LET_IN for one in self.publications)

    @property
    def harvested(self) -> int:
        """How many the sources brought at all."""
        return sum(one.finding in HARVESTED for one in self.publications)

    @property
    def recall(self) -> float:
        """The share that was found; at least one must have been wanted."""
        return self.found / self.wanted

    @property
    def percent(self) -> str:
        """Recall for people, rounded down, so that 100.0 means that none is missing."""
        return f"{math.floor(1000 * self.found / self.wanted) / 10:.1f}"


def audit(seen: Iterable[tuple[Wanted, Sequence[Sighting]]], digests: Sequence[Subscription]) -> Audit:
    """Say of each wanted publication what became of it, by the sightings that its list entry leads to."""
    return Audit(tuple(_audited(wanted, sightings, digests) for wanted, sightings in seen))


def _audited(wanted: Wanted, sightings: Sequence[Sighting], digests: Sequence[Subscription]) -> Audited:
    if not wanted.can_be_looked_up:
        return Audited(wanted, Finding.UNREADABLE, notes=("no identifier, and no title that tells enough",))
    fitting = _fitting(wanted, sightings)
    if not fitting:
        near = [f"{_named(sightings)} with the same title is another publication"] if sightings else []
        return Audited(wanted, Finding.NEVER_HARVESTED, notes=tuple(near))
    judged = [(_judged(wanted, one, digests), one) for one in fitting]
    (best, _), *others = sorted(judged, key=lambda pair: tuple(Finding).index(pair[0].finding))
    also = [f"{_named([one for _, one in others])} would fit, too"] if others else []
    return replace(best, notes=(*best.notes, *also))


def _named(sightings: Sequence[Sighting]) -> str:
    """Some of them by name, so that a title like "Editorial" does not fill a page."""
    more = len(sightings) - _NAMED_AT_MOST
    names = ", ".join(one.name for one in sightings[:_NAMED_AT_MOST])
    return f"{names} and {more} more" if more > 0 else names


def _fitting(wanted: Wanted, sightings: Sequence[Sighting]) -> list[Sighting]:
    """The sightings that are the wanted publication, as far as the list can tell.

    A trial number means its registration, if that is there. Where an identifier leads to several works (the DOI of a
    book of abstracts), the title decides.
    """
    possible = [one for one in sightings if one.trace is not Trace.TITLE or not _contradicts(wanted, one.view)]
    narrower = [
        one
        for one in possible
        if (one.trace is Trace.REGISTRATION and _is_registration(one.work))
        or (one.trace is Trace.IDENTIFIER and _same_title(wanted, one.record))
    ]
    return narrower or possible


def _is_registration(work: Work | None) -> bool:
    design = work.facts.design if work else None
    return design is not None and design.value is Design.REGISTRATION


def _contradicts(wanted: Wanted, view: Record) -> bool:
    """Whether two publications of one title are not the same: other identifiers, first authors, or years."""
    if any(one and other and one != other for one, other in _pairs(wanted, view)):
        return True
    if wanted.year and view.published and abs(wanted.year - view.published.year) > _YEARS_APART:
        return True
    return not _same_author(wanted.first_author, view)


def _pairs(wanted: Wanted, view: Record) -> Iterator[tuple[str, str]]:
    """Each kind of identifier that names one publication, as wanted and as it is."""
    yield wanted.pmid, view.pmid
    yield wanted.doi, view.doi
    yield wanted.pmcid, view.pmcid
    yield wanted.preprint_id, view.preprint_id


def _same_author(stated: str, view: Record) -> bool:
    """Whether the first authors may be one; lists write names in any order, with or without what surrounds them."""
    author = view.authors[0] if view.authors else None
    family = author.family or author.collective if author else ""
    words, others = _words(stated), _words(family)
    return not words or not others or bool(words & others) or text.title_key(family) in text.title_key(stated)


def _same_title(wanted: Wanted, record: Record) -> bool:
    key = title_key(wanted.title)
    return bool(key) and key in {title_key(record.title), title_key(record.vernacular_title)}


def _judged(wanted: Wanted, seen: Sighting, digests: Sequence[Subscription]) -> Audited:
    """What became of one sighting."""
    work, study = seen.work, seen.study
    if work is None or study is None:
        return Audited(wanted, Finding.UNSCREENED, notes=("the next run screens it",))
    if tier_of(study) is Tier.OUT:
        return Audited(wanted, Finding.SCREENED_OUT, work, work.verdict.excluded_by, _tellings(seen, work))
    told = _tellings(seen, work)
    finding = Finding.TOLD if told else Finding.UNTOLD
    if not _stands_under(wanted, seen):
        finding = Finding.MERGED
    waiting = () if told else (_waiting(study, digests),)
    return Audited(wanted, finding, work, told=told, notes=(*waiting, *_kinship(wanted, seen, study, work, told)))


def _tellings(seen: Sighting, work: Work) -> tuple[Telling, ...]:
    """The first issue of each digest that told of the work itself; of its study, if none did."""
    own = [one for one in seen.told if one.work == work.id]
    first: dict[str, Telling] = {}
    for one in sorted(own or seen.told, key=lambda told: told.issue):
        first.setdefault(one.digest, one)
    return tuple(first[digest] for digest in sorted(first))


def _stands_under(wanted: Wanted, seen: Sighting) -> bool:
    """Whether the work shows what led to it. It does not if another record's identifiers or title won."""
    view = seen.view
    if seen.trace is Trace.IDENTIFIER:
        return any(one and one == other for one, other in _pairs(wanted, view))
    return seen.trace is Trace.REGISTRATION or _same_title(wanted, view)


def _kinship(wanted: Wanted, seen: Sighting, study: Study, work: Work, told: Sequence[Telling]) -> Iterator[str]:
    """Through which other work of its study it was told, or will be; and why it may not be what was wanted."""
    tellers = {one.work for one in told} or {study.main.id}
    if work.id not in tellers:
        kind = "notice" if kinds.kind(work.record) is Kind.NOTICE else "version"
        yield f"as a {kind} of {work_name(min(tellers))}"
    if seen.trace is Trace.REGISTRATION and not _is_registration(work):
        yield "only states the number, the registration is not in the store"
    if _has_other_title(wanted, seen):
        yield "the list has another title for it"


def _has_other_title(wanted: Wanted, seen: Sighting) -> bool:
    """Whether the list's title and the store's have little in common, so that the identifier may be a wrong one."""
    titles = wanted.title, f"{seen.record.title} {seen.record.vernacular_title} {seen.view.title}"
    stated, held = ({word for word in _words(title) if len(word) > 3} for title in titles)
    return min(len(stated), len(held)) > 2 and len(stated & held) < _COMMON_WORDS * len(stated)


def _words(name: str) -> set[str]:
    return set(_WORD.findall(text.fold(name)))


def _waiting(study: Study, digests: Sequence[Subscription]) -> str:
    """Why no digest told of a study."""
    if all(work.facts.design and work.facts.design.value in NOTICES for work in study.works):
        return "a notice is told with its article, which is not in the store"
    names = [digest.name for digest in digests if tier_of(study) in digest.tiers]
    if names:
        return f"waits for the next issue of {' and '.join(names)}"
    return f"{tier_of(study)} is no tier of any digest"
