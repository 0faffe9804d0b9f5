"""An issue as an entry of an Atom feed, and the feed of a subscription's latest issues (RFC 4287).

An entry holds the whole issue, laid out from the same page as every other format.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from uuid import NAMESPACE_URL, uuid5

from pipeline.digest.issue import Issue
from pipeline.digest.page import Page
from pipeline.digest.render_html import render_body
from pipeline.digest.templating import environment, ready

# What XML 1.0 has no way to write (its production "Char"), and text.clean leaves.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render_entry(issue: Issue, page: Page) -> str:
    """The issue, laid out as ``page``, as an ``entry`` element, whose id is always the same (RFC 4287, 4.2.6)."""
    return _ENTRY.render(
        page=page,
        id=identity(issue.contact, f"{issue.subscription.name}/{issue.number}"),
        updated=_moment(issue.composed_at),
        body=ready(_xml(render_body(page))),
    )


def render_feed(title: str, contact: str, name: str, entries: Sequence[str], updated: datetime) -> str:
    """A feed document of rendered entries, the newest first; ``updated`` is when that one was composed."""
    return _FEED.render(
        title=title,
        id=identity(contact, name),
        author=contact,
        updated=_moment(updated),
        entries=[ready(entry) for entry in entries],
    )


def identity(contact: str, path: str) -> str:
    """A URN that no other watch gives: by who runs it, the digest and the issue (RFC 4122, version 5)."""
    return uuid5(NAMESPACE_URL, f"mailto:{contact}#litwatch/{path}").urn


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _xml(text: str) -> str:
    """Text that any XML document can hold, whatever is in it."""
    return escape(_UNWRITABLE.sub("\ufffd", text))


_ENVIRONMENT = environment(_xml)
_ENTRY = _ENVIRONMENT.get_template("entry.atom.jinja")
_FEED = _ENVIRONMENT.get_template("feed.atom.jinja")
