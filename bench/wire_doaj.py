"""DOAJ's recordings, read by our adapter and straight from the JSON, its markup by lxml's HTML parser."""

import calendar
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml.html import fragment_fromstring

from bench.wire import ManifestRow, Tally
from pipeline.errors import SourceFailed
from pipeline.harvest.doaj import DOAJ, check_answer
from pipeline.harvest.fetch import Answer
from pipeline.model import Record

_SOURCE = DOAJ()


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every article twice. One that was asked for by its id comes alone and is no result list."""
    tally = Tally()
    for row in files:
        if row.status == "real, cassette":
            continue  # its decoded body is a recording of its own
        body = (folder / row.file).read_bytes()
        content = json.loads(body)
        tally.files += 1
        tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": "results" not in content})
        for result in content.get("results", [content]):
            tally.expected += 1
            record = _SOURCE.read(json.dumps(result).encode())
            tally.read += 1
            tally.check(row.file, record.source_id, _ours(record), _other(result))
    return tally


def _is_refused(body: bytes) -> bool:
    try:
        check_answer(Answer("", 200, {}, body))
    except SourceFailed:
        return True
    return False


def _ours(record: Record) -> dict[str, object]:
    return {
        "abstract": _letters(record.abstract_text),
        "authors": [sorted(_letters(f"{one.given} {one.family} {one.collective}")) for one in record.authors],
        "doi": record.doi,
        "id": record.source_id,
        "indexed": str(record.indexed),
        "issue": record.issue,
        "journal": record.journal,
        "keywords": [_letters(word) for word in record.keywords],
        "languages": list(record.languages),
        "open": record.open_access,
        "orcids": [one.orcid for one in record.authors if one.orcid],
        "pages": record.pages,
        "published": str(record.published),
        "stated": record.published_stated,
        "title": _letters(record.title),
        "url": record.url,
        "volume": record.volume,
    }


def _other(result: Mapping[str, Any]) -> dict[str, object]:
    article = result["bibjson"]
    journal = article["journal"]
    authors = article["author"]
    addresses = [one["url"].strip() for one in article["link"] if one["type"] == "fulltext"]
    pages = [article.get(name, "") for name in ("start_page", "end_page")]
    codes = [code.lower() for code in journal["language"]]
    return {
        "abstract": _letters(_plain(article.get("abstract", ""))),
        "authors": [sorted(_letters(one["name"])) for one in authors],
        "doi": next((one["id"].lower() for one in article["identifier"] if one["type"] == "doi"), ""),
        "id": result["id"],
        "indexed": result["created_date"].partition("T")[0],
        "issue": journal.get("number", ""),
        "journal": journal["title"].strip(),
        "keywords": [_letters(_plain(word)) for word in dict.fromkeys(article.get("keywords", []))],
        "languages": codes if len(codes) == 1 else [],
        "open": True,
        "orcids": [one["orcid_id"].rpartition("/")[2] for one in authors if one.get("orcid_id")],
        "pages": "-".join(dict.fromkeys(page for page in pages if page not in {"", "n/a"})),
        "published": _published(article),
        "stated": "",
        "title": _letters(_plain(article["title"])),
        "url": addresses[0] if addresses else f"https://doaj.org/article/{result['id']}",
        "volume": journal["volume"],
    }


def _published(article: Mapping[str, Any]) -> str:
    month = article.get("month", "")
    names = [name.lower() for name in calendar.month_name]
    number = int(month) if month.isdigit() else names.index(month.lower())
    return f"{article['year']}-{number:02}" if number else str(article["year"])


def _plain(markup: str) -> str:
    return str(fragment_fromstring(markup, create_parent=True).text_content())


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words)
