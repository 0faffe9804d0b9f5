"""medRxiv and bioRxiv: answers of the details API.

Shape: https://api.biorxiv.org/details/medrxiv/help. The servers post far more than any sample world holds: each of them
has one preprint about something else on the last day that is asked for.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.model import Author, RelationKind
from pipeline.sample.world import Publication

Json = dict[str, Any]

_PAGE = 100
_NAMES = {"medrxiv": "medRxiv", "biorxiv": "bioRxiv"}


def answer(publications: Sequence[Publication], path: str) -> bytes:
    """Answer ``details/SERVER/FIRST/LAST/CURSOR`` for days, ``details/SERVER/N`` for the latest, or by DOI."""
    _, server, asked = path.split("/", 2)
    versions = [version for one in publications if _server(one) == server for version in _versions(one)]
    if asked.startswith("10."):
        return _details([version for version in versions if version["doi"] == asked])
    first, _, rest = asked.partition("/")
    last, _, cursor = rest.partition("/")
    if not last:
        return _page([*versions, _elsewhere(server)][-int(first) :], 0)
    found = [version for version in versions if first <= version["date"] <= last]
    return _page([*found, _elsewhere(server) | {"date": last}], int(cursor))


def _page(versions: Sequence[Json], cursor: int) -> bytes:
    """Write a page of versions, from the cursor on; the total comes as text, and behind the last one is nothing."""
    found = versions[cursor : cursor + _PAGE]
    return _details(found, category="all", cursor=cursor, count=len(found), total=str(len(versions)))


def _details(versions: Sequence[Json], **message: object) -> bytes:
    says = {"status": "ok", **message} if versions else {"status": "no posts found"}
    return json.dumps({"messages": [says], "collection": versions}).encode()


def _server(one: Publication) -> str:
    return "biorxiv" if one.journal == "bioRxiv" else "medrxiv"


def _versions(one: Publication) -> Iterator[Json]:
    """A preprint that was revised is there twice, each time with what is known of it now."""
    for version, day in enumerate(filter(None, (one.entered, one.revised)), start=1):
        yield _version(
            _server(one),
            title=one.title,
            authors="; ".join(map(_author, one.authors)),
            doi=one.doi,
            date=day.isoformat(),
            version=str(version),
            category=next(iter(one.keywords), "NA"),
            abstract=" ".join(part.label + part.text for part in one.abstract),
            published=_published(one),
        )


def _version(server: str, **facts: str) -> Json:
    """Write a version with all members that the API gives."""
    name, doi = _NAMES[server], facts["doi"]
    return {
        **facts,
        "author_corresponding": "NA",
        "author_corresponding_institution": "NA",
        "type": "PUBLISHAHEADOFPRINT" if server == "medrxiv" else "new results",
        "license": "cc_by",
        "jatsxml": f"https://www.{server}.org/content/early/{doi}.source.xml",
        "funder": "NA",
        "server": name,
    }


def _author(author: Author) -> str:
    initials = " ".join(f"{part[0]}." for part in author.given.split())
    return author.collective or f"{author.family}, {initials}"


def _published(one: Publication) -> str:
    pointers = (pointer.doi for pointer in one.relations if pointer.kind is RelationKind.PREPRINT_OF)
    return next(filter(None, pointers), "NA")


def _elsewhere(server: str) -> Json:
    """Write somebody else's preprint."""
    return _version(
        server,
        title="Sample record (made up): a preprint about something else",
        authors="Sample, A.",
        doi=f"10.5555/litwatch-sample.elsewhere.{server}",
        date="2026-01-01",
        version="1",
        category="epidemiology",
        abstract="It mentions nothing that anybody here looks for.",
        published="NA",
    )
