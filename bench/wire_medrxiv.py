"""Recordings of the details API of medRxiv and bioRxiv, read by our adapter and straight from the JSON."""

import html
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.wire import ManifestRow, Tally
from pipeline.harvest.medrxiv import MedRxiv
from pipeline.model import Record

_SOURCE = MedRxiv()
_GROUP = re.compile(r"consortium|group|\bteam\b|network|collaborat", re.IGNORECASE)
# The address of the full text holds the day and the DOI's suffix, from which much can be told apart.
_FULL_TEXT = re.compile(r"https://(www\.\w+\.org)/content/early/([\d/]+)/(.*)\.source\.xml")


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every version twice, as a preprint of its own."""
    tally = Tally()
    for row in files:
        tally.files += 1
        tally.expected += int(row.records.split()[0])
        for version in json.loads((folder / row.file).read_bytes())["collection"]:
            record = _SOURCE.read(json.dumps([version]).encode())
            tally.read += 1
            tally.check(row.file, record.source_id, _ours(record), _other(version))
    return tally


def _ours(record: Record) -> dict[str, object]:
    return {
        "abstract": _letters(record.abstract_text),
        "article": [(one.stated, one.doi) for one in record.relations],
        "authors": [_letters(author.collective or author.family + author.given) for author in record.authors],
        "doi": record.doi,
        "groups": sum(bool(author.collective) for author in record.authors),
        "key": record.source_id,
        "keywords": list(record.keywords),
        "published": str(record.published),
        "server": record.journal,
        "title": _letters(record.title),
        "types": list(record.publication_types),
        "url": record.url,
    }


def _other(version: Mapping[str, str]) -> dict[str, object]:
    ((host, day, suffix),) = _FULL_TEXT.findall(version["jatsxml"])
    names = [name for name in re.split(r";\s*", version["authors"]) if name.strip(" ,")]
    doi = f"{version['doi'].partition('/')[0]}/{suffix}"
    return {
        "abstract": _letters(_plain(version["abstract"])),
        "article": [] if version["published"] == "NA" else [("published", version["published"].lower())],
        "authors": [_letters(_plain(name)) for name in names],
        "doi": doi,
        "groups": sum(bool(re.search(_GROUP, name)) for name in names),
        "key": doi,
        "keywords": [version["category"]],
        "published": day.replace("/", "-"),
        "server": {"www.medrxiv.org": "medRxiv", "www.biorxiv.org": "bioRxiv"}[host],
        "title": _letters(_plain(version["title"])),
        "types": ["Preprint", *(["Withdrawn preprint"] if version["title"].startswith("WITHDRAWN") else [])],
        "url": f"https://{host}/content/{doi}v{version['version']}",
    }


def _plain(words: str) -> str:
    return unicodedata.normalize("NFC", html.unescape(re.sub(r"</?[a-z]+>", "", words)))


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words)
