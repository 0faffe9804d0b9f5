"""Which notices about a publication are one notice, however each source names it.

PubMed names a notice by PMID, a publisher by DOI, an old record by a citation alone. Two names of one kind that differ
are two notices. Two names of different kinds are taken for one as long as nothing says otherwise: of two sources that
each tell of one correction, both nearly always mean the same one.
"""

from collections.abc import Iterable, Sequence

from pipeline.links import doi_url, pmid_url
from pipeline.model import Record, Relation, Relationship

Notice = tuple[Relationship, Record]
"""What it is to the publication, and the record of it."""

Names = tuple[tuple[str, str], ...]
"""What a notice is called: pairs of a kind of name, and the name as an event records it."""

_PUBMED, _DOI, _CITATION, _TITLE, _RECORDED = "pubmed", "doi", "citation", "title", "recorded"
_LINKS = {pmid_url(""): _PUBMED, doi_url(""): _DOI}


def stated(relation: Relation) -> Names:
    """The notice that a record points at."""
    return _names(relation.pmid, relation.doi, (_CITATION, relation.citation))


def linked(record: Record) -> Names:
    """The notice that a record is."""
    return _names(record.pmid, record.doi, (_TITLE, "" if record.pmid or record.doi else record.title))


def _names(pmid: str, doi: str, words: tuple[str, str]) -> Names:
    found = ((_PUBMED, pmid and pmid_url(pmid)), (_DOI, doi and doi_url(doi)), words)
    return tuple((kind, name) for kind, name in found if name)


def unheard(notices: Iterable[Names], heard: Iterable[str]) -> list[str]:
    """Where each notice can be read that is none of those ``heard`` of, each once, in the order in which they come."""
    groups = [(True, _recorded(one)) for one in heard]
    for names in notices:
        same = [group for group in groups if _share(group[1], names)]
        whole = names if not same else tuple(dict.fromkeys(name for _, group in same for name in (*group, *names)))
        groups = [group for group in groups if group not in same] + [(any(known for known, _ in same), whole)]
    return [_place(names) for known, names in _fewest(groups) if not known]


def may_be_one(one: str, other: str) -> bool:
    """Whether nothing says that two recorded notices are two."""
    a, b = _recorded(one), _recorded(other)
    return _share(a, b) or not _is_other(a, b)


def _fewest(groups: Sequence[tuple[bool, Names]]) -> list[tuple[bool, Names]]:
    """As few notices as the names allow; what is known takes in others first."""
    settled = [group for group in groups if group[0]]
    for known, names in groups:
        if known:
            continue
        place = next((place for place, group in enumerate(settled) if not _is_other(group[1], names)), None)
        if place is None:
            settled.append((known, names))
        else:
            settled[place] = (settled[place][0], (*settled[place][1], *names))
    return settled


def _share(a: Names, b: Names) -> bool:
    """Whether the two have a name in common; what was recorded as words may be a citation."""
    return not {name for _, name in a}.isdisjoint(name for _, name in b)


def _is_other(a: Names, b: Names) -> bool:
    """Whether both have names of one kind; these differ, or they would be one."""
    return not {kind for kind, _ in a}.isdisjoint(kind for kind, _ in b)


def _recorded(notice: str) -> Names:
    """The names of a notice as an event holds it."""
    kind = next((kind for beginning, kind in _LINKS.items() if notice.startswith(beginning.rstrip("/"))), _RECORDED)
    return ((kind, notice),) if notice else ()


def _place(names: Names) -> str:
    """Where it can be read: by PMID first, since sources rarely agree on more."""
    by_kind = dict(reversed(names))
    return next((by_kind[kind] for kind in (_PUBMED, _DOI, _CITATION, _TITLE) if kind in by_kind), "")
