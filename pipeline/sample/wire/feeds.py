"""Journal feeds in three shapes: RSS 2.0 (ScienceDirect), RSS 1.0 with PRISM (Atypon) and Atom with PRISM.

Shapes: RSS 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 (https://web.resource.org/rss/1.0/spec), PRISM 2.0
and RFC 4287.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import TypeAlias
from xml.etree.ElementTree import Element

from pipeline.model import Author
from pipeline.sample.wire.markup import document, element, stated
from pipeline.sample.world import Publication

_RDF_NAMESPACES = {
    "xmlns": "http://purl.org/rss/1.0/",
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:prism": "http://prismstandard.org/namespaces/basic/2.0/",
}
_ATOM_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:prism": "http://prismstandard.org/namespaces/basic/2.0/",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

Renderer: TypeAlias = Callable[[str, Sequence[Publication]], bytes]


def rss(title: str, publications: Sequence[Publication]) -> bytes:
    """Render as ScienceDirect does: no DOI, no abstract; date, journal and authors as words in the description."""
    channel = element(
        "channel",
        element("title", f"ScienceDirect Publication: {title}"),
        element("description", "ScienceDirect RSS"),
        element("link", "https://example.org/complementary"),
        *map(_rss_item, publications),
    )
    return document(element("rss", channel, version="2.0"))


def rdf(title: str, publications: Sequence[Publication]) -> bytes:
    """Render as Atypon does for SAGE and others: DOI in dc:identifier, a date with dc:date, no abstract."""
    places = (element("rdf:li", **{"rdf:resource": _link(one)}) for one in publications)
    channel = element(
        "channel",
        element("title", title),
        element("description", f"Table of contents for {title}."),
        element("link", "https://example.org/neurology?af=R"),
        element("items", element("rdf:Seq", *places)),
        **{"rdf:about": "https://example.org/neurology?af=R"},
    )
    return document(element("rdf:RDF", channel, *map(_rdf_item, publications), **_RDF_NAMESPACES))


def atom(title: str, publications: Sequence[Publication]) -> bytes:
    """Render as Open Journal Systems does, with PRISM for journal and date: abstract in HTML, DOI in the link only."""
    newest = max((one.changed for one in publications), default=None)
    feed = element(
        "feed",
        element("id", "https://example.org/open/feed"),
        element("title", title),
        element("updated", f"{newest or '1970-01-01'}T06:00:00+00:00"),
        *map(_entry, publications),
        **_ATOM_NAMESPACES,
    )
    return document(feed)


# The shape of each feed of the sample world, by the name its rows use.
SHAPES: Mapping[str, Renderer] = {"complementary": rss, "neurology": rdf, "open": atom}


def _page(one: Publication) -> str:
    """Give an address on a domain that is reserved for examples, since the sample knows of no real one."""
    return f"https://example.org/article/{one.id}"


def _link(one: Publication) -> str:
    return one.url or (f"https://doi.org/{one.doi}" if one.doi else _page(one))


def _names(authors: Iterable[Author]) -> list[str]:
    return [author.collective or f"{author.given} {author.family}".strip() for author in authors]


def _rss_item(one: Publication) -> Element:
    volume = f", Volume {one.volume}" if one.volume else ""
    parts = [f"<b>Source:</b> {escape(one.journal)}{volume}", f"Author(s): {escape(', '.join(_names(one.authors)))}"]
    if one.published:
        month = f"{_MONTHS[one.published.month - 1]} " if one.published.month else ""
        parts.insert(0, f"Publication date: {month}{one.published.year}")
    return element(
        "item",
        element("title", one.title),
        element("description", "".join(f"<p>{part}</p>" for part in parts)),
        element("link", f"{_page(one)}?dgcid=rss_sd_all"),
        element("guid", _page(one), isPermaLink="false"),
    )


def _rdf_item(one: Publication) -> Element:
    rss1 = {"title": one.title, "link": f"{_link(one)}?af=R", "description": f"{one.journal}, Ahead of Print."}
    dublin = {"title": one.title, "identifier": one.doi and f"doi:{one.doi}", "source": one.journal}
    prism = {"publicationName": one.journal, "volume": one.volume, "number": one.issue, "doi": one.doi}
    return element(
        "item",
        *(stated(tag, text) for tag, text in rss1.items()),
        *(stated(f"dc:{tag}", text) for tag, text in dublin.items()),
        stated("dc:date", str(one.published or "")),
        *(element("dc:creator", name) for name in _names(one.authors)),
        *(stated(f"prism:{tag}", text) for tag, text in prism.items()),
        **{"rdf:about": _link(one)},
    )


def _entry(one: Publication) -> Element:
    abstract = "".join(f"<p>{escape(part.text)}</p>" for part in one.abstract)
    return element(
        "entry",
        element("id", _link(one)),
        element("title", one.title),
        element("updated", f"{one.changed}T06:00:00+00:00"),
        *(element("author", element("name", name)) for name in _names(one.authors)),
        element("link", rel="alternate", href=_link(one)),
        element("summary", abstract, type="html") if abstract else None,
        stated("prism:publicationName", one.journal),
        stated("prism:publicationDate", str(one.published or "")),
    )
