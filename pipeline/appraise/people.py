"""Where a sentence counts people: "66 patients", "patients (n = 66)", "66 were randomised"."""

import re

from collections.abc import Iterator

from pipeline.appraise.numbers import SMALL, in_digits, spells
from pipeline.appraise.reading import Part, Reading, Sentence

# Nouns for people who take part in studies; "cases" are patients in much of the acupuncture literature.
_NOUN = (
    r"(?:patients|participants|subjects|people|persons|individuals|volunteers|women|men|adults|adolescents|children|"
    r"infants|neonates|newborns|girls|boys|females|males|mothers|partners|relatives|outpatients|inpatients|survivors|"
    r"sufferers|cases|controls|carriers|recipients|respondents|responders|interviewees|enrollees|attendees|candidates|"
    r"applicants|completers|clients|users|members|students|nurses|physicians|neurologists|clinicians|practitioners|"
    r"acupuncturists|therapists|professionals|caregivers|carers|parents|workers|employees|residents|veterans|athletes|"
    r"smokers|donors|replies|seniors|elders|beneficiaries|americans|pts|pwms)\b"
)
# Words between a number and its noun ("66 eligible ambulatory MS patients"): no prepositions, verbs, or other units.
_QUALIFIER = (
    r"(?!(?:of|to|and|or|in|with|from|for|on|at|by|than|out|per|were|was|had|have|are|is|years?|months?|weeks?|days?|"
    r"hours?|min(?:utes)?|mg|kg|ml|percent|sites|cent(?:er|re)s|hospitals|clinics|countries|cycles?|sessions?|studies|"
    r"trials|times|points|groups?|arms?|doses?|visits?|items|eyes|knees|samples|specimens|biopsies)\b)"
    r"(?:type [12] |\([^()]{0,60}\) |[a-z\u00e0-\u00ff][\w/'\u2019+.-]*,? )"
)
_WERE = (
    r"(?:were|was) (?:[a-z]+ )?(?:random|assigned|allocated|enrol|recruit|includ|analy|evalua|accrued|entered|registered|"
    r"assess|treated|returned)|(?:replied|responded|answered|participated|took part)\b"
)
_PEOPLE = (
    rf"(?: (?:{_QUALIFIER}){{0,8}}?{_NOUN}|-(?:patient|participant|subject|person|wom[ae]n|men)\b|"
    rf" (?:of (?:them|these|whom) )?{_WERE})"
)
# A number that is no part of a decimal, a range, a comparison or a type. A stop before three digits marks thousands:
# people come whole.
_COUNT = re.compile(
    r"\d(?<![\w.,/:=<>\u2264\u2265\u2013\u00b1+\[\xd7-]\d)(?<!type \d)(?<!phase \d)"
    rf"\d{{0,2}}(?:\.\d{{3}}|\d{{0,4}})(?={_PEOPLE})"
)
# The same before brackets and marks between thousands are taken out.
_MAYBE = re.compile(rf"\d(?: ?\([^()]{{0,150}}\))?{_PEOPLE}")
# Whoever "46 BCS were randomised" are: a sentence or a total begins with them.
_UNNAMED = re.compile(rf"\d{{2,7}}(?= (?:(?:[a-z][\w-]*,?|\{{\d{{1,7}}\}}) ){{1,8}}{_WERE})")

_BRACKET = re.compile(r" ?[(\[][^()\[\]]{0,300}[)\]]")
_SIZE = re.compile(
    rf"\bn ?= ?(\d{{1,7}})(?![\d.,]\d|, \d)|"
    rf"^ [(\[](\d{{1,7}}) (?:{_QUALIFIER}){{0,4}}?{_NOUN}(?! (?:in )?(?:each|per|both))"
)
_OF_ALL = re.compile(
    rf"\b(?:{_NOUN}|(?:trial|study|sample|population|cohort)\b)"
    r"(?:(?! (?:random\w*|were|was|received|receiving|to|groups?|arms?|treated|versus|vs\.?|or)\b)[^;{}\[\]]){0,80} $"
)
# Texts that come as tokens: "( n = 66 )", "1 , 234", "insulin - naive", "7 . 5 %".
_APART = re.compile(r" (?=[,.;:)\]%])|(?<=[(\[]) | (?=[-/\u2013] )|(?<= [-/\u2013]) |(?<=\d [.,]) (?=\d)")


_NOT_OWN = (Part.BACKGROUND, Part.NOTES)


def counts(reading: Reading) -> Iterator[tuple[Sentence, str]]:
    """The sentences that count people, title last, each also in lower case with the counts marked.

    Numbers are in digits there, counts of people as "[66]", sizes of groups as "{33}"; other brackets are left out,
    since what they hold is said aside.
    """
    tokens = " ( " in reading.lower or " , " in reading.lower
    words = spells(reading.lower)
    for sentence in (*reading.abstract, reading.title):
        if sentence.part not in _NOT_OWN:
            text = _APART.sub("", sentence.lower) if tokens else sentence.lower
            spelled = text.startswith(SMALL) or (words and spells(text))
            if spelled:
                text = in_digits(text)
            if (
                text[:1].isdigit() or "n=" in text or "n =" in text or "total of " in text or _MAYBE.search(text)
            ) and (marked := _marked(text if spelled else in_digits(text))):
                yield sentence, marked


def _marked(text: str) -> str:
    """A sentence with its counts marked; empty if nobody is counted."""
    if "(" in text or "[" in text:
        text = _BRACKET.sub(_sizes, text)
    if "(" in text or "[" in text:
        text = _BRACKET.sub(_sizes, text)  # there were brackets in brackets
    text = _whole(_unnamed(_COUNT.sub(r"[\g<0>]", text)))
    return text if "[" in text or "{" in text else ""


def _sizes(bracket: re.Match[str]) -> str:
    """What stays of a bracket: the sizes that it states."""
    of = " arm" if "arm" in bracket[0] or "group" in bracket[0] else ""
    return "".join(f"{of} {{{size or people}}}" for size, people in _SIZE.findall(bracket[0]))


def _unnamed(text: str) -> str:
    """The sentence with the number marked that it, or its "total of", begins with."""
    start = text.find("total of ") + len("total of ")
    found = _UNNAMED.match(text) or (_UNNAMED.match(text, start) if start >= len("total of ") else None)
    return f"{text[: found.start()]}[{found[0]}]{text[found.end() :]}" if found else text


def _whole(text: str) -> str:
    """The sentence with the first size marked as a count of people if it is that of all, not of one group."""
    start, end = text.find("{"), text.find("}")
    if start < 0 or end < start:
        return text
    alone = "{" not in text[end:]
    named = "[" not in text[:start] and text[end : end + 3] != "} {" and _OF_ALL.search(text[max(0, start - 120) : start])
    return f"{text[:start]}[{text[start + 1 : end]}]{text[end + 1 :]}" if alone or named else text
