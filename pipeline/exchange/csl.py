"""CSL-JSON, as Zotero, Mendeley, Crossref and pandoc write it (CSL 1.0.2, "csl-data.json")."""

import json
from collections.abc import Iterable, Iterator, Mapping

from pipeline.exchange.fields import Fields, Item, notes, words
from pipeline.exchange.people import named
from pipeline.model import Author, PartialDate

_TELLING = ("type", "issued", "container-title", "DOI", "PMID", "PMCID", "URL", "ISSN", "genre")
_SAME = {
    "record_id": "id",
    "title": "title",
    "abstract": "abstract",
    "journal": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "url": "URL",
    "language": "language",
    "keywords": "keyword",
    "publication_types": "genre",
}


def is_csl(stated: Fields) -> bool:
    """Whether an object is an item of CSL-JSON, and not a record of litwatch's own."""
    return "record_id" not in stated and (
        isinstance(stated.get("author"), list) or any(key in stated for key in _TELLING)
    )


def fields(stated: Fields) -> Fields:
    """What an item says, in the fields that all formats share."""
    found: dict[str, object] = {ours: stated[theirs] for ours, theirs in _SAME.items() if theirs in stated}
    authors = stated.get("author")
    found["authors"] = [one for person in authors for one in _author(person)] if isinstance(authors, list) else []
    found["date"] = _date(stated.get("issued"))
    found["nct"] = [words(stated.get("note"))]
    return found


def _author(person: object) -> tuple[Author, ...]:
    if not isinstance(person, Mapping):
        return named(person) if isinstance(person, str) else ()
    if literal := words(person.get("literal")):
        return (Author(collective=literal),)
    parts = (words(person.get(key)) for key in ("non-dropping-particle", "dropping-particle", "family", "suffix"))
    author = Author(" ".join(filter(None, parts)), words(person.get("given")))
    return (author,) if author.family or author.given else ()


def _date(issued: object) -> str:
    """A date in parts (numbers, or text as some programs write them), or in the source's words."""
    if not isinstance(issued, Mapping):
        return words(issued)
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(filter(None, map(words, parts[0])))
    return words(issued.get("raw")) or words(issued.get("literal"))


# --- writing --------------------------------------------------------------------------------------


def to_csl_json(items: Iterable[Item]) -> Iterator[str]:
    """An array of items. MeSH headings have no variable of their own and are left out."""
    before = "[\n"
    for item in items:
        yield before + json.dumps(_item(item), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _item(item: Item) -> Mapping[str, object]:
    record = item.record
    stated: dict[str, object] = {
        "id": item.record_id,
        "type": "article-journal" if record.journal else "document",
        "title": record.title,
        "author": [_person(author) for author in record.authors],
        "container-title": record.journal,
        "issued": {"date-parts": [_parts(record.published)]} if record.published else None,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "URL": record.url,
        "language": record.languages[0] if record.languages else "",
        "keyword": "; ".join(record.keywords),
        "genre": "; ".join(record.publication_types),
        "note": " ".join(notes(record)),
        "abstract": record.abstract_text,
    }
    return {key: value for key, value in stated.items() if value}


def _parts(date: PartialDate) -> list[int]:
    return [part for part in (date.year, date.month, date.day) if part]


def _person(author: Author) -> Mapping[str, str]:
    if author.collective:
        return {"literal": author.collective}
    return {key: part for key, part in (("family", author.family), ("given", author.given)) if part}
