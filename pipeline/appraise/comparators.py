"""Against what a study held its treatment (the C of PICO): only where a control is named as one.

A control is named behind a word that compares, in the list of what people were allocated to (CONSORT 8a), as a group or
arm of its own, or as what the control group had. What everybody had besides ("plus usual care") is no control. ``drug
treatment`` and ``exercise or physiotherapy`` are controls where the record plainly holds something else against them;
``other`` is another technique of needling.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.appraise.interventions import may_name_technique, techniques
from pipeline.appraise.own import is_registration
from pipeline.appraise.reading import Part, Reading, Sentence, folded, places
from pipeline.appraise.terms import Term, among, first_each, term
from pipeline.appraise.words import any_in
from pipeline.model import Fact, Record

OTHER = "other"
DRUG, EXERCISE = "drug treatment", "exercise or physiotherapy"

# Sham and minimal acupuncture by STRICTA 6; drugs by the stems of international nonproprietary names (WHO) and classes.
_TERMS = (
    term(
        "sham",
        "sham placebo minimal penetrating nonpenetrating streitberger superficial shallow simulated",
        r"\bsham\b(?![ -](?:operat|surg))|\b(?:minimal|placebo|simulated|"
        r"non-?penetrating),? (?:superficial )?(?:acupuncture|"
        r"electroacupuncture|acupressure|needl)|\bnon-?penetrating|streitberger|(?:superficial|shallow) needling",
    ),
    term(
        "usual care",
        "care usual standard routine conventional regular",
        r"\b(?:usual|standard|routine|conventional|regular) (?:medical |nursing |of )?(?:care|treatments?|therapy)\b|"
        r"\b(?:treatment|care) as usual|\broutine nursing",
    ),
    term(
        "no treatment",
        "no untreated",
        r"\bno[- ](?:additional |further |active )?(?:treatment|intervention|acupuncture|therapy)\b|\buntreated\b",
        "no treat|no-treat|no inter|no-inter|no acup|no addit|no furth|no active|no therapy|untreated",
    ),
    term(
        "waiting list",
        "wait waiting waitlist waitlisted delayed",
        r"\bwait(?:ing)?[ -]?list(?:ed)?|\bdelayed[- ](?:treatment|acupuncture)",
    ),
    term("placebo", "placebo placebos", r"\bplacebos?\b"),
)
# What only stands against something else: it is looked for where a technique of needling is the intervention.
_ACTIVE = (
    term(
        DRUG,
        "",
        r"\b(?:drugs?|medications?|pharmacotherapy|western medicine|baclofen|tizanidine|amantadine|modafinil|"
        r"interferon|glatiramer|carbamazepine|flunarizine|gabapentin|betahistine|botulinum|(?:es)?citalopram|"
        r"sertraline|topiramate|dexamethasone|antidepressants?|analgesics|(?:cortico)?steroids?|\w{2,12}(?:oxetine|"
        r"triptyline|azepam|zolam|gabalin|profen|fenac|coxib|triptan|olone|butynin|terodine|pezil|statin|dipine))\b",
        "drug|medica|medicine|pharmaco|baclofen|tizanidine|amantadine|modafinil|interferon|glatiramer|carbamazepine|"
        "flunarizine|gabapentin|betahistine|botulinum|citalopram|sertraline|topiramate|dexamethasone|depressants|"
        "analgesics|steroid|oxetine|triptyline|azepam|zolam|gabalin|profen|fenac|coxib|triptan|olone|butynin|terodine|"
        "pezil|statin|dipine",
    ),
    term(
        EXERCISE,
        "exercise exercises physiotherapy physical rehabilitation",
        r"\b(?:exercises?|physiotherapy|physical therapy|rehabilitation)\b",
    ),
)
_AGAINST_ONLY = frozenset(one.value for one in _ACTIVE)
_EVERYBODYS = _AGAINST_ONLY | {"usual care"}
"""What may go on in every group."""
VALUES = (*(one.value for one in (*_TERMS, *_ACTIVE)), OTHER)
_AIMS = (Part.TITLE, Part.OBJECTIVE)

# Where a control is named: behind a word that compares ...
_AGAINST = re.compile(
    r"(?:\bversus\b|\bvs\b\.?|\bcompar(?:ed?|es|ing|ison)\b[^;:,]{0,60}? (?:with|to)\b|\bagainst\b|\bthan\b|"
    r"\b(?:superior|inferior|relative|equivalent) to\b)([^.;:]{0,90})"
)
_STOP = re.compile(r"\b(?:for|among|during|who|plus|combined|added|alongside|on top|with)\b|\+")
# ... or what the control group had;
_CONTROL = re.compile(
    r"\bcontrols?(?: group| arm| condition)?(?: \(|:|,? (?:\w{2,12} ){0,2}?(?:received?|receiving|had|underwent|got|"
    r"given|take|took|with|remained|continued|was|were)\b)([^.;,]{0,90})"
)
# "randomised to acupuncture, sham acupuncture or no treatment": the groups stand after the verb;
_ALLOCATED = re.compile(
    r"\b(?:randomi[sz]ed|allocated|assigned|divided|randomly)\b[^;]{0,60}?\b(?:to|into)\b(?P<groups>[^;]{0,300})|"
    r"\b(?:between|compar(?:ed?|es|ing))\b(?P<both>[^;]{0,160})|(?:\b(?:received?|receiving|given)\b|\b(?:arms?|"
    r"groups?):)(?P<given>[^;]{0,160})"
)
# a group or an arm of that name.
_GROUP = re.compile(
    r"[- ](?:[\w-]{2,15} ){0,2}(?:control(?:s|led)?|groups?|arms?|conditions?|comparators?|comparison)\b"
)
# What is called sham or placebo is given in place of something.
_INERT = frozenset(("sham", "placebo"))
_GIVEN = re.compile(
    r"[- ](?:[\w-]{2,15} )?(?:points?|pressure|needles?|needling|acupuncture|acupressure|treatments?|therapy|"
    r"interventions?|stimulation|procedures?|devices?|laser|tens|sessions?|tablets?|capsules?|pills?|recipients?|"
    r"patients)\b"
)

# "needling or usual care", "needling, sham and usual care": a choice among groups, not what went with the treatment.
_OR = re.compile(r"\bor (?:an? |the |matching |identical )?$")
_CHOICE = re.compile(
    r"(?:\bor|\bto|\binto|,(?: and)?|[:(])(?: (?:an?|the))?(?: \([ivx\d]{1,4}\))?[ '\u2018\u201c\"(]{1,2}$"
)
_ONE_OF_BOTH = re.compile(r"\b(?:and|between|compar(?:ed?|es|ing))(?: (?:an?|the))? $")
_GOES_ON = re.compile(r" (?:plus|with|combined|\+)")

# What stands before it and makes it no control: it went on in every group, or there was none.
_WITH_ALL = re.compile(
    r"(?:\b(?:plus|with|in addition to|added to|add-on to|adjunct to|alongside|on top of|both|all)|\+)(?: (?:their|"
    r"the|a|an|its|ongoing))? $"
)
_DENIED = re.compile(r"\b(?:no|not|without|lack(?:s|ed|ing)?(?: of)?|absence of)(?: (?:a|an|any|the))?(?: \w{2,12})? $")
_BEFORE = 30  # characters in which that stands
_ELSEWHERE = ("earlier work", "previous", "further", "future", "needed", "warranted", "required", "placebo effect")


def comparators(read: Sequence[Reading], needling: bool) -> tuple[Fact[str], ...]:
    """The controls, best record first; ``needling`` says whether a technique of that kind is held against them."""
    return first_each((fact for reading in read for fact in _stated(reading, needling)), VALUES)


def _stated(reading: Reading, needling: bool) -> Iterator[Fact[str]]:
    """Every control of a record, with the words that name it."""
    record = reading.record
    if is_registration(record):
        yield from _arms(record)
    present = [*among(reading.vocabulary, _TERMS), *(_ACTIVE if needling else ())]
    if not present:
        return
    for field, sentence in places(reading):
        controls = [] if field == "keywords" else list(_controls(sentence, present))
        if controls and not any_in(_ELSEWHERE, sentence.lower):
            for value, found in controls:
                yield Fact(value, sentence.text[found.start() : found.end()], field, record.key)


def _controls(sentence: Sentence, terms: Sequence[Term]) -> Iterator[tuple[str, re.Match[str]]]:
    """The controls that a sentence names."""
    lower = sentence.lower
    present = [one for one in terms if one.search(lower)]
    if not present and (sentence.part not in _AIMS or not may_name_technique(lower)):
        return
    for found in _AGAINST.finditer(lower):
        region = _to_stop(lower, found.span(1))
        yield from _within(lower, region, present)
        if sentence.part in _AIMS:
            yield from ((OTHER, technique) for _, technique in techniques(lower, *region))
    for found in _CONTROL.finditer(lower):
        yield from _within(lower, _to_stop(lower, found.span(1)), present)
    for found in _ALLOCATED.finditer(lower):
        listed = _within(lower, found.span(str(found.lastgroup)), present)
        yield from (
            one for one in listed if one[0] not in _EVERYBODYS or _is_choice(lower, *one[1].span(), found["both"])
        )
    for one in present:
        for found in one.pattern.finditer(lower):
            given = one.value in _INERT and _GIVEN.match(lower, found.end())
            if given or _GROUP.match(lower, found.end()) or _is_named(sentence, one.value, found):
                yield from _within(lower, (max(0, found.start() - _BEFORE), found.end()), [one])


def _is_named(sentence: Sentence, value: str, found: re.Match[str]) -> bool:
    """Whether a title names it, or a sentence as the alternative."""
    if value in _EVERYBODYS and (value in _AGAINST_ONLY or _GOES_ON.match(sentence.lower, found.end())):
        return False
    before = max(0, found.start() - _BEFORE), found.start()
    return sentence.part is Part.TITLE or _OR.search(sentence.lower, *before) is not None


def _arms(record: Record) -> Iterator[Fact[str]]:
    """The controls among the interventions that a registry lists with the keywords, each by a name of its own."""
    for name in record.keywords:
        for one in _TERMS:
            if found := one.search(folded(name)):
                alone = found.start() == 0 and not _GOES_ON.match(folded(name), found.end())
                if alone or one.value not in _EVERYBODYS:
                    yield Fact(one.value, name[found.start() : found.end()], "keywords", record.key)


def _to_stop(lower: str, region: tuple[int, int]) -> tuple[int, int]:
    """The region as far as it speaks of the control."""
    stop = _STOP.search(lower, *region)
    return region[0], stop.start() if stop else region[1]


def _is_choice(lower: str, start: int, end: int, both: str | None) -> bool:
    """Whether what stands there is one of several, and nothing that goes with another."""
    before = max(0, start - _BEFORE), start
    chosen = _CHOICE.search(lower, *before) or (both and _ONE_OF_BOTH.search(lower, *before))
    return chosen is not None and not _GOES_ON.match(lower, end)


def _within(lower: str, region: tuple[int, int], terms: Iterable[Term]) -> Iterator[tuple[str, re.Match[str]]]:
    """The controls in a region, but those that everybody had, or nobody."""
    for one in terms:
        for found in one.pattern.finditer(lower, *region):
            near = max(0, found.start() - _BEFORE)
            everybodys = one.value in _EVERYBODYS and _WITH_ALL.search(lower, max(near, region[0]), found.start())
            if not everybodys and not _DENIED.search(lower, near, found.start()):
                yield one.value, found
