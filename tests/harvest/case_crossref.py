"""Crossref's case for the contract: a made-up world of four works, served two a page under one unchanging cursor."""

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.crossref import Crossref
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "crossref"
RECORDS = {
    key: (FIXTURES / f"{name}.json").read_bytes()
    for key, name in (
        ("10.5555/cr.2026.1", "article"),
        ("10.5555/cr.preprint.2026.1", "preprint"),
        ("10.5555/cr.2026.9", "notice"),
        ("10.5555/cr.book.(1)<2>3", "chapter"),
    )
}
MALFORMED = b'{"DOI":"10.5555/cr.made-up.99","title":"A text in place of a list"}'
CURSOR = "DnF1ZXJ5VGhlbkZldGNoBgAAAA+/=="

ARTICLE = Record(
    source="crossref",
    source_id="10.5555/cr.2026.1",
    title="Made-up trial: needling, CD5+ cells and x in multiple sclerosis: a randomised controlled trial",
    vernacular_title="Erfundene Studie zum Nadeln",
    abstract=(
        Section("An invented abstract with CO2. No heading of its own.", "Background"),
        Section("P<0.001 & n>30.", "Results"),
    ),
    authors=(
        Author("Muster", "Erika Anna", orcid="0000-0002-1825-0097"),
        Author("Beispiel", "J. K."),
        Author("Einname"),
        Author("Rufname"),
        Author(collective="Invented Needling & Care Study Group"),
    ),
    journal="Journal of Invented Trials & Tests",
    volume="12",
    issue="3",
    pages="101-109",
    published=PartialDate(2026, 9, 1),
    indexed=PartialDate(2026, 8, 30),
    doi="10.5555/cr.2026.1",
    registrations=("ISRCTN99999999",),
    publication_types=("journal-article",),
    languages=("en",),
    relations=(
        Relation(RelationKind.RETRACTION_IN, "retraction in", doi="10.5555/cr.2026.9"),
        Relation(RelationKind.ERRATUM_IN, "clarification in", doi="10.5555/cr.2026.8"),
        Relation(RelationKind.HAS_PREPRINT, "has-preprint", doi="10.5555/cr.preprint.2026.1"),
    ),
    url="https://doi.org/10.5555/cr.2026.1",
)
PREPRINT = Record(
    source="crossref",
    source_id="10.5555/cr.preprint.2026.1",
    title="Made-up preprint: does needling help in multiple sclerosis? An honest question",
    abstract=(Section("An invented abstract in one piece."),),
    authors=(Author("Muster", "Erika Anna"),),
    journal="inventRxiv",
    published=PartialDate(2026, 2, 1),
    indexed=PartialDate(2026, 2, 2),
    doi="10.5555/cr.preprint.2026.1",
    publication_types=("posted-content", "Preprint"),
    relations=(
        Relation(RelationKind.OTHER, "withdrawal in", doi="10.5555/cr.preprint.2026.1"),
        Relation(RelationKind.PREPRINT_OF, "is-preprint-of", doi="10.5555/cr.2026.1"),
    ),
    url="https://doi.org/10.5555/cr.preprint.2026.1",
)
NOTICE = Record(
    source="crossref",
    source_id="10.5555/cr.2026.9",
    title="Made-up retraction: needling and cells in multiple sclerosis",
    journal="Journal of Invented Trials",
    pages="e9",
    published=PartialDate(2026, 10),
    indexed=PartialDate(2026, 10, 20),
    doi="10.5555/cr.2026.9",
    publication_types=("journal-article", "Retraction"),
    relations=(Relation(RelationKind.RETRACTION_OF, "retraction of", doi="10.5555/cr.2026.1"),),
    url="https://doi.org/10.5555/cr.2026.9",
)
CHAPTER = Record(
    source="crossref",
    source_id="10.5555/cr.book.(1)<2>3",
    title="Made-up chapter: needles",
    journal="A book that nobody wrote",
    indexed=PartialDate(2026, 9, 20),
    doi="10.5555/cr.book.(1)<2>3",
    publication_types=("book-chapter",),
    url="https://doi.org/10.5555/cr.book.%281%29%3C2%3E3",
)


def answer(items: Sequence[bytes], total: int | None = None, **more: object) -> bytes:
    """Write one page; ``more`` are further members of it, such as ``next-cursor``."""
    message = {
        "facets": {},
        **more,
        "total-results": len(items) if total is None else total,
        "items": [json.loads(item) for item in items],
        "items-per-page": 1000,
        "query": {"start-index": 0, "search-terms": None},
    }
    content = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}
    return json.dumps(content).encode()


def refusal(kind: str, message: object) -> bytes:
    """Write what Crossref answers to a question it does not take."""
    problem = {"type": kind, "value": "made up", "message": message}
    return json.dumps({"status": "failed", "message-type": "validation-failure", "message": [problem]}).encode()


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these works, two a page: the cursor stays the same, and the server knows how far its scroll has come."""
    total = len(payloads) if announced is None else announced
    start = 0

    def works(request: Request) -> Reply:
        nonlocal start
        start = 0 if request.query["cursor"] == "*" else start + 2
        return Reply(body=answer(payloads[start : start + 2], total, **{"next-cursor": CURSOR}))

    server.on("/works", works)


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def alternate(server: LocalServer) -> None:
    """Give a new cursor each time, and the same page behind every one."""
    page = [*RECORDS.values()][:3]
    server.on("/works", [Reply(body=answer(page, 99, **{"next-cursor": f"cursor {n}"})) for n in range(50)])


def _listed(message: str) -> Reply:
    return Reply(body=b'{"status":"ok","message-type":"work-list","message":%s}' % message.encode())


CASE = SourceCase(
    name="crossref",
    source=Crossref(),
    records=RECORDS,
    expected=(ARTICLE, PREPRINT, NOTICE, CHAPTER),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "cursor expired": Reply(404, refusal("cursor-invalid", "Cursor specified but it is invalid")),
        "wrong parameter": Reply(400, refusal("filter-not-available", "Filter made-up does not exist")),
        "plain text": Reply(404, b"Resource not found.", {"Content-Type": "text/plain"}),
        "too many requests": Reply(429, b"<html><body><h1>429 Too Many Requests</h1></body></html>"),
        "unavailable": Reply(503, b"<html><body>Service Unavailable</body></html>"),
        "refusal with 200": Reply(body=refusal("made-up", "No")),
        "refusal as an object": Reply(400, b'{"status":"failed","message":{}}'),
        "HTML page with 200": Reply(body=b"<html><body>Maintenance</body></html>"),
        "empty body": Reply(body=b""),
        "JSON list": Reply(body=b"[]"),
        "other list": Reply(body=answer([]).replace(b"work-list", b"member-list")),
        "cut short": Reply(body=answer([*RECORDS.values()])[:400]),
        "NaN": _listed('{"total-results":NaN,"items":[]}'),
        "deep JSON": _listed('{"items":' + "[" * 100_000),
        "no items": _listed('{"total-results":0}'),
        "items as an object": _listed('{"total-results":1,"items":{"DOI":"10.5555/1"}}'),
        "no total": _listed('{"items":[]}'),
        "total as text": _listed('{"total-results":"0","items":[]}'),
        "cursor as a number": _listed('{"total-results":0,"items":[],"next-cursor":7}'),
    },
    unreadable={
        "no JSON": b"not JSON",
        "cut short": RECORDS["10.5555/cr.2026.1"][:300],
        "deep JSON": b"[" * 100_000,
        "no object": b'["10.5555/1"]',
        "no DOI": b'{"title":["A made-up title"]}',
        "a DOI as a number": b'{"DOI":10.5555,"title":["A made-up title"]}',
        "a DOI that is none": b'{"DOI":"made-up","title":["A made-up title"]}',
        "a number in a list of texts": b'{"DOI":"10.5555/1","title":[1]}',
        "text in a list of objects": b'{"DOI":"10.5555/1","author":["Muster EA"]}',
        "a list for an object": b'{"DOI":"10.5555/1","relation":[]}',
        "an object for text": b'{"DOI":"10.5555/1","abstract":{}}',
    },
    loop=alternate,
    requests_again=2,
)
