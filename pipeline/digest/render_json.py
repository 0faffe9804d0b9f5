"""An issue as JSON, for programs. Keys and vocabularies are those of the documented interface, in a stable order."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from pipeline import links
from pipeline.digest.additions import Addition
from pipeline.digest.evidence_map import CellChange, Tally
from pipeline.digest.issue import Correction, Issue, IssueRef, Item
from pipeline.digest.sections import registrations_of, versions
from pipeline.digest.state import subject_line
from pipeline.digest.studies import tier_of
from pipeline.documents import Json, facts_document, verdict_document
from pipeline.model import Design, Work, work_name
from pipeline.proof import Coverage, Status


def render_json(issue: Issue) -> str:
    """One JSON document. Times are UTC, dates as precise as they are known, null is "not stated"."""
    return json.dumps(_issue(issue), ensure_ascii=False, indent=2) + "\n"


def _issue(issue: Issue) -> Json:
    return {
        "litwatch": issue.version,
        "digest": issue.subscription.name,
        "issue": issue.number,
        "previous_issue": _reference(issue.previous),
        "period": {"from": _moment(issue.start), "to": _moment(issue.composed_at)},
        "subject": subject_line(issue),
        "complete": issue.complete,
        "corrections": [_correction(correction) for correction in issue.corrections],
        "items": [_item(item) for item in issue.items],
        "carried_over": issue.carried_over,
        "added": [_added(one) for one in issue.added],
        "coverage": [_coverage(row) for row in issue.coverage],
        "excluded": dict(issue.excluded),
        "map_changes": [_changed(change) for change in issue.changes],
        "out_of_cycle": issue.out_of_cycle,
        "query_version": issue.query_version,
    }


def _reference(issue: IssueRef | None) -> Json | None:
    return {"issue": issue.number, "composed_at": _moment(issue.composed_at)} if issue else None


def _correction(correction: Correction) -> Json:
    return {
        "kind": correction.event.kind.value,
        "work": work_name(correction.event.work),
        "told_in_issue": correction.told_in.number,
        "notice": correction.event.notice or None,
    }


def _item(item: Item) -> Json:
    main = item.study.main
    record = main.record
    return {
        "id": main.name,
        "title": record.title,
        "authors": [str(author) for author in record.authors],
        "journal": record.journal or None,
        "date": str(record.published) if record.published else None,
        "first_seen": _moment(min(work.first_seen for work in item.study.works)),
        "tier": tier_of(item.study).value,
        "section": item.section.value,
        "delayed": item.delayed,
        "sources": sorted({label for work in item.study.works for label in work.sources}),
        "identifiers": _identifiers(main),
        "versions": [_version(work, told_in) for work, told_in in versions(item)],
        "facts": facts_document(main.facts),
        "why": verdict_document(main.verdict)["reasons"],
        "link": links.link(record) or None,
        "open_access": record.open_access,
    }


def _identifiers(work: Work) -> Json:
    record, trials = work.record, registrations_of(work)
    return {
        "doi": record.doi or None,
        "pmid": record.pmid or None,
        "pmcid": record.pmcid or None,
        "nct": next((number for number in trials if number.startswith("NCT")), None),
        "registrations": list(trials),
    }


def _version(work: Work, told_in: IssueRef | None) -> Json:
    return {
        "id": work.name,
        "title": work.record.title,
        "date": str(work.record.published) if work.record.published else None,
        "design": work.facts.design.value.value if work.facts.design else None,
        "preprint": work.record.is_preprint,
        "identifiers": _identifiers(work),
        "link": links.link(work.record) or None,
        "told_in_issue": told_in.number if told_in else None,
    }


def _changed(change: CellChange) -> Json:
    return {
        "intervention": change.intervention,
        "outcome": change.outcome,
        "before": _tally(change.before),
        "after": _tally(change.after),
    }


def _added(one: Addition) -> Json:
    return {
        "source": one.source,
        "studies": one.studies,
        "by_design": _by_design(one.by_design),
        "retracted": one.retracted,
    }


def _by_design(counted: Iterable[tuple[Design | None, int]]) -> list[Json]:
    return [{"design": design.value if design else None, "studies": number} for design, number in counted]


def _tally(tally: Tally) -> Json:
    return {
        "studies": sum(number for _, number in tally.by_design),
        "by_design": _by_design(tally.by_design),
        "people": tally.people,
        "retracted": tally.retracted,
        "registered": tally.registered,
    }


def _coverage(row: Coverage) -> Json:
    return {
        "source": row.source,
        "asked_at": None if row.status is Status.SKIPPED else _moment(row.asked_at),
        "total": row.total,
        "fetched": row.fetched,
        "new": row.new,
        "changed": row.changed,
        "gone": row.gone,
        "status": row.status.value,
        "error": row.error or None,
        "complete_until": _moment(row.complete_until),
        "query_change": {"total_before": row.before.total, "total": row.total} if row.before else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
