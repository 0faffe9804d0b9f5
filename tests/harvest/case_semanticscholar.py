"""Semantic Scholar's case for the contract: a made-up world of four papers, served two a page."""

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.semanticscholar import SemanticScholar
from pipeline.model import Author, PartialDate, Record, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "semanticscholar"
PATH = "/paper/search/bulk"
RECORDS = {
    f"{number}{ending * 16}": (FIXTURES / f"{name}.json").read_bytes()
    for number, ending, name in (
        ("99100001", "a1", "article"),
        ("99100002", "b2", "preprint"),
        ("99100003", "c3", "arxiv"),
        ("99100004", "d4", "bare"),
    )
}
IDS = tuple(RECORDS)
MALFORMED = b'{"paperId":"99100099e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5","title":{"text":"An object in place of text"}}'

ARTICLE = Record(
    source="semanticscholar",
    source_id=IDS[0],
    title="Made-up trial: needling, CD5+ cells and x<y in multiple sclerosis (P<0.05)",
    abstract=(Section("BACKGROUND An invented abstract with CO2. RESULTS P<0.001 & n>30."),),
    authors=(
        Author("Muster", "Erika Anna"),
        Author("van der Probe", "K. H."),
        Author(collective="Invented Needling Study Group"),
        Author("Beispiel Jr.", "J."),
    ),
    journal="Journal of Invented Trials",
    volume="12 3",
    pages="101-109",
    published=PartialDate(2026, 9, 14),
    doi="10.5555/s2.2026.1",
    pmid="99100001",
    pmcid="PMC99100001",
    url=f"https://www.semanticscholar.org/paper/{IDS[0]}",
    open_access=True,
)
PREPRINT = Record(
    source="semanticscholar",
    source_id=IDS[1],
    title="Made-up preprint: needling in multiple sclerosis",
    authors=(Author("Muster", "E."),),
    journal="medRxiv",
    published=PartialDate(2026, 2),
    doi="10.5555/preprint.2026.2",
    url=f"https://www.semanticscholar.org/paper/{IDS[1]}",
)
ARXIV = Record(
    source="semanticscholar",
    source_id=IDS[2],
    title="Made-up model of a needle",
    abstract=(Section("An invented abstract in one piece."),),
    authors=(Author("Solo"),),
    journal="ArXiv",
    volume="abs/9910.00003",
    published=PartialDate(2025),
    doi="10.48550/arxiv.9910.00003",
    url=f"https://www.semanticscholar.org/paper/{IDS[2]}",
)
BARE = Record(
    source="semanticscholar",
    source_id=IDS[3],
    title="A made-up thesis on needling",
    url=f"https://www.semanticscholar.org/paper/{IDS[3]}",
)


def answer(papers: Sequence[bytes], total: int | None = None, token: object = None) -> bytes:
    """Write one page."""
    content = {
        "total": len(papers) if total is None else total,
        "token": token,
        "data": [json.loads(paper) for paper in papers],
    }
    return json.dumps(content).encode()


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these papers, two a page. No hits: no list either."""
    total = len(payloads) if announced is None else announced

    def search(request: Request) -> Reply:
        if not payloads:
            return Reply(body=json.dumps({"total": total, "offset": 0}).encode())
        start = int(request.query.get("token", "PCO0").removeprefix("PCO"))
        token = f"PCO{start + 2}" if start + 2 < len(payloads) else None
        return Reply(body=answer(payloads[start : start + 2], total, token))

    server.on(PATH, search)


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def circle(server: LocalServer) -> None:
    """Give a new token each time, and the same page behind every one."""
    page = [*RECORDS.values()][:3]
    server.on(PATH, [Reply(body=answer([*page, b"null"], 99, f"PCO{n}")) for n in range(50)])


CASE = SourceCase(
    name="semanticscholar",
    source=SemanticScholar(),
    records=RECORDS,
    expected=(ARTICLE, PREPRINT, ARXIV, BARE),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "error with 200": Reply(body=b'{"error":"Internal error"}'),
        "gateway's message with 200": Reply(body=b'{"message":"Endpoint request timed out"}'),
        "error beside no result": Reply(body=b'{"error":"Internal error","total":0,"data":[]}'),
        "message beside no result": Reply(body=b'{"message":"Internal error","total":0,"data":[]}'),
        "unknown field": Reply(400, b'{"error":"Unrecognized or unsupported fields: [unknown]"}'),
        "not found": Reply(404, b'{"error":"Not found"}'),
        "bad key": Reply(403, b'{"message":"Forbidden"}'),
        "too many requests": Reply(429, b'{"message":"Too Many Requests.","code":"429"}'),
        "gateway timeout": Reply(504, b'{"message":"Endpoint request timed out"}'),
        "HTML page with 200": Reply(body=b"<html><body>Maintenance</body></html>"),
        "maintenance page": Reply(503, b"<html><body>Maintenance</body></html>"),
        "empty body": Reply(body=b""),
        "JSON list": Reply(body=b"[]"),
        "empty object": Reply(body=b"{}"),
        "cut short": Reply(body=answer([*RECORDS.values()])[:400]),
        "no list": Reply(body=b'{"total":3,"token":null}'),
        "papers as an object": Reply(body=b'{"total":0,"token":null,"data":{}}'),
        "total as text": Reply(body=b'{"total":"0","token":null,"data":[]}'),
        "total below zero": Reply(body=b'{"total":-1,"token":null,"data":[]}'),
        "token as a number": Reply(body=b'{"total":0,"token":7,"data":[]}'),
    },
    unreadable={
        "no JSON": b"not JSON",
        "cut short": RECORDS[IDS[0]][:300],
        "nothing": b"null",
        "no object": b'["99100001"]',
        "no id": b'{"title":"A made-up title"}',
        "an empty id": b'{"paperId":" ","title":"A made-up title"}',
        "an id as a number": b'{"paperId":1,"title":"A made-up title"}',
        "a list for an object": b'{"paperId":"a","journal":[]}',
        "a list for text": b'{"paperId":"a","abstract":["One","Two"]}',
        "an object for a list": b'{"paperId":"a","authors":{}}',
        "text in a list of objects": b'{"paperId":"a","authors":["Muster"]}',
    },
    loop=circle,
    requests_again=2,
)
