"""Whether a study is about the effect of a treatment on people, where no word of it names its design.

Cochrane calls such studies non-randomised studies of interventions, whether somebody planned the treatment or not
(Handbook, chapter 24). Signs of it are counted, and signs of other studies taken off: a sign in the title counts twice,
as CONSORT and STROBE ask that titles say what was studied (item 1).
"""

import re
from collections.abc import Iterable, Sequence

from pipeline.appraise.population import PEOPLE
from pipeline.appraise.reading import Reading, Sentence
from pipeline.appraise.sentences import occurrences
from pipeline.appraise.words import any_in, vocabulary, words

# What is done to people (TIDieR: the intervention, its dose and its schedule).
_TREATMENT = vocabulary("treat treated treating treatment treatments therapy therapies therapeutic")
_OPERATION = vocabulary(
    "surgery surgical surgically resection stent stents stenting shunt shunts shunting implant implantation transplant "
    "transplantation stimulation ablation embolization radiotherapy radiosurgery postoperative preoperative operated "
    "operation anesthesia anaesthesia irradiation"
)
_DRUG = vocabulary(
    "lithium insulin botulinum estrogen vaccine vaccines vaccination supplement supplements supplementation "
    "antidepressant antidepressants antipsychotic antipsychotics anticonvulsant antiepileptic opioid opioids "
    "inhibitor inhibitors agonist agonists chemotherapy levodopa interferon"
)
_TRAINING = vocabulary(
    "training program programs programme programmes rehabilitation exercise exercises intervention interventions "
    "counseling counselling mindfulness massage acupuncture electroacupuncture acupressure moxibustion cupping "
    "needling psychotherapy coaching hypnosis session sessions yoga"
)
_TREATMENTS = _TREATMENT | _OPERATION | _DRUG | _TRAINING
# How the names of operations end, and those of drugs: stems of WHO's international nonproprietary names.
_OPERATIONS_END = ("ectomy", "otomy", "plasty")
_DRUGS_END = tuple(
    vocabulary(
        "azole azine amine idone apine mab pril sartan statin statins olol oxetine aline epam olam oxone orphine olone "
        "asone cillin mycin tinib platin taxel triptan dopa pram trigine etam ezil stigmine antine tadine idine pidem "
        "barbital toin afil xaban eptide imod vir gabalin giline capone limus setron dronate dipine profen coxib parin "
        "mustine rubicin gliptin gliflozin floxacin cycline ribine"
    )
)
# What came of it.
_EFFECT = vocabulary("efficacy effectiveness benefit benefits results outcome outcomes management")
_EFFECTS_OF = (
    *("effect of", "effects of", "effect on", "effects on", "impact of", "influence of"),
    *("efficacy of", "effectiveness of", "safety of", "outcome of"),
)
_TRIAL = vocabulary("pilot open trial uncontrolled")

# What other studies of people are about, as STROBE, STREGA, COSMIN and STARD ask that titles say: associations, genes,
# instruments, diagnosis.
_OTHERS_IN_TITLE = (
    vocabulary(
        "prevalence incidence association associations associated correlates correlation relationship relationships "
        "between differences among predict predicts predictor predictors predicting determinants risk"
    ),
    vocabulary("gene genes genetic genotype genotypes mutation mutations polymorphism polymorphisms allele"),
    vocabulary(
        "questionnaire scale validation validity validated reliability psychometric survey perception perceptions "
        "attitude attitudes knowledge measure measures measuring measurement assessment assessing"
    ),
    vocabulary("diagnosis diagnostic diagnosing imaging mri detection detecting tomography screening pathology"),
)
# What abstracts tell of a treatment and of what came of it (CONSORT, TREND: interventions, blinding, outcomes, harms),
# and of other studies: instruments, diagnosis, comparison with the healthy, frequencies, associations, causes.
_IN_ABSTRACT = (
    _TREATMENT,
    vocabulary("treated given administered received receiving underwent implanted injected"),
    vocabulary("blind blinded placebo sham uncontrolled nonrandomized nonrandomised label quasi trial"),
    vocabulary("weekly daily session sessions weeks"),
    vocabulary(
        "efficacy effective effectively effectiveness safe safety tolerated complication complications adverse "
        "responder responders response"
    ),
    vocabulary("improve improved improving improvement improvements"),
)
_GROUPS = ("control group", "treatment group", "intervention group", "treated group", "treatment arm")
_OTHERS_IN_ABSTRACT = (
    vocabulary("questionnaire questionnaires interview interviews interviewed survey surveys surveyed"),
    vocabulary("sensitivity specificity validity reliability mri tomography"),
    vocabulary("imaging resonance detection detected"),
    vocabulary("controls healthy matched"),
    vocabulary("prevalence incidence odds"),
    vocabulary("association associations associated correlation correlations correlated relationship relationships"),
    vocabulary("cause causes caused mechanism mechanisms role"),
)

_WORDS = frozenset[str]().union(*_IN_ABSTRACT, *_OTHERS_IN_ABSTRACT)

_TITLE_WEIGHT = 2
_OFTEN = (2, 4)  # how often treatments are named in an abstract: each a sign
_ENOUGH = 4  # signs that make it plain: those of a title that names a treatment and its effect

# What is quoted: how people were treated, or else what effect is studied, or else the treatment.
_QUOTED = (
    re.compile(
        r"(?:(?:were|was) (?:treated|given|injected)|treated with|administered|receiv(?:ed|ing)|underwent)\b"
        r"(?: [\w-]{1,30}){0,4}"
    ),
    re.compile(r"\b(?:efficacy|effectiveness|effects?|impact|influence|benefits?) of(?: [\w-]{1,30}){1,4}"),
    re.compile(
        r"\b(?:open[- ]label|uncontrolled|placebo|treat|therap|interven|training|program|"
        r"rehabilitat|surg|implant|stimul|emboli|lithium|doses?\b|drug|medicat|vaccin|supplement|exercis|"
        r"an(?:a)?esth|\d+ ?mg\b)[\w-]*"
    ),
)


def studies_treatment(reading: Reading) -> tuple[Sentence, re.Match[str]] | None:
    """Where a text says that people were treated, if the effect of that is what it studies."""
    if PEOPLE.isdisjoint(reading.vocabulary):
        return None
    title = words(reading.title.lower)
    in_abstract = _in_abstract(reading.lower, reading.words[len(title) :])
    if _TITLE_WEIGHT * _in_title(reading.title.lower, title) + in_abstract < _ENOUGH:
        return None
    sentences = (*reading.abstract, reading.title)
    return next((place for quoted in _QUOTED for place in occurrences(quoted, sentences)), None)


def _in_title(lower: str, spoken: list[str]) -> int:
    """Signs of it in a title, less those against it."""
    treated = (
        not _TREATMENT.isdisjoint(spoken),
        not _OPERATION.isdisjoint(spoken) or any(word.endswith(_OPERATIONS_END) for word in spoken),
        not _DRUG.isdisjoint(spoken) or any(word.endswith(_DRUGS_END) for word in spoken),
        not _TRAINING.isdisjoint(spoken),
        not _EFFECT.isdisjoint(spoken) or any_in(_EFFECTS_OF, lower),
        not _TRIAL.isdisjoint(spoken),
    )
    return sum(treated) - _held(_OTHERS_IN_TITLE, spoken)


def _in_abstract(lower: str, spoken: Sequence[str]) -> int:
    """Signs of it in an abstract, less those against it."""
    named = sum(map(_TREATMENTS.__contains__, spoken))
    told = (
        *(named >= often for often in _OFTEN),
        any_in(_GROUPS, lower),
        any_in(_EFFECTS_OF, lower),
    )
    said = _WORDS.intersection(spoken)
    return sum(told) + _held(_IN_ABSTRACT, said) - _held(_OTHERS_IN_ABSTRACT, said)


def _held(signs: Iterable[frozenset[str]], spoken: Iterable[str]) -> int:
    """How many of some sets of words have one that is spoken."""
    return sum(not sign.isdisjoint(spoken) for sign in signs)
