"""ClinicalTrials.gov's recordings, read by our adapter and straight from the JSON, its markdown by a plain reading."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.wire import ManifestRow, Tally
from pipeline.errors import SourceFailed
from pipeline.harvest.clinicaltrials import ClinicalTrials, check_answer
from pipeline.harvest.fetch import Answer
from pipeline.model import Record

_SOURCE = ClinicalTrials()


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every study twice. What is no page of studies (one study, the API's description) must be refused as one."""
    tally = Tally()
    for row in files:
        if row.status == "real, cassette" or row.file.endswith(".csv"):
            continue  # its decoded body is a recording of its own; a table that others made of the answers
        body = (folder / row.file).read_bytes()
        tally.files += 1
        found = _content(body)
        paged = "studies" in found
        tally.check(row.file, "-", {"refused": _is_refused(body)}, {"refused": not paged})
        studies = found["studies"] if paged else [found] if found else []
        announced = re.match(r"\d+", row.records)
        tally.expected += int(announced[0]) if announced and found else 0
        if not found:
            tally.notes.append(f"{row.file}: {row.what}; no studies, and refused")
        for study in studies:
            record = _SOURCE.read(json.dumps(study).encode())
            tally.read += 1
            tally.check(row.file, record.source_id, _ours(record), _other(study))
    return tally


def _content(body: bytes) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(body)
    except ValueError:
        return {}
    return content


def _is_refused(body: bytes) -> bool:
    try:
        check_answer(Answer("", 200, {}, body))
    except SourceFailed:
        return True
    return False


def _ours(record: Record) -> dict[str, object]:
    sections: dict[str, list[str]] = {}
    label = ""
    for part in record.abstract:
        label = part.label or label
        sections.setdefault(label, []).append(part.text)
    return {
        "authors": [str(author) for author in record.authors],
        "completed": str(record.completed or ""),
        "indexed": str(record.indexed or ""),
        "keywords": set(record.keywords),
        "mesh": set(record.mesh),
        "published": str(record.published or ""),
        "registrations": record.registrations,
        "relations": {(one.stated, one.pmid, one.citation) for one in record.relations},
        "results": str(record.results_posted or ""),
        "sections": {name: _letters(" ".join(parts)) for name, parts in sections.items()},
        "status": record.status,
        "title": record.title,
        "url": record.url,
    }


def _other(study: Mapping[str, Any]) -> dict[str, object]:
    protocol = study["protocolSection"]
    identification, status = protocol["identificationModule"], protocol["statusModule"]
    conditions = protocol.get("conditionsModule", {})
    interventions = protocol.get("armsInterventionsModule", {}).get("interventions", [])
    browse = study.get("derivedSection", {})
    meshes = [browse.get(f"{kind}BrowseModule", {}).get("meshes", []) for kind in ("condition", "intervention")]
    references = protocol.get("referencesModule", {}).get("references", [])
    completed = status.get("primaryCompletionDateStruct", {})
    posted = status.get("studyFirstPostDateStruct", {}).get("date", "")
    return {
        "authors": [protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"]],  # no recording names a person
        "completed": completed["date"] if completed.get("type") == "ACTUAL" else "",
        "indexed": posted,
        "keywords": {*conditions.get("conditions", []), *conditions.get("keywords", [])}
        | {name for one in interventions for name in (one["name"], *one.get("otherNames", []))},
        "mesh": {heading["term"] for kind in meshes for heading in kind},
        "published": posted,
        "registrations": (identification["nctId"],),
        "relations": {
            (one["type"], one.get("pmid", ""), one["citation"]) for one in references if one["type"] != "BACKGROUND"
        },
        "results": status.get("resultsFirstPostDateStruct", {}).get("date", ""),
        "sections": {name: letters for name, stated in _texts(protocol).items() if (letters := _letters(stated))},
        "status": status["overallStatus"],
        "title": identification["briefTitle"],
        "url": f"https://clinicaltrials.gov/study/{identification['nctId']}",
    }


def _texts(protocol: Mapping[str, Any]) -> dict[str, str]:
    description, arms = protocol.get("descriptionModule", {}), protocol.get("armsInterventionsModule", {})
    outcomes, enrolled = protocol.get("outcomesModule", {}), protocol["designModule"].get("enrollmentInfo", {})
    return {
        "Official title": protocol["identificationModule"].get("officialTitle", ""),
        "Brief summary": description.get("briefSummary", ""),
        "Detailed description": description.get("detailedDescription", ""),
        "Arms": " ".join(f"{one['label']} {one['description']}" for one in arms.get("armGroups", [])),
        "Interventions": " ".join(
            f"{one['name']} {one['description']}" for one in arms.get("interventions", []) if "description" in one
        ),
        "Primary outcomes": " ".join(one["measure"] for one in outcomes.get("primaryOutcomes", [])),
        "Secondary outcomes": " ".join(one["measure"] for one in outcomes.get("secondaryOutcomes", [])),
        "Enrollment": f"{enrolled.get('count')} participants {enrolled.get('type', '').lower()}" if enrolled else "",
        "Why stopped": protocol["statusModule"].get("whyStopped", ""),
    }


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words)
