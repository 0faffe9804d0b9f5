"""Semantic Scholar's recordings, read by our adapter and straight from the JSON, its markup by lxml's HTML parser."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml.html import fragment_fromstring

from bench.wire import ManifestRow, Tally
from pipeline.errors import RecordRejected, SourceFailed
from pipeline.harvest.fetch import Answer
from pipeline.harvest.semanticscholar import SemanticScholar, check_answer
from pipeline.model import Record

_SOURCE = SemanticScholar()


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every answer twice. What comes from elsewhere than a search must be refused as an answer of one."""
    tally = Tally()
    for row in files:
        if row.status == "real, cassette":
            continue  # its decoded body is a recording of its own
        tally.files += 1
        body = (folder / row.file).read_bytes()
        content = json.loads(body)
        is_search = isinstance(content, dict) and "total" in content
        tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": not is_search})
        if not is_search:
            tally.notes.append(f"{row.file}: {row.what}; no answer of a search, and refused as one")
        announced = re.match(r"(\d+) records?", row.records)
        papers = list(_papers(content))
        tally.expected += int(announced[1]) if announced else len(papers)
        for paper in papers:
            record = _SOURCE.read(json.dumps(paper).encode())
            tally.read += 1
            ours, other = _ours(record), _other(paper)
            if "<tex-math" in paper.get("title", "") and ours["title"] != other["title"]:
                tally.notes.append(f"{row.file}: {record.source_id}: its title holds JATS that is shown as it stands")
                ours["title"] = other["title"]
            tally.check(row.file, record.source_id, ours, other)
    _compare_walk(tally, folder, files)
    return tally


def _is_refused(body: bytes) -> bool:
    try:
        check_answer(Answer("", 200, {}, body))
    except SourceFailed:
        return True
    return False


def _papers(content: Any) -> Iterator[Mapping[str, Any]]:
    """Give what is recorded in place of papers, too, as far as it is one; the rest must be rejected."""
    for member in content if isinstance(content, list) else content.get("data", []):
        if member:
            yield member
        else:
            try:
                _SOURCE.read(json.dumps(member).encode())
            except RecordRejected:
                continue
            raise AssertionError(f"read as a record: {member!r}")


def _compare_walk(tally: Tally, folder: Path, files: Sequence[ManifestRow]) -> None:
    """The pages of one recorded walk, taken together, hold what each of them announces, and only the last no token."""
    walk = sorted(row.file for row in files if re.search(r"decoded/.*traversing_results\.\d\.json$", row.file))
    pages = [json.loads((folder / file).read_bytes()) for file in walk]
    ids = {paper["paperId"] for page in pages for paper in page["data"]}
    ours: dict[str, object] = {"papers": {len(ids)}, "tokens": [bool(page.get("token")) for page in pages]}
    other: dict[str, object] = {
        "papers": {page["total"] for page in pages},
        "tokens": [True] * len(pages[1:]) + [False],
    }
    tally.check("the pages of one walk", "-", ours, other)


def _ours(record: Record) -> dict[str, object]:
    return {
        "abstract": _letters(record.abstract_text),
        "authors": [f"{author.given} {author.family}".strip() or author.collective for author in record.authors],
        "doi": record.doi,
        "id": record.source_id,
        "journal": record.journal,
        "open": record.open_access,
        "pages": record.pages,
        "pmcid": record.pmcid,
        "pmid": record.pmid,
        "published": str(record.published or ""),
        "title": _letters(record.title),
        "url": record.url,
        "volume": record.volume,
    }


def _other(paper: Mapping[str, Any]) -> dict[str, object]:
    ids = paper.get("externalIds", {})
    journal = paper.get("journal") or {}
    container = journal.get("name") or paper.get("venue") or ""
    arxiv = f"10.48550/arxiv.{ids['ArXiv']}" if "ArXiv" in ids and "arxiv" in container.lower() else ""
    day = paper.get("publicationDate") or str(paper.get("year") or "")
    return {
        "abstract": _letters(_plain(paper.get("abstract") or "")),
        "authors": [" ".join(author["name"].split()) for author in paper.get("authors", [])],
        "doi": ids.get("DOI", "").lower() or arxiv,
        "id": paper["paperId"],
        "journal": container,
        "open": True if (paper.get("openAccessPdf") or {}).get("url") else None,
        "pages": " ".join(journal.get("pages", "").split()),
        "pmcid": f"PMC{ids['PubMedCentral']}" if "PubMedCentral" in ids else "",
        "pmid": ids.get("PubMed", ""),
        "published": re.sub("-01$", "", re.sub("-01-01$", "", day)),
        "title": _letters(_plain(paper.get("title", ""))),
        "url": paper.get("url", f"https://www.semanticscholar.org/paper/{paper['paperId']}"),
        "volume": journal.get("volume", ""),
    }


def _plain(markup: str) -> str:
    unescaped = html.unescape(markup) if "&lt;" in markup else markup
    return str(fragment_fromstring(unescaped, create_parent=True).text_content())


def _letters(words: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFC", words))
