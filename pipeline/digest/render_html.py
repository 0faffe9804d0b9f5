"""The page as HTML: one self-contained document that needs no network, no script and no style sheet to be read.

The same document is a file and the HTML part of a message, so it uses only what mail programs understand.
"""

from markupsafe import Markup, escape

from pipeline.digest.bidi import isolated, runs_right_to_left
from pipeline.digest.page import Page
from pipeline.digest.templating import environment, ready
from pipeline.text import clean


def render_html(page: Page) -> str:
    """A complete HTML document."""
    return _DOCUMENT.render(page=page)


def render_body(page: Page) -> str:
    """What stands in the document's body, to be put into another one."""
    return _BODY.render(page=page)


def _apart(text: str) -> Markup:
    """Text from outside, each run from right to left in an element of its own, which keeps the order around it."""
    return ready(isolated(escape(clean(text)), '<span dir="auto">', "</span>"))


def _whole(text: str) -> Markup:
    """A title, or another text that is one; in an element of its own if any of it runs from right to left."""
    harmless = escape(clean(text))
    return Markup('<span dir="auto">{}</span>').format(harmless) if runs_right_to_left(harmless) else harmless


_ENVIRONMENT = environment()
_ENVIRONMENT.filters |= {"apart": _apart, "whole": _whole}
_DOCUMENT = _ENVIRONMENT.get_template("digest.html.jinja")
_BODY = _ENVIRONMENT.get_template("digest.body.html.jinja")
