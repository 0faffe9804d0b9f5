"""Asking a source: addresses, forms, redirects, refusals, and the source's own check."""

import itertools
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import __version__
from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.fetch import Answer, Client, Fetcher, HttpSettings
from pipeline.proof import Validator
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply

FAST = 1e9
OK = Reply(body=b"fine")


def client_of(url: str, clock: FakeClock, rate: float = FAST, retries: int = 4) -> Client:
    """Give a client that waits on the fake clock only."""
    return Fetcher(HttpSettings(retries=retries), "desk@example.org", clock.timing()).client(url, rate)


# Addresses and requests


@pytest.mark.parametrize("slash", ["", "/"])
def test_below_base(server: LocalServer, clock: FakeClock, slash: str) -> None:
    """A path is asked for below the base, with or without a slash at the base's end."""
    server.on("/api/v1/search", OK)
    answer = client_of(f"{server.url}/api/v1{slash}", clock).get("search", {"q": "a b&c", "n": "1"})
    assert (answer.status, answer.body, answer.url) == (200, b"fine", f"{server.url}/api/v1/search?q=a+b%26c&n=1")
    assert server.requests[0].query == {"q": "a b&c", "n": "1"}


def test_base_itself(server: LocalServer, clock: FakeClock) -> None:
    """An empty path asks for the base itself, with its own query: that is how a feed is fetched."""
    server.on("/rss", OK)
    client_of(f"{server.url}/rss?id=7&limit=9#top", clock).get("", {"page": "2"})
    assert server.requests[0].query == {"id": "7", "limit": "9", "page": "2"}


def test_introduction(server: LocalServer, clock: FakeClock) -> None:
    """Every request names program, version and contact, and asks for gzip and nothing else."""
    server.on("/", OK)
    client = client_of(server.url, clock)
    client.get("x")
    headers = server.requests[0].headers
    assert headers["user-agent"] == f"litwatch/{__version__} (+mailto:desk@example.org)"
    assert headers["accept-encoding"] == "gzip"
    assert client.contact == "desk@example.org"


def test_hostile_contact(server: LocalServer, clock: FakeClock) -> None:
    """A contact with a line break in it adds no header."""
    server.on("/", OK)
    Fetcher(HttpSettings(), "a@b\r\nX-Evil: é", clock.timing()).client(server.url, FAST).get("")
    assert "x-evil" not in server.requests[0].headers


def test_post(server: LocalServer, clock: FakeClock) -> None:
    """A form goes in the body, in UTF-8."""
    server.on("/efetch", OK)
    client_of(server.url, clock).post("efetch", {"id": "1,2,3", "term": "Ménière"})
    assert server.requests[0].method == "POST"
    assert server.requests[0].form == {"id": "1,2,3", "term": "Ménière"}
    assert server.requests[0].query == {}


def test_headers_lower(server: LocalServer, clock: FakeClock) -> None:
    """Header names of an answer are in lower case."""
    server.on("/", Reply(headers={"ETag": '"abc"', "X-Total": "3"}))
    headers = client_of(server.url, clock).get("").headers
    assert (headers["etag"], headers["x-total"]) == ('"abc"', "3")


def test_no_memory(server: LocalServer, clock: FakeClock) -> None:
    """Cookies are not kept."""
    server.on("/", Reply(headers={"Set-Cookie": "track=1"}))
    client = client_of(server.url, clock)
    client.get("one")
    client.get("two")
    assert "cookie" not in server.requests[1].headers


def test_no_environment(server: LocalServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither a proxy nor a netrc of the environment is used."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password sesame\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    server.on("/", OK)
    client_of(server.url, clock).get("")
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "file:///etc/passwd", "example.org", "http://", "http://[::1", "http://a:b/", ""]
)
def test_strange_base(clock: FakeClock, url: str) -> None:
    """Only http and https addresses make a client."""
    with pytest.raises(SourceFailed, match="no http or https address"):
        client_of(url, clock)


def test_password_in_base(clock: FakeClock) -> None:
    """An address with a password in it is refused, and the password not repeated."""
    with pytest.raises(SourceFailed, match="name or password") as caught:
        client_of("https://me:sesame@example.org/", clock)
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "%2e%2e/x", "..%2fx", "..\\x", "//example.org/x", "http://example.org/", "file:///x", "//["],
)
def test_path_escape(server: LocalServer, clock: FakeClock, path: str) -> None:
    """A path that leads out of the base is refused before anything is sent."""
    with pytest.raises(SourceFailed, match="not a path below"):
        client_of(f"{server.url}/api", clock).get(path)
    assert server.requests == []


# Redirects


def test_redirect_inside(server: LocalServer, clock: FakeClock) -> None:
    """A redirect below the base is followed, up to three times, and the answer names the last address."""
    for here, there in itertools.pairwise("abcd"):
        server.on(f"/api/{here}", Reply(302, headers={"Location": f"/api/{there}#part"}))
    server.on("/api/d", OK)
    assert client_of(f"{server.url}/api", clock).get("a").url == f"{server.url}/api/d"


def test_redirect_loop(server: LocalServer, clock: FakeClock) -> None:
    """The fourth redirect is one too many, and no reason to try again."""
    server.on("/", Reply(301, headers={"Location": "/again"}))
    with pytest.raises(SourceFailed, match="more than 3 redirects"):
        client_of(server.url, clock).get("")
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    "target",
    [
        "/elsewhere",
        "/apiary",
        "/api/../elsewhere",
        "/api/%2e%2e/elsewhere",
        "//example.org/api/",
        "http://example.org/api/",
        "http://127.0.0.1:9/api/",
        "http://me:sesame@{host}/api/",
        "ftp://{host}/api/",
        "file:///etc/passwd",
        "http://[::1",
        "http://{host}:x/api/",
    ],
)
def test_redirect_outside(server: LocalServer, clock: FakeClock, target: str) -> None:
    """A redirect to another place is refused at once, whatever way it is written."""
    host = server.url.removeprefix("http://")
    server.on("/", Reply(302, headers={"Location": target.format(host=host)}))
    with pytest.raises(SourceFailed, match=r"127\.0\.0\.1 redirects to .*not followed"):
        client_of(f"{server.url}/api", clock).get("x")
    assert len(server.requests) == 1


def test_redirect_to_https(server: LocalServer, clock: FakeClock) -> None:
    """From http to https on the same host is followed; here it fails, for the server speaks no TLS."""
    server.on("/", Reply(301, headers={"Location": server.url.replace("http:", "https:")}))
    with pytest.raises(SourceFailed, match=r"SSL|TLS"):
        client_of(server.url, clock, retries=0).get("")


@pytest.mark.parametrize(("status", "method"), [(301, "POST"), (307, "POST"), (308, "POST"), (303, "GET")])
def test_redirected_form(server: LocalServer, clock: FakeClock, status: int, method: str) -> None:
    """A redirected form is sent again, but after "see other" the address is only read."""
    server.on("/old", Reply(status, headers={"Location": "/new"}))
    server.on("/new", OK)
    client_of(server.url, clock).post("old", {"id": "1"})
    assert server.requests[1].method == method
    assert server.requests[1].form == ({"id": "1"} if method == "POST" else {})


def test_redirect_nowhere(server: LocalServer, clock: FakeClock) -> None:
    """A redirect without a target is a refusal like any other."""
    server.on("/", Reply(302))
    with pytest.raises(SourceFailed, match="answered 302 Found"):
        client_of(server.url, clock).get("")


# Refusals


def test_not_modified(server: LocalServer, clock: FakeClock) -> None:
    """A 304 is an answer to a conditional question, with the validators as they were given; its body is not checked."""
    server.on("/", Reply(304, headers={"Content-Encoding": "gzip"}))
    unless = Validator('W/"a,b"', "Mon, 02 Nov 2026 06:00:00 GMT")
    assert client_of(server.url, clock).get("", check=refuse, unless=unless).status == 304
    (request,) = server.requests
    assert (request.headers["if-none-match"], request.headers["if-modified-since"]) == (unless.etag, unless.modified)


def test_validator(server: LocalServer, clock: FakeClock) -> None:
    """What an answer can be asked for again by is what the server sent with it."""
    server.on("/both", Reply(headers={"ETag": '"1"', "Last-Modified": "Mon, 02 Nov 2026 06:00:00 GMT"}))
    server.on("/none", Reply())
    client = client_of(server.url, clock)
    assert client.get("both").validator == Validator('"1"', "Mon, 02 Nov 2026 06:00:00 GMT")
    assert client.get("none").validator is None


def test_not_modified_unasked(server: LocalServer, clock: FakeClock) -> None:
    """A 304 to a question without a condition says nothing, and is a failure."""
    server.on("/", Reply(304))
    with pytest.raises(SourceFailed, match="304"):
        client_of(server.url, clock).get("")


def test_budget(server: LocalServer, clock: FakeClock) -> None:
    """When the time of the whole run is used up, nothing is asked any more."""
    server.on("/", Reply())
    client = client_of(server.url, clock)
    clock.advance(3_599)
    assert client.get("").status == 200
    clock.advance(2)
    with pytest.raises(SourceFailed, match="3600 s are used up"):
        client.get("")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501, 599])
def test_permanent(server: LocalServer, clock: FakeClock, status: int) -> None:
    """A permanent refusal is told at once, with the server's words made harmless and short."""
    server.on("/x", Reply(status, b"\x1b[31mbad\x00 \xff request\n" + b"y" * 500))
    with pytest.raises(SourceFailed) as caught:
        client_of(server.url, clock).get("x")
    told = str(caught.value)
    assert f"/x answered {status}" in told
    assert "bad \ufffd request yyy" in told
    assert "\x1b" not in told
    assert "y" * 120 not in told
    assert len(server.requests) == 1


def test_refused(clock: FakeClock) -> None:
    """A closed port is tried again and again, then told with place, reason and advice."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(SourceFailed, match=rf"127\.0\.0\.1:{port}/x: .*refused.*Check the network"):
        client_of(f"http://127.0.0.1:{port}", clock).get("x")
    assert len(clock.slept) == 4


def test_hang_up(server: LocalServer, clock: FakeClock) -> None:
    """A connection closed without a word is tried again."""
    server.on("/", [Reply(hang_up=True), OK])
    assert client_of(server.url, clock).get("").body == b"fine"


def test_stall(server: LocalServer, clock: FakeClock) -> None:
    """A server that keeps silent meets the read time-out."""
    server.on("/", Reply(stall=True))
    fetcher = Fetcher(HttpSettings(timeout=0.05, retries=0), "desk@example.org", clock.timing())
    with pytest.raises(SourceFailed, match="timed out"):
        fetcher.client(server.url, FAST).get("")


# The source's own check


def refuse(answer: Answer) -> None:
    """Take nothing for an envelope."""
    raise SourceMalformed(f"no envelope in {answer.body[:20]!r}")


def demand_fine(answer: Answer) -> None:
    """Want exactly b"fine"."""
    if answer.body != b"fine":
        refuse(answer)


def test_check_retry(server: LocalServer, clock: FakeClock) -> None:
    """An alien answer is worth another try, also under a 200 or inside a 400."""
    server.on("/", [Reply(body=b"<html>maintenance"), Reply(400, b"502 relayed"), OK])
    assert client_of(server.url, clock).get("", check=demand_fine).body == b"fine"
    assert clock.slept == [2, 4]


def test_check_malformed(server: LocalServer, clock: FakeClock) -> None:
    """When the tries are used up, the check's own error is raised."""
    server.on("/", Reply(body=b"<html>"))
    with pytest.raises(SourceMalformed, match="no envelope in b'<html>'"):
        client_of(server.url, clock, retries=2).get("", check=refuse)
    assert len(server.requests) == 3


def test_check_permanent(server: LocalServer, clock: FakeClock) -> None:
    """What the check calls permanent is not tried again, not even on a 500."""
    server.on("/", Reply(500, b"unknown query field"))

    def never(answer: Answer) -> None:
        raise SourceFailed("the query is wrong")

    with pytest.raises(SourceFailed, match="the query is wrong"):
        client_of(server.url, clock).get("", check=never)
    assert len(server.requests) == 1


def test_check_passes(server: LocalServer, clock: FakeClock) -> None:
    """A check that is content with a 404 does not make it an answer."""
    server.on("/", Reply(404, b"fine"))
    with pytest.raises(SourceFailed, match="404"):
        client_of(server.url, clock).get("", check=demand_fine)


def test_status_first(server: LocalServer, clock: FakeClock) -> None:
    """The error page of a 503 is told as a 503, not as a broken envelope."""
    server.on("/", Reply(503, b"<html>"))
    with pytest.raises(SourceFailed, match="503 Service Unavailable") as caught:
        client_of(server.url, clock).get("", check=refuse)
    assert not isinstance(caught.value, SourceMalformed)


# Life


def test_closing(server: LocalServer, clock: FakeClock) -> None:
    """A fetcher can be left by the end of a ``with`` block."""
    server.on("/", OK)
    with Fetcher(HttpSettings(), "desk@example.org", clock.timing()) as fetcher:
        assert fetcher.client(server.url, FAST).get("").status == 200


def test_real_time() -> None:
    """Without a clock of the test's, time is the machine's, and aware."""
    timing = Fetcher(HttpSettings(), "desk@example.org").timing
    assert timing.now().tzinfo is UTC
    assert isinstance(timing.now(), datetime)
