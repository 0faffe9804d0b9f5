"""One entry of a feed: what is kept of it, its key, and the record it makes.

Elements: RSS 2.0, RSS 1.0 with the Dublin Core and PRISM modules, and RFC 4287, under the names that feedparser gives
them. Which publisher puts what where is known from recordings only.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from email.utils import parsedate
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.exchange.dates import MONTHS
from pipeline.harvest.feed_text import Description, describe
from pipeline.model import PartialDate, Record
from pipeline.names import people

_TEXTS = (
    *("id", "link", "title", "summary", "language", "published", "updated", "dc_identifier", "dc_source", "prism_doi"),
    *("prism_publicationname", "prism_publicationtitle", "prism_publicationdate", "prism_coverdate", "prism_section"),
    *("prism_volume", "prism_number", "prism_startingpage", "prism_endingpage"),
)
_LISTS = ("content", "authors", "tags")
_CHANNEL = ("feed_title", "feed_journal")
_LONGEST_NAME = 1_000  # characters
_LONGEST = 500_000  # characters; articles that feeds bring in full have a tenth of that

_PUBMED = re.compile(r"pubmed:([0-9]+)")
_STATED_DOI = re.compile(r"\bDOI:\s*(10\.\S+)")
_STATED_PMCID = re.compile(r"\bPMC:\s*(PMC[0-9]+)")
_DOI_IN_PATH = re.compile(r"10\.[0-9]{4,9}/\S+")
# What publishers append to a DOI in an address: the view, and on preprint servers the version.
_VIEW = re.compile(r"(?:/(?:abstract|epdf|full|fulltext|html|meta|pdf|summary)|\.(?:abstract|full|pdf|short))+$")
_VERSION = re.compile(r"(?<=[0-9])v[0-9]+$")
_PREPRINT_SERVER = re.compile(r"(?:^|\.)(?:medrxiv|biorxiv)\.org$")
_TRACKING = re.compile(r"utm_\w+|af|dgcid|fc|ff|rft_dat|rss|track", re.IGNORECASE)
_GOOGLE = re.compile(r"^www\.google\.[a-z.]+$")
# CNKI encrypts every address anew for every visit.
_FLEETING = re.compile(r"(?:^|\.)cnki\.net$")
_NATURE = re.compile(r"(?:^|\.)nature\.com$")
_NATURE_ARTICLE = re.compile(r"/articles/([\w.-]+)/?")

_ISO_DATE = re.compile(r"([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)(?:[T ].*)?")
_WORDED_DATE = re.compile(r"(?:Available online )?(?:([0-9]{1,2}) )?([A-Z][a-z]+) ([0-9]{4})")
_CITED_DATE = re.compile(
    r"\. ([0-9]{4})(?: ([A-Z][a-z]{2})(?: ([0-9]{1,2}))?)?(?=[.;:])"
)  # NLM: "J X. 2021 Dec 5. doi:"
_YEAR = re.compile(r"\b[0-9]{4}\b")
# What stands around a journal's name in the title of its feed.
_DECORATION = re.compile(
    r"^(?:ScienceDirect Publication: |Latest (?:Articles|Results) (?:from|for) )"
    r"|(?: Current Issue| Advance Access|: Most Recent Articles|: Table of Contents|-CNKI"
    r"| - Latest Articles| \| New and Recent Articles)$"  # BMC, Frontiers: from memory, not from recordings
)
_ALERT = re.compile(r"^Google |- new results$")  # the title of a search, which no journal has

Entry = Mapping[str, Any]


def entry_of(item: Mapping[str, Any], channel: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of feedparser's entry and channel what :func:`record` reads, ready for JSON.

    An element that feedparser does not know becomes a dictionary when it has attributes; it counts as absent.
    """
    # Plain dictionaries, since feedparser's own answer for "updated" with "published", and warn.
    plain, journal = dict(item), dict(channel).get("prism_publicationname")
    kept: dict[str, Any] = {name: plain[name] for name in _TEXTS if isinstance(plain.get(name), str)}
    for name, part in zip(_LISTS, ("value", "name", "term"), strict=True):
        parts = [one for one in plain.get(name, []) if isinstance(one.get(part), str)]
        # HTML first: of two renderings it is the one that shows where headings are.
        kept[name] = [one[part] for one in sorted(parts, key=lambda one: one.get("type", "") == "text/plain")]
    # Every entry gets these, so they are no place for a book.
    for name, stated in zip(_CHANNEL, (channel.get("title"), journal), strict=True):
        kept[name] = stated if isinstance(stated, str) and len(stated) <= _LONGEST_NAME else ""
    return kept


def record(entry: Entry, source: str) -> Record:
    """Read one entry. RecordRejected if it has no title, or is not as :func:`entry_of` makes it."""
    _require_shape(entry)
    title = text.from_markup(_raw(entry, "title"))
    if not title:
        raise RecordRejected("an entry without a title")
    bodies = [describe(markup) for markup in (*entry.get("content", ()), _raw(entry, "summary"))]
    labelled = {label: words for body in reversed(bodies) for label, words in body.labelled.items()}
    pmid, doi = _pmid(entry), _doi(entry, labelled)
    url = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else _address(_raw(entry, "link"))
    published, stated = _published(entry, bodies[0] if pmid else None, labelled)
    pages = (_plain(entry, "prism_startingpage"), _plain(entry, "prism_endingpage"))
    section = _plain(entry, "prism_section")
    kind = "Preprint" if _PREPRINT_SERVER.search(_split(url).hostname or "") else section
    trial = text.registration_at(url)
    pmcid = _STATED_PMCID.search(labelled.get("pmid", ""))
    return Record(
        source=source,
        source_id=_key(entry, pmid, doi, url, title),
        title=title,
        abstract=next((body.sections for body in bodies if body.sections), ()),
        authors=people(entry.get("authors") or [labelled.get("author", "")]),
        journal=_journal(entry, title, labelled),
        volume=_plain(entry, "prism_volume"),
        issue=_plain(entry, "prism_number"),
        pages="-".join(dict.fromkeys(filter(None, pages))),
        published=published,
        published_stated=stated,
        indexed=_date(entry, "updated") if pmid else None,
        doi=doi,
        pmid=pmid,
        pmcid=text.pmcid(pmcid[1]) if pmcid else "",
        registrations=(trial,) if trial else (),
        publication_types=tuple(filter(None, ["Trial registration" if trial else kind])),
        keywords=_keywords(entry, section),
        languages=tuple(filter(None, [_plain(entry, "language")])),
        url=url,
    )


def _require_shape(entry: Entry) -> None:
    """Refuse a stored entry that is not as :func:`entry_of` makes it."""
    texts = all(isinstance(entry.get(name, ""), str) for name in (*_TEXTS, *_CHANNEL))
    lists = all(isinstance(one, str) for name in _LISTS for one in _members(entry, name))
    if not texts or not lists:
        raise RecordRejected("not an entry as it is stored")
    if sum(len(part) for value in entry.values() for part in ([value] if isinstance(value, str) else value)) > _LONGEST:
        raise RecordRejected(f"an entry of more than {_LONGEST} characters")


def _members(entry: Entry, name: str) -> Sequence[object]:
    members = entry.get(name, [])
    return members if isinstance(members, list) else [None]


def _raw(entry: Entry, name: str) -> str:
    return str(entry.get(name, ""))


def _plain(entry: Entry, name: str) -> str:
    return text.clean(_raw(entry, name))


def _pmid(entry: Entry) -> str:
    found = _PUBMED.fullmatch(_raw(entry, "id"))
    return text.pmid(found[1]) if found else ""


def _doi(entry: Entry, labelled: Mapping[str, str]) -> str:
    """Give the first DOI that is stated as one, else the one in an address of the entry."""
    named = (text.doi(_raw(entry, name)) for name in ("prism_doi", "dc_identifier"))
    described = (_STATED_DOI.search(f"{label.upper()}: {words}") for label, words in labelled.items())
    addressed = (_doi_at(_raw(entry, name)) for name in ("id", "link"))
    return next(filter(None, (*named, *(text.doi(found[1]) for found in described if found), *addressed)), "")


def _doi_at(address: str) -> str:
    """Give the DOI in the path of an address, or as a value in its query; a bare DOI is a path, too."""
    parts = _split(address)
    found = _DOI_IN_PATH.search(unquote(parts.path))
    if found is None:
        return _nature_doi(parts) or next(filter(None, (text.doi(value) for _, value in parse_qsl(parts.query))), "")
    stated = _VIEW.sub("", found[0])
    return text.doi(_VERSION.sub("", stated) if _PREPRINT_SERVER.search(parts.hostname or "") else stated)


def _nature_doi(parts: SplitResult) -> str:
    """Make the DOI of an article at nature.com, whose address ends like it."""
    found = _NATURE_ARTICLE.fullmatch(parts.path) if _NATURE.search(parts.hostname or "") else None
    return text.doi(f"10.1038/{found[1]}") if found else ""


def _key(entry: Entry, pmid: str, doi: str, url: str, title: str) -> str:
    """Name the entry by what stays the same: guids change, links carry the reader's traces, dates are renewed.

    The link's query counts but for those traces, since some publishers number their articles there.
    """
    if pmid or doi:
        return f"pubmed:{pmid}" if pmid else doi
    guid = "" if _is_fleeting(_raw(entry, "id")) else _plain(entry, "id")
    digest = hashlib.sha256(text.title_key(title).encode()).hexdigest()
    return (_address(guid) or guid) or url or f"title:{digest[:16]}"


def _is_fleeting(address: str) -> bool:
    return bool(_FLEETING.search(_split(address).hostname or ""))


def _address(link: str) -> str:
    """Give a web address without fragment and tracking; empty if it is none that lasts.

    Google's redirects are taken off. Where the path holds the DOI, the query holds traces only.
    """
    parts = _split(text.clean(link))
    query = parse_qsl(parts.query, keep_blank_values=True)
    if _GOOGLE.match(parts.hostname or "") and dict(query).get("url"):
        return _address(dict(query)["url"])
    if parts.scheme not in {"http", "https"} or not parts.hostname or _is_fleeting(link):
        return ""
    if _DOI_IN_PATH.search(parts.path):
        return urlunsplit(parts._replace(query="", fragment=""))
    kept = [(name, value) for name, value in query if not _TRACKING.fullmatch(name)]
    return urlunsplit(parts._replace(query=parts.query if kept == query else urlencode(kept), fragment=""))


def _journal(entry: Entry, title: str, labelled: Mapping[str, str]) -> str:
    """Give the journal's name. Taylor & Francis put the article's title into prism:publicationName.

    Nature has more than the name in dc:source: "Nature Reviews Neurology, Published online: 2026-07-03; | doi:10...".
    """
    stated = (_plain(entry, name) for name in ("prism_publicationtitle", "dc_source", "prism_publicationname"))
    named = (name.partition(", Published online")[0] for name in stated)
    described = labelled.get("source", "").partition(", Volume ")[0]
    channel = "" if _ALERT.search(_raw(entry, "feed_title")) else _DECORATION.sub("", _plain(entry, "feed_title"))
    candidates = (*named, described, _plain(entry, "feed_journal"), channel)
    return next((name for name in candidates if name and text.title_key(name) != text.title_key(title)), "")


def _published(entry: Entry, pubmed: Description | None, labelled: Mapping[str, str]) -> tuple[PartialDate | None, str]:
    """Give the date of publication, and its own words where they say more.

    PubMed's feeds date an entry by its entry into PubMed; the publication's date stands in the citation.
    """
    if pubmed is not None:
        return _cited_date(pubmed.before), ""
    names = ("prism_publicationdate", "published", "updated", "prism_coverdate")
    if stated := next(filter(None, (_date(entry, name) for name in names)), None):
        return stated, ""
    return _worded_date(labelled.get("publication date", ""))


def _date(entry: Entry, name: str) -> PartialDate | None:
    """Read the day as it is stated, in the publisher's own time zone, and ``2021-12`` without a day."""
    stated = _plain(entry, name)
    if iso := _ISO_DATE.fullmatch(stated):
        return _partial(iso[1])
    worded = parsedate(stated)  # RFC 822, as RSS has it
    return _partial("{:04}-{:02}-{:02}".format(*worded)) if worded else None


def _worded_date(stated: str) -> tuple[PartialDate | None, str]:
    """Read ``February 2022`` or ``1 February 2022``; of anything else its year."""
    found, year = _WORDED_DATE.fullmatch(stated), _YEAR.search(stated)
    exact = _numbered(found[3], found[2], found[1]) if found else None
    return exact or _partial(year[0] if year else ""), "" if exact else stated


def _cited_date(citation: str) -> PartialDate | None:
    found = _CITED_DATE.search(citation)
    return _numbered(*found.groups()) if found else None


def _numbered(year: str, month: str | None, day: str | None) -> PartialDate | None:
    """Make a date of a year, an English month and a day; None if the month is none."""
    if month is None:
        return _partial(year)
    if month[:3].casefold() not in MONTHS:
        return None
    return _partial("-".join(filter(None, (year, f"{MONTHS.index(month[:3].casefold()) + 1:02}", day))))


def _partial(stated: str) -> PartialDate | None:
    try:
        return PartialDate.parse(stated)
    except ValueError:
        return None


def _keywords(entry: Entry, section: str) -> tuple[str, ...]:
    """Give the categories; one that repeats the journal's section is none of the subject's."""
    words = (text.from_markup(tag) for tag in entry.get("tags", ()))
    return tuple(dict.fromkeys(word for word in words if word and word != section))


def _split(address: str) -> SplitResult:
    """Split an address; one that cannot be split has no parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
