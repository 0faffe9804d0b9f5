"""From records to works: what a neighbourhood of records amounts to.

Pure. A neighbourhood is every record that looks like one publication with another one of it, is a version or a notice
of it, or was in one study with it until now; nothing outside it can change what is concluded here, so adding one record
costs the same in a small store and in a large one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline import match
from pipeline.appraise import appraise
from pipeline.match import Grouping, Link
from pipeline.model import (
    Design,
    Judged,
    Record,
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
    kind = 3 if is_notice(work) else 2 if registration else 1 if work.record.is_preprint else 0
    return work.verdict.tier is Tier.OUT, kind, work.id


def is_notice(work: Work) -> bool:
    """Whether it tells of another publication."""
    return work.facts.design is not None and work.facts.design.value in {Design.RETRACTION_NOTICE, Design.ERRATUM}
