"""What a sentence says of the people whom it counts.

CONSORT has authors state "the numbers of participants who were randomly assigned, received intended treatment, and were
analysed" (item 13a, and its extension for abstracts), STROBE the numbers "examined for eligibility, confirmed eligible,
included in the study, completing follow-up, and analysed" (item 13a). The words below are those verbs.
"""

import re
from enum import IntEnum


class Role(IntEnum):
    """What the people did, the surest total of a study first."""

    RANDOMIZED = 0  # they were randomised
    TRIAL = 1  # "a randomised trial in 66 patients"
    ASSIGNED = 2  # they were assigned; how, other sentences say
    ANALYSED = 3
    ENROLLED = 4  # enrolled, recruited, included, surveyed ...
    COMPLETED = 5  # they completed the study, or there are data of theirs
    TREATED = 6  # they received something, or were followed
    DESCRIBED = 7  # a number of people, no more
    PART = 8  # one group, or some of those who are counted elsewhere
    NOBODY = 9  # invited or screened only, planned, or of other studies


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
# Verbs before a number.
_LED = _table(
    {
        Role.RANDOMIZED: "randomized randomised randomizing randomising",
        Role.ASSIGNED: "assigned allocated",
        Role.ENROLLED: "enrolled recruited included includes involved comprised studied surveyed interviewed accrued",
    }
)
# "A trial of X in 66 patients", "data from 66 patients", "participants were 66 adults".
_STUDIES = frozenset("trial trials study studies rct design comparison survey cohort sample series".split())
_OF_STUDY = frozenset(
    "of in with on among included includes including involving involved enrolled enrolling recruited comprising".split()
)
_DONE = frozenset("conducted performed out undertaken done tested data consisted".split())
_THEY = frozenset("participants patients subjects respondents".split())
_GROUPS = frozenset("group groups arm arms".split())
_AUXILIARIES = frozenset("were was been then equally evenly initially".split())
_SENT = frozenset("sent mailed emailed posted distributed invited".split())
_FEW = 10  # people who may be an event
_REACH = 10  # words between a study and the number of its people
# Words that change nothing: "in a total of about 66 patients".
_FILLERS = frozenset("a all the these only approximately about over our than more up overall".split())
# What makes a number one of a part, of a measure, or of a plan.
_PARTIAL = frozenset(
    "each per every least most remaining other another additional further extra phase stage grade group arm type age aged "
    "median mean above below day week month visit cycle target planned expected anticipated < > = \u2265 \u2264 \u00b1".split()
)
_PARTIAL_PAIRS = frozenset({("fewer", "than"), ("less", "than"), ("greater", "than"), ("higher", "than"), ("age", "of"), ("size", "of"), ("size", "was")})
_SHARES = ("%", "]", "}", *"0123456789")  # of a whole that follows
_DATES = frozenset(
    "in since until to and before after between during january february march april may june july august september "
    "october november december".split()
)

# "Randomised" of people, not as in "a randomised trial"; "randomly" assigned, not selected.
_RANDOMIZED = re.compile(
    r"randomi[sz](?:ed|ation)\b(?!(?:[,/ -]+(?!(?:to|into|using|in|for|between|either|with|and|or|by)\b)[\w-]+){0,5}?"
    r"[ -](?:trials?|stud(?:y|ies)|controlled|clinical|phase|design|comparison)\b)"
    r"|randomly (?:\w+ )?(?:assigned|allocated|divided|apportioned|distributed|grouped|split|separated|received|treated)\b"
    r"|(?:assigned|allocated|divided) (?:[\w ]{0,30} )?(?:randomly|at random)\b"
)
_IN_ANALYSIS = re.compile(r"included in (?:the|this|our|an) (?:[\w-]+ ){0,4}analys")
_FOR_ELIGIBILITY = re.compile(r"assessed for (?:eligib|inclu)")
# "33 patients in the sham group", but not "66 patients in a parallel group trial".
_OF_GROUP = re.compile(
    r"(?: [\w-]+){1,4}? (?:in (?:each|either)|per (?:group|arm)|each)\b|"
    r"(?: [\w-]+){1,6}? (?:in|of|from) (?:(?:the|an?) (?:[\w+/-]+ ){1,3}(?:group|arm)\b"
    r"(?!,? (?:[\w-]+,? ){0,4}(?:trial|study|design|comparison))|(?:group|arm) (?:\d|[a-z]|i+)\b)"
)
# How people fared is said of all or of some.
_FARED = re.compile(
    r"(?: [\w-]+){1,5}?(?<!who) (?:did not|developed|experienced|died|relapsed|declined|refused|withdrew|dropped out|"
    r"achieved|reported|showed|had)\b"
)
# Studies or animals are counted before.
_OTHERS = re.compile(
    r"\d (?:[\w-]+ ){0,5}?(?:studies|trials|rcts|articles|reports|papers|publications)\b|"
    r"\b(?:rats|mice|rabbits|dogs|pigs)\b"
)
_OTHERS_HINTS = ("studies", "trials", "rcts", "articles", "reports", "papers", "publications", "rats", "mice", "rabbits",
    "dogs", "pigs")
# SPIRIT item 14 and CONSORT item 7a: how many are needed, and how that was worked out.
_PLANS = (
    *(" will ", " would ", " should ", "sample size", "to detect", "power of", "powered", "aims to", "aim to"),
    *("needed to", "required to", " be required", "is required", "are required", "was required", "were required"),
    *("is needed", "are needed", "were needed", "was planned", "were planned", "planned to", "planned of"),
    *("designed to enrol", "designed to recruit", "designed to includ"),
)

_NEXT = re.compile(r"[\[;]")  # the next count, or clause
_WORD = re.compile("[a-z]+")
_BEFORE, _BEHIND = 100, 300  # characters in which these words stand


def role(number: int, text: str, start: int, end: int) -> Role:
    """What a marked sentence says of the people whose count stands between two places of it."""
    before, after = text[max(0, start - _BEFORE) : start], _NEXT.split(text[end : end + _BEHIND], maxsplit=1)[0]
    words = before.split()
    if _planned(before + after) or _of_others(text[max(0, start - _BEHIND) : start]):
        return Role.NOBODY
    if words and (words[-1] in _PARTIAL or tuple(words[-2:]) in _PARTIAL_PAIRS) or _OF_GROUP.match(text, end):
        return Role.PART
    words = [word.strip(",:") for word in words]
    while words and (words[-1] in _FILLERS or words[-2:] in (["total", "of"], ["number", "of"])):
        del words[-2 if words[-1] == "of" else -1 :]
    led = _led(words, before)
    if words[-1:] == ["to"] and not _SENT.isdisjoint(words):
        return Role.NOBODY
    if led is None and words and words[-1] in _DATES and 1900 <= number < 2050:
        return Role.NOBODY
    if _FARED.match(after) or (words[-1:] == ["of"] and words[:-1] and words[-2].endswith(_SHARES)):
        return Role.PART if number < _FEW else Role.DESCRIBED
    said, _ = _said(after)
    if said is Role.NOBODY:
        return said
    if led is said is None and after.startswith(" cases of"):
        return Role.PART  # events, as a rule
    return min(found for found in (led, said, Role.DESCRIBED) if found is not None)


def _planned(near: str) -> bool:
    return any(words in near for words in _PLANS)


def _of_others(before: str) -> bool:
    return any(word in before for word in _OTHERS_HINTS) and _OTHERS.search(before) is not None


def _led(words: list[str], before: str) -> Role | None:
    """What the words that lead up to the number make of the people."""
    if not words:
        return None
    *others, last = words
    previous = others[-1] if others else ""
    if previous == "randomly" or (last == "of" and previous.startswith("randomi")):
        return Role.RANDOMIZED
    if last in _OF_STUDY:
        near = others[-_REACH:]
        place = max((place for place, word in enumerate(near) if word in _STUDIES), default=None)
        if place is not None and _GROUPS.isdisjoint(near[place:]):
            return Role.TRIAL if "random" in before else Role.ENROLLED
    if last in _LED:
        return _LED[last]
    joined = (previous in _DONE and last in _OF_STUDY | {"from", "for"}) or (previous in _THEY and last == "were")
    return Role.ENROLLED if joined else None


def _said(after: str) -> tuple[Role | None, int]:
    """What the words behind the number say of the people, and where that ends."""
    previous = ""
    for word in _WORD.finditer(after):
        said = _SAID.get(word[0])
        if said is not None and _is_verb(said, previous, after, word.start()):
            if (said is Role.RANDOMIZED and previous == "not") or _FOR_ELIGIBILITY.match(after, word.start()):
                said = Role.NOBODY
            elif said is not Role.NOBODY and "random" in after and _RANDOMIZED.search(after, word.start()):
                said = Role.RANDOMIZED
            elif _IN_ANALYSIS.match(after, word.start()):
                said = Role.ANALYSED
            return said, word.end()
        previous = word[0]
    return None, 0


def _is_verb(said: Role, previous: str, after: str, place: int) -> bool:
    """Whether a word is said of the people: not "a randomised trial", nor "the group allocated to"."""
    if said is Role.RANDOMIZED:
        return _RANDOMIZED.match(after, place) is not None
    return said is not Role.ASSIGNED or previous in _AUXILIARIES


# Fellow groups: "33 to sham", "[33] were", "{33}".
_FELLOW = re.compile(
    r"\d(?<=[\[{ ]\d)\d{0,6}(?:\}|\]?(?: [\w-]+){0,4}? (?P<link>to|in|into|received|on|were|underwent|served|had)\b)"
)
_ASIDE = re.compile(r"[;:]|\bof (?:whom|which|these|them)\b")
_JOINED = re.compile(r"(?:\band|\bor|,|\bversus|\bvs|\bwhile|\bwhereas|\bagainst)(?: the)?[ \[{]*$")
_TO_GROUP = re.compile(r"\b(?:to|into|received?|on|(?:in|with) (?!th(?:is|e) (?:present |current )?(?:study|trial)))\b")
_NUMBER = re.compile(r"\d+")
_REST = 400  # characters in which fellow groups stand


# "25 patients and 25 healthy controls", "20 women and 15 men": what STROBE calls cases and controls, and the sexes.
_AND = re.compile(r"[^;]{0,150}(?:\band|,)(?: the| another)? $")
_OTHER_KIND = re.compile(r" (?:[\w-]+ ){0,4}?(?:controls|healthy|non[- ]?\w+|(?:wo)?men|(?:fe)?males|boys|girls)\b")


def are_kinds(text: str, end: int, start: int, second: int) -> bool:
    """Whether two counts, the one ending and the other standing at these places, are of two kinds of people named side by side."""
    between = text[end:start]
    return (
        _AND.fullmatch(between) is not None
        and _said(between)[0] is None
        and not _FARED.match(between)
        and _OTHER_KIND.match(text, second) is not None
    )


def is_arm(number: int, of: Role, text: str, end: int) -> bool:
    """Whether the people are one group beside another that the sentence counts in the same way; no sum of groups is."""
    rest = text[end : end + _REST]
    fellows = list(_FELLOW.finditer(rest))
    total = 0
    for fellow in fellows:
        total += int(_NUMBER.match(fellow[0])[0])
        if total == number:
            return False
    if not fellows:
        return False
    aside = _ASIDE.search(rest)
    rest = rest[: aside.start()] if aside else rest
    _, verb = _said(_NEXT.split(rest, maxsplit=1)[0])
    fellow = _FELLOW.search(rest, verb)
    if not fellow or not _JOINED.search(rest, max(0, fellow.start() - 20), fellow.start()) or rest.startswith(" each", fellow.end()):
        return False
    said, _ = _said(_NEXT.split(rest[fellow.start() + len(_NUMBER.match(fellow[0])[0]) :], maxsplit=1)[0])
    return bool(_TO_GROUP.search(rest, verb, fellow.start()) and fellow["link"] in ("to", "in", "into", None)) or said == of
