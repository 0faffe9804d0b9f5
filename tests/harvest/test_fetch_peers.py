"""Where a connection may lead: the peer is looked at when it is there, before anything is said to it."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.config import Surroundings, build
from pipeline.enabled import enabled_sources
from pipeline.errors import SourceFailed
from pipeline.harvest.connections import is_public
from pipeline.harvest.fetch import Client, Fetcher, HttpSettings
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply

NAME = "feeds.example.org"
PUBLIC = "93.184.215.14"
INSIDE = {
    "0.0.0.0": "this host",  # noqa: S104 - an address to be refused
    "10.0.0.1": "private",
    "100.64.0.1": "shared with the provider",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "169.254.169.254": "link-local, where clouds keep keys",
    "172.16.0.1": "private",
    "192.0.0.1": "of protocols",
    "192.0.2.1": "of documents",
    "192.168.1.1": "private",
    "198.18.0.1": "of benchmarks",
    "224.0.0.1": "multicast",
    "239.1.1.1": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified",
    "::1": "loopback",
    "::127.0.0.1": "an old spelling of IPv4",
    "::ffff:127.0.0.1": "IPv4 in IPv6",
    "::ffff:169.254.169.254": "IPv4 in IPv6",
    "64:ff9b::7f00:1": "loopback behind a translator",
    "64:ff9b::a9fe:a9fe": "link-local behind a translator",
    "64:ff9b:1::1": "a translator of one's own",
    "100::1": "discarded",
    "2001:db8::1": "of documents",
    "2002:7f00:1::1": "loopback through 6to4",
    "2002:c0a8:101::1": "private through 6to4",
    "fc00::1": "private",
    "fd12:3456:789a::1": "private",
    "fe80::1%eth0": "link-local",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
}
OUTSIDE = [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", INSIDE, ids=[f"{address}: {what}" for address, what in INSIDE.items()])
def test_inside(address: str) -> None:
    """Addresses with a special purpose are not public, in whatever dress."""
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside(address: str) -> None:
    """All others are."""
    assert is_public(address)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterator[str]], None]:
    """Let every name lead to this machine, and each connection look as if it led to the next of some addresses."""
    true_lookup, true_peer = socket.getaddrinfo, socket.socket.getpeername

    def seem(addresses: Iterator[str]) -> None:
        def lookup(_: Any, *rest: Any, **more: Any) -> Any:
            return true_lookup("127.0.0.1", *rest, **more)

        def peer(self: socket.socket) -> tuple[str, int]:
            return next(addresses), true_peer(self)[1]

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        monkeypatch.setattr(socket.socket, "getpeername", peer)

    return seem


def client_of(server: LocalServer, clock: FakeClock, host: str, *, scheme: str = "http", public: bool = True) -> Client:
    """Give a client that asks the local server by another name."""
    port = server.url.rpartition(":")[2]
    fetcher = Fetcher(HttpSettings(retries=4), "desk@example.org", clock.timing())
    return fetcher.client(f"{scheme}://{host}:{port}/feed", 1e9, {"api_key": "SECRET-xyz"}, public=public)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "100.64.0.1"])
def test_name_leads_inside(
    server: LocalServer, clock: FakeClock, elsewhere: Callable[[Iterator[str]], None], address: str, scheme: str
) -> None:
    """A name that leads inside is refused once and for all; the server there is sent nothing, not even a greeting."""
    elsewhere(iter([address]))
    with pytest.raises(SourceFailed, match=rf"{NAME}:\d+/feed: {NAME} leads to {address}, .* private = true"):
        client_of(server, clock, NAME, scheme=scheme).get("")
    assert server.first_lines == []
    assert clock.slept == []


@pytest.mark.parametrize("host", ["0", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0.", "127.0.0.1."])
def test_odd_spelling(server: LocalServer, clock: FakeClock, host: str) -> None:
    """An address in a spelling that only the resolver understands is a name like any other."""
    with pytest.raises(
        SourceFailed, match=r"leads to 127\.0\.0\.1, which is no public address|resolve|Name or service"
    ):
        client_of(server, clock, host).get("")
    assert server.requests == []


def test_changed_answer(server: LocalServer, clock: FakeClock, elsewhere: Callable[[Iterator[str]], None]) -> None:
    """A name that led outside a moment ago and now leads inside is refused: each connection is looked at."""
    server.on("/feed", Reply(body=b"fine"))
    elsewhere(iter([PUBLIC, "127.0.0.1"]))
    client = client_of(server, clock, NAME)
    assert client.get("").body == b"fine"
    with pytest.raises(SourceFailed, match=f"{NAME} leads to 127.0.0.1"):
        client.get("")
    assert len(server.requests) == 1


def test_redirected_inside(server: LocalServer, clock: FakeClock, elsewhere: Callable[[Iterator[str]], None]) -> None:
    """A redirect on the same host is a new connection, and looked at as well."""
    server.on("/feed", Reply(301, headers={"Location": "/feed/latest"}))
    elsewhere(iter([PUBLIC, "10.0.0.1"]))
    with pytest.raises(SourceFailed, match=f"{NAME} leads to 10.0.0.1"):
        client_of(server, clock, NAME).get("")
    assert [request.path for request in server.requests] == ["/feed"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_chosen(server: LocalServer, clock: FakeClock, host: str) -> None:
    """An address in figures and localhost are taken as they were given."""
    server.on("/feed", Reply(body=b"fine"))
    assert client_of(server, clock, host).get("").body == b"fine"


def test_feeds_only(tmp_path: Any) -> None:
    """Feeds are bounded so, unless they are said to be private; a source's own address is the operator's choice."""
    feeds = [
        {"name": "A", "url": "https://a.example.org/"},
        {"name": "B", "url": "https://b.example.org/", "private": True},
    ]
    config = build({"contact": "a@example.org", "feeds": feeds}, "litwatch.toml", Surroundings(tmp_path, {}))
    assert [one.source.label for one in enabled_sources(config) if one.public] == ["A"]


def test_private(server: LocalServer, clock: FakeClock, elsewhere: Callable[[Iterator[str]], None]) -> None:
    """What is allowed to be private is asked, and does not open the way for another feed on the same host."""
    server.on("/feed", Reply(body=b"fine"))
    elsewhere(iter(["10.0.0.1", "10.0.0.1"]))
    url = f"http://{NAME}:{server.url.rpartition(':')[2]}/feed"
    with Fetcher(HttpSettings(), "desk@example.org", clock.timing()) as fetcher:
        assert fetcher.client(url, 1e9).get("").body == b"fine"
        with pytest.raises(SourceFailed, match=r"leads to 10\.0\.0\.1"):
            fetcher.client(url, 1e9, public=True).get("")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://feeds.example.org/feed", "gopher://x/", "//10.0.0.1/"]
)
def test_other_schemes(
    server: LocalServer, clock: FakeClock, elsewhere: Callable[[Iterator[str]], None], target: str
) -> None:
    """Neither a feed nor a redirect leads to a file or to another kind of server."""
    elsewhere(iter([PUBLIC]))
    server.on("/feed", Reply(302, headers={"Location": target}))
    with pytest.raises(SourceFailed, match="redirects to"):
        client_of(server, clock, NAME).get("")
    if not target.startswith("//"):
        with pytest.raises(SourceFailed, match="no http or https address"):
            Fetcher(HttpSettings(), "desk@example.org", clock.timing()).client(target, 1, public=True)
