"""One work of the Crossref REST API, in JSON, read into a :class:`Record`.

Field names: https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md, and recorded answers of 2015 to 2026.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.harvest.json_fields import Json, iso_date, markup, members, obj, objects, plain, string, strings, unique
from pipeline.harvest.markup import headed
from pipeline.links import doi_url
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section

_RETRACTION = (RelationKind.RETRACTION_OF, RelationKind.RETRACTION_IN)
_ERRATUM = (RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN)
_UPDATE = (RelationKind.UPDATE_OF, RelationKind.UPDATE_IN)
# Type of update -> what it is on the notice, and on the work. NLM holds addenda and partial retractions for errata
# ("Errata, Retractions, and Other Linked Citations in PubMed"), and we do clarifications: the article stands. Elsevier
# wrote "err" in 2015.
_UPDATES = {
    **dict.fromkeys(("retraction", "withdrawal", "removal"), _RETRACTION),
    **dict.fromkeys(("correction", "corrigendum", "erratum", "err", "addendum", "clarification"), _ERRATUM),
    "partial_retraction": _ERRATUM,
    **dict.fromkeys(("new_version", "new_edition"), _UPDATE),
    "expression_of_concern": (RelationKind.CONCERN_FOR, RelationKind.CONCERN_IN),
}
_TAKEN_BACK = ("withdrawal", "removal")
_LINKS = {"is-preprint-of": RelationKind.PREPRINT_OF, "has-preprint": RelationKind.HAS_PREPRINT}
_NOTICES = {
    RelationKind.RETRACTION_OF: "Retraction",
    RelationKind.ERRATUM_FOR: "Correction",
    RelationKind.CONCERN_FOR: "Expression of concern",
}
_DATES = ("posted", "published-online", "published-print", "published-other", "published", "issued")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_JATS = re.compile(r"<(/?)(?:jats|ns\d*):", re.IGNORECASE)  # F1000 deposits the namespace as ns3 or ns4
_HEADING = re.compile(r"<(/?)title(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)


def source_id(item: object) -> str:
    """The DOI, empty if the item states none."""
    found = item.get("DOI") if isinstance(item, dict) else None
    return text.doi(found) if isinstance(found, str) else ""


def record(item: object) -> Record:
    """Read one member of ``items``. RecordRejected if it has no DOI, or a field is not of its kind."""
    doi = source_id(item)
    if not isinstance(item, dict) or not doi:
        raise RecordRejected("a work without a DOI")
    title = _title(item)
    relations = tuple(dict.fromkeys((*_updates(item, doi), *_links(item))))
    return Record(
        source="crossref",
        source_id=doi,
        title=title,
        vernacular_title=_vernacular(item, title),
        abstract=tuple(_sections(string(item, "abstract"))),
        authors=tuple(_authors(item)),
        journal=_journal(item),
        volume=plain(item, "volume"),
        issue=plain(item, "issue"),
        pages=plain(item, "page") or plain(item, "article-number"),
        published=_published(item),
        indexed=_date(obj(item, "created")),
        doi=doi,
        registrations=_registrations(item),
        publication_types=_publication_types(item, relations),
        languages=unique((plain(item, "language"),)),
        relations=relations,
        url=doi_url(doi),
    )


def _first(item: Json, key: str) -> str:
    """The first of several texts, which is the one that counts; the rest are other spellings."""
    return text.from_markup(next(iter(strings(item, key)), ""))


def _title(item: Json) -> str:
    """Title and subtitle, since the subtitle often names the design; some publishers deposit it in both places."""
    title, subtitle = _first(item, "title"), _first(item, "subtitle")
    if not title or text.title_key(subtitle) in text.title_key(title):
        return title
    return f"{title} {subtitle}" if title.endswith(("?", "!", ".", ":")) else f"{title}: {subtitle}"


def _vernacular(item: Json, title: str) -> str:
    """The original title, where it is another one."""
    original = _first(item, "original-title")
    return "" if text.title_key(original) in text.title_key(title) else original


def _sections(abstract: str) -> Iterator[Section]:
    """Give the parts of a JATS abstract under their titles. "Abstract" names no part."""
    for label, body in headed(_HEADING.sub(r"<\1h4>", _JATS.sub(r"<\1", abstract))):
        if words := text.from_markup(body):
            yield Section(words, "" if label.casefold() == "abstract" else label.rstrip(" .:"))


def _authors(item: Json) -> Iterator[Author]:
    for author in map(_author, objects(item, "author")):
        if author.family or author.collective:
            yield author


def _author(author: Json) -> Author:
    """A person, of whom only one name may be stated, or else a group."""
    family, given = plain(author, "family"), plain(author, "given")
    if not family and not given:
        return Author(collective=markup(author, "name"))
    orcid = _ORCID.search(string(author, "ORCID"))
    return Author(family or given, given if family else "", orcid=orcid[0] if orcid else "")


def _journal(item: Json) -> str:
    """The journal or book under its longest name, since old records hold the short one as well, in either order.

    Of a preprint the server, if it is deposited as an institution: a group's title may be the server or a subject, and
    a publisher is none.
    """
    names = [text.from_markup(name) for name in strings(item, "container-title")]
    servers = [markup(one, "name") for one in objects(item, "institution")] if _is_preprint(item) else []
    return max(names, key=len, default="") or next(iter(servers), "")


def _published(item: Json) -> PartialDate | None:
    """The earliest date that is stated, at its own precision: "2020" is taken to be later than 2020-11-13."""
    dates = filter(None, (_date(obj(item, name)) for name in _DATES))
    return min(dates, key=lambda date: date.latest, default=None)


def _date(stated: Json) -> PartialDate | None:
    """Read ``{"date-parts": [[2020, 11, 13]]}``, cut as the date is known; None for ``[[null]]``."""
    parts = next(iter(members(stated, "date-parts")), None)
    if not isinstance(parts, list) or not all(type(part) is int for part in parts):
        return None
    return iso_date("-".join(f"{part:02}" for part in parts))


def _registrations(item: Json) -> tuple[str, ...]:
    trials = objects(item, "clinical-trial-number")
    return unique(found for trial in trials for found in text.registrations(string(trial, "clinical-trial-number")))


def _is_preprint(item: Json) -> bool:
    """``posted-content`` alone may be a blog or a talk as well."""
    return string(item, "type") == "posted-content" and string(item, "subtype") == "preprint"


def _publication_types(item: Json, relations: Iterable[Relation]) -> tuple[str, ...]:
    """Crossref's own word, and what it says besides: that the work is a preprint, or a notice about another one."""
    preprint = "Preprint" if _is_preprint(item) else ""
    return unique((plain(item, "type"), preprint, *(_NOTICES.get(relation.kind, "") for relation in relations)))


def _updates(item: Json, doi: str) -> Iterator[Relation]:
    """Give the notices about the work, and the works that it is a notice about.

    ``update-to`` may point at its own DOI: then the work was changed in place ("in-situ", Crossref, "Registering
    updates"), and is no notice.
    """
    for update in objects(item, "update-to"):
        yield _update(update, is_notice=text.doi(string(update, "DOI")) != doi, preprint=_is_preprint(item))
    for update in objects(item, "updated-by"):
        yield _update(update, is_notice=False, preprint=_is_preprint(item))


def _update(update: Json, *, is_notice: bool, preprint: bool) -> Relation:
    """One pointer. A preprint that is withdrawn or removed is not retracted: the relation's own words tell."""
    kind = re.sub(r"[\s-]+", "_", plain(update, "type").casefold())
    meanings = None if preprint and kind in _TAKEN_BACK else _UPDATES.get(kind)
    return Relation(
        kind=meanings[0 if is_notice else 1] if meanings else RelationKind.OTHER,
        stated=f"{kind.replace('_', ' ')} {'of' if is_notice else 'in'}",
        doi=text.doi(string(update, "DOI")),
    )


def _links(item: Json) -> Iterator[Relation]:
    """Give the article of a preprint and the preprints of an article, whoever of the two says so."""
    for name, kind in _LINKS.items():
        for target in objects(obj(item, "relation"), name):
            if string(target, "id-type") == "doi":
                yield Relation(kind, name, doi=text.doi(string(target, "id")))
