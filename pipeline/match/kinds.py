"""What kind of publication a record describes: kinds are never merged with one another, only linked."""

import re
from enum import StrEnum

from pipeline import text
from pipeline.model import Record, RelationKind


class Kind(StrEnum):
    """The kinds that matter to matching."""

    ARTICLE = "article"
    PREPRINT = "preprint"
    REGISTRATION = "registration"
    NOTICE = "notice"


# NLM's publication types, and the JATS article types that Europe PMC and feeds pass on.
_NOTICE_TYPES = frozenset(
    {
        "retraction of publication",
        "published erratum",
        "expression of concern",
        "retraction",
        "correction",
        "reinstatement",
    }
)
_NOTICE_RELATIONS = frozenset({RelationKind.RETRACTION_OF, RelationKind.ERRATUM_FOR, RelationKind.CONCERN_FOR})
# What publishers put before the title of the article that a notice is about. "Retracted:" and "Withdrawn:" are not
# among them: they stand before the title of the article itself.
_NOTICE_TITLE = re.compile(
    r"(?:author |publisher |publisher's )?(?:correction|corrigendum|erratum|retraction|expression of concern)"
    r"(?: note| notice)?(?:\s+to\b|\s*:|\s+[-\u2013\u2014]\s|\s*$)",
    re.IGNORECASE,
)
_MARKED_TITLE = re.compile(r"(?:retracted|withdrawn)(?: article| paper| chapter)?\s*:", re.IGNORECASE)
# DOI shapes that only preprint servers give out (Crossref and DataCite prefixes; 10.1101 also serves the journals of
# Cold Spring Harbor Laboratory, whose suffixes begin with letters).
_PREPRINT_DOI = re.compile(
    r"10\.1101/\d|10\.64898/|10\.21203/rs|10\.20944/preprints|10\.2139/ssrn|10\.31234/osf|10\.31219/osf|10\.48550/arxiv|"
    r"10\.26434/chemrxiv|10\.22541/au|10\.36227/techrxiv|"
    r"10\.2196/preprints|10\.7287/peerj\.preprints|10\.31235/osf|10\.1590/scielopreprints"
)
# DOIs that registries give to their entries (ISRCTN; the number is in the DOI itself).
_REGISTRY_DOI = re.compile(r"10\.1186/isrctn\d{8}$")


def kind(record: Record) -> Kind:
    """The kind a record states, by its types and relations, or shows by its title's prefix or the shape of its DOI."""
    types = {stated.casefold() for stated in record.publication_types}
    if record.registrations and not record.pmid and any("registration" in stated for stated in types):
        return Kind.REGISTRATION
    if _REGISTRY_DOI.match(record.doi):
        return Kind.REGISTRATION
    if types & _NOTICE_TYPES or any(relation.kind in _NOTICE_RELATIONS for relation in record.relations):
        return Kind.NOTICE
    if _NOTICE_TITLE.match(record.title.lstrip("[ ")):
        return Kind.NOTICE
    if record.is_preprint or _PREPRINT_DOI.match(record.doi):
        return Kind.PREPRINT
    return Kind.ARTICLE


def title_key(title: str) -> str:
    """A title for exact comparison, without the mark that a publisher sets before a retracted article's title."""
    return text.title_key(_MARKED_TITLE.sub("", title.lstrip("[ "), count=1))


def first_author(record: Record) -> str:
    """The first author's family name (or the group's name) for exact comparison; empty if none is stated."""
    if not record.authors:
        return ""
    author = record.authors[0]
    return text.title_key(author.family or author.collective)
