"""One study as an entry of an issue: a card, two lines or one line, and the correction of what was told before.

All of it is the record's own words or a name from our vocabularies; what a record does not state is said to be so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline import links
from pipeline.digest import trials, words
from pipeline.digest.issue import Item, Section
from pipeline.digest.sections import cautions, marks, registrations_of, versions
from pipeline.digest.studies import design_of, has_posted_results, tier_of
from pipeline.model import BY_HAND, Counted, Design, Direction, Fact, Facts, Reason, Record, Study, Tier, Work

_LONGEST_QUOTE = 1_000  # characters
_MOST_TELLING = ("title", "vernacular_title", "keywords", "mesh", "abstract")


@dataclass(frozen=True, slots=True)
class Link:
    """Words, and where they lead; an empty address makes them plain words."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A labelled statement, which may be a ``quote``. ``lang`` is a BCP 47 tag where the words are not English."""

    label: str
    parts: tuple[Link, ...]
    lang: str = ""
    quote: bool = False


def quotation(label: str, said: str) -> Note:
    """A statement that is somebody's own sentence, if it stands in quotation marks."""
    return Note(label, (Link(said),), quote=said.startswith("“"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An item on the page. ``because`` says why it stands below the line, ``kind`` what kind of correction it is."""

    title: str
    url: str
    because: str = ""
    tags: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    kind: str = ""


def card(item: Item, timezone: str) -> Entry:
    """All that helps to decide whether to read it. A study that is limited in any way is no card, so no tag says so."""
    record = item.study.main.record
    return Entry(
        words.title(record),
        trials.results_page(record) if has_posted_results(item.study) else links.link(record),
        tags=tuple(Link(tag) for tag in (*_delay(item), *_tags(item.study))),
        notes=tuple(_notes(item, timezone)),
    )


def brief(item: Item) -> Entry:
    """The title, and one line that says first why it is not a card."""
    return _short(item, "; ".join(item.reasons), (mark for mark in marks(item.study) if mark not in item.reasons))


def line(item: Item) -> Entry:
    """The title and what is needed to find it, after what has befallen it."""
    preprint = ("preprint, not peer reviewed",) if item.study.main.record.is_preprint else ()
    limits = _limits(item.study) if item.section is Section.FOUND_LATE else preprint
    return _short(item, "", (*dict.fromkeys((*marks(item.study), *limits)), *_course(item.study)))


def _limits(study: Study) -> Iterator[str]:
    """What would have put a study of this period below the line; its design is named anyway."""
    yield from (caution for caution in cautions(study) if caution != words.design(design_of(study)))
    if tier_of(study) is not Tier.CORE:
        yield "related subject"


def _delay(item: Item) -> Iterator[str]:
    if item.delayed:
        yield "delayed by an outage"


def _course(study: Study) -> Iterator[str]:
    """How far a registered trial is, by its registry."""
    if design_of(study) is Design.REGISTRATION and study.main.record.status:
        yield trials.in_words(study.main.record.status)
    posted = study.main.record.results_posted
    if posted and has_posted_results(study):
        yield f"results posted {words.partial(posted)}"


def _short(item: Item, because: str, status: Iterable[str]) -> Entry:
    main, design = item.study.main, words.design(design_of(item.study))
    kind = () if design in item.reasons else (f"{design}{by_hand(main.facts.design)}",)
    where = (*_language(main.record), words.authors(main.record), main.record.journal, words.published(main.record))
    said = tuple(status)
    number = () if "(N = " in f"{because} {said}" else people(main)
    tags = (Link(part) for part in (*_delay(item), *said, *kind, *number, *where) if part)
    kin = (replace(link, text=f"with its {link.text}") for link in _versions(item)[len(item.study.works) :])
    return Entry(words.title(main.record), links.link(main.record), because, (*tags, *identifiers(main), *kin))


# Whom a number counts; of people who took part nothing more is said.
_COUNTED = {Counted.RANDOMIZED: " randomised", Counted.ANALYSED: " analysed", Counted.PLANNED: " planned"}


def people(work: Work) -> Iterator[str]:
    """How many took part, and whom that counts, if the record says so."""
    if work.facts.participants:
        stated = work.facts.participants
        yield f"N = {stated.value:,}{_COUNTED.get(stated.counted, '')}{by_hand(stated)}"


def by_hand(fact: Fact[Any] | None) -> str:
    """A mark for what an operator judged."""
    return " (judged by hand)" if fact and fact.field == BY_HAND else ""


def _tags(study: Study) -> Iterator[str]:
    """Design, comparison, people, publication: in words."""
    main, design = study.main, design_of(study)
    yield f"{words.design(design)}{by_hand(main.facts.design)}"
    if main.facts.comparators:
        yield f"compared with {words.listed(values(main.facts.comparators))}"
    if design is Design.RCT and not main.facts.participants:
        yield "number of people not stated"
    yield from people(main)
    yield from _course(study)
    if main.facts.population:
        yield words.term(main.facts.population.value)
    if main.record.journal and design is not Design.REGISTRATION:
        ahead = main.facts.publication is not None and main.facts.publication.value == "ahead_of_print"
        yield "journal article, ahead of print" if ahead else "journal article"
    if main.record.open_access:
        yield "open access"
    yield from _language(main.record)


def _notes(item: Item, timezone: str) -> Iterator[Note]:
    study, main = item.study, item.study.main
    facts = main.facts
    if main.record.vernacular_title:
        original = Link(words.shortened(main.record.vernacular_title))
        yield Note("Original title", (original,), words.language(main.record.languages)[0])
    if facts.interventions:
        yield Note("Intervention", (Link(", ".join(values(facts.interventions))),))
    if facts.outcomes:
        yield Note("Outcomes", (Link(", ".join(values(facts.outcomes))),))
    yield quotation("Conclusion", conclusion(main))
    if watch := tuple(_watch(main)):
        yield Note("Watch", tuple(map(Link, watch)))
    yield Note("Certainty", (Link("not graded"),))
    yield Note("Why here", tuple(_why(main)))
    yield published(main)
    yield Note("Find it", identifiers(main))
    if len(study.works) > 1 or item.kin:
        yield Note("Versions", _versions(item))
    seen = f"{words.day(_first_seen(study), timezone)} in {_sources(study)}; kept as {main.name}"
    yield Note("First seen", (Link(seen),))


# Studies that give people something, of which a careful reader asks what harm it did.
_TREATS = (Design.RCT, Design.NONRANDOMIZED_TRIAL, Design.SYSTEMATIC_REVIEW)


def _watch(work: Work) -> Iterator[str]:
    """What a careful reader would want to know, as the record shows it."""
    facts, kind = work.facts, work.facts.design and work.facts.design.value
    if facts.corrected and facts.corrected.value:
        yield "corrected since it appeared"
    if is_at_odds(facts) and facts.direction:
        yield f"the abstract also says “{facts.direction.evidence}”"
    if kind in _TREATS and work.record.abstract and not facts.harms:
        yield "harms not reported in the abstract"


def is_at_odds(facts: Facts) -> bool:
    """Whether the quoted conclusion leaves out words by which the record says that there was no plain benefit."""
    if facts.direction is None or facts.direction.value is Direction.BENEFIT:
        return False
    return facts.conclusion is None or facts.direction.evidence not in facts.conclusion.value


def conclusion(work: Work) -> str:
    """The authors' own sentence, never a paraphrase; whole or not at all, as what a cut leaves may say the opposite."""
    if work.facts.conclusion:
        quoted = work.facts.conclusion.value
        return f"“{quoted}”" if len(quoted) <= _LONGEST_QUOTE else "too long to quote; it is in the abstract"
    if work.record.results_posted:
        return "the registry shows results, and no conclusion"
    return "not stated in the abstract" if work.record.abstract else "no abstract available"


def _why(work: Work) -> Iterator[Link]:
    """For each concept the term that says most for it, those of one field together; and what gave the design."""
    best: dict[str, Reason] = {}
    for reason in sorted(work.verdict.reasons, key=_telling):
        best.setdefault(reason.concept, reason)
    places = dict.fromkeys(reason.field for reason in best.values())
    for place in places:
        if place == BY_HAND:
            yield Link(best[BY_HAND].term)
            continue
        terms = [f"“{reason.term}”" for reason in best.values() if reason.field == place]
        yield Link(f"{words.listed(terms)} in {words.field(place)}")
    stated = work.facts.design
    if stated and stated.field == "publication_types":
        yield Link(f"design: publication type “{stated.evidence}”")
    elif stated and stated.field == BY_HAND:
        yield Link(f"design: {stated.evidence}")
    elif stated:
        yield Link(f"design: “{stated.evidence}” in {words.field(stated.field)}")
    if other := work.facts.disputed:
        yield Link(f"“{other.evidence}” in {words.field(other.field)} says {words.design(other.value)}")


def _telling(reason: Reason) -> int:
    """How much a field says of what a publication is about; less is more."""
    return _MOST_TELLING.index(reason.field) if reason.field in _MOST_TELLING else len(_MOST_TELLING)


def values(facts: Iterable[Fact[str]]) -> list[str]:
    """Each value in our words; what has no name of its own in the record's words, in quotation marks."""
    named = (f"“{fact.evidence}”" if fact.value == "other" else words.term(fact.value) for fact in facts)
    return list(dict.fromkeys(named))


def _language(record: Record) -> Iterator[str]:
    """The language, when it is not the digest's own."""
    tag, name = words.language(record.languages)
    if tag not in {"", "en"}:
        yield f"in {name}"


def published(work: Work) -> Note:
    """By whom, where and when; of a registration, when the registry first showed it."""
    registered = work.facts.design is not None and work.facts.design.value is Design.REGISTRATION
    return Note("Registered" if registered else "Published", (Link(citation(work.record)),))


def citation(record: Record) -> str:
    """Authors, journal and date."""
    parts = (words.authors(record) or "authors not stated", record.journal, words.published(record))
    return ". ".join(part for part in parts if part)


def identifiers(work: Work) -> tuple[Link, ...]:
    """Every identifier as words and link; the bare address where there is none."""
    record = work.record
    found = (
        (record.doi, f"DOI {record.doi}", links.doi_url(record.doi)),
        (record.pmid, f"PMID {record.pmid}", links.pmid_url(record.pmid)),
        (record.pmcid, record.pmcid, links.pmcid_url(record.pmcid)),
        *((number, number, links.trial_url(number)) for number in registrations_of(work)),
    )
    named = tuple(Link(shown, url) for stated, shown, url in found if stated)
    url = links.web(record.url)
    return named or ((Link(url, url),) if url else (Link("no identifier in the record"),))


def _version(work: Work) -> Link:
    """What kind of publication it is, and when."""
    design = work.facts.design.value if work.facts.design else None
    apart = (Design.REGISTRATION, Design.PROTOCOL, Design.RETRACTION_NOTICE, Design.ERRATUM)
    kind = words.design(design) if design in apart else "preprint" if work.record.is_preprint else "article"
    return Link(f"{kind}, {words.published(work.record)}", links.link(work.record))


def _versions(item: Item) -> tuple[Link, ...]:
    """Every report of the study, and the issue that told of it before."""
    return tuple(
        replace(_version(work), text=f"{_version(work).text}{f' (told in issue {told.number})' if told else ''}")
        for work, told in versions(item)
    )


def _first_seen(study: Study) -> datetime:
    return min(work.first_seen for work in study.works)


def _sources(study: Study) -> str:
    return words.listed(sorted({label for work in study.works for label in work.sources}))
