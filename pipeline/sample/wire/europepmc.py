"""Europe PMC: answers of the RESTful search in JSON, result type ``core``.

Shape: https://europepmc.org/RestfulWebService, version 6.9.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pipeline.model import Author, Relation, RelationKind, Section
from pipeline.sample.wire.markup import stopped
from pipeline.sample.world import Publication

Json = dict[str, Any]

_VERSION = "6.9"
_KINDS: Mapping[RelationKind, str] = {
    RelationKind.RETRACTION_IN: "Retraction in",
    RelationKind.RETRACTION_OF: "Retraction of",
    RelationKind.PREPRINT_OF: "Preprint of",
    RelationKind.HAS_PREPRINT: "Preprint in",
}


def search(publications: Sequence[Publication], total: int, request: Mapping[str, str], next_mark: str) -> bytes:
    """Render one page of results. ``next_mark`` is empty when nothing was found: then the key is absent."""
    answer: Json = {"version": _VERSION, "hitCount": total}
    if next_mark:
        answer["nextCursorMark"] = next_mark
    answer["request"] = {
        "queryString": request["query"],
        "resultType": request.get("resultType", "lite"),
        "cursorMark": quote(request.get("cursorMark", "*"), safe=""),
        "pageSize": int(request.get("pageSize", "25")),
        "sort": request.get("sort", ""),
        "synonym": request.get("synonym", "FALSE").upper() == "TRUE",
    }
    answer["resultList"] = {"result": [_result(one) for one in publications]}
    return json.dumps(answer).encode()


def error(message: str) -> bytes:
    """Render what Europe PMC answers, with status 200, to a query it cannot read."""
    return json.dumps({"version": _VERSION, "errCode": 404, "errMsg": message}).encode()


def source_and_id(one: Publication) -> tuple[str, str]:
    """Give Europe PMC's own key; what none of its other sources holds is under AGR, with a number made from the id."""
    if one.preprint_id:
        return "PPR", one.preprint_id
    if one.pmid:
        return "MED", one.pmid
    if one.pmcid:
        return "PMC", one.pmcid
    return "AGR", f"IND{zlib.crc32(one.id.encode()):010}"


def _result(one: Publication) -> Json:
    """Render a record with the fields it has; Europe PMC leaves out what it does not know."""
    source, number = source_and_id(one)
    stated: Json = {
        "pmid": one.pmid,
        "pmcid": one.pmcid,
        "doi": one.doi,
        "title": stopped(one.title) if source == "MED" else one.title,
        "authorString": ", ".join(map(_full_name, one.authors)) + "." if one.authors else "",
        "authorList": _wrapped("author", map(_author, one.authors)),
        **_container(one, source),
        "pubYear": str(one.published.year) if one.published else "",
        "pageInfo": one.pages,
        "abstractText": "".join(map(_section, one.abstract)),
        "language": one.language if source == "MED" else "",
        "pubTypeList": _wrapped("pubType", one.types),
        "commentCorrectionList": _wrapped("commentCorrection", map(_relation, one.relations)),
        "meshHeadingList": _wrapped("meshHeading", map(_heading, one.mesh)),
        "keywordList": _wrapped("keyword", one.keywords),
        "isOpenAccess": {True: "Y", False: "N", None: ""}[one.open_access],
        "citedByCount": 0,
        "dateOfCreation": one.entered.isoformat(),
        "firstIndexDate": one.entered.isoformat(),
        "dateOfRevision": one.changed.isoformat(),
        "firstPublicationDate": str(one.published) if one.published and one.published.day else "",
    }
    return {"id": number, "source": source} | {name: value for name, value in stated.items() if value not in ("", None)}


def _container(one: Publication, source: str) -> Json:
    """Say where it stands: a preprint server is told as a publisher, a journal as a journal."""
    if source == "PPR":
        return {
            "bookOrReportDetails": {"publisher": one.journal, "yearOfPublication": one.published and one.published.year}
        }
    info: Json = {"journal": {"title": one.journal}}
    numbers = {"volume": one.volume, "issue": one.issue}
    info |= {name: number for name, number in numbers.items() if number}
    if one.published:
        info |= {"dateOfPublication": str(one.published.year), "yearOfPublication": one.published.year}
    return {"journalInfo": info} if one.journal or one.published else {}


def _wrapped(name: str, members: Iterable[Any]) -> Json | None:
    found = list(members)
    return {name: found} if found else None


def _initials(author: Author) -> str:
    return "".join(part[0] for part in author.given.split())


def _full_name(author: Author) -> str:
    return author.collective or f"{author.family} {_initials(author)}".strip()


def _author(author: Author) -> Json:
    if author.collective:
        return {"collectiveName": author.collective}
    names = {"fullName": _full_name(author), "firstName": author.given, "lastName": author.family}
    names["initials"] = _initials(author)
    return {field: name for field, name in names.items() if name}


def _section(section: Section) -> str:
    return f"<h4>{section.label.capitalize()}</h4>{section.text}" if section.label else section.text


def _heading(heading: str) -> Json:
    return {"majorTopic_YN": "N", "descriptorName": heading.partition(" ")[2]}


def _relation(pointer: Relation) -> Json:
    key = {"source": "PPR", "id": pointer.preprint_id} if pointer.preprint_id else {"source": "MED", "id": pointer.pmid}
    return {**key, "reference": pointer.citation, "type": _KINDS[pointer.kind]}
