"""XML from strangers."""

import pytest

from pipeline.errors import SourceMalformed
from pipeline.xml_tree import MAX_DEPTH, NotXml, xml_children, xml_root

LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "haha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
FILE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
QUADRATIC = b'<!DOCTYPE a [<!ENTITY b "' + b"ha" * 100_000 + b'">]><a>' + b"&b;" * 10_000 + b"</a>"
DEFAULTS = b'<!DOCTYPE a [<!ATTLIST b c CDATA "' + b"ha" * 100_000 + b'">]><a>' + b"<b/>" * 10_000 + b"</a>"
UNUSED = b'<!DOCTYPE a [<!ENTITY b "haha">]><a/>'
NAMED = b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'
PARAMETER = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/x.dtd"> %b;]><a/>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'<?xml version="1.0"?>', id="no root"),
        pytest.param(NAMED, id="DOCTYPE only"),
        pytest.param(b"<!DOCTYPE html><html><br></html>", id="HTML"),
        pytest.param(b"<a><b>cut", id="cut short"),
        pytest.param(b"<a>\0</a>", id="NUL"),
        pytest.param(b"<a>\xff</a>", id="not UTF-8"),
        pytest.param(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), id="deep"),
        pytest.param(b"<a>" * 200_000, id="very deep"),
        pytest.param(NAMED + b"<a>&nbsp;</a>", id="undefined entity"),
        pytest.param(UNUSED, id="entity"),
        pytest.param(LAUGHS, id="billion laughs"),
        pytest.param(QUADRATIC, id="quadratic"),
        pytest.param(DEFAULTS, id="default attributes"),
        pytest.param(FILE, id="file"),
        pytest.param(PARAMETER, id="parameter entity"),
        pytest.param(b'<?xml version="1.0" encoding="none-such"?><a/>', id="unknown encoding"),
        pytest.param(b'<?xml version="1.0" encoding="gb18030"?><a/>', id="encoding of many bytes"),
    ],
)
def test_xml_refused(body: bytes) -> None:
    """What is no well-formed XML, declares anything, or nests too deep is malformed, and the body is not quoted."""
    with pytest.raises(SourceMalformed) as caught:
        xml_root(body)
    assert len(str(caught.value)) < 100


def test_doctype() -> None:
    """A DOCTYPE is read past without fetching its DTD; comments and instructions are no text."""
    root = xml_root(b'<?xml version="1.0"?>' + NAMED + b"<a>1<!-- no --><?no no?>2<b/>3<!-- no -->4</a>")
    assert "".join(root.itertext()) == "1234"


def test_encoding() -> None:
    """The encoding that is declared is the one that is read."""
    assert xml_root(b'<?xml version="1.0" encoding="windows-1252"?><a>\x80</a>').text == "\u20ac"


def test_deepest() -> None:
    """As many levels as allowed are read."""
    root = xml_root(b"<a>" * MAX_DEPTH + b"end" + b"</a>" * MAX_DEPTH)
    assert "".join(root.itertext()) == "end"


def test_siblings() -> None:
    """Elements side by side do not add up to depth."""
    assert len(xml_root(b"<a>" + b"<b/>" * (MAX_DEPTH + 1) + b"</a>")) == MAX_DEPTH + 1


def test_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    """More elements than the limit are malformed; the limit is set low, since a million take seconds."""
    monkeypatch.setattr("pipeline.xml_tree.MAX_ELEMENTS", 3)
    assert len(xml_root(b"<a><b/><b/></a>")) == 2
    with pytest.raises(SourceMalformed):
        xml_root(b"<a><b/><b/><b/></a>")


def children(*chunks: bytes) -> list[tuple[int, str]]:
    """The records of a document that comes in chunks: line and text."""
    return [(line, "".join(one.itertext())) for line, one in xml_children(chunks, "set", ["record"])]


def test_children() -> None:
    """Children come out one by one, wherever the pieces are cut, with their lines; others are left out."""
    document = b"<set>\n<record>1<i>a</i></record>tail\n<other>2</other>\n\n<record>\n3</record></set>"
    assert children(document) == [(2, "1a"), (5, "\n3")]
    assert children(*(document[at : at + 1] for at in range(len(document)))) == [(2, "1a"), (5, "\n3")]
    assert children(b"<record>\n<record>1</record></record>") == [(1, "\n1")]


def test_child_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits hold for each child, not for all of them together."""
    monkeypatch.setattr("pipeline.xml_tree.MAX_ELEMENTS", 3)
    assert len(children(b"<set>" + b"<record><a/><b/></record>" * 10 + b"</set>")) == 10
    with pytest.raises(NotXml):
        children(b"<set><record><a/><b/><c/></record></set>")


@pytest.mark.parametrize(
    ("body", "line"),
    [(b"<set>\n<record>\n</set>", 3), (b"<html>\n</html>", 1), (b"<set>\n" + LAUGHS, 2), (b"\n" + LAUGHS, 2), (b"", 1)],
)
def test_children_refused(body: bytes, line: int) -> None:
    """What is no such document is refused with the line where that shows."""
    with pytest.raises(NotXml) as caught:
        children(body)
    assert caught.value.line == line
