"""JSON and XML from strangers."""

import pytest

from pipeline.errors import SourceMalformed
from pipeline.harvest.envelope import MAX_DEPTH, json_object, xml_root
from pipeline.harvest.fetch import Answer

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
        pytest.param(b"<html></html>", id="HTML"),
        pytest.param(b'{"a": 1', id="cut short"),
        pytest.param(b"[1]", id="list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="infinity"),
        pytest.param(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="deep"),
        pytest.param(b'{"a":' + b"9" * 5_000 + b"}", id="5,000 digits"),
        pytest.param(b'{"a": "\xff"}', id="not UTF-8"),
    ],
)
def test_json_refused(body: bytes) -> None:
    """What is no JSON object is malformed, and the body is not quoted."""
    with pytest.raises(SourceMalformed) as caught:
        json_object(Answer("http://127.0.0.1/", 200, {}, body))
    assert len(str(caught.value)) < 100


def test_json() -> None:
    """An object comes out as a dict."""
    assert json_object(Answer("", 200, {}, b'{"a": [1, "b", null]}')) == {"a": [1, "b", None]}


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
    monkeypatch.setattr("pipeline.harvest.envelope.MAX_ELEMENTS", 3)
    assert len(xml_root(b"<a><b/><b/></a>")) == 2
    with pytest.raises(SourceMalformed):
        xml_root(b"<a><b/><b/><b/></a>")
