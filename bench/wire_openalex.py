"""OpenAlex's recordings, read by our adapter and straight from the JSON, abstracts by walking their places."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.wire import ManifestRow, Tally
from pipeline.errors import SourceFailed
from pipeline.harvest.fetch import Answer
from pipeline.harvest.openalex import OpenAlex, check_answer
from pipeline.model import Record

_SOURCE = OpenAlex()


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every work of every answer twice. What is no whole list, which is all that is asked for, must be refused."""
    tally = Tally()
    for row in files:
        if row.status == "real, cassette" or row.file.endswith(".ipynb"):
            continue  # a cassette's decoded body is a recording of its own; notebooks hold excerpts only
        body = (folder / row.file).read_bytes()
        tally.files += 1
        content = json.loads(body) if body.startswith(b"{") else {}
        whole = isinstance(content.get("meta"), dict)
        tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": not whole})
        if not whole:
            tally.notes.append(f"{row.file}: no list of works with a count; refused")
        announced = re.match(r"(\d+)", row.records)
        works = list(_works(content))
        tally.expected += int(announced[1]) if announced and works else 0
        for work in works:
            tally.read += 1
            record = _SOURCE.read(json.dumps(work).encode())
            tally.check(row.file, record.source_id, _ours(record), _other(work))
    return tally


def _is_refused(body: bytes) -> bool:
    try:
        check_answer(Answer("", 200, {}, body))
    except SourceFailed:
        return True
    return False


def _works(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give the works of a list, or the single work that the answer is; none if it is less than that."""
    yield from content.get("results", [content] if "id" in content else [])


def _ours(record: Record) -> dict[str, object]:
    return {
        "abstract": record.abstract_text,
        "authors": [f"{one.given} {one.family}{one.collective}".split() for one in record.authors],
        "doi": record.doi,
        "indexed": str(record.indexed or ""),
        "journal": record.journal,
        "mesh": set(record.mesh),
        "open": record.open_access,
        "orcids": [author.orcid for author in record.authors if author.orcid],
        "pages": record.pages,
        "pmid": record.pmid,
        "published": str(record.published or ""),
        "title": record.title,
        "types": set(record.publication_types),
        "volume": (record.volume, record.issue),
    }


def _other(work: Mapping[str, Any]) -> dict[str, object]:
    people = work.get("authorships") or []
    location = work.get("primary_location") or {}
    biblio = work.get("biblio") or {}
    numbers = [number for number in (biblio.get("first_page"), biblio.get("last_page")) if number]
    orcids = [one["author"].get("orcid") or "" for one in people]
    return {
        "abstract": _abstract(work.get("abstract_inverted_index") or {}),
        "authors": [one["raw_author_name"].split() for one in people],
        "doi": (work.get("doi") or "").removeprefix("https://doi.org/").lower(),
        "indexed": (work.get("created_date") or "").partition("T")[0],
        "journal": (location.get("source") or {}).get("display_name") or "",
        "mesh": {one["descriptor_name"] for one in work.get("mesh") or []},
        "open": (work.get("open_access") or {}).get("is_oa"),
        "orcids": [orcid.rsplit("/", 1)[1] for orcid in orcids if orcid],
        "pages": "-".join(numbers),
        "pmid": "".join(re.findall(r"\d+$", (work.get("ids") or {}).get("pmid", ""))),
        "published": work.get("publication_date") or "",
        "title": html.unescape(work["display_name"]),
        "types": {work["type"]} if "type" in work else set(),
        "volume": (biblio.get("volume") or "", biblio.get("issue") or ""),
    }


def _abstract(index: Mapping[str, Sequence[int]]) -> str:
    """Fill a list, place by place."""
    words = [""] * (1 + max((max(places) for places in index.values()), default=-1))
    for word, places in index.items():
        for place in places:
            words[place] = word
    return " ".join(html.unescape(" ".join(words)).split())
