"""PubMed's .nbib files: the MEDLINE display format.

The tags are those of NLM, "MEDLINE/PubMed Data Element (Field) Descriptions". A line that begins with six blanks goes
on from the line before.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline import names, text
from pipeline.exchange.fields import Entry, Problem, entry
from pipeline.model import Author, Relation, RelationKind

BEGIN = re.compile(r"^PMID- ?\d", re.MULTILINE)
_FIELD = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
_PMID = re.compile(r"\bPMID: ?([0-9]{1,9})")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S+")
# Comments/corrections; what a retracted and republished article points at is its retraction.
_RELATIONS = {
    "RIN": RelationKind.RETRACTION_IN,
    "ROF": RelationKind.RETRACTION_OF,
    "RRI": RelationKind.RETRACTION_IN,
    "RRF": RelationKind.REPUBLISHED_FROM,
    "EIN": RelationKind.ERRATUM_IN,
    "EFR": RelationKind.ERRATUM_FOR,
    "CRI": RelationKind.ERRATUM_IN,
    "CRF": RelationKind.REPUBLISHED_FROM,
    "ECI": RelationKind.CONCERN_IN,
    "ECF": RelationKind.CONCERN_FOR,
    "UIN": RelationKind.UPDATE_IN,
    "UOF": RelationKind.UPDATE_OF,
    "CIN": RelationKind.COMMENT_IN,
    "CON": RelationKind.COMMENT_ON,
    "RPI": RelationKind.REPUBLISHED_IN,
    "RPF": RelationKind.REPUBLISHED_FROM,
}

Tags = Mapping[str, Sequence[str]]


def entries(lines: Iterable[tuple[int, str]]) -> Iterator[Entry | Problem]:
    """One entry a citation."""
    for line, held in _apart(lines):
        stated = [*_stated(held)]
        tags = defaultdict[str, list[str]](list)
        for tag, value in stated:
            tags[tag].append(value)
        found = entry(line, _fields(tags, _authors(stated, full="FAU" in tags)), "\n".join(held))
        if isinstance(found, Entry):
            publication, status = (next(iter(tags[tag]), "") for tag in ("PST", "STAT"))
            relations = tuple(_relations(stated))
            record = replace(found.record, relations=relations, publication_status=publication, status=status)
            found = replace(found, record=record)
        yield found


def _apart(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each citation, and the number of the first. What stands before the first one is skipped."""
    begun, held = 0, list[str]()
    for number, line in lines:
        if line.startswith("PMID-"):
            if held:
                yield begun, held
            begun, held = number, []
        if begun and line.strip():
            held.append(line)
    if held:
        yield begun, held


def _stated(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Tags and values, in order; each value in one line."""
    tag, parts = "", list[str]()
    for line in lines:
        if found := _FIELD.match(line):
            yield tag, text.clean(" ".join(parts))
            tag, parts = found[1], [found[2]]
        else:
            parts.append(line)
    yield tag, text.clean(" ".join(parts))


def _fields(tags: Tags, authors: Sequence[Author]) -> Mapping[str, object]:
    def first(*wanted: str) -> str:
        return next((value for tag in wanted for value in tags.get(tag, ()) if value), "")

    located = [*tags.get("LID", ()), *tags.get("AID", ())]
    return {
        "title": first("TI", "BTI", "TT"),
        "abstract": first("AB"),
        "authors": authors,
        "date": first("DEP", "DP"),
        "journal": first("JT", "TA"),
        "volume": first("VI"),
        "issue": first("IP"),
        "pages": first("PG"),
        "doi": next((one.removesuffix("[doi]") for one in located if one.endswith("[doi]")), ""),
        "pmid": first("PMID"),
        "pmcid": first("PMC"),
        "nct": [value.replace("/", " ", 1) if "EudraCT" in value else value for value in tags.get("SI", ())],
        "language": tags.get("LA", ()),
        "publication_types": tags.get("PT", ()),
        "mesh": [*dict.fromkeys(value.split("/")[0].lstrip("*") for value in tags.get("MH", ()))],
        "keywords": [value.lstrip("*") for value in tags.get("OT", ())],
    }


def _authors(stated: Iterable[tuple[str, str]], *, full: bool) -> list[Author]:
    """People and groups in the order of the citation, by their full names where it has them."""
    found = []
    for tag, value in stated:
        if tag == "CN" and value:
            found.append(Author(collective=value))
        elif tag == ("FAU" if full else "AU") and value:
            found.append(names.person(value) if "," in value else names.cited(value))
    return found


def _relations(stated: Iterable[tuple[str, str]]) -> Iterator[Relation]:
    """The links to notices, versions and comments."""
    for tag, value in stated:
        if tag in _RELATIONS:
            pmid, doi = _PMID.search(value), _DOI.search(value)
            yield Relation(
                kind=_RELATIONS[tag],
                stated=tag,
                pmid=text.pmid(pmid[1]) if pmid else "",
                doi=text.doi(doi[0]) if doi else "",
                citation=value,
            )
