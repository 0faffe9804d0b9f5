"""What a study set out to measure, or reported: complaints by name, and the instruments that measure them.

The values are the columns of the evidence map. A complaint that the background mentions is none. Which words belong
together is MeSH's convention (its entry terms, and what stands below a heading in the tree: disorders of vision are
disorders of sensation); which instrument measures what is the instrument's own.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.appraise.foreign import OUTCOMES as FOREIGN
from pipeline.appraise.foreign import foreign
from pipeline.appraise.reading import Reading, folded, places
from pipeline.appraise.terms import Term, all_words, among, first_each, headings, term
from pipeline.appraise.words import any_in
from pipeline.model import Fact, Record

OTHER = "other"

# What was left unsaid was no outcome.
_UNSAID = r"[^.;:]{0,20}\b(?:not|never) (?:been )?(?:reported|recorded|stated|mentioned|described|documented|assessed)"

_TERMS = (
    term(
        "spasticity",
        "spasticity spastic ashworth tone spasms hypertonia",
        r"spasticity|\bspastic\b(?! (?:cerebral|di|quadri|hemi|para|colon))|ashworth|muscle tone|(?:muscle|leg|limb|"
        r"flexor) spasms|muscle hypertonia",
    ),
    term(
        "mobility_balance",
        "gait walk walking mobility balance timed ataxia coordination ambulation postural rotarod locomotor falls "
        "falling 6mwt t25fw",
        r"\bgait\b|\bwalking\b|\bwalk (?:tests?|time|speed|distance)|\b\d{1,2}-(?:foot|feet) walk|\b6mwt\b|\bt25fw|"
        r"\bmobility\b(?! spectr| shift)|(?:postural|dynamic|static|standing|sitting|body|functional) balance|(?:gait|"
        r"mobility|coordination|walking),? (?:and|or) balance|\bbalance (?:and|or) (?:gait|mobility|coordination|"
        r"walking)|\bbalance (?:disorder|impairment|test|scale|performance|control|function|confidence|"
        r"dysfunction)s?\b|berg balance|timed up|\bataxia\b|(?:motor|limb) coordination|\bambulation\b|"
        r"postural (?:stability|control|sway)|rotarod|locomotor (?:function|recovery|scores?)|(?:risk|fear|number|"
        r"rate|incidence) of fall(?:s|ing)\b",
    ),
    term(
        "bladder",
        "bladder urinary detrusor voiding micturition iciq oab urodynamic urodynamics nocturia urge",
        r"\bbladder\b(?! (?:cancer|carcinoma|tumou?r))|urinary (?:incontinence|retention|symptoms?|dysfunction|"
        r"urgency|frequency)|urinary tract symptoms|\bdetrusor|\bvoiding\b|micturition|\biciq|\boab-?ss\b|urodynamic|"
        r"nocturia|urge incontinence",
    ),
    term(
        "bowel",
        "bowel constipation fecal faecal defecation defaecation",
        r"(?<!inflammatory )\bbowel\b(?! (?:cancer|resection|obstruction|preparation|wall))|constipation|"
        r"fa?ecal incontinence|defa?ecation",
    ),
    term(
        "pain",
        "pain painful neuralgia headache headaches migraine migraines allodynia hyperalgesia nociception nociceptive "
        "antinociception antinociceptive paw analgesic",
        r"\bpain(?:ful)?\b|neuralgia|headaches?|\bmigraines?\b|allodynia|hyperalgesia|nocicept|paw withdrawal|"
        r"analgesic (?:effect|efficacy|consumption|requirement|use)",
    ),
    term(
        "fatigue",
        "fatigue fatigability mfis",
        r"\bfatigue\b(?! (?:life|crack|fracture|strength))|fatigability|\bmfis\b",
    ),
    term(
        "quality_of_life",
        "quality qol hrqol whoqol msqol sf sf36 sf12 msis eq eq5d euroqol",
        r"quality[- ]of[- ]life|\w{0,5}qol(?:-\d{2})?|\bsf-?(?:36|12)\b|\bmsis-?29\b|\beq-?5d|euroqol|"
        r"short form[- ](?:36|12|health)",
    ),
    term(
        "sleep",
        "sleep sleepiness insomnia psqi somnolence",
        r"\bsleep\b(?![- ]depriv)|\bsleepiness\b|insomnia|\bpsqi\b|somnolence",
    ),
    term(
        "mood",
        "depression depressive anxiety anxiolytic mood bdi hads madrs phq gad distress",
        r"(?<!spreading )(?<!respiratory )(?<!term )(?<!synaptic )(?<!marrow )(?<!st )\bdepression\b(?! of)|"
        r"\bdepressive|\banxiety|anxiolytic|\bmood\b|\bbdi\b|\bhads\b|\bmadrs\b|\bphq-9\b|\bgad-7\b|"
        r"psychological distress|\bmental health (?:outcome|symptom|status|score)s?",
    ),
    term(
        "sexual_function",
        "sexual sexuality erectile libido iief fsfi",
        r"\bsexual (?:(?:dys)?function|satisfaction|activity|health|symptom|problem|desire)|\bsexuality\b|erectile|"
        r"\blibido\b|\biief\b|\bfsfi\b",
    ),
    term(
        "cognition",
        "cognition cognitive neurocognitive memory sdmt pasat mmse executive neuropsychological maze",
        r"\bcognition\b|(?:\b|neuro)cognitive\b(?![- ](?:and )?(?:behavio|therap|training|rehab|remediation))|"
        r"\bmemory\b(?! (?:[tb]\b|cells?|cd\d|clinic))|\bsdmt\b|\bpasat\b|\bmmse\b|mini-mental|executive function|"
        r"water maze|neuropsychological (?:test|assessment|performance|function|outcome)|processing speed",
    ),
    term(
        "sensory",
        "numbness hypesthesia hypoesthesia hypoaesthesia hyperesthesia paresthesia paresthesias paraesthesia "
        "paraesthesias dysesthesia dysaesthesia sensory sensation visual vision diplopia",
        r"\bnumbness|\b(?:hypo?|hyper|para?|dys)a?esthesia|\bsensory (?:symptom|function|loss|impairment|deficit|"
        r"disturbance|dysfunction|threshold|abnormalit)|\b(?:loss of|impaired|reduced|tactile) sensation|"
        r"\bvisual (?:acuity|function|field|loss|impairment|disturbance)|\b(?:blurred|double) vision|\bvision loss|"
        r"diplopia",
    ),
    term(
        "disability",
        "disability edss barthel daily eae encephalomyelitis neurological msfc rankin independence",
        # an EDSS with a number behind it describes who was let in
        r"\bdisability\b(?! (?:pension|insurance|benefit|service))|"
        r"\bedss\b(?!(?: scores?\)?)? ?(?:[<>\u2264\u2265=\d]|of \d|between|from \d|below|up to|less|range))|barthel|"
        r"activities of daily living|\b(?:clinical|disease|eae) (?:disease )?scores?\b|\bclinical severity\b|"
        r"\bneurological (?:(?:deficit|function|functional|severity|disability) )?scores?\b|"
        r"\bneurological deficits?\b|\bmsfc\b|modified rankin|functional independence",
        "disability|edss|barthel|daily living|score|clinical severity|neurological deficit|msfc|rankin|"
        "functional independence",
    ),
    term("relapse", "relapse relapses", r"\brelapses?\b(?![- ]prevention)"),
    term(
        "immune_markers",
        "cytokine cytokines interleukin interleukins il tnf necrosis ifn interferon th1 th2 th17 treg tregs "
        "regulatory lymphocyte lymphocytes lymphocytic chemokine chemokines inflammatory inflammation "
        "neuroinflammation reactive crp nf mcp icam cd4 cd8 cd4+ cd8+",
        r"cytokines?|interleukins?(?:-\d{1,2})?|\bil-?\d{1,2}|(?<!anti-)\btnf\b(?!.{0,3}(?:inhib|block|antag))|"
        r"tumou?r necrosis factor|interferon[- ](?:gamma|\u03b3)|\bifn[- ]?(?:gamma|\u03b3)|\bth-?(?:1|2|17)\b|"
        r"\btregs?\b|regulatory t\b(?:[- ]cells?)?|lymphocyt|chemokines?|inflammatory (?:bio)?(?:marker|cytokine|"
        r"factor|mediator|cell|infiltrat|response)|c-reactive protein|\bcrp\b|\bnf-\u03bab\b|\bmcp-1\b|\bicam-1\b|"
        r"\bcd[48]\+?|\bt[- ]cells?\b|inflammation\b|anti-inflammatory effect",
    ),
    term(
        "safety",
        "safety safe adverse side tolerability tolerated complication complications",
        rf"(?:\bsafety|\badverse (?:drug |health )?(?:events?|effects?|reactions?)|\bside[- ]effects?)\b(?!{_UNSAID})|"
        r"tolerability|"
        r"\bwell[- ]tolerated|\b(?:safe and|and safe)\b|(?:post-?operative|serious|major|surgical|no) complications|"
        r"complication rates?|(?:incidence|rate|number) of complications",
    ),
    # what MS trials and EAE experiments measure besides: no column of its own
    term(
        OTHER,
        "myelination remyelination demyelination lesion lesions strength tremor tremors dysphagia swallowing",
        r"\b(?:re|de)?myelination\b|\b(?:enhancing|white matter|brain|mri|new|t1|t2) lesions?\b|\blesion (?:load|"
        r"volume|number)|muscle strength|\btremors?\b|dysphagia|\bswallowing\b",
    ),
)
VALUES = tuple(one.value for one in _TERMS)

_MESH = {
    heading: value
    for value, names in {
        "spasticity": "muscle spasticity|muscle hypertonia",
        "mobility_balance": "accidental falls|walking|walking speed|gait|gait disorders, neurologic|gait ataxia|"
        "ataxia|mobility limitation|postural balance",
        "bladder": "urinary bladder, neurogenic|urinary bladder, overactive|urinary incontinence|"
        "urinary incontinence, urge|urinary retention|lower urinary tract symptoms",
        "bowel": "constipation|fecal incontinence|neurogenic bowel",
        "pain": "pain|chronic pain|pain measurement|pain management|neuralgia|trigeminal neuralgia|headache",
        "fatigue": "fatigue|mental fatigue",
        "quality_of_life": "quality of life",
        "sleep": "sleep|sleep quality|sleep wake disorders|sleep initiation and maintenance disorders",
        "mood": "depression|depressive disorder|anxiety|anxiety disorders",
        "sexual_function": "erectile dysfunction|sexual dysfunction, physiological|sexual dysfunctions, psychological",
        "cognition": "cognition|cognition disorders|cognitive dysfunction|memory disorders",
        "sensory": "hypesthesia|paresthesia|vision disorders|diplopia",
        "disability": "disability evaluation|activities of daily living",
        "immune_markers": "cytokines|t-lymphocytes, regulatory|th17 cells|th1 cells|th2 cells",
    }.items()
    for heading in names.split("|")
}

# What no column names, where the record says that it is what the study was to show (CONSORT 6a).
_PRIMARY = re.compile(
    r"primary (?:outcome|end[- ]?point)(?: measure)?s? (?:was|were|is|are|"
    r"will be) (?:the )?([^.;:,()\s][^.;:,()]{2,60}?[^.;:,()\s])(?<! of)(?<! in)(?<! by)(?= ?[.;:,()]|$| (?:at|after|"
    r"measured|assessed|as|using|which)\b)"
)
_PRIMARY_LABEL = re.compile(r"(?:primary|main) outcome", re.IGNORECASE)
_FIRST = re.compile(r"[^.;:,()]{3,80}(?=[.;:,()]|$)")
# Who was kept out has a complaint that nobody measured; what is left to further research was not measured here.
_KEPT_OUT = ("exclu", "history of", "further stud", "further research", "further trial", "future", "should be")


def outcomes(read: Sequence[Reading]) -> tuple[Fact[str], ...]:
    """What was measured or reported, best record first: by titles, headings, keywords and the study's own sentences."""
    return first_each((fact for reading in read for fact in _stated(reading)), VALUES)


def _stated(reading: Reading) -> Iterator[Fact[str]]:
    """Every outcome of a record, each from the most telling place."""
    record, said = reading.record, all_words(reading)
    yield from headings(record, _MESH)
    yield from foreign(record, FOREIGN)
    terms = among(said, _TERMS)
    yield from _named(reading, terms)
    if "primary" in said:
        yield from _said_to_be_primary(reading, terms)
    yield from _listed_as_primary(record, terms)


def _named(reading: Reading, terms: Sequence[Term]) -> Iterator[Fact[str]]:
    """The terms that are named where a record tells of its own study."""
    missing = list(terms)
    for field, sentence in places(reading) if terms else ():
        for one in tuple(missing):
            found = one.search(sentence.lower)
            if found and not any_in(_KEPT_OUT, sentence.lower):
                missing.remove(one)
                yield Fact(one.value, sentence.text[found.start() : found.end()], field, reading.record.key)
        if not missing:
            return


def _said_to_be_primary(reading: Reading, terms: Sequence[Term]) -> Iterator[Fact[str]]:
    """What a sentence says to be the primary outcome, if no column names it."""
    for field, sentence in places(reading):
        if "primary" in sentence.lower and (found := _PRIMARY.search(sentence.lower)) and not _any(terms, found[1]):
            yield Fact(OTHER, sentence.text[found.start(1) : found.end(1)], field, reading.record.key)


def _listed_as_primary(record: Record, terms: Sequence[Term]) -> Iterator[Fact[str]]:
    """What stands under a heading of that name, if no column names any of it: the first of the list."""
    sections = (section for section in record.abstract if section.label and _PRIMARY_LABEL.match(section.label))
    for section in sections:
        if not _any(terms, folded(section.text)) and (first := _FIRST.match(section.text)):
            yield Fact(OTHER, first[0].rstrip(), "abstract", record.key)


def _any(terms: Sequence[Term], lower: str) -> bool:
    """Whether one of the terms is named."""
    return any(one.search(lower) for one in terms)
