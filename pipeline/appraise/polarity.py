"""Which way a sentence says that an effect goes, by the words for effects in it and the words that deny them.

Denial is read as NegEx reads it (Chapman et al., J Biomed Inform 2001): a denying word reaches a few words ahead, and
no further than to the next "but". What is said of unwanted effects is no direction of the effect that was sought.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.appraise.polarity_words import SIGNS, Sign
from pipeline.model import Direction

_CHANGES = frozenset((Sign.RISE, Sign.FALL, Sign.FEWER))
_REACH = 6  # words that a denial reaches ahead, as in NegEx
_NEAR = 5  # words between a change and what has changed
_CONCEDING = ("although ", "though ", "even though ", "while ", "whereas ", "despite ")
_WAS_NOT = [Sign.BE, Sign.NOT]  # "superiority was not shown"
_HEDGES = {Sign.HEDGE: _REACH, Sign.TO: 3}
_DENIALS = {Sign.NOT: _REACH, Sign.NEITHER: 2 * _REACH}
# What claims are about, and the words between.
_OBJECTS = frozenset((Sign.WANTED, Sign.UNWANTED, Sign.SAFETY, Sign.PLACE, Sign.BASELINE, Sign.BE, Sign.AS))

Signs = list[Sign | None]  # of the words of a clause, in order

# What reviews say of evidence that does not suffice, as GRADE and Cochrane word it.
_DOUBT = re.compile(
    r"evidence [^.;]{0,30}(?:limited|weak|scarce|sparse|lacking|poor|low|insufficient|inconclusive)|"
    r"(?:limited|weak|insufficient|scarce|sparse|poor|low|low-quality|low-certainty|lack of|not enough) "
    r"(?:[a-z-]{3,20} ){0,2}evidence|no (?:[a-z]{3,12} )?conclusion|"
    r"conclusions? [^.;]{0,30}(?:cannot|could not|can not|difficult)|(?:difficult|impossible|not possible) to draw"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A direction, and whether it is claimed rather than hoped for."""

    direction: Direction
    sure: bool = True

    @property
    def is_benefit(self) -> bool:
        """Whether it is one of benefit."""
        return self.direction is Direction.BENEFIT


BENEFIT: Final = Claim(Direction.BENEFIT)
NO_DIFFERENCE: Final = Claim(Direction.NO_DIFFERENCE)
UNCLEAR: Final = Claim(Direction.UNCLEAR)


def doubts(lower: str) -> bool:
    """Whether a sentence in lower case says that the evidence does not suffice."""
    spoken = "evidence" in lower or "conclusion" in lower or " to draw" in lower
    return spoken and _DOUBT.search(lower) is not None


# The control did better: what is said of a gain is said of it.
_CONTROL = (
    r"\b(?:sham|placebo|usual care|standard care|waiting list|controls|control (?:group|arm|patients|subjects))\b"
)
_CONTROL_BETTER = re.compile(
    rf"{_CONTROL}[^.;,]{{0,30}}? (?:was|were|is|proved) (?:(?!not)\w+ )?(?:better|superior|more effective)\b|"
    rf"{_CONTROL}(?: acupuncture| needling| group)? (?:reduced|improved|decreased|eased|lowered|relieved)"
    r"[^.;,]{0,40} more than|"
    r"better in the (?:sham|placebo|control) (?:group|arm) than"
)


def claim_of(lower: str) -> Claim | None:
    """Which way a sentence in lower case says that the effect goes; None where it does not say."""
    if doubts(lower):
        return UNCLEAR
    control_won = (" than" in lower or "superior" in lower) and _CONTROL_BETTER.search(lower)
    found = {Sign.LOSS} if control_won else {sign for clause in _clauses(lower) for sign in _claims(clause)}
    if Sign.DOUBT in found:
        return UNCLEAR
    if Sign.GAIN in found:
        return Claim(Direction.MIXED) if found & {Sign.LOSS, Sign.SAME} or "but not " in lower else BENEFIT
    if Sign.LOSS in found:
        return Claim(Direction.HARM)
    if Sign.SAME in found:
        return NO_DIFFERENCE
    return Claim(Direction.BENEFIT, sure=False) if Sign.HOPE in found else None


def _clauses(lower: str) -> list[Signs]:
    """The signs of a sentence, taken apart where its thought turns."""
    if lower.startswith(_CONCEDING):  # "Although this did not change, that fell": the thought turns at the comma
        lower = lower.replace(",", ";", 1)
    words = lower.replace(", however,", "").replace(" free ", "-free ").replace(";", " ; ").split()
    signs = [SIGNS.get(word) for word in words]
    if "-free" in lower:  # freedom from something
        freed = [word.rstrip(",.)").endswith("-free") for word in words]
        signs = [Sign.WANTED if free else sign for free, sign in zip(freed, signs, strict=True)]
    if Sign.TURN not in signs:
        return [signs]
    turns = [-1, *(at for at, sign in enumerate(signs) if sign is Sign.TURN), len(signs)]
    return [signs[start + 1 : end] for start, end in pairwise(turns)]


def _claims(clause: Signs) -> list[Sign]:
    """What a clause claims: gain, loss, no difference, doubt, hope."""
    denied = hedged = -1  # the last words that a denial and a hedge reach
    claims: list[Sign] = []
    for at, sign in [(at, sign) for at, sign in enumerate(clause) if sign and sign not in _OBJECTS]:
        if sign is Sign.ASKED:
            break
        if sign in _DENIALS:
            denied = at + _DENIALS[sign]
        elif sign in _HEDGES:
            hedged = max(hedged, at + _HEDGES[sign])
        elif claim := _claim(clause, at, denied=at <= denied or clause[at + 1 : at + 3] == _WAS_NOT):
            if sign is Sign.SIGNIFICANT and not any(clause[at + 1 : at + _NEAR]):
                claims.clear()
            claims.append(Sign.HOPE if claim is Sign.GAIN and at <= hedged else claim)
    return claims


def _claim(clause: Signs, at: int, *, denied: bool) -> Sign | None:
    """What a word of a clause claims."""
    sign = clause[at]
    if sign in _CHANGES:
        sign = _change(clause, at)
    if sign in (Sign.GAIN, Sign.HOPE):
        return _gain(clause, at, Sign.SAME if denied else sign)
    if _of(clause, at, Sign.SAFETY) or _of(clause, at, Sign.BASELINE):
        return None  # similar safety, no difference in toxicity, or before treatment
    if sign in (Sign.CONTRAST, Sign.LINK, Sign.SIGNIFICANT):
        return Sign.SAME if denied else None
    if sign is Sign.LOSS and {Sign.FALL, Sign.FEWER, Sign.GAIN} & set(clause[max(at - 3, 0) : at]):
        return None  # reduced impairment
    return sign if sign in (Sign.LOSS, Sign.SAME, Sign.DOUBT) and not denied else None


def _gain(clause: Signs, at: int, sign: Sign) -> Sign | None:
    """A gain or hope, unless it is of safety, or no more than the other treatment's."""
    before, behind = clause[max(at - 2, 0) : at], clause[at + 1 : at + 4]
    if behind[:1] == [Sign.SAFETY] or Sign.SAME in before or before[-1:] == [Sign.FEWER]:
        return None  # better tolerated; equally effective; less effective, which is a loss
    return Sign.SAME if Sign.AS in before and Sign.AS in behind else sign


def _change(clause: Signs, at: int) -> Sign | None:
    """Whether a rise or a fall is a gain or a loss, by what is behind it, or else before it."""
    kind = clause[at]
    if clause[at + 1 : at + 2] == [Sign.PLACE]:
        return None
    if kind is Sign.FEWER and Sign.GAIN in clause[at + 1 : at + 3]:
        return Sign.LOSS  # less effective
    before, behind = clause[max(at - _NEAR, 0) : at], clause[at + 1 : at + 1 + _NEAR]
    if Sign.SAFETY in behind or (kind is Sign.RISE and Sign.LINK in before and Sign.UNWANTED in behind):
        return None
    for sign in behind + before[::-1]:
        if sign in (Sign.WANTED, Sign.UNWANTED):
            return Sign.GAIN if (sign is Sign.WANTED) is (kind is Sign.RISE) else Sign.LOSS
    return Sign.GAIN if kind is Sign.FALL else Sign.CONTRAST


def _of(clause: Signs, at: int, sign: Sign) -> bool:
    """Whether there is such a word near a word."""
    return sign in clause[at + 1 : at + 1 + _NEAR] or sign in clause[max(at - _NEAR, 0) : at]
