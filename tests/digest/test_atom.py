"""Issues as a feed: what a feed reader makes of it, and that nothing from outside is more than words."""

import io
from dataclasses import replace
from typing import Any

import feedparser
import pytest
from defusedxml.ElementTree import fromstring
from lxml import html

from pipeline.digest.issue import Issue
from pipeline.digest.layout import laid_out
from pipeline.digest.render import render
from pipeline.digest.render_atom import render_entry, render_feed
from pipeline.digest.state import subject_line
from pipeline.model import Design
from tests.digest.hostile import HOSTILE
from tests.digest.samples import NOW, composed, golden, material, work

ISSUES = {name: composition.issue for name, composition in golden().items()}


def feed(*issues: Issue) -> Any:
    """What a feed reader reads; XML that is not well-formed fails."""
    entries = [render_entry(issue, laid_out(issue)) for issue in issues]
    document = render_feed("MS + acupuncture: weekly", "watch@example.org", "weekly", entries, NOW)
    fromstring(document.encode())
    return feedparser.parse(io.BytesIO(document.encode()), sanitize_html=False)


def words(document: str) -> list[str]:
    """The words of an HTML document's body, in order."""
    body = html.document_fromstring(document).find("body")
    assert body is not None
    return " ".join(str(piece) for piece in body.itertext()).split()


@pytest.mark.parametrize("name", ISSUES)
def test_entry_is_the_issue(name: str) -> None:
    """An entry has the subject line, the opening sentences, and the same words in the same order as the HTML."""
    issue = ISSUES[name]
    (entry,) = feed(issue).entries
    assert entry.title == subject_line(issue)
    assert entry.updated == "2026-11-22T06:00:00Z"
    (content,) = entry.content
    assert content.type == "text/html"
    whole = words(render(issue, "html"))
    assert words(content.value) == whole
    assert entry.summary in " ".join(whole)


def test_feed_of_issues() -> None:
    """Every entry has an id of its own that never changes, and the feed names who runs it."""
    first = ISSUES["busy"]
    issues = (replace(first, number=8), first)
    shown = feed(*issues)
    assert [entry.id for entry in shown.entries] == [entry.id for entry in feed(*issues).entries]
    assert len({shown.feed.id, *(entry.id for entry in shown.entries)}) == 3
    assert all(entry.id.startswith("urn:uuid:") for entry in shown.entries)
    assert shown.feed.title == "MS + acupuncture: weekly"
    assert shown.feed.author == "litwatch, run by watch@example.org"


@pytest.mark.parametrize("title", [*HOSTILE, "]]> & <entry>", "\ufffe\uffff\x00 noncharacters", "</content>" * 9])
def test_hostile_title(title: str) -> None:
    """A title from outside neither breaks the feed nor brings an element of its own."""
    (entry,) = feed(composed(material([work(1, Design.RCT, title)])).issue).entries
    body = html.fromstring(f"<main>{entry.content[0].value}</main>")
    assert not body.xpath("//script | //img | //svg | //form | //iframe")
    assert not body.xpath("//@*[starts-with(name(), 'on')]")
