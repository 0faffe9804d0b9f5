"""Crossref's recordings, read by our adapter and straight from the JSON, its markup by lxml's HTML parser."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml.html import fragment_fromstring

from bench.wire import ManifestRow, Tally
from pipeline.errors import SourceFailed
from pipeline.harvest.crossref import Crossref, check_answer
from pipeline.harvest.fetch import Answer
from pipeline.model import Record

_SOURCE = Crossref()
_UNNAMED = re.compile(r"(<[^<>]*title[^<>]*>)\s*abstract\s*(</[^<>]*title>)", re.IGNORECASE)


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every answer twice. What is no list of works, and no single work, must at least be refused."""
    tally = Tally()
    for row in files:
        if row.status == "real, cassette":
            continue  # its decoded body is a recording of its own
        body = (folder / row.file).read_bytes()
        tally.files += 1
        works = _works(body)
        if works is None:
            tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": True})
            tally.notes.append(f"{row.file}: {row.what}; no work in it, and refused")
        else:
            _compare_works(tally, row, works)
            if "items" in json.loads(body)["message"]:
                tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": False})
    return tally


def _works(body: bytes) -> list[Any] | None:
    """The works of a list, or the one work that was asked for by its DOI; None if the answer has another shape."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    message = content.get("message")
    if content.get("message-type") == "work-list":
        return list(message["items"])
    return [message] if isinstance(message, dict) and "DOI" in message else None


def _is_refused(body: bytes) -> bool:
    try:
        check_answer(Answer("", 200, {}, body))
    except SourceFailed:
        return True
    return False


def _compare_works(tally: Tally, row: ManifestRow, works: Sequence[Any]) -> None:
    announced = re.match(r"(\d+)", row.records)
    tally.expected += int(announced[1]) if announced else len(works)  # the manifest counts most of them
    for work in works:
        record = _SOURCE.read(json.dumps(work).encode())
        tally.read += 1
        tally.check(row.file, record.source_id, _ours(record), _other(work))


def _ours(record: Record) -> dict[str, object]:
    return {
        "abstract": _letters(" ".join(f"{part.label} {part.text}" for part in record.abstract)),
        "authors": [_letters(f"{one.given}{one.family}{one.collective}") for one in record.authors],
        "doi": record.doi,
        "indexed": str(record.indexed or ""),
        "issue": record.issue,
        "journal": _letters(record.journal),
        "language": " ".join(record.languages),
        "orcids": [author.orcid for author in record.authors if author.orcid],
        "pages": record.pages,
        "preprint": record.is_preprint,
        "published": str(record.published or ""),
        "relations": sorted((one.stated.rpartition(" ")[0] or one.stated, one.doi) for one in record.relations),
        "title": _letters(record.title),
        "trials": [number.casefold() for number in record.registrations],
        "type": record.publication_types[:1],
        "vernacular": record.vernacular_title,
        "volume": record.volume,
    }


def _other(work: Mapping[str, Any]) -> dict[str, object]:
    authors = [one for one in work.get("author", []) if one.keys() & {"family", "given", "name"}]
    preprint = work.get("subtype") == "preprint"
    server = [one["name"] for one in work.get("institution", [])] if preprint else []
    updates = work.get("update-to", []) + work.get("updated-by", [])
    relation = work.get("relation", {})
    links = [(name, one["id"]) for name in ("is-preprint-of", "has-preprint") for one in relation.get(name, [])]
    names = [(one["type"].replace("_", " "), one["DOI"]) for one in updates]
    titles = [_plain((work.get(name) or [""])[0]) for name in ("title", "subtitle")]
    return {
        "abstract": _letters(_plain(_UNNAMED.sub("", work.get("abstract", "")))),
        "authors": [_letters("".join(one.get(name, "") for name in ("given", "family", "name"))) for one in authors],
        "doi": work["DOI"].lower().rstrip("."),
        "indexed": _day(work.get("created")),
        "issue": work.get("issue", ""),
        "journal": _letters(_plain(max(work.get("container-title") or server[:1] or [""], key=len))),
        "language": work.get("language", ""),
        "orcids": [one["ORCID"].rpartition("/")[2] for one in authors if "ORCID" in one],
        "pages": work.get("page", work.get("article-number", "")),
        "preprint": preprint,
        "published": _earliest(work),
        "relations": sorted((name, doi.lower()) for name, doi in {*links, *names}),
        "title": _letters(titles[0] if titles[1].lower() in titles[0].lower() else "".join(titles)),
        "trials": [one["clinical-trial-number"] for one in work.get("clinical-trial-number", [])],
        "type": (work["type"],) if "type" in work else (),
        "vernacular": "",  # every recorded original title is the title itself
        "volume": work.get("volume", ""),
    }


def _earliest(work: Mapping[str, Any]) -> str:
    """The earliest of the dates that are stated, where an unknown month or day is as late as can be."""
    names = ("posted", "published-online", "published-print", "published-other", "published", "issued")
    dates = [_day(work.get(name)) for name in names]
    return min(filter(None, dates), key=lambda date: (date + "-99-99")[:10], default="")


def _day(stated: Any) -> str:
    parts = stated["date-parts"][0] if stated else []
    return "-".join(f"{part:02}" for part in parts if part)


def _plain(markup: str) -> str:
    """What an HTML parser makes of it; films are set in pointed brackets, and markup is never in capitals."""
    unescaped = html.unescape(markup) if "&" in markup else markup
    bare = re.sub(r"<(/?)(?:jats|ns\d|mml):", r"<\1", re.sub(r"<(?=[A-Z])", "&lt;", unescaped))
    return str(fragment_fromstring(bare, create_parent=True).text_content())


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words)
