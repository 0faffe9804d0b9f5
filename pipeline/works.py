"""From records to works: what a neighbourhood of records amounts to, and what happened in it.

Pure. A neighbourhood is every record that looks like one publication with another one of it, is a version or a notice
of it, or was in one study with it until now; nothing outside it can change what is concluded here, so adding one record
costs the same in a small store and in a large one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from pipeline import match
from pipeline.appraise import appraise
from pipeline.digest import trials
from pipeline.digest.mistakes import mistake
from pipeline.links import doi_url, pmid_url, trial_url
from pipeline.links import link as link_to
from pipeline.match import Grouping, Link, notices
from pipeline.match.kinds import Kind
from pipeline.match.kinds import kind as kind_of
from pipeline.model import (
    Design,
    EventKind,
    Fact,
    Facts,
    Judged,
    Record,
    RelationKind,
    Relationship,
    Ruling,
    Study,
    Tier,
    Verdict,
    Work,
)
from pipeline.rulings import ruled

NOTICES = (Relationship.RETRACTION_NOTICE, Relationship.CONCERN, Relationship.ERRATUM)
# What is told as one study: a version or a notice has a word of its own in a digest ("now published", "retracted").
# Results of a registered trial, an updated review or a comment have none and are news: their links make no study.
ONE_STUDY = (Relationship.PREPRINT, *NOTICES)


@dataclass(frozen=True, slots=True)
class Held:
    """A record as the store holds it, with its verdict, and the work and study it is in so far (None: none yet).

    ``came_with`` is the work it was in before that became part of this one. ``waiting`` says that the record came or
    changed, or that the verdict is of another subject profile.
    """

    record: Record
    label: str
    first_seen: datetime
    verdict: Verdict
    work: int | None = None
    study: int | None = None
    came_with: int | None = None
    waiting: bool = False


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
class Conclusions:
    """What a neighbourhood amounts to. ``merged`` maps a work that has no record left to the one that took them.

    ``origins`` holds, for each work, the works its records were in before; ``kin``, for each study, all works of the
    studies they were in; ``notices``, for each work, the notices that point at it.
    """

    works: tuple[Work, ...]
    reasons: Mapping[str, str]
    links: tuple[Link, ...]
    merged: Mapping[int, int]
    origins: Mapping[int, frozenset[int]] = field(default_factory=dict)
    kin: Mapping[int, frozenset[int]] = field(default_factory=dict)
    notices: Mapping[int, Sequence[match.Notice]] = field(default_factory=dict)

    @property
    def studies(self) -> tuple[tuple[Study, tuple[Link, ...]], ...]:
        """The works gathered by study, each study with the links that start from it."""
        study_of = {key: work.study for work in self.works for key in work.records}
        works, links = defaultdict(list), defaultdict(list)
        for work in self.works:
            works[work.study].append(work)
        for link in self.links:
            links[study_of[link.a]].append(link)
        return tuple((as_study(works[study]), tuple(links[study])) for study in sorted(works))


def conclude(
    neighbourhood: Sequence[Held], grouping: Grouping, next_id: int, judged: Sequence[Judged] = ()
) -> Conclusions:
    """Number the works that records were grouped into, gather them into studies, and read each work's facts.

    New works count on from ``next_id``. What was ``judged`` of single records stands above verdicts and facts.
    """
    held = {one.record.key: one for one in neighbourhood}
    current = {key: one.work for key, one in held.items() if one.work is not None}
    given_up = [{held[key].came_with for key in keys} - {None} for keys in grouping.works]
    guests = {key for key, one in held.items() if one.came_with is not None}
    ids = _numbered(match.assign(grouping.works, current, guests), given_up, next_id)
    work_of = {key: work_id for keys, work_id in zip(grouping.works, ids, strict=True) for key in keys}
    study_of = _studies(work_of, grouping.links)
    told_by = _notices(grouping.links, work_of, held)
    works = (
        _ruled(_work(work_id, study_of[work_id], [held[key] for key in keys], told_by[work_id]), judged)
        for keys, work_id in zip(grouping.works, ids, strict=True)
    )
    return Conclusions(
        tuple(works),
        grouping.joins,
        grouping.links,
        _merged(current, work_of),
        _origins(held.values(), work_of),
        _kin(held.values(), work_of, study_of),
        told_by,
    )


def _numbered(assigned: Sequence[int | None], given_up: Iterable[Collection[int | None]], next_id: int) -> list[int]:
    """An id for each work: the one it keeps, or one that its records gave up when works merged, or a new one."""
    ids: list[int] = []
    for kept, former in zip(assigned, given_up, strict=True):
        free = sorted(one for one in former if one is not None and one not in (*assigned, *ids))
        ids.append(kept or next(iter(free), next_id))
        next_id += ids[-1] == next_id
    return ids


def _studies(work_of: Mapping[str, int], links: Iterable[Link]) -> dict[int, int]:
    """Each work's study: the smallest id among its versions and their notices.

    Versions gather whatever they are linked to, directly or through others. A notice gathers only if all it points at
    is one study already: one notice may retract twenty articles that have nothing else in common. A registration never
    gathers: the publications that came of a trial are told each on its own.
    """
    study = {work_id: work_id for work_id in work_of.values()}
    about = defaultdict(set)

    def gather(works: Iterable[int]) -> bool:
        """Make one study of all in which these works are; whether they were several."""
        first, *others = sorted({study[work_id] for work_id in works})
        study.update((work_id, first) for work_id, old in study.items() if old in others)
        return bool(others)

    for link in links:
        if link.relationship is Relationship.PREPRINT:
            gather((work_of[link.a], work_of[link.b]))
        elif link.relationship in NOTICES:
            about[work_of[link.a]].add(work_of[link.b])
    # A notice may be about another notice, which then has to be gathered first.
    while sum(gather((notice, *of)) for notice, of in about.items() if len({study[work_id] for work_id in of}) == 1):
        pass
    return study


def _notices(
    links: Iterable[Link], work_of: Mapping[str, int], held: Mapping[str, Held]
) -> defaultdict[int, list[match.Notice]]:
    """The notices that point at each work."""
    about = defaultdict(list)
    for link in links:
        if link.relationship in NOTICES:
            about[work_of[link.b]].append((link.relationship, held[link.a].record))
    return about


def _work(work_id: int, study: int, held: Sequence[Held], told_by: Sequence[match.Notice]) -> Work:
    records = [one.record for one in held]
    return Work(
        id=work_id,
        study=study,
        record=match.merge(work_id, records),
        records=tuple(record.key for record in records),
        sources=tuple(sorted({one.label for one in held})),
        # The view that says most for it decides: a bare title in a feed must not hide what PubMed's abstract shows.
        verdict=min((one.verdict for one in held), key=lambda verdict: verdict.tier.rank),
        facts=appraise(records, told_by),
        first_seen=min(one.first_seen for one in held),
    )


def _ruled(work: Work, judged: Iterable[Judged]) -> Work:
    own = (one for one in judged if isinstance(one.word, Ruling) and one.word.record in work.records)
    verdict, facts = ruled(work.verdict, work.facts, own)
    return replace(work, verdict=verdict, facts=facts)


def _merged(current: Mapping[str, int], work_of: Mapping[str, int]) -> dict[int, int]:
    """The work that took the records of each work that has none left; the oldest of them if they went several ways."""
    live = set(work_of.values())
    merged: dict[int, int] = {}
    for key, old in current.items():
        if old not in live:
            merged[old] = min(work_of[key], merged.get(old, work_of[key]))
    return merged


def _origins(held: Iterable[Held], work_of: Mapping[str, int]) -> dict[int, frozenset[int]]:
    """For each work, those that its records were in before."""
    origins: dict[int, frozenset[int]] = dict.fromkeys(work_of.values(), frozenset())
    for one in held:
        if one.work is not None:
            origins[work_of[one.record.key]] |= {one.work}
    return origins


def _kin(held: Iterable[Held], work_of: Mapping[str, int], study_of: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """For each study, the works of all studies that its records were in before."""
    members = defaultdict(set)
    for one in held:
        if one.study is not None and one.work is not None:
            members[one.study].add(one.work)
    kin: dict[int, frozenset[int]] = dict.fromkeys(study_of.values(), frozenset())
    for one in held:
        if one.study is not None:
            kin[study_of[work_of[one.record.key]]] |= members[one.study]
    return kin


# --- studies ------------------------------------------------------------------------------------


def as_study(works: Iterable[Work]) -> Study:
    """One study's works, the one that stands for it first: an article, then a preprint, a registration, a notice."""
    return Study(tuple(sorted(works, key=_standing)))


def _standing(work: Work) -> tuple[bool, int, int]:
    registration = work.facts.design is not None and work.facts.design.value is Design.REGISTRATION
    kind = 3 if _is_notice(work) else 2 if registration else 1 if work.record.is_preprint else 0
    return work.verdict.tier is Tier.OUT, kind, work.id


def _is_notice(work: Work) -> bool:
    """Whether it tells of another publication."""
    return work.facts.design is not None and work.facts.design.value in {Design.RETRACTION_NOTICE, Design.ERRATUM}


# --- what happened ------------------------------------------------------------------------------


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
        if work.verdict.tier is Tier.OUT or kind_of(work.record) is not Kind.REGISTRATION:
            continue
        if change := trials.changed(old.status, work.record.status):
            yield News(Happening(EventKind.STATUS, work.id, change), work.first_seen)
        if work.record.results_posted and not old.results_posted and work.id not in shown:
            yield News(Happening(EventKind.RESULTS, work.id, _results(work.record)), work.first_seen)


def _results(registration: Record) -> str:
    """Where a registry shows the results of a trial (ClinicalTrials.gov: the page's tab)."""
    number = next((number for number in registration.registrations if number.startswith("NCT")), "")
    return f"{trial_url(number)}?tab=results" if number else link_to(registration)


def _since(happening: Happening, study: Study) -> datetime:
    """When the study was first seen, if that is what happened; else the work that it befell."""
    new = happening.kind is EventKind.NEW
    return min(work.first_seen for work in study.works if new or work.id == happening.work)


def _before(
    happening: Happening, study: Study, conclusions: Conclusions, recorded: Mapping[int, Sequence[Past]]
) -> tuple[int, ...]:
    """The events that said the same of what this came from: that the old study is new, or the rest of the old work."""
    new = happening.kind is EventKind.NEW
    origins = conclusions.kin[study.id] if new else conclusions.origins[happening.work]
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
    told_by: Mapping[int, Sequence[match.Notice]],
) -> Iterator[Happening]:
    """What is true of a study and was not recorded before. ``known`` is what was recorded of its works so far.

    ``told_by`` are the notices that point at each work.

    A study is new once, whichever of its works is found first. One that is not about the subject has no news, nor has a
    notice whose article is not in the store: it is told with the article.
    """
    shown = [work for work in study.works if work.verdict.tier is not Tier.OUT and not _is_notice(work)]
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


def _marks(work: Work, known: Iterable[Happening], told_by: Sequence[match.Notice]) -> Iterator[Happening]:
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
