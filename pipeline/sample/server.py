"""The sample world on loopback: every source behind one address, for the real pipeline to ask."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from pipeline.sample.services import NOT_FOUND, Reply, service
from pipeline.sample.world import Stage, World


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. ``params`` holds query and form together, as the services read them."""

    method: str
    path: str
    params: Mapping[str, str]


@dataclass
class SampleServer:
    """Serves a world on a free port of this machine for as long as the ``with`` block lasts.

    Below ``url`` each source has its API under its name (``/crossref/works``), PubMed as ``/eutils``; beside them are
    the paths of ``FEEDS``. ``stage`` may be set at any time. ``requests`` holds what was asked, in order.

    Queries are not evaluated: a source answers with every record it holds, as if the query had found just these.
    """

    world: World
    stage: Stage = "baseline"
    requests: list[Request] = field(default_factory=list)
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        """Bind the port, so that ``url`` is known before anything is asked."""
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://{self.host}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: Request) -> Reply:
        """Note the request and answer it; 404 for a path that nothing is served at."""
        self.requests.append(request)
        found = service(request.path)
        if found is None:
            return NOT_FOUND
        one, rest = found
        return one.answer(self.world.held(one.source, self.stage), rest, request.params)


class _Server(ThreadingTCPServer):
    """Not an HTTPServer, which asks the name service for its own name: a machine without network may wait for that."""

    daemon_threads = False  # joined on close: nothing outlives the block

    def __init__(self, sample: SampleServer) -> None:
        self.sample = sample
        super().__init__((sample.host, 0), _Connection)


class _Connection(BaseHTTPRequestHandler):
    """One request, one answer, then closed, so that closing the server never waits for a client."""

    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Say nothing on stderr."""

    def _answer(self) -> None:
        reply = self.server.sample.answer(self._request())
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        form = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        return Request(self.command, parts.path, dict(parse_qsl(parts.query)) | dict(parse_qsl(form)))
