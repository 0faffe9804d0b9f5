"""One Semantic Scholar paper, in JSON, read into a :class:`Record`.

Field names: https://api.semanticscholar.org/api-docs/graph, and recorded answers of 2023 to 2026.

``publicationTypes`` is neither asked for nor read: nothing says where its words come from, and recorded answers call
original research a "Review", which would make a narrative review of a trial. What NLM says of a paper comes from
PubMed; for all others, title and abstract have to name the design.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.harvest.json_fields import Json, iso_date, markup, obj, objects, plain, string
from pipeline.model import Author, PartialDate, Record, Section
from pipeline.names import each

FIELDS = (
    "title",
    "abstract",
    "venue",
    "journal",
    "year",
    "publicationDate",
    "authors",
    "externalIds",
    "openAccessPdf",
)
"""What is asked for. ``paperId`` always comes along."""

_FIRST_DAY = re.compile(r"(?:-01)?-01$")


def source_id(paper: object) -> str:
    """The ``paperId`` (40 hex digits); empty if the paper states none."""
    stated = paper.get("paperId") if isinstance(paper, dict) else None
    return text.clean(stated) if isinstance(stated, str) else ""


def record(paper: object) -> Record:
    """Read one member of ``data``. RecordRejected if it has no id, or a field is not of its kind."""
    key = source_id(paper)
    if not isinstance(paper, dict) or not key:
        raise RecordRejected("a paper without paperId")
    abstract, appeared, ids = markup(paper, "abstract"), obj(paper, "journal"), obj(paper, "externalIds")
    journal = markup(appeared, "name") or markup(paper, "venue")
    return Record(
        source="semanticscholar",
        source_id=key,
        title=markup(paper, "title"),
        abstract=(Section(abstract),) if abstract else (),
        authors=tuple(_authors(paper)),
        journal=journal,
        volume=plain(appeared, "volume"),
        pages=plain(appeared, "pages"),
        published=_published(paper),
        doi=_doi(ids, journal),
        pmid=text.pmid(string(ids, "PubMed")),
        pmcid=text.pmcid(string(ids, "PubMedCentral")),
        url=f"https://www.semanticscholar.org/paper/{quote(key, safe='')}",
        open_access=True if plain(obj(paper, "openAccessPdf"), "url") else None,
    )


def _published(paper: Json) -> PartialDate | None:
    """Give the day of publication, but of the first of a month only the month, and of New Year's Day only the year.

    ``publicationDate`` is a whole day or nothing, and an issue of October 2001 is of 2001-10-01.
    """
    stated = _FIRST_DAY.sub("", plain(paper, "publicationDate"))
    return iso_date(stated) or iso_date(plain(paper, "year"))


def _doi(ids: Json, journal: str) -> str:
    """Give the DOI; of what is stated to be at arXiv only, the one that arXiv gives to all its papers.

    See https://info.arxiv.org/help/doi.html. A paper of a conference is not arXiv's copy of it.
    """
    number = plain(ids, "ArXiv") if "arxiv" in journal.casefold() else ""
    return text.doi(string(ids, "DOI")) or (text.doi(f"10.48550/arXiv.{number}") if number else "")


def _authors(paper: Json) -> Iterator[Author]:
    """Give the authors that have a name."""
    return each(plain(author, "name") for author in objects(paper, "authors"))
