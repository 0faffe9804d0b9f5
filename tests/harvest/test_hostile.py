"""What every source does with an answer that is meant to do harm."""

import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.errors import ConfigError, LitwatchError, SourceFailed, SourceMalformed
from pipeline.exchange.fields import Entry
from pipeline.exchange.reading import read
from tests.harvest import case_feeds, case_pubmed
from tests.harvest.contract import SourceCase, harvest
from tests.harvest.test_contract import CASES
from tests.support.server import LocalServer, Reply

BOUND = 30_000_000  # bytes


def _with(member: bytes) -> Callable[[bytes], bytes]:
    """Add a member to an answer that is otherwise as it should be."""
    return lambda body: body.rstrip()[:-1] + b',"also":' + member + b"}"


def _twice(body: bytes) -> bytes:
    """Give the first member of an answer once more, and otherwise."""
    name = body.split(b'"')[1]
    return body.rstrip()[:-1] + b',"' + name + b'":null}'


JSON = {
    "NaN": _with(b"NaN"),
    "infinity": _with(b"-Infinity"),
    "given twice": _twice,
    "deep": _with(b"[" * 100_000 + b"]" * 100_000),
    "5,000 digits": _with(b"9" * 5_000),
}


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in {"feed", "retractionwatch"}], ids=str)
@pytest.mark.parametrize("spoil", JSON.values(), ids=JSON.keys())
def test_json(case: SourceCase, spoil: Callable[[bytes], bytes], server: LocalServer) -> None:
    """JSON that readers understand differently, or cannot read, is malformed, however right the rest of it looks."""
    case.serve(server, [*case.records.values()], None)
    server.spoil = lambda reply: _spoilt(reply, b"{", spoil)
    with case.client(server, replace(case.settings, retries=0)) as client, pytest.raises(SourceMalformed):
        harvest(case.source, client)


def _declared(subset: str, use: str = "") -> Callable[[bytes], bytes]:
    """Declare something in front of a document, and use it before the end of its root."""

    def spoil(body: bytes) -> bytes:
        root = body.split(b"?>", 1)[1].lstrip() if body.startswith(b"<?xml") else body
        if root.startswith(b"<!DOCTYPE"):
            root = root.split(b">", 1)[1].lstrip()
        name = root[1:].replace(b">", b" ").split()[0]
        end = root.rindex(b"</" + name)
        declaration = b'<?xml version="1.0"?><!DOCTYPE ' + name + b" [" + subset.encode() + b"]>"
        return declaration + root[:end] + use.encode() + root[end:]

    return spoil


_LAUGHS = '<!ENTITY a0 "haha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
XML = {
    "billion laughs": _declared(_LAUGHS, "<title>&a9;</title>"),
    "quadratic": _declared(f'<!ENTITY a "{"ha" * 50_000}">', f"<title>{'&a;' * 20_000}</title>"),
    "default attributes": _declared(f'<!ATTLIST title c CDATA "{"ha" * 50_000}">', "<title/>" * 5_000),
    "file": _declared('<!ENTITY a SYSTEM "file:///proc/self/status">', "<title>&a;</title>"),
    "address": _declared('<!ENTITY a SYSTEM "URL/entity">', "<title>&a;</title>"),
    "parameter entity": _declared('<!ENTITY % a SYSTEM "URL/dtd"> %a;'),
    "deep": _declared("", "<a>" * 20_000 + "</a>" * 20_000),
}


@pytest.mark.parametrize("case", [case_pubmed.CASE, case_feeds.CASE], ids=str)
@pytest.mark.parametrize("spoil", XML.values(), ids=XML.keys())
def test_xml(case: SourceCase, spoil: Callable[[bytes], bytes], server: LocalServer) -> None:
    """XML that swells, reads files or asks elsewhere does none of it.

    PubMed has no reason to declare anything, and such records are set aside. Some feeds declare harmless entities, and
    are read as if the others were not there.
    """
    case.serve(server, [*case.records.values()], None)
    server.spoil = lambda reply: _spoilt(reply, b"<", lambda body: spoil(body).replace(b"URL", server.url.encode()))
    tracemalloc.start()
    try:
        with case.client(server, replace(case.settings, retries=0)) as client:
            outcome = harvest(case.source, client)
        told = repr(outcome)
        assert case is case_feeds.CASE or not outcome.records
    except SourceFailed as error:
        told = str(error)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < BOUND
    assert "VmPeak" not in told
    assert len(told) < 10_000_000
    assert not {"/entity", "/dtd"} & {request.path for request in server.requests}


@pytest.mark.parametrize("spoil", XML.values(), ids=XML.keys())
def test_import(spoil: Callable[[bytes], bytes]) -> None:
    """The same in a file of PubMed's records: nothing of it is read."""
    body = spoil(case_pubmed.article_set([*case_pubmed.RECORDS.values()]))
    with pytest.raises(ConfigError):
        assert not [one for one in read("works.xml", io.BytesIO(body)) if isinstance(one, Entry)]


def _spoilt(reply: Reply, kind: bytes, spoil: Callable[[bytes], bytes]) -> Reply:
    """Spoil an answer of one kind, by the sign it begins with."""
    body = reply.body
    return replace(reply, body=spoil(body)) if isinstance(body, bytes) and body.startswith(kind) else reply


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(
    "body", [b"\x1f\x8b" * 500, b"\0" * 1_000, b"%PDF-1.7", b"PK\x03\x04", b"\xff\xd8\xff"], ids=repr
)
def test_other_files(case: SourceCase, body: bytes, server: LocalServer) -> None:
    """What is no text at all is not taken for an answer."""
    case.refuse(server, Reply(body=body))
    with case.client(server, replace(case.settings, retries=0)) as client, pytest.raises(LitwatchError):
        harvest(case.source, client)
