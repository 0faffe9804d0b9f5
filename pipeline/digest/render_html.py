"""The page as HTML: one self-contained document that needs no network, no script and no style sheet to be read."""

from pipeline.digest.page import Page
from pipeline.digest.templating import environment

_TEMPLATE = environment().get_template("digest.html.jinja")


def render_html(page: Page) -> str:
    """A complete HTML document."""
    return _TEMPLATE.render(page=page)
