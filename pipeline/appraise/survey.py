"""Whether a study asked people: by interview, questionnaire or survey (STROBE, CHERRIES and COREQ call it so)."""

import re

from pipeline.appraise.reading import Reading, Sentence
from pipeline.appraise.sentences import occurrences
from pipeline.appraise.words import vocabulary

_HINTS = vocabulary("interview interviews interviewed survey surveys surveyed questionnaire questionnaires respondents")
_ASKED = re.compile(
    r"\b(?:(?:was|were) (?:\w+ly )?(?:interviewed|surveyed)|(?:interviews?|questionnaires?|surveys?) (?:with|of|among)|"
    r"(?:completed|answered|filled in|returned) (?:an? |the )?(?:[\w-]+ ){0,4}?(?:questionnaire|survey)s?|"
    r"(?:questionnaire|survey)s? (?:was|were) (?:sent|mailed|distributed|administered|completed|conducted)|respondents|"
    r"(?:structured|telephone|qualitative|in-depth|face-to-face) interviews?)\b"
)


def asks_people(reading: Reading) -> tuple[Sentence, re.Match[str]] | None:
    """Where a text says that people were asked."""
    if _HINTS.isdisjoint(reading.vocabulary):
        return None
    return next(occurrences(_ASKED, reading.abstract), None)
