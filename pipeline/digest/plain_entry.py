"""One study as an entry for readers who are no professionals: a question, and what the record says of it."""

from collections.abc import Iterable, Iterator

from pipeline import links
from pipeline.digest import trials, words
from pipeline.digest.card import Entry, Link, Note, quotation
from pipeline.digest.correction import notice_link
from pipeline.digest.edition import POSTED_RESULTS, DesignWords, PlainEdition
from pipeline.digest.evidence_map import UNSTATED
from pipeline.digest.issue import Correction, Item
from pipeline.digest.sections import SMALL
from pipeline.digest.studies import design_of, has_posted_results, tier_of
from pipeline.digest.telling import Telling
from pipeline.model import BY_HAND, Counted, Event, EventKind, Facts, Harms, Study, Tier, Work

_EXPLAINED = (EventKind.OUR_MISTAKE, EventKind.STATUS)  # what their notice says is no address
_COUNTS_PEOPLE = ("rct", "nonrandomized_trial", "observational", "survey")
_MANY_TREATMENTS = 2  # more than so many are not listed in a question


def entry(item: Item, edition: PlainEdition) -> Entry:
    """A study in full; in a sentence, where it treated nobody, plans to, or can no longer be relied on."""
    kind, telling = _kind(item.study, edition), Telling.of(item.study.main, edition)
    doubt = _doubt(item.study.main, edition)
    if not (kind.brief or doubt):
        return _full(item, kind, telling)
    labels, title = edition.labels, telling.title()
    said = [Note(labels.kind, (Link(kind.did),))]
    if not kind.brief:
        said.append(Note(labels.unknown, (Link(_harms(telling)),)))
    return Entry(title, links.link(item.study.main.record), doubt, notes=(*said, *_short_forms(telling, [title])))


def line(item: Item, edition: PlainEdition) -> Entry:
    """A study in a line: its title, what kind it is, and where to read it."""
    main, telling = item.study.main, Telling.of(item.study.main, edition)
    url, title = links.link(main.record), telling.title()
    early = edition.unknown.preprint if main.record.is_preprint else ""
    said = (_doubt(main, edition), _kind(item.study, edition).name, early, telling.short_forms([title]))
    return Entry(title, url, tags=tuple(Link(part) for part in said if part))


def correction(one: Correction, edition: PlainEdition, timezone: str) -> Entry:
    """What happened to a study, in which issue it stood, and where that can be read."""
    happened, labels = edition.happened[one.event.kind], edition.labels
    telling = Telling.of(_concerned(one), edition)
    title, url, notice = telling.title(), links.link(telling.work.record), notice_link(one.event.notice)
    said = [f"{happened.sentence} {_told(one, edition, timezone)}"]
    if (detail := _detail(one.event)) and not telling.obstacle(detail):
        said = [happened.sentence, detail, _told(one, edition, timezone)]
    source = (Link(edition.where.notice, notice.url),) if notice.url not in {"", url} else ()
    return Entry(
        title,
        url,
        happened.heading,
        notes=(
            Note(labels.happened, tuple(map(Link, said))),
            *((Note(labels.notice, source),) if source else ()),
            *_short_forms(telling, [title, *said]),
        ),
        kind=one.event.kind.value,
    )


def correction_line(one: Correction, edition: PlainEdition, timezone: str) -> Entry:
    """The same in a line."""
    told = correction(one, edition, timezone)
    tags = (Link(told.because), Link(_told(one, edition, timezone)))
    return Entry(told.title, told.url, tags=tags, kind=told.kind)


def _told(one: Correction, edition: PlainEdition, timezone: str) -> str:
    """In which issue a study stood."""
    day = words.day(one.told_in.composed_at, timezone)
    template = edition.where.told if one.shown else edition.where.counted
    return template.format(issue=one.told_in.number, day=day)


def _detail(event: Event) -> str:
    """What was wrong and what is right, or which state a trial was in and is in now."""
    if event.kind is EventKind.STATUS:
        return trials.in_words(event.notice)
    return event.notice if event.kind is EventKind.OUR_MISTAKE else ""


def _concerned(one: Correction) -> Work:
    """The work that a correction is about; of a preprint that was published, its article."""
    known = next((work for work in one.study.works if work.id == one.event.work), one.study.main)
    return one.study.main if one.event.kind is EventKind.PUBLISHED else known


def _full(item: Item, kind: DesignWords, telling: Telling) -> Entry:
    """Question, what they did, what they found, what is not known, and where to read it."""
    labels, main = telling.edition.labels, item.study.main
    found, title = telling.conclusion(), telling.title()
    return Entry(
        kind.question or _question(telling),
        "",
        notes=(
            Note(labels.did, (Link(" ".join(_did(kind, item.study, telling))),)),
            quotation(labels.found, found),
            Note(labels.unknown, (Link(" ".join(_unknown(kind, item.study, telling))),)),
            Note(labels.read, (Link(title, links.link(main.record)),)),
            *_short_forms(telling, [found, title]),
        ),
    )


def _short_forms(telling: Telling, told: Iterable[str]) -> Iterator[Note]:
    """A line that explains abbreviations, if the record had to."""
    if forms := telling.short_forms(told):
        yield Note(telling.edition.labels.short_forms, (Link(forms),))


def _kind(study: Study, edition: PlainEdition) -> DesignWords:
    """What kind of study it is; one of animals or cells is that before it is anything else."""
    population, design = study.main.facts.population, design_of(study)
    if population and population.value in {"animal", "in_vitro"}:
        return edition.designs[population.value]
    if has_posted_results(study):
        return edition.designs[POSTED_RESULTS]
    return edition.designs[design.value if design else UNSTATED]


def _doubt(work: Work, edition: PlainEdition) -> str:
    """Why a study can no longer be relied on; empty if nothing befell it."""
    facts, said = work.facts, edition.doubts
    found = ((facts.retracted, said.retracted), (facts.concern, said.concern), (facts.withdrawn, said.withdrawn))
    return next((doubt for fact, doubt in found if fact and fact.value), "")


def _foremost(facts: Facts) -> str:
    """The outcome that the title names, or else the conclusion, or else the first."""
    concluded = facts.conclusion.value.casefold() if facts.conclusion else ""
    named = (
        [fact for fact in facts.outcomes if fact.field == "title"],
        [fact for fact in facts.outcomes if fact.evidence.casefold() in concluded],
        facts.outcomes,
    )
    return next((found[0].value for found in named if found), "")


def _question(telling: Telling) -> str:
    """The question that the outcome which the study is about asks of the treatment."""
    edition, facts = telling.edition, telling.work.facts
    named = [edition.treatments[fact.value] for fact in facts.interventions]
    several = edition.treatments["other" if named else UNSTATED]
    treatment = words.listed(named) if 0 < len(named) <= _MANY_TREATMENTS else several
    outcome = _foremost(facts) or UNSTATED
    return edition.questions[outcome].format(treatment=treatment)


def _did(kind: DesignWords, study: Study, telling: Telling) -> Iterator[str]:
    """How it was done, with how many people, compared with what."""
    said, facts, edition = telling.edition.did, telling.work.facts, telling.edition
    yield kind.did
    if facts.participants:
        counted = {Counted.ANALYSED: said.analysed, Counted.PLANNED: said.planned}
        people = edition.counts["people"].of(facts.participants.value)
        yield counted.get(facts.participants.counted, said.took_part).format(people=people)
    elif (design := design_of(study)) and design.value in _COUNTS_PEOPLE:
        yield said.people_not_stated
    if comparators := words.listed([edition.comparators[fact.value] for fact in facts.comparators]):
        yield said.compared.format(comparators=comparators)
    if any(fact and fact.field == BY_HAND for fact in (facts.design, facts.participants)):
        yield said.by_hand


def _harms(telling: Telling) -> str:
    """What the record says of harms, or that it says nothing."""
    said, harms = telling.edition.unknown, telling.work.facts.harms
    if harms:
        return said.harms_reported if harms.value is Harms.REPORTED else said.no_harms_reported
    return said.harms_not_reported if telling.work.record.abstract else said.harms_unknown


def _unknown(kind: DesignWords, study: Study, telling: Telling) -> Iterator[str]:
    """Harms first; then what limits how far the study carries."""
    said, facts = telling.edition.unknown, telling.work.facts
    yield _harms(telling)
    if facts.participants and facts.participants.value < SMALL:
        yield said.small
    if kind.caution:
        yield kind.caution
    if telling.work.record.is_preprint:
        yield said.preprint
    if facts.corrected and facts.corrected.value:
        yield said.corrected
    if tier_of(study) is not Tier.CORE:
        yield said.related
