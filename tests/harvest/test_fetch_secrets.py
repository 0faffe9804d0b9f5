"""A key goes to its source and nowhere else: into no answer, error, log or other place."""

import gzip
import html
import json
import logging
import random
import re
import traceback
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.fetch import Answer, Client, Fetcher, HttpSettings
from pipeline.redaction import LONGEST, Redaction
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply

KEY = "SECRET-xyz%/+"
MARK = "SECRET-xyz"
ECHO = f"{KEY} {quote(KEY, safe='')} {quote_plus(KEY).lower().replace('secret', 'SECRET')} {quote(KEY)}"


def client_of(url: str, clock: FakeClock, timeout: float = 30) -> Client:
    """Give a client with a key. It is as patient as a user's, unless what is tested is its patience."""
    settings = HttpSettings(timeout=timeout, max_bytes=10_000, retries=1)
    return Fetcher(settings, "desk@example.org", clock.timing()).client(url, 1e9, {"api_key": KEY, "other": ""})


def quoting(answer: Answer) -> None:
    """Refuse an answer and quote all of it, as a careless source would."""
    raise SourceMalformed(f"{answer!r}")


def everything_told(error: BaseException) -> str:
    """Join what anyone could ever print of an error, its hidden context too."""
    told = ["".join(traceback.format_exception(error)), repr(error)]
    seen: BaseException | None = error
    while seen is not None:
        told += [str(seen), repr(seen.__cause__), repr(seen.__dict__)]
        seen = seen.__context__
    return "\n".join(told)


def test_sent(server: LocalServer, clock: FakeClock) -> None:
    """The key is sent in the query or in the form; an empty one is not."""
    server.on("/", Reply())
    client = client_of(server.url, clock)
    client.get("a", {"q": "1"})
    client.post("b", {"q": "1"})
    assert server.requests[0].query == {"q": "1", "api_key": KEY}
    assert (server.requests[1].query, server.requests[1].form) == ({}, {"q": "1", "api_key": KEY})


def test_answer(server: LocalServer, clock: FakeClock) -> None:
    """An answer holds no key, not even where the server repeats it."""
    server.on("/old", Reply(302, headers={"Location": f"/new?api_key={quote(KEY, safe='')}"}))
    server.on("/new", Reply(body=f"you sent {ECHO}".encode(), headers={"X-Key": ECHO}))
    answer = client_of(server.url, clock).get("old")
    assert server.requests[1].query == {"api_key": KEY}
    assert MARK not in repr(answer)
    assert answer.body == b"you sent [hidden] [hidden] [hidden] [hidden]"


FAILURES = {
    "permanent": Reply(404, ECHO.encode()),
    "temporary": Reply(503, ECHO.encode()),
    "later": Reply(429, ECHO.encode(), {"Retry-After": "3600"}),
    "hang up": Reply(hang_up=True),
    "stall": Reply(stall=True),
    "cut short": Reply(body=ECHO.encode(), announced=9_999),
    "too large": Reply(body=ECHO.encode() * 1000),
    "damaged": Reply(body=ECHO.encode(), headers={"Content-Encoding": "gzip"}),
    "cut gzip": Reply(body=gzip.compress(ECHO.encode())[:-4], headers={"Content-Encoding": "gzip"}),
    "encoding": Reply(headers={"Content-Encoding": KEY}),
    "redirect": Reply(302, ECHO.encode(), {"Location": f"http://example.org/{KEY}?api_key={quote(KEY)}"}),
    "loop": Reply(302, ECHO.encode(), {"Location": f"/{quote(KEY)}?api_key={quote(KEY)}"}),
    "bad redirect": Reply(302, ECHO.encode(), {"Location": f"http://[{KEY}"}),
    "garbage": Reply(garbage=f"{ECHO}\r\n\r\n".encode()),
    "headers": Reply(headers={f"X-{n}": ECHO for n in range(200)}),
}


@pytest.mark.parametrize("ask", ["get", "post"])
@pytest.mark.parametrize("reply", FAILURES.values(), ids=FAILURES.keys())
def test_failures(
    server: LocalServer, clock: FakeClock, caplog: pytest.LogCaptureFixture, reply: Reply, ask: str
) -> None:
    """No failure tells the key, in whatever form and however deep one digs; no log does."""
    caplog.set_level(logging.DEBUG)
    server.on("/", reply)
    client = client_of(server.url, clock, timeout=0.05 if reply.stall else 30)
    with pytest.raises(SourceFailed) as caught:
        client.get("x", {"q": "1"}) if ask == "get" else client.post("x", {"q": "1"})
    assert MARK not in everything_told(caught.value)
    assert MARK not in caplog.text


def test_check(server: LocalServer, clock: FakeClock) -> None:
    """A source's own error may quote the whole answer: the key is not in it."""
    server.on("/", Reply(body=ECHO.encode()))
    with pytest.raises(SourceMalformed) as caught:
        client_of(server.url, clock).get("x", check=quoting)
    assert MARK not in everything_told(caught.value)


def test_refused(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """A refused connection does not tell the key, as requests' own error would."""
    caplog.set_level(logging.DEBUG)
    with LocalServer() as gone:
        url = gone.url
    with pytest.raises(SourceFailed) as caught:
        client_of(url, clock).get("x")
    assert MARK not in everything_told(caught.value) + caplog.text


def test_elsewhere(server: LocalServer, clock: FakeClock) -> None:
    """No other place is told anything."""
    with LocalServer() as other:
        other.on("/", Reply())
        server.on("/", Reply(307, headers={"Location": f"{other.url}/x"}))
        for ask in (client_of(server.url, clock).get, client_of(server.url, clock).post):
            with pytest.raises(SourceFailed, match="redirects to"):
                ask("x", {"q": "1"})
        assert other.requests == []


def test_log(server: LocalServer, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """Each request leaves one line in the log, which shows where the key was."""
    caplog.set_level(logging.DEBUG)
    server.on("/", Reply(body=b"fine"))
    client_of(server.url, clock).get("x", {"q": "1"})
    assert [record.getMessage() for record in caplog.records] == [
        f"GET {server.url}/x?q=1&api_key=[hidden]: 200, 4 bytes"
    ]


def test_repr(clock: FakeClock) -> None:
    """Looking at a client or a fetcher does not show the key."""
    fetcher = Fetcher(HttpSettings(), "desk@example.org", clock.timing())
    client = fetcher.client("http://127.0.0.1/", 1, {"api_key": KEY})
    assert MARK not in f"{client!r} {client} {fetcher!r}"


def _percent_twice(text: str) -> str:
    return quote(quote(text, safe=""), safe="")


def _lower_percent(text: str) -> str:
    return re.sub("%..", lambda code: code[0].lower(), quote(text, safe=""))


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/")


@pytest.mark.parametrize("dress", [str, quote, quote_plus, _percent_twice, _lower_percent, html.escape, _in_json])
@given(secret=st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" "), min_size=1))
def test_dresses(dress: Callable[[str], str], secret: str) -> None:
    """Every secret is found in every usual encoding, in text and in bytes."""
    assume("[" not in secret)
    redaction = Redaction([secret])
    text = f"\n{dress(secret)}\n"
    assert redaction.text(text) == "\n[hidden]\n"
    assert redaction.data(text.encode()) == b"\n[hidden]\n"


@pytest.mark.parametrize("length", [16, 40, 41, 500, LONGEST])
def test_long(length: int) -> None:
    """A secret may be as long as a certificate: all of it is found, and any beginning of it."""
    secret = "".join(random.Random(length).choices("aB3-+/=", k=length))  # noqa: S311 - nobody's
    redaction = Redaction([secret])
    for shown in {8, 9, length // 2, length - 1, length}:
        assert redaction.text(f"({secret[:shown]})") == "([hidden])"
    assert redaction.data(quote(secret, safe="").encode()) == b"[hidden]"


def test_nothing_secret() -> None:
    """Without a secret, or with an empty one, everything stays as it is."""
    for secrets in ([], [""]):
        assert Redaction(secrets).text("a b") == "a b"
        assert Redaction(secrets).data(b"a b") == b"a b"


@pytest.mark.parametrize("echo", ["oakey-f00dcafe1234", "OAKEY-F00DCAFE1234", "OAKEY-f00dca...", "OAKEY-f0…"])
def test_shortened(echo: str) -> None:
    """A server that repeats a key in other letters, or only its beginning, gives nothing away."""
    redaction = Redaction(["OAKEY-f00dcafe1234"])
    assert "f0" not in redaction.text(f"Bad key: {echo} (limit 3)").casefold()
    assert b"f0" not in redaction.data(f"Bad key: {echo}".encode()).lower()
    assert redaction.text("OAKEY- is how keys begin") == "OAKEY- is how keys begin"
