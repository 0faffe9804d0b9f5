"""DOAJ's case for the contract: a made-up world of four articles, served two a page."""

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.doaj import DOAJ
from pipeline.model import Author, PartialDate, Record, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "doaj"
ID = "0000000000000000000000000000990"
RECORDS = {
    f"{ID}{number}": (FIXTURES / f"{name}.json").read_bytes()
    for number, name in enumerate(("article", "older", "season", "undated"), start=1)
}
MALFORMED = f'{{"id":"{ID}9","bibjson":{{"title":["A list in place of text"]}}}}'.encode()
SEARCH = "/v4/search/articles/"

ARTICLE = Record(
    source="doaj",
    source_id=f"{ID}1",
    title="Made-up trial: needling, CD5+ cells and x<y in multiple sclerosis",
    abstract=(Section("An invented abstract with CO2."), Section("P<0.001 & n>30.", "Results")),
    authors=(
        Author("Muster", "Erika A.", orcid="0000-0002-1825-0097"),
        Author("Beispiel", "Jens Karl"),
        Author("Probe Klaus", "H"),
        Author(collective="Invented Needling Study Group"),
    ),
    journal="Journal of Invented Trials & Tests",
    volume="12",
    issue="3",
    pages="101-109",
    published=PartialDate(2026, 9),
    indexed=PartialDate(2026, 9, 6),
    doi="10.5555/doaj.2026.1",
    keywords=("acupuncture", "T cells"),
    languages=("en",),
    url="https://journal.example.org/12/3/101",
    open_access=True,
)
OLDER = Record(
    source="doaj",
    source_id=f"{ID}2",
    title="Made-up case report: a needle and a spasm",
    authors=(Author("Solo"),),
    journal="Invented case reports",
    volume="2",
    pages="e432",
    published=PartialDate(2008, 4),
    indexed=PartialDate(2014, 5, 22),
    url=f"https://doaj.org/article/{ID}2",
    open_access=True,
)
SEASON = Record(
    source="doaj",
    source_id=f"{ID}3",
    title="Made-up review of needles",
    journal="Revista inventada",
    issue="4",
    published=PartialDate(2025),
    published_stated="2025 Winter",
    indexed=PartialDate(2026, 10, 30),
    doi="10.5555/doaj.2025.3",
    languages=("es",),
    url=f"https://doaj.org/article/{ID}3",
    open_access=True,
)
UNDATED = Record(
    source="doaj",
    source_id=f"{ID}4",
    title="Made-up note without a year",
    pages="7",
    url=f"https://doaj.org/article/{ID}4",
    open_access=True,
)


def answer(results: Sequence[bytes], total: int | None = None) -> bytes:
    """Write one page."""
    content = {
        "total": len(results) if total is None else total,
        "page": 1,
        "pageSize": 100,
        "timestamp": "2026-11-02T06:00:00.000000Z",
        "query": "made up",
        "results": [json.loads(result) for result in results],
        "last": "https://doaj.org/api/v4/search/articles/made%20up?page=1&pageSize=100",
        "sort": "created_date:asc",
    }
    return json.dumps(content).encode()


def refusal(words: str) -> Reply:
    """Say, as DOAJ does, why a query is refused."""
    said = {"status": "bad_request", "error": f"{words} (ref: 00000000-0000-11f1-8000-000000000000)"}
    return Reply(400, json.dumps(said).encode())


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these records, two a page; after the last of them comes an empty page."""
    total = len(payloads) if announced is None else announced

    def search(request: Request) -> Reply:
        start = 2 * int(request.query["page"]) - 2
        return Reply(body=answer(payloads[start : start + 2], total))

    server.on(SEARCH, search)


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def repeat(server: LocalServer) -> None:
    """Give the same page whatever page is asked for."""
    server.on(SEARCH, Reply(body=answer([*RECORDS.values()][:3], 99)))


CASE = SourceCase(
    name="doaj",
    source=DOAJ(),
    records=RECORDS,
    expected=(ARTICLE, OLDER, SEASON, UNDATED),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "refused": refusal("Query contains disallowed Lucene features"),
        "not run": refusal("There was an error executing your query"),
        "refused with 200": Reply(body=b'{"status":"bad_request","error":"No"}'),
        "refused in HTML": Reply(400, b"<html><body>Request Header Or Cookie Too Large</body></html>"),
        "forbidden": Reply(403, b"<html><head><title>403 Forbidden</title></head></html>"),
        "not found": Reply(404, b'{"status":"not_found","error":"No endpoint"}'),
        "too many requests": Reply(429, b"<html><body>429 Too Many Requests</body></html>"),
        "bad gateway": Reply(502, b"<html><body>502 Bad Gateway</body></html>"),
        "HTML page with 200": Reply(body=b"<html><body>Maintenance</body></html>"),
        "empty body": Reply(body=b""),
        "JSON list": Reply(body=b"[]"),
        "NaN": Reply(body=b'{"total":NaN,"results":[]}'),
        "cut short": Reply(body=answer([*RECORDS.values()])[:400]),
        "no results": Reply(body=b'{"total":0}'),
        "results as an object": Reply(body=b'{"total":1,"results":{"id":"1"}}'),
        "no total": Reply(body=b'{"results":[]}'),
        "total as an object": Reply(body=b'{"total":{"value":0,"relation":"eq"},"results":[]}'),
        "total as a truth value": Reply(body=b'{"total":true,"results":[]}'),
    },
    unreadable={
        "no JSON": b"not JSON",
        "cut short": RECORDS[f"{ID}1"][:300],
        "deep JSON": b"[" * 100_000,
        "no object": b'["1"]',
        "no id": b'{"bibjson":{"title":"A made-up title"}}',
        "an id as a number": b'{"id":1,"bibjson":{"title":"A made-up title"}}',
        "a list for an object": b'{"id":"1","bibjson":[]}',
        "a journal as text": b'{"id":"1","bibjson":{"journal":"A made-up journal"}}',
        "an object for a list": b'{"id":"1","bibjson":{"author":{"name":"Erika Muster"}}}',
        "text in a list of objects": b'{"id":"1","bibjson":{"identifier":["10.5555/1"]}}',
        "an object in a list of texts": b'{"id":"1","bibjson":{"keywords":[{}]}}',
        "an address as a list": b'{"id":"1","bibjson":{"link":[{"type":"fulltext","url":[]}]}}',
    },
    loop=repeat,
    requests_again=2,
)
