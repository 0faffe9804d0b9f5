"""The feeds' case for the contract: a made-up world of five items from five publishers in one RSS feed."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.harvest.feeds import Feed
from pipeline.model import Author, PartialDate, Record, Section
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply

FIXTURES = Path(__file__).parent.parent / "fixtures" / "feeds"
PATH = "/rss/feed.xml"
NAMESPACES = (
    b'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    b'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
)


def item(name: str) -> bytes:
    """Take the item out of a publisher's feed."""
    found = re.search(rb"<item>.*</item>", (FIXTURES / f"{name}.xml").read_bytes(), re.DOTALL)
    assert found
    return found[0]


def rss(items: Sequence[bytes], title: str = "Invented Journal: Most Recent Articles") -> bytes:
    """Write a feed."""
    channel = f"<channel><title>{title}</title><link>https://journal.example.org/</link>".encode()
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" ' + NAMESPACES + b">"
    return head + channel + b"".join(items) + b"</channel></rss>\n"


RECORDS = {
    "pubmed:99000001": item("pubmed"),
    "10.5555/wiley.1": item("wiley"),
    "10.5555/oup/zlab078": item("oup"),
    "https://www.sciencedirect.com/science/article/pii/S0000000021002906": item("sciencedirect"),
    "10.5555/inventkeys.1076.69025": item("pensoft"),
}
PUBMED = Record(
    source="feed:invented-journal",
    source_id="pubmed:99000001",
    title="Made-up trial: needling in multiple sclerosis",
    abstract=(
        Section("An invented abstract with CO2.", "BACKGROUND"),
        Section("P<0.001.", "MATERIALS AND METHODS"),
    ),
    authors=(Author("Muster", "Erika Anna"), Author("van der Probe", "Karl")),
    journal="Journal of invented trials",
    published=PartialDate(2026, 7, 3),
    indexed=PartialDate(2026, 7, 4),
    doi="10.5555/trial.2026.1",
    pmid="99000001",
    pmcid="PMC9900001",
    url="https://pubmed.ncbi.nlm.nih.gov/99000001/",
)
WILEY = Record(
    source="feed:invented-journal",
    source_id="10.5555/wiley.1",
    title="Made-up review of needling",
    abstract=(Section("To invent. And again.", "Aim"),),
    authors=(Author("Muster", "Rachel M."), Author("Probe", "Karl"), Author(collective="The Invented Group")),
    journal="Invented Neurology",
    volume="70",
    issue="6",
    published=PartialDate(2021, 12, 20),
    doi="10.5555/wiley.1",
    publication_types=("RESEARCH ARTICLE",),
    keywords=("needling",),
    url="https://onlinelibrary.wiley.com/doi/10.5555/wiley.1",
)
OUP = Record(
    source="feed:invented-journal",
    source_id="10.5555/oup/zlab078",
    title="Made-up survey of needles",
    abstract=(Section("An invented abstract."),),
    authors=(Author("Brandão", "S"), Author("Saeedi", "H"), Author("van der Probe", "A")),
    journal="Invented Journal",
    volume="194",
    issue="1",
    pages="226-255",
    published=PartialDate(2021, 10, 28),
    doi="10.5555/oup/zlab078",
    url="https://academic.oup.com/invented/article/194/1/226/6413462",
)
SCIENCEDIRECT = Record(
    source="feed:invented-journal",
    source_id="https://www.sciencedirect.com/science/article/pii/S0000000021002906",
    title="Made-up trial of needles",
    authors=(Author("Muster", "Erika"), Author("Probe", "Fabíola da Silva")),
    journal="Invented Disorders",
    published=PartialDate(2022, 2),
    url="https://www.sciencedirect.com/science/article/pii/S0000000021002906",
)
PENSOFT = Record(
    source="feed:invented-journal",
    source_id="10.5555/inventkeys.1076.69025",
    title="Made-up checklist of needles",
    abstract=(Section("An invented abstract."),),
    authors=(Author("Muster", "Erika"), Author("Probe", "Karl")),
    journal="Invented Journal",
    published=PartialDate(2021, 12, 10),
    doi="10.5555/inventkeys.1076.69025",
    keywords=("Research Article",),
    url="https://inventkeys.pensoft.net/article/69025/",
)


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Show these items. A feed has no way to announce a total."""
    server.on(PATH, Reply(body=rss(payloads), headers={"Content-Type": "application/rss+xml"}))


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


CASE = SourceCase(
    name="feed",
    source=Feed("Invented Journal", f"https://journal.example.org{PATH}"),
    records=RECORDS,
    expected=(PUBMED, WILEY, OUP, SCIENCEDIRECT, PENSOFT),
    malformed=b"<item><title> </title><guid>no title, no record</guid></item>",
    serve=serve,
    refuse=refuse,
    failures={
        "HTML page with 200": Reply(body=b"<!DOCTYPE html><html><body><p>Checking your browser<br></body></html>"),
        "XHTML page with 200": Reply(body=b"<html><head><title>Maintenance</title></head><body/></html>"),
        "forbidden": Reply(403, b"<html><body>Forbidden</body></html>"),
        "gone": Reply(410, b""),
        "maintenance page": Reply(503, b"<html><body>Maintenance</body></html>"),
        "empty body": Reply(body=b""),
        "JSON": Reply(body=b'{"items":[]}'),
        "an outline": Reply(body=b'<opml version="2.0"><body/></opml>'),
        "cut short before the first item": Reply(body=rss([])[:330]),
        "no text at all": Reply(body=b"\xff\xfe\x00"),
    },
    unreadable={
        "no JSON": b"not JSON",
        "deep JSON": b"[" * 100_000,
        "a list": b"[]",
        "no title": b'{"link":"https://journal.example.org/1"}',
        "an object for a title": b'{"title":{}}',
        "an object for a list": b'{"title":"T","content":{"0":"1"}}',
        "text for a list": b'{"title":"T","content":"text"}',
        "an object in a list": json.dumps({"title": "T", "authors": [{}]}).encode(),
    },
    announces=False,
    base=PATH,
)
