"""The page as HTML: one self-contained document that needs no network, no script and no style sheet to be read."""

from pipeline.digest.page import Page
from pipeline.digest.templating import environment

_ENVIRONMENT = environment()
_DOCUMENT = _ENVIRONMENT.get_template("digest.html.jinja")
_BODY = _ENVIRONMENT.get_template("digest.body.html.jinja")


def render_html(page: Page) -> str:
    """A complete HTML document."""
    return _DOCUMENT.render(page=page)


def render_body(page: Page) -> str:
    """What stands in the document's body, to be put into another one."""
    return _BODY.render(page=page)
