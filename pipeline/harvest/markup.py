"""Taking marked-up text apart at its headings and paragraphs, before :func:`pipeline.text.from_markup` levels them."""

import re
from collections.abc import Iterator

from pipeline import text

_HEADING = re.compile(r"<h[1-6](?:\s[^<>]*)?>(.*?)</h[1-6]\s*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"</?(?:p|div|br|li|ul|ol|tr)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CODE = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def headed(markup: str) -> Iterator[tuple[str, str]]:
    """Yield each part as its heading, in plain text, and what follows it, still marked up. The first has no heading."""
    before, *parts = _HEADING.split(markup)
    yield "", before
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        yield text.from_markup(heading), body


def lines(markup: str) -> Iterator[str]:
    """Yield the paragraphs and lines as a browser shows them, in plain text, without the empty ones."""
    yield from filter(None, map(text.from_markup, _BREAK.split(_CODE.sub("", markup))))
