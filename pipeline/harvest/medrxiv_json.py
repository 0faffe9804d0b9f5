"""Reading one preprint of medRxiv or bioRxiv: the members of an answer's ``collection``, one a version.

Reference: https://api.biorxiv.org/details/medrxiv/help
"""

import re
from collections.abc import Iterator, Sequence

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.harvest.json_fields import Json, iso_date, markup, plain, string
from pipeline.model import PartialDate, Record, Relation, RelationKind, Section
from pipeline.names import inverted

SERVERS = {"medrxiv": "medRxiv", "biorxiv": "bioRxiv"}
_NUMBER = re.compile(r"[0-9]{1,5}")
_UNSTATED = "NA"  # the servers' word in ``published``, ``category`` and ``funder``


def identifier(version: object) -> str:
    """The preprint's DOI, or the empty string: the one thing asked of a version that cannot be read."""
    stated = version.get("doi") if isinstance(version, dict) else None
    return text.doi(stated) if isinstance(stated, str) else ""


def number(version: Json) -> int:
    """Which version it is, counted from 1."""
    stated = plain(version, "version")
    if not _NUMBER.fullmatch(stated):
        raise RecordRejected("version is not a number")
    return int(stated)


def record(versions: object) -> Record:
    """A preprint from some of its versions: the latest one's text, the first one's date. RecordRejected otherwise."""
    if not isinstance(versions, list) or not versions or not all(isinstance(each, dict) for each in versions):
        raise RecordRejected("not the versions of a preprint")
    latest = max(versions, key=number)
    doi, title, abstract = identifier(latest), markup(latest, "title"), markup(latest, "abstract")
    if not doi or not title:
        raise RecordRejected("no DOI" if title else "no title")
    server = plain(latest, "server")
    return Record(
        source="medrxiv",
        source_id=doi,
        title=title,
        abstract=(Section(abstract),) if abstract else (),
        authors=tuple(inverted(markup(latest, "authors").split(";"))),
        journal=SERVERS.get(server.lower(), server),
        published=_first_posted(versions),
        doi=doi,
        publication_types=_types(latest),
        keywords=tuple(_stated(latest, "category")),
        relations=tuple(_relations(latest)),
        url=_page(server.lower(), doi, number(latest)),
    )


def _stated(version: Json, key: str) -> Iterator[str]:
    value = markup(version, key)
    if value and value.upper() != _UNSTATED:
        yield value


def _first_posted(versions: Sequence[Json]) -> PartialDate | None:
    dates = [date for version in versions if (date := iso_date(plain(version, "date")))]
    return min(dates, key=str, default=None)


def _types(version: Json) -> tuple[str, ...]:
    """The servers' own types say nothing of the study ("PUBLISHAHEADOFPRINT", "new results"), but for this one."""
    return ("Preprint", "Withdrawn preprint") if plain(version, "type").casefold() == "withdrawn" else ("Preprint",)


def _relations(version: Json) -> Iterator[Relation]:
    """Where it was published since; the servers match title and authors to find out."""
    if published := text.doi(string(version, "published")):
        yield Relation(RelationKind.PREPRINT_OF, "published", doi=published)


def _page(server: str, doi: str, version: int) -> str:
    return f"https://www.{server}.org/content/{doi}v{version}" if server in SERVERS else ""
