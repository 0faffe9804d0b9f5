"""Whether a record reports unwanted effects, or says that there were none.

CONSORT's extension for harms asks that an abstract names them: "generally well tolerated" and "safe" report nothing.
What was not serious may still have been: "no serious adverse events" reports on harms, but not that there were none.
"""

import re
from collections.abc import Sequence

from pipeline.appraise.reading import Part, Reading, Sentence
from pipeline.appraise.words import any_in
from pipeline.model import Fact, Harms

# The terms of that extension, and what surveys of acupuncture's safety count (Witt et al., Forsch Komplementmed 2009).
_HARM = (
    r"(?:adverse (?:drug )?(?:events?|effects?|reactions?|outcomes?|experiences?|incidents?)|side[ -]effects?|"
    r"(?<!diabetic )(?<!disease )complications?(?! of (?:diabetes|the disease|multiple|ms\b))|"
    r"(?<!excito)(?<!cyto)toxicit(?:y|ies)|toxic effects?|bruis(?:es?|ing)|"
    r"ha?ematomas?|pneumothora(?:x|ces)|anaphyla(?:xis|ctic))"
)
# One of these is in every term, which is seen faster.
_STEMS = (
    *("adverse", "side effect", "side-effect", "complication", "toxic", "bruis", "ematoma"),
    *("pneumothora", "anaphyla"),
)
_TERM = re.compile(_HARM)
_NONE = re.compile(
    r"\b(?:no|without|nor|free of|absence of|not (?:have|report|cause|show|observe|find|produce|experience)|"
    r"none of the [a-z]{3,15} (?:had|reported|experienced|showed)) (?:any )?"
    r"(?:(?:obvious|apparent|noticeable|reported|local|systemic|clinical|[a-z]{2,12}-related|related|toxic|adverse|"
    rf"unwanted|events|effects|or) ){{0,3}}{_HARM}|"
    rf"{_HARM} (?:was|were|have been|has been) (?:not|never) (?:\w+ )?(?:seen|observed|noted|found)"
)
# What aims and methods say of harms: that they are looked for, not that any were found.
_SOUGHT = re.compile(
    r"\b(?:to|will|aim|aimed|objective|purpose|primary|secondary) [^.;]{0,120}"
    r"\b(?:assess|evaluat|investigat|compar|determin|record|document|monitor|measur|outcome|end ?point|minimi[sz]|"
    r"avoid|prevent)|"
    rf"{_HARM}[^.;]{{0,60}} (?:were|was|are|is) (?:also )?"
    r"(?:assess|evaluat|investigat|compar|record|monitor|measur|collect|document|analy[sz])"
)
# Nobody looked, or nobody tells: neither reported nor absent.
_UNKNOWN = re.compile(
    rf"{_HARM} (?:was|were|is|are|have been|has been) (?:not|never|rarely|seldom|poorly) (?:\w+ )?(?:assess|record|"
    r"report|collect|document|measur|monitor|describ|mention|evaluat|address|stated|given|available)|"
    rf"\bno (?:data|information|reports?|record) (?:on|of|about|regarding|concerning) (?:[a-z]+ ){{0,2}}{_HARM}|"
    rf"\bhypothesi[sz]ed? [^.;]{{0,80}}{_HARM}"
)
# Abstracts tell in the past tense, in figures or by a denial what was found, in the present tense what is known.
_FOUND = re.compile(
    r"[0-9]|\b(?:was|were|had|did|without|occurred|reported|observed|experienced|developed|caused|showed|led|suffered|resulted)\b"
)
_CASE = re.compile(
    rf"{_HARM}[a-z ,-]{{0,40}}\b(?:after|following|due to|caused by|induced by|associated with|secondary to|from)\b"
)
_ELSEWHERE = frozenset((Part.BACKGROUND, Part.OBJECTIVE, Part.METHODS, Part.NOTES))


def harms(read: Sequence[Reading]) -> Fact[Harms] | None:
    """Reported if a record tells of harms that were looked for and found; else none reported, if one says so."""
    none = None
    for reading in read:
        for sentence in _telling(reading):
            field = "title" if sentence.part is Part.TITLE else "abstract"
            if not _NONE.search(sentence.lower):
                return Fact(Harms.REPORTED, sentence.text, field, reading.record.key)
            none = none or Fact(Harms.NONE_REPORTED, sentence.text, field, reading.record.key)
    return none


def _telling(reading: Reading) -> list[Sentence]:
    """The sentences that tell of harms; a title does where it names their cause, as those of case reports do."""
    stems = [stem for stem in _STEMS if stem in reading.lower]
    if not stems:
        return []
    found = [sentence for sentence in reading.abstract if _tells(sentence, stems)]
    title = reading.title.lower
    return [reading.title, *found] if any_in(stems, title) and _CASE.search(title) else found


def _tells(sentence: Sentence, stems: Sequence[str]) -> bool:
    """Whether a sentence tells of harms that were found, or of none."""
    lower = sentence.lower
    return (
        sentence.part not in _ELSEWHERE
        and any_in(stems, lower)
        and _TERM.search(lower) is not None
        and (sentence.part is not Part.UNSTATED or _FOUND.search(lower) is not None)
        and not _SOUGHT.search(lower)
        and not _UNKNOWN.search(lower)
    )
