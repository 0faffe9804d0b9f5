"""Recorded feeds, read by our adapter and by lxml with XPath, knowing of each file how its publisher writes."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.html import fragment_fromstring

from bench.wire import ManifestRow, Tally
from pipeline.errors import SourceFailed
from pipeline.harvest.feed_entry import record
from pipeline.harvest.feeds import parse
from pipeline.harvest.fetch import Answer
from pipeline.model import Record

_ONE_NAME_EACH = ("cambridge", "ojs", "tandf", "search_feed")


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every feed twice. What is no feed must be refused."""
    tally = Tally()
    for row in files:
        body = (folder / row.file).read_bytes()
        tally.files += 1
        if row.file.endswith(".json"):
            tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": True})
            tally.notes.append(f"{row.file}: {row.what}; no feed, and refused")
        else:
            tally.expected += int(row.records.split()[0])
            _compare_feed(tally, row.file, body)
    return tally


def _is_refused(body: bytes) -> bool:
    try:
        parse(Answer("", 200, {}, body))
    except SourceFailed:
        return True
    return False


def _compare_feed(tally: Tally, file: str, body: bytes) -> None:
    parsed = parse(Answer("https://feed.example.org/", 200, {}, body))
    ours = [record(entry, "feed:bench") for entry in parsed.entries]
    others = list(_items(file, body))
    tally.read += len(ours)
    keys = [one.source_id for one in ours]
    tally.check(file, "-", {"items": len(ours), "keys": len(set(keys))}, {"items": len(others), "keys": len(others)})
    for one, other in zip(ours, others, strict=False):
        tally.check(file, one.source_id, _ours(one), other)


def _ours(one: Record) -> dict[str, object]:
    return {
        "abstract": bool(one.abstract),
        "authors": len(one.authors),
        "doi": one.doi,
        "journal": one.journal,
        "link": one.url.partition("?")[0],
        "pmcid": one.pmcid,
        "pmid": one.pmid,
        "published": str(one.published or ""),
        "title": _letters(one.title),
        "types": " ".join(one.publication_types),
        "volume": one.volume,
    }


def _items(file: str, body: bytes) -> Iterator[dict[str, object]]:
    name = Path(file).name
    root: Any = etree.fromstring(body)  # Any: what an XPath finds here is known
    for item in root.xpath("//*[local-name()='item' or local-name()='entry']"):
        texts: dict[str, list[str]] = {}
        for child in item:
            if isinstance(child.tag, str):
                words = child.get("href") or "".join(child.itertext())
                texts.setdefault(etree.QName(child).localname, []).append(words.strip())
        yield _item(name, {label: [one for one in words if one] for label, words in texts.items()}, root)


def _item(name: str, texts: dict[str, list[str]], root: Any) -> dict[str, object]:
    def first(*labels: str) -> str:
        return next((words for label in labels for words in texts.get(label, [])), "")

    pmid = first("guid").removeprefix("pubmed:") if name.startswith("search_feed") else ""
    prose = " ".join([*texts.get("encoded", []), *texts.get("description", [])])
    citation = re.search(r"\. (\d{4}(?: [A-Z][a-z]{2})?(?: \d+)?)[.;:]", prose)
    return {
        "abstract": _has_abstract(name, texts),
        "authors": _authors(name, texts),
        "doi": _doi(texts),
        "journal": _journal(name, first("publicationTitle", "source"), root),
        "link": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else _link(name, first("link")),
        "pmcid": (re.findall(r"PMC\d+", prose) or [""])[0] if pmid else "",
        "pmid": pmid,
        "published": _worded(citation[1]) if pmid and citation else _published(texts),
        "title": _letters(_plain(first("title"))),
        "types": first("section"),
        "volume": first("volume"),
    }


def _has_abstract(name: str, texts: dict[str, list[str]]) -> bool:
    if name.startswith(("sciencedirect", "tandf")):
        return False
    label = "encoded" if name.startswith("wiley") else "description"
    prose = " ".join(texts.get(label, []) + texts.get("summary", []) + texts.get("content", []))
    return bool(_letters(_plain(prose)))


def _authors(name: str, texts: dict[str, list[str]]) -> int:
    stated = texts.get("creator", []) + texts.get("author", [])
    prose = " ".join(texts.get("description", []))
    if name.startswith(_ONE_NAME_EACH):
        return len(stated)
    if name.startswith("wiley"):
        return sum(bool(line.strip(" ,")) for names in stated for line in names.splitlines())
    if name.startswith("cnki"):
        return prose.partition("</br>")[0].count(";")
    described = re.search(r"Author(?:s|\(s\)): ([^<]*)", prose)
    names = described[1] if described else " ".join(stated)
    return len([one for one in re.split(r", | and ", names.removesuffix(" et al.")) if one.strip()])


def _doi(texts: dict[str, list[str]]) -> str:
    places = [*texts.get("identifier", []), *texts.get("doi", []), *texts.get("guid", []), *texts.get("link", [])]
    described = re.findall(r"<p>DOI: (10\.[^<]*)", " ".join(texts.get("description", [])))
    found = (re.search(r"10\.\d{4,}/[^?\s]+", place) for place in [*places, *described])
    return next((one[0].lower() for one in found if one), "")


def _journal(name: str, stated: str, root: Any) -> str:
    if name.startswith("feedjira"):
        return ""
    if stated and not name.startswith("wiley"):
        return stated
    title = "".join(root.xpath("(//*[local-name()='title'])[1]/text()")).strip()
    return re.sub(r"^.*?(?:Publication: |from |Wiley: )|-CNKI$|: .*? (?:Articles|Contents)$| Current Issue$", "", title)


def _published(texts: dict[str, list[str]]) -> str:
    for label in ("publicationDate", "published", "pubDate", "updated", "date"):
        for words in texts.get(label, []):
            if "," in words:
                return str(parsedate_to_datetime(words).date())
            return words[:10]
    described = re.search(r"Publication date: ([^<]*)", " ".join(texts.get("description", [])))
    return _worded(described[1]) if described else ""


def _worded(stated: str) -> str:
    date = stated.removeprefix("Available online ")
    forms = {"%Y %b %d": "%Y-%m-%d", "%Y %b": "%Y-%m", "%B %Y": "%Y-%m", "%d %B %Y": "%Y-%m-%d", "%Y": "%Y"}
    for form, precision in forms.items():
        with suppress(ValueError):
            return datetime.strptime(date, form).strftime(precision)  # noqa: DTZ007  # a date, in no time zone
    year = re.search(r"\d{4}", date)
    return year[0] if year else ""


def _link(name: str, link: str) -> str:
    if name.startswith("cnki"):
        return ""  # encrypted anew for every visit
    wrapped = re.search(r"google\.com/url\?.*?&url=(.*?)&ct=", link)
    return re.split(r"[?#]", wrapped[1] if wrapped else link)[0]


def _plain(markup: str) -> str:
    return str(fragment_fromstring(markup, create_parent=True).text_content()) if markup else ""


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words)
