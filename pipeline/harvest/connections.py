"""Connections that keep to what is allowed: to whom, looked at before a byte is sent, and for how long."""

import io
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from pipeline.errors import SourceFailed

_UNICAST = ip_network("2000::/3")  # RFC 4291 section 2.4: all that IANA gives out
_TRANSLATED = ip_network("64:ff9b::/96")  # RFC 6052 section 2.1


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a host on the public Internet.

    By IANA's registries of special-purpose addresses (RFC 6890); an IPv6 address that stands for an IPv4 one is what
    that is. ValueError if it is no address.
    """
    peer = ip_address(address)
    if isinstance(peer, IPv6Address):
        within = peer.ipv4_mapped or peer.sixtofour
        if within is None and peer in _TRANSLATED:
            within = IPv4Address(int(peer) & 0xFFFF_FFFF)
        if within is None:
            return peer.is_global and peer in _UNICAST
        peer = within
    return peer.is_global and not peer.is_multicast


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds for every connection to a host.

    ``public``: only to a public address. ``in_time`` is called before each read, and raises when time is over.
    """

    public: bool
    in_time: Callable[[], None]

    def met(self, host: str, connected: socket.socket) -> None:
        """SourceFailed if the connection leads where it must not."""
        peer = str(connected.getpeername()[0])
        if self.public and not is_public(peer):
            raise SourceFailed(
                f"{host} leads to {peer}, which is no public address; nothing was sent. If that is a network of your "
                "own, say private = true with this feed"
            )


class Adapter(HTTPAdapter):
    """Makes the connections of a requests session, within ``bounds``."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        super().__init__()

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        """Have all pools make connections that are bounded."""
        super().init_poolmanager(*args, **settings)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, self._bounds),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self._bounds),
        }


def _pool(pool: type, connection: type, bounds: Bounds) -> type:
    bounded = type(connection.__name__, (_Bounded, connection), {"bounds": bounds})
    return type(pool.__name__, (pool,), {"ConnectionCls": bounded})


class _Bounded:
    """What http and https connections have in common. The name is looked up once, so the peer cannot change after."""

    bounds: Bounds
    host: str

    def _new_conn(self) -> socket.socket:
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]
        try:
            self.bounds.met(self.host, connected)
        except BaseException:
            connected.close()
            raise
        return connected

    def response_class(self, *args: Any, **settings: Any) -> HTTPResponse:
        """Read an answer, its head too, only while there is time."""
        response = HTTPResponse(*args, **settings)
        response.fp = io.BufferedReader(_Timely(response.fp.detach(), self.bounds.in_time))
        return response


class _Timely(io.RawIOBase):
    """A stream that asks before each read whether there is time left for it."""

    def __init__(self, stream: io.RawIOBase, in_time: Callable[[], None]) -> None:
        self._stream = stream
        self._in_time = in_time

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        self._in_time()
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()
