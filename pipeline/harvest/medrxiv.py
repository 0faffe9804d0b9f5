"""medRxiv and bioRxiv, through the details API of both: what was posted or revised of late.

The API cannot be asked for a subject, only for days, and the servers post thousands of preprints a month. So each
harvest walks through the versions of the last weeks and keeps the preprints that mention at least one concept of the
subject in title or abstract, or that are known; all others are passed over and leave no trace. A preprint of which the
days show later versions only is asked for by its DOI, since its date is that of the first one. So is, once a week, a
known one that is watched: the DOI of its article is added without a new version.

What an answer calls ``total`` is more than there is (ropensci/medrxivr#19, nicholasmfraser/rbiorxiv#2): it bounds the
walk and is announced to nobody. Errors come with status 200, some as plain text.

Reference: https://api.biorxiv.org/details/medrxiv/help
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from pipeline.errors import RecordRejected, SourceMalformed
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, markup, payload_of, stored
from pipeline.harvest.medrxiv_json import SERVERS, identifier, number, record
from pipeline.harvest.refresh import due_again, since
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Known, Proof, Rejected
from pipeline.harvest.walk import read_page
from pipeline.model import Record
from pipeline.screen.subject import Subject
from pipeline.screen.terms import TermSet, Text

_FIRST_TIME = timedelta(days=30)
_COUNT = re.compile(r"[0-9]{1,9}")
_APART = "\n----\n"  # longer than any separator inside a term

# By how much ``total`` may be wrong: by 31 and 22 where users counted. A page holds 100.
_INFLATION = 100

# Known preprints asked for again in one harvest, the longest unasked first: each costs one request or two, at one a
# second. A subject has dozens of them; should it have more, the next harvests ask for the rest.
_ASKED_AGAIN = 50


class MedRxiv:
    """Both servers as one source: they share an API and an operator."""

    name = "medrxiv"
    label = "medRxiv and bioRxiv"
    version = 1
    lists_all = False

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        """Take the limit as every source does; there is no result set here that could be listed."""

    def query(self, subject: Subject) -> str:  # noqa: ARG002  # the contract's
        """Give nothing: the API is asked for days, and what comes is looked through here."""
        return ""

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """Walk through the last weeks of each server, then ask again for known preprints whose turn it is."""
        days = (since(known, now - _FIRST_TIME).date(), now.date())
        wanted = _Wanted(subject, known)
        walks = [_Walk(server, *days) for server in SERVERS]
        listed: set[str] = set()
        for walk in walks:
            _go(walk, client, wanted)
            new = {doi: versions for doi, versions in walk.kept.items() if doi not in listed}
            page = read_page((_whole(client, walk.server, doi, versions) for doi, versions in new.items()), record)
            yield replace(page, rejected=(*walk.rejected, *page.rejected))
            listed |= walk.listed
        for doi in _due(known, listed, now):
            versions = _versions(client, SERVERS, doi)
            yield read_page([versions] if versions else [], record)
            listed |= {doi} if versions else set()
        return Proof(None, frozenset(listed), " ".join(filter(None, (walk.shortfall for walk in walks))), whole=False)

    def probe(self, client: Client, subject: Subject) -> int | None:  # noqa: ARG002  # the contract's
        """Ask for the one preprint that was posted last."""
        client.get("details/medrxiv/1", check=_check)
        return None

    def read(self, payload: bytes) -> Record:
        """Read the stored versions of one preprint. RecordRejected if they are none."""
        return record(stored(payload))


class _Wanted:
    """Which versions are kept: those that mention a concept as the sources are asked for it, and what is known."""

    def __init__(self, subject: Subject, known: Known) -> None:
        self._terms = TermSet(term for concept in subject.concepts for term in concept.search)
        self._known = known.fetched_at

    def __call__(self, version: object) -> bool:
        """Whether to keep it. RecordRejected if it cannot be told."""
        if not isinstance(version, dict):
            raise RecordRejected("not an object")
        words = Text(f"{markup(version, 'title')}{_APART}{markup(version, 'abstract')}")
        return self._terms.found(words) or identifier(version) in self._known


@dataclass
class _Walk:
    """What a walk through the versions of one server has seen so far."""

    server: str
    first: date
    last: date
    total: int = 0
    cursor: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)
    kept: dict[str, list[Json]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    listed: set[str] = field(default_factory=set)
    flaw: str = ""

    @property
    def path(self) -> str:
        """Where the next versions are."""
        return f"details/{self.server}/{self.first}/{self.last}/{self.cursor}"

    @property
    def shortfall(self) -> str:
        """Say what is not as it should be, in one sentence."""
        name, days = SERVERS[self.server], f"from {self.first} to {self.last}"
        if not self.seen:
            return f"{name} lists no preprint at all {days}, which cannot be."
        if self.flaw or self.total - len(self.seen) > _INFLATION:
            return f"{name} announced {self.total} versions {days} and delivered {len(self.seen)}{self.flaw}."
        return ""

    def take(self, version: Any, wanted: _Wanted) -> None:
        """Keep a version if it is wanted. One that cannot be read is set aside, as nobody can say what it is about."""
        try:
            if not wanted(version):
                return
            record([version])
            self.kept.setdefault(identifier(version), []).append(version)
        except RecordRejected as error:
            self.rejected.append(Rejected(payload_of([version]), str(error)))
        self.listed |= {identifier(version)} - {""}


def _go(walk: _Walk, client: Client, wanted: _Wanted) -> None:
    """Ask page after page, up to the total, an empty page, or one without anything new.

    The cursor goes on by what a page really holds: 30 at some times, 100 at others.
    """
    while True:
        content = json_object(client.get(walk.path, check=_check_page))
        versions = _collection(content)
        fresh = [version for version in versions if _mark(version) not in walk.seen]
        if not fresh:
            walk.flaw = walk.flaw or (", then repeated itself" if versions else "")
            return
        for version in fresh:
            walk.take(version, wanted)
        walk.seen |= {_mark(version) for version in fresh}
        walk.cursor += len(versions)
        message = content["messages"][0]
        walk.total = max(walk.total, _number(message.get("total")) or 0)
        if _number(message.get("count")) != len(versions):
            walk.flaw = f", but counted {message.get('count')} on a page of {len(versions)}"
        if walk.cursor >= walk.total:
            return


def _mark(version: object) -> tuple[str, str]:
    """What tells two versions apart."""
    if not isinstance(version, dict):
        return repr(version), ""
    return str(version.get("doi")), str(version.get("version"))


def _whole(client: Client, server: str, doi: str, versions: list[Json]) -> list[Json]:
    """All versions of a preprint: those of the last weeks, if its first is among them, or else as asked for."""
    if min(map(number, versions)) == 1:
        return versions
    return _versions(client, [server], doi) or versions


def _versions(client: Client, servers: Iterable[str], doi: str) -> list[Json]:
    """What the first of the servers that has the preprint tells of it; nothing if none has.

    A DOI that climbs in the path would be refused below, and the harvest with it; none of the servers' does.
    """
    if ".." in doi:
        return []
    for server in servers:
        content = json_object(client.get(f"details/{server}/{quote(doi, safe='/')}", check=_check))
        if found := [version for version in _collection(content) if identifier(version) == doi]:
            return found
    return []


def _due(known: Known, listed: set[str], now: datetime) -> list[str]:
    """Known preprints that are watched and were not asked for during the last week, the longest ago first."""
    due = (doi for doi in known.watched.dois - listed if doi in known.fetched_at and due_again(doi, known, now))
    return sorted(due, key=lambda doi: (known.fetched_at[doi], doi))[:_ASKED_AGAIN]


def _collection(content: Json) -> list[Any]:
    found: list[Any] = content.get("collection") or []
    return found


def _number(stated: object) -> int | None:
    """A count: ``count`` comes as a number, ``total`` as text."""
    if type(stated) is int:
        return stated
    return int(stated) if isinstance(stated, str) and _COUNT.fullmatch(stated) else None


def _check(answer: Answer) -> None:
    """Refuse what is not the API's envelope, such as "Error : (2002) Connection refused" with status 200."""
    if answer.status != 200:
        return
    content = json_object(answer)
    messages = content.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        raise SourceMalformed("the answer holds no message")
    if str(messages[0].get("status")).casefold() not in {"ok", "no posts found"}:
        raise SourceMalformed("the answer's status is neither that all is well nor that nothing was found")
    if not isinstance(content.get("collection") or [], list):
        raise SourceMalformed("the answer's collection is not a list")


def _check_page(answer: Answer) -> None:
    """The same, and versions need a total beside them."""
    _check(answer)
    if answer.status == 200:
        content = json_object(answer)
        if _collection(content) and _number(content["messages"][0].get("total")) is None:
            raise SourceMalformed("the answer states no total")
