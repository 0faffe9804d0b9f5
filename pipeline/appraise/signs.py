"""Signs that a study is about the effect of a treatment on people, where no word of it names its design.

Cochrane calls such studies "non-randomised studies of interventions", whether somebody planned the treatment or not. Signs
are counted: one in the title counts twice, as CONSORT and STROBE ask that titles say what was studied (item 1).
"""

import re
from dataclasses import dataclass

from pipeline.appraise.reading import Part, Reading, Sentence
from pipeline.appraise.words import vocabulary, words

_IN_TITLE = 2
_ENOUGH = 4  # signs that make it plain: those of a title that names a treatment and its effect


@dataclass(frozen=True, slots=True)
class Sign:
    """Words, ends of words and phrases, one of which is met."""

    words: frozenset[str]
    ends: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def met(self, spoken: frozenset[str], lower: str) -> bool:
        """Whether a text has the sign."""
        return (
            not self.words.isdisjoint(spoken)
            or any(phrase in lower for phrase in self.phrases)
            or (bool(self.ends) and any(word.endswith(self.ends) for word in spoken))
        )


# What is done to people (TIDieR: the intervention, its dose and schedule).
_TREATMENT = Sign(vocabulary("treat treated treating treatment treatments therapy therapies therapeutic"))
_OPERATION = Sign(
    vocabulary(
        "surgery surgical surgically resection stent stents stenting shunt shunts shunting implant implantation "
        "transplant transplantation stimulation ablation embolization radiotherapy radiosurgery postoperative "
        "preoperative operated operation anesthesia anaesthesia irradiation"
    ),
    ends=("ectomy", "otomy", "plasty"),
)
_DRUG = Sign(
    vocabulary(
        "lithium insulin botulinum estrogen vaccine vaccines vaccination supplement supplements supplementation "
        "antidepressant antidepressants antipsychotic antipsychotics anticonvulsant antiepileptic opioid opioids drug "
        "drugs medication medications inhibitor inhibitors agonist agonists chemotherapy levodopa interferon"
    ),
    # Stems of WHO's international nonproprietary names.
    ends=tuple(
        "azole azine amine idone apine mab pril sartan statin statins olol oxetine aline epam olam oxone orphine olone "
        "asone cillin mycin tinib platin taxel triptan dopa pram trigine etam ezil stigmine antine tadine idine pidem "
        "barbital toin afil xaban eptide".split()
    ),
)
_TRAINING = Sign(
    vocabulary(
        "training program programs programme programmes rehabilitation exercise exercises intervention interventions "
        "counseling counselling mindfulness massage acupuncture electroacupuncture acupressure moxibustion "
        "psychotherapy coaching hypnosis session sessions yoga"
    ),
    phrases=("cognitive behavio", "cognitive-behavio"),
)
_OFTEN = (2, 4)  # times that treatments are named, each a sign
_TREATMENTS = _TREATMENT.words | _OPERATION.words | _DRUG.words | _TRAINING.words

# For an effect of treatment in a title; against it what else studies of people are about.
_FOR_IN_TITLE = (
    _TREATMENT,
    _OPERATION,
    _DRUG,
    _TRAINING,
    Sign(
        vocabulary("efficacy effectiveness benefit benefits"),
        phrases=("effect of", "effects of", "impact of", "influence of"),
    ),
    Sign(vocabulary("pilot open trial uncontrolled"), phrases=("prospective study",)),
)
_AGAINST_IN_TITLE = (
    Sign(
        vocabulary(
            "prevalence incidence association associations associated correlates correlation relationship relationships "
            "predict predicts predictor predictors predicting determinants"
        ),
        phrases=("risk factor",),
    ),
    Sign(vocabulary("gene genes genetic genotype genotypes mutation mutations polymorphism polymorphisms allele")),
    Sign(
        vocabulary(
            "questionnaire scale validation validity validated reliability psychometric survey perception perceptions "
            "attitude attitudes knowledge measure measures measuring measurement assessment assessing"
        )
    ),
    Sign(
        vocabulary(
            "diagnosis diagnostic diagnosing imaging mri detection detecting tomography screening pathology pathological"
        )
    ),
)
_FOR_IN_ABSTRACT = (
    _TREATMENT,
    Sign(
        vocabulary(""),
        phrases=(
            *("were treated", "was treated", "treated with", "were given", "was given", "administered", "received"),
            *("receiving", "underwent", "were offered", "were trained", "implanted", "injected", "were switched"),
        ),
    ),
    Sign(vocabulary("mg dose doses dosage dosing microgram micrograms")),
    Sign(
        vocabulary("blind blinded placebo sham uncontrolled nonrandomized nonrandomised"),
        phrases=("open label", "open-label", "single-arm", "open trial", "open study", "clinical trial", "quasi-"),
    ),
    Sign(
        vocabulary("pretest posttest pretreatment posttreatment preintervention postintervention baseline"),
        phrases=("pre-test", "post-test", "pre-treatment", "post-treatment", "before and after", "prior to and"),
    ),
    Sign(
        vocabulary(""),
        phrases=("control group", "treatment group", "intervention group", "treated group", "treatment arm"),
    ),
    Sign(vocabulary("weekly daily session sessions weeks")),
    Sign(
        vocabulary(
            "efficacy effective effectively effectiveness safe safety tolerated complication complications adverse "
            "responder responders"
        ),
        phrases=("response to", "side effect", "side-effect"),
    ),
    Sign(vocabulary("improve improved improvement improvements reduced reduction decreased")),
)
_AGAINST_IN_ABSTRACT = (
    Sign(vocabulary("questionnaire questionnaires interview interviews interviewed survey surveys surveyed")),
    Sign(vocabulary("gene genes genotype genotyped genotypes mutation mutations polymorphism polymorphisms expression")),
    Sign(vocabulary("sensitivity specificity validity reliability mri tomography")),
    Sign(vocabulary(""), phrases=("healthy controls", "healthy subjects", "normal controls", "control subjects",
                                  "matched controls")),
    Sign(vocabulary("prevalence incidence"), phrases=("risk factor", "odds ratio", "population-based")),
)


def treatment(reading: Reading) -> tuple[Sentence, re.Match[str]] | None:
    """Where a text says that people were treated, if the effect of that is what it studies."""
    abstract = "\n".join(sentence.lower for sentence in reading.abstract if sentence.part is not Part.NOTES)
    in_abstract = words(abstract)
    named = sum(map(_TREATMENTS.__contains__, in_abstract))
    signs = sum(named >= often for often in _OFTEN)
    for lower, spoken, weight, fors, againsts in (
        (reading.title.lower, frozenset(words(reading.title.lower)), _IN_TITLE, _FOR_IN_TITLE, _AGAINST_IN_TITLE),
        (abstract, frozenset(in_abstract), 1, _FOR_IN_ABSTRACT, _AGAINST_IN_ABSTRACT),
    ):
        signs += weight * sum(sign.met(spoken, lower) for sign in fors)
        signs -= weight * sum(sign.met(spoken, lower) for sign in againsts)
    return _treated(reading) if signs >= _ENOUGH else None


# What is quoted: how people were treated, else the treatment or its effect that the title names, else the treatment.
_QUOTED = re.compile(
    r"(?:(?:were|was) (?:treated|given|offered|trained|switched|implanted|injected)|treated with|administered|receiv(?:ed|ing)|"
    r"underwent)\b(?: [\w-]+){0,4}|\b(?:open[- ]label|uncontrolled|single-arm|placebo|clinical trial|treat|therap|effects? of|"
    r"efficacy|interven|training|program|rehabilitat|surg)[\w-]*"
)


def _treated(reading: Reading) -> tuple[Sentence, re.Match[str]] | None:
    """The words that tell of the treatment."""
    for sentence in (*reading.abstract, reading.title):
        if found := _QUOTED.search(sentence.lower):
            return sentence, found
    return None
