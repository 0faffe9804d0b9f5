"""RIS, as reference managers and databases write it; taken apart and put together by rispy.

The tags are those of the RIS specification (Research Information Systems, 2001, and Clarivate, 2011); where programs
put identifiers that it has no tag for is by custom, and said below.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import rispy

from pipeline import text
from pipeline.exchange import identifiers
from pipeline.exchange.fields import Fields, Item, author_name, flat, notes
from pipeline.exchange.identifiers import Identifiers

BEGIN = re.compile(r"^TY  -", re.MULTILINE)
EMPTY = 'no reference begins in it; in RIS each does with a line "TY  - "'
_TAG = re.compile(r"[A-Z][A-Z0-9]  -")
_END = re.compile(r"ER  -")
_NLM = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_NOTED = re.compile(r"\bPM(?:C?ID[:\s]+(?:PMC)?|C)[0-9]{1,9}\b", re.IGNORECASE)
_REGISTERED = re.compile(r"\btrial registration: (.*)", re.IGNORECASE)
_BETWEEN_URLS = re.compile(r";(?=\s*https?:)")

# Tags that may come several times: those of rispy, and the type of work.
_LISTS = ("A1", "A2", "A3", "A4", "AU", "KW", "M3", "N1", "UR")

Reference = Mapping[str, str | list[str]]


def references(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Reference, str]]:
    """Each reference as rispy reads it, with the line it begins on, and its text. What stands between is skipped."""
    for line, held in _apart(lines):
        # One at a time: rispy would lose a reference whose end is missing, or take it and the next one for one.
        content = "\n".join((*_joined(held), "ER  - "))
        for reference in rispy.loads(content, list_tags=_LISTS, delimiter_tags_mapping={}, skip_unknown_tags=True):
            yield line, reference, "\n".join((*held, "ER  - "))


def _apart(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each reference without its end, and the number of the first."""
    begun, held = 0, list[str]()
    for number, line in lines:
        begins, ends = BEGIN.match(line), _END.match(line)
        if held and (begins or ends):
            yield begun, held
            held = []
        if begins:
            begun, held = number, [line]
        elif held:
            held.append(line)
    if held:
        yield begun, held


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Each value in one line, but where each line is a value: rispy would copy a value again with every line of it."""
    parts = list[str]()
    for line in lines:
        if parts and (_TAG.match(line) or parts[0].startswith(_LISTS)):
            yield " ".join(parts)
            parts = []
        parts.append(line)
    yield " ".join(parts)


def fields(reference: Reference) -> Fields:
    """What a reference says, in the fields that all formats share."""
    stated = _identifiers(reference)
    dated = [*values(reference, "date", "publication_year", "year")]
    urls = _BETWEEN_URLS.split(next(values(reference, "urls"), ""))
    return {
        "record_id": next(values(reference, "id"), ""),
        "title": next(values(reference, "title", "primary_title", "translated_title", "short_title"), ""),
        "abstract": next(values(reference, "abstract", "notes_abstract"), ""),
        "authors": [*values(reference, "authors", "first_authors")],
        "year": next(values(reference, "year", "publication_year", "date"), ""),
        "date": next((one for one in dated if identifiers.year(one)), ""),
        "journal": next(values(reference, *_JOURNAL), ""),
        "volume": next(values(reference, "volume"), ""),
        "issue": next(values(reference, "number"), ""),
        "pages": "-".join(values(reference, "start_page", "end_page")),
        "url": urls[0].strip(),
        "language": next(values(reference, "language"), ""),
        "publication_types": [one for one in values(reference, "type_of_work") if not identifiers.doi(one)],
        "keywords": [*values(reference, "keywords")],
        "doi": stated.get("doi", ""),
        "pmid": stated.get("pmid", ""),
        "pmcid": stated.get("pmcid", ""),
        "preprint_id": stated.get("preprint_id", ""),
        "nct": list(stated.get("registrations", ())),
    }


# The full name before its abbreviations (JA, J2).
_JOURNAL = ("alternate_title3", "secondary_title", "journal_name", "alternate_title2", "alternate_title1")


def _identifiers(reference: Reference) -> Identifiers:
    """Every identifier that the reference states of itself, the likeliest place first."""
    found = Identifiers()
    for stated in _stated(reference):
        found = stated | found
    return found


def _stated(reference: Reference) -> Iterator[Identifiers]:
    """What stands where identifiers stand, with a bare number only where it is surely PubMed's."""
    yield from map(identifiers.identifiers, filter(identifiers.doi, values(reference, "doi")))
    if any(map(_NLM.search, values(reference, "name_of_database", "database_provider"))):
        yield from map(identifiers.identifiers, values(reference, "accession_number"))
    for urls in values(reference, "urls"):
        yield from map(identifiers.at, map(str.strip, _BETWEEN_URLS.split(urls)))
    # M3 held the DOI before there was a tag for it; C2 holds the PMCID in EndNote.
    for stated in values(reference, "type_of_work", "custom2", "accession_number", "id"):
        if not stated.isdigit():
            yield identifiers.identifiers(stated)
    for note in values(reference, "notes"):
        noted = (*_NOTED.findall(note), *_REGISTERED.findall(note))
        yield from map(identifiers.identifiers, noted)


def values(reference: Reference, *names: str) -> Iterator[str]:
    """What the reference says under these names, one after the other."""
    for one in names:
        stated = reference.get(one, "")
        yield from filter(None, [stated] if isinstance(stated, str) else stated)


# --- writing --------------------------------------------------------------------------------------


def to_ris(items: Iterable[Item]) -> Iterator[str]:
    """One reference an item. MeSH headings have no tag of their own and are left out."""
    for item in items:
        yield rispy.dumps([_reference(item)], implementation=_Writer, list_tags=_LISTS) + "\n"


class _Writer(rispy.RisWriter):
    """Without the numbers that rispy sets between references: no specification has them."""

    def set_header(self, count: int) -> str:  # noqa: ARG002 - rispy's signature
        """Nothing."""
        return ""


def _reference(item: Item) -> dict[str, str | list[str]]:
    record, cells = item.record, flat(item)
    stated: dict[str, str | list[str]] = {
        "type_of_reference": "JOUR" if record.journal else "GEN",
        "id": item.record_id,
        "title": record.title,
        "authors": [f"{one.collective}," if one.collective else author_name(one) for one in record.authors],
        "year": str(cells["year"] or ""),
        "date": str(record.published).replace("-", "/") if record.published and record.published.month else "",
        "secondary_title": record.journal,
        "volume": record.volume,
        "number": record.issue,
        "start_page": record.pages,
        "doi": record.doi,
        "accession_number": record.pmid,
        "name_of_database": "PubMed" if record.pmid else "",
        "custom2": record.pmcid,
        "urls": [record.url] if record.url else [],
        "language": record.languages[0] if record.languages else "",
        "type_of_work": list(record.publication_types),
        "keywords": list(record.keywords),
        "notes": list(notes(record)),
        "abstract": text.clean(record.abstract_text),
    }
    return {key: value for key, value in stated.items() if value}
