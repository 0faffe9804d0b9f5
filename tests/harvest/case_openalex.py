"""OpenAlex's case for the contract: a made-up world of four works, served two a page."""

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.openalex import OpenAlex
from pipeline.model import Author, PartialDate, Record, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "openalex"
RECORDS = {
    key: (FIXTURES / f"{name}.json").read_bytes()
    for key, name in (
        ("W9999900001", "article"),
        ("W9999900002", "preprint"),
        ("W9999900003", "retracted"),
        ("W9999900004", "thesis"),
    )
}
MALFORMED = b'{"id":"https://openalex.org/W9999900099","title":{"text":"An object in place of text"}}'

ARTICLE = Record(
    source="openalex",
    source_id="W9999900001",
    title="Made-up trial: needling, CD5+ cells and x<y in multiple sclerosis (P<0.05)",
    abstract=(Section("An invented abstract about the needle and the nerve, with P<0.001 & n>30 in the end."),),
    authors=(
        Author("Muster", "Erika Anna", orcid="0000-0002-1825-0097"),
        Author("Beispiel", "Jan"),
        Author("van der Probe Jr.", "Karl H."),
        Author("LIANG", "Xiaoming"),
        Author("针先生"),
        Author(collective="Invented Needling Study Group"),
        Author("Solo"),
    ),
    journal="Journal of Invented Trials",
    volume="12",
    issue="3",
    pages="101-109",
    published=PartialDate(2026, 9, 14),
    indexed=PartialDate(2026, 9, 20),
    doi="10.5555/openalex.2026.1",
    pmid="99200001",
    pmcid="PMC99200001",
    publication_types=("article",),
    mesh=("Acupuncture Therapy", "Multiple Sclerosis"),
    url="https://openalex.org/W9999900001",
    open_access=True,
)
PREPRINT = Record(
    source="openalex",
    source_id="W9999900002",
    title="Made-up preprint: dry needling and fatigue",
    journal="medRxiv",
    published=PartialDate(2026, 2, 1),
    indexed=PartialDate(2025, 10, 10),
    doi="10.5555/preprint.2026.2",
    publication_types=("Preprint", "article"),
    url="https://openalex.org/W9999900002",
    open_access=True,
)
RETRACTED = Record(
    source="openalex",
    source_id="W9999900003",
    title="RETRACTED: Made-up study of needles in encephalomyelitis",
    authors=(Author("Muster", "J. Q."),),
    journal="Invented Medicine",
    volume="2020",
    pages="1",
    published=PartialDate(2020),
    indexed=PartialDate(2025, 10, 10),
    doi="10.5555/openalex.2020.3",
    publication_types=("Retracted Publication",),
    url="https://openalex.org/W9999900003",
    open_access=False,
)
THESIS = Record(
    source="openalex",
    source_id="W9999900004",
    title="Made-up thesis on needling, kept in a repository",
    publication_types=("dissertation",),
    url="https://openalex.org/W9999900004",
)


def answer(works: Sequence[bytes], count: int | None = None, next_cursor: str | None = None) -> bytes:
    """Write one page."""
    meta = {
        "count": len(works) if count is None else count,
        "db_response_time_ms": 59,
        "page": None,
        "per_page": 2,
        "next_cursor": next_cursor,
        "groups_count": None,
        "cost_usd": 0.001,
    }
    return json.dumps({"meta": meta, "results": [json.loads(work) for work in works], "group_by": []}).encode()


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these works, two a page; a page that is not full is the last and has no cursor."""
    total = len(payloads) if announced is None else announced

    def works(request: Request) -> Reply:
        start = 0 if request.query["cursor"] == "*" else int(request.query["cursor"].removesuffix("+/="))
        page = payloads[start : start + 2]
        return Reply(body=answer(page, total, f"{start + 2}+/=" if len(page) == 2 else None))

    server.on("/works", works)


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def alternate(server: LocalServer) -> None:
    """Give a new cursor each time, and the same page behind every one."""
    page = [*RECORDS.values()][:3]
    server.on("/works", [Reply(body=answer(page, 99, f"cursor {n}")) for n in range(50)])


CASE = SourceCase(
    name="openalex",
    source=OpenAlex(),
    records=RECORDS,
    expected=(ARTICLE, PREPRINT, RETRACTED, THESIS),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "wrong key": Reply(401, b'{"error":"Invalid or missing API key","message":"SECRET-xyz is not known"}'),
        "too fast": Reply(403, b"<html><body>Forbidden</body></html>"),
        "bad filter": Reply(400, b'{"error":"Invalid query parameters error.","message":"x is not a valid field."}'),
        "bad filter in HTML": Reply(400, b"<html><body>Bad Request</body></html>"),
        "not found": Reply(404, b"<!doctype html><title>404 Not Found</title><h1>Not Found</h1>"),
        "budget spent": Reply(
            429,
            b'{"error":"Rate limit exceeded","message":"Insufficient budget. Resets at midnight UTC"}',
            {"Retry-After": "53578", "X-RateLimit-Remaining": "0"},
        ),
        "too many requests": Reply(429, b'{"error":"Rate limit exceeded","message":"Slow down"}'),
        "server error": Reply(500, b"<html><body>Internal Server Error</body></html>"),
        "error with 200": Reply(body=b'{"error":"Search execution error.","message":"no shard"}'),
        "HTML page with 200": Reply(body=b"<html><body>Maintenance</body></html>"),
        "empty body": Reply(body=b""),
        "JSON list": Reply(body=b"[]"),
        "one work": Reply(body=RECORDS["W9999900004"]),
        "NaN": Reply(body=b'{"meta":{"count":NaN},"results":[]}'),
        "deep JSON": Reply(body=b'{"results":' + b"[" * 100_000),
        "cut short": Reply(body=answer([*RECORDS.values()])[:400]),
        "no meta": Reply(body=b'{"results":[]}'),
        "no count": Reply(body=b'{"meta":{},"results":[]}'),
        "count as text": Reply(body=b'{"meta":{"count":"0"},"results":[]}'),
        "results as an object": Reply(body=b'{"meta":{"count":1},"results":{"id":"W1"}}'),
        "cursor as a number": Reply(body=b'{"meta":{"count":0,"next_cursor":7},"results":[]}'),
    },
    unreadable={
        "no JSON": b"not JSON",
        "cut short": RECORDS["W9999900001"][:300],
        "deep JSON": b"[" * 100_000,
        "no object": b'["W1"]',
        "no id": b'{"title":"A made-up title"}',
        "an id as a number": b'{"id":1,"title":"A made-up title"}',
        "an author's id": b'{"id":"https://openalex.org/A1","title":"A made-up title"}',
        "a list for an object": b'{"id":"W1","ids":[]}',
        "an object for a list": b'{"id":"W1","authorships":{}}',
        "text in a list of objects": b'{"id":"W1","mesh":["Acupuncture"]}',
        "a flag as text": b'{"id":"W1","is_retracted":"false"}',
        "a place as text": b'{"id":"W1","abstract_inverted_index":{"word":["0"]}}',
        "a place as a truth value": b'{"id":"W1","abstract_inverted_index":{"word":[true]}}',
        "a place outside of a list": b'{"id":"W1","abstract_inverted_index":{"word":0}}',
        "an endless abstract": json.dumps(
            {"id": "W1", "abstract_inverted_index": {"w" * 10_000: list(range(1000))}}
        ).encode(),
    },
    loop=alternate,
    requests_again=3,
)
