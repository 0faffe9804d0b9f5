"""The study design: from what indexers say, then from words that leave no doubt, titles before abstracts."""

from collections.abc import Sequence

from pipeline import text
from pipeline.appraise.design_rules import DOUBTS, MORE_EXACT_IN_ABSTRACT, MORE_EXACT_IN_TITLE, RULES, TALK, Rule
from pipeline.appraise.population import ANIMAL, IN_VITRO
from pipeline.appraise.reading import Reading
from pipeline.appraise.sentences import own_sections
from pipeline.model import Design, Fact, Record

# Designs that say how a study was made, not on whom: on animals or cells they are animal or in-vitro studies.
_ALSO_ON_ANIMALS = {Design.RCT, Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL}
_BY_POPULATION = {ANIMAL: Design.ANIMAL, IN_VITRO: Design.IN_VITRO}


def design(read: Sequence[Reading], population: Fact[str] | None) -> Fact[Design] | None:
    """The design of a work from its records, best first, and its population; None where nothing names one.

    Publication types decide, then the title, then the abstract, except where the later words are more exact.
    """
    ranked = [reading.record for reading in read]
    found = _from_types(ranked) or _from_addresses(ranked)
    if not _is_talk(ranked):
        found = _sharpened(found, _from_titles(ranked))
        found = _from_abstracts(ranked, found)
    if population and population.value in _BY_POPULATION and (found is None or found.value in _ALSO_ON_ANIMALS):
        return Fact(_BY_POPULATION[population.value], population.evidence, population.field, population.record)
    return found


def _sharpened(stated: Fact[Design] | None, named: Fact[Design] | None) -> Fact[Design] | None:
    """What the type states, or what the title names if it says more."""
    return named if stated is None or (named and stated.value in MORE_EXACT_IN_TITLE.get(named.value, ())) else stated


def _is_talk(ranked: Sequence[Record]) -> bool:
    """Whether it is a letter, comment or the like."""
    return any(stated.casefold() in TALK for record in ranked for stated in record.publication_types)


def _from_types(ranked: Sequence[Record]) -> Fact[Design] | None:
    """The first rule that a publication type of any record meets."""
    for rule in RULES:
        for record in ranked:
            for stated in record.publication_types:
                if stated.casefold() in rule.types:
                    return Fact(rule.design, stated, "publication_types", record.key)
    return None


def _from_addresses(ranked: Sequence[Record]) -> Fact[Design] | None:
    """A registration, if a record is the page of one trial in a registry."""
    for record in ranked:
        if text.registration_at(record.url):
            return Fact(Design.REGISTRATION, record.url, "url", record.key)
    return None


def _from_titles(ranked: Sequence[Record]) -> Fact[Design] | None:
    """The first rule that the words of any record's title meet."""
    for rule in RULES:
        for record in ranked:
            found = rule.title.search(record.title) if rule.title else None
            if found and not _doubtful(rule.design, record.title):
                return Fact(rule.design, found[0].lstrip("[: "), "title", record.key)
    return None


def _from_abstracts(ranked: Sequence[Record], so_far: Fact[Design] | None) -> Fact[Design] | None:
    """The first rule that words of any record's abstract meet, or what is known so far if none says more."""
    for rule in RULES:
        if so_far is not None and rule.design not in MORE_EXACT_IN_ABSTRACT.get(so_far.value, ()):
            continue
        for record in ranked:
            words = _in_abstract(rule, record)
            if words:
                return Fact(rule.design, words, "abstract", record.key)
    return so_far


def _in_abstract(rule: Rule, record: Record) -> str:
    """The words with which an abstract names the design of its own study."""
    if rule.abstract is None or _doubtful(rule.design, record.title, record.abstract_text):
        return ""
    sections = (f"{section.label}: {section.text}" for section in own_sections(record.abstract))
    return next((found[0] for found in map(rule.abstract.search, sections) if found), "")


def _doubtful(design: Design, title: str, abstract: str = "") -> bool:
    """Whether words beside it cast a doubt on a design."""
    if design not in DOUBTS:
        return False
    in_title, in_abstract = DOUBTS[design]
    return bool(in_title.search(title) or (in_abstract and in_abstract.search(abstract)))
