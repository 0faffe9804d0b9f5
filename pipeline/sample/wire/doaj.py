"""DOAJ: answers of the article search of its API in JSON.

Shape: https://doaj.org/api/v4/docs, and answers of 2026.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from pipeline.model import Author, Section
from pipeline.sample.world import Publication

Json = dict[str, Any]

_PAGE = 10  # pageSize, unless asked otherwise
_MOST = 100  # what a larger one is cut to
_SERVED = 1000
_REFUSED = re.compile(r"(?<!\\)[*?~]")
_WINDOW = re.compile(r"(created_date|last_updated):\[(\d{4}-\d\d-\d\d) TO (\d{4}-\d\d-\d\d)\}")
_LANGUAGES = {"eng": "EN", "chi": "ZH", "fre": "FR", "ger": "DE", "kor": "KO", "per": "FA", "ukr": "UK"}


def search(held: Sequence[Publication], query: str, params: Mapping[str, str]) -> tuple[int, bytes]:
    """Answer a search with a status and a body. ``query`` is the last part of the path, decoded.

    The words of a query are not looked at; its windows of ``created_date`` and ``last_updated`` are, and so are
    ``page``, ``pageSize`` and ``sort``, which may be ``created_date:asc`` or nothing.
    """
    page, size = max(1, int(params.get("page", "1"))), min(_MOST, int(params.get("pageSize", _PAGE)))
    start = (page - 1) * size
    if _REFUSED.search(query):
        return 400, _refusal("Query contains disallowed Lucene features")
    if start >= _SERVED:
        return 400, _refusal(f"You cannot access results beyond {_SERVED} records via this API.")
    found = [one for one in held if _passes(one, query)]
    if params.get("sort") == "created_date:asc":
        found.sort(key=lambda one: one.entered)
    content = {
        "total": len(found),
        "page": page,
        "pageSize": size,
        "timestamp": "2026-11-22T07:00:00.000000Z",
        "query": query,
        "results": [_result(one) for one in found[start : start + size]],
        **_pages(query, page, size, len(found)),
    }
    return 200, json.dumps(content).encode()


def article_id(one: Publication) -> str:
    """DOAJ's own id: 32 hex digits."""
    return hashlib.sha256(one.id.encode()).hexdigest()[:32]


def _refusal(words: str) -> bytes:
    error = f"{words} (ref: 00000000-0000-11f1-8000-000000000000)"
    return json.dumps({"status": "bad_request", "error": error}).encode()


def _passes(one: Publication, query: str) -> bool:
    """Whether it is within every window. The upper bound is excluded."""
    days = {"created_date": one.entered, "last_updated": one.changed}
    return all(
        date.fromisoformat(first) <= days[name] < date.fromisoformat(end) for name, first, end in _WINDOW.findall(query)
    )


def _pages(query: str, page: int, size: int, total: int) -> Json:
    """The addresses of other pages; the last one may lie beyond what is served."""
    if not total:
        return {}
    last = (total - 1) // size + 1
    places = {"prev": page - 1, "next": page + 1 if page < last else 0, "last": last}
    base = f"https://doaj.org/api/v4/search/articles/{quote(query, safe=':()')}"
    return {name: f"{base}?page={number}&pageSize={size}" for name, number in places.items() if number}


def _result(one: Publication) -> Json:
    return {
        "last_updated": f"{one.changed}T00:00:00Z",
        "bibjson": {name: value for name, value in _bibjson(one).items() if value},
        "id": article_id(one),
        "created_date": f"{one.entered}T00:00:00Z",
    }


def _bibjson(one: Publication) -> Json:
    """What a publisher sends, but for what it leaves empty."""
    start, _, end = one.pages.partition("-")
    journal = {
        "volume": one.volume,
        "number": one.issue,
        "language": [_LANGUAGES[one.language]] if one.language in _LANGUAGES else [],
        "title": one.journal,
    }
    address = one.url or (f"https://doi.org/{quote(one.doi)}" if one.doi else "")
    return {
        "identifier": [{"id": one.doi, "type": "doi"}] if one.doi else [],
        "journal": {name: value for name, value in journal.items() if value},
        "month": str(one.published.month or "") if one.published else "",
        "year": str(one.published.year) if one.published else "",
        "start_page": start,
        "end_page": end,
        "keywords": list(one.keywords),
        "author": [_author(author) for author in one.authors],
        "link": [{"content_type": "HTML", "type": "fulltext", "url": address}] if address else [],
        "abstract": " ".join(map(_section, one.abstract)),
        "title": one.title,
    }


def _author(author: Author) -> Json:
    name = author.collective or f"{author.given} {author.family}".strip()
    return {"name": name, "orcid_id": f"https://orcid.org/{author.orcid}"} if author.orcid else {"name": name}


def _section(section: Section) -> str:
    """A heading is a part of the text."""
    return f"{section.label.capitalize()}: {section.text}" if section.label else section.text
