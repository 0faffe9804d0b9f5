"""The bounds of a request: size, time, and whole bodies only."""

import gzip
import tracemalloc
from collections.abc import Iterator

import pytest

from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.fetch import Client, Fetcher, HttpSettings
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply

MEGABYTE = 1_000_000
ZEROS = bytes(MEGABYTE)


def client_of(server: LocalServer, clock: FakeClock, retries: int = 0) -> Client:
    """Give a client that takes a megabyte and two minutes at most."""
    bounds = HttpSettings(deadline=120, max_bytes=MEGABYTE, retries=retries)
    return Fetcher(bounds, "desk@example.org", clock.timing()).client(server.url, 1e9)


def test_gzip(server: LocalServer, clock: FakeClock) -> None:
    """A compressed body is decompressed, whatever pieces it comes in, up to the very bound."""
    server.on("/whole", Reply(body=ZEROS, gzipped=True))
    server.on("/pieces", Reply(body=(b"%d" % n for n in range(1000)), gzipped=True))
    assert client_of(server, clock).get("whole").body == ZEROS
    assert client_of(server, clock).get("pieces").body == b"".join(b"%d" % n for n in range(1000))


@pytest.mark.parametrize("encoding", ["x-gzip", "GZIP"])
def test_gzip_members(server: LocalServer, clock: FakeClock, encoding: str) -> None:
    """Compressed members that follow one another make one body; the encoding's name is read leniently."""
    body = gzip.compress(b"one ") + gzip.compress(b"two")
    server.on("/", Reply(body=body, headers={"Content-Encoding": encoding}))
    assert client_of(server, clock).get("").body == b"one two"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_empty(server: LocalServer, clock: FakeClock, encoding: str) -> None:
    """An empty body is an empty body."""
    server.on("/", Reply(headers={"Content-Encoding": encoding}))
    assert client_of(server, clock).get("").body == b""


def test_bomb(server: LocalServer, clock: FakeClock) -> None:
    """A body that swells without end is stopped at the bound, and memory stays near it. There is no second try."""

    def endless() -> Iterator[bytes]:
        while True:
            yield ZEROS

    server.on("/", Reply(body=endless(), gzipped=True))
    client = client_of(server, clock, retries=4)
    tracemalloc.start()
    with pytest.raises(SourceFailed, match=r"127\.0\.0\.1:\d+/swelling: the body is larger than 1000000 bytes"):
        client.get("swelling")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MEGABYTE
    assert len(server.requests) == 1


def test_packed_bomb(server: LocalServer, clock: FakeClock) -> None:
    """A small packet that holds a large body is not unpacked beyond the bound."""
    packet = gzip.compress(bytes(100 * MEGABYTE))
    server.on("/", Reply(body=packet, headers={"Content-Encoding": "gzip"}))
    client = client_of(server, clock)
    tracemalloc.start()
    with pytest.raises(SourceFailed, match="larger than"):
        client.get("")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MEGABYTE


def test_announced_size(server: LocalServer, clock: FakeClock) -> None:
    """A body that is announced as too large is not read at all."""
    server.on("/", Reply(body=b"x", announced=MEGABYTE + 1))
    with pytest.raises(SourceFailed, match="larger than"):
        client_of(server, clock).get("")


@pytest.mark.parametrize("gzipped", [False, True])
def test_redirect_body(server: LocalServer, clock: FakeClock, gzipped: bool) -> None:
    """The body of a redirect is never read or unpacked, be it as large as it likes."""
    sent: list[int] = []

    def large() -> Iterator[bytes]:
        for n in range(10_000):
            sent.append(n)
            yield ZEROS

    server.on("/old", Reply(302, body=large(), headers={"Location": "/new"}, gzipped=gzipped))
    server.on("/new", Reply(body=b"fine"))
    tracemalloc.start()
    assert client_of(server, clock).get("old").body == b"fine"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(sent) < 10_000
    assert peak < 8 * MEGABYTE


def test_drip(server: LocalServer, clock: FakeClock) -> None:
    """A body that comes drop by drop, each in time, is given up at the deadline."""

    def drops() -> Iterator[bytes]:
        for _ in range(100):
            clock.advance(10)
            yield b"."

    server.on("/", Reply(body=drops()))
    with pytest.raises(SourceFailed, match="no complete answer within 120 s"):
        client_of(server, clock).get("")


# Ten seconds a drop: after a dozen of them, and what fits into one more buffer of 8 kB, no other limit is near.
HEADS = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "header": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"o"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 200 + b"\r\n"),
    "never mind": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunk's length": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize(("begin", "drop"), HEADS.values(), ids=HEADS.keys())
def test_dripping_head(server: LocalServer, clock: FakeClock, begin: bytes, drop: bytes) -> None:
    """What is not the body is bound by the deadline as well, wherever it drips."""

    def drops() -> Iterator[bytes]:
        yield begin
        for _ in range(100_000):
            clock.advance(10)
            yield drop

    server.on("/", Reply(garbage=drops()))
    with pytest.raises(SourceFailed, match="no complete answer within 120 s"):
        client_of(server, clock).get("")


def test_silent_drip(server: LocalServer, clock: FakeClock) -> None:
    """Compressed drops that decompress to nothing are bound by the deadline all the same."""

    def drops() -> Iterator[bytes]:
        yield b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"  # RFC 1952: a header whose file name follows
        for _ in range(100):
            clock.advance(10)
            yield b"n"

    server.on("/", Reply(body=drops(), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(SourceFailed, match="no complete answer within 120 s"):
        client_of(server, clock).get("")


def test_slow_but_whole(server: LocalServer, clock: FakeClock) -> None:
    """A slow body that ends in time is taken."""

    def drops() -> Iterator[bytes]:
        for _ in range(11):
            clock.advance(10)
            yield b"."

    server.on("/", Reply(body=drops()))
    assert client_of(server, clock).get("").body == b"." * 11


def test_cut_short(server: LocalServer, clock: FakeClock) -> None:
    """A body shorter than announced is no answer, but worth another try."""
    server.on("/", [Reply(body=b"half", announced=8), Reply(body=b"complete")])
    assert client_of(server, clock, retries=1).get("").body == b"complete"
    server.on("/", Reply(body=b"half", announced=8))
    with pytest.raises(SourceFailed, match="more expected"):
        client_of(server, clock).get("")


def test_cut_gzip(server: LocalServer, clock: FakeClock) -> None:
    """A compressed body that ends too early is noticed where no length was announced, and asked for again."""
    cut = gzip.compress(b"a whole page of records")[:-9]
    server.on("/", [Reply(body=iter([cut]), headers={"Content-Encoding": "gzip"}), Reply(body=b"complete")])
    assert client_of(server, clock, retries=1).get("").body == b"complete"
    server.on("/", Reply(body=iter([cut]), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(SourceMalformed, match="cut short"):
        client_of(server, clock).get("")


@pytest.mark.parametrize(
    ("encoding", "words"), [("gzip", "damaged"), ("br", "not asked for"), ("gzip, gzip", "not asked for")]
)
def test_wrong_encoding(server: LocalServer, clock: FakeClock, encoding: str, words: str) -> None:
    """A body that is not gzip though it says so, or in another encoding, is malformed."""
    server.on("/", Reply(body=b"plain text", headers={"Content-Encoding": encoding}))
    with pytest.raises(SourceMalformed, match=words):
        client_of(server, clock).get("")


def test_room(server: LocalServer, clock: FakeClock) -> None:
    """An answer that is known to be long gets the room it needs, and no more."""
    server.on("/long", Reply(body=b"x" * 1_500_000))
    client = client_of(server, clock)
    assert len(client.get("long", room=1_500_000).body) == 1_500_000
    with pytest.raises(SourceFailed, match="larger than 1499999 bytes"):
        client.get("long", room=1_499_999)


@pytest.mark.parametrize("gzipped", [True, False])
def test_first(server: LocalServer, clock: FakeClock, gzipped: bool) -> None:
    """Of an answer of which only the beginning is wanted, the rest may be of any size, and is left."""
    server.on("/long", Reply(body=(b"beginning" + b"x" * 9_991 for _ in range(1_000)), gzipped=gzipped))
    assert client_of(server, clock).get("long", first=9).body == b"beginning"
    server.on("/short", Reply(body=b"end", gzipped=gzipped))
    assert client_of(server, clock).get("short", first=9).body == b"end"
