"""medRxiv's and bioRxiv's case for the contract: a made-up world of three preprints, and others' beside them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.harvest.medrxiv import MedRxiv
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "medrxiv"
Version = dict[str, Any]


def fixture(name: str) -> bytes:
    """Read one version of a preprint."""
    return (FIXTURES / f"{name}.json").read_bytes()


RECORDS = {
    "10.5555/2026.10.19.26000001": fixture("trial"),
    "10.5555/2026.02.01.26000002": fixture("review"),
    "10.5555/2026.09.09.500003": fixture("withdrawn"),
}
ELSEWHERE: Version = json.loads(fixture("elsewhere"))
OLDER: Sequence[Version] = (json.loads(fixture("review-first")),)
MALFORMED = b'{"doi":"10.5555/bad","version":"1","title":{"text":"Made-up object in place of text"},"abstract":""}'

TRIAL = Record(
    source="medrxiv",
    source_id="10.5555/2026.10.19.26000001",
    title="Made-up trial: needling, CD5+ cells and x<y in multiple sclerosis",
    abstract=(Section("BACKGROUNDAn invented abstract with CO2. RESULTSP<0.001 & n>30."),),
    authors=(
        Author("Muster", "E. A."),
        Author("van der Probe", "K."),
        Author("Solo"),
        Author(collective="Invented Needling Consortium"),
    ),
    journal="medRxiv",
    published=PartialDate(2026, 10, 20),
    doi="10.5555/2026.10.19.26000001",
    publication_types=("Preprint",),
    keywords=("neurology",),
    relations=(Relation(RelationKind.PREPRINT_OF, "published", doi="10.5555/journal.2026.7"),),
    url="https://www.medrxiv.org/content/10.5555/2026.10.19.26000001v1",
)
REVIEW = Record(
    source="medrxiv",
    source_id="10.5555/2026.02.01.26000002",
    title="Made-up review of complementary treatments, second thoughts",
    abstract=(Section("An invented abstract that mentions ACUPUNCTURE once."),),
    authors=(Author("Beispiel", "J."),),
    journal="medRxiv",
    published=PartialDate(2026, 2, 3),
    doi="10.5555/2026.02.01.26000002",
    publication_types=("Preprint",),
    url="https://www.medrxiv.org/content/10.5555/2026.02.01.26000002v2",
)
WITHDRAWN = Record(
    source="medrxiv",
    source_id="10.5555/2026.09.09.500003",
    title="WITHDRAWN: Made-up mice with experimental encephalomyelitis",
    abstract=(Section("Withdrawal StatementThe invented authors have withdrawn their invented manuscript."),),
    authors=(Author("Muster", "E. A."), Author("Probe", "K.")),
    journal="bioRxiv",
    published=PartialDate(2026, 10, 30),
    doi="10.5555/2026.09.09.500003",
    publication_types=("Preprint", "Withdrawn preprint"),
    keywords=("neuroscience",),
    url="https://www.biorxiv.org/content/10.5555/2026.09.09.500003v1",
)


def nothing(status: str = "no posts found") -> bytes:
    """Write what the API says where there is nothing."""
    return json.dumps({"messages": [{"status": status}], "collection": []}).encode()


def page(versions: Sequence[object], total: int | str, cursor: int = 0, **message: object) -> bytes:
    """Write one page; ``message`` changes what it says of itself."""
    says = {"status": "ok", "category": "all", "cursor": cursor, "count": len(versions), "total": str(total), **message}
    return json.dumps({"messages": [says], "collection": list(versions)}).encode()


class World:
    """Two servers that hold some versions, two a page, and one of somebody else's each. ``extra`` inflates totals."""

    def __init__(self, versions: Sequence[Version], extra: int = 0) -> None:
        self.versions = versions
        self.extra = extra

    def __call__(self, request: Request) -> Reply:
        """Answer for a DOI, for the latest, or for the versions of some days."""
        _, _, server, rest = request.path.split("/", 3)
        if rest.startswith("10."):
            held = [one for one in [*self.versions, *OLDER] if one["doi"] == rest and _on(one, server)]
            return Reply(body=json.dumps({"messages": [{"status": "ok"}], "collection": held}).encode())
        if "/" not in rest:
            return Reply(body=page([ELSEWHERE], 1))
        first, last, cursor = rest.split("/")
        held = [one for one in self.versions if _on(one, server) and first <= one.get("date", first) <= last]
        held.append(ELSEWHERE)
        start = int(cursor)
        found = held[start : start + 2]
        return Reply(body=page(found, len(held) + self.extra, start) if found else nothing())


def _on(version: Version, server: str) -> bool:
    return bool(version.get("server", "medRxiv").lower() == server)


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these versions; totals are a little too large, as the API's are."""
    server.on("/details/", World([json.loads(payload) for payload in payloads], extra=3))


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def repeat(server: LocalServer) -> None:
    """Give the same page, wherever the cursor is."""
    server.on("/details/", Reply(body=page([json.loads(RECORDS[TRIAL.doi]), ELSEWHERE], 999)))


CASE = SourceCase(
    name="medrxiv",
    source=MedRxiv(),
    records=RECORDS,
    expected=(TRIAL, REVIEW, WITHDRAWN),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "database down": Reply(body=b"Error : (2002) Connection refused"),
        "HTML page with 200": Reply(body=b"<html><body>Checking your browser</body></html>"),
        "maintenance page": Reply(503, b"<html><body>Maintenance</body></html>"),
        "forbidden": Reply(403, b"<html><body>Forbidden</body></html>"),
        "empty body": Reply(body=b""),
        "JSON list": Reply(body=b"[]"),
        "no messages": Reply(body=b'{"collection":[]}'),
        "messages as an object": Reply(body=b'{"messages":{"status":"ok"},"collection":[]}'),
        "no message": Reply(body=b'{"messages":[],"collection":[]}'),
        "a message as text": Reply(body=b'{"messages":["ok"],"collection":[]}'),
        "another status": Reply(body=nothing("internal error")),
        "collection as an object": Reply(body=b'{"messages":[{"status":"ok"}],"collection":{"0":{}}}'),
        "no total": Reply(body=b'{"messages":[{"status":"ok","count":1}],"collection":[{}]}'),
        "a total in words": Reply(body=page([ELSEWHERE], "many")),
        "cut short": Reply(body=page([ELSEWHERE], 1)[:300]),
    },
    unreadable={
        "no JSON": b"not JSON",
        "deep JSON": b"[" * 100_000,
        "an object": b"{}",
        "no version": b"[]",
        "text for a version": b'["10.5555/1"]',
        "no DOI": b'[{"version":"1","title":"Made-up"}]',
        "a DOI as a number": b'[{"doi":7,"version":"1","title":"Made-up"}]',
        "no title": b'[{"doi":"10.5555/1","version":"1"}]',
        "no number": b'[{"doi":"10.5555/1","title":"Made-up"}]',
        "a number in words": b'[{"doi":"10.5555/1","version":"two","title":"Made-up"}]',
        "authors as a list": b'[{"doi":"10.5555/1","version":"1","title":"Made-up","authors":[]}]',
        "published as a list": b'[{"doi":"10.5555/1","version":"1","title":"Made-up","published":[]}]',
    },
    announces=False,
    loop=repeat,
    requests_again=6,  # three pages and two, the last of each empty, and the preprint whose first version is older
)
