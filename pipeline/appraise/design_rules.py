"""What names a study design: publication types, and the words of titles and abstracts that leave no doubt of it."""

from dataclasses import dataclass

from pipeline.appraise.allocation import allocation
from pipeline.appraise.wording import Wording, wording
from pipeline.appraise.words import vocabulary
from pipeline.model import Design


@dataclass(frozen=True, slots=True)
class Rule:
    """A design, the publication types that name it, and the words that name it in a title and in an abstract."""

    design: Design
    types: frozenset[str] = frozenset()
    title: tuple[Wording, ...] = ()
    abstract: tuple[Wording, ...] = ()


_WORDS = r"(?:[\w'-]+,? )"  # to be repeated a few times
# How an abstract speaks of its own study before the words that name its design.
_OWN = (
    r"\b(?:(?:in )?(?:this|our|the present|the current)|(?:this|it|the study) (?:is|was) an?|(?:did|conducted|"
    r"performed|undertook|design:) an?|design:) "
)
_REVIEW = r"(?:systematic|scoping|umbrella|rapid|integrative) (?:[\w-]+ ){0,3}(?:over)?review"
_META = r"meta-?(?: ?analy[st]|regression|synthesis)\w*"
_SOURCES = r"(?:databases|medline|pubmed|embase|psycinfo|cinahl|cochrane)"
_SEARCHED = r"(?:conducted|performed|undertaken|carried out|done|did)"
_PERSON = r"(?:cases?|patient|man|woman|male|female|boy|girl|child|infant|neonate|newborn)"
_AGED = r"(?:year|month|week|day)s?[- ]old\b"

_ALLOCATED = (
    Wording(
        vocabulary("random randomly randomized randomised randomization randomisation randomize randomise double"),
        allocation,
    ),
)

# In order: the first rule that holds decides. Types are NLM's publication types (MeSH, category V) and the JATS article
# types that Europe PMC passes on ("review-article"); a title's words are those that the reporting guidelines ask for
# (SPIRIT 1, PRISMA 1, CARE 1, CONSORT 1a, STROBE 1a), an abstract's those with which authors name their own method.
RULES = (
    Rule(
        Design.RETRACTION_NOTICE,
        frozenset({"retraction of publication", "retraction"}),
        (wording("retraction", r"^\[?retraction(?: note| notice)?(?: to)?\s?:"),),
    ),
    Rule(
        Design.ERRATUM,
        frozenset({"published erratum", "correction", "reinstatement"}),
        (
            wording(
                "correction corrigendum erratum",
                r"^\[?(?:author |publisher )?(?:correction|corrigendum|erratum)(?: to)?\s?[:\u201c\"]",
            ),
        ),
    ),
    Rule(Design.REGISTRATION, frozenset({"registration", "trial registration", "clinical trial registration"})),
    Rule(
        Design.PROTOCOL,
        frozenset({"clinical trial protocol", "study protocol", "protocol"}),
        (
            wording(
                "protocol protocols",
                rf"\b(?:study|trial|review|research|meta-analysis) protocols?\b|: (?:an? )?protocol\b(?! for)|"
                rf"\bprotocol(?:$| \()|\(protocol\)|\b(?:an? |the )?protocol (?:for|of) (?:an? |the )?{_WORDS}{{0,8}}?"
                rf"(?:trial|study|review|meta-analysis|investigation|evaluation|experiment)\b",
            ),
            wording(
                "rationale design",
                rf"\b(?:rationale|design|methods|recruitment),? and (?:the )?{_WORDS}{{0,3}}?(?:rationale|design|"
                rf"methods)\b|\bstudy design and\b|\bdesign and recruitment\b|\b(?:rationale|design) (?:for|of) (?:an?|"
                rf"the) {_WORDS}{{0,6}}?(?:trial|study)\b",
            ),
        ),
        (
            wording(
                "will",
                rf"(?:\b(?:patients|participants|subjects|people|women|men|adults|children|"
                rf"volunteers) {_WORDS}{{0,6}}?)?\bwill (?:then |also |all |"
                rf"subsequently )?(?:be (?:\w+ly )?(?:randomi[sz]ed|randomly|recruited|enrol+ed|included|allocated|"
                rf"assigned|invited|conducted|performed|assessed|evaluated|measured|collected|compared|searched|"
                rf"carried out|analy[sz]ed)|randomi[sz]e|randomly|recruit|enrol+|include|receive|undergo|conduct|"
                rf"evaluate|assess|compare|investigate|examine|perform|search)\b",
            ),
        ),
    ),
    Rule(
        Design.GUIDELINE,
        frozenset({"practice guideline", "guideline", "consensus development conference", "consensus statement"}),
        (
            wording(
                "guideline guidelines",
                r"\b(?:evidence-based|practice|treatment|clinical) guidelines?(?: update)?:|"
                r"\bguidelines? (?:development )?(?:sub)?committee\b",
            ),
        ),
    ),
    Rule(
        Design.SYSTEMATIC_REVIEW,
        frozenset(
            {"systematic review", "systematic-review", "scoping review", "meta-analysis", "network meta-analysis"}
        ),
        (
            wording(
                "review reviews overview overviews meta metaanalysis metaanalyses",
                rf"\b{_REVIEW}s?\b|\b{_META}|\breview of reviews\b",
            ),
        ),
        (
            wording(
                "review meta metaanalysis",
                rf"\b(?:this|the present|our|current|present) (?:[\w-]+ ){{0,2}}(?:{_REVIEW}|meta-?analysis)\b|"
                rf"\b(?:{_REVIEW}|meta-?analysis)(?: and (?:[\w-]+ ){{0,2}}meta-?analysis)? (?:was|were) {_SEARCHED}\b|"
                rf"\bwe (?:\w+ )?(?:{_SEARCHED}|provide|present|report) an? (?:[\w-]+ ){{0,2}}(?:{_REVIEW}|"
                rf"meta-?analys[ei]s)\b",
            ),
            wording(
                "systematic systematically",
                r"\bsystematic(?:ally)? (?:literature |electronic )?(?:review|search)(?:ed)?\b"
                r"(?! by (?!the|our)\w)(?! was not)",  # nor that of others
            ),
            # Several sources were searched: what PRISMA asks of a systematic review (item 6), named so or not.
            wording(
                "search searched searches searching",
                rf"\b{_SOURCES}\b[^.;]{{1,40}}\b{_SOURCES}\b[^.;]{{0,80}}\bsearch|\bsearch(?:ed|"
                rf"es)?\b[^.;]{{0,80}}\b{_SOURCES}\b[^.;]{{1,40}}\b{_SOURCES}\b|"
                r"\bsearched (?:the )?(?:[\w-]+ ){0,4}?cochrane\b|\bcochrane\b[^.;]{0,80} (?:register|library|"
                r"central)\b",
            ),
        ),
    ),
    Rule(
        Design.CASE_REPORT,
        frozenset({"case reports", "case-report", "case report"}),
        (
            wording(
                "case",
                r"\b(?:an? )?case reports?\b(?! form)|^\[?(?:an? )?(?:[\w-]+ ){0,2}case of\b|"
                r": an? case\b(?![ -](?:series|control|cross|for|in|based))(?: reports?\b)?|\breport of (?:an?|"
                r"one) (?:[\w-]+ ){0,3}?case\b|\bcase (?:presentation|study)\b|\b(?:a|one|new|first) case of\b",
            ),
            wording(
                "man woman boy girl child infant patient adult",
                r"\bin an? (?:[\w-]+[- ]){0,4}?(?:man|woman|boy|girl|child|infant|patient|adult)\b",
            ),
        ),
        (
            wording("old", rf"\ban? (?:[\w-]+ ){{0,2}}?[\w-]+[- ]{_AGED}|\bin [\w-]+[- ]{_AGED} {_PERSON}\b"),
            wording(
                "report reported describe described present presented",
                rf"\bwe (?:here(?:in)? )?(?:report(?:ed)?|present|describe)(?: now| on| here)? (?:an?|the|one|"
                rf"our)(?: [\w-]+){{0,6}}? {_PERSON}\b(?: of\b)?|\b(?:an?|one|the)(?: [\w-]+){{0,5}}? (?:case|"
                rf"patient)\b[^.;]{{0,150}}? (?:is|was) (?:here |herein )?(?:reported|described|presented)\b",
            ),
            wording(
                "patient girl boy woman man infant",
                r"^an? (?:[\w-]+ ){0,3}?(?:patient|girl|boy|woman|man|infant) (?:with|who|developed|presented|is)\b",
            ),
            wording("case", r"\bthis case (?:report|high|illus|show|demon)"),
        ),
    ),
    Rule(Design.RCT, frozenset({"randomized controlled trial"}), _ALLOCATED, _ALLOCATED),
    Rule(
        Design.NONRANDOMIZED_TRIAL,
        title=(
            wording(
                "non nonrandomized nonrandomised single before experimental quasiexperimental",
                r"\b(?:an? )?(?:(?:non-?randomi[sz]ed|single[- ]arm)(?:,? [\w-]+){0,3}? (?:trial|study)|"
                r"quasi-?experimental (?:trial|study|design)|before[- ](?:and[- ])?after (?:trial|study))\b",
            ),
        ),
        abstract=(
            wording(
                "non nonrandomized nonrandomised single open uncontrolled",
                rf"(?:{_OWN}|, an? |^an? ){_WORDS}{{0,4}}?(?:non-?randomi[sz]ed|single[- ]arm|open[- ]label|"
                r"uncontrolled)(?:,? [\w-]+){0,4}? (?:trial|study|series)\b|"
                r"^uncontrolled\b(?:,? [\w-]+){0,4}? (?:trial|study|series)\b",
            ),
            wording(
                "quasi quasiexperimental before pre",
                r"\bquasi-?experimental\b|\bbefore[- ](?:and[- ])?after (?:trial|study|design)\b|"
                r"\bpre-?(?:test)?[/ -](?:and[ -])?post-?(?:test)? (?:study|design)\b",
            ),
        ),
    ),
    Rule(
        Design.SURVEY,
        title=(
            wording(
                "survey questionnaire",
                r"\b(?:an? )?(?:questionnaire|online|web-based|internet|postal|mail|telephone|cross-sectional|"
                r"population-based|national|nationwide|patient|population) survey\b|: an? (?:[\w-]+ ){0,4}survey\b|"
                r"^\[?an? (?:[\w-]+ ){0,3}survey\b|\b(?:questionnaire|survey)-based (?:study|survey)\b|"
                r"\bquestionnaire (?:study|survey)\b",
            ),
        ),
        abstract=(
            wording(
                "survey",
                rf"\b(?:in this|this|our) {_WORDS}{{0,3}}survey\b|\b(?:cross-sectional|online|web-based|internet|"
                rf"postal|mail|telephone) survey (?:was|of|among|in)\b",
            ),
        ),
    ),
    Rule(
        Design.OBSERVATIONAL,
        frozenset({"observational study"}),
        (
            wording(
                "cohort control sectional observational series retrospective",
                r"\b(?:cohort|case[- ]control|cross-sectional|observational) study\b|\bcase series\b|"
                r"\bretrospective (?:[\w-]+ ){0,3}?(?:study|analysis|cohort|evaluation|chart review)\b",
            ),
        ),
        (
            wording(
                "cohort case sectional observational series retrospective",
                rf"{_OWN}{_WORDS}{{0,4}}?(?:(?:cohort|case[- ]control|cross-sectional|observational|"
                rf"retrospective) (?:study|analysis)|case series)\b",
            ),
        ),
    ),
    Rule(Design.EDITORIAL, frozenset({"editorial", "comment"})),
    Rule(
        Design.NARRATIVE_REVIEW,
        frozenset({"review", "review-article"}),
        (
            wording(
                "review",
                r"\b(?:an? )?(?:narrative|literature|critical|comprehensive|integrative|mini|"
                r"state-of-the-art)[- ]?review\b|^\[?an? (?:[\w-]+ )?review of\b|: an? (?:[\w-]+ ){0,3}review\b",
            ),
        ),
        (
            wording(
                "review reviews overview",
                r"\b(?:in this|this|the present) (?:(?:narrative|brief|mini|short|critical|comprehensive|"
                r"up-?dated)[- ])?(?:review|overview)(?: article| paper)?\b|\b(?:this (?:article|paper|chapter)|"
                r"we) reviews?\b",
            ),
        ),
    ),
)

HINTS_OF_TITLES = frozenset[str]().union(*(named.hints for rule in RULES for named in rule.title))
HINTS_OF_ABSTRACTS = frozenset[str]().union(*(named.hints for rule in RULES for named in rule.abstract))
"""All hints: of a text that holds none of them, no rule needs to be asked."""

PLAN_HEADINGS = ("methods/design:", "methods / design:", "methods and analysis:", "ethics and dissemination:")
"""Headings of protocols in the journals of BMC and in BMJ Open, whose instructions follow SPIRIT."""
