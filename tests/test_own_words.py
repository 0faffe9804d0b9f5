"""No sentence in a digest is neither a template of ours nor the records' own words.

Every word that a record brought is set in another alphabet before the issue is laid out, so that each letter of what
readers get says where it came from. What is in that alphabet has to be a whole name or title, or stand verbatim in
quotation marks; all the rest is ours.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.asking import Nobody
from pipeline.config import Config, load
from pipeline.demo import play
from pipeline.digest.issue import Issue, Known, Subscription
from pipeline.digest.layout import laid_out
from pipeline.digest.words import authors, title
from pipeline.issuing import compose_next
from pipeline.model import Author, Fact, Reason, Record, Section
from pipeline.sample.world import BASELINE, LATER
from pipeline.store import reading

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_THEIRS = str.maketrans(
    _LATIN + _LATIN.upper(),
    "".join(chr(0x430 + place) for place in range(26)) + "".join(chr(0x410 + place) for place in range(26)),
)
_LETTER = re.compile("[\u0410-\u044f]")
_QUOTED = re.compile("“([^”]*)”")
# What a record brings as text. Identifiers, addresses, codes and dates are values, and stay.
_TEXTS: dict[type, tuple[str, ...]] = {
    Record: ("title", "vernacular_title", "journal", "published_stated", "publication_types", "mesh", "keywords"),
    Section: ("text",),
    Author: ("family", "given", "collective"),
    Reason: ("term",),
    Fact: ("evidence",),
}
_OURS = (type, Subscription, Known)


pytestmark = pytest.mark.xdist_group("own words")  # what they share is made once


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The watch that the demo leaves."""
    folder = tmp_path_factory.mktemp("demo")
    play(folder, Nobody())
    return load(folder / "litwatch.toml", {}, folder)


def theirs(value: Any) -> Any:
    """The same with every word that a record brought in the other alphabet."""
    if isinstance(value, tuple):
        return tuple(map(theirs, value))
    if not is_dataclass(value) or isinstance(value, _OURS):
        return value
    texts = next((names for kind, names in _TEXTS.items() if isinstance(value, kind)), ())
    changed = {
        field.name: (translated if field.name in texts else theirs)(getattr(value, field.name))
        for field in fields(value)
    }
    if conclusion := changed.get("conclusion"):  # its value, too, is the record's sentence
        changed["conclusion"] = replace(conclusion, value=translated(conclusion.value))
    return replace(value, **changed)


def translated(value: Any) -> Any:
    """A text, or several, in the other alphabet."""
    return value.translate(_THEIRS) if isinstance(value, str) else tuple(map(translated, value))


def strings(value: Any) -> Iterator[str]:
    """Every text of a page."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from strings(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from strings(tuple(getattr(value, field.name) for field in fields(value)))


def records(value: Any) -> Iterator[Record]:
    """Every record behind an issue."""
    if isinstance(value, Record):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from records(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from records(tuple(getattr(value, field.name) for field in fields(value)))


def facts(value: Any) -> Iterator[str]:
    """The words that every fact and reason rests on."""
    if isinstance(value, Fact):
        yield value.evidence
    elif isinstance(value, Reason):
        yield value.term
    elif isinstance(value, tuple):
        for one in value:
            yield from facts(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from facts(tuple(getattr(value, field.name) for field in fields(value)))


def unexplained(issue: Issue) -> list[str]:
    """The texts of a page in which a record's words are neither a name nor quoted verbatim."""
    known = list(records(issue))
    said = "\n".join([*facts(issue), *(f"{one.title}\n{one.abstract_text}\n{one.vernacular_title}" for one in known)])
    names = {title(one) for one in known} | {authors(one) for one in known} | {one.journal for one in known}
    names |= {one.vernacular_title for one in known} | {one.published_stated for one in known}
    names |= set(re.findall(r"\((\w{2,10})\)", said))  # short forms, as the records introduce them
    longest_first = sorted((name for name in names if _LETTER.search(name)), key=len, reverse=True)
    found = []
    for text in strings(laid_out(issue)):
        rest = _QUOTED.sub(lambda quote: "" if quote[1].removesuffix("…") in said else quote[0], text)
        for name in longest_first:
            rest = rest.replace(name, "")
        if _LETTER.search(rest):
            found.append(text)
    return found


@pytest.mark.parametrize("digest", ["weekly", "patients"])
@pytest.mark.parametrize("since", [BASELINE, LATER], ids=["everything", "a week"])
def test_ours_or_theirs(played: Config, digest: str, since: datetime) -> None:
    """Over the sample world: what records say is quoted word for word, or is a title, a name or a journal."""
    (wanted,) = (one for one in played.digests if one.name == digest)
    with reading(played.database) as store:
        now = LATER + timedelta(days=1)
        issue = compose_next(store, played, wanted, now, since - timedelta(hours=1)).issue
    assert issue.items
    assert unexplained(theirs(issue)) == []


def test_first_issue(played: Config) -> None:
    """The same of a first issue, which shows the state of the evidence."""
    wanted = played.digests[0].model_copy(update={"name": "another"})
    with reading(played.database) as store:
        issue = compose_next(store, played, wanted, LATER).issue
    assert issue.known
    assert unexplained(theirs(issue)) == []
