"""Two records that belong together and are not the same: versions, registrations, notices, comments, updates."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.match import series, titles
from pipeline.match.evidence import Evidence, abstracts, described, other_place, same_journal
from pipeline.match.kinds import Kind
from pipeline.match.signature import Signature
from pipeline.model import Record, Relation, RelationKind, Relationship


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


def links(a: Signature, b: Signature) -> Iterator[Link]:
    """Every link that either record states, or that a common trial number or a common description proves."""
    for source, target in ((a, b), (b, a)):
        for relation in pointers(source.record, target.record):
            yield _directed(source, target, relation)
        for implied in _asked_for(source, target):
            yield from implied(source, target)


def _asked_for(a: Signature, b: Signature) -> Iterator[Callable[[Signature, Signature], Iterator[Link]]]:
    """What the two may be to each other at all; most are nothing, and millions are compared."""
    if a.trials and b.trials:
        yield _trial
    if b.kind is Kind.PREPRINT:
        yield _preprint
    if a.series and b.series:
        yield _update
    if b.is_abstract:
        yield _abstract
    if _ABOUT.match(a.record.title):
        yield _comment


def pointers(source: Record, target: Record) -> Iterator[Relation]:
    """What of the source points at the target by an identifier that is not the source's own."""
    for relation in source.relations:
        if relation.kind in _MEANING and _hits(relation, source, target):
            yield relation


def _hits(relation: Relation, source: Record, target: Record) -> bool:
    pairs = ((relation.pmid, "pmid"), (relation.doi, "doi"), (relation.preprint_id, "preprint_id"))
    return any(value and value == getattr(target, name) and value != getattr(source, name) for value, name in pairs)


def _directed(source: Signature, target: Signature, relation: Relation) -> Link:
    """The link that a pointer means; PubMed says "update" of a preprint's article and of a newer Cochrane review."""
    relationship, derived = _MEANING[relation.kind]
    if relationship in {Relationship.UPDATE, Relationship.PREPRINT}:
        mine, theirs = (one.kind is Kind.PREPRINT for one in (source, target))
        if mine is not theirs:
            relationship, derived = Relationship.PREPRINT, theirs
    a, b = (source, target) if derived else (target, source)
    return Link(a.key, b.key, relationship, f"{source.key} states: {relation.stated}")


# A publication that states more trial numbers than this is about trials: a review, or a registry's own report.
_OWN_TRIALS = 3


def _trial(a: Signature, b: Signature) -> Iterator[Link]:
    """A publication that states the number of a registration, or that of a trial on which another one reports."""
    if a.kind not in _PUBLICATIONS or len(a.trials) > _OWN_TRIALS:
        return
    common = sorted(set(a.trials) & set(b.trials))
    if not common:
        return
    if b.kind is Kind.REGISTRATION:
        yield Link(a.key, b.key, Relationship.REGISTRATION, f"same trial number {common[0]}")
    elif b.kind in _PUBLICATIONS and len(b.trials) <= _OWN_TRIALS and _age(a) > _age(b):
        yield Link(a.key, b.key, Relationship.SAME_TRIAL, f"same trial number {common[0]}")


_PUBLICATIONS = frozenset({Kind.ARTICLE, Kind.PREPRINT})


def _age(signature: Signature) -> tuple[str, str]:
    """By date, then by key: what sorts later is newer."""
    return str(signature.record.published or ""), signature.key


def _preprint(a: Signature, b: Signature) -> Iterator[Link]:
    """An article that is described as a preprint is; a preprint has no place in a journal, and its year is its own.

    The title often changes in review: then the same people with the same abstract will do.
    """
    if a.kind is Kind.ARTICLE and b.kind is Kind.PREPRINT:
        evidence = _description(a, b)
        points = {one.field: one.points for one in evidence}
        same_text = points.get("authors", 0) >= 4 and points.get("abstract", 0) >= 4
        same_title = sum(points.values()) >= _SAME_DESCRIPTION and titles.same_words(a.title, b.title)
        if same_title or same_text:
            yield Link(a.key, b.key, Relationship.PREPRINT, _same(evidence))


_SAME_DESCRIPTION = 12
"""Points for title, authors and abstract from which they are the same: without a year or a place, a long title and the
authors are all there is."""


def _description(a: Signature, b: Signature) -> list[Evidence]:
    """What the two say of themselves, wherever they stand."""
    return [one for one in (*described(a, b), *abstracts(a, b)) if one.field != "year"]


def is_edition(a: Signature, b: Signature) -> bool:
    """Whether the two are editions of one review: other DOIs, or without them other years and issues."""
    if not a.series or a.series != b.series:
        return False
    if a.doi and b.doi:
        return a.doi != b.doi
    return bool(a.year and b.year) and a.year != b.year and not (a.issue and a.issue == b.issue)


def _update(a: Signature, b: Signature) -> Iterator[Link]:
    """A later edition of a review."""
    if is_edition(a, b) and _edition(a) > _edition(b):
        yield Link(a.key, b.key, Relationship.UPDATE, f"a later edition of {a.series.upper()}")


def _edition(signature: Signature) -> tuple[int, int, str]:
    """By year, then by the number of the edition; what sorts later is newer."""
    return signature.year or 0, series.edition_of(signature.doi), signature.key


def _abstract(a: Signature, b: Signature) -> Iterator[Link]:
    """An article that is described as a congress abstract is, in another place."""
    elsewhere = bool(b.pages.first) or other_place(a, b)
    if a.kind is b.kind is Kind.ARTICLE and b.is_abstract and not a.is_abstract and elsewhere:
        evidence = _description(a, b)
        points = sum(one.points for one in evidence)
        if points >= _SAME_DESCRIPTION and titles.same_words(a.title, b.title):
            yield Link(a.key, b.key, Relationship.CONFERENCE_ABSTRACT, _same(evidence))


def _same(evidence: list[Evidence]) -> str:
    return f"same {' and '.join(one.field for one in evidence if one.points > 0)}"


# What is written about an article, or puts something right in it, has the article's title in its own. That an article
# was retracted is never read off a title.
_ABOUT = re.compile(
    r"\A\W*(?:(?P<comment>comments? on|commentary on|(?:authors?'? )?(?:reply|response) to|re|"
    r"letter to the editor (?:on|regarding))|"
    r"(?P<erratum>(?:author |publisher )?(?:correction|corrigendum|erratum)(?: to)?))\s*:?\s*\W?",
    re.IGNORECASE,
)


def _comment(a: Signature, b: Signature) -> Iterator[Link]:
    """A comment on an article, or an erratum to it, that has the article's whole title in its own."""
    found = _ABOUT.match(a.record.title)
    if found and not _ABOUT.match(b.record.title) and b.title.length >= _TELLING_TITLE:
        rest = titles.title_of(a.record.title[found.end() :])
        if titles.same_words(rest, b.title) and same_journal(a, b):
            relationship = Relationship.COMMENT if found["comment"] else Relationship.ERRATUM
            yield Link(a.key, b.key, relationship, f"“{found[0].strip()}” before the same title")


_TELLING_TITLE = 40  # letters
