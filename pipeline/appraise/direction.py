"""Which way the authors say that the effect goes: to draw attention with, never to count votes.

The conclusion is read first. But an abstract should state the result of the primary outcome (CONSORT for abstracts),
and a claim that this does not bear out is spin (Boutron et al., JAMA 2010): there the statement about the primary
outcome stands.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.appraise.back_matter import without_back_matter
from pipeline.appraise.polarity import BENEFIT, NO_DIFFERENCE, UNCLEAR, Claim, claim_of, doubts
from pipeline.appraise.reading import Part, Reading, Sentence, folded
from pipeline.appraise.words import any_in
from pipeline.model import Direction, Fact

_LAST = 2  # sentences of an abstract without headings that conclude it
_NO_RESULTS = frozenset((Part.BACKGROUND, Part.OBJECTIVE, Part.METHODS, Part.CONCLUSIONS, Part.NOTES))
_CALLED = ("primary ", "main outcome", "main end")
_PRIMARY = re.compile(r"(?:primary|main) (?:[a-z-]{2,20} ){0,3}(?:end[ -]?points?|outcomes?|objectives?|aims?)\b")
_MET = re.compile(r"(?: [a-z-]{2,20}){0,4} (?:was|were|is) (not )?(?:[a-z]+ly )?(?:met|achieved|reached)\b")
# How a primary outcome is named: "The primary end point was progression-free survival (PFS)".
_NAMED = re.compile(
    r"(?: measures?| variables?)?(?: of (?:the|this) (?:study|trial))?,? (?:was|were|is|included)"
    r"(?: to (?:compare|assess|evaluate|determine))? ([^.;,(:]{3,60})(?:\((\w{2,6})\))?"
)
# Verbs that make a title a statement.
_STATES = re.compile(
    r" (?:is|are|does|fails|(?:improve|reduce|prevent|prolong|increase|decrease|alleviate|attenuate|ameliorate|relieve|"
    r"enhance|restore|delay|ease|lower|promote|inhibit|suppresse)s) "
)
_WORD = re.compile(r"[\w-]+")
_COMMON = frozenset(
    (
        *("the", "of", "a", "an", "in", "at", "and", "or", "to", "from", "for", "by", "with", "was", "were", "between"),
        *("rate", "change", "median", "mean", "time", "proportion", "percentage", "number", "difference", "patients"),
    )
)
_P = re.compile(r"\bp ?(?:-?value )?([=<>\u2264\u2265]) ?0?[.\u00b7]([0-9]{1,9})")
_LEVEL = 0.05  # of significance, by convention


@dataclass(frozen=True, slots=True)
class _Told:
    """A claim, and the words that make it."""

    claim: Claim
    words: str
    field: str = "abstract"


def direction(read: Sequence[Reading], conclusion: Fact[str] | None) -> Fact[Direction] | None:
    """The direction that the first record (best first) states, with the sentence that says so.

    The sentence that was found to be the conclusion is heard before the others near it.
    """
    for reading in read:
        best = conclusion.evidence if conclusion and conclusion.record == reading.record.key else ""
        told = _agreed(_concluded(reading.abstract, best), _measured(reading)) or _titled(reading.title)
        if told:
            return Fact(told.claim.direction, told.words, told.field, reading.record.key)
    return None


def _titled(title: Sentence) -> _Told | None:
    """What a title says that is a statement: "needling for improving gait" is an aim."""
    claim = claim_of(title.lower) if _STATES.search(title.lower) else None
    return _Told(claim, title.text, "title") if claim else None


def _agreed(concluded: _Told | None, measured: _Told | None) -> _Told | None:
    """The conclusion; where it is mixed, or claims a benefit that the primary outcome lacks, the primary outcome."""
    if not concluded or not measured:
        return concluded or measured
    spun = concluded.claim.is_benefit and measured.claim.direction is Direction.NO_DIFFERENCE
    return measured if spun or concluded.claim.direction is Direction.MIXED else concluded


def _concluded(abstract: Sequence[Sentence], best: str) -> _Told | None:
    """What the conclusion says, and those near it: under its heading, or else the last ones, from the end.

    The first claim counts, else the first hope; a doubt about the evidence stands above benefits.
    """
    near: Sequence[Sentence] = [sentence for sentence in abstract if sentence.part is Part.CONCLUSIONS]
    claim = claim_of(folded(best)) if best else None
    told = _Told(claim, best) if claim else None
    if not told or not told.claim.sure:
        near = near or without_back_matter(abstract)[-_LAST:][::-1]
        told = _first(told, (sentence for sentence in near if sentence.text != best))
    if told and told.claim.is_benefit:
        return next((_Told(UNCLEAR, sentence.text) for sentence in near if doubts(sentence.lower)), told)
    return told


def _first(hope: _Told | None, sentences: Iterable[Sentence]) -> _Told | None:
    """The first claim, else the first hope."""
    for sentence in sentences:
        if claim := claim_of(sentence.lower):
            told = _Told(claim, sentence.text)
            if claim.sure:
                return told
            hope = hope or told
    return hope


def _measured(reading: Reading) -> _Told | None:
    """What the results say of the primary outcome: in a sentence that calls it so, or by the name it was given."""
    if not any_in(_CALLED, reading.lower):
        return None
    names = frozenset[str]()
    for sentence in reading.abstract:
        lower = sentence.lower
        primary = _primary(lower)
        is_result = sentence.part not in _NO_RESULTS
        if primary and (is_result or sentence.part is Part.CONCLUSIONS) and (met := _MET.match(lower, primary.end())):
            return _Told(NO_DIFFERENCE if met[1] else BENEFIT, sentence.text)
        if primary and not names and not (is_result and _P.search(lower)):
            names = _names(lower, primary.end())
        elif is_result and (primary or _speaks_of(names, lower)) and (claim := _result(lower)):
            return _Told(claim, sentence.text)
    return None


def _primary(lower: str) -> re.Match[str] | None:
    """The words for a primary outcome."""
    return _PRIMARY.search(lower) if any_in(_CALLED, lower) else None


def _speaks_of(names: frozenset[str], lower: str) -> bool:
    """Whether the words by which an outcome is known stand in a sentence."""
    return bool(names) and all(name in lower for name in names) and names <= set(_WORD.findall(lower))


def _names(lower: str, start: int) -> frozenset[str]:
    """What a primary outcome is called: its abbreviation, or the first two words of its name."""
    named = _NAMED.match(lower, start)
    if not named:
        return frozenset()
    words = [word for word in _WORD.findall(named[1]) if word not in _COMMON]
    return frozenset((named[2],) if named[2] else words[:2])


def _result(lower: str) -> Claim | None:
    """What a result says: by its P value whether there is a difference, by its words which way.

    Where words do not say, a significant primary outcome is the trial's aim met (ICH E9).
    """
    p, claim = _P.search(lower), claim_of(lower)
    if p and (p[1] in ">\u2265" or float(f"0.{p[2]}") > _LEVEL):
        return NO_DIFFERENCE
    if p and not claim:
        return BENEFIT
    return claim if claim and (claim.is_benefit or (claim.direction is Direction.NO_DIFFERENCE and not p)) else None
