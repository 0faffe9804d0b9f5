"""What names a study design: publication types, and the words of titles and abstracts that leave no doubt of it."""

import re
from dataclasses import dataclass

from pipeline.model import Design


@dataclass(frozen=True, slots=True)
class Rule:
    """A design, the publication types that name it, and the words that name it in a title and in an abstract."""

    design: Design
    types: frozenset[str] = frozenset()
    title: re.Pattern[str] | None = None
    abstract: re.Pattern[str] | None = None


def words(pattern: str) -> re.Pattern[str]:
    """A pattern that ignores case."""
    return re.compile(pattern, re.IGNORECASE)


# How an abstract speaks of its own study, or a title of its paper, before the words that name the design.
_OWN = (
    r"\b(?:(?:in )?(?:this|our)|(?:this|it|the study) (?:is|was) an?|"
    r"(?:did|conducted|performed|undertook) an?|design:) "
)
_MIDDLE = r"(?:(?!non|quasi|review|protocol|previous|future)[\w-]+,? ){0,6}"
_REPORTED = r"\bwe (?:here(?:in)? )?(?:report|present|describe)(?: on| here)? "
_SEARCHED = r"(?:conducted|performed|undertaken|carried out|done)"

# In order: the first rule that holds decides. Types are NLM's publication types (MeSH, category V) and the JATS article
# types that Europe PMC passes on ("review-article"); a title's words are those that the reporting guidelines ask for
# (SPIRIT 1, PRISMA 1, CARE 1, CONSORT 1a, STROBE 1a), an abstract's those with which authors name their own method.
RULES = (
    Rule(
        Design.RETRACTION_NOTICE,
        frozenset({"retraction of publication", "retraction"}),
        words(r"^\[?retraction(?: note| notice)?(?: to)?\s?:"),
    ),
    Rule(
        Design.ERRATUM,
        frozenset({"published erratum", "correction", "reinstatement"}),
        words(r"^\[?(?:author |publisher )?(?:correction|corrigendum|erratum)(?: to)?\s?[:\u201c\"]"),
    ),
    Rule(Design.REGISTRATION, frozenset({"registration", "trial registration", "clinical trial registration"})),
    Rule(
        Design.PROTOCOL,
        frozenset({"clinical trial protocol", "study protocol", "protocol"}),
        words(
            r"\b(?:study|trial|review|research|meta-analysis) protocol\b|"
            r"\bprotocol (?:for|of) (?:an? |the )?(?:[\w-]+,? ){0,5}(?:trial|study|review|meta-analysis)\b"
        ),
        words(
            r"\b(?:patients|participants|subjects|people|women|men|adults|children|volunteers)\b[^.;]{0,80}\b"
            r"will be (?:\w+ )?(?:randomi[sz]ed|randomly|recruited|enrolled|allocated|assigned)\b"
        ),
    ),
    Rule(
        Design.GUIDELINE,
        frozenset({"practice guideline", "guideline"}),
        words(
            r"\b(?:evidence-based|practice|treatment) guidelines?(?: update)?:|"
            r"\bguidelines? (?:development )?(?:sub)?committee\b"
        ),
    ),
    Rule(
        Design.SYSTEMATIC_REVIEW,
        frozenset({"systematic review", "systematic-review", "meta-analysis", "network meta-analysis"}),
        words(r"\bsystematic (?:literature |umbrella )?review\b|\bmeta[- ]analys[ei]s\b"),
        words(
            r"\b(?:this|the present|our) (?:[\w-]+ ){0,2}(?:systematic (?:literature )?review|meta-analysis)\b|"
            rf"\bsystematic (?:literature )?review(?: and (?:[\w-]+ ){{0,2}}meta-analysis)? (?:was|were) {_SEARCHED}\b|"
            rf"\bwe {_SEARCHED} a (?:[\w-]+ ){{0,2}}(?:systematic (?:literature )?review|meta-analysis)\b"
        ),
    ),
    Rule(
        Design.CASE_REPORT,
        frozenset({"case reports", "case-report", "case report"}),
        words(r"\bcase report\b(?! form)|^\[?(?:an? )?(?:[\w-]+ )?case of\b|\breport of (?:a|one) case\b"),
        words(
            rf"{_REPORTED}(?:a|an|the|one) (?:[\w-]+ ){{0,3}}?case of\b|"
            rf"{_REPORTED}(?:on )?an? (?:\d+|[\w-]+)[- ]years?[- ]old\b"
        ),
    ),
    Rule(
        Design.RCT,
        frozenset({"randomized controlled trial"}),
        words(
            r"(?<!non)(?<!non[ -])(?<!quasi[ -])\brandomi[sz]ed(?:,? [\w-]+){0,4} trial\b|"
            r"\brandomi[sz]ed(?:,? [\w-]+){0,3}[ -]cross-?over study\b"
        ),
        words(
            rf"{_OWN}{_MIDDLE}randomi[sz]ed(?:,? [\w-]+){{0,4}} trial\b(?! (?:data|protocol))|"
            r"\b(?:were|was) (?:then |all |subsequently )?(?:randomly|at random) (?:allocated|assigned|divided)\b|"
            r"\b(?:were|was) (?:then |all |subsequently )?(?:allocated|assigned) at random\b|"
            r"\b(?:were|was) (?:then |subsequently )?randomi[sz]ed (?:to|into|between|in two|with)\b|"
            r"\bwe randomly (?:allocated|assigned)\b|\bwe randomi[sz]ed\b"
        ),
    ),
    Rule(
        Design.NONRANDOMIZED_TRIAL,
        title=words(r"\b(?:non-?randomi[sz]ed|single[- ]arm)(?:,? [\w-]+){0,3} trial\b"),
        abstract=words(rf"(?:{_OWN}{_MIDDLE}|, an? )(?:non-?randomi[sz]ed|single[- ]arm)(?:,? [\w-]+){{0,3}} trial\b"),
    ),
    Rule(
        Design.SURVEY,
        title=words(
            r"\b(?:questionnaire|online|web-based|internet|postal|mail|telephone|cross-sectional|population-based|national|"
            r"nationwide|patient|population) survey\b|: an? (?:[\w-]+ ){0,4}survey\b|^\[?an? (?:[\w-]+ ){0,3}survey\b|"
            r"\b(?:questionnaire|survey)-based (?:study|survey)\b|\bquestionnaire (?:study|survey)\b"
        ),
        abstract=words(
            r"\b(?:in this|this|our) (?:[\w-]+,? ){0,3}survey\b|"
            r"\b(?:cross-sectional|online|web-based|internet|postal|mail|telephone) survey (?:was|of|among|in)\b"
        ),
    ),
    Rule(
        Design.OBSERVATIONAL,
        frozenset({"observational study"}),
        words(
            r"\b(?:cohort|case[- ]control|cross-sectional|observational) study\b|\bcase series\b|"
            r"\bretrospective (?:[\w-]+ ){0,3}(?:study|analysis|cohort|evaluation|chart review)\b"
        ),
        words(
            rf"{_OWN}{_MIDDLE}(?:(?:cohort|case[- ]control|cross-sectional|observational|retrospective) "
            r"(?:study|analysis)|case series)\b"
        ),
    ),
    Rule(Design.EDITORIAL, frozenset({"editorial", "comment"})),
    Rule(
        Design.NARRATIVE_REVIEW,
        frozenset({"review", "review-article"}),
        words(
            r"\b(?:narrative|literature|critical|comprehensive|integrative|mini|state-of-the-art)[- ]?review\b|"
            r"^\[?an? (?:[\w-]+ )?review of\b|: an? (?:[\w-]+ ){0,3}review\b"
        ),
        words(
            r"\b(?:in this|this|the present) (?:(?:narrative|brief|mini|short|critical|comprehensive|up-?dated)[- ])?"
            r"(?:review|overview)(?: article| paper)?\b|\b(?:this (?:article|paper|chapter)|we) reviews?\b"
        ),
    ),
)

MORE_EXACT_IN_TITLE = {
    Design.PROTOCOL: {Design.RCT, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.OBSERVATIONAL},
    Design.SYSTEMATIC_REVIEW: {Design.RCT, Design.NARRATIVE_REVIEW},
}
"""What a title may say more exactly than the type: NLM types a protocol by what it plans, and many a systematic review
as a review."""

MORE_EXACT_IN_ABSTRACT = {Design.RCT: {Design.PROTOCOL}, Design.NARRATIVE_REVIEW: {Design.SYSTEMATIC_REVIEW}}
"""What an abstract may say more exactly than type and title: a trial whose patients "will be randomised" is a plan."""

TALK = frozenset({"comment", "letter", "news", "editorial"})
"""Types of pieces about a study; they have the study's words in their title."""

DOUBTS: dict[Design, tuple[re.Pattern[str], re.Pattern[str] | None]] = {
    Design.SURVEY: (words(r"literature|guidelines|evidence|methods|studies"), None),
    Design.RCT: (
        words(
            r"secondary|post[- ]?hoc|ancillary|rationale|baseline|process evaluation|qualitative|economic|\bcosts?\b|"
            r"nested|lessons|\bdesign\b|review|protocol|follow-up of|\btrials\b"
        ),
        words(r"\b(?:animals?|rodents?|rats?|mice|mouse|murine|rabbits?|swine|pigs?|sheep|dogs?|monkeys?)\b"),
    ),
    Design.NARRATIVE_REVIEW: (
        words(r"system(?:at)?ic|meta-anal"),
        words(r"system(?:at)?ic|databases?|were searched|PRISMA"),
    ),
}
"""Words in a title, and words in an abstract, beside which other words do not name the design: a part of a trial or a
look at many is not the trial, a survey of the literature asks nobody, and a review that searched databases may be a
systematic one."""
