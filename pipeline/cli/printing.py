"""What the store says, as documents for programs and as lines for people."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pipeline import links
from pipeline.documents import verdict_document
from pipeline.judging import judgement_line
from pipeline.model import Count, Fact, Facts, Judged, Judgement, Work, work_name
from pipeline.store.catalogue import Dossier, Evidence, states
from pipeline.store.doubts import Doubt

_NOT_STATED = "not stated"


def work_document(work: Work) -> dict[str, Any]:
    """One work in a list."""
    record = work.record
    return {
        "id": work.name,
        "title": record.title,
        "authors": [str(author) for author in record.authors],
        "journal": record.journal or None,
        "date": str(record.published) if record.published else None,
        "tier": work.verdict.tier.value,
        "excluded_by": work.verdict.excluded_by or None,
        "design": work.facts.design.value.value if work.facts.design else None,
        "identifiers": _identifiers(work),
        "states": list(states(work)),
        "first_seen": work.first_seen.isoformat(),
        "sources": list(work.sources),
        "link": links.link(record) or None,
    }


def _identifiers(work: Work) -> dict[str, Any]:
    record = work.record
    return {
        "doi": record.doi or None,
        "pmid": record.pmid or None,
        "pmcid": record.pmcid or None,
        "preprint": record.preprint_id or None,
        "registrations": list(record.registrations),
    }


def dossier_document(dossier: Dossier) -> dict[str, Any]:
    """One work with everything behind it."""
    work = dossier.work
    return work_document(work) | {
        "study": work_name(work.study),
        "abstract": work.record.abstract_text or None,
        "verdict": verdict_document(work.verdict),
        "facts": {name: _fact_document(value) for name, value in _named_facts(work.facts)},
        "versions": [work_document(version) for version in dossier.study.works if version.id != work.id],
        "records": [_evidence_document(one) for one in dossier.evidence],
        "links": [dict(link) for link in dossier.links],
        "judgements": [_judgement_document(one) for one in dossier.judgements],
        "uncertain": [_pair_document(one) for one in dossier.doubts],
    }


def _judgement_document(judged: Judged) -> dict[str, Any]:
    word = judged.word
    said = (
        {"record": word.a, "judged": word.sameness.value, "other": word.b, "value": None}
        if isinstance(word, Judgement)
        else {"record": word.record, "judged": word.matter.value, "other": None, "value": word.value or None}
    )
    return said | {
        "note": judged.note or None,
        "at": judged.at.isoformat(),
    }


def _pair_document(doubt: Doubt) -> dict[str, Any]:
    one, other = map(work_name, doubt.works)
    return {
        "ids": [one, other],
        "record": doubt.records[0],
        "other": doubt.records[1],
        "reason": doubt.reason,
        "same": f"litwatch judge {one} --same-as {other}",
        "not_same": f"litwatch judge {one} --not-same-as {other}",
    }


def doubt_document(doubt: Doubt, works: Iterable[Work]) -> dict[str, Any]:
    """Two works that may be one."""
    shown = [{"id": work.name, "title": work.record.title, "year": _year(work)} for work in works]
    return {"works": shown} | _pair_document(doubt)


def doubt_lines(doubt: Doubt, works: Iterable[Work]) -> Iterator[str]:
    """The same for people: both works, why they may be one, and how to say what they are."""
    for work in works:
        yield f"{work.name}  {_year(work) or 'n.d.'}  {work.record.title}"
    one, other = map(work_name, doubt.works)
    yield f"  {doubt.reason} ({doubt.records[0]} and {doubt.records[1]})"
    yield f"  litwatch judge {one} --same-as {other}"
    yield f"  litwatch judge {one} --not-same-as {other}"


def _year(work: Work) -> int | None:
    return work.record.published.year if work.record.published else None


def _named_facts(facts: Facts) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(facts, name)) for name in Facts.__dataclass_fields__)


def _fact_document(fact: Fact[Any] | tuple[Fact[Any], ...] | None) -> Any:
    if fact is None:
        return None
    if isinstance(fact, tuple):
        return [_fact_document(one) for one in fact]
    counted = {"counted": fact.counted.value} if isinstance(fact, Count) else {}
    return {
        "value": fact.value,
        "evidence": fact.evidence,
        "field": fact.field,
        "record": fact.record or None,
    } | counted


def _evidence_document(evidence: Evidence) -> dict[str, Any]:
    record = evidence.record
    return {
        "source": evidence.label,
        "record": record.key,
        "title": record.title,
        "date": str(record.published) if record.published else None,
        "publication_types": list(record.publication_types),
        "url": record.url or None,
        "first_seen": evidence.first_seen.isoformat(),
        "last_seen": evidence.last_seen.isoformat(),
        "missing_since": evidence.missing_since.isoformat() if evidence.missing_since else None,
        "joined_by": evidence.joined_by or None,
    }


def dossier_lines(dossier: Dossier) -> Iterator[str]:
    """One work as a page of text."""
    work = dossier.work
    record = work.record
    yield from textwrap.wrap(f"{work.name}  {record.title}", 100)
    yield "; ".join(map(str, record.authors)) or f"authors {_NOT_STATED}"
    yield f"{record.journal or 'journal ' + _NOT_STATED}, {record.published or 'date ' + _NOT_STATED}"
    yield from (f"{name}: {value}" for name, value in _flat_identifiers(work))
    if standing := states(work):
        yield f"state: {', '.join(standing)}"
    yield ""
    yield from _verdict_lines(work)
    yield ""
    yield "facts"
    for name, fact in _named_facts(work.facts):
        yield from _fact_lines(name, fact)
    yield ""
    yield from _record_lines(dossier)
    if record.abstract:
        yield ""
        yield from (line for part in record.abstract_text.splitlines() for line in textwrap.wrap(part, 100))


def _flat_identifiers(work: Work) -> Iterator[tuple[str, str]]:
    for name, value in _identifiers(work).items():
        if value:
            yield name, ", ".join(value) if isinstance(value, list) else value
    if link := links.link(work.record):
        yield "link", link


def _verdict_lines(work: Work) -> Iterator[str]:
    verdict = work.verdict
    yield f"tier: {verdict.tier}" + (f", excluded by {verdict.excluded_by}" if verdict.excluded_by else "")
    for reason in verdict.reasons:
        yield f"  {reason.concept}: “{reason.term}” in the {reason.field.replace('_', ' ')}"


def _fact_lines(name: str, fact: Fact[Any] | tuple[Fact[Any], ...] | None) -> Iterator[str]:
    if not fact:
        yield f"  {name}: {_NOT_STATED}"
        return
    for one in fact if isinstance(fact, tuple) else (fact,):
        value = "" if one.value == one.evidence else f"{one.value} — "
        line = f"{name}: {value}“{one.evidence}” in the {one.field.replace('_', ' ')} of {one.record}"
        yield from textwrap.wrap(line, 100, initial_indent="  ", subsequent_indent="    ")


def _record_lines(dossier: Dossier) -> Iterator[str]:
    yield "records"
    for one in dossier.evidence:
        gone = f", gone since {one.missing_since:%Y-%m-%d}" if one.missing_since else ""
        joined = f" ({one.joined_by})" if one.joined_by else ""
        seen = f"first seen {one.first_seen:%Y-%m-%d}, last {one.last_seen:%Y-%m-%d}"
        yield f"  {one.label}: {one.record.key}, {seen}{gone}{joined}"
    for version in dossier.study.works:
        if version.id != dossier.work.id:
            yield f"  same study: {version.name} {version.record.title}"
    for link in dossier.links:
        yield f"  {link['from_work']} → {link['to_work']}: {link['relationship'].replace('_', ' ')} ({link['reason']})"
    for judged in dossier.judgements:
        remark = f", {judged.note}" if judged.note else ""
        yield f"  judged: {judgement_line(judged.word)} ({judged.at:%Y-%m-%d}{remark})"
    for doubt in dossier.doubts:
        other = next(work for work in doubt.works if work != dossier.work.id)
        yield f"  perhaps the same as {work_name(other)}: {doubt.reason} ({doubt.records[0]} and {doubt.records[1]})"


def status_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """The watch's state as text."""
    yield _last_run_line(document)
    for row in document["sources"]:
        yield f"{row['label']}: {row['status']}" + (f" ({row['error']})" if row["error"] else "")
        failures = row["failures_in_a_row"]
        times = f", {failures} {'failure' if failures == 1 else 'failures'} in a row" if failures else ""
        yield f"  asked {_time(row['asked_at'])}, complete until {_time(row['complete_until'])}{times}"
        yield f"  {_amount(row)}"
    counts = document["counts"]
    tiers = f"{counts['core']} core, {counts['related']} related, {counts['screened_out']} screened out"
    yield f"{counts['records']} records; works: {tiers}; {counts['quarantined']} records in quarantine"
    for digest in document["digests"]:
        last, due = digest["last_issue"], digest["next_due"]
        issued = f"issue {last} of {_time(digest['last_composed'])}" if last else "no issue yet"
        yield f"digest {digest['digest']}: {issued}, next {_time(due) if due else 'with every run'}"
    yield f"outbox: {_outbox(document['outbox'])}"
    yield _database_line(document["database"])


def _amount(row: Mapping[str, Any]) -> str:
    """How much of what a source announced is held, and how much it no longer lists."""
    announced = "no total announced" if row["total"] is None else f"{row['total']:,} announced"
    gone = f", {row['no_longer_listed']:,} held that it no longer lists" if row["no_longer_listed"] else ""
    return f"{announced}, {row['fetched']:,} held{gone}"


_STATES = {
    "pending": "waiting",
    "sent": "delivered",
    "sending": "cut short while being sent",
    "failed": "refused",
    "dead": "given up",
    "doubtful": "in doubt",
    "dropped": "dropped",
}


def _outbox(counts: Mapping[str, int]) -> str:
    """How many messages stand where; what waits and what was delivered always, the rest if there is any."""
    told = ((state, words) for state, words in _STATES.items() if counts[state] or state in {"pending", "sent"})
    line = ", ".join(f"{counts[state]} {words}" for state, words in told)
    open_ones = counts["sent"] + counts["dropped"] < sum(counts.values())
    return f"{line}; `litwatch outbox` lists what is not delivered" if open_ones else line


def iso(moment: datetime | None) -> str | None:
    """A time for programs: ISO 8601, in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def outbox_lines(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Messages of the outbox as text, two or three lines each."""
    for one in documents:
        yield f"{one['id']}: {one['digest']}, issue {one['issue']}, {one['format']} to {one['to']}"
        when = f", next try {_time(one['not_before'])}" if one["not_before"] else ""
        tried = f"tried {one['attempts']} times" if one["attempts"] != 1 else "tried once"
        sent = f" {_time(one['delivered_at'])}" if one["delivered_at"] else f", {tried}{when}"
        yield f"  {_STATES[one['state']]}{sent}"
        if one["last_error"]:
            yield f"  {one['last_error']}"


def _last_run_line(document: Mapping[str, Any]) -> str:
    last = document["last_run"]
    if last is None:
        return "last run: none yet; `litwatch run` is the first"
    ended = f"ended {_time(last['ended_at'])}" if last["ended_at"] else "cut short or still at work"
    return f"last run: began {_time(last['started_at'])}, {ended}"


def _database_line(database: Mapping[str, Any]) -> str:
    if not database["exists"]:
        return f"database: {database['path']}, not there yet"
    size = f"{database['bytes'] / 1e6:.1f} MB"
    return f"database: {database['path']}, {size}, SQLite {database['sqlite']}, {database['damage'] or 'sound'}"


def _time(moment: str | None) -> str:
    """A time of the document, which is in UTC, for people."""
    return f"{moment[:16].replace('T', ' ')} UTC" if moment else "never"
