"""Records in flat fields: the names and meanings that all formats share, read into a record and written from one.

The fields are those of litwatch's own JSON lines and CSV (docs/cli.md). A format's reader names what it finds by them;
what a field may hold (text, numbers, lists) is settled here.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline import text
from pipeline.exchange import dates, identifiers, people, sections
from pipeline.exchange.identifiers import Identifiers
from pipeline.model import Author, Record, Section

SOURCE = "import"
"""What a record that was read from a file has as its source."""

RETRACTED = "Retracted Publication"
"""NLM's publication type, by which a record says that it is retracted."""

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of a file: the line it begins on, and what stands there, as text or cell by cell."""

    line: int
    record: Record
    raw: str | Fields

    @property
    def record_id(self) -> str:
        """Its id as the file states it; empty if it states none."""
        return self.record.source_id

    @property
    def payload(self) -> bytes:
        """What stands in the file, to be kept."""
        return _kept(self.raw)


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read of a file: the line it begins on, what is wrong, and what stands there."""

    line: int
    what: str
    raw: str | Fields

    @property
    def payload(self) -> bytes:
        """What stands in the file, to be kept."""
        return _kept(self.raw)


def _kept(raw: str | Fields) -> bytes:
    whole = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
    return whole.encode("utf-8", "surrogatepass")


def entry(line: int, fields: Fields, raw: str | Fields) -> Entry | Problem:
    """What the fields of one entry say; a Problem if that is not enough to tell it from others."""
    found = record(fields)
    if found.title or found.source_id or found.doi or found.pmid or found.pmcid:
        return Entry(line, found, raw)
    return Problem(line, "states neither a record_id, a title nor an identifier", raw)


SAME = {
    "id": "record_id",
    "author": "authors",
    "publication year": "year",
    "number": "issue",
    "container_title": "journal",
    "booktitle": "journal",
    "journal/book": "journal",
    "source title": "journal",
    "article title": "title",
    "study title": "title",
    "nct number": "nct",
    "study url": "url",
    "link": "url",
    "document type": "publication_types",
    "author keywords": "keywords",
}
"""Other names of fields, in small letters, of BibDedupe, PubMed, Scopus, Web of Science and ClinicalTrials.gov."""

_LINES = frozenset(
    {
        "record_id",
        "title",
        "journal",
        "volume",
        "issue",
        "pages",
        "year",
        "date",
        "url",
        "doi",
        "pmid",
        "pmcid",
        "preprint_id",
    }
)
"""Fields that hold one line of text."""


def record(fields: Fields) -> Record:
    """The record that the fields describe. What they do not state, or not in a form that is known, is left empty."""
    known = {key: words(value) for key, value in fields.items() if key in _LINES}
    found = _identifiers(known, fields)
    return Record(
        source=SOURCE,
        source_id=known.get("record_id", ""),
        title=known.get("title", ""),
        abstract=_abstract(fields.get("abstract")),
        authors=_authors(fields.get("authors")),
        journal=known.get("journal", ""),
        volume=known.get("volume", ""),
        issue=known.get("issue", ""),
        pages=known.get("pages", "").replace("--", "-"),
        published=dates.partial(known.get("date", "")) or dates.partial(known.get("year", "")),
        doi=found.get("doi", ""),
        pmid=found.get("pmid", ""),
        pmcid=found.get("pmcid", ""),
        preprint_id=found.get("preprint_id", ""),
        registrations=found.get("registrations", ()),
        publication_types=_types(fields),
        mesh=listed(fields.get("mesh")),
        keywords=listed(fields.get("keywords")),
        languages=listed(fields.get("language")),
        url=known.get("url", ""),
    )


def stated(fields: Fields) -> Identifiers:
    """The identifiers that the fields state, in their own fields or as an address. A PMCID may lack its letters."""
    return _identifiers({key: words(value) for key, value in fields.items() if key in _LINES}, fields)


def _identifiers(known: Mapping[str, str], fields: Fields) -> Identifiers:
    found = identifiers.at(url) if (url := known.get("url")) else Identifiers()
    if (one := known.get("doi")) and (doi := identifiers.doi(one)):
        found["doi"] = doi
    if (one := known.get("pmid")) and (pmid := identifiers.pmid(one)):
        found["pmid"] = pmid
    if (one := known.get("pmcid")) and (pmcid := identifiers.pmcid(one) or identifiers.pmcid(f"PMC{one}")):
        found["pmcid"] = pmcid
    if (one := known.get("preprint_id")) and (preprint_id := identifiers.preprint_id(one)):
        found["preprint_id"] = preprint_id
    numbers = dict.fromkeys(number for one in listed(fields.get("nct")) for number in text.registrations(one))
    if numbers:
        found["registrations"] = tuple(numbers)
    return found


def words(value: object) -> str:
    """A value as one line of text: of a list its first element, of a number its digits; empty for anything else."""
    if isinstance(value, str):
        return text.clean(value)
    if isinstance(value, list | tuple):
        return words(value[0]) if value and not isinstance(value[0], list) else ""
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def listed(value: object) -> tuple[str, ...]:
    """A value as a list: what it lists, or what stands between semicolons."""
    if not value:
        return ()
    values = value if isinstance(value, list | tuple) else words(value).split(";")
    return tuple(filter(None, map(words, values)))


def _abstract(value: object) -> tuple[Section, ...]:
    return sections.sections(value if isinstance(value, str) else words(value)) if value else ()


def _authors(value: object) -> tuple[Author, ...]:
    if isinstance(value, list | tuple):
        return tuple(author for one in value for author in ([one] if isinstance(one, Author) else _named(one)))
    return people.authors(words(value)) if value else ()


def _named(value: object) -> tuple[Author, ...]:
    return people.named(value) if isinstance(value, str) else ()


def _types(fields: Fields) -> tuple[str, ...]:
    types = listed(fields.get("publication_types"))
    retracted = fields.get("is_retracted")
    if retracted is True or (isinstance(retracted, str) and retracted.strip().lower() in {"true", "yes", "1"}):
        known = any(stated.casefold() == RETRACTED.casefold() for stated in types)
        return types if known else (*types, RETRACTED)
    return types


# --- writing --------------------------------------------------------------------------------------

Cell = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Item:
    """A record for other programs. ``source`` and ``source_id`` say where it comes from, for people."""

    record_id: str
    record: Record
    source: str = ""
    source_id: str = ""
    is_retracted: bool = False
    merged: tuple[str, ...] = ()  # the ids of the records that it was made of


def flat(item: Item) -> dict[str, Cell]:
    """One item in flat fields; None and the empty list mean "not stated"."""
    record = item.record
    return {
        "record_id": item.record_id,
        "title": record.title,
        "abstract": record.abstract_text or None,
        "authors": [author_name(author) for author in record.authors],
        "year": record.published.year if record.published else None,
        "date": str(record.published) if record.published else None,
        "journal": record.journal or None,
        "volume": record.volume or None,
        "issue": record.issue or None,
        "pages": record.pages or None,
        "doi": record.doi or None,
        "pmid": record.pmid or None,
        "pmcid": record.pmcid or None,
        "nct": next((number for number in record.registrations if number.startswith("NCT")), None),
        "url": record.url or None,
        "language": record.languages[0] if record.languages else None,
        "publication_types": list(record.publication_types),
        "mesh": list(record.mesh),
        "keywords": list(record.keywords),
        "source": item.source,
        "source_id": item.source_id,
        "is_retracted": item.is_retracted,
    }


def author_name(author: Author) -> str:
    """``Family, Given``, or the group's name."""
    return author.collective or f"{author.family}, {author.given}".rstrip(", ")


def notes(record: Record) -> Iterator[str]:
    """What formats without a field for it hold in a note: trial numbers, and that it is retracted."""
    if record.registrations:
        yield f"Trial registration: {'; '.join(record.registrations)}"
