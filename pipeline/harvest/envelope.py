"""Opening what a source sent: JSON and XML from strangers, read without trusting them.

Every refusal is a :class:`~pipeline.errors.SourceMalformed`: whether to try again is the caller's business. Messages
never quote the body, since error pages repeat the key or the address of whoever asked.
"""

import json
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml import DTDForbidden
from defusedxml.ElementTree import ParseError, XMLParser

from pipeline.errors import SourceMalformed
from pipeline.harvest.fetch import Answer

# Deeper trees would overrun Python's stack when they are written out again; libxml2 has the same limit, and PubMed's
# MathML goes 14 levels deep. A batch of 200 very long PubMed records holds half a million elements.
MAX_DEPTH = 256
MAX_ELEMENTS = 1_000_000


def json_object(answer: Answer) -> dict[str, Any]:
    """Read the JSON object an answer holds.

    Refused are other JSON values, ``NaN`` and ``Infinity`` (RFC 8259 has none), nesting deeper than Python's stack, and
    integers too long to read.
    """
    try:
        content = json.loads(answer.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise SourceMalformed(f"the answer is not JSON ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise SourceMalformed(f"the answer is JSON, but a {type(content).__name__} instead of an object")
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def xml_root(body: bytes) -> Element:
    """Read an XML document and give its root element.

    A DOCTYPE may name a DTD, which is never fetched. Refused are declarations inside the document (its entities and
    default attributes could multiply a short body), more than ``MAX_DEPTH`` levels and more than ``MAX_ELEMENTS``
    elements. Comments and processing instructions are left out.
    """
    parser = _Parser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ParseError as error:
        raise SourceMalformed(f"the answer is not well-formed XML (line {error.position[0]})") from error
    except (LookupError, ValueError) as error:  # an encoding expat cannot use; declarations inside the document
        raise SourceMalformed(f"the answer is XML that is not read ({type(error).__name__})") from error
    return root


class _Parser(XMLParser):
    """Forbids declarations inside the document; a DTD that is only named does no harm."""

    def defused_start_doctype_decl(
        self, name: str, sysid: str | None, pubid: str | None, has_internal_subset: bool
    ) -> None:
        if has_internal_subset:
            raise DTDForbidden(name, sysid, pubid)


class _BoundedBuilder(TreeBuilder):
    """Builds a tree within the limits."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise SourceMalformed(f"the answer holds more than {MAX_DEPTH} levels or {MAX_ELEMENTS} elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)
