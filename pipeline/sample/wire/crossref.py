"""Crossref: answers of the REST API's ``/works`` in JSON.

Shape: https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md, and answers of 2026.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.model import Author, PartialDate, Relation, RelationKind, Section
from pipeline.sample.world import Publication

Json = dict[str, Any]

_ROWS = 20  # unless asked otherwise
_MOST_ROWS = 1000
_CURSOR = re.compile(r"DnF1ZXJ5(\d+)==")  # ours look like Crossref's and hold the place to go on from
_UPDATES: Mapping[RelationKind, tuple[str, str]] = {
    RelationKind.RETRACTION_IN: ("updated-by", "retraction"),
    RelationKind.RETRACTION_OF: ("update-to", "retraction"),
    RelationKind.ERRATUM_IN: ("updated-by", "correction"),
    RelationKind.ERRATUM_FOR: ("update-to", "correction"),
    RelationKind.CONCERN_IN: ("updated-by", "expression_of_concern"),
    RelationKind.CONCERN_FOR: ("update-to", "expression_of_concern"),
}
_LINKS = {RelationKind.PREPRINT_OF: "is-preprint-of", RelationKind.HAS_PREPRINT: "has-preprint"}
_LANGUAGES = {"eng": "en", "chi": "zh", "fre": "fr", "ger": "de", "kor": "ko", "per": "fa", "ukr": "uk"}


def works(held: Sequence[Publication], params: Mapping[str, str]) -> tuple[int, bytes]:
    """Answer a request to ``/works`` with a status and a body.

    Of what is held, publications with a DOI are registered. The words of a query are not looked at; the filters
    ``doi``, ``from-created-date`` and ``from-update-date`` are, and so are ``rows`` and ``cursor``.
    """
    cursor, rows = params.get("cursor", "*"), int(params.get("rows", _ROWS))
    place = _CURSOR.fullmatch(cursor)
    if not 0 <= rows <= _MOST_ROWS:
        return 400, _refusal("integer-not-valid", params["rows"], "Integer specified but it is not valid")
    if cursor != "*" and not place:
        return 404, _refusal("cursor-invalid", cursor, "Cursor specified but it is invalid")
    found = [one for one in held if one.doi and _passes(one, params.get("filter", ""))]
    start = int(place[1]) if place else 0
    page = found[start : start + rows]
    more: Json = {"next-cursor": f"DnF1ZXJ5{start + len(page)}=="} if "cursor" in params else {}
    message = {
        "facets": {},
        **more,
        "total-results": len(found),
        "items": [_work(one) for one in page],
        "items-per-page": rows,
        "query": {"start-index": 0, "search-terms": params.get("query.bibliographic")},
    }
    content = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}
    return 200, json.dumps(content).encode()


def _refusal(kind: str, value: str, words: str) -> bytes:
    problem = {"type": kind, "value": value, "message": words}
    return json.dumps({"status": "failed", "message-type": "resource-failure", "message": [problem]}).encode()


def _passes(one: Publication, filters: str) -> bool:
    """Different filters are joined by "and", the values of one filter by "or"."""
    asked: dict[str, list[str]] = {}
    for name, _, value in (part.partition(":") for part in filters.split(",") if part):
        asked.setdefault(name, []).append(value)
    stated = {"from-created-date": one.entered.isoformat(), "from-update-date": one.changed.isoformat()}
    return all(
        any(one.doi.lower() == value.lower() if name == "doi" else stated[name] >= value for value in values)
        for name, values in asked.items()
    )


def _work(one: Publication) -> Json:
    """Render a work with the fields it has. Lists that every work has may be empty."""
    is_preprint = "Preprint" in one.types
    stated: Json = {
        "institution": [{"name": one.journal}] if is_preprint and one.journal else "",
        "indexed": _moment(one.changed),
        "publisher": "Sample publisher",
        "issue": one.issue,
        "abstract": "".join(map(_section, one.abstract)),
        "DOI": one.doi.lower(),
        "type": "posted-content" if is_preprint else "journal-article",
        "created": _moment(one.entered),
        "page": one.pages,
        "source": "Crossref",
        "title": [one.title],
        "original-title": [one.vernacular_title] if one.vernacular_title else [],
        "volume": one.volume,
        "clinical-trial-number": [{"clinical-trial-number": number.lower()} for number in one.registrations] or "",
        "author": [_author(author, place) for place, author in enumerate(one.authors)] or "",
        "container-title": [one.journal] if one.journal and not is_preprint else [],
        "language": _LANGUAGES.get(one.language, ""),
        "deposited": _moment(one.changed),
        **_dates(one.published, is_preprint=is_preprint),
        "URL": f"https://doi.org/{one.doi.lower()}",
        "relation": {name: [target] for name, target in _links(one.relations)},
        "subtype": "preprint" if is_preprint else "",
    }
    for pointer in one.relations:
        if pointer.kind in _UPDATES and pointer.doi:
            name, kind = _UPDATES[pointer.kind]
            stated.setdefault(name, []).append({"DOI": pointer.doi, "type": kind, "source": "publisher"})
    return {name: value for name, value in stated.items() if value != ""}


def _moment(day: date) -> Json:
    return {"date-parts": [[day.year, day.month, day.day]], "date-time": f"{day.isoformat()}T06:00:00Z"}


def _dates(published: PartialDate | None, *, is_preprint: bool) -> Json:
    """What appears on a day does so online, or is posted; anything less exact is the date of an issue."""
    if published is None:
        return {"issued": {"date-parts": [[None]]}}
    parts = {"date-parts": [[part for part in (published.year, published.month, published.day) if part]]}
    name = "posted" if is_preprint else "published-online" if published.day else "published-print"
    return {name: parts, "issued": parts, "published": parts}


def _author(author: Author, place: int) -> Json:
    names = {"name": author.collective, "given": author.given, "family": author.family}
    orcid = f"https://orcid.org/{author.orcid}" if author.orcid else ""
    stated = {"ORCID": orcid, **names, "sequence": "additional" if place else "first"}
    return {name: value for name, value in stated.items() if value}


def _section(section: Section) -> str:
    title = f"<jats:title>{section.label.capitalize()}</jats:title>" if section.label else ""
    return f"<jats:sec>{title}<jats:p>{section.text}</jats:p></jats:sec>"


def _links(pointers: Sequence[Relation]) -> Iterator[tuple[str, Json]]:
    for pointer in pointers:
        if pointer.kind in _LINKS and pointer.doi:
            yield _LINKS[pointer.kind], {"id-type": "doi", "id": pointer.doi, "asserted-by": "subject"}
