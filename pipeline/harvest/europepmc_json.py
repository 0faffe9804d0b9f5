"""One Europe PMC search result, in JSON (``core``, and ``lite`` as far as it goes), read into a :class:`Record`.

Field names: https://europepmc.org/RestfulWebService, and recorded answers of version 6.9.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.harvest.markup import headed
from pipeline.harvest.pubmed_xml import KINDS, MONTHS
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section

Json = dict[str, Any]

# Europe PMC spells NLM's RefTypes as words ("Expression of concern in"), and adds the pair of preprint and article.
_RELATIONS = {name.casefold(): kind for name, kind in KINDS.items()} | {
    "preprintof": RelationKind.PREPRINT_OF,
    "preprintin": RelationKind.HAS_PREPRINT,
}
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_INITIALS = re.compile(r"[^\W\d_a-z]{1,6}(?:-[^\W\d_a-z]?)?")
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
    info = _object(result, "journalInfo")
    published, stated = _published(result)
    return Record(
        source="europepmc",
        source_id=key,
        title=_markup(result, "title"),
        abstract=tuple(_sections(_text(result, "abstractText"))),
        authors=tuple(_authors(result)),
        journal=_journal(result),
        volume=_plain(info, "volume") or _plain(result, "journalVolume"),
        issue=_plain(info, "issue") or _plain(result, "issue"),
        pages=_plain(result, "pageInfo"),
        published=published,
        published_stated=stated,
        indexed=_day(_text(result, "firstIndexDate")),
        doi=text.doi(_text(result, "doi")),
        pmid=text.pmid(_text(result, "pmid") or (number if source == "MED" else "")),
        pmcid=text.pmcid(_text(result, "pmcid") or (number if source == "PMC" else "")),
        preprint_id=number if source == "PPR" else "",
        publication_types=_publication_types(result),
        mesh=_names(_objects(result, "meshHeadingList", "meshHeading"), "descriptorName"),
        keywords=_unique(text.from_markup(word) for word in _texts(result, "keywordList", "keyword")),
        languages=_unique((_plain(result, "language"),)),
        relations=tuple(_relations(result)),
        url=f"https://europepmc.org/article/{quote(source, safe='')}/{quote(number, safe='')}",
        open_access={"Y": True, "N": False}.get(_text(result, "isOpenAccess")),
    )


def _sections(abstract: str) -> Iterator[Section]:
    """Give the parts of an abstract, each under the heading (``<h4>Methods</h4>``) that stands before it."""
    for label, body in headed(abstract):
        if words := text.from_markup(body):
            yield Section(words, label)


def _authors(result: Json) -> Iterator[Author]:
    """Give the author list, or the names of ``authorString``, which is all that ``lite`` has."""
    if "authorList" in result:
        listed = map(_author, _objects(result, "authorList", "author"))
        yield from (author for author in listed if author.family or author.collective)
    else:
        names = _plain(result, "authorString").removesuffix(".").split(", ")
        yield from (_name(name) for name in names if name)


def _author(author: Json) -> Author:
    if collective := _plain(author, "collectiveName"):
        return Author(collective=collective)
    orcid = _ORCID.search(_text(_object(author, "authorId"), "value"))
    family, given = _plain(author, "lastName"), _plain(author, "firstName") or " ".join(_plain(author, "initials"))
    named = Author(family, given) if family else _name(_plain(author, "fullName").removesuffix("."))
    return replace(named, orcid=orcid[0] if orcid else "")


def _name(name: str) -> Author:
    """Read ``Family AB`` as a person, and a name that does not end in initials as a group."""
    family, _, initials = name.rpartition(" ")
    if family and _INITIALS.fullmatch(initials):
        return Author(family, " ".join(initials.replace("-", "")))
    return Author(collective=name)


def _journal(result: Json) -> str:
    """Give the journal or book; of a preprint the server, which is all it has appeared in."""
    book = _object(result, "bookOrReportDetails")
    title = _plain(_object(_object(result, "journalInfo"), "journal"), "title") or _plain(result, "journalTitle")
    return title or _plain(book, "comprisingTitle") or (_plain(book, "publisher") if result["source"] == "PPR" else "")


def _published(result: Json) -> tuple[PartialDate | None, str]:
    """Give the day of electronic publication, else the issue's date and its own words where they say more.

    ``printPublicationDate`` makes a day of "2025 Dec" (2025-12-01), and so does ``firstPublicationDate`` for what did
    not appear online first. So the issue's date is read from ``dateOfPublication``, and ``firstPublicationDate`` counts
    for preprints only, where it is the day of posting. All of them may lie in the future.
    """
    if electronic := _day(_text(result, "electronicPublicationDate")):
        return electronic, ""
    stated = _plain(_object(result, "journalInfo"), "dateOfPublication")
    if stated:
        exact = _issue_date(stated)
        return exact or _day(stated[:4]), "" if exact else stated
    posted = _text(result, "firstPublicationDate") if result["source"] == "PPR" else ""
    year = _text(_object(result, "bookOrReportDetails"), "yearOfPublication") or _text(result, "pubYear")
    return _day(posted) or _day(year), ""


def _issue_date(stated: str) -> PartialDate | None:
    """Read ``2025``, ``2025 Dec`` or ``2025 Dec 5``; None for ``2010 Sep-Oct``, ``2019 Winter`` and the like."""
    found = _ISSUE_DATE.fullmatch(stated)
    if found is None or (found[2] and found[2].casefold() not in MONTHS):
        return None
    month = f"{MONTHS.index(found[2].casefold()) + 1:02}" if found[2] else ""
    return _day("-".join(filter(None, (found[1], month, found[3]))))


def _day(stated: str) -> PartialDate | None:
    """Read an ISO date at its own precision; None for anything else: a date is no reason to lose a record."""
    try:
        return PartialDate.parse(stated)
    except ValueError:
        return None


def _publication_types(result: Json) -> tuple[str, ...]:
    stated = _texts(result, "pubTypeList", "pubType") or _text(result, "pubType").split("; ")
    return _unique(text.clean(kind) for kind in stated)


def _relations(result: Json) -> Iterator[Relation]:
    """Give the pointers to corrections, comments, preprints and versions of record."""
    for correction in _objects(result, "commentCorrectionList", "commentCorrection"):
        stated, citation = _plain(correction, "type"), _plain(correction, "reference")
        target, number = _text(correction, "source"), _plain(correction, "id")
        doi = _STATED_DOI.search(citation)
        yield Relation(
            kind=_RELATIONS.get(stated.replace(" ", "").casefold(), RelationKind.OTHER),
            stated=stated,
            pmid=text.pmid(number) if target == "MED" else "",
            doi=text.doi(doi[1]) if doi else "",
            preprint_id=number if target == "PPR" else "",
            citation=citation,
        )


def _text(holder: Json, key: str) -> str:
    """Give a field as text, empty if it is not stated. Numbers are text too, since years come as both."""
    value = holder.get(key)
    if value is None:
        return ""
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise RecordRejected(f"{key} is not text")


def _plain(holder: Json, key: str) -> str:
    return text.clean(_text(holder, key))


def _markup(holder: Json, key: str) -> str:
    return text.from_markup(_text(holder, key))


def _object(holder: Json, key: str) -> Json:
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordRejected(f"{key} is not an object")
    return value


def _list(holder: Json, outer: str, inner: str) -> list[Any]:
    """Give the members of a wrapped list such as ``authorList.author``."""
    value = _object(holder, outer).get(inner)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordRejected(f"{outer}.{inner} is not a list")
    return value


def _objects(holder: Json, outer: str, inner: str) -> list[Json]:
    members = _list(holder, outer, inner)
    if not all(isinstance(member, dict) for member in members):
        raise RecordRejected(f"a member of {outer}.{inner} is not an object")
    return members


def _texts(holder: Json, outer: str, inner: str) -> list[str]:
    members = _list(holder, outer, inner)
    if not all(isinstance(member, str) for member in members):
        raise RecordRejected(f"a member of {outer}.{inner} is not text")
    return members


def _names(members: list[Json], key: str) -> tuple[str, ...]:
    return _unique(_plain(member, key) for member in members)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
