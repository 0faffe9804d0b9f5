"""OpenAlex: answers of ``/works`` in JSON.

Shape: https://developers.openalex.org/api-reference/works, and recorded answers of March 2026.
"""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Author
from pipeline.sample.world import Publication

Json = dict[str, Any]

_DEFAULT_PAGE, _MOST = 25, 100
_TYPES = {
    "Preprint": "preprint",
    "Retraction of Publication": "retraction",
    "Published Erratum": "erratum",
    "Review": "review",
    "Systematic Review": "review",
}
_LANGUAGES = {"eng": "en", "chi": "zh", "fre": "fr", "ger": "de", "jpn": "ja", "kor": "ko", "per": "fa", "ukr": "uk"}


def works(held: Sequence[Publication], request: Mapping[str, str]) -> tuple[int, bytes]:
    """Give status and body for what was asked: the page behind ``cursor``, newest publications first.

    Every publication held is taken for a hit. A cursor is given only with a full page, and is null at the end.
    """
    start, size = _start(request.get("cursor", "*")), int(request.get("per_page", _DEFAULT_PAGE))
    if start is None or not 1 <= size <= _MOST:
        return 400, error("Pagination error.", "Invalid cursor value, or per_page not between 1 and 100")
    if not request.get("filter", "").partition(":")[2]:
        return 400, error("Invalid query parameters error.", "Invalid query parameter in filter")
    newest = sorted(held, key=lambda one: (_published(one), work_id(one)), reverse=True)
    page = newest[start : start + size]
    meta = {
        "count": len(held),
        "db_response_time_ms": 59,
        "page": None,
        "per_page": size,
        "next_cursor": _cursor(start + size) if len(page) == size else None,
        "groups_count": None,
        "cost_usd": 0.001,
    }
    fields = frozenset(filter(None, request.get("select", "").split(",")))
    results = [_selected(_work(one), fields) for one in page]
    return 200, json.dumps({"meta": meta, "results": results, "group_by": []}).encode()


def error(kind: str, message: str) -> bytes:
    """Render what OpenAlex answers, with status 400, to a request it cannot read."""
    return json.dumps({"error": kind, "message": message}).encode()


def work_id(one: Publication) -> str:
    """Give OpenAlex's own id, a number made from ours."""
    return f"W{9_000_000_000 + zlib.crc32(one.id.encode())}"


def _cursor(start: int) -> str:
    """Write a cursor: base64, as OpenAlex's are, which an address can hold only encoded."""
    return base64.b64encode(f'"[{start:06}]"'.encode()).decode()


def _start(cursor: str) -> int | None:
    """Read the place to go on from; None if the cursor is none of ours."""
    if cursor == "*":
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().strip('"[]'))
    except ValueError:
        return None


def _published(one: Publication) -> str:
    """Give a whole day, as OpenAlex always does: the first one of a month or year."""
    when = one.published
    return f"{when.year:04}-{when.month or 1:02}-{when.day or 1:02}" if when else ""


def _selected(work: Json, fields: frozenset[str]) -> Json:
    return {name: value for name, value in work.items() if not fields or name in fields}


def _work(one: Publication) -> Json:
    """Render a work with all its members: OpenAlex states what it does not know as null."""
    number, doi = f"https://openalex.org/{work_id(one)}", f"https://doi.org/{one.doi.lower()}" if one.doi else None
    return {
        "id": number,
        "doi": doi,
        "title": one.title,
        "display_name": one.title,
        "publication_year": one.published and one.published.year,
        "publication_date": _published(one) or None,
        "ids": _ids(one, number, doi),
        "language": _LANGUAGES.get(one.language),
        "primary_location": _location(one, doi),
        "type": next((_TYPES[kind] for kind in one.types if kind in _TYPES), "article"),
        "open_access": {"is_oa": bool(one.open_access), "oa_status": "gold" if one.open_access else "closed"},
        "authorships": [_authorship(author) for author in one.authors],
        "biblio": _biblio(one),
        "is_retracted": "Retracted Publication" in one.types,
        "mesh": [_mesh(heading) for heading in one.mesh],
        "keywords": [],
        "abstract_inverted_index": _index(" ".join(f"{part.label} {part.text}".strip() for part in one.abstract)),
        "updated_date": f"{one.changed.isoformat()}T00:00:00.000000",
        "created_date": f"{one.entered.isoformat()}T00:00:00",
    }


def _ids(one: Publication, number: str, doi: str | None) -> Json:
    stated = {
        "openalex": number,
        "doi": doi,
        "pmid": f"https://pubmed.ncbi.nlm.nih.gov/{one.pmid}" if one.pmid else None,
        "pmcid": f"https://www.ncbi.nlm.nih.gov/pmc/articles/{one.pmcid.removeprefix('PMC')}" if one.pmcid else None,
    }
    return {name: address for name, address in stated.items() if address}


def _location(one: Publication, doi: str | None) -> Json:
    preprint = "Preprint" in one.types
    kind = "repository" if preprint else "journal"
    return {
        "is_oa": bool(one.open_access),
        "landing_page_url": doi or one.url or None,
        "source": {"display_name": one.journal, "type": kind} if one.journal else None,
        "version": "submittedVersion" if preprint else "publishedVersion",
    }


def _biblio(one: Publication) -> Json:
    first, _, last = one.pages.partition("-")
    return {
        "volume": one.volume or None,
        "issue": one.issue or None,
        "first_page": first or None,
        "last_page": last or first or None,
    }


def _authorship(author: Author) -> Json:
    name = author.collective or f"{author.given} {author.family}".strip()
    orcid = f"https://orcid.org/{author.orcid}" if author.orcid else None
    return {"author": {"display_name": name, "orcid": orcid}, "raw_author_name": name}


def _mesh(heading: str) -> Json:
    number, _, name = heading.partition(" ")
    return {"descriptor_ui": number, "descriptor_name": name, "qualifier_ui": "", "is_major_topic": False}


def _index(words: str) -> dict[str, list[int]] | None:
    """Say of each word where it stands; null for no words at all."""
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words.split()):
        index.setdefault(word, []).append(place)
    return index or None
