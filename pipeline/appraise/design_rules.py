"""What names a study design: publication types, and the words of titles and abstracts that leave no doubt of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.appraise.reading import Sentence
from pipeline.appraise.words import vocabulary
from pipeline.model import Design


class Wording:
    """A pattern in lower case, and words (hints) of which a text holds one wherever the pattern matches."""

    __slots__ = ("_hints", "_pattern")

    def __init__(self, hints: str, pattern: str) -> None:
        self._hints = vocabulary(hints)
        self._pattern = re.compile(pattern)

    def place(self, sentences: Iterable[Sentence], spoken: frozenset[str]) -> tuple[Sentence, slice] | None:
        """The first of some sentences that holds the pattern, and where; ``spoken`` are the words of all of them."""
        if not self._hints.isdisjoint(spoken):
            for sentence in sentences:
                hinted = any(map(sentence.lower.__contains__, self._hints))
                if hinted and (found := self._pattern.search(sentence.lower)):
                    return sentence, slice(*found.span())
        return None


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
    r"\b(?:(?:in )?(?:this|our|the present|the current)|(?:this|it|the study) (?:is|was) an?|"
    r"(?:did|conducted|performed|undertook|design:) an?|design:) "
)
_REVIEW = r"(?:systematic|scoping|umbrella|rapid|integrative) (?:[\w-]+ ){0,3}(?:over)?review"
_META = r"meta-?(?: ?analy[st]|regression|synthesis)\w*"
_SOURCES = r"(?:databases|medline|pubmed|embase|psycinfo|cinahl|cochrane)"
_SEARCHED = r"(?:conducted|performed|undertaken|carried out|done|did)"
_PERSON = r"(?:cases?|patient|man|woman|male|female|boy|girl|child|infant|neonate|newborn)"
_AGED = r"(?:year|month|week|day)s?[- ]old\b"

# In order: the first rule that holds decides. Types are NLM's publication types (MeSH, category V) and the JATS article
# types that Europe PMC passes on ("review-article"); a title's words are those that the reporting guidelines ask for
# (SPIRIT 1, PRISMA 1, CARE 1, CONSORT 1a, STROBE 1a), an abstract's those with which authors name their own method. How
# trials say that they are randomised stands in allocation.py.
RULES = (
    Rule(
        Design.RETRACTION_NOTICE,
        frozenset({"retraction of publication", "retraction"}),
        (Wording("retraction", r"^\[?retraction(?: note| notice)?(?: to)?\s?:"),),
    ),
    Rule(
        Design.ERRATUM,
        frozenset({"published erratum", "correction", "reinstatement"}),
        (
            Wording(
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
            Wording(
                "protocol protocols",
                r"\b(?:study|trial|review|research|meta-analysis) protocols?\b|: (?:an? )?protocol\b(?! for)|"
                rf"\bprotocol(?:$| \()|\b(?:an? |the )?protocol (?:for|of) (?:an? |the )?{_WORDS}{{0,8}}?"
                r"(?:trial|study|review|meta-analysis|investigation|evaluation|experiment)\b",
            ),
            Wording(
                "rationale design",
                rf"\b(?:rationale|design|methods|recruitment),? and (?:the )?{_WORDS}{{0,3}}?(?:rationale|design|methods)\b|"
                r"\bstudy design and\b|\bdesign and recruitment\b|"
                rf"\b(?:rationale|design) (?:for|of) (?:an?|the) {_WORDS}{{0,6}}?(?:trial|study)\b",
            ),
        ),
        (
            Wording(
                "will",
                rf"(?:\b(?:patients|participants|subjects|people|women|men|adults|children|volunteers) {_WORDS}{{0,6}}?)?"
                r"\bwill (?:then |also |all |subsequently )?(?:be (?:\w+ly )?(?:randomi[sz]ed|randomly|recruited|enrol+ed|"
                r"included|allocated|assigned|invited|conducted|performed|assessed|evaluated|measured|collected|compared|"
                r"searched|carried out|analy[sz]ed)|randomi[sz]e|randomly|recruit|enrol+|include|receive|undergo|conduct|"
                r"evaluate|assess|compare|investigate|examine|perform|search)\b",
            ),
        ),
    ),
    Rule(
        Design.GUIDELINE,
        frozenset({"practice guideline", "guideline", "consensus development conference", "consensus statement"}),
        (
            Wording(
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
            Wording(
                "review reviews overview overviews meta metaanalysis metaanalyses",
                rf"\b{_REVIEW}s?\b|\b{_META}|\breview of reviews\b",
            ),
        ),
        (
            Wording(
                "review meta metaanalysis",
                rf"\b(?:this|the present|our|of|current|present) (?:[\w-]+ ){{0,2}}(?:{_REVIEW}|meta-?analysis)\b|"
                rf"\b(?:{_REVIEW}|meta-?analysis)(?: and (?:[\w-]+ ){{0,2}}meta-?analysis)? (?:was|were) {_SEARCHED}\b|"
                rf"\bwe (?:\w+ )?(?:{_SEARCHED}|provide|present|report) an? (?:[\w-]+ ){{0,2}}(?:{_REVIEW}|meta-?analys[ei]s)\b",
            ),
            Wording(
                "systematic systematically",
                r"\bsystematic(?:ally)? (?:literature |electronic )?(?:review|search)(?:ed)?\b",
            ),
            # Several sources were searched: what PRISMA asks of a systematic review (item 6), named so or not.
            Wording(
                "search searched searches searching",
                rf"\b{_SOURCES}\b[^.;]{{1,40}}\b{_SOURCES}\b[^.;]{{0,80}}\bsearch|"
                rf"\bsearch(?:ed|es)?\b[^.;]{{0,80}}\b{_SOURCES}\b[^.;]{{1,40}}\b{_SOURCES}\b|"
                r"\bsearched (?:the )?(?:[\w-]+ ){0,4}?cochrane\b|\bcochrane\b[^.;]{0,80} (?:register|library|central)\b",
            ),
        ),
    ),
    Rule(
        Design.CASE_REPORT,
        frozenset({"case reports", "case-report", "case report"}),
        (
            Wording(
                "case",
                r"\b(?:an? )?case reports?\b(?! form)|^\[?(?:an? )?(?:[\w-]+ ){0,2}case of\b|"
                r": an? case\b(?! (?:series|control|for|in))(?: reports?\b)?|"
                r"\breport of (?:an?|one) (?:[\w-]+ ){0,3}?case\b|\bcase (?:presentation|study)\b|"
                r"\b(?:a|one|new|first) case of\b",
            ),
            Wording(
                "man woman boy girl child infant patient adult",
                r"\bin an? (?:[\w-]+[- ]){0,4}?(?:man|woman|boy|girl|child|infant|patient|adult)\b",
            ),
        ),
        (
            Wording("old", rf"\ban? (?:[\w-]+ ){{0,2}}?[\w-]+[- ]{_AGED}|\bin [\w-]+[- ]{_AGED} {_PERSON}\b"),
            Wording(
                "report reported describe described present presented",
                rf"\bwe (?:here(?:in)? )?(?:report(?:ed)?|present|describe)(?: now| on| here)? (?:an?|the|one|our)"
                rf"(?: [\w-]+){{0,6}}? {_PERSON}\b(?: of\b)?|\b(?:an?|one|the)(?: [\w-]+){{0,5}}? (?:case|patient)\b[^.;]{{0,150}}? "
                r"(?:is|was) (?:here |herein )?(?:reported|described|presented)\b",
            ),
            Wording(
                "case patient girl boy woman man infant",
                r"^an? (?:[\w-]+ ){0,3}?(?:patient|girl|boy|woman|man|infant) (?:with|who|developed|presented|is)\b|"
                r"\bthis case (?:report|high|illus|show|demon)|\bour patient\b",
            ),
        ),
    ),
    Rule(Design.RCT, frozenset({"randomized controlled trial"})),
    Rule(
        Design.NONRANDOMIZED_TRIAL,
        title=(
            Wording(
                "non nonrandomized nonrandomised single",
                r"\b(?:an? )?(?:non-?randomi[sz]ed|single[- ]arm)(?:,? [\w-]+){0,3}? (?:trial|study)\b",
            ),
        ),
        abstract=(
            Wording(
                "non nonrandomized nonrandomised single open uncontrolled",
                rf"(?:{_OWN}|, an? |^an? ){_WORDS}{{0,4}}?(?:non-?randomi[sz]ed|single[- ]arm|open[- ]label|uncontrolled)"
                r"(?:,? [\w-]+){0,4}? (?:trial|study)\b",
            ),
        ),
    ),
    Rule(
        Design.SURVEY,
        title=(
            Wording(
                "survey questionnaire",
                r"\b(?:an? )?(?:questionnaire|online|web-based|internet|postal|mail|telephone|cross-sectional|population-based|"
                r"national|nationwide|patient|population) survey\b|: an? (?:[\w-]+ ){0,4}survey\b|"
                r"^\[?an? (?:[\w-]+ ){0,3}survey\b|\b(?:questionnaire|survey)-based (?:study|survey)\b|"
                r"\bquestionnaire (?:study|survey)\b",
            ),
        ),
        abstract=(
            Wording(
                "survey",
                rf"\b(?:in this|this|our) {_WORDS}{{0,3}}survey\b|"
                r"\b(?:cross-sectional|online|web-based|internet|postal|mail|telephone) survey (?:was|of|among|in)\b",
            ),
        ),
    ),
    Rule(
        Design.OBSERVATIONAL,
        frozenset({"observational study"}),
        (
            Wording(
                "cohort control sectional observational series retrospective",
                r"\b(?:cohort|case[- ]control|cross-sectional|observational) study\b|\bcase series\b|"
                r"\bretrospective (?:[\w-]+ ){0,3}?(?:study|analysis|cohort|evaluation|chart review)\b",
            ),
        ),
        (
            Wording(
                "cohort case sectional observational series retrospective",
                rf"{_OWN}{_WORDS}{{0,4}}?(?:(?:cohort|case[- ]control|cross-sectional|observational|retrospective) "
                r"(?:study|analysis)|case series)\b",
            ),
        ),
    ),
    Rule(Design.EDITORIAL, frozenset({"editorial", "comment"})),
    Rule(
        Design.NARRATIVE_REVIEW,
        frozenset({"review", "review-article"}),
        (
            Wording(
                "review",
                r"\b(?:an? )?(?:narrative|literature|critical|comprehensive|integrative|mini|state-of-the-art)[- ]?review\b|"
                r"^\[?an? (?:[\w-]+ )?review of\b|: an? (?:[\w-]+ ){0,3}review\b",
            ),
        ),
        (
            Wording(
                "review reviews overview",
                r"\b(?:in this|this|the present) (?:(?:narrative|brief|mini|short|critical|comprehensive|up-?dated)[- ])?"
                r"(?:review|overview)(?: article| paper)?\b|\b(?:this (?:article|paper|chapter)|we) reviews?\b",
            ),
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

DOUBTS = {
    Design.RCT: re.compile(
        r"\bsecondary (?:analysis|outcomes?|data)|\bpost[- ]?hoc\b|\bancillary|rationale|process evaluation|qualitative|"
        r"economic|\bcosts?\b|\bnested\b|\blessons\b|\breview\b|\b(?:study|trial) protocol|\bfollow-up of\b|"
        r"\b(?:of|from|in|across|on) (?:[\w-]+ ){0,4}?trials\b"
    ),
    Design.SURVEY: re.compile(r"literature|guidelines|evidence|methods|studies"),
    Design.NARRATIVE_REVIEW: re.compile(r"system(?:at)?ic|meta-anal"),
}
"""Words in a title beside which others do not name the design: a part of a trial or a look at many is not the trial, a
survey of the literature asks nobody, and a review of trials may be a systematic one."""

DOUBTS_IN_ABSTRACT = {
    Design.CASE_REPORT: re.compile(
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[2-9]|\d\d+) (?:(?!previous|report|publish)[\w-]+ ){0,4}?"
        r"(?:patients|cases|subjects|participants|children|women|men)\b|\bn ?= ?\d"
    ),
    Design.NARRATIVE_REVIEW: re.compile(
        r"\bdatabases?\b|were searched|prisma|systematic(?:ally)? (?:review|search)"
    ),
}
"""Words of an abstract beside which others do not name the design: several people are no case, and a review that searched
databases may be a systematic one."""

PLAN_HEADINGS = ("methods/design:", "methods / design:", "methods and analysis:", "ethics and dissemination:")
"""Headings of protocols in the journals of BMC and in BMJ Open, whose instructions follow SPIRIT."""
