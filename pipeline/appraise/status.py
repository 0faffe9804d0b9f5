"""Retracted, of concern, corrected, withdrawn: what sources and notices state, never what a title suggests."""

import re
from collections.abc import Iterator, Sequence

from pipeline.model import Fact, Record, Relation, RelationKind, Relationship

Notice = tuple[Relationship, Record]

_RETRACTED_TYPE = "retracted publication"
# As the servers say it, and as Europe PMC types it ("Articles RESTful API": preprint-withdrawal, preprint-removal).
_WITHDRAWN_TYPE = re.compile(
    r"withdrawn(?: (?:publication|preprint|article))?|preprint-(?:withdrawal|removal)", re.IGNORECASE
)
_WITHDRAWN_RELATION = re.compile(r"(?:is )?withdrawn(?: in| by)?|(?:withdrawal|removal) in", re.IGNORECASE)


# NLM's values of PublicationStatus (pubmed_190101.dtd), under the names by which readers know them.
_PUBLICATION = {"ppublish": "print", "epublish": "electronic", "aheadofprint": "ahead_of_print"}


def publication(ranked: Sequence[Record]) -> Fact[str] | None:
    """How it is published: as a preprint, ahead of print, electronically, or in print."""
    for record in ranked:
        if record.is_preprint:
            stated = next(kind for kind in record.publication_types if kind.casefold() == "preprint")
            return Fact("preprint", stated, "publication_types", record.key)
        if value := _PUBLICATION.get(record.publication_status):
            return Fact(value, record.publication_status, "publication_status", record.key)
    return None


def retracted(ranked: Sequence[Record], notices: Sequence[Notice]) -> Fact[bool] | None:
    """Retracted by publication type, by a stated "retraction in", or by a notice that points here."""
    for record in ranked:
        for stated in record.publication_types:
            if stated.casefold() == _RETRACTED_TYPE:
                return Fact(True, stated, "publication_types", record.key)
    return _announced(ranked, notices, RelationKind.RETRACTION_IN, Relationship.RETRACTION_NOTICE)


def concern(ranked: Sequence[Record], notices: Sequence[Notice]) -> Fact[bool] | None:
    """An expression of concern about this work."""
    return _announced(ranked, notices, RelationKind.CONCERN_IN, Relationship.CONCERN)


def corrected(ranked: Sequence[Record], notices: Sequence[Notice]) -> Fact[bool] | None:
    """A published correction of this work."""
    return _announced(ranked, notices, RelationKind.ERRATUM_IN, Relationship.ERRATUM)


def withdrawn(ranked: Sequence[Record]) -> Fact[bool] | None:
    """A preprint that its server calls withdrawn or removed, by type or by relation."""
    for record in filter(lambda item: item.is_preprint, ranked):
        for stated in record.publication_types:
            if _WITHDRAWN_TYPE.fullmatch(stated):
                return Fact(True, stated, "publication_types", record.key)
        for relation in record.relations:
            if _WITHDRAWN_RELATION.fullmatch(relation.stated):
                return Fact(True, _target(relation), "relations", record.key)
    return None


def _announced(
    ranked: Sequence[Record], notices: Sequence[Notice], kind: RelationKind, relationship: Relationship
) -> Fact[bool] | None:
    """What a record says of itself, or else what a linked notice says of the work; the evidence names the notice."""
    return next(_own(ranked, kind), None) or next(_linked(notices, relationship), None)


def _own(ranked: Sequence[Record], kind: RelationKind) -> Iterator[Fact[bool]]:
    """Pointers of this kind in the work's own records."""
    for record in ranked:
        for relation in record.relations:
            if relation.kind is kind:
                yield Fact(True, _target(relation), "relations", record.key)


def _linked(notices: Sequence[Notice], relationship: Relationship) -> Iterator[Fact[bool]]:
    """Notices of this kind that are linked to the work."""
    for kind, notice in notices:
        if kind is relationship:
            yield Fact(True, _identifier(notice.pmid, notice.doi) or notice.title, "notice", notice.key)


def _target(relation: Relation) -> str:
    """The notice as the record names it: identifier, citation, or at least the source's word for the pointer."""
    return _identifier(relation.pmid, relation.doi) or relation.citation or relation.stated


def _identifier(pmid: str, doi: str) -> str:
    """A notice's identifier as readers know it."""
    return f"PMID {pmid}" if pmid else f"DOI {doi}" if doi else ""
