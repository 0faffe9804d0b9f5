"""The study design: from what indexers say, then from words that leave no doubt, titles before abstracts.

Where nothing names it, a method that is plain tells it. What is asked is, in this order: the form of the publication (a
protocol, a systematic review, a report of one case), the subject (animals, cells), allocation at random, whether the
text looks back on the work of others, and whether it studies the effect of a treatment.

The words and types are in `design_rules`, how designs stand to each other in `design_order`; `population` tells the
subject, `allocation` what is random, and `outlook`, `treatment` and `survey` a plain method.
"""

from collections.abc import Sequence

from pipeline import text
from pipeline.appraise.design_order import (
    DOUBTS,
    DOUBTS_IN_ABSTRACT,
    MORE_EXACT_IN_ABSTRACT,
    MORE_EXACT_IN_TITLE,
    NOT_A_DISPUTE,
    TALK,
    TALKS,
)
from pipeline.appraise.design_rules import HINTS_OF_ABSTRACTS, HINTS_OF_TITLES, PLAN_HEADINGS, RULES, Rule
from pipeline.appraise.languages import design_elsewhere
from pipeline.appraise.outlook import looks_back
from pipeline.appraise.population import ANIMAL, IN_VITRO
from pipeline.appraise.reading import Part, Reading, Sentence, folded
from pipeline.appraise.survey import asks_people
from pipeline.appraise.treatment import studies_treatment
from pipeline.appraise.wording import Wording
from pipeline.appraise.words import words
from pipeline.model import Design, Fact

# Designs that say how a study was made, not on whom: on animals or cells they are animal or in-vitro studies.
_ALSO_ON_ANIMALS = {Design.CASE_REPORT, Design.RCT, Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL, Design.SURVEY}
_BY_POPULATION = {ANIMAL: Design.ANIMAL, IN_VITRO: Design.IN_VITRO}
_ON_STUDIES = {Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW, Design.GUIDELINE, Design.EDITORIAL}
# What a method that is plain tells, in the order in which it is asked.
_METHODS = (
    (Design.NARRATIVE_REVIEW, looks_back),
    (Design.NONRANDOMIZED_TRIAL, studies_treatment),
    (Design.SURVEY, asks_people),
)
_TEXT = {"title", "abstract"}
_OF_OTHERS = {Part.BACKGROUND, Part.CONCLUSIONS, Part.NOTES}  # where abstracts speak of other studies


def design(read: Sequence[Reading], population: Fact[str] | None) -> Fact[Design] | None:
    """The design of a work from its records, best first, and its population; None where nothing tells one.

    Publication types decide, then the title, then the abstract, except where the later words are more exact; where none
    of them names a design, a plain method does. What authors call observational is a non-randomised study of an
    intervention where it studies the effect of a treatment (Cochrane Handbook, chapter 24); their word is the evidence.
    """
    found = _from_types(read) or _from_addresses(read)
    if _is_talk(read):
        return found
    if talk := next(filter(None, map(_talks, read)), None):
        return found or talk
    found = _sharpened(found, _from_titles(read))
    found = _from_abstracts(read, found)
    if population and population.value in _BY_POPULATION and (found is None or found.value in _ALSO_ON_ANIMALS):
        return Fact(_BY_POPULATION[population.value], population.evidence, population.field, population.record)
    if found and found.value is Design.OBSERVATIONAL and found.field in _TEXT and any(map(studies_treatment, read)):
        return Fact(Design.NONRANDOMIZED_TRIAL, found.evidence, found.field, found.record)
    return found or next(filter(None, map(_plain, read)), None)


def disputed(read: Sequence[Reading], design: Fact[Design] | None) -> Fact[Design] | None:
    """The design that title or abstract name, where a publication type names one that it cannot be.

    None where they agree, or where one word is only finer or coarser than the other. What the abstract of a review
    tells of the studies in it is no design of the review.
    """
    if design is None or design.field != "publication_types" or _is_talk(read):
        return None
    named = _from_titles(read) or (None if design.value in _ON_STUDIES else _from_abstracts(read, None))
    if named is None or frozenset({named.value, design.value}) in NOT_A_DISPUTE or _from_types(read, named.value):
        return None
    return named


def _sharpened(stated: Fact[Design] | None, named: Fact[Design] | None) -> Fact[Design] | None:
    """What the type states, or what the title names if it says more."""
    return named if stated is None or (named and stated.value in MORE_EXACT_IN_TITLE.get(named.value, ())) else stated


def _is_talk(read: Sequence[Reading]) -> bool:
    """Whether it is a letter, comment or the like."""
    return any(stated.casefold() in TALK for reading in read for stated in reading.record.publication_types)


def _talks(reading: Reading) -> Fact[Design] | None:
    """What a title says that begins as those of letters and comments do."""
    found = TALKS.match(reading.title.lower)
    return reading.title.fact(Design.EDITORIAL, found, reading.record) if found else None


def _from_types(read: Sequence[Reading], wanted: Design | None = None) -> Fact[Design] | None:
    """The first rule that a publication type of any record meets, or that of one design."""
    for rule in RULES:
        for reading in read:
            for stated in reading.record.publication_types:
                if stated.casefold() in rule.types and wanted in (None, rule.design):
                    return Fact(rule.design, stated, "publication_types", reading.record.key)
    return None


def _from_addresses(read: Sequence[Reading]) -> Fact[Design] | None:
    """A registration, if a record is the page of one trial in a registry."""
    for reading in read:
        if text.registration_at(reading.record.url):
            return Fact(Design.REGISTRATION, reading.record.url, "url", reading.record.key)
    return None


def _from_titles(read: Sequence[Reading]) -> Fact[Design] | None:
    """The first rule that the words of any record's title meet."""
    titles = [(reading, HINTS_OF_TITLES.intersection(words(reading.title.lower))) for reading in read]
    for rule in RULES if any(said for _, said in titles) else ():
        for reading, said in titles:
            if found := _named(rule, rule.title, [reading.title], said, reading):
                return found
    return next(filter(None, (design_elsewhere(reading.record) for reading in read)), None)


def _from_abstracts(read: Sequence[Reading], so_far: Fact[Design] | None) -> Fact[Design] | None:
    """The first rule that words of any record's abstract meet, or what is known so far if none says more."""
    rules = [rule for rule in RULES if so_far is None or rule.design in MORE_EXACT_IN_ABSTRACT.get(so_far.value, ())]
    told = [(reading, *_own(reading)) for reading in read] if rules else []
    for rule in rules:
        for reading, own, said in told:
            found = _named(rule, rule.abstract, own, said, reading)
            if rule.design is Design.PROTOCOL:
                found = _heading_of_plan(reading) or (found if found and _plans(own) else None)
            doubt = DOUBTS_IN_ABSTRACT.get(rule.design)
            if found and not (doubt and any(doubt.search(sentence.lower) for sentence in own)):
                return found
    return so_far


def _own(reading: Reading) -> tuple[list[Sentence], frozenset[str]]:
    """The sentences in which an abstract tells of its own study, and the hints among the words of the record."""
    own = [sentence for sentence in reading.abstract if sentence.part not in _OF_OTHERS]
    return own, HINTS_OF_ABSTRACTS.intersection(reading.vocabulary) if own else frozenset()


def _named(
    rule: Rule, wordings: tuple[Wording, ...], sentences: Sequence[Sentence], said: frozenset[str], reading: Reading
) -> Fact[Design] | None:
    """The first words of some sentences that name the design, if the title leaves no doubt of it."""
    for wording in wordings:
        if not wording.hints.isdisjoint(said) and (place := wording.find(sentences)):
            doubt = DOUBTS.get(rule.design)
            if doubt and doubt.search(reading.title.lower):
                return None
            sentence, where = place
            field = "title" if sentence.part is Part.TITLE else "abstract"
            return Fact(rule.design, sentence.text[where].lstrip("[:, "), field, reading.record.key)
    return None


def _heading_of_plan(reading: Reading) -> Fact[Design] | None:
    """The heading that journals give to protocols only."""
    for section in reading.record.abstract:
        told = f"{section.label}:" if section.label else section.text
        lower = folded(told)
        for heading in PLAN_HEADINGS:
            at = lower.find(heading)
            if at >= 0:
                return Fact(Design.PROTOCOL, told[at : at + len(heading) - 1], "abstract", reading.record.key)
    return None


def _plans(own: Sequence[Sentence]) -> bool:
    """Whether more of a text is in the future than in the past."""
    will = sum(" will " in sentence.lower for sentence in own)
    return will > sum(" were " in sentence.lower or " was " in sentence.lower for sentence in own)


def _plain(reading: Reading) -> Fact[Design] | None:
    """What the method that an abstract tells of is, if it is plain."""
    part_of_trial = "random" in reading.lower and (
        DOUBTS[Design.RCT].search(reading.title.lower) or DOUBTS_IN_ABSTRACT[Design.RCT].search(reading.lower)
    )
    if not reading.abstract or part_of_trial:
        return None
    for value, find in _METHODS:
        if place := find(reading):
            sentence, found = place
            doubt = DOUBTS_IN_ABSTRACT.get(value)
            return None if doubt and doubt.search(reading.lower) else sentence.fact(value, found, reading.record)
    return None
