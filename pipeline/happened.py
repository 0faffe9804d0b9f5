"""What happened: from what is concluded of works now, and what was concluded and recorded of them before.

Pure. Most of it is what is true of a work and was not recorded yet, so that it can be looked for as often as one likes;
the course of a trial and our own mistakes are what is concluded otherwise than before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from pipeline.digest import trials
from pipeline.digest.mistakes import mistake
from pipeline.links import doi_url, pmid_url
from pipeline.links import link as link_to
from pipeline.match import Link, Notice, kinds, notices
from pipeline.model import (
    EventKind,
    Fact,
    Facts,
    RelationKind,
    Relationship,
    Study,
    Tier,
    Verdict,
    Work,
)
from pipeline.works import Conclusions, is_notice


@dataclass(frozen=True, slots=True)
class Before:
    """What was concluded of a work until now. ``unchanged`` says that its records still say the same.

    ``status`` and ``results_posted`` are what a registry said of the trial, if the work is one.
    """

    verdict: Verdict
    facts: Facts
    records: frozenset[str]
    unchanged: bool = True
    status: str = ""
    results_posted: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """Something readers ought to hear of, before it has a number and a time."""

    kind: EventKind
    work: int
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """An event that was recorded, under the work it was recorded of."""

    id: int
    happening: Happening


@dataclass(frozen=True, slots=True)
class News:
    """A happening to record, or one that was recorded before under ``id``.

    ``before`` are the events by which it is known already, to whoever was told them when what it befell was seen
    (``since``) or later: a work or study that was told and becomes two is told again under neither number, but for a
    part that came after it was told, and that no reader can have met.
    """

    happening: Happening
    since: datetime
    before: tuple[int, ...] = ()
    id: int | None = None


def news(conclusions: Conclusions, past: Sequence[Past], before: Mapping[int, Before] | None = None) -> Iterator[News]:
    """What is to be recorded. ``past`` is what was recorded of the works that the records were in until now.

    ``before`` is what was concluded of works until now: what is otherwise, from the same content, was our mistake.
    """
    recorded, passed_on = defaultdict(list), defaultdict(list)
    for one in past:
        recorded[one.happening.work].append(one)
        work = conclusions.merged.get(one.happening.work, one.happening.work)
        passed_on[work].append(replace(one, happening=replace(one.happening, work=work)))
    yield from _mistakes(conclusions, past, before or {})
    yield from _courses(conclusions, past, before or {})
    for study, links in conclusions.studies:
        known = [one for work in study.works for one in passed_on[work.id]]
        heard = frozenset(one.happening for one in known)
        for happening in happenings(study, links, heard, conclusions.notices):
            yield News(happening, _since(happening, study), _before(happening, study, conclusions, recorded))
        new = [one for one in known if one.happening.kind is EventKind.NEW]
        others = set(_before(Happening(EventKind.NEW, study.id), study, conclusions, recorded)) - {
            one.id for one in new
        }
        if new and others:  # it was not told, perhaps, and took in a part of one that was: it counts as told
            yield News(new[0].happening, _since(new[0].happening, study), tuple(sorted(others)), new[0].id)


def _mistakes(conclusions: Conclusions, past: Sequence[Past], before: Mapping[int, Before]) -> Iterator[News]:
    """What we said of works and say no longer, though they rest on the same records, and these say the same.

    Nothing was said of a work that was out, unless we said that it was out by mistake.
    """
    admitted = {one.happening.work for one in past if one.happening.kind is EventKind.OUR_MISTAKE}
    for work in conclusions.works:
        old = before.get(work.id)
        if old is None or not old.unchanged or (old.verdict.tier is Tier.OUT and work.id not in admitted):
            continue
        if old.records == set(work.records):
            words = mistake((old.verdict, old.facts), (work.verdict, work.facts))
            if words:
                yield News(Happening(EventKind.OUR_MISTAKE, work.id, words), work.first_seen)


def _courses(conclusions: Conclusions, past: Sequence[Past], before: Mapping[int, Before]) -> Iterator[News]:
    """What became of registered trials, as changed records say: another state, results that are posted.

    Where works merged or split, another record speaks, and nothing has happened to the trial.
    """
    shown = {one.happening.work for one in past if one.happening.kind is EventKind.RESULTS}
    for work in conclusions.works:
        old, origins = before.get(work.id), conclusions.origins.get(work.id)
        if old is None or old.unchanged or origins != frozenset({work.id}) or not old.records <= set(work.records):
            continue
        if work.verdict.tier is Tier.OUT or kinds.kind(work.record) is not kinds.Kind.REGISTRATION:
            continue
        if change := trials.changed(old.status, work.record.status):
            yield News(Happening(EventKind.STATUS, work.id, change), work.first_seen)
        if work.record.results_posted and not old.results_posted and work.id not in shown:
            yield News(Happening(EventKind.RESULTS, work.id, trials.results_page(work.record)), work.first_seen)


def _since(happening: Happening, study: Study) -> datetime:
    """When the study was first seen, if that is what happened; else the work that it befell."""
    new = happening.kind is EventKind.NEW
    return min(work.first_seen for work in study.works if new or work.id == happening.work)


def _before(
    happening: Happening, study: Study, conclusions: Conclusions, recorded: Mapping[int, Sequence[Past]]
) -> tuple[int, ...]:
    """The events that said the same of what this came from: that the old study is new, or the rest of the old work.

    What was said of the work itself is known of it, and what happens now is something else.
    """
    new = happening.kind is EventKind.NEW
    origins = conclusions.kin[study.id] if new else conclusions.origins[happening.work]
    origins = frozenset(work for work in origins if new or conclusions.merged.get(work, work) != happening.work)
    said = (one for work in origins for one in recorded.get(work, ()))
    return tuple(sorted(one.id for one in said if _is_once_told(happening, one.happening)))


# What can befall a work again, under another notice each time.
_REPEATED = (EventKind.CONCERN, EventKind.CORRECTED)


def _is_once_told(happening: Happening, said: Happening) -> bool:
    """Whether it is one and the same for readers: the notice counts only where there may be several."""
    if happening.kind is not said.kind:
        return False
    return happening.kind not in _REPEATED or notices.may_be_one(happening.notice, said.notice)


def happenings(
    study: Study,
    links: Iterable[Link],
    known: frozenset[Happening],
    told_by: Mapping[int, Sequence[Notice]],
) -> Iterator[Happening]:
    """What is true of a study and was not recorded before. ``known`` is what was recorded of its works so far.

    ``told_by`` are the notices that point at each work.

    A study is new once, whichever of its works is found first. One that is not about the subject has no news, nor has a
    notice whose article is not in the store: it is told with the article.
    """
    shown = [work for work in study.works if work.verdict.tier is not Tier.OUT and not is_notice(work)]
    if not shown:
        return
    if not any(one.kind is EventKind.NEW for one in known):
        yield Happening(EventKind.NEW, shown[0].id)
    for work in shown:
        yield from _marks(work, known, told_by.get(work.id, ()))
        told = EventKind.PUBLISHED in _kinds(work, known)
        yield from () if told else islice((*_publication(work, study, links), *_elsewhere(work, links)), 1)


def _kinds(work: Work, known: Iterable[Happening]) -> set[EventKind]:
    """What was recorded of a work."""
    return {one.kind for one in known if one.work == work.id}


_MARKS = (
    (EventKind.RETRACTED, RelationKind.RETRACTION_IN, Relationship.RETRACTION_NOTICE),
    (EventKind.CONCERN, RelationKind.CONCERN_IN, Relationship.CONCERN),
    (EventKind.CORRECTED, RelationKind.ERRATUM_IN, Relationship.ERRATUM),
)


def _marks(work: Work, known: Iterable[Happening], told_by: Sequence[Notice]) -> Iterator[Happening]:
    """Retraction, concern, correction and withdrawal, as the work's facts state them, with where that can be read.

    It does not matter who names a notice: the work's own records, or the notice that points at it.
    """
    told, facts = _kinds(work, known), work.facts
    stated = (facts.retracted, facts.concern, facts.corrected)
    for (happened, pointer, relationship), fact in zip(_MARKS, stated, strict=True):
        if not fact or (happened in told and happened not in _REPEATED):
            continue
        own = (notices.stated(one) for one in work.record.relations if one.kind is pointer)
        others = (notices.linked(record) for relation, record in told_by if relation is relationship)
        heard = [one.notice for one in known if one.work == work.id and one.kind is happened]
        fresh = notices.unheard([*own, *others] or [()], heard)
        yield from (Happening(happened, work.id, one) for one in (fresh if happened in _REPEATED else fresh[:1]))
    if facts.withdrawn and EventKind.WITHDRAWN not in told:
        yield Happening(EventKind.WITHDRAWN, work.id, _withdrawal(facts.withdrawn))


def _withdrawal(stated: Fact[bool]) -> str:
    """Where a withdrawal can be read, if it was stated with an identifier."""
    name, _, identifier = stated.evidence.partition(" ")
    return {"PMID": pmid_url, "DOI": doi_url}[name](identifier) if name in {"PMID", "DOI"} else ""


def _publication(work: Work, study: Study, links: Iterable[Link]) -> Iterator[Happening]:
    """A preprint whose version of record came after it; one that is found after its article is no news."""
    for link in links:
        if link.relationship is Relationship.PREPRINT and link.b in work.records:
            article = next(other for other in study.works if link.a in other.records)
            if work.first_seen >= article.first_seen:
                continue
            yield Happening(EventKind.PUBLISHED, work.id, link_to(article.record))


def _elsewhere(work: Work, links: Iterable[Link]) -> Iterator[Happening]:
    """An article that no source has brought yet, as its preprint names it.

    To readers who hear of the preprint at the same time it is no correction.
    """
    if any(link.relationship is Relationship.PREPRINT and link.b in work.records for link in links):
        return
    for relation in work.record.relations:
        if relation.kind is RelationKind.PREPRINT_OF and (relation.pmid or relation.doi):
            article = doi_url(relation.doi) if relation.doi else pmid_url(relation.pmid)
            yield Happening(EventKind.PUBLISHED, work.id, article)
