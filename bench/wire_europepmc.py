"""Europe PMC's recordings, read by our adapter and straight from the JSON, its markup by lxml's HTML parser."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml.html import fragment_fromstring

from bench.wire import ManifestRow, Tally
from pipeline.errors import SourceFailed
from pipeline.harvest.europepmc import EuropePMC, check_answer
from pipeline.harvest.fetch import Answer
from pipeline.model import Record

_SOURCE = EuropePMC()


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every answer twice. Answers in XML, which the source never asks for, must at least be refused."""
    tally = Tally()
    for row in files:
        if row.status == "real, cassette":
            continue  # its decoded body is a recording of its own
        body = (folder / row.file).read_bytes()
        tally.files += 1
        if body.lstrip().startswith(b"{"):
            _compare_answer(tally, row, body)
        else:
            tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": True})
            tally.notes.append(f"{row.file}: {row.what}; not asked for, and refused")
    return tally


def _is_refused(body: bytes) -> bool:
    try:
        check_answer(Answer("", 200, {}, body))
    except SourceFailed:
        return True
    return False


def _compare_answer(tally: Tally, row: ManifestRow, body: bytes) -> None:
    announced = re.match(r"(\d+) results?", row.records)
    tally.expected += int(announced[1]) if announced else 0
    tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": False})
    for result in json.loads(body)["resultList"]["result"]:
        record = _SOURCE.read(json.dumps(result).encode())
        tally.read += 1
        tally.check(row.file, record.source_id, _ours(record), _other(result))


def _ours(record: Record) -> dict[str, object]:
    return {
        "abstract": _letters(" ".join(f"{part.label} {part.text}" for part in record.abstract)),
        "authors": len(record.authors),
        "doi": record.doi,
        "indexed": str(record.indexed or ""),
        "journal": record.journal,
        "keywords": len(record.keywords),
        "language": " ".join(record.languages),
        "mesh": set(record.mesh),
        "open": record.open_access,
        "orcids": sorted(author.orcid for author in record.authors if author.orcid),
        "pages": record.pages,
        "pmcid": record.pmcid,
        "pmid": record.pmid,
        "preprint": record.preprint_id,
        "published": str(record.published or ""),
        "relations": [(one.stated, one.pmid, one.citation) for one in record.relations],
        "title": _letters(record.title),
        "types": [kind.casefold() for kind in record.publication_types],
        "volume": record.volume,
    }


def _other(result: Mapping[str, Any]) -> dict[str, object]:
    journal = result.get("journalInfo", {})
    book = result.get("bookOrReportDetails", {})
    authors = result.get("authorList", {}).get("author", [])
    server = book.get("publisher", "") if result["source"] == "PPR" else ""
    corrections = result.get("commentCorrectionList", {}).get("commentCorrection", [])
    kinds = result.get("pubTypeList", {}).get("pubType") or re.split("; ", result.get("pubType", ""))
    return {
        "abstract": _letters(_plain(result.get("abstractText", ""))),
        "authors": len(authors) or len(re.findall(r"[^,]+", result.get("authorString", ""))),
        "doi": result.get("doi", "").lower(),
        "indexed": result.get("firstIndexDate", ""),
        "journal": journal.get("journal", {}).get("title")
        or result.get("journalTitle")
        or book.get("comprisingTitle")
        or server,
        "keywords": len(set(result.get("keywordList", {}).get("keyword", []))),
        "language": result.get("language", ""),
        "mesh": {one["descriptorName"] for one in result.get("meshHeadingList", {}).get("meshHeading", [])},
        "open": {"Y": True, "N": False}.get(result.get("isOpenAccess", "")),
        "orcids": sorted(one["authorId"]["value"] for one in authors if "authorId" in one),
        "pages": result.get("pageInfo", "").strip(),
        "pmcid": result.get("pmcid", result["id"] if result["source"] == "PMC" else ""),
        "pmid": result.get("pmid", result["id"] if result["source"] == "MED" else "").lstrip("0"),
        "preprint": result["id"] if result["source"] == "PPR" else "",
        "published": result.get("electronicPublicationDate") or _issued(result),
        "relations": [
            (one["type"], one["id"] if one["source"] == "MED" else "", one["reference"]) for one in corrections
        ],
        "title": _letters(_plain(result.get("title", ""))),
        "types": [kind.casefold() for kind in kinds if kind],
        "volume": str(journal.get("volume", result.get("journalVolume", ""))),
    }


def _issued(result: Mapping[str, Any]) -> str:
    stated = result.get("journalInfo", {}).get("dateOfPublication", "").strip()
    for form, precision in (("%Y %b %d", "%Y-%m-%d"), ("%Y %b", "%Y-%m")):
        with suppress(ValueError):
            return datetime.strptime(stated, form).strftime(precision)  # noqa: DTZ007  # a date, in no time zone
    posted = result.get("firstPublicationDate", "") if result["source"] == "PPR" else ""
    year = result.get("bookOrReportDetails", {}).get("yearOfPublication", result.get("pubYear", ""))
    return stated[:4] or posted or str(year)


def _plain(markup: str) -> str:
    unescaped = html.unescape(markup) if "&lt;" in markup else markup
    return str(fragment_fromstring(unescaped, create_parent=True).text_content())


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words)
