"""Semantic Scholar: answers of the Academic Graph's bulk search in JSON.

Shape: https://api.semanticscholar.org/api-docs/graph, and answers of 2024 to 2026.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Author, Section
from pipeline.sample.world import Publication

Json = dict[str, Any]

_TOKEN = re.compile(r"PCO(\d+)")  # ours look like Semantic Scholar's and hold the place to go on from
_PAGE = 1000


def bulk(held: Sequence[Publication], params: Mapping[str, str], size: int = _PAGE) -> tuple[int, bytes]:
    """Answer a request to ``/paper/search/bulk`` with a status and a body, ``size`` papers a page.

    The query is not evaluated; ``fields`` and ``token`` are. Papers come in the order of their ids.
    """
    place = _TOKEN.fullmatch(params.get("token", "PCO0"))
    if not params.get("query", "").strip() or place is None:
        return 400, _error("Missing or invalid parameters")
    papers = sorted(map(_paper, held), key=lambda paper: str(paper["paperId"]))
    fields = ["paperId", *params.get("fields", "title").split(",")]
    if unknown := [field for field in fields if papers and field not in papers[0]]:
        return 400, _error(f"Unrecognized or unsupported fields: [{', '.join(unknown)}]")
    start = int(place[1])
    page = [{field: paper[field] for field in fields} for paper in papers[start : start + size]]
    token = f"PCO{start + size}" if start + size < len(papers) else None
    return 200, json.dumps({"total": len(papers), "token": token, "data": page}).encode()


def paper_id(one: Publication) -> str:
    """Give the 40 hex digits of a paper, made from the publication's id."""
    return hashlib.sha1(one.id.encode(), usedforsecurity=False).hexdigest()


def _error(words: str) -> bytes:
    return json.dumps({"error": words}).encode()


def _paper(one: Publication) -> Json:
    """Render a paper with all its fields: what is not known is null, except for a few that are empty."""
    stated = {"DOI": one.doi, "PubMed": one.pmid, "PubMedCentral": one.pmcid.removeprefix("PMC")}
    ids: Json = {name: number for name, number in stated.items() if number}
    journal = {"name": one.journal, "volume": one.volume, "pages": one.pages}
    day = one.published if one.published and one.published.day else None
    return {
        "paperId": paper_id(one),
        "externalIds": ids | {"CorpusId": zlib.crc32(one.id.encode())},
        "title": one.title,
        "abstract": " ".join(map(_section, one.abstract)) or None,
        "venue": one.journal,
        "year": one.published.year if one.published else None,
        "openAccessPdf": {"url": one.url or f"https://doi.org/{one.doi}", "status": "GREEN"}
        if one.open_access
        else None,
        "publicationDate": str(day) if day else None,
        "journal": {name: value for name, value in journal.items() if value} or None,
        "authors": [{"authorId": str(zlib.crc32(_name(each).encode())), "name": _name(each)} for each in one.authors],
    }


def _section(section: Section) -> str:
    return f"{section.label}: {section.text}" if section.label else section.text


def _name(author: Author) -> str:
    return author.collective or f"{author.given} {author.family}".strip()
