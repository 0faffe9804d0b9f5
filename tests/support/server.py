"""A real HTTP server on loopback that plays any scene a test scripts, the bad ones too."""

import socketserver
import sys
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What the client sent. Header names are lower-case; ``path`` is as on the wire, without the query."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers, well behaved unless told otherwise.

    ``body`` may be an iterable: its pieces are sent one by one without announcing a length, and code between two
    pieces runs while the client is reading. ``gzipped`` compresses the body. ``announced`` is a Content-Length to
    claim in place of the true one: a larger number makes the body cut short. ``hang_up`` closes the connection
    without a word, ``stall`` keeps it open without a word until the server ends, ``garbage`` is sent instead of HTTP,
    at once or in pieces.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    gzipped: bool = False
    announced: int | None = None
    hang_up: bool = False
    stall: bool = False
    garbage: bytes | Iterable[bytes] = b""

    def pieces(self) -> Iterator[bytes]:
        """Give the body as it goes over the wire."""
        pieces = iter((self.body,)) if isinstance(self.body, bytes) else iter(self.body)
        return _compressed(pieces) if self.gzipped else pieces


Handler = Callable[[Request], Reply]


class LocalServer:
    """Listens on a free port of 127.0.0.1 for as long as the ``with`` block lasts.

    ``requests`` holds everything that was asked, in order, and ``first_lines`` how each began, be it HTTP or not. An
    unscripted path is answered 404. ``spoil`` is done to every reply before it is played. An exception in a handler (a
    failed assertion, for one) is raised again at the end of the block.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.first_lines: list[str] = []
        self.spoil: Callable[[Reply], Reply] = lambda reply: reply
        self.stopping = threading.Event()
        self._handlers: dict[str, Handler] = {}
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, path: str, handler: Handler | Reply | list[Reply]) -> None:
        """Script ``path``: exactly, or all below it when it ends in "/". A list is played in turn, its last repeats."""
        self._handlers[path] = handler if callable(handler) else _in_turn(handler)

    def answer(self, request: Request) -> Reply:
        """Note the request and find its reply; the longest matching prefix wins over a shorter one."""
        self.requests.append(request)
        fits = (path for path in self._handlers if path.endswith("/") and request.path.startswith(path))
        path = request.path if request.path in self._handlers else max(fits, key=len, default=None)
        reply = Reply(404, b"nothing is scripted here") if path is None else self._handlers[path](request)
        return self.spoil(reply)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if error is None and self._server.errors:
            raise self._server.errors[0]


class _Server(socketserver.ThreadingTCPServer):
    """Threads are joined on close, so that no test leaves one behind."""

    daemon_threads = False
    request_queue_size = 32

    def __init__(self, scene: LocalServer) -> None:
        self.scene = scene
        self.errors: list[BaseException] = []
        super().__init__(("127.0.0.1", 0), _Connection)

    def handle_error(self, *_: Any) -> None:
        """Keep what a handler raised. A client that went away is no error: leaving early is often the point."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
            self.errors.append(error)


class _Connection(BaseHTTPRequestHandler):
    """One request, one answer, then closed: no connection outlives its test."""

    timeout = 10
    server: _Server

    def parse_request(self) -> bool:
        understood = super().parse_request()
        self.server.scene.first_lines.append(self.requestline)
        return understood

    def do_GET(self) -> None:
        self._play()

    def do_POST(self) -> None:
        self._play()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Say nothing on stderr."""

    def _play(self) -> None:
        reply = self.server.scene.answer(self._request())
        if reply.stall:
            self.server.scene.stopping.wait()
        if reply.stall or reply.hang_up or reply.garbage:
            for piece in (reply.garbage,) if isinstance(reply.garbage, bytes) else reply.garbage:
                self.wfile.write(piece)
            return
        self.send_response_only(reply.status)
        self._send_headers(reply)
        for piece in reply.pieces():
            self.wfile.write(piece)

    def _send_headers(self, reply: Reply) -> None:
        length = reply.announced
        if length is None and isinstance(reply.body, bytes):
            length = sum(map(len, reply.pieces()))
        headers = dict(reply.headers)
        if length is not None:
            headers["Content-Length"] = str(length)
        if reply.gzipped:
            headers["Content-Encoding"] = "gzip"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        is_form = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        return Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            form=dict(parse_qsl(body.decode(), keep_blank_values=True)) if is_form else {},
            body=body,
        )


def _in_turn(replies: Reply | list[Reply]) -> Handler:
    waiting = [replies] if isinstance(replies, Reply) else list(replies)
    return lambda _request: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def _compressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    gzip = zlib.compressobj(wbits=31)
    for piece in pieces:
        yield gzip.compress(piece)
    yield gzip.flush()
