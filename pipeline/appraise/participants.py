"""How many people took part: only where a sentence of the abstract says so plainly, and no other contradicts it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.appraise.numbers import NUMBER, value
from pipeline.appraise.reading import Reading
from pipeline.appraise.sentences import own_sections, sentences
from pipeline.model import Count, Counted, Design, Record

_PEOPLE = (
    r"(?:patients|pts|participants|people|persons|individuals|subjects|volunteers|women|men|adults|adolescents|children|"
    r"infants|females|males|outpatients|inpatients|survivors|students|veterans|girls|boys)"
)
# Words between the number and the people: "66 eligible ambulatory MS patients"; measures and places are not among them.
_QUALIFIERS = (
    r"(?:(?!(?:years?|months?|weeks?|days?|hours?|mg|of|to|and|or|in|with|sites?|cent(?:er|re)s?|hospitals?|cycles?|"
    r"sessions?|stud(?:y|ies)|trials?)\b)[A-Za-z][\w/'\u2019+-]* ){0,6}?"
)
# "Randomized" as a verb, not as in "a randomized trial".
_RANDOMIZED = (
    r"(?:randomi[sz]ed(?!,? (?:[\w-]+,? ){0,4}(?:trials?|stud(?:y|ies)|controlled|clinical|phase)\b)"
    r"|randomly (?:allocated|assigned|divided)|(?:were|was) (?:allocated|assigned))"
)
_ENTERED = r"(?:enrolled|recruited|included|participated|took part|interviewed|surveyed)"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 66 patients with MS were randomly assigned
        rf"(?P<n>{NUMBER}) {_QUALIFIERS}{_PEOPLE}\b(?P<between>[^.;:]{{0,120}}?)\b(?P<verb>{_RANDOMIZED}|{_ENTERED})\b",
        # of 100 screened, 66 were randomized
        rf"(?P<n>{NUMBER}) (?=(?:were|was) )(?P<between>)(?:(?:were|was) (?=random))?(?P<verb>{_RANDOMIZED})\b",
        # we randomly assigned 66 patients
        (
            rf"\b(?:we|that|which|trial|study) (?P<verb>randomly assigned|randomi[sz]ed|enrolled|recruited|included) "
            rf"(?P<between>(?:a total of )?)(?P<n>{NUMBER}) {_QUALIFIERS}{_PEOPLE}\b"
        ),
        # patients with MS (n = 66) were randomized
        (
            rf"\b{_PEOPLE}\b[^.;:()\d]{{0,60}}\([nN]\s?=\s?(?P<n>\d{{1,6}})\)"
            rf"(?P<between>[^.;:\d]{{0,60}}?)\b(?P<verb>{_RANDOMIZED})\b"
        ),
    )
)

# What no statement of a total goes without; looked for first because it is quick.
_VERB = re.compile(
    r"random|allocated|assigned|enrolled|recruited|included|participated|took part|interviewed|surveyed", re.IGNORECASE
)
# A sentence with one of these plans, excludes, or counts by group.
_NOT_DONE = re.compile(
    r"\b(?:will|would|should|must|planned?|needed|required|target|sample size|expected|had to|remaining|not|each|"
    r"per (?:group|arm))\b",
    re.IGNORECASE,
)
# A sentence that counts studies adds up other people's participants.
_STUDIES = re.compile(
    rf"{NUMBER} (?:[\w-]+ ){{0,5}}?(?:studies|trials|RCTs|articles|reports|papers|cohorts)\b", re.IGNORECASE
)
# What stands before a number that is a part of a group, an age, a phase or a year.
_PART = re.compile(
    r"(?:(?<!total )(?<!sample )\bof(?: the| these| all)?|\b(?:phase|stage|grade|type|aged?|the|to|than|least|median|"
    r"mean|other|remaining|additional|further|first|another))\s$",
    re.IGNORECASE,
)
_BEFORE = 30  # characters in which that stands
_YEAR = re.compile(r"(?:19|20)\d\d")
# Another count between the people and the verb: the verb is about that one.
_INNER = re.compile(rf"{NUMBER} (?:\w+ ){{0,3}}?(?:were|was|{_PEOPLE})\b|\b(?:who|from|groups?|arms?)\b", re.IGNORECASE)
# Taken from another study, or only analysed.
_BORROWED = re.compile(r" (?:in|into|onto|on) (?:an? |the [A-Z]|(?:this|the|our)(?: \w+)? analys|two )")
_ARM = re.compile(
    rf"(?P<n>{NUMBER}) (?:\w+ ){{0,2}}?(?:to|in|into|on|were|was|received|underwent|for|with|as)\b"
    r"(?! (?:each|either|both)\b)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s?\([^()]*\)")

_OWN_PEOPLE = {None, Design.RCT, Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL, Design.SURVEY}


@dataclass(frozen=True, slots=True)
class _Total:
    """A total that an abstract states, and whether it counts the randomised."""

    randomized: bool
    number: int
    sentence: str


def participants(read: Sequence[Reading], design: Design | None) -> Count | None:
    """The people randomised, or else enrolled, in the work's own study, from the first record that states them.

    None for designs that have no participants of their own (reviews, protocols, animals), and wherever the abstract
    gives two totals of the same standing.
    """
    ranked = [reading.record for reading in read]
    if design not in _OWN_PEOPLE:
        return None
    for record in ranked:
        totals = list(_totals(record))
        best = [total for total in totals if total.randomized] or totals
        if best:
            agreed = len({total.number for total in best}) == 1
            counted = Counted.RANDOMIZED if best[0].randomized else Counted.ENROLLED
            return Count(best[0].number, best[0].sentence, "abstract", record.key, counted) if agreed else None
    return None


def _totals(record: Record) -> Iterator[_Total]:
    """Every total that the abstract states."""
    for section in own_sections(record.abstract):
        for sentence in sentences(section.text):
            if _VERB.search(sentence) and not _STUDIES.search(sentence):
                yield from _in_sentence(sentence)


def _in_sentence(sentence: str) -> Iterator[_Total]:
    """The total that a sentence states of the randomised and of the enrolled; several counts are arms, and no total."""
    mentions = [match for pattern in _PATTERNS for match in pattern.finditer(sentence) if _own(match, sentence)]
    mentions = [match for match in mentions if not _NOT_DONE.search(sentence, 0, match.end())]
    for randomized in (True, False):
        counts = {match.start("n"): match for match in mentions if _counts_randomized(match) is randomized}
        if len(counts) == 1:
            match = next(iter(counts.values()))
            if not _is_arm(value(match["n"]), sentence[match.end() :]):
                yield _Total(randomized, value(match["n"]), sentence)


def _counts_randomized(found: re.Match[str]) -> bool:
    """Whether the verb says randomised, rather than enrolled."""
    return not re.match(_ENTERED, found["verb"], re.IGNORECASE)


def _own(found: re.Match[str], sentence: str) -> bool:
    """Whether the number is of people of this study: no part of a group, no year, not borrowed from another study."""
    return not (
        _PART.search(sentence[max(0, found.start("n") - _BEFORE) : found.start("n")])
        or _YEAR.fullmatch(found["n"])
        or _INNER.search(found["between"])
        or (not _counts_randomized(found) and _BORROWED.match(sentence, found.end()))
    )


def _is_arm(number: int, rest: str) -> bool:
    """Whether the counts after the verb are fellow arms; where two or more add up to the number, it is their total."""
    arms = [value(arm["n"]) for arm in _ARM.finditer(_BRACKETS.sub("", rest))]
    return bool(arms) and (len(arms) == 1 or sum(arms) != number)
