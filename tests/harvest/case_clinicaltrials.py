"""ClinicalTrials.gov's case for the contract: a made-up world of four studies, served two a page."""

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.clinicaltrials import ClinicalTrials
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "clinicaltrials"
RECORDS = {
    number: (FIXTURES / f"{name}.json").read_bytes()
    for number, name in (
        ("NCT09990001", "acupuncture"),
        ("NCT09990002", "acupressure"),
        ("NCT09990003", "migraine"),
        ("NCT09990004", "bare"),
    )
}
MALFORMED = b'{"protocolSection":{"identificationModule":{"nctId":"NCT09990099","briefTitle":["A list for a text"]}}}'

ACUPUNCTURE = Record(
    source="clinicaltrials",
    source_id="NCT09990001",
    title="Made-up trial: Acupuncture for Fatigue in Multiple Sclerosis",
    abstract=(
        Section(
            "Made-up Effects of Acupuncture Versus Sham on Fatigue in People With MS: a Randomized Controlled Trial",
            "Official title",
        ),
        Section(
            "Does needling ease fatigue [FSS > 4] in relapsing-remitting multiple sclerosis? "
            "\u2022 12 sessions \u2022 P<0.05",
            "Brief summary",
        ),
        Section("An invented background.", "Detailed description"),
        Section("Ninety people will be randomized."),
        Section("Needles: Points ST36 & SP6", "Arms"),
        Section("Acupuncture: Twice a week", "Interventions"),
        Section("Fatigue Severity Scale", "Primary outcomes"),
        Section("MSQOL-54; Adverse events", "Secondary outcomes"),
        Section("90 participants (actual)", "Enrollment"),
        Section("Invented reason: funding ended", "Why stopped"),
    ),
    authors=(Author("van der Muster", "Erika Anna"),),
    published=PartialDate(2024, 1, 10),
    indexed=PartialDate(2024, 1, 10),
    registrations=("NCT09990001", "NCT09990011", "EudraCT 2026-990001-12", "DRKS99900001"),
    publication_types=("Clinical Trial Registration",),
    mesh=("Multiple Sclerosis", "Fatigue", "Acupuncture Therapy"),
    keywords=("Multiple Sclerosis", "Fatigue", "acupuncture", "Acupuncture", "Manual acupuncture", "Sham needles"),
    languages=("eng",),
    relations=(
        Relation(
            RelationKind.RESULTS_IN,
            "DERIVED",
            pmid="99900003",
            doi="10.5555/ct.2025.2",
            citation=(
                "Muster E. Made-up protocol. J Invent Trials. 2025;2:2. doi: 10.5555/CT.2025.2. eCollection 2025."
            ),
        ),
        Relation(
            RelationKind.RESULTS_IN,
            "RESULT",
            pmid="99900001",
            citation="Muster E. Made-up results. J Invent Trials. 2026;3:3.",
        ),
    ),
    url="https://clinicaltrials.gov/study/NCT09990001",
    status="TERMINATED",
    completed=PartialDate(2025, 9),
    results_posted=PartialDate(2026, 10, 1),
)
ACUPRESSURE = Record(
    source="clinicaltrials",
    source_id="NCT09990002",
    title="Made-up study of Self-Acupressure in Multiple Sclerosis",
    abstract=(
        Section("Nurses teach self-acupressure.", "Brief summary"),
        Section("60 participants", "Enrollment"),
    ),
    authors=(Author(collective="Invented Hospital"),),
    published=PartialDate(2026, 9, 19),
    indexed=PartialDate(2026, 9, 19),
    registrations=("NCT09990002",),
    publication_types=("Clinical Trial Registration",),
    keywords=("Multiple Sclerosis", "Self-Acupressure"),
    languages=("eng",),
    url="https://clinicaltrials.gov/study/NCT09990002",
    status="RECRUITING",
)
MIGRAINE = Record(
    source="clinicaltrials",
    source_id="NCT09990003",
    title="Made-up trial of Acupuncture for Migraine",
    abstract=(
        Section(
            "Acupuncture at Fengchi for migraine. People with multiple sclerosis are excluded.",
            "Brief summary",
        ),
    ),
    authors=(Author("Ejemplo", "Juan"),),
    published=PartialDate(2026, 8),
    indexed=PartialDate(2026, 8),
    registrations=("NCT09990003",),
    publication_types=("Clinical Trial Registration",),
    keywords=("Migraine",),
    languages=("eng",),
    url="https://clinicaltrials.gov/study/NCT09990003",
    status="NOT_YET_RECRUITING",
)
BARE = Record(
    source="clinicaltrials",
    source_id="NCT09990004",
    title="A made-up study of which little is known",
    registrations=("NCT09990004",),
    publication_types=("Clinical Trial Registration",),
    languages=("eng",),
    url="https://clinicaltrials.gov/study/NCT09990004",
)


def answer(studies: Sequence[bytes], total: int | None = None, token: str = "") -> bytes:
    """Write one page; only the first one has a total, only the last one no token."""
    content: dict[str, object] = {} if total is None else {"totalCount": total}
    content["studies"] = [json.loads(study) for study in studies]
    return json.dumps(content | ({"nextPageToken": token} if token else {})).encode()


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these studies, two a page. A full page has a token, be it the last one; then comes an empty page."""
    total = len(payloads) if announced is None else announced

    def search(request: Request) -> Reply:
        start = int(request.query.get("pageToken", "at_0").removeprefix("at_"))
        page = payloads[start : start + 2]
        token = f"at_{start + 2}" if len(page) == 2 else ""
        return Reply(body=answer(page, None if "pageToken" in request.query else total, token))

    server.on("/studies", search)


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def circle(server: LocalServer) -> None:
    """Give a new token each time, and the same page behind every one."""
    page = [*RECORDS.values()][:3]
    server.on("/studies", [Reply(body=answer(page, 99, f"token {n}")) for n in range(50)])


PLAIN_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
CASE = SourceCase(
    name="clinicaltrials",
    source=ClinicalTrials(),
    records=RECORDS,
    expected=(ACUPUNCTURE, ACUPRESSURE, MIGRAINE, BARE),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "unknown parameter": Reply(400, b"`query.recrs` is unknown parameter", PLAIN_TEXT),
        "forbidden": Reply(403, b"Forbidden", PLAIN_TEXT),
        "not found": Reply(404, b"NCT number not found", PLAIN_TEXT),
        "too many requests": Reply(429, b"Too many requests", PLAIN_TEXT),
        "maintenance page": Reply(503, b"<html><body>Maintenance</body></html>"),
        "HTML page with 200": Reply(body=b"<html><body>Maintenance</body></html>"),
        "text with 200": Reply(body=b"`fields` is invalid", headers=PLAIN_TEXT),
        "empty body": Reply(body=b""),
        "JSON list": Reply(body=b"[]"),
        "no studies": Reply(body=b'{"totalCount":0}'),
        "studies as an object": Reply(body=b'{"totalCount":1,"studies":{"nctId":"NCT09990001"}}'),
        "no total": Reply(body=b'{"studies":[]}'),
        "total as text": Reply(body=b'{"totalCount":"0","studies":[]}'),
        "token as a number": Reply(body=b'{"totalCount":0,"studies":[],"nextPageToken":7}'),
        "cut short": Reply(body=answer([*RECORDS.values()], 4)[:400]),
    },
    unreadable={
        "no JSON": b"not JSON",
        "cut short": RECORDS["NCT09990001"][:300],
        "no object": b'["NCT09990001"]',
        "no number": b'{"protocolSection":{"identificationModule":{"briefTitle":"A made-up title"}}}',
        "another number": b'{"protocolSection":{"identificationModule":{"nctId":"DRKS99900001"}}}',
        "a number as a number": b'{"protocolSection":{"identificationModule":{"nctId":9990001}}}',
        "a list for a module": b'{"protocolSection":{"identificationModule":[{"nctId":"NCT09990001"}]}}',
        "text for a module": b'{"protocolSection":{"identificationModule":{"nctId":"NCT09990001"},"designModule":""}}',
    },
    loop=circle,
    requests_again=3,
)
