"""The contract of pipeline/harvest/source.py, kept by every source alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed
from pipeline.harvest.source import Known
from pipeline.model import Record
from tests.harvest import (
    case_clinicaltrials,
    case_crossref,
    case_doaj,
    case_europepmc,
    case_feeds,
    case_medrxiv,
    case_openalex,
    case_pubmed,
    case_retractionwatch,
    case_semanticscholar,
)
from tests.harvest.contract import API_KEY, NOW, SUBJECT, SourceCase, harvest
from tests.support.server import LocalServer, Reply

CASES: tuple[SourceCase, ...] = (
    case_pubmed.CASE,
    case_europepmc.CASE,
    case_crossref.CASE,
    case_openalex.CASE,
    case_semanticscholar.CASE,
    case_clinicaltrials.CASE,
    case_doaj.CASE,
    case_medrxiv.CASE,
    case_retractionwatch.CASE,
    case_feeds.CASE,
)

every_source = pytest.mark.parametrize("case", CASES, ids=str)
every_failure = pytest.mark.parametrize(
    ("case", "reply"),
    [pytest.param(case, reply, id=f"{case}: {name}") for case in CASES for name, reply in case.failures.items()],
)
every_payload = pytest.mark.parametrize(
    ("case", "payload"),
    [pytest.param(case, payload, id=f"{case}: {name}") for case in CASES for name, payload in case.unreadable.items()],
)


@every_source
def test_reads(case: SourceCase, server: LocalServer) -> None:
    """Every record of the world comes out as what it means, under its own id."""
    case.serve(server, [*case.records.values()], None)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    assert sorted(outcome.records, key=lambda record: record.key) == sorted(case.expected, key=lambda one: one.key)
    assert {record.key for record in outcome.records} == {f"{case.source.name}:{number}" for number in case.records}
    assert outcome.rejected == ()


@every_source
def test_proof(case: SourceCase, server: LocalServer) -> None:
    """A harvest that saw everything proves it: the announced total, every id, no shortfall; a page tells the total."""
    case.serve(server, [*case.records.values()], None)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    total = len(case.records) if case.announces else None
    assert outcome.proof.total == total
    assert outcome.proof.listed == set(case.records)
    assert outcome.proof.shortfall == ""
    assert outcome.pages[0].total == total


@every_source
def test_normalised(case: SourceCase) -> None:
    """Identifiers and text are in the one form in which they can be compared and stored."""
    for record in case.expected:
        assert record.doi == text.doi(record.doi)
        assert record.pmid == text.pmid(record.pmid)
        assert record.pmcid == text.pmcid(record.pmcid)
        assert record.title
        assert all(words == text.clean(words) for words in _words(record))
        assert all(relation.doi == text.doi(relation.doi) for relation in record.relations)
        assert all(relation.pmid == text.pmid(relation.pmid) for relation in record.relations)


@every_source
def test_rereads(case: SourceCase, server: LocalServer) -> None:
    """From the bytes that are stored, the same record can be read again."""
    case.serve(server, [*case.records.values()], None)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    assert tuple(case.source.read(payload) for payload in outcome.payloads) == outcome.records


@every_source
def test_again(case: SourceCase, server: LocalServer) -> None:
    """A second harvest of an unchanged world brings nothing that is not known, and asks no more than it has to."""
    case.serve(server, [*case.records.values()], None)
    with case.client(server) as client:
        first = harvest(case.source, client)
        before = len(server.requests)
        known = Known(dict.fromkeys(case.records, NOW - timedelta(days=1)), complete_until=NOW - timedelta(days=1))
        second = harvest(case.source, client, known)
    assert set(second.records) <= set(first.records)
    assert second.proof == first.proof
    assert len(server.requests) - before <= case.requests_again


@every_source
def test_zero(case: SourceCase, server: LocalServer) -> None:
    """No hits at all is a whole answer."""
    case.serve(server, [], None)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    assert outcome.records == ()
    assert outcome.proof.listed == frozenset()
    assert outcome.proof.total == (0 if case.announces else None)
    assert outcome.proof.shortfall == ""


@every_source
def test_quarantine(case: SourceCase, server: LocalServer) -> None:
    """One unreadable record is set aside with its bytes and a reason; all others are read."""
    case.serve(server, [*case.records.values(), case.malformed], None)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    assert {record.source_id for record in outcome.records} == set(case.records)
    (rejected,) = (one for page in outcome.pages for one in page.rejected)
    assert rejected.error
    with pytest.raises(RecordRejected):
        case.source.read(rejected.payload)


@every_payload
def test_unreadable(case: SourceCase, payload: bytes) -> None:
    """Bytes that are no record are rejected, whatever they are."""
    with pytest.raises(RecordRejected):
        case.source.read(payload)


@every_failure
def test_failure(case: SourceCase, reply: Reply, server: LocalServer) -> None:
    """What a failing service says is never taken for an empty result, and the error tells no secret."""
    case.refuse(server, reply)
    with case.client(server) as client, pytest.raises(SourceFailed) as caught:
        harvest(case.source, client)
    assert str(caught.value)
    assert API_KEY not in str(caught.value)


@pytest.mark.parametrize("case", [case for case in CASES if case.announces], ids=str)
def test_shortfall(case: SourceCase, server: LocalServer) -> None:
    """A service that announces more than it delivers leaves the harvest unproven, and the numbers are told."""
    announced = len(case.records) + 7
    case.serve(server, [*case.records.values()], announced)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    assert len(outcome.records) == len(case.records)
    assert outcome.proof.total == announced
    assert str(announced) in outcome.proof.shortfall


@pytest.mark.parametrize("case", [case for case in CASES if case.loop], ids=str)
def test_loop(case: SourceCase, server: LocalServer) -> None:
    """A service that goes round in circles is left after a few requests, with each record once."""
    assert case.loop
    case.loop(server)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    keys = [record.key for record in outcome.records]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {record.key for record in case.expected}
    assert len(server.requests) <= 5


@every_source
def test_oversized(case: SourceCase, server: LocalServer) -> None:
    """An answer beyond the size limit is a failure, not half a result."""
    case.serve(server, [*case.records.values()], None)
    with (
        case.client(server, replace(case.settings, max_bytes=40, retries=0)) as client,
        pytest.raises(SourceFailed),
    ):
        harvest(case.source, client)


@every_source
def test_dropped(case: SourceCase, server: LocalServer) -> None:
    """A connection that breaks off is a failure."""
    case.refuse(server, Reply(hang_up=True))
    with case.client(server) as client, pytest.raises(SourceFailed):
        harvest(case.source, client)


@every_source
def test_query(case: SourceCase) -> None:
    """The query is the same each time, so that a change of it shows; a source is known by name and label."""
    assert case.source.query(SUBJECT) == case.source.query(SUBJECT)
    assert case.source.name
    assert case.source.label
    assert case.source.version >= 1


@every_source
def test_secret(case: SourceCase, server: LocalServer) -> None:
    """A key is sent to the source and kept nowhere."""
    case.serve(server, [*case.records.values()], None)
    with case.client(server) as client:
        outcome = harvest(case.source, client)
    assert all(API_KEY in {**request.query, **request.form}.values() for request in server.requests)
    assert API_KEY not in repr(outcome)


def _words(record: Record) -> Iterator[str]:
    """Give every piece of text a record holds."""
    yield from (record.title, record.vernacular_title, record.journal, record.volume, record.issue, record.pages)
    yield from (*record.publication_types, *record.mesh, *record.keywords, *record.languages, *record.registrations)
    for section in record.abstract:
        yield from (section.label, section.text)
    for author in record.authors:
        yield from (author.family, author.given, author.collective, author.orcid)
