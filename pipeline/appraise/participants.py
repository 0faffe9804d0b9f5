"""How many people took part: the randomised, or else the analysed, or else the enrolled, as a sentence counts them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, takewhile

from pipeline import text
from pipeline.appraise.people import counts
from pipeline.appraise.people_groups import are_kinds, is_arm
from pipeline.appraise.people_roles import Role, role
from pipeline.appraise.reading import Part, Reading, Sentence
from pipeline.model import Count, Counted, Design, Record

# Their people are those of other studies, or are no people.
_NONE_OF_THEIR_OWN = frozenset(
    {
        *(Design.GUIDELINE, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.EDITORIAL),
        *(Design.ANIMAL, Design.IN_VITRO, Design.RETRACTION_NOTICE, Design.ERRATUM),
    }
)
_COUNTED = {
    Role.RANDOMIZED: Counted.RANDOMIZED,
    Role.TRIAL: Counted.RANDOMIZED,
    Role.ANALYSED: Counted.ANALYSED,
    Role.COMPLETED: Counted.ANALYSED,
}
_STATES_A_TOTAL = Role.PLANNED  # the last role to do so by itself
_ARMS = (2, 3, 4)

_MARK = re.compile(r"\[(?P<people>[1-9]\d{0,2}\.\d{3}|[1-9]\d{0,6})\]|\{(?P<size>\d{1,7})\}")
_GROUPS = re.compile(r"\b(?:(2|two)|(3|three)|(4|four)) (?:[\w-]+ ){0,3}(?:groups|arms|sequences)\b")
# The registry's own count, as the reader of ClinicalTrials.gov writes it; what is hoped for is "(estimated)".
_REGISTERED = re.compile(r"(\d{1,7}) participants \((actual|estimated)\)")
_REGISTRATIONS = frozenset({"registration", "trial registration", "clinical trial registration"})


@dataclass(frozen=True, slots=True)
class _Mention:
    """A number of people, and what a sentence says of them."""

    role: Role
    number: int
    sentence: Sentence


def participants(read: Sequence[Reading], design: Design | None) -> Count | None:
    """The people of the work's own study, from the first record that states how many they are, registrations last.

    Of several totals the randomised are told before the analysed and these before the enrolled, and of two alike the
    first; of protocols, and of registrations that do not say otherwise, the planned. None for designs that have no
    participants of their own, and where no sentence states a total.
    """
    if design in _NONE_OF_THEIR_OWN:
        return None
    if design is Design.CASE_REPORT and not any("series" in reading.lower for reading in read):
        return None  # one case; a series counts its cases
    articles = [reading for reading in read if not _is_registration(reading.record)]
    registrations = [reading for reading in read if _is_registration(reading.record)]
    is_plan = design is Design.PROTOCOL
    told = chain((_stated(reading, is_plan=is_plan) for reading in articles), map(_registered, registrations))
    return next(filter(None, told), None)


def _is_registration(record: Record) -> bool:
    """Whether the record is a registry's, which tells whom a study is to have."""
    types = [stated.casefold() for stated in record.publication_types]
    return not _REGISTRATIONS.isdisjoint(types) or bool(record.url and text.registration_at(record.url))


def _registered(reading: Reading) -> Count | None:
    """The people whom a registry counts as enrolled, or who are to be."""
    for sentence in reading.abstract:
        if found := _REGISTERED.fullmatch(sentence.lower):
            counted = Counted.ENROLLED if found[2] == "actual" else Counted.PLANNED
            return Count(int(found[1]), sentence.text, "abstract", reading.record.key, counted)
    return None


def _stated(reading: Reading, *, is_plan: bool) -> Count | None:
    """The total that a record states of its study; of a plan, whatever it states is planned."""
    mentions = list[_Mention]()
    for sentence, marked in counts(reading):
        here = [one for one in _mentions(sentence, marked) if is_plan or one.role is not Role.PLANNED]
        mentions += here
        if any(mention.role is Role.RANDOMIZED for mention in here):
            break  # nothing comes before it
    best = _total(mentions) if mentions else None
    if best is None:
        return None
    counted = Counted.PLANNED if is_plan else _COUNTED.get(best.role, Counted.ENROLLED)
    if counted is Counted.ENROLLED and best.role is Role.ASSIGNED and "random" in reading.lower:
        counted = Counted.RANDOMIZED
    field = "title" if best.sentence.part is Part.TITLE else "abstract"
    return Count(best.number, best.sentence.text, field, reading.record.key, counted)


def _total(mentions: list[_Mention]) -> _Mention | None:
    """The surest number of them, or the number of which that is one of two to four equal arms."""
    best = min(mentions, key=lambda mention: mention.role)
    if best.role > _STATES_A_TOTAL:
        return _largest(mentions)
    wholes = [arms * best.number for arms in _ARMS]
    return next((mention for mention in mentions if mention.number in wholes and mention.role < Role.PART), best)


def _largest(mentions: list[_Mention]) -> _Mention | None:
    """Where little is said of the people: the whole, which is told before its parts and exceeds them.

    Or it is told behind its parts, and is their sum.
    """
    largest = max(mentions, key=lambda mention: mention.number)
    if largest.role >= Role.PART or any(m.number == largest.number and m.role is Role.PART for m in mentions):
        return None
    before = sum(mention.number for mention in takewhile(lambda mention: mention is not largest, mentions))
    return largest if before in (0, largest.number) else None


def _mentions(sentence: Sentence, marked: str) -> Iterator[_Mention]:
    """The numbers of people in a sentence."""
    marks = list(_MARK.finditer(marked))
    mentions = [_mention(mark, marked, sentence) for mark in marks]
    side_by_side = 1 + sum(1 for _ in takewhile(lambda pair: are_kinds(marked, *pair), pairwise(marks)))
    if side_by_side > 1 and all(mention.role < Role.PART for mention in mentions[:side_by_side]):
        yield _sum(mentions[:side_by_side])
        mentions = mentions[side_by_side:]
    else:
        mentions = list(_arms_as_parts(mentions, marks, marked))
    yield from (mention for mention in mentions if mention.role is not Role.NOBODY)


def _sum(mentions: Sequence[_Mention]) -> _Mention:
    """All of these people, of whom the surest is said."""
    surest = min(mentions, key=lambda mention: mention.role)
    return _Mention(surest.role, sum(mention.number for mention in mentions), surest.sentence)


def _arms_as_parts(mentions: list[_Mention], marks: list[re.Match[str]], marked: str) -> Iterator[_Mention]:
    """The numbers, those of arms as parts; without a total, the sum of arms if the sentence says how many there are."""
    arms, sizes, total = list[_Mention](), list[_Mention](), False
    for mention, mark in zip(mentions, marks, strict=True):
        if mention.role >= Role.PART:
            sizes += [replace(mention, role=Role.RANDOMIZED)] if mark["size"] else []
            yield mention
        elif is_arm(mention.number, mention.role, marked, mark.end()) or (arms and mention.role is arms[-1].role):
            arms.append(mention)
            yield replace(mention, role=Role.PART)
        else:
            total = True
            yield mention
    added = arms or (sizes if "randomi" in marked else [])
    groups = _GROUPS.search(marked) if added and not total else None
    if groups and groups.lastindex and len(added) == groups.lastindex + 1:
        yield _sum(added)


def _mention(mark: re.Match[str], marked: str, sentence: Sentence) -> _Mention:
    if mark["size"]:
        return _Mention(Role.PART, int(mark["size"]), sentence)
    number = int(mark["people"].replace(".", ""))
    return _Mention(role(number, marked, mark.start(), mark.end()), number, sentence)
