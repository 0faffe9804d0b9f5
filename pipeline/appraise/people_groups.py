"""Counts of people side by side in a sentence: arms of a trial, or kinds of people."""

import re
from itertools import accumulate, islice

from pipeline.appraise.people_roles import FARED, Role, clause, said

# A fellow arm: "33 to sham", "[33] were", "{33}".
_FELLOW = re.compile(
    r"\d(?<=[\[{ ]\d)\d{0,6}(?:\}|\]?(?: [\w-]+){0,4}? (?P<link>to|in|into|received|on|were|underwent|served|had)\b)"
)
_NUMBER = re.compile(r"\d+")
_ASIDE = re.compile(r"[;:]|\bof (?:whom|which|these|them)\b")
_JOINED = re.compile(r"(?:\band|\bor|,|\bversus|\bvs|\bwhile|\bwhereas|\bagainst)(?: the)?[ \[{]*$")
_TO_ARM = re.compile(r"\b(?:to|into|received?|on|(?:in|with) (?!th(?:is|e) (?:present |current )?(?:study|trial)))\b")
_REST = 400  # characters in which fellow arms stand

_AND = re.compile(r"[^;]{0,150}(?:\band|,)(?: the| another)? $")
_OTHER_KIND = re.compile(
    r" (?:[\w-]+ ){0,4}?(?:controls|healthy|non[- ]?\w+|(?:wo)?men|(?:fe)?males|boys|girls|relatives|partners|parents|"
    r"carers|caregivers|nurses|physicians|clinicians|(?:physio)?therapists|practitioners|acupuncturists)\b"
)


def is_arm(number: int, role: Role, text: str, end: int) -> bool:
    """Whether the people counted before a place are one arm beside another, of which the sentence says the same.

    A number is no arm if those that follow add up to it.
    """
    rest = text[end : end + _REST]
    fellows = [int(_size(fellow)) for fellow in _FELLOW.finditer(rest)]
    if not fellows or _adds_up(number, fellows):
        return False
    aside = _ASIDE.search(rest)
    rest = rest[: aside.start()] if aside else rest
    _, verb = said(clause(rest))
    fellow = _FELLOW.search(rest, verb)
    if not fellow or not _JOINED.search(rest, max(0, fellow.start() - 20), fellow.start()):
        return False
    if _TO_ARM.search(rest, verb, fellow.start()) and fellow["link"] in ("to", "in", "into", None):
        return not rest.startswith(" each", fellow.end())
    then, _ = said(clause(rest[fellow.start() + len(_size(fellow)) :]))
    return then is role


def _size(fellow: re.Match[str]) -> str:
    found = _NUMBER.match(fellow[0])
    return found[0] if found else ""


def _adds_up(number: int, fellows: list[int]) -> bool:
    """Whether two or more of the fellows, from the first on, make the number."""
    return number in islice(accumulate(fellows), 1, None)


def are_kinds(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether two marked counts are of two kinds of people: "20 women and 15 men", "25 patients and 25 controls".

    STROBE has case-control studies state both numbers (item 13a).
    """
    between = text[first.end() : second.start()]
    return (
        _AND.fullmatch(between) is not None
        and _OTHER_KIND.match(text, second.end()) is not None
        and said(between)[0] is None
        and not FARED.match(between)
    )
