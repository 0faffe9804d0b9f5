"""One host on the wire: its connections, its turns, and the bounds of a request.

The bounds are per request. The deadline is kept between two reads, of the head of an answer as of its body: a request
may overrun it by one read time-out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import requests

from pipeline import __version__
from pipeline.errors import SourceFailed
from pipeline.harvest.body import beginning, decoded
from pipeline.harvest.connections import Adapter, Bounds
from pipeline.harvest.politeness import Timing, Turns, lag
from pipeline.proof import Validator

_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """The bounds of one request: seconds without a byte, seconds all told, decoded bytes; and further tries.

    ``budget`` is how many seconds all requests of a run may take together.
    """

    timeout: float = 30.0
    deadline: float = 120.0
    max_bytes: int = 50_000_000
    retries: int = 4
    budget: float = 3_600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the final address, the status, headers with lower-case names, decoded bytes; secrets redacted."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def validator(self) -> Validator | None:
        """What to ask by later whether this still holds; None if the server sent nothing of the kind."""
        given = Validator(self.headers.get("etag", ""), self.headers.get("last-modified", ""))
        return None if given == Validator() else given


_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, which may hold secrets, and how much of the answer is read: see :meth:`Client.get`."""

    method: str
    url: str = field(repr=False)
    form: Mapping[str, str] | None = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    room: int = 0
    first: int | None = None

    @property
    def is_conditional(self) -> bool:
        """Whether the server may answer that nothing has changed."""
        return not _CONDITIONS.isdisjoint(self.headers)


class Unavailable(SourceFailed):
    """No answer, or none for now: worth another try."""


class _Session(requests.Session):
    """Follows no redirect: requests would read the body of each in full, even if told not to follow."""

    def get_redirect_target(self, *_: object) -> None:
        """Find none."""


class Host:
    """One host: its connections and its turns, shared by all clients that ask it. Cookies, proxies, netrc: none.

    ``public`` connects to public addresses only.
    """

    def __init__(self, settings: HttpSettings, contact: str, timing: Timing, turns: Turns, *, public: bool) -> None:
        self.turns = turns
        self.session = _Session()
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, Adapter(Bounds(public, self._in_time)))
        self.session.trust_env = False
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        agent = f"litwatch/{__version__} (+mailto:{quote(contact, safe='@+')})"
        self.session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip"})
        self._settings = settings
        self._timing = timing
        self._ends = 0.0  # the deadline of the request that is on its way; there is one at a time
        self.clock_ahead: timedelta | None = None  # by the Date header of the last answer

    def send(self, request: Request) -> Answer:
        """Send one request when its turn has come, and read the answer; of a redirect, the headers only."""
        with self.turns.turn():
            self._ends = self._timing.monotonic() + self._settings.deadline
            timeout = min(self._settings.timeout, self._settings.deadline)
            with self.session.request(
                request.method,
                request.url,
                data=request.form,
                headers=request.headers,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                self.clock_ahead = lag(headers.get("date", ""), self._timing.now())
                bodiless = response.is_redirect or response.status_code == 304
                body = b"" if bodiless else self._body(response.raw, headers, request)
                return Answer(request.url, response.status_code, headers, body)

    def _body(self, raw: Any, headers: Mapping[str, str], request: Request) -> bytes:
        if request.first is not None:
            return beginning(_pieces(raw), headers, request.first)
        return decoded(_pieces(raw), headers, max(self._settings.max_bytes, request.room))

    def _in_time(self) -> None:
        if self._timing.monotonic() > self._ends:
            raise Unavailable(f"no complete answer within {self._settings.deadline:g} s")


def _pieces(raw: Any) -> Iterator[bytes]:
    """Give the body as it comes: ``read1`` returns after each arrival, where ``read`` waits for a full buffer."""
    while piece := raw.read1(_PIECE, decode_content=False):
        yield piece
