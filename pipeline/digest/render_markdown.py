"""The page as Markdown (CommonMark with GitHub's tables), in which text from outside is only ever text."""

import re

from markupsafe import Markup

from pipeline.digest.bidi import isolated
from pipeline.digest.page import Page
from pipeline.digest.templating import environment, ready

_INLINE = re.compile(r"([\\`*_\[\]<>|~$#]|&(?=#?\w+;))")
_OPENING = re.compile(r"^(\d*)([-+=.)])")


def escape_markdown(text: str) -> str:
    """One line of text that Markdown shows as it is, also at the beginning of a block and in a table's cell."""
    return _OPENING.sub(r"\1\\\2", _INLINE.sub(r"\\\1", isolated(text)))


def render_markdown(page: Page) -> str:
    """A Markdown document."""
    return _TEMPLATE.render(page=page)


def _address(url: str) -> Markup:
    """An address, already encoded by :func:`pipeline.digest.words.web` and its like, as a link's destination."""
    return ready(url)


_ENVIRONMENT = environment(escape_markdown)
_ENVIRONMENT.filters["address"] = _address
_TEMPLATE = _ENVIRONMENT.get_template("digest.md.jinja")
