"""JSON from strangers."""

import pytest

from pipeline.errors import SourceMalformed
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer


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
        pytest.param(b'{"a": 1, "b": {"c": 2, "c": 2}}', id="given twice"),
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
