"""One Europe PMC search result, in JSON (``core``, and ``lite`` as far as it goes), read into a :class:`Record`.

Field names: https://europepmc.org/RestfulWebService, and recorded answers of version 6.9.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.exchange.dates import MONTHS
from pipeline.exchange.pubmed_xml import KINDS
from pipeline.harvest.json_fields import Json, iso_date, markup, obj, objects, plain, string, strings, unique
from pipeline.harvest.markup import headed
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from pipeline.names import cited

# Europe PMC spells NLM's RefTypes as words ("Expression of concern in"), and adds the pair of preprint and article.
_RELATIONS = {name.casefold(): kind for name, kind in KINDS.items()} | {
    "preprintof": RelationKind.PREPRINT_OF,
    "preprintin": RelationKind.HAS_PREPRINT,
}
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_ISSUE_DATE = re.compile(r"(\d{4})(?: ([A-Z][a-z]{2})(?: (\d{1,2}))?)?")
_STATED_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.IGNORECASE)


def source_id(result: object) -> str:
    """``SOURCE:ID``, since an id alone is unique within its SRC only; empty if the result does not state both."""
    if not isinstance(result, dict):
        return ""
    source, number = result.get("source"), result.get("id")
    if not isinstance(source, str) or not isinstance(number, str):
        return ""
    source, number = text.clean(source), text.clean(number)
    return f"{source}:{number}" if source and number else ""


def record(result: object) -> Record:
    """Read one member of ``resultList.result``. RecordRejected if it has no id, or a field is not of its kind."""
    key = source_id(result)
    if not isinstance(result, dict) or not key:
        raise RecordRejected("a result without source and id")
    source, _, number = key.partition(":")
    info = obj(result, "journalInfo")
    published, stated = _published(result)
    return Record(
        source="europepmc",
        source_id=key,
        title=markup(result, "title"),
        abstract=tuple(_sections(string(result, "abstractText"))),
        authors=tuple(_authors(result)),
        journal=_journal(result),
        volume=plain(info, "volume") or plain(result, "journalVolume"),
        issue=plain(info, "issue") or plain(result, "issue"),
        pages=plain(result, "pageInfo"),
        published=published,
        published_stated=stated,
        indexed=iso_date(string(result, "firstIndexDate")),
        doi=text.doi(string(result, "doi")),
        pmid=text.pmid(string(result, "pmid") or (number if source == "MED" else "")),
        pmcid=text.pmcid(string(result, "pmcid") or (number if source == "PMC" else "")),
        preprint_id=number if source == "PPR" else "",
        publication_types=_publication_types(result),
        mesh=unique(plain(one, "descriptorName") for one in objects(obj(result, "meshHeadingList"), "meshHeading")),
        keywords=unique(text.from_markup(word) for word in strings(obj(result, "keywordList"), "keyword")),
        languages=unique((plain(result, "language"),)),
        relations=tuple(_relations(result)),
        url=f"https://europepmc.org/article/{quote(source, safe='')}/{quote(number, safe='')}",
        open_access={"Y": True, "N": False}.get(string(result, "isOpenAccess")),
    )


def _sections(abstract: str) -> Iterator[Section]:
    """Give the parts of an abstract, each under the heading (``<h4>Methods</h4>``) that stands before it."""
    for label, body in headed(abstract):
        if words := text.from_markup(body):
            yield Section(words, label)


def _authors(result: Json) -> Iterator[Author]:
    """Give the author list, or the names of ``authorString``, which is all that ``lite`` has."""
    if "authorList" in result:
        listed = map(_author, objects(obj(result, "authorList"), "author"))
        yield from (author for author in listed if author.family or author.collective)
    else:
        names = plain(result, "authorString").removesuffix(".").split(", ")
        yield from (cited(name) for name in names if name)


def _author(author: Json) -> Author:
    if collective := plain(author, "collectiveName"):
        return Author(collective=collective)
    orcid = _ORCID.search(string(obj(author, "authorId"), "value"))
    family, given = plain(author, "lastName"), plain(author, "firstName") or _initials(author)
    named = Author(family, given) if family else cited(plain(author, "fullName").removesuffix("."))
    return replace(named, orcid=orcid[0] if orcid else "")


def _initials(author: Json) -> str:
    """Initials, which stand together, set apart."""
    return " ".join("".join(plain(author, "initials").split()))


def _journal(result: Json) -> str:
    """Give the journal or book; of a preprint the server, which is all it has appeared in."""
    book = obj(result, "bookOrReportDetails")
    title = plain(obj(obj(result, "journalInfo"), "journal"), "title") or plain(result, "journalTitle")
    return title or plain(book, "comprisingTitle") or (plain(book, "publisher") if result["source"] == "PPR" else "")


def _published(result: Json) -> tuple[PartialDate | None, str]:
    """Give the day of electronic publication, else the issue's date and its own words where they say more.

    ``printPublicationDate`` makes a day of "2025 Dec" (2025-12-01), and so does ``firstPublicationDate`` for what did
    not appear online first. So the issue's date is read from ``dateOfPublication``, and ``firstPublicationDate`` counts
    for preprints only, where it is the day of posting. All of them may lie in the future.
    """
    if electronic := iso_date(string(result, "electronicPublicationDate")):
        return electronic, ""
    stated = plain(obj(result, "journalInfo"), "dateOfPublication")
    if stated:
        exact = _issue_date(stated)
        return exact or iso_date(stated[:4]), "" if exact else stated
    posted = string(result, "firstPublicationDate") if result["source"] == "PPR" else ""
    year = string(obj(result, "bookOrReportDetails"), "yearOfPublication") or string(result, "pubYear")
    return iso_date(posted) or iso_date(year), ""


def _issue_date(stated: str) -> PartialDate | None:
    """Read ``2025``, ``2025 Dec`` or ``2025 Dec 5``; None for ``2010 Sep-Oct``, ``2019 Winter`` and the like."""
    found = _ISSUE_DATE.fullmatch(stated)
    if found is None or (found[2] and found[2].casefold() not in MONTHS):
        return None
    month = f"{MONTHS.index(found[2].casefold()) + 1:02}" if found[2] else ""
    return iso_date("-".join(filter(None, (found[1], month, found[3]))))


def _publication_types(result: Json) -> tuple[str, ...]:
    """Give the types as stated. What is of the source PPR is a preprint, whatever else befell it."""
    stated = strings(obj(result, "pubTypeList"), "pubType") or string(result, "pubType").split("; ")
    types = unique(text.clean(kind) for kind in stated)
    is_typed = result["source"] != "PPR" or any(kind.casefold() == "preprint" for kind in types)
    return types if is_typed else ("Preprint", *types)


def _relations(result: Json) -> Iterator[Relation]:
    """Give the pointers to corrections, comments, preprints and versions of record."""
    for correction in objects(obj(result, "commentCorrectionList"), "commentCorrection"):
        stated, citation = plain(correction, "type"), plain(correction, "reference")
        target, number = string(correction, "source"), plain(correction, "id")
        doi = _STATED_DOI.search(citation)
        yield Relation(
            kind=_RELATIONS.get(stated.replace(" ", "").casefold(), RelationKind.OTHER),
            stated=stated,
            pmid=text.pmid(number) if target == "MED" else "",
            doi=text.doi(doi[1]) if doi else "",
            preprint_id=number if target == "PPR" else "",
            citation=citation,
        )
