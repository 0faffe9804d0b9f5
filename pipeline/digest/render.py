"""One issue in every format. All but JSON lay out the same page, so they say the same words in the same order."""

from collections.abc import Callable, Mapping

from pipeline.digest.issue import FEED, Issue
from pipeline.digest.layout import laid_out
from pipeline.digest.page import Page
from pipeline.digest.render_atom import render_entry
from pipeline.digest.render_html import render_html
from pipeline.digest.render_json import render_json
from pipeline.digest.render_markdown import render_markdown
from pipeline.digest.render_text import render_text

FORMATS: Mapping[str, str] = {"text": "txt", "markdown": "md", "html": "html", "json": "json"}
"""Every format with its file extension."""

_LAYOUTS: Mapping[str, Callable[[Page], str]] = {
    "text": render_text,
    "markdown": render_markdown,
    "html": render_html,
}


def render(issue: Issue, format: str) -> str:  # noqa: A002 - the word its callers and the command line use
    """An issue in one of FORMATS. The same issue gives the same bytes."""
    return render_json(issue) if format == "json" else _LAYOUTS[format](laid_out(issue))


def render_all(issue: Issue) -> dict[str, str]:
    """An issue in all of FORMATS, and as the entry of a feed; laid out once."""
    page = laid_out(issue)
    pages = {name: layout(page) for name, layout in _LAYOUTS.items()}
    return {**pages, "json": render_json(issue), FEED: render_entry(issue, page)}
