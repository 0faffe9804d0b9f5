"""One trial, one item: which publications of a study are told with another one instead of on their own.

A registration stands behind what came of it, a protocol behind the results, a congress abstract behind the article, a
later printing behind the first, and a later report of a trial behind the report that came first. Only direct links
count: an analysis that pools two trials does not make one of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.digest.studies import design_of
from pipeline.model import Design, Relationship, Study

FAMILY = (
    Relationship.REGISTRATION,
    Relationship.SAME_TRIAL,
    Relationship.CONFERENCE_ABSTRACT,
    Relationship.REPUBLICATION,
)
"""What makes two publications reports of one study."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """Two studies (their ids) that are reports of one; ``a`` is the newer or the derived one."""

    a: int
    b: int
    relationship: Relationship


@dataclass(frozen=True, slots=True)
class Family:
    """A study to be told, and those that are told with it (ids)."""

    head: int
    members: tuple[int, ...] = ()


def families(
    news: Sequence[int], told: Collection[int], kinships: Iterable[Kinship], studies: Mapping[int, Study]
) -> tuple[list[Family], set[int]]:
    """Gather new studies (ids, in their order) into families; and those of which nothing is left to tell.

    Nothing is left of a plan, an abstract or a reprint whose results or first printing were told before. A later report
    of a trial is news, whatever was told of that trial.
    """
    heads = _heads(kinships, studies)
    settled = {one for one in news if _is_behind(heads[one], told)}
    members: dict[int, list[int]] = {one: [] for one in news if one not in settled}
    for one in list(members):
        head = _head(one, heads, members.keys())
        if head != one:
            members[head] += [one, *members.pop(one)]
    return [Family(head, tuple(sorted(others))) for head, others in members.items()], settled


def is_settled(one: int, told: Collection[int], kinships: Iterable[Kinship], studies: Mapping[int, Study]) -> bool:
    """Whether nothing is left to tell of a study, for that behind which it stands was told."""
    return _is_behind(_heads(kinships, studies)[one], told)


def _is_behind(heads: Mapping[int, bool], told: Collection[int]) -> bool:
    return any(head in told and not report for head, report in heads.items())


def _heads(kinships: Iterable[Kinship], studies: Mapping[int, Study]) -> dict[int, dict[int, bool]]:
    """For each study those it stands behind, and whether it is a report in its own right all the same."""
    heads: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for one in kinships:
        if not {one.a, one.b} <= studies.keys():
            continue
        if one.relationship in {Relationship.REGISTRATION, Relationship.CONFERENCE_ABSTRACT}:
            heads[one.b][one.a] = False
        elif one.relationship is Relationship.REPUBLICATION:
            heads[one.a][one.b] = False
        elif _is_plan(studies[one.b]) and not _is_plan(studies[one.a]):
            heads[one.b][one.a] = False
        else:
            heads[one.a][one.b] = True
    return heads


def _is_plan(study: Study) -> bool:
    return design_of(study) in {Design.REGISTRATION, Design.PROTOCOL}


def _head(one: int, heads: Mapping[int, Mapping[int, bool]], present: Collection[int]) -> int:
    """The study at the head of those that are present; on the way there no study is passed twice."""
    seen = {one}
    while ahead := sorted(set(heads[one]).intersection(present) - seen):
        one = ahead[0]
        seen.add(one)
    return one


def relatives(one: Family, told: Collection[int], kinships: Iterable[Kinship]) -> tuple[int, ...]:
    """Every other study of the family that this reader knows or meets now."""
    whole = {one.head, *one.members}
    ends = ((kin.a, kin.b) for kin in kinships)
    known = {b if a in whole else a for a, b in ends if (a in whole) is not (b in whole)}
    return (*one.members, *sorted(known.intersection(told)))
