"""One issue in every format. All but JSON lay out the same page, so they say the same words in the same order."""

from collections.abc import Callable, Mapping

from pipeline.digest.issue import Issue
from pipeline.digest.layout import laid_out
from pipeline.digest.measure import measured
from pipeline.digest.render_html import render_html
from pipeline.digest.render_json import render_json
from pipeline.digest.render_markdown import render_markdown
from pipeline.digest.render_text import render_text

FORMATS: Mapping[str, str] = {"text": "txt", "markdown": "md", "html": "html", "json": "json"}
"""Every format with its file extension."""

_RENDERERS: Mapping[str, Callable[[Issue], str]] = {
    "text": lambda issue: render_text(measured(laid_out(issue))),
    "markdown": lambda issue: render_markdown(measured(laid_out(issue))),
    "html": lambda issue: render_html(measured(laid_out(issue))),
    "json": render_json,
}


def render(issue: Issue, format: str) -> str:  # noqa: A002 - the word its callers and the command line use
    """An issue in one of FORMATS. The same issue gives the same bytes."""
    return _RENDERERS[format](issue)
