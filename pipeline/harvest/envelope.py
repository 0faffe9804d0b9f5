"""Opening what a source sent: JSON and XML from strangers, read without trusting them.

Every refusal is a :class:`~pipeline.errors.SourceMalformed`: whether to try again is the caller's business. Messages
never quote the body, since error pages repeat the key or the address of whoever asked.
"""

import json
from typing import Any, NoReturn

from lxml import etree

from pipeline.errors import SourceMalformed
from pipeline.harvest.fetch import Answer


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


def xml_root(body: bytes) -> etree._Element:
    """Read an XML document and give its root element.

    A DOCTYPE is read past, its DTD is never fetched, no entity it declares is expanded (a document that declares one is
    refused), and libxml2's own limits on depth (256) and text length stay on.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceMalformed(f"the answer is not well-formed XML (line {error.lineno})") from error
    dtd: Any = root.getroottree().docinfo.internalDTD  # Any: the stubs do not know DTD.entities
    if dtd is not None and dtd.entities():
        raise SourceMalformed("the answer declares entities of its own")
    return root
