"""Whether a text looks at the work of others, and tells of none of its own: a review that is not systematic.

Abstracts tell of a study's own work in the past ("patients were ..."), with numbers of people and results; reviews
speak in the present, of the literature and of what is current, and name themselves ("this article reviews ...").
"""

import re
from collections.abc import Sequence

from pipeline.appraise.reading import Reading, Sentence
from pipeline.appraise.sentences import occurrences
from pipeline.appraise.words import any_in, vocabulary, words

_PAST = vocabulary(
    "we were was had showed revealed demonstrated examined observed found investigated indicated compared exhibited "
    "performed participated reported suggested increased decreased significantly sample samples obtained authors"
)
_PEOPLE = vocabulary(
    "patients participants subjects children adults women men people cases individuals students families respondents "
    "residents controls volunteers veterans"
)
_NUMBERS = vocabulary(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty"
)
_DID = vocabulary(
    "examined investigated studied found compared analyzed analysed measured assessed evaluated tested used conducted "
    "performed observed identified recruited aimed sought show enrolled included collected developed report "
    "demonstrate examine investigate"
)
_OWN = vocabulary("this present our current")
_TELLING = _PEOPLE | {"we", "study", "n", "p"}
_IN_TITLE = vocabulary(
    "review overview perspective perspectives update advances challenges progress future issues controversies debate "
    "implications comment commentary essay editorial epidemiology etiology aetiology pathogenesis pathophysiology"
)
_STUDY_IN_TITLE = vocabulary(
    "study pilot model case cases survey analysis evaluation identification experience patients participants family "
    "families"
)
_OF_LITERATURE = vocabulary("review reviews reviewed literature current currently recent recently")
# Figures of results: shares, groups, tests, deviations.
_FIGURES = ("%", "n =", "n=", "p =", "p=", "p <", "p<", "\u00b1")
_NAMES_ITSELF = re.compile(
    r"\b(?:this|the present|the current|our|present|current) (?:[\w-]+ ){0,2}(?:review|chapter|overview|essay|"
    r"commentary|perspective|editorial|(?:article|paper) (?:will |also |briefly |critically )?(?:review|discuss|"
    r"summari|describ|examin|provid|focus|outlin|highlight|explor|consider|address|deals|aims to)\w*)\b|\b(?:we|"
    r"authors?|paper|article|chapter) (?:\w+ly )?(?:review|discuss|summari[sz]e|outline|highlight)s?\b|\b(?:is|"
    r"are) (?:\w+ly )?(?:reviewed|discussed|summari[sz]ed|outlined)\b|\breview of (?:the )?(?:[\w-]+ "
    r"){0,3}(?:literature|evidence|studies)\b|\breviews? the\b|^(?:an? )?(?:[\w-]+ ){0,2}(?:review|overview) of\b"
)
_HINTS = vocabulary(
    "review reviews reviewed article paper chapter overview essay commentary perspective editorial discuss discusses "
    "discussed we summarized summarised outlined author authors"
)
# What every report may discuss: its own results and what they imply.
_OF_OWN = re.compile(r"\b(?:implications|findings|results|limit|data\b)")
_GENERAL = re.compile(r"\b(?:is|are|may|can|should|has|have|must)\b[^.;]{0,80}")

_SIGN = 2  # a sign of own work counts as two verbs in the past
_LITTLE, _MORE = 2, 4  # own work that a review may tell of, and how much more where it is called one
_GENERALLY = 2  # sentences in the present that make a review of a text that does not call itself one


def looks_back(reading: Reading) -> tuple[Sentence, re.Match[str]] | None:
    """Where a text says that it reviews or discusses, or speaks in general, if it tells of little work of its own."""
    own = own_work(reading.words)
    if own > _LITTLE + 2 * _MORE + _SIGN:
        return None
    title = words(reading.title.lower)
    own += _SIGN * any_in(_FIGURES, reading.lower)
    own += _SIGN * (not _STUDY_IN_TITLE.isdisjoint(title))
    own -= _SIGN * (not _OF_LITERATURE.isdisjoint(reading.vocabulary))
    itself = _names_itself(reading) if not _HINTS.isdisjoint(reading.vocabulary) else None
    in_title = not _IN_TITLE.isdisjoint(title)
    if own > _LITTLE + _MORE * (itself is not None) + _MORE * in_title:
        return None
    general = list(occurrences(_GENERAL, (reading.title, *reading.abstract)))
    return itself or (general[0] if general and (in_title or len(general) >= _GENERALLY) else None)


def _names_itself(reading: Reading) -> tuple[Sentence, re.Match[str]] | None:
    """Where a text says that it reviews or discusses more than its own results."""
    places = occurrences(_NAMES_ITSELF, (reading.title, *reading.abstract))
    return next((place for place in places if not _OF_OWN.search(place[0].lower)), None)


def own_work(spoken: Sequence[str]) -> int:
    """How much the words of a text tell of work of its own."""
    past = sum(map(_PAST.__contains__, spoken))
    if past > _LITTLE + 2 * _MORE + _SIGN:  # more than a review may tell of: no need to count the rest
        return past
    signs = set[tuple[str, str]]()
    for at in (at for at, word in enumerate(spoken) if word in _TELLING):
        word, before, after = spoken[at], spoken[max(0, at - 4) : at], spoken[at + 1 : at + 4]
        if word == "we":
            signs.update((word, did) for did in after if did in _DID)
        elif word == "study":
            signs.update((word, "") for own in before[-3:] if own in _OWN)
        elif word in ("n", "p"):
            signs.update((word, number) for number in after[:1] if number.isdigit())
        else:
            signs.update((number, word) for number in before if number.isdigit() or number in _NUMBERS)
    return past + _SIGN * len(signs)
