"""What a sentence says of the people whom it counts.

CONSORT has authors state "the numbers of participants who were randomly assigned, received intended treatment, and were
analysed" (item 13a, and its extension for abstracts), STROBE the numbers "examined for eligibility, confirmed eligible,
included in the study, completing follow-up, and analysed" (item 13a). The words below are those verbs.
"""

import re
from enum import IntEnum

from pipeline.appraise.numbers import by_initial


class Role(IntEnum):
    """What the people did, the surest total of a study first."""

    RANDOMIZED = 0  # they were randomised
    TRIAL = 1  # "a randomised trial in 66 patients"
    ASSIGNED = 2  # they were assigned; how, other sentences say
    ANALYSED = 3
    ENROLLED = 4  # enrolled, recruited, included, surveyed ...
    COMPLETED = 5  # they completed the study, or there are data of theirs
    PLANNED = 6  # they are to take part, or as many are needed
    TREATED = 7  # they received something, or were followed
    DESCRIBED = 8  # a number of people, no more
    PART = 9  # one group, or some of those who are counted elsewhere
    NOBODY = 10  # invited or screened only, or of other studies


def _table(words: dict[Role, str]) -> dict[str, Role]:
    return {word: role for role, listed in words.items() for word in listed.split()}


# Verbs behind a number; the first of them tells, unless the people are also randomised.
_SAID = _table(
    {
        Role.NOBODY: "screened invited approached contacted excluded",
        Role.RANDOMIZED: "randomized randomised randomization randomisation randomly",
        Role.ASSIGNED: "assigned allocated divided",
        Role.ANALYSED: "analysed analyzed analysable analyzable",
        Role.ENROLLED: (
            "enrolled recruited included participated participating entered accrued registered studied interviewed "
            "surveyed responded replied answered returned joined consented agreed met"
        ),
        Role.COMPLETED: "completed provided evaluable evaluated assessable available",
        Role.TREATED: "received receive underwent treated given followed examined assessed tested stratified",
    }
)
_VERB = re.compile(rf" ({by_initial(_SAID)})\b")
# Verbs before a number.
_LED = _table(
    {
        Role.RANDOMIZED: "randomized randomised randomizing randomising",
        Role.ASSIGNED: "assigned allocated",
        Role.ENROLLED: "enrolled recruited included includes involved comprised studied surveyed interviewed accrued",
    }
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# "A trial of acupuncture in 66 patients", "data from 66 patients", "participants were 66 adults".
_STUDIES = _words("trial trials study studies rct design comparison survey cohort sample series")
_OF_STUDY = _words(
    "of in with on among included includes including involving involved enrolled enrolling recruited comprising"
)
_DONE = _words("conducted performed out undertaken done tested data consisted")
_DONE_WITH = _OF_STUDY | {"from", "for"}
_THEY = _words("participants patients subjects respondents")
_GROUPS = _words("group groups arm arms")
_REACH = 10  # words between a study and the number of its people
_AUXILIARIES = _words("were was been then equally evenly initially")
# Words that change nothing: "in a total of about 66 patients".
_FILLERS = _words("a all the these only approximately about over our than more up overall")
_TOTALS = (["total", "of"], ["number", "of"])
# What makes a number one of a part, of a measure, or of a plan.
_PARTIAL = _words(
    "each per every least most remaining other another additional further extra phase stage grade group arm type age "
    "aged median mean above below day week month visit cycle target planned expected anticipated "
    "< > = \u2265 \u2264 \u00b1"
)
_PARTIAL_PAIRS = frozenset(
    {
        *(("fewer", "than"), ("less", "than"), ("greater", "than"), ("higher", "than")),
        *(("age", "of"), ("size", "of"), ("size", "was")),
    }
)
_SHARES = ("%", "]", "}", *"0123456789")  # what a share ends in: "57 of 116"
_SENT = _words("sent went mailed emailed posted distributed invited")
# "34 of 120 planned participants", "68 of 109 patients were recruited": the smaller number is the study's.
_FEWER = re.compile(
    r" (?:planned|eligible|screened|invited|approached|registered|potential|contacted|identified|intended)\b|"
    r"(?: [\w-]{1,30}){0,6}? (?:(?:were|was) (?:recruit|random|enrol|includ|interview)|took part|participated|answered|"
    r"responded|agreed|consented)"
)
_RATE = (["1", "in"], ["one", "in"])  # "1 in 300 patients"
_GRADED = re.compile(r"\b(?:status|grades?|types?|stages?|class|classes|asa|levels?) \[?\w{1,3}\]? (?:and|or|to) $")
_EARLIER = re.compile(
    r"\b(?:previous|earlier|prior|published|parent) (?:[\w-]{1,20} ){0,2}(?:study|trial|report|work|studies|trials)\b"
    r"[^.;]{0,40}$"
)
_DATES = _words(
    "in since until to and before after between during january february march april may june july august september "
    "october november december"
)
_YEARS = range(1900, 2050)
_FEW = 10  # from here on "66 patients had" counts the people rather than an event

# "Randomised" of people, not as in "a randomised trial"; "randomly" assigned, not selected.
_RANDOMIZED = re.compile(
    r"randomi[sz](?:ed|ation)\b(?!(?:[,/ -]+(?!(?:to|into|using|in|for|between|either|with|and|or|by)\b)[\w-]+){0,5}?"
    r"[ -](?:trials?|stud(?:y|ies)|controlled|clinical|phase|design|comparison)\b)|"
    r"randomly (?:\w+ )?(?:assigned|allocated|divided|apportioned|distributed|grouped|split|separated|treated)|"
    r"(?:assigned|allocated|divided) (?:[\w ]{0,30} )?(?:randomly|at random)\b"
)
_IN_ANALYSIS = re.compile(r"included in (?:the|this|our|an) (?:[\w-]+ ){0,4}analys")
_FOR_ELIGIBILITY = re.compile(r"assessed for (?:eligib|inclu)")
# "33 patients in the sham group", but not "66 patients in a parallel group trial".
_OF_GROUP = re.compile(
    r"(?: [\w-]+){1,4}? (?:in (?:each|either)|per (?:group|arm)|each)\b|"
    r"(?: [\w-]+){1,6}? (?:in|of|from) (?:(?:the|an?) (?:[\w+/-]+ ){1,3}(?:group|arm)\b"
    r"(?!,? (?:[\w-]+,? ){0,4}(?:trial|study|design|comparison))|(?:group|arm) (?:\d|[a-z]|i+)\b)"
)
# "Of the 66 patients randomised to sham, 8 improved".
_TO_ONE_ARM = re.compile(
    r"[^,;]{0,60}?(?:randomi[sz]ed|assigned|allocated) to (?!one|either)(?:(?! (?:or|and|versus|vs)\b)[^,;]){0,60},"
)
# How people fared is said of all or of some.
FARED = re.compile(
    r"(?: (?!who\b)[\w-]+){1,5}? (?:did not|developed|experienced|died|relapsed|declined|refused|withdrew|dropped out|"
    r"achieved|reported|showed|had)\b"
)
# Studies or animals are counted before.
_OF_OTHERS = re.compile(
    r"\d (?:[\w-]+ ){0,5}?(?:studies|trials|rcts|articles|reports|papers|publications)\b|"
    r" (?:rats|mice|rabbits|dogs|pigs)\b"
)
# How many are to be enrolled, and why so many (CONSORT item 7a, SPIRIT items 14 and 15).
_PLANNED = re.compile(
    r" (?:(?:will|would|should) |sample size|power of|powered|to detect|aims? to|be required|(?:needed|required) to|"
    r"(?:is|are|was|were) (?:needed|required|planned)|planned (?:to|of)|designed to (?:enrol|recruit|includ))"
)
_NEXT = re.compile(r"[\[;]")  # the next count, or clause
_BEFORE, _BEHIND = 100, 300  # characters in which these words stand


def role(number: int, text: str, start: int, end: int) -> Role:
    """What a marked sentence says of the people whose count stands between two places of it."""
    before, after = text[max(0, start - _BEFORE) : start], clause(text[end : end + _BEHIND])
    if _OF_OTHERS.search(text, max(0, start - _BEHIND), start):
        return Role.NOBODY
    words = before.split()
    if words[-2:] in _RATE or _GRADED.search(before) or _EARLIER.search(before):
        return Role.NOBODY
    if words[-1:] == ["of"] and len(words) > 1 and words[-2].endswith(_SHARES) and _FEWER.match(after):
        return Role.NOBODY
    if _PLANNED.search(before + after):
        return Role.PART if _OF_GROUP.match(text, end) else Role.PLANNED
    if _is_partial(words) or _OF_GROUP.match(text, end) or (words[-1:] == ["the"] and _TO_ONE_ARM.match(after)):
        return Role.PART
    return _of_people(number, _without_fillers(words), after, randomized="randomi" in before)


def _is_partial(words: list[str]) -> bool:
    """Whether words that lead up to a number make it one of a part, of a measure, or of a plan."""
    return bool(words) and (words[-1] in _PARTIAL or tuple(words[-2:]) in _PARTIAL_PAIRS)


def _of_people(number: int, words: list[str], after: str, *, randomized: bool) -> Role:
    """What the words on both sides of a count say of the people."""
    led = _led(words, randomized=randomized)
    last, previous = words[-1] if words else "", words[-2] if len(words) > 1 else ""
    if (last == "to" and not _SENT.isdisjoint(words)) or (led is None and last in _DATES and number in _YEARS):
        return Role.NOBODY
    if FARED.match(after) or (last == "of" and previous.endswith(_SHARES)):
        return Role.PART if number < _FEW else Role.DESCRIBED
    verb, _ = said(after)
    if led is verb is None and after.startswith(" cases of"):
        return Role.PART  # events, as a rule
    return verb if verb is Role.NOBODY else min(found for found in (led, verb, Role.DESCRIBED) if found is not None)


def clause(text: str) -> str:
    """A text up to the next count of people or the next clause."""
    return _NEXT.split(text, maxsplit=1)[0]


def _without_fillers(words: list[str]) -> list[str]:
    """What leads up to a number, without the words that change nothing."""
    words = [word.strip(",:") for word in words]
    while words and (words[-1] in _FILLERS or words[-2:] in _TOTALS):
        del words[-2 if words[-1] == "of" else -1 :]
    return words


def _led(words: list[str], *, randomized: bool) -> Role | None:
    """What the words that lead up to a number make of the people; a trial counts if it is randomised."""
    if not words:
        return None
    *others, last = words
    previous = others[-1] if others else ""
    if previous == "randomly" or (last == "of" and previous.startswith("randomi")):
        return Role.RANDOMIZED
    if last in _OF_STUDY:
        near = others[-_REACH:]
        place = max((place for place, word in enumerate(near) if word in _STUDIES), default=len(near))
        if place < len(near) and _GROUPS.isdisjoint(near[place:]):
            return Role.TRIAL if randomized else Role.ENROLLED
    if (previous in _DONE and last in _DONE_WITH) or (previous in _THEY and last == "were"):
        return Role.ENROLLED
    return _LED.get(last)


def said(after: str) -> tuple[Role | None, int]:
    """What the words behind a number say of the people, and where they end."""
    for word in _VERB.finditer(after):
        verb, place = _SAID[word[1]], word.start(1)
        previous = after[: word.start()].rpartition(" ")[2]
        if _is_verb(verb, previous, after, place):
            if (verb is Role.RANDOMIZED and previous == "not") or _FOR_ELIGIBILITY.match(after, place):
                verb = Role.NOBODY
            elif verb is not Role.NOBODY and "random" in after and _RANDOMIZED.search(after, place):
                verb = Role.RANDOMIZED
            elif _IN_ANALYSIS.match(after, place):
                verb = Role.ANALYSED
            return verb, word.end()
    return None, 0


def _is_verb(verb: Role, previous: str, after: str, place: int) -> bool:
    """Whether a word is said of the people: not "a randomised trial", nor "the group allocated to"."""
    if verb is Role.RANDOMIZED:
        return _RANDOMIZED.match(after, place) is not None
    return verb is not Role.ASSIGNED or previous in _AUXILIARIES
