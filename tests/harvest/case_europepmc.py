"""Europe PMC's case for the contract: a made-up world of four records, served two a page."""

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.europepmc import EuropePMC
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "europepmc"
RECORDS = {
    key: (FIXTURES / f"{name}.json").read_bytes()
    for key, name in (
        ("MED:99100001", "article"),
        ("PPR:PPR9910001", "preprint"),
        ("PMC:PMC99100003", "online"),
        ("ETH:991004", "thesis"),
    )
}
MALFORMED = b'{"id":"99100099","source":"MED","title":{"text":"An object in place of text"}}'

ARTICLE = Record(
    source="europepmc",
    source_id="MED:99100001",
    title="Made-up trial: needling, CD5+ cells and x<y in multiple sclerosis (P<0.05).",
    abstract=(
        Section("An invented abstract with CO2.", "Background"),
        Section("P<0.001 & n>30.", "Results"),
    ),
    authors=(
        Author("Muster", "Erika Anna", orcid="0000-0002-1825-0097"),
        Author("Beispiel", "J K"),
        Author("van der Probe", "K H"),
        Author(collective="Invented Needling Study Group"),
    ),
    journal="Journal of invented trials",
    volume="12",
    issue="3",
    pages="101-109",
    published=PartialDate(2026, 12),
    indexed=PartialDate(2026, 9, 2),
    doi="10.5555/epmc.2026.1",
    pmid="99100001",
    pmcid="PMC99100001",
    publication_types=("Randomized Controlled Trial", "research-article", "Journal Article"),
    mesh=("Acupuncture Therapy", "Multiple Sclerosis"),
    keywords=("acupuncture", "T cells"),
    languages=("eng",),
    relations=(
        Relation(RelationKind.HAS_PREPRINT, "Preprint in", preprint_id="PPR9910001", citation="medRxiv"),
        Relation(
            RelationKind.CONCERN_IN,
            "Expression of concern in",
            pmid="99100009",
            doi="10.5555/epmc.2027.9",
            citation="J Invent Trials. 2027 Jan;13(1):2. doi: 10.5555/EPMC.2027.9.",
        ),
        Relation(RelationKind.OTHER, "Summary for patients in", citation="J Invent Trials. 2027 Feb;13(2):3"),
    ),
    url="https://europepmc.org/article/MED/99100001",
    open_access=True,
)
PREPRINT = Record(
    source="europepmc",
    source_id="PPR:PPR9910001",
    title="Made-up preprint: needling in multiple sclerosis",
    abstract=(Section("An invented abstract in one piece."),),
    authors=(Author("Muster", "Erika Anna"),),
    journal="medRxiv",
    published=PartialDate(2026, 2, 1),
    indexed=PartialDate(2026, 2, 4),
    doi="10.5555/preprint.2026.1",
    preprint_id="PPR9910001",
    publication_types=("Preprint",),
    relations=(
        Relation(
            RelationKind.PREPRINT_OF,
            "Preprint of",
            pmid="99100001",
            citation="Journal of invented trials. 2026 Dec;12(3):101-109",
        ),
    ),
    url="https://europepmc.org/article/PPR/PPR9910001",
    open_access=False,
)
ONLINE = Record(
    source="europepmc",
    source_id="PMC:PMC99100003",
    title="Made-up case report: a needle and a spasm.",
    journal="Invented case reports",
    volume="7",
    pages="e3",
    published=PartialDate(2026, 10, 5),
    indexed=PartialDate(2026, 10, 9),
    pmcid="PMC99100003",
    publication_types=("case-report",),
    url="https://europepmc.org/article/PMC/PMC99100003",
)
THESIS = Record(
    source="europepmc",
    source_id="ETH:991004",
    title="A made-up thesis on needling",
    authors=(Author("Solo", "P"),),
    published=PartialDate(1993),
    indexed=PartialDate(2010, 7, 28),
    publication_types=("Thesis",),
    url="https://europepmc.org/article/ETH/991004",
    open_access=False,
)


def answer(results: Sequence[bytes], total: int | None = None, **more: object) -> bytes:
    """Write one page; ``more`` are further members of it, such as ``nextCursorMark``."""
    content = {
        "version": "6.9",
        "hitCount": len(results) if total is None else total,
        **more,
        "request": {"queryString": "made up", "resultType": "core", "cursorMark": "%2A", "synonym": False},
        "resultList": {"result": [json.loads(result) for result in results]},
    }
    return json.dumps(content).encode()


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these records, two a page; after the last of them comes an empty page. No hits: no cursor either."""
    total = len(payloads) if announced is None else announced

    def search(request: Request) -> Reply:
        start = 0 if request.form["cursorMark"] == "*" else int(request.form["cursorMark"].removesuffix("+/="))
        more = {"nextCursorMark": f"{start + 2}+/="} if payloads else {}
        return Reply(body=answer(payloads[start : start + 2], total, **more))

    server.on("/searchPOST", search)


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def alternate(server: LocalServer) -> None:
    """Give a new mark each time, and the same page behind every one."""
    page = [*RECORDS.values()][:3]
    server.on("/searchPOST", [Reply(body=answer(page, 99, nextCursorMark=f"mark {n}")) for n in range(50)])


CASE = SourceCase(
    name="europepmc",
    source=EuropePMC(),
    records=RECORDS,
    expected=(ARTICLE, PREPRINT, ONLINE, THESIS),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "version only": Reply(body=b'{"version":"6.9"}'),
        "error code": Reply(body=b'{"errCode":404,"errMsg":"Invalid page size provided."}'),
        "error bean": Reply(
            body=b'<?xml version="1.0"?><errorBean><errCode>0</errCode><errMsg>No</errMsg></errorBean>'
        ),
        "HTML page with 200": Reply(body=b"<html><body>Maintenance</body></html>"),
        "maintenance page": Reply(503, b"<html><body>Maintenance</body></html>"),
        "not found": Reply(404, b"<html><body>Not here</body></html>"),
        "empty body": Reply(body=b""),
        "JSON list": Reply(body=b"[]"),
        "NaN": Reply(body=b'{"hitCount":NaN,"resultList":{"result":[]}}'),
        "deep JSON": Reply(body=b'{"resultList":' + b"[" * 100_000),
        "cut short": Reply(body=answer([*RECORDS.values()])[:400]),
        "no hit count": Reply(body=b'{"resultList":{"result":[]}}'),
        "hit count as text": Reply(body=b'{"hitCount":"0","resultList":{"result":[]}}'),
        "results as an object": Reply(body=b'{"hitCount":1,"resultList":{"result":{"id":"1"}}}'),
        "mark as a number": Reply(body=b'{"hitCount":0,"nextCursorMark":7,"resultList":{"result":[]}}'),
    },
    unreadable={
        "no JSON": b"not JSON",
        "cut short": RECORDS["MED:99100001"][:300],
        "deep JSON": b"[" * 100_000,
        "no object": b'["MED"]',
        "no id": b'{"source":"MED","title":"A made-up title"}',
        "an id as a number": b'{"source":"MED","id":1,"title":"A made-up title"}',
        "a list for an object": b'{"source":"MED","id":"1","journalInfo":[]}',
        "an object for a list": b'{"source":"MED","id":"1","authorList":{"author":{}}}',
        "text in a list of objects": b'{"source":"MED","id":"1","authorList":{"author":["Muster EA"]}}',
        "an object in a list of texts": b'{"source":"MED","id":"1","keywordList":{"keyword":[{}]}}',
    },
    loop=alternate,
    requests_again=3,
)
