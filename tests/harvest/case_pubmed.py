"""PubMed's case for the contract: a made-up world of five records behind ESearch and EFetch."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.pubmed import PubMed
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply, Request

FIXTURES = Path(__file__).parent.parent / "fixtures" / "pubmed"
DOCTYPE = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
RECORDS = {
    pmid: (FIXTURES / f"{name}.xml").read_bytes()
    for pmid, name in (
        ("99000001", "trial"),
        ("99000002", "notice"),
        ("99000003", "translated"),
        ("99000004", "vernacular"),
        ("99000005", "chapter"),
    )
}
MALFORMED = b"<PubmedArticle><MedlineCitation><PMID>99000009</PMID></MedlineCitation></PubmedArticle>"

TRIAL = Record(
    source="pubmed",
    source_id="99000001",
    title="Made-up trial: needling, CD4+ cells and vitamin D3 in relapsing multiple sclerosis (P<0.05).",
    abstract=(
        Section("An invented abstract, so that 25(OH)D and x2 stay whole.", "BACKGROUND"),
        Section("P<0.001 and n>30 & more.", "RESULTS"),
        Section("Nothing of this happened."),
    ),
    authors=(
        Author("Muster", "Erika Anna", orcid="0000-0002-1825-0097"),
        Author("Beispiel", "J", orcid="0000-0002-1694-233X"),
        Author(collective="Invented Needling Study Group"),
    ),
    journal="Journal of invented trials",
    volume="12",
    issue="3",
    pages="101-109",
    published=PartialDate(2026, 7, 3),
    indexed=PartialDate(2026, 7, 4),
    doi="10.5555/trial.2026.1",
    pmid="99000001",
    pmcid="PMC9900001",
    registrations=("NCT00000000", "EudraCT 2026-000000-00", "CTRI/2026/01/000000", "JapicCTI-000000"),
    publication_types=("Journal Article", "Randomized Controlled Trial", "Retracted Publication"),
    mesh=("Acupuncture Therapy", "Multiple Sclerosis"),
    keywords=("acupuncture", "Treg"),
    languages=("eng", "fre"),
    relations=(
        Relation(
            RelationKind.RETRACTION_IN,
            "RetractionIn",
            pmid="99000002",
            doi="10.5555/trial.2026.9",
            citation="J Invent Trials. 2026 Oct;12(4):200. doi: 10.5555/TRIAL.2026.9.",
        ),
        Relation(RelationKind.ERRATUM_IN, "ErratumIn", citation="J Invent Trials. 2026 Aug;12(2):99"),
        Relation(RelationKind.OTHER, "AssociatedDataset", citation="Invented Repository. 2026"),
    ),
    url="https://pubmed.ncbi.nlm.nih.gov/99000001/",
    publication_status="ppublish",
    status="MEDLINE",
)
NOTICE = Record(
    source="pubmed",
    source_id="99000002",
    title="Retraction of a made-up trial.",
    journal="J Invent Trials",
    volume="12",
    pages="e200",
    published=PartialDate(2026),
    published_stated="2026 Spring",
    indexed=PartialDate(2026, 10, 2),
    doi="10.5555/trial.2026.9",
    pmid="99000002",
    publication_types=("Retraction of Publication",),
    languages=("eng",),
    relations=(
        Relation(
            RelationKind.RETRACTION_OF,
            "RetractionOf",
            pmid="99000001",
            doi="10.5555/trial.2026.1",
            citation="J Invent Trials. 2026 Sep;12(3):101-109. doi: 10.5555/trial.2026.1. Epub 2026 Jul 3.",
        ),
    ),
    url="https://pubmed.ncbi.nlm.nih.gov/99000002/",
    status="PubMed-not-MEDLINE",
)
TRANSLATED = Record(
    source="pubmed",
    source_id="99000003",
    title="Made-up survey: do [18F] scans and needling go together?",
    vernacular_title="Erfundene Umfrage.",
    abstract=(Section("An invented abstract without parts."),),
    authors=(Author("Müller-Lüdenscheidt", "Karl-Heinz"),),
    journal="Erfundene Zeitschrift",
    published=PartialDate(1998),
    published_stated="1998 Dec-1999 Jan",
    pmid="99000003",
    publication_types=("English Abstract",),
    languages=("ger",),
    url="https://pubmed.ncbi.nlm.nih.gov/99000003/",
    status="In-Process",
)
VERNACULAR = Record(
    source="pubmed",
    source_id="99000004",
    title="Påhittad studie om akupunktur vid multipel skleros.",
    vernacular_title="Påhittad studie om akupunktur vid multipel skleros.",
    journal="Påhittad tidskrift",
    published=PartialDate(2026, 10, 31),
    doi="10.5555/preprint.1",
    pmid="99000004",
    publication_types=("Preprint",),
    languages=("swe",),
    relations=(
        Relation(
            RelationKind.UPDATE_IN,
            "UpdateIn",
            pmid="99000001",
            doi="10.5555/trial.2026.1",
            citation="J Invent Trials. 2026. doi: 10.5555/trial.2026.1.",
        ),
    ),
    url="https://pubmed.ncbi.nlm.nih.gov/99000004/",
    status="Publisher",
)
CHAPTER = Record(
    source="pubmed",
    source_id="99000005",
    title="Acupuncture in multiple sclerosis: a made-up chapter",
    abstract=(Section("An invented chapter."),),
    authors=(Author("Chapter", "Carla"),),
    journal="The Made-Up Handbook of Needling",
    published=PartialDate(2026, 1, 15),
    indexed=PartialDate(2026, 1, 16),
    doi="10.5555/book.chapter.5",
    pmid="99000005",
    publication_types=("Review",),
    keywords=("handbook",),
    languages=("eng",),
    url="https://pubmed.ncbi.nlm.nih.gov/99000005/",
)


def article_set(payloads: Sequence[bytes]) -> bytes:
    """Wrap records as EFetch does."""
    return DOCTYPE + b"<PubmedArticleSet>" + b"".join(payloads) + b"</PubmedArticleSet>"


def search_result(pmids: Sequence[str], count: int | None = None, **more: object) -> bytes:
    """Write an ESearch result; ``more`` are further members of it."""
    total = len(pmids) if count is None else count
    result = {"count": str(total), "retmax": str(len(pmids)), "retstart": "0", "idlist": list(pmids), **more}
    return json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}).encode()


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these records, none of them revised lately."""
    held = {_pmid(payload): payload for payload in payloads}

    def search(request: Request) -> Reply:
        return Reply(body=search_result([]) if "datetype" in request.form else search_result(list(held), announced))

    def fetch(request: Request) -> Reply:
        asked = request.form["id"].split(",")
        return Reply(body=article_set([payload for pmid, payload in held.items() if pmid in asked]))

    server.on("/esearch.fcgi", search)
    server.on("/efetch.fcgi", fetch)


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


def repeat(server: LocalServer) -> None:
    """List each id three times, and deliver each record three times, one that nobody asked for among them."""
    server.on("/esearch.fcgi", Reply(body=search_result([*RECORDS] * 3, len(RECORDS))))
    server.on("/efetch.fcgi", Reply(body=article_set([*RECORDS.values(), TRIAL_OF_OTHERS] * 3)))


def _pmid(payload: bytes) -> str:
    found = re.search(rb"<PMID[^>]*>([0-9]+)", payload)
    assert found
    return found[1].decode()


def _error(words: str, root: str = "eFetchResult") -> Reply:
    return Reply(body=f'<?xml version="1.0"?>\n<{root}>\n\t<ERROR>{words}</ERROR>\n</{root}>\n'.encode())


TRIAL_OF_OTHERS = RECORDS["99000001"].replace(b'<PMID Version="1">99000001', b'<PMID Version="1">99000077', 1)
LIMIT = b'{"error":"API rate limit exceeded","api-key":"SECRET-xyz","count":"4","limit":"3"}'

CASE = SourceCase(
    name="pubmed",
    source=PubMed(),
    records=RECORDS,
    expected=(TRIAL, NOTICE, TRANSLATED, VERNACULAR, CHAPTER),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "rate limit": Reply(429, LIMIT),
        "rate limit inside a 200": Reply(body=LIMIT),
        "maintenance page": Reply(503, b"<html><body>Down for maintenance</body></html>"),
        "HTML page with 200": Reply(body=b"<html><body>Hello</body></html>"),
        "empty body": Reply(body=b""),
        "prologue without a root": Reply(body=DOCTYPE),
        "no ids": _error("Supplied id parameter is empty."),
        "backend": _error("Search Backend failed: Exception: timed out", "eSearchResult"),
        "exception": Reply(body=b"<ERROR>NCBI C++ Exception: oops</ERROR>"),
        "relayed 502": Reply(400, b"<eFetchResult><ERROR>proxy_stream() failed</ERROR></eFetchResult>"),
        "unknown key": Reply(400, b'{"error":"API key invalid","api-key":"SECRET-xyz","count":"11","limit":"10"}'),
        "JSON error": Reply(body=b'{"header":{},"esearchresult":{"ERROR":"TXCLIENT EOF"}}'),
        "JSON list": Reply(body=b"[]"),
        "NaN": Reply(body=b'{"header":{},"esearchresult":{"count":NaN,"idlist":[]}}'),
        "deep JSON": Reply(body=b'{"esearchresult":' + b"[" * 100_000),
        "5,000 digits": Reply(body=b'{"esearchresult":{"count":' + b"9" * 5_000 + b"}}"),
        "no result": Reply(body=b'{"header":{}}'),
        "count as a number": Reply(body=b'{"esearchresult":{"count":0,"idlist":[]}}'),
        "no ids member": Reply(body=b'{"esearchresult":{"count":"0"}}'),
        "an id that is none": Reply(body=search_result(["1", "x"])),
    },
    unreadable={
        "no XML": b"not XML",
        "cut short": RECORDS["99000001"][:500],
        "another document": b"<html/>",
        "no PMID": b"<PubmedArticle><MedlineCitation/></PubmedArticle>",
        "no title": MALFORMED,
    },
    loop=repeat,
    requests_again=2,
)
