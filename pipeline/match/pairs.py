"""Two records: the same publication, linked, kept apart, or nothing to do with each other; always with the reason."""

import re
from dataclasses import dataclass
from enum import IntEnum

from pipeline import text
from pipeline.match import kinds
from pipeline.match.keys import identifiers, registered, title
from pipeline.match.kinds import Kind
from pipeline.model import Record, Relation, RelationKind, Relationship

# Two titles with fewer words in common than this share of the shorter one are about different things.
_COMMON_WORDS = 0.3

_WORD = re.compile(r"\w+")


class Strength(IntEnum):
    """How much a shared feature proves; lower is stronger."""

    PMID = 1
    DOI = 2
    PMCID = 3
    PPR = 4
    REGISTRATION = 5
    TITLE = 6


_STRENGTH = {"pmid": Strength.PMID, "doi": Strength.DOI, "pmcid": Strength.PMCID, "ppr": Strength.PPR}
_NAMES = {"pmid": "PMID", "doi": "DOI", "pmcid": "PMCID", "ppr": "Europe PMC preprint id"}


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two records (their keys, ``a`` before ``b``) that look like one publication, and why.

    The lower the ``strength``, the stronger; 0 is the operator's word. An uncertain pair joins nothing.
    """

    strength: int
    a: str
    b: str
    reason: str
    certain: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two records (their keys) that belong together and are not the same; ``a`` is the newer or derived one."""

    a: str
    b: str
    relationship: Relationship
    reason: str


# Each pointer with the link it means, and whether the record that points is the newer or derived one.
_MEANING = {
    RelationKind.RETRACTION_IN: (Relationship.RETRACTION_NOTICE, False),
    RelationKind.RETRACTION_OF: (Relationship.RETRACTION_NOTICE, True),
    RelationKind.ERRATUM_IN: (Relationship.ERRATUM, False),
    RelationKind.ERRATUM_FOR: (Relationship.ERRATUM, True),
    RelationKind.CONCERN_IN: (Relationship.CONCERN, False),
    RelationKind.CONCERN_FOR: (Relationship.CONCERN, True),
    RelationKind.PREPRINT_OF: (Relationship.PREPRINT, False),
    RelationKind.HAS_PREPRINT: (Relationship.PREPRINT, True),
    RelationKind.UPDATE_IN: (Relationship.UPDATE, False),
    RelationKind.UPDATE_OF: (Relationship.UPDATE, True),
    RelationKind.RESULTS_IN: (Relationship.REGISTRATION, False),
    RelationKind.COMMENT_IN: (Relationship.COMMENT, False),
    RelationKind.COMMENT_ON: (Relationship.COMMENT, True),
    RelationKind.REPUBLISHED_IN: (Relationship.REPUBLICATION, False),
    RelationKind.REPUBLISHED_FROM: (Relationship.REPUBLICATION, True),
}


def alike(a: Record, b: Record) -> Pair | None:
    """The two as a pair, if they look like one publication; vetoes are not considered."""
    found = _sameness(a, b)
    first, second = sorted((a.key, b.key))
    return Pair(found[0], first, second, found[1]) if found else None


def _sameness(a: Record, b: Record) -> tuple[Strength, str] | None:
    """Why the two look like one publication, by their strongest common feature; vetoes are not considered."""
    others = set(identifiers(b))
    for key in identifiers(a):
        if key in others:
            prefix, value = key.split(":", 1)
            return _STRENGTH[prefix], f"same {_NAMES[prefix]} {value}"
    if kinds.kind(a) is kinds.kind(b) is Kind.REGISTRATION and a.registrations[0] == b.registrations[0]:
        return Strength.REGISTRATION, f"same trial number {a.registrations[0]}"
    if title(a) & title(b) and a.published and b.published and a.published.year == b.published.year:
        return Strength.TITLE, "same title, first author and year"
    return None


def veto(a: Record, b: Record) -> str:
    """Why the two must not be merged, whatever else they have in common; empty if nothing forbids it.

    A common PMID settles everything: NLM gives it to one publication, and Europe PMC copies it.
    """
    if a.pmid and a.pmid == b.pmid:
        return ""
    for name, one, other in (("PMID", a.pmid, b.pmid), ("DOI", a.doi, b.doi), ("PMCID", a.pmcid, b.pmcid)):
        if one and other and one != other:
            return f"different {name}"
    return _different_kinds(a, b) or _different_titles(a, b) or _pointing(a, b)


def _different_kinds(a: Record, b: Record) -> str:
    """Kinds do not mix, except that a DOI names one version: a record that shares a preprint's DOI is that preprint."""
    one, other = sorted((kinds.kind(a), kinds.kind(b)))
    if one is other or (a.doi and a.doi == b.doi and {one, other} == {Kind.ARTICLE, Kind.PREPRINT}):
        return ""
    return f"one is a {one}, one a {other}"


def _different_titles(a: Record, b: Record) -> str:
    """Other words in the title, and not the same first author: then a common DOI is that of a book of abstracts.

    Titles in different scripts are translations until proven otherwise.
    """
    author = kinds.first_author(a)
    if author and author == kinds.first_author(b):
        return ""
    one, other = (_words(record) for record in (a, b))
    if min(len(one), len(other)) < 3 or _latin(one) != _latin(other):
        return ""
    return "different titles and authors" if len(one & other) < _COMMON_WORDS * min(len(one), len(other)) else ""


def _words(record: Record) -> frozenset[str]:
    """The title's words, folded."""
    return frozenset(_WORD.findall(text.fold(record.title)))


def _latin(words: frozenset[str]) -> bool:
    """Whether most of the words are in Latin letters."""
    return sum(word.isascii() for word in words) * 2 >= len(words)


def _pointing(a: Record, b: Record) -> str:
    """Nothing is its own preprint, notice, update or comment."""
    for source, target in ((a, b), (b, a)):
        for relation in source.relations:
            if relation.kind in _MEANING and _hits(relation, source, target):
                return f"{source.key} points at {target.key}: {relation.stated}"
    return ""


def links(a: Record, b: Record) -> list[Link]:
    """Every link that either record states, or that a common trial number or title proves, between the two."""
    stated = [
        _directed(source, target, relation)
        for source, target in ((a, b), (b, a))
        for relation in source.relations
        if relation.kind in _MEANING and _hits(relation, source, target)
    ]
    implied = (_registration(a, b), _registration(b, a), _preprint(a, b), _preprint(b, a))
    return stated + [link for link in implied if link]


def _hits(relation: Relation, source: Record, target: Record) -> bool:
    """Whether the relation names the target by an identifier that is not the pointing record's own."""
    pairs = ((relation.pmid, "pmid"), (relation.doi, "doi"), (relation.preprint_id, "preprint_id"))
    return any(value and value == getattr(target, name) and value != getattr(source, name) for value, name in pairs)


def _directed(source: Record, target: Record, relation: Relation) -> Link:
    """The link that a pointer means; PubMed says "update" of a preprint's article and of a newer Cochrane review."""
    relationship, derived = _MEANING[relation.kind]
    if relationship in {Relationship.UPDATE, Relationship.PREPRINT}:
        mine, theirs = (kinds.kind(record) is Kind.PREPRINT for record in (source, target))
        if mine is not theirs:
            relationship, derived = Relationship.PREPRINT, theirs
    a, b = (source, target) if derived else (target, source)
    return Link(a.key, b.key, relationship, f"{source.key} states: {relation.stated}")


def _registration(a: Record, b: Record) -> Link | None:
    """A publication that states the number of a registration."""
    if kinds.kind(a) not in {Kind.ARTICLE, Kind.PREPRINT} or kinds.kind(b) is not Kind.REGISTRATION:
        return None
    common = sorted(set(registered(a)) & set(registered(b)))
    return Link(a.key, b.key, Relationship.REGISTRATION, f"same trial number {common[0][4:]}") if common else None


def _preprint(a: Record, b: Record) -> Link | None:
    """An article under the exact title and first author of a preprint."""
    if kinds.kind(a) is not Kind.ARTICLE or kinds.kind(b) is not Kind.PREPRINT or not title(a) & title(b):
        return None
    return Link(a.key, b.key, Relationship.PREPRINT, "same title and first author")
