"""JSON and XML from strangers."""

import pytest

from pipeline.errors import SourceMalformed
from pipeline.harvest.envelope import json_object, xml_root
from pipeline.harvest.fetch import Answer

LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "haha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
FILE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
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
        pytest.param(b"<html><br></html>", id="HTML"),
        pytest.param(b"<a><b>cut", id="cut short"),
        pytest.param(b"<a>" * 300 + b"</a>" * 300, id="deep"),
        pytest.param(LAUGHS, id="billion laughs"),
        pytest.param(FILE, id="file"),
        pytest.param(PARAMETER, id="parameter entity"),
        pytest.param(b'<?xml version="1.0" encoding="none-such"?><a/>', id="unknown encoding"),
    ],
)
def test_xml_refused(body: bytes) -> None:
    """What is no well-formed XML, or brings entities, is malformed, and the body is not quoted."""
    with pytest.raises(SourceMalformed) as caught:
        xml_root(body)
    assert len(str(caught.value)) < 100


def test_doctype() -> None:
    """A DOCTYPE is read past without fetching its DTD; comments and instructions are no text."""
    root = xml_root(b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a>1<!-- no --><?no no?>2</a>')
    assert root.text == "12"
