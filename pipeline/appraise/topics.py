"""What was done, against what, and for what: only where unmistakable terms say so.

Interventions and outcomes come from the title alone; comparators also from a sentence of the abstract that compares.
The values are the rows, columns and facets of the evidence map.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.appraise.reading import Reading
from pipeline.appraise.sentences import sentences
from pipeline.model import Fact, Record

_Terms = Mapping[str, re.Pattern[str]]


def _terms(patterns: Mapping[str, str]) -> _Terms:
    """Whole words, ignoring case."""
    return {name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in patterns.items()}


# In order: what an earlier term has taken ("auricular acupressure") a later one ("acupressure") does not count again.
_INTERVENTIONS = _terms(
    {
        "auricular": r"auricul(?:ar|o)[ -]?(?:acupuncture|acupressure|therapy)|ear (?:acupuncture|acupressure)",
        "scalp": r"scalp (?:electro)?acupuncture",
        "laser": r"laser (?:acupuncture|acupoint)|acupuncture laser",
        "bee_venom": r"(?:honey ?)?bee[ -]?(?:venom|sting)|apitherapy|apipuncture",
        "acupoint_injection": r"acupoint injections?|pharmaco-?puncture",
        "acu_tens": r"transcutaneous electrical acupoint stimulation|acu-?TENS",
        "electroacupuncture": r"electro-?\s?acupuncture",
        "manual_acupuncture": r"manual acupuncture",
        "acupressure": r"acupressure",
        "moxibustion": r"moxibustion",
        "dry_needling": r"dry needling",
        "cupping": r"cupping(?: therapy)?",
    }
)
_OUTCOMES = _terms(
    {
        "spasticity": r"spasticity|spastic",
        "mobility_balance": r"gait|walking|mobility|(?:postural|dynamic) balance|balance (?:disorder|impairment)s?",
        "bladder": r"bladder|urinary (?:incontinence|retention|symptoms|dysfunction|urgency)|overactive detrusor",
        "bowel": r"bowel|constipation|fa?ecal incontinence",
        "pain": r"pain|neuralgia|headache",
        "fatigue": r"fatigue",
        "quality_of_life": r"quality of life",
        "sleep": r"sleep|insomnia",
        "mood": r"(?<!spreading )depression|depressive|anxiety",
        "sexual_function": r"sexual (?:dys)?function|erectile dysfunction",
        "cognition": r"cognition|cognitive (?:function|impairment|performance|decline|dysfunction)",
        "sensory": r"numbness|par(?:a)?esthesias?",
        "disability": r"disability|EDSS",
        "relapse": r"relapse rates?",
        "immune_markers": r"cytokines?|interleukins?|interferon[ -]gamma|IFN-\u03b3|TNF-\u03b1|Th1|Th17|Tregs?",
        "safety": r"safety|adverse (?:events?|effects?|reactions?)",
    }
)
_COMPARATORS = _terms(
    {
        "sham": r"sham(?![ -](?:operat|surg))",
        "usual care": r"(?:usual|standard) care|treatment as usual",
        "no treatment": r"no (?:treatment|intervention)",
        "waiting list": r"wait(?:ing)?[ -]?list(?:ed)?",
        "placebo": r"placebo",
    }
)
_COMPARES = re.compile(r"\b(?:compared|versus|vs|comparing)\b", re.IGNORECASE)
# "randomised to acupuncture, sham acupuncture or no treatment": the groups stand after the verb.
_ALLOCATED = re.compile(
    r"\b(?:randomi[sz]ed|allocated|assigned|divided)\b[^.;]{0,60}?\b(?:to|into|between)\b([^.;]*)", re.IGNORECASE
)
_OWN_GROUPS = re.compile(r"\b(?:randomi[sz]ed|randomly|allocated|assigned|received|group)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:no|not|without|lack(?:s|ed|ing)?)\b", re.IGNORECASE)


def interventions(read: Sequence[Reading]) -> tuple[Fact[str], ...]:
    """The needling and related techniques that the titles name."""
    ranked = [reading.record for reading in read]
    return _first_each(_in_titles(ranked, _INTERVENTIONS))


def outcomes(read: Sequence[Reading]) -> tuple[Fact[str], ...]:
    """The complaints and measures that the titles name."""
    ranked = [reading.record for reading in read]
    return _first_each(_in_titles(ranked, _OUTCOMES))


def comparators(read: Sequence[Reading]) -> tuple[Fact[str], ...]:
    """What the titles, or sentences of the abstract that compare this study's own groups, name as control."""
    ranked = [reading.record for reading in read]
    return _first_each([*_in_titles(ranked, _COMPARATORS), *_in_comparisons(ranked)])


def _in_titles(ranked: Sequence[Record], terms: _Terms) -> Iterator[Fact[str]]:
    """Every term that a title names."""
    for record in ranked:
        yield from _in(record.title, terms, "title", record.key)


def _in_comparisons(ranked: Sequence[Record]) -> Iterator[Fact[str]]:
    """Every comparator named where the abstract makes groups, or compares them and does not say that there is none."""
    for record in ranked:
        for section in record.abstract:
            for sentence in sentences(section.text):
                if groups := _ALLOCATED.search(sentence):
                    yield from _in(groups[1], _COMPARATORS, "abstract", record.key)
                elif _COMPARES.search(sentence) and _OWN_GROUPS.search(sentence) and not _DENIES.search(sentence):
                    yield from _in(sentence, _COMPARATORS, "abstract", record.key)


def _in(text: str, terms: _Terms, field: str, key: str) -> Iterator[Fact[str]]:
    """The terms that a text names, each with its own words."""
    taken: list[tuple[int, int]] = []
    for name, pattern in terms.items():
        for found in pattern.finditer(text):
            if all(found.end() <= start or end <= found.start() for start, end in taken):
                taken.append(found.span())
                yield Fact(name, found[0], field, key)
                break


def _first_each(facts: Iterable[Fact[str]]) -> tuple[Fact[str], ...]:
    """The first fact for each value."""
    chosen: dict[str, Fact[str]] = {}
    for fact in facts:
        chosen.setdefault(fact.value, fact)
    return tuple(chosen.values())
