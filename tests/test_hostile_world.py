"""Hostile text all the way: from each source's own wire format, through the whole run, to what readers get."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipeline.harvest.registry import SOURCES
from pipeline.run import Order, run
from pipeline.sample.server import Request, SampleServer
from pipeline.sample.services import Reply
from pipeline.sample.world import BASELINE, FEEDS, LATER, world_from
from tests.support.clock import FakeClock
from tests.support.watch import watch

# Retraction Watch has no titles of its own to tell; what it says of known publications is a kind and an identifier.
READERS = [name for name in SOURCES if name != "retractionwatch"]
FEED_NAMES = [path.rpartition("/")[2].removesuffix(".xml") for _, path in FEEDS]
SUBJECT = "Made-up acupuncture in multiple sclerosis"
MARKED_UP = "H<sub>2</sub>O, <i>Salvia</i>, &lt;b&gt;bold&lt;/b&gt;, <math><mi>x</mi></math>"
NEVER = "<script>alert(1)</script>, <svg onload=alert(1)>, [a](javascript:alert(1)), P<0.001 and n>30"
TURNED = "\u202egnp.exe\u2067, 针灸, طب سوزنی"
LONG = "x" * 100_000
FORMATS = ["text", "html", "markdown", "json"]
LEVELLED = f"{SUBJECT}: H2O, Salvia, bold, x, {NEVER}, gnp.exe, 针灸, طب سوزنی"
# A registry's titles are plain text: what looks like markup was typed by somebody, and stays.
AS_TYPED = f"{SUBJECT}: {MARKED_UP}, {NEVER}, gnp.exe, 针灸, طب سوزنی"


class _Hostile(SampleServer):
    """Marks PubMed's titles up as PubMed does, with elements rather than with text that looks like them."""

    def answer(self, request: Request) -> Reply:
        answered = super().answer(request)
        if not request.path.startswith("/eutils"):
            return answered
        body = answered.body.decode()
        for tag in ("sub", "/sub", "i", "/i", "math", "/math", "mi", "/mi"):
            body = body.replace(f"&lt;{tag}&gt;", f"<{tag}>")
        return replace(answered, body=body.encode())


def told(folder: Path, name: str) -> dict[str, str]:
    """What a reader of a source gets in every format, if that source holds one hostile publication."""
    title = f"{SUBJECT}: {MARKED_UP}, {NEVER}, {TURNED}"
    row: dict[str, Any] = {
        "id": "hostile",
        "title": title,
        "authors": ["<b>Sample</b>, \u202eAda"],
        "journal": "Journal of <script>alert(1)</script> \u202eResults",
        "published": "2026-11-10",
        "entered": "2026-11-12",
        "doi": "10.5555/hostile.1",
        "pmid": "99900001",
        "registrations": ["NCT99900001"] if name == "clinicaltrials" else [],
        "types": ["Journal Article", "Randomized Controlled Trial"],
        "abstract": [["CONCLUSIONS", f"In conclusion, {title}. {LONG}."]],
        "held_by": {name: {}},
        "stage": "later",
    }
    known = {
        "id": "known",
        "title": "Made-up moxibustion in multiple sclerosis, known before",
        "entered": "2026-11-02",
        "published": "2026-10-10",
        "doi": "10.5555/known.1",
        "pmid": "99900002",
        "registrations": ["NCT99900002"] if name == "clinicaltrials" else [],
        "held_by": {name: {}},
    }
    (folder / "key").write_text("k3y-of-nobody")
    with _Hostile(world_from([known, row])) as server:
        paths = {"pubmed": "eutils"}
        sources: dict[str, dict[str, object]] = {other: {"enabled": False} for other in SOURCES}
        if name in SOURCES:
            sources[name] = {"enabled": True, "base_url": f"{server.url}/{paths.get(name, name)}"}
        if name == "openalex":
            sources[name]["api_key"] = "file:key"
        files = {"dir": "digests", "formats": FORMATS}
        config = watch(folder, server.url, sources, digests=[{"name": "weekly", "files": files}])
        run(config, Order(BASELINE, timing=FakeClock().timing()))
        server.stage = "later"
        run(config, Order(LATER + timedelta(days=1), timing=FakeClock().timing()))
    return {path.suffix[1:]: path.read_text(encoding="utf-8") for path in (folder / "digests").glob("*-0002.*")}


def parsed(page: str) -> html.HtmlElement:
    """An HTML document as a tree."""
    return html.document_fromstring(page)


def texts(document: Any) -> Iterator[str]:
    """Every string in a JSON document."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for part in document.values() if isinstance(document, dict) else document:
            yield from texts(part)


@pytest.mark.parametrize("name", [*READERS, *FEED_NAMES])
def test_reader(name: str, tmp_path: Path) -> None:
    """A source's markup is levelled or shown as text; nothing of it reaches a reader as markup, link or control."""
    issue = told(tmp_path, name)
    document = json.loads(issue["json"])
    known = AS_TYPED if name == "clinicaltrials" else LEVELLED
    page = parsed(issue["html"])
    shown = [entry.text_content() for entry in page.xpath("//h3 | //*[@class='title']")]
    assert shown == [one["title"].removesuffix(".") for one in document["items"]]
    assert shown == [known]
    assert not page.xpath("//script | //svg | //i | //b | //sub | //math | //@onload")
    assert all(str(address).startswith(("https://", "http://127.0.0.1")) for address in page.xpath("//@href"))
    for form in ("txt", "md", "html"):
        assert len(issue[form].encode()) < 100_000
        assert all(char.isprintable() or char in "\n\u2068\u2069" for char in issue[form])
    assert all(said.isprintable() for said in texts(document))
