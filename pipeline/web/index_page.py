"""The index of the archive: every issue of every digest, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pipeline.digest import words
from pipeline.digest.issue import IssueRef
from pipeline.digest.templating import environment
from pipeline.web.holdings import Holdings

_TEMPLATE = environment(package="pipeline.web").get_template("index.html.jinja")


@dataclass(frozen=True, slots=True)
class Shelved:
    """An issue in the archive: its subject line, and the name of its page in the digest's folder."""

    ref: IssueRef
    subject: str
    page: str

    @property
    def day(self) -> str:
        """When it was composed, in UTC."""
        return words.day(self.ref.composed_at, "UTC")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A digest's issues, newest first. ``feed`` is the address of its Atom feed, seen from the index; empty if none."""

    digest: str
    issues: tuple[Shelved, ...]
    feed: str = ""

    @classmethod
    def of(cls, digest: str, issues: Iterable[tuple[IssueRef, str]], feed: str) -> Self:
        """Name the page of each issue, with its subject line."""
        pages = (Shelved(ref, subject, f"{digest}-{ref.number:04}.html") for ref, subject in issues)
        return cls(digest, tuple(sorted(pages, key=lambda one: -one.ref.number)), feed)


@dataclass(frozen=True, slots=True)
class _IndexPage:
    title: str
    shelves: tuple[Shelf, ...]
    questions: bool
    version: str
    contact: str


def render_index(held: Holdings, shelves: tuple[Shelf, ...], *, questions: bool) -> str:
    """A complete HTML document. ``questions`` says that the page of questions lies beside it."""
    page = _IndexPage(held.title, shelves, questions, held.version, held.contact)
    return _TEMPLATE.render(page=page)
