"""The study design: from what the source's indexers say, then from words in the title that leave no doubt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.appraise.population import ANIMAL, IN_VITRO
from pipeline.model import Design, Fact, Record


@dataclass(frozen=True, slots=True)
class _Rule:
    """A design, the publication types that name it, and the words that leave no doubt of it in a title."""

    design: Design
    types: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None


def _words(pattern: str) -> re.Pattern[str]:
    """A pattern that ignores case."""
    return re.compile(pattern, re.IGNORECASE)


# In order: the first rule that holds decides. Types are NLM's publication types (MeSH, category V) and the JATS
# article types that Europe PMC passes on ("review-article"); the words are those that the reporting guidelines ask for
# in a title (SPIRIT 1, PRISMA 1, CARE 1, CONSORT 1a, STROBE 1a).
_RULES = (
    _Rule(Design.RETRACTION_NOTICE, frozenset({"retraction of publication", "retraction"})),
    _Rule(Design.ERRATUM, frozenset({"published erratum", "correction"})),
    _Rule(Design.REGISTRATION, frozenset({"registration", "trial registration", "clinical trial registration"})),
    _Rule(
        Design.PROTOCOL,
        frozenset({"clinical trial protocol", "study protocol"}),
        _words(
            r"\b(?:study|trial|review|research|meta-analysis) protocol\b|"
            r"\bprotocol (?:for|of) (?:an? |the )?(?:[\w-]+,? ){0,5}(?:trial|study|review|meta-analysis)\b"
        ),
    ),
    _Rule(Design.GUIDELINE, frozenset({"practice guideline", "guideline"})),
    _Rule(
        Design.SYSTEMATIC_REVIEW,
        frozenset({"systematic review", "systematic-review", "meta-analysis", "network meta-analysis"}),
        _words(r"\bsystematic (?:literature |umbrella )?review\b|\bmeta[- ]analys[ei]s\b"),
    ),
    _Rule(
        Design.CASE_REPORT,
        frozenset({"case reports", "case-report", "case report"}),
        _words(r"\bcase report\b(?! form)"),
    ),
    _Rule(
        Design.RCT,
        frozenset({"randomized controlled trial"}),
        _words(r"(?<!non)(?<!non[ -])(?<!quasi[ -])\brandomi[sz]ed(?:,? [\w-]+){0,4} trial\b"),
    ),
    _Rule(
        Design.NONRANDOMIZED_TRIAL,
        words=_words(r"\b(?:non-?randomi[sz]ed|single[- ]arm)(?:,? [\w-]+){0,3} trial\b"),
    ),
    _Rule(
        Design.SURVEY,
        words=_words(r"\b(?:questionnaire|online|web-based|postal|mail|telephone|cross-sectional) survey\b"),
    ),
    _Rule(
        Design.OBSERVATIONAL,
        frozenset({"observational study"}),
        _words(r"\b(?:cohort|case[- ]control|cross-sectional|observational) study\b"),
    ),
    _Rule(Design.EDITORIAL, frozenset({"editorial"})),
    _Rule(Design.NARRATIVE_REVIEW, frozenset({"review", "review-article"}), _words(r"\bnarrative review\b")),
)

# A title that says more than the type: NLM types a protocol by what it plans, and many a systematic review as a review.
_TITLE_OVER_TYPE = {
    Design.PROTOCOL: {Design.RCT, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.OBSERVATIONAL},
    Design.SYSTEMATIC_REVIEW: {Design.RCT, Design.NARRATIVE_REVIEW},
}
# Designs that say how a study was made, not on whom: on animals or cells they are animal or in-vitro studies.
_ALSO_ON_ANIMALS = {Design.RCT, Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL}
_BY_POPULATION = {ANIMAL: Design.ANIMAL, IN_VITRO: Design.IN_VITRO}

# Pieces about a study have the study's words in their title.
_TALK = frozenset({"comment", "letter", "news", "editorial"})
# A part of a trial, or a look at many, is not the trial.
_NOT_THE_TRIAL = _words(
    r"secondary|post[- ]?hoc|ancillary|rationale|baseline|process evaluation|qualitative|economic|\bcosts?\b|nested|"
    r"lessons|\bdesign\b|review|protocol|follow-up of|\btrials\b"
)


def design(ranked: Sequence[Record], population: Fact[str] | None) -> Fact[Design] | None:
    """The design of a work from its records, best first, and its population; None where nothing names one.

    Publication types decide, with two exceptions: a title may name a protocol or a systematic review where the type is
    less exact.
    """
    stated, named = _from_types(ranked), _from_titles(ranked)
    if stated and named and stated.value in _TITLE_OVER_TYPE.get(named.value, ()):
        return named
    found = stated or named
    if population and population.value in _BY_POPULATION and (found is None or found.value in _ALSO_ON_ANIMALS):
        return Fact(_BY_POPULATION[population.value], population.evidence, population.field, population.record)
    return found


def _from_types(ranked: Sequence[Record]) -> Fact[Design] | None:
    """The first rule that a publication type of any record meets."""
    for rule in _RULES:
        for record in ranked:
            for stated in record.publication_types:
                if stated.casefold() in rule.types:
                    return Fact(rule.design, stated, "publication_types", record.key)
    return None


def _from_titles(ranked: Sequence[Record]) -> Fact[Design] | None:
    """The first rule that the words of any record's title meet; none for letters, comments and the like."""
    if any(stated.casefold() in _TALK for record in ranked for stated in record.publication_types):
        return None
    for rule in _RULES:
        for record in ranked:
            found = rule.words.search(record.title) if rule.words else None
            if found and not (rule.design is Design.RCT and _NOT_THE_TRIAL.search(record.title)):
                return Fact(rule.design, found[0], "title", record.key)
    return None
