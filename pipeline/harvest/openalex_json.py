"""One OpenAlex work, in JSON, read into a :class:`Record`.

Field names: https://developers.openalex.org/api-reference/works, and recorded answers of 2025 and 2026. Of its places
only the primary one is read: OpenAlex merges a preprint into its article, and the others bring the preprint's DOI.
Not read are ``keywords``, which a machine makes, and ``language``, which one guesses from title and abstract: those are
in English beside many a Chinese article.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.harvest.json_fields import Json, iso_date, markup, members, obj, objects, plain, string, unique
from pipeline.model import Author, PartialDate, Record, Section
from pipeline.names import each

# What ``select`` may name: members of the first level only.
FIELDS = (
    "id",
    "doi",
    "ids",
    "title",
    "display_name",
    "abstract_inverted_index",
    "authorships",
    "primary_location",
    "biblio",
    "publication_date",
    "created_date",
    "type",
    "is_retracted",
    "mesh",
    "open_access",
)

_ID = re.compile(r"(?:https?://openalex\.org/)?(W[0-9]{1,18})")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_LONGEST_ABSTRACT = 200_000  # characters; an index can stand for far more text than it is long itself
_NO_DAY = "-01-01"
_SERVER = re.compile(r"rxiv|authorea|preprints|research square|ssrn", re.IGNORECASE)
_HOST = re.compile(r" \([^()]*\)$")  # "medRxiv (Cold Spring Harbor Laboratory)"
_NOTICE_TITLE = re.compile(
    r"(?:(?:statement|notice) of )?retraction(?: note| notice)?(?:\s+to\b|\s*[:\u2013\u2014]|\s+-|\s*$)", re.IGNORECASE
)
_NOTICE_TEXT = re.compile(r"\bthis retracts\b|\bretracts the article\b", re.IGNORECASE)


def source_id(work: object) -> str:
    """The bare id (``W2741809807``), empty if the work states none. What was merged is listed under its new id."""
    stated = work.get("id") if isinstance(work, dict) else None
    found = _ID.fullmatch(stated.strip()) if isinstance(stated, str) else None
    return found[1] if found else ""


def record(work: object) -> Record:
    """Read one member of ``results``. RecordRejected if it has no id, or a field is not of its kind."""
    number = source_id(work)
    if not isinstance(work, dict) or not number:
        raise RecordRejected("a work without an id")
    ids, biblio, location = obj(work, "ids"), obj(work, "biblio"), obj(work, "primary_location")
    title, abstract = markup(work, "title") or markup(work, "display_name"), _abstract(work)
    return Record(
        source="openalex",
        source_id=number,
        title=title,
        abstract=(Section(abstract),) if abstract else (),
        authors=tuple(_authors(work)),
        journal=_journal(location),
        volume=plain(biblio, "volume"),
        issue=plain(biblio, "issue"),
        pages=_pages(biblio),
        published=_published(work),
        # The day of the database's rewrite (2025-10-10) for most of what is older: never a reason to ask or not to ask.
        indexed=iso_date(string(work, "created_date")[:10]),
        doi=text.doi(string(work, "doi") or string(ids, "doi")),
        pmid=text.pmid(_last_part(ids, "pmid")),
        pmcid=text.pmcid(_last_part(ids, "pmcid")),
        publication_types=unique(_publication_types(work, title, abstract)),
        mesh=unique(plain(one, "descriptor_name") for one in objects(work, "mesh")),
        url=f"https://openalex.org/{number}",
        open_access=_flag(obj(work, "open_access"), "is_oa"),
    )


def _flag(holder: Json, key: str) -> bool | None:
    """A member that is true or false; None if it is not stated."""
    value = holder.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise RecordRejected(f"{key} is neither true nor false")


def _last_part(ids: Json, key: str) -> str:
    """What an identifier's address ends in; PubMed Central's come with and without their letters."""
    return string(ids, key).rstrip("/").rpartition("/")[2]


def _abstract(work: Json) -> str:
    """Put the words back in their order: they come as an index of the places at which each of them stands."""
    index = obj(work, "abstract_inverted_index")
    places = {word: _places(index, word) for word in index}
    if sum((len(word) + 1) * len(found) for word, found in places.items()) > _LONGEST_ABSTRACT:
        raise RecordRejected(f"an abstract of over {_LONGEST_ABSTRACT} characters")
    words = sorted((place, word) for word, found in places.items() for place in found)
    return text.from_markup(" ".join(word for _, word in words))


def _places(index: Json, word: str) -> list[int]:
    places = members(index, word)
    if not all(type(place) is int for place in places):
        raise RecordRejected("abstract_inverted_index has a place that is no number")
    return places


def _pages(biblio: Json) -> str:
    """First and last page, one number if they are the same."""
    return "-".join(unique((plain(biblio, "first_page"), plain(biblio, "last_page"))))


def _published(work: Json) -> PartialDate | None:
    """Give the day of publication, but of New Year's Day only the year.

    There is always a whole day, and where only the year is known it is the first one.
    """
    return iso_date(string(work, "publication_date").removesuffix(_NO_DAY))


def _journal(location: Json) -> str:
    """Give the journal, or a preprint's server. Another repository only keeps a copy of what appeared elsewhere."""
    venue = obj(location, "source")
    if plain(venue, "type") != "repository":
        return plain(venue, "display_name") or ("" if venue else plain(location, "raw_source_name"))
    name = plain(venue, "display_name")
    return _HOST.sub("", name) if _SERVER.search(name) else ""


def _publication_types(work: Json, title: str, abstract: str) -> Iterator[str]:
    """Give OpenAlex's own type, and what its flags say, in the words of the other sources.

    OpenAlex finds its type "retraction" by words of title and abstract, so that retracted articles get it as well as
    notices. ``is_retracted`` comes from Retraction Watch, and is no word about the article on a notice.
    """
    notice = bool(_NOTICE_TITLE.match(title) or _NOTICE_TEXT.search(abstract))
    stated = plain(work, "type")
    if _is_preprint(stated, obj(work, "primary_location")):
        yield "Preprint"
    if stated != "preprint" and (stated != "retraction" or notice):
        yield stated
    if _flag(work, "is_retracted") and not notice:
        yield "Retracted Publication"


def _is_preprint(stated: str, location: Json) -> bool:
    """Whether type or place say so. A manuscript in a repository need not be one: authors keep accepted ones there."""
    venue = obj(location, "source")
    on_server = plain(venue, "type") == "repository" and _SERVER.search(plain(venue, "display_name"))
    return stated == "preprint" or bool(on_server and plain(location, "version") == "submittedVersion")


def _authors(work: Json) -> Iterator[Author]:
    """Give the names as the byline has them, up to a hundred. ``author`` is whom OpenAlex believes them to be."""
    for authorship in objects(work, "authorships"):
        believed = obj(authorship, "author")
        orcid = _ORCID.search(string(believed, "orcid"))
        stated = plain(authorship, "raw_author_name") or plain(believed, "display_name")
        yield from (replace(author, orcid=orcid[0] if orcid else "") for author in each([stated]))
