"""The sample world on loopback: PubMed, Europe PMC and feeds behind one address, for the real pipeline to ask."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from pipeline.sample.wire import europepmc, feeds, pubmed
from pipeline.sample.world import FEEDS, Publication, Stage, World

_EUTILS_PAGE = 20  # retmax, unless asked otherwise
_EUROPEPMC_PAGE = 25  # pageSize, unless asked otherwise
_EUROPEPMC_MOST = 1000
_MARK = re.compile(r"AoI(\d+)==")  # our cursor marks look like Europe PMC's and hold the place to go on from
_DAY = re.compile(r"(\d{4})(?:/(\d{1,2}))?(?:/(\d{1,2}))?")
_XML = "text/xml; charset=UTF-8"
_JSON = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. ``params`` holds query and form together, as the services read them."""

    method: str
    path: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    kind: str
    body: bytes


@dataclass
class SampleServer:
    """Serves a world on a free port of 127.0.0.1 for as long as the ``with`` block lasts.

    Below ``url``: ``/eutils/esearch.fcgi``, ``/eutils/efetch.fcgi``, ``/europepmc/search``, ``/europepmc/searchPOST``
    and the paths of ``FEEDS``. ``stage`` may be set at any time. ``requests`` holds what was asked, in order.

    Queries are not evaluated: a source answers with every record it holds, as if the query had found just these.
    """

    world: World
    stage: Stage = "baseline"
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Bind the port, so that ``url`` is known before anything is asked."""
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

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
        path, params = request.path, request.params
        if path == "/eutils/esearch.fcgi":
            return Reply(200, _JSON, self._esearch(params))
        if path == "/eutils/efetch.fcgi":
            return Reply(200, _XML, self._efetch(params))
        if path in {"/europepmc/search", "/europepmc/searchPOST"}:
            return Reply(200, _JSON, self._europepmc(params))
        for title, feed in FEEDS:
            if path == feed:
                return Reply(200, _XML, self._feed(title, feed))
        return Reply(404, "text/plain", b"Not Found")

    def _esearch(self, params: Mapping[str, str]) -> bytes:
        """Newest first, as PubMed sorts by default; within the days of revision that ``datetype=mdat`` asks for."""
        if not params.get("term", "").strip():
            return pubmed.esearch_error("Empty term and query_key - nothing todo")
        held = self.world.held("pubmed", self.stage)
        if params.get("datetype") == "mdat" and "mindate" in params and "maxdate" in params:
            first, last = _day(params["mindate"]), _day(params["maxdate"])
            held = tuple(one for one in held if first <= one.changed <= last)
        pmids = sorted((one.pmid for one in held), key=int, reverse=True)
        start, most = int(params.get("retstart", "0")), int(params.get("retmax", _EUTILS_PAGE))
        return pubmed.esearch(pmids, start, most, params["term"])

    def _efetch(self, params: Mapping[str, str]) -> bytes:
        wanted = [pmid for pmid in params.get("id", "").split(",") if pmid]
        if not wanted:
            return pubmed.efetch_error("Supplied id parameter is empty.")
        held = {one.pmid: one for one in self.world.held("pubmed", self.stage)}
        return pubmed.efetch(held[pmid] for pmid in wanted if pmid in held)

    def _europepmc(self, params: Mapping[str, str]) -> bytes:
        """Give the page after ``cursorMark``; past the last result the mark sent comes back, with an empty page."""
        mark, size = params.get("cursorMark", "*"), int(params.get("pageSize", _EUROPEPMC_PAGE))
        place = _MARK.fullmatch(mark)
        if not params.get("query", "").strip() or not 1 <= size <= _EUROPEPMC_MOST or not (place or mark == "*"):
            return europepmc.error("The query, the page size or the cursor mark is not valid")
        held = self.world.held("europepmc", self.stage)
        start = int(place[1]) if place else 0
        page = held[start : start + size]
        return europepmc.search(page, len(held), params, f"AoI{start + len(page)}==" if held else "")

    def _feed(self, title: str, path: str) -> bytes:
        name = path.removeprefix("/feeds/").removesuffix(".xml")
        held: tuple[Publication, ...] = self.world.held(name, self.stage)
        return feeds.SHAPES[name](title, held)


def _day(text: str) -> date:
    """Read a date as E-utilities take it: YYYY, YYYY/MM or YYYY/MM/DD."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"not a date: {text!r}")
    return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))


class _Server(ThreadingTCPServer):
    """Not an HTTPServer, which asks the name service for its own name: a machine without network may wait for that."""

    daemon_threads = False  # joined on close: nothing outlives the block

    def __init__(self, sample: SampleServer) -> None:
        self.sample = sample
        super().__init__(("127.0.0.1", 0), _Connection)


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
