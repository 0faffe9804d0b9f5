"""Where a record counts people: "66 patients", "patients (n = 66)", "66 were randomised"."""

import re
from collections.abc import Iterator

from pipeline.appraise.numbers import ABOVE_THREE, by_initial, in_digits, spells_first, spells_inside, ungrouped
from pipeline.appraise.reading import Part, Reading, Sentence


def _any_of(words: str) -> str:
    return by_initial(words.split()) + r"\b"


# Nouns for people who take part in studies; "cases" are patients in much of the acupuncture literature.
_NOUN = _any_of(
    "patients participants subjects people persons individuals volunteers women men adults adolescents children "
    "infants neonates newborns girls boys females males mothers partners relatives outpatients inpatients survivors "
    "sufferers cases controls carriers recipients respondents responders interviewees enrollees attendees candidates "
    "applicants completers clients users members students nurses physicians doctors experts neurologists clinicians "
    "practitioners acupuncturists therapists physiotherapists professionals caregivers carers parents workers "
    "employees residents veterans athletes smokers donors seniors elders beneficiaries americans replies pts pwms"
)
_UNITS = (
    "years? months? weeks? days? hours? min(?:utes)? mg kg ml percent sites cent(?:er|re)s hospitals clinics countries "
    "cycles? sessions? studies trials times points groups? arms? doses? visits? items eyes knees samples specimens "
    "biopsies animals rats mice rabbits "
)
_UNIT = _any_of(_UNITS)
# What never stands between a number and its noun, as words do in "66 eligible MS patients".
_NEVER_BETWEEN = _any_of(_UNITS + "of to and or in with from for on at by than out per were was had have are is")
_BETWEEN = rf"(?:(?!{_NEVER_BETWEEN})(?:type [12] |[a-z\u00e0-\u00ff][\w/'\u2019+.-]*,? )|\([^()]{{0,60}}\) )"
_WERE = (
    r"(?:(?:were|was) (?:[a-z]+ )?(?:random|assigned|allocated|enrol|recruit|includ|analy|evalua|accrued|entered|"
    r"registered|assess|treated|returned)|(?:replied|responded|answered|participated|took part)\b)"
)
_PEOPLE = (
    rf"(?: (?:{_BETWEEN}){{0,8}}?{_NOUN}|-(?:patient|participant|subject|person|wom[ae]n|men)\b|"
    rf" (?:of (?:them|these|whom) )?{_WERE})"
)
# The number is no part of a decimal, a range, a comparison or a type. A stop before three digits marks thousands:
# people are counted whole.
_COUNT = re.compile(
    r"\d(?<![\w.,/:=<>\u2264\u2265\u2013\u00b1+\[\xd7-]\d)(?<!type \d)(?<!phase \d)"
    rf"\d{{0,2}}(?:\.\d{{3}}|\d{{0,4}})(?={_PEOPLE})"
)
# The same, roughly, before brackets and marks between thousands are taken out.
_MAYBE = re.compile(rf"\d(?=[ (-])(?: ?\([^()]{{0,150}}\))?{_PEOPLE}")
# Whoever "46 BCS were randomised" are, where a sentence or a "total of" begins with them.
_UNNAMED = re.compile(rf"\d{{2,7}}(?= (?:(?:(?!{_UNIT})[\w-]+,?|\{{\d{{1,7}}\}}) ){{1,14}}{_WERE})")
_TOTAL = "total of "

_BRACKET = re.compile(r" ?[(\[][^()\[\]]{0,300}[)\]]")
_NAMED_GROUP = re.compile(r" [(\[]((?:group|arm) [a-z0-9]{1,3})[)\]]")
# "(n = 66)", "(placebo, n = 33)", "(33 patients)".
_SIZE = re.compile(
    rf"\bn ?= ?(\d{{1,7}})(?![\d.,]\d|, \d|\d| ?%)|"
    rf"^ [(\[](\d{{1,7}}) (?:{_BETWEEN}){{0,4}}?{_NOUN}(?! (?:in )?(?:each|per|both))"
)
# The size of all: behind the people or the study, before anything is done with them.
_OF_ALL = re.compile(
    rf"\b(?:{_NOUN}|(?:trial|study|sample|population|cohort)\b)"
    r"(?:(?! (?:random\w*|were|was|received|receiving|to|groups?|arms?|treated|versus|vs\.?|or)\b)[^;{}\[\]]){0,80} $"
)
_REACH = 120  # characters in which it stands
# Texts that come as tokens: "( n = 66 )", "1 , 234", "insulin - naive", "7 . 5 %".
_APART = re.compile(r" (?=[,.;:)\]%])|(?<=[(\[]) | (?=[-/\u2013] )|(?<= [-/\u2013]) |(?<=\d [.,]) (?=\d)")

_NOT_OWN = (Part.BACKGROUND, Part.CONCLUSIONS, Part.NOTES)


def counts(reading: Reading) -> Iterator[tuple[Sentence, str]]:
    """The sentences that count people, title last, each also in lower case with the counts marked.

    Numbers are in digits there, counts of people as "[66]", sizes of groups as "{33}"; other brackets are left out,
    since what they hold is said aside.
    """
    tokens = " ( " in reading.lower or " , " in reading.lower
    spelled = not ABOVE_THREE.isdisjoint(reading.vocabulary)
    for sentence in (*reading.abstract, reading.title):
        if sentence.part not in _NOT_OWN:
            text = _APART.sub("", sentence.lower) if tokens else sentence.lower
            if spells_first(text) or (spelled and spells_inside(text)):
                text = in_digits(text)
            if _may_count(text) and (marked := _marked(ungrouped(text))):
                yield sentence, marked


def _may_count(text: str) -> bool:
    return text[:1].isdigit() or "n=" in text or "n =" in text or _TOTAL in text or _MAYBE.search(text) is not None


def _marked(text: str) -> str:
    """A sentence with its counts marked; empty if nobody is counted."""
    for _ in range(2):  # there may be brackets in brackets
        if "(" in text or "[" in text:
            text = _BRACKET.sub(_sizes, text)
    text = _whole(_unnamed(_COUNT.sub(r"[\g<0>]", text)))
    return text if "[" in text or "{" in text else ""


def _sizes(bracket: re.Match[str]) -> str:
    """What stays of a bracket: the name of a group, or the sizes that it states, and whether they are a group's."""
    if group := _NAMED_GROUP.fullmatch(bracket[0]):
        return f" of {group[1]}"
    of = " arm" if "arm" in bracket[0] or "group" in bracket[0] else ""
    return "".join(f"{of} {{{size or people}}}" for size, people in _SIZE.findall(bracket[0]))


def _unnamed(text: str) -> str:
    """The sentence with the number marked that it, or its "total of", begins with."""
    found = _UNNAMED.match(text)
    if not found and _TOTAL in text:
        found = _UNNAMED.match(text, text.index(_TOTAL) + len(_TOTAL))
    return f"{text[: found.start()]}[{found[0]}]{text[found.end() :]}" if found else text


def _whole(text: str) -> str:
    """The sentence with the first size marked as a count of people, if it is that of all and not of one group."""
    start, end = text.find("{"), text.find("}")
    if start < 0 or end < start:
        return text
    first = "[" not in text[:start]
    of_all = "{" not in text[end:] or (
        text[end : end + 3] != "} {" and _OF_ALL.search(text, max(0, start - _REACH), start)
    )
    return f"{text[:start]}[{text[start + 1 : end]}]{text[end + 1 :]}" if first and of_all else text
