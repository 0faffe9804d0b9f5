"""Text from outside is only ever text: whatever it looks like, every rendering of it is readable and harmless."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from pipeline.digest.render import render
from pipeline.digest.render_text import WIDTH, columns
from pipeline.model import Author, Design, EventKind, Reason, Tier, Verdict
from tests.digest.hostile import HOSTILE, PERSIAN, hostile_issue, hostile_work, plain
from tests.digest.samples import composed, covered, facts, full_trial, material, new, titled, work

each = pytest.mark.parametrize("said", HOSTILE, ids=lambda said: repr(said[:20]))
OURS = {"\n", "\u2068", "\u2069"}  # line ends, and the marks that keep right-to-left words together


def parsed(page: str) -> html.HtmlElement:
    """An HTML document as a tree."""
    return html.document_fromstring(page)


def shown(said: str) -> str:
    """A title as a reader meets it: cut beyond measure, as test_render.py says."""
    words = plain(said)
    return words if len(words) <= 300 else words[:300].rpartition(" ")[0] + "…" if " " in words else words[:300] + "…"


@each
def test_html(said: str) -> None:
    """A title is text in HTML, and never an element, an attribute or an address."""
    page = parsed(render(composed(material([hostile_work(1, said)])).issue, "html"))
    assert {str(element.tag) for element in page.iter() if isinstance(element.tag, str)} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "div"),
        *("ul", "li", "dl", "dt", "dd", "a", "strong", "span"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert page.find(".//h3").text_content() == shown(said)
    assert set(page.xpath("//@href")) == {"https://doi.org/10.5555/litwatch.1"}
    assert not [comment for comment in page.iter() if not isinstance(comment.tag, str)]


@each
def test_markdown(said: str) -> None:
    """A title is text in Markdown, as a card's heading, in a list, and in a table."""
    given_ = material([titled(said), work(2, Design.EDITORIAL, said, doi="", url="")], coverage=(covered(said),))
    source = render(composed(given_).issue, "markdown")
    page = parsed(
        MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(source).translate({0x2068: None, 0x2069: None})
    )
    assert page.find(".//h3").text_content() == shown(said)
    assert page.find(".//h3/a").get("href") == "https://doi.org/10.5555/litwatch.1"
    assert page.xpath("//ul/li[contains(., 'editorial')]")[0].text_content().startswith(shown(said))
    assert page.xpath("//table")[-1].xpath("tbody/tr/td")[0].text_content().startswith(shown(said)[:290])
    assert {element.tag for element in page.iter()} <= {
        *("html", "body", "h1", "h2", "h3", "p", "a", "strong", "ul", "li", "br", "hr"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }


@each
def test_text(said: str) -> None:
    """A title is one paragraph of plain text, without any character that a terminal would obey."""
    page = render(composed(material([hostile_work(1, said)])).issue, "text")
    flat = re.sub(r"\s+", "" if "针" in said else " ", page.replace("\u2068", "").replace("\u2069", ""))
    assert shown(said) in flat
    assert all(char.isprintable() or char in OURS for char in page)
    for row in page.splitlines():
        assert columns(row) <= WIDTH or len(row.split()) == 1 or "xxx" in row
        assert row.count("\u2068") == row.count("\u2069")


@each
def test_json(said: str) -> None:
    """A program gets a title whole."""
    document = json.loads(render(composed(material([titled(said)])).issue, "json"))
    assert document["items"][0]["title"] == said


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_any_title(title: str) -> None:
    """No title can break the HTML, the Markdown or the JSON."""
    issue = composed(material([titled(title)])).issue
    assert len(parsed(render(issue, "html")).findall(".//h3")) == 1
    markdown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(render(issue, "markdown"))
    assert len(parsed(markdown).findall(".//h3")) == 1
    assert json.loads(render(issue, "json"))["items"][0]["title"] == title


def test_all_at_once() -> None:
    """An issue of nothing but hostile text stays small enough to read, whatever a hundred thousand characters say."""
    issue = hostile_issue()
    assert len(issue.items) == 2 * len(HOSTILE)
    for form in ("text", "markdown", "html"):
        assert len(render(issue, form).encode()) < 100_000


def conclusion(said: str) -> str:
    """What a card says of a conclusion, in plain text on one line."""
    one = full_trial(1)
    stated = facts(Design.RCT, conclusion=said, participants=86)
    page = render(composed(material([work(1, stated=stated, title=one.record.title)])).issue, "text")
    return re.sub(r"\s+", " ", page).partition("Conclusion: ")[2].partition(" Watch: ")[0]


def test_long_conclusion() -> None:
    """A conclusion is quoted whole, or not at all: what a cut leaves of it might say the opposite."""
    sentence = "Made-up scores fell. " * 47
    assert conclusion(sentence.strip()) == f"“{sentence.strip()}”"
    assert conclusion(sentence * 100) == "too long to quote; it is in the abstract"


def test_long_words() -> None:
    """Other words of a record end with an ellipsis once nobody would read on."""
    one = work(1, Design.RCT, authors=(Author(collective="Group " * 20_000),))
    page = re.sub(r"\s+", " ", render(composed(material([one])).issue, "text"))
    assert re.search(r"Published: (Group ){190,200}Group…", page)


def test_long_address() -> None:
    """An address that no mail program would carry whole is not made a link."""
    for length, links in ((1_900, 2), (2_100, 0)):
        one = work(1, Design.RCT, doi="", url="https://example.org/" + "a" * length)
        page = parsed(render(composed(material([one])).issue, "html"))
        assert len(page.findall(".//a")) == links


def test_many_numbers() -> None:
    """Of more identifiers than anybody looks up, some are shown and the others counted."""
    numbers = tuple(f"NCT{number:08}" for number in range(99_900_001, 99_901_001))
    page = parsed(render(composed(material([work(1, Design.RCT, registrations=numbers)])).issue, "html"))
    said = page.xpath("//dt[.='Find it:']/../dd")[0].text_content()
    assert said.startswith("DOI 10.5555/litwatch.1 · NCT99900001 · ")
    assert said.endswith(" · NCT99900029 · and 971 more")


def test_right_to_left_html() -> None:
    """Persian words stand in an element of their own direction; the date behind them is outside of it."""
    one = hostile_work(1, PERSIAN)
    page = parsed(
        render(composed(material([one, work(2, Design.EDITORIAL, "English", journal=PERSIAN)])).issue, "html")
    )
    assert page.xpath("//h3/a/span[@dir='auto']")[0].text_content() == PERSIAN
    assert page.xpath("//dd[@lang='fa' and @dir='auto']")[0].text_content() == PERSIAN
    citation = page.xpath("//li/p[@class='tags']/span[@dir='auto']")[0]
    assert citation.text_content() == PERSIAN
    assert str(citation.tail).startswith(" · 10 Nov 2026")
    assert not parsed(render(composed(material([work(1, Design.RCT)])).issue, "html").encode().decode()).xpath("//@dir")


def test_right_to_left_text() -> None:
    """In plain text and Markdown, Persian words stand between the marks Unicode has for that, and nothing else does."""
    issue = composed(material([work(2, Design.EDITORIAL, "English", journal=PERSIAN, authors=())])).issue
    assert f" · \u2068{PERSIAN}\u2069 ·\n  10 Nov 2026" in render(issue, "text")
    assert f" · \u2068{PERSIAN}\u2069 · 10 Nov 2026" in render(issue, "markdown")
    english = composed(material([work(1, Design.RCT)])).issue
    assert not {"\u2068", "\u2069"} & {*render(english, "text"), *render(english, "markdown")}


def test_right_to_left_quotes() -> None:
    """Two Persian terms in quotation marks of ours stand each on their own, so that no quotation mark turns over."""
    reasons = (Reason("a", "\u0637\u0628", "title"), Reason("b", "\u062e\u0633\u062a\u06af\u06cc", "title"))
    one = replace(work(1, Design.RCT), verdict=Verdict(Tier.CORE, reasons))
    text = render(composed(material([one])).issue, "text")
    assert "\u201c\u2068\u0637\u0628\u2069\u201d and \u201c\u2068\u062e\u0633\u062a\u06af\u06cc\u2069\u201d" in text


def test_notice() -> None:
    """A notice that is no web address is shown as words."""
    issue = composed(material([work(1)], [new(1, EventKind.RETRACTED, notice="javascript:alert(1)")], told=[1])).issue
    page = parsed(render(issue, "html"))
    assert page.xpath("//dt[.='Retraction notice:']/../dd")[0].text_content() == "javascript:alert(1)"
    assert set(page.xpath("//@href")) == {"https://doi.org/10.5555/litwatch.1"}
