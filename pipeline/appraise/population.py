"""Whom or what a work studied: people, animals, or cells."""

import re
from collections.abc import Sequence

from pipeline.appraise.reading import Reading
from pipeline.appraise.sentences import own_sections
from pipeline.model import Fact, Record

HUMAN, ANIMAL, IN_VITRO = "human", "animal", "in_vitro"

_WORDS = {
    IN_VITRO: re.compile(r"\bin vitro\b(?! (?:fertili|cultur))", re.IGNORECASE),
    ANIMAL: re.compile(
        r"\b(?:rats|mice|rabbits)\b|\b(?:rat|mouse|mice|murine|rodent) models?\b"
        r"|\bexperimental (?:autoimmune|allergic) encephalomyelitis\b",
        re.IGNORECASE,
    ),
    HUMAN: re.compile(
        r"\b(?:in|of|for|among|with) (?:[\w-]+ ){0,3}"
        r"(?:patients|people|persons|women|men|participants|children|adults|adolescents|volunteers|outpatients)\b",
        re.IGNORECASE,
    ),
}
# Material taken from a body is neither a person nor an animal; a look back at many studies is no study of either.
_NOT_A_BODY = re.compile(
    r"\b(?:cells?|cultures?|cultured|serum|sera|organoids?|neurons?|tissues?|antibod(?:y|ies)|review|"
    r"research|models of)\b",
    re.IGNORECASE,
)

# In an abstract: animals that something was done to, where people are not spoken of at all.
_TREATED_ANIMALS = re.compile(
    r"\b(?:rats|mice|rabbits|gerbils|guinea pigs|swine|pigs|piglets|sheep|dogs|cats|monkeys|macaques)\b"
    r"(?=[^.;]{0,120}\b(?:were|was|received|underwent|showed|had)\b)",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:patients?|participants?|people|persons?|women|men|adults|children|volunteers|clinical trials?|humans?)\b",
    re.IGNORECASE,
)


def population(read: Sequence[Reading]) -> Fact[str] | None:
    """``human``, ``animal`` or ``in_vitro`` of a work from its records, best first.

    MeSH decides where there is any (NLM sets the check tags Humans and Animals on every article); else words of the
    title, if they name one of the three only; else an abstract that treats animals and does not mention people.
    """
    ranked = [reading.record for reading in read]
    found = _from_mesh(ranked) or next(filter(None, map(_from_title, ranked)), None)
    return found or next(filter(None, map(_from_abstract, ranked)), None)


def _from_mesh(ranked: Sequence[Record]) -> Fact[str] | None:
    """Humans, or Animals without Humans; people studied together with animals are not stated as either."""
    for record in ranked:
        tags = {heading.partition("/")[0].strip("* ").casefold(): heading for heading in record.mesh}
        if ("humans" in tags) != ("animals" in tags):
            value, tag = (HUMAN, "humans") if "humans" in tags else (ANIMAL, "animals")
            return Fact(value, tags[tag], "mesh", record.key)
    return None


def _from_title(record: Record) -> Fact[str] | None:
    """The one population that the title names."""
    found = {name: match for name, words in _WORDS.items() if (match := words.search(record.title))}
    if len(found) != 1 or (IN_VITRO not in found and _NOT_A_BODY.search(record.title)):
        return None
    ((value, match),) = found.items()
    return Fact(value, match[0], "title", record.key)


def _from_abstract(record: Record) -> Fact[str] | None:
    """Animals, if the abstract speaks of animals only and neither it nor the title looks back at many studies."""
    whole = f"{record.title} {record.abstract_text}"
    if _PEOPLE.search(whole) or re.search(r"\breviews?\b", whole, re.IGNORECASE):
        return None
    matches = (_TREATED_ANIMALS.search(section.text) for section in own_sections(record.abstract))
    return next((Fact(ANIMAL, found[0], "abstract", record.key) for found in matches if found), None)
