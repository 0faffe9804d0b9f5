"""The page as HTML: one self-contained document that needs no network, no script and no style sheet to be read.

The same document is a file and the HTML part of a message, so it uses only what mail programs understand.
"""

from markupsafe import Markup, escape

from pipeline.digest.bidi import runs_right_to_left
from pipeline.digest.page import Page
from pipeline.digest.templating import environment
from pipeline.text import clean


def render_html(page: Page) -> str:
    """A complete HTML document."""
    return _TEMPLATE.render(page=page)


def _apart(text: str) -> Markup:
    """Text from outside; if it runs from right to left, in an element of its own that keeps the order around it."""
    harmless = escape(clean(text))
    return Markup('<span dir="auto">{}</span>').format(harmless) if runs_right_to_left(harmless) else harmless


_ENVIRONMENT = environment()
_ENVIRONMENT.filters["apart"] = _apart
_TEMPLATE = _ENVIRONMENT.get_template("digest.html.jinja")
