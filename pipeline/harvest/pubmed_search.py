"""Searching PubMed: the ids that ESearch lists for a term, in one piece or window by window.

References: "Entrez Programming Utilities Help" (NBK25501); PubMed User Guide ("Create Date" [crdt]). The day of
creation is the one date that is never set back: the Entrez date of what comes late is its date of publication (NLM
Technical Bulletin 2008, 365).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from pipeline import text
from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.exchange.pubmed_xml import refuse_stated_error, stated_error
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.xml_tree import xml_root

SERVED = 9_999  # ids that ESearch gives of one search, however many there are
_DRIFT = 1.05  # a live index grows a little between two searches
BEGINNING = datetime(1800, 1, 1, tzinfo=UTC)  # nothing entered PubMed before


@dataclass(frozen=True, slots=True)
class Found:
    """What a search states: how many records there are, and the PMIDs it gives (first ones first, once each)."""

    total: int = 0
    pmids: tuple[str, ...] = ()

    def __add__(self, other: "Found") -> "Found":
        """Two searches that have no record in common."""
        return Found(self.total + other.total, self.pmids + other.pmids)

    @property
    def shortfall(self) -> str:
        """Say what is missing, or nothing."""
        listed = len(set(self.pmids))
        return f"PubMed announced {self.total} records and listed {listed}." if listed < self.total else ""


@dataclass(frozen=True, slots=True)
class Window:
    """Days by which a search is narrowed, both included; no ``last`` means without end."""

    kind: Literal["entered", "revised"]
    first: date
    last: date | None = None

    def halves(self, today: date) -> "tuple[Window, Window] | None":
        """Two windows of the same days; None if it has only one day, or begins in the future."""
        end = self.last or max(today, self.first)
        if end == self.first:
            return None
        middle = self.first + (end - self.first) // 2
        return Window(self.kind, self.first, middle), Window(self.kind, middle + timedelta(days=1), self.last)


def caller(client: Client) -> dict[str, str]:
    """Say who asks, as NCBI wants it (NBK25497, "Frequency, Timing and Registration")."""
    return {"tool": "litwatch", "email": client.contact}


def search(client: Client, term: str, window: Window | None = None, listed: int = SERVED) -> Found:
    """Ask for the ids of a term, or of those among them that entered or were revised in a window."""
    form = {"db": "pubmed", "retmode": "json", "term": term, "retstart": "0", "retmax": str(listed), **caller(client)}
    if window and window.kind == "entered":
        form["term"] = f'({term}) AND ("{_day(window.first)}"[crdt] : "{_day(window.last)}"[crdt])'
    elif window:
        form |= {"datetype": "mdat", "mindate": _day(window.first), "maxdate": _day(window.last)}
    return read_search(client.post("esearch.fcgi", form, check=_check))


def search_all(client: Client, term: str, window: Window, today: date) -> Found:
    """The same, with the window halved until each part is served whole."""
    return _served(client, term, window, search(client, term, window), today)


def _served(client: Client, term: str, window: Window, found: Found, today: date) -> Found:
    """What a window holds. One that cannot be halved, or whose halves hold more than itself, stays as it was found."""
    halves = window.halves(today) if found.total > SERVED else None
    if halves is None:
        return found
    one, other = (search(client, term, half) for half in halves)
    if one.total + other.total > found.total * _DRIFT:
        return found
    return _served(client, term, halves[0], one, today) + _served(client, term, halves[1], other, today)


def _day(day: date | None) -> str:
    return day.strftime("%Y/%m/%d") if day else "3000"


def _check(answer: Answer) -> None:
    if answer.status == 200:
        read_search(answer)
    elif answer.status == 400:
        refuse_relayed(answer)


def refuse_relayed(answer: Answer) -> None:
    """Raise what a 400 states: it may relay a failure of NCBI's own servers. A page without a statement stays a 400."""
    if answer.body.lstrip().startswith(b"{"):
        _refuse_error_member(json_object(answer))
    elif b"<ERROR" in answer.body:
        refuse_stated_error(xml_root(answer.body))


def _refuse_error_member(content: dict[str, Any]) -> None:
    """Raise what "error" (the gateway's word) or "ERROR" (E-utilities') says; no other member, one repeats the key."""
    stated = content.get("error") or content.get("ERROR")
    if stated:
        raise stated_error(str(stated))


def read_search(answer: Answer) -> Found:
    """Read an ESearch answer in JSON. SourceMalformed if it is none, SourceFailed if PubMed understood only a part.

    A word or field that PubMed does not know is dropped from the search without failing it, so that is refused here. A
    quoted phrase that occurs nowhere (``warninglist``) finds nothing and loses nothing.
    """
    content = json_object(answer)
    _refuse_error_member(content)
    result = content.get("esearchresult")
    if not isinstance(result, dict):
        raise SourceMalformed("PubMed's answer is not an ESearch result")
    _refuse_error_member(result)
    count, pmids = result.get("count"), result.get("idlist")
    if not isinstance(count, str) or not re.fullmatch("[0-9]{1,9}", count) or not isinstance(pmids, list):
        raise SourceMalformed("PubMed's ESearch result lacks its count or its list of ids")
    listed = tuple(dict.fromkeys(text.pmid(str(pmid)) for pmid in pmids))
    if "" in listed:
        raise SourceMalformed("PubMed's ESearch result lists something that is not a PMID")
    unknown = [*_members(result, "errorlist", "phrasesnotfound"), *_members(result, "errorlist", "fieldsnotfound")]
    if unknown:
        raise SourceFailed(f"PubMed does not know, and left out of the search: {', '.join(unknown)[:200]}")
    return Found(int(count), listed)


def _members(result: dict[str, Any], part: str, name: str) -> list[str]:
    """Give a list inside a list of messages; a single member may stand without its list."""
    messages = result.get(part)
    stated = messages.get(name) if isinstance(messages, dict) else None
    members = stated if isinstance(stated, list) else [stated or ""]
    return [text.clean(str(member)) for member in members if member]
