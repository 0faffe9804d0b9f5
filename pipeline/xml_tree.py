"""Opening XML from strangers, without trusting it. Messages never quote it: error pages repeat keys and addresses."""

from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml import DTDForbidden
from defusedxml.ElementTree import ParseError, XMLParser

from pipeline.errors import SourceMalformed

# Deeper trees would overrun Python's stack when they are written out again; libxml2 has the same limit, and PubMed's
# MathML goes 14 levels deep. A batch of 200 very long PubMed records holds half a million elements.
MAX_DEPTH = 256
MAX_ELEMENTS = 1_000_000


class NotXml(SourceMalformed):
    """It is not XML, or XML that is not read; ``what`` is wrong with it on which ``line``."""

    def __init__(self, what: str, line: int) -> None:
        self.what, self.line = what, line
        super().__init__(f"the answer is {what} (line {line})")


def xml_root(body: bytes) -> Element:
    """Read an XML document and give its root element.

    A DOCTYPE may name a DTD, which is never fetched. Refused, as NotXml, are declarations inside the document (its
    entities and default attributes could multiply a short body), more than ``MAX_DEPTH`` levels and more than
    ``MAX_ELEMENTS`` elements. Comments and processing instructions are left out.
    """
    builder = _BoundedBuilder()
    for _ in _fed(builder, [body]):
        pass
    return builder.root


def xml_children(chunks: Iterable[bytes], root_tag: str, tags: Iterable[str]) -> Iterator[tuple[int, Element]]:
    """Read a document that comes in pieces: each child of the root with one of the tags, with the line it begins on.

    A root that has one of the tags itself is the only one. Held in memory is one child at a time; the limits of
    :func:`xml_root` hold for each. NotXml also if the root is neither ``root_tag`` nor one of ``tags``.
    """
    builder = _ChildBuilder(root_tag, frozenset(tags))
    for _ in _fed(builder, chunks):
        yield from builder.ready
        builder.ready.clear()


class _Parser(XMLParser):
    """Forbids declarations inside the document; a DTD that is only named does no harm."""

    def defused_start_doctype_decl(
        self, name: str, sysid: str | None, pubid: str | None, has_internal_subset: bool
    ) -> None:
        if has_internal_subset:
            raise DTDForbidden(name, sysid, pubid)


def _fed(builder: "_BoundedBuilder", chunks: Iterable[bytes]) -> Iterator[None]:
    """Feed a document to a builder; give way after each chunk."""
    parser = _Parser(target=builder, forbid_dtd=True)
    expat = builder.expat = parser.parser
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield
        parser.close()
    except ParseError as error:
        raise NotXml("not well-formed XML", error.position[0]) from error
    except (LookupError, ValueError) as error:  # an encoding expat cannot use; declarations inside the document
        raise NotXml(f"XML that is not read ({type(error).__name__})", expat.CurrentLineNumber) from error


class _BoundedBuilder(TreeBuilder):
    """Builds a tree within the limits."""

    root: Element
    expat: Any

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise self.refusal(f"XML with more than {MAX_DEPTH} levels or {MAX_ELEMENTS} elements")
        element = super().start(tag, attrs)
        if self.depth == 1:
            self.root = element
        return element

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)

    def refusal(self, what: str) -> NotXml:
        """What is wrong where the parser stands."""
        return NotXml(what, self.expat.CurrentLineNumber)


class _ChildBuilder(_BoundedBuilder):
    """Hands out the children of the root as soon as they are whole, and lets go of them."""

    def __init__(self, root_tag: str, tags: frozenset[str]) -> None:
        super().__init__()
        self.ready: list[tuple[int, Element]] = []
        self._root_tag, self._tags, self._line = root_tag, tags, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        if self.depth == 0 and tag != self._root_tag and tag not in self._tags:
            raise self.refusal(f"XML, but no {self._root_tag}")
        if self.depth == self._top:
            self.elements = 0
            self._line = self.expat.CurrentLineNumber
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        element = super().end(tag)
        if self.depth == self._top:
            if tag in self._tags:
                self.ready.append((self._line, element))
            if self._top:
                self.root.clear()
        return element

    @property
    def _top(self) -> int:
        """How deep the elements stand that are handed out."""
        return int(self.depth > 0 and self.root.tag == self._root_tag)
