"""One DOAJ search result, in JSON, read into a :class:`Record`.

Field names: https://doaj.org/api/v4/docs, and recorded answers of 2020 (v2) and 2026 (v4). ``open_access`` is no field:
DOAJ takes in only journals that charge no reader and let anyone read, copy and distribute their full texts
(https://doaj.org/faq, "How do we define Open Access Journal").
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from pipeline import links, text
from pipeline.errors import RecordRejected
from pipeline.exchange.dates import MONTHS
from pipeline.harvest.json_fields import Json, iso_date, markup, obj, objects, plain, string, strings, unique
from pipeline.harvest.markup import headed
from pipeline.model import Author, PartialDate, Record, Section
from pipeline.names import each, people

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_NO_PAGE = frozenset({"n/a", "-"})


def source_id(result: object) -> str:
    """DOAJ's own id, which an article keeps when its publisher sends it again; empty if it is not stated."""
    stated = result.get("id") if isinstance(result, dict) else None
    return text.clean(stated) if isinstance(stated, str) else ""


def record(result: object) -> Record:
    """Read one member of ``results``. RecordRejected if it has no id, or a field is not of its kind."""
    key = source_id(result)
    if not isinstance(result, dict) or not key:
        raise RecordRejected("a result without an id")
    article = obj(result, "bibjson")
    journal = obj(article, "journal")
    published, stated = _published(article)
    return Record(
        source="doaj",
        source_id=key,
        title=markup(article, "title"),
        abstract=tuple(_sections(string(article, "abstract"))),
        authors=tuple(_authors(article)),
        journal=markup(journal, "title"),
        volume=plain(journal, "volume"),
        issue=plain(journal, "number"),
        pages=_pages(article, journal),
        published=published,
        published_stated=stated,
        indexed=iso_date(string(result, "created_date")[:10]),
        doi=_doi(article),
        keywords=unique(text.from_markup(word) for word in strings(article, "keywords")),
        languages=_languages(journal),
        url=_full_text(article) or f"https://doaj.org/article/{quote(key, safe='')}",
        open_access=True,
    )


def _sections(abstract: str) -> Iterator[Section]:
    """Give the parts of an abstract, each under the heading that stands before it; most have none."""
    for label, body in headed(abstract):
        if words := text.from_markup(body):
            yield Section(words, label)


def _authors(article: Json) -> Iterator[Author]:
    """Give the authors. A name is one text, its order the publisher's: "Erika Muster", "Muster, Erika", "Muster E."."""
    for author in objects(article, "author"):
        name, orcid = string(author, "name"), _ORCID.search(string(author, "orcid_id"))
        named = tuple(each([name])) if "," in name else people([name])
        yield from (replace(named[0], orcid=orcid[0]),) if orcid and len(named) == 1 else named


def _pages(article: Json, journal: Json) -> str:
    """``1-6``, or the one page or article number there is. Older records hold them in the journal."""
    stated = (plain(article, key) or plain(journal, key) for key in ("start_page", "end_page"))
    return "-".join(unique(page for page in stated if page.casefold() not in _NO_PAGE))


def _published(article: Json) -> tuple[PartialDate | None, str]:
    """Give year and month, and their own words where they say more (``2021 Winter``). There is never a day."""
    year, month = plain(article, "year"), plain(article, "month")
    exact = iso_date(f"{year}-{_month(month)}")
    published = exact or iso_date(year)
    worded = published is not None and any(map(str.isalpha, month))
    return published, f"{year} {month}" if worded and not exact else ""


def _month(stated: str) -> str:
    """The number of a month that is stated as ``9``, ``09``, ``Sep`` or ``September``; none for ``0``."""
    name = stated[:3].casefold()
    return str(MONTHS.index(name) + 1) if stated.isalpha() and name in MONTHS else stated.lstrip("0")


def _doi(article: Json) -> str:
    """The first identifier that calls itself a DOI and is one."""
    stated = (one for one in objects(article, "identifier") if string(one, "type").casefold() == "doi")
    return next(filter(None, (text.doi(string(one, "id")) for one in stated)), "")


def _languages(journal: Json) -> tuple[str, ...]:
    """The journal's language, if it has only one: which of several an article is in is not stated."""
    stated = unique(text.clean(code).lower() for code in strings(journal, "language"))
    return stated if len(stated) == 1 else ()


def _full_text(article: Json) -> str:
    """The first full text that has an address in the web."""
    full = (one for one in objects(article, "link") if string(one, "type").casefold() == "fulltext")
    return next(filter(None, (links.web(plain(one, "url")) for one in full)), "")
