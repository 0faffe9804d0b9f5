"""ClinicalTrials.gov: answers of ``/studies`` in JSON.

Shape: OpenAPI file of version 2.0.3, https://clinicaltrials.gov/data-api/api, and recorded answers of August 2026.
"""

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.model import Relation, RelationKind
from pipeline.sample.world import Publication

Json = dict[str, Any]

_DEFAULT_PAGE, _MOST = 10, 1000
_UPDATED = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[(\d{4}-\d\d-\d\d),MAX\]")
_TOKEN = re.compile(r"(?:page_(\d+))?")  # theirs tell nothing; ours hold the place to go on from
_MARKDOWN = re.compile(r"([\\`*_\[\]<>~])")
_PARAMETERS = frozenset({"query.term", "filter.advanced", "fields", "countTotal", "pageSize", "pageToken"})


def studies(held: Sequence[Publication], request: Mapping[str, str]) -> tuple[int, bytes]:
    """Give status and body for what was asked: a page of what was updated since the day in ``filter.advanced``.

    Every publication held is taken for a hit. A full page has a token, be it the last one. Errors are plain text.
    """
    if unknown := sorted(request.keys() - _PARAMETERS):
        return 400, f"`{unknown[0]}` is unknown parameter".encode()
    start, since = _start(request.get("pageToken", "")), _since(request.get("filter.advanced", ""))
    if start is None or since is None:
        return 400, b"`pageToken` or `filter.advanced` is invalid"
    hits = [one for one in held if one.changed >= since]
    size = min(int(request.get("pageSize", "0")) or _DEFAULT_PAGE, _MOST)
    page = hits[start : start + size]
    answer: Json = {"studies": [_study(one) for one in page]}
    if request.get("countTotal") == "true" and "pageToken" not in request:
        answer = {"totalCount": len(hits), **answer}
    if len(page) == size:
        answer["nextPageToken"] = f"page_{start + size}"
    return 200, json.dumps(answer).encode()


def nct_id(one: Publication) -> str:
    """Give the study's number; one that is made from our own id where none is stated."""
    stated = (number for number in one.registrations if number.startswith("NCT"))
    return next(stated, f"NCT0999{zlib.crc32(one.id.encode()) % 10_000:04}")


def _start(token: str) -> int | None:
    found = _TOKEN.fullmatch(token)
    return int(found[1] or 0) if found else None


def _since(expression: str) -> date | None:
    found = _UPDATED.fullmatch(expression)
    return date.min if not expression else date.fromisoformat(found[1]) if found else None


def _study(one: Publication) -> Json:
    protocol = {
        "identificationModule": _identification(one),
        "statusModule": _status(one),
        "sponsorCollaboratorsModule": _sponsor(one),
        "descriptionModule": {"briefSummary": _summary(one)} if one.abstract else {},
        "conditionsModule": {"keywords": list(one.keywords)} if one.keywords else {},
        "contactsLocationsModule": _officials(one),
        "referencesModule": _references(one),
    }
    study: Json = {"protocolSection": {name: module for name, module in protocol.items() if module}}
    if one.mesh:
        meshes = [dict(zip(("id", "term"), heading.split(" ", 1), strict=True)) for heading in one.mesh]
        study["derivedSection"] = {"conditionBrowseModule": {"meshes": meshes}}
    return study


def _identification(one: Publication) -> Json:
    number = nct_id(one)
    others = [{"id": other, "type": "REGISTRY"} for other in one.registrations if other != number]
    return {"nctId": number, **({"secondaryIdInfos": others} if others else {}), "briefTitle": one.title}


def _status(one: Publication) -> Json:
    """Give the state, and each date that is known; all of them lie in the past."""
    dates = {
        "primaryCompletionDateStruct": one.completed,
        "studyFirstPostDateStruct": one.entered,
        "resultsFirstPostDateStruct": one.results_posted,
        "lastUpdatePostDateStruct": one.changed,
    }
    stated = {name: {"date": str(day), "type": "ACTUAL"} for name, day in dates.items() if day}
    return {"overallStatus": one.status or "UNKNOWN", **stated}


def _sponsor(one: Publication) -> Json:
    groups = [author.collective for author in one.authors if author.collective]
    return {"leadSponsor": {"name": groups[0], "class": "OTHER"}} if groups else {}


def _officials(one: Publication) -> Json:
    names = [f"{author.given} {author.family}".strip() for author in one.authors if author.family]
    officials = [{"name": name, "role": "PRINCIPAL_INVESTIGATOR"} for name in names]
    return {"overallOfficials": officials} if officials else {}


def _summary(one: Publication) -> str:
    parts = (f"{part.label}: {part.text}" if part.label else part.text for part in one.abstract)
    return "\n\n".join(_MARKDOWN.sub(r"\\\1", part) for part in parts)


def _references(one: Publication) -> Json:
    """Say which publications are the study's own."""
    own = [_reference(pointer) for pointer in one.relations if pointer.kind is RelationKind.RESULTS_IN]
    return {"references": own} if own else {}


def _reference(pointer: Relation) -> Json:
    stated = {"pmid": pointer.pmid, "type": "RESULT", "citation": pointer.citation}
    return {name: value for name, value in stated.items() if value}
