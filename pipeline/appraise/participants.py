"""How many people took part: the randomised, or else the analysed, or else the enrolled, as one sentence counts them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline import text
from pipeline.appraise.participant_rules import Role, are_kinds, is_arm, role
from pipeline.appraise.people import counts
from pipeline.appraise.reading import Part, Reading, Sentence
from pipeline.model import Count, Counted, Design

# Their people are those of other studies, or are not counted yet, or are no people.
_NONE_OF_THEIR_OWN = frozenset(
    {
        *(Design.GUIDELINE, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.EDITORIAL),
        *(Design.PROTOCOL, Design.ANIMAL, Design.IN_VITRO, Design.RETRACTION_NOTICE, Design.ERRATUM),
    }
)
_COUNTED = {
    Role.RANDOMIZED: Counted.RANDOMIZED,
    Role.TRIAL: Counted.RANDOMIZED,
    Role.ANALYSED: Counted.ANALYSED,
    Role.COMPLETED: Counted.ANALYSED,
}
_TOTALS = Role.COMPLETED  # the last of the roles that state a total by themselves

_MARK = re.compile(r"\[(?P<people>\d{1,3}\.\d{3}|\d{1,7})\]|\{(?P<size>\d{1,7})\}")
_GROUPS = re.compile(r"\b(\d) (?:[\w-]+ ){0,3}(?:groups|arms|sequences)\b")
# The registry's own count, as the reader of ClinicalTrials.gov writes it; what is hoped for is "(estimated)".
_ACTUAL = re.compile(r"(\d{1,7}) participants \(actual\)")
_REGISTRATION = "clinical trial registration"


@dataclass(frozen=True, slots=True)
class _Mention:
    """A number of people, and what a sentence says of them."""

    role: Role
    number: int
    sentence: Sentence


def participants(read: Sequence[Reading], design: Design | None) -> Count | None:
    """The people of the work's own study, from the first record that states how many they are.

    Of several totals the randomised are told before the analysed and these before the enrolled, and of two alike the
    first. None for designs that have no participants of their own, and where no sentence states a total.
    """
    if design in _NONE_OF_THEIR_OWN:
        return None
    for reading in read:
        if _is_registration(reading):
            found = _enrolled(reading)
        elif design is Design.CASE_REPORT and "series" not in reading.lower:
            found = None  # one case; a series counts its cases
        else:
            found = _stated(reading)
        if found:
            return found
    return None


def _is_registration(reading: Reading) -> bool:
    """Whether the record is a registry's, which tells whom a study is to have."""
    types = (stated.casefold() for stated in reading.record.publication_types)
    return _REGISTRATION in types or bool(text.registration_at(reading.record.url))


def _enrolled(reading: Reading) -> Count | None:
    """The people whom a registry counts as enrolled."""
    for sentence in reading.abstract:
        if found := _ACTUAL.fullmatch(sentence.lower):
            return Count(int(found[1]), sentence.text, "abstract", reading.record.key, Counted.ENROLLED)
    return None


def _stated(reading: Reading) -> Count | None:
    """The total that a record states of its study."""
    mentions = list[_Mention]()
    for sentence, text in counts(reading):
        mentions += _in_sentence(sentence, text)
        if any(mention.role is Role.RANDOMIZED for mention in mentions):
            break  # nothing comes before it
    best = min(mentions, key=lambda mention: mention.role, default=None)
    if best and best.role > _TOTALS:
        best = _largest(mentions)
    elif best:
        best = next((mention for mention in mentions if mention.number in (2 * best.number, 3 * best.number, 4 * best.number) and mention.role < Role.PART), best)
    if best is None:
        return None
    field = "title" if best.sentence.part is Part.TITLE else "abstract"
    counted = _COUNTED.get(best.role, Counted.ENROLLED)
    if best.role is Role.ASSIGNED and "random" in reading.lower:
        counted = Counted.RANDOMIZED
    return Count(best.number, best.sentence.text, field, reading.record.key, counted)


def _largest(mentions: list[_Mention]) -> _Mention | None:
    """Where nothing is said of the people but their number: the whole, which is told before its parts and exceeds them.

    Or it is told behind them, and is their sum.
    """
    largest = max(mentions, key=lambda mention: mention.number)
    place = mentions.index(largest)
    before = sum(mention.number for mention in mentions[:place])
    alone = all(mention is largest or mention.number < largest.number or mention.role < Role.PART for mention in mentions)
    return largest if largest.role < Role.PART and alone and before in (0, largest.number) else None


def _in_sentence(sentence: Sentence, text: str) -> Iterator[_Mention]:
    """The numbers of people in a sentence; groups add up to a total if it says how many groups there are."""
    arms = list[_Mention]()
    total = False
    marks = list(_MARK.finditer(text))
    mentions = [_read(mark, text, sentence) for mark in marks]
    listed = [mark["people"] and after["people"] and are_kinds(text, mark.end(), after.start(), after.end()) for mark, after in pairwise(marks)]
    if listed and listed[0]:
        i = 0
        j = i
        while j < len(listed) and listed[j]: j += 1
        run = mentions[i:j+1]
        if all(m.role < Role.PART for m in run):
            yield _Mention(min(m.role for m in run), sum(m.number for m in run), sentence)
            yield from mentions[j+1:]
            return
    for mark, mention in zip(marks, mentions, strict=True):
        if mention.role < Role.PART and (
            is_arm(mention.number, mention.role, text, mark.end()) or (arms and mention.role is arms[-1].role)
        ):
            arms.append(mention)
            mention = _Mention(Role.PART, mention.number, sentence)
        total = total or mention.role < Role.PART
        if mention.role is not Role.NOBODY:
            yield mention
    groups = None if total else _GROUPS.search(text)
    if groups:
        of = arms[0].role if arms else Role.RANDOMIZED
        sizes = [mention.number for mention in arms] or [int(size) for size in re.findall(r"\{(\d{1,7})\}", text)]
        if len(sizes) == int(groups[1]) and (arms or "random" in text):
            yield _Mention(of, sum(sizes), sentence)


def _read(mark: re.Match[str], text: str, sentence: Sentence) -> _Mention:
    if mark["size"]:
        return _Mention(Role.PART, int(mark["size"]), sentence)
    number = int(mark["people"].replace(".", ""))
    return _Mention(role(number, text, mark.start(), mark.end()), number, sentence)
