"""Asks a source: confined to its address, patient with passing failures, silent about secrets."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests
import urllib3

from pipeline.errors import RetryLater, SourceFailed, SourceMalformed
from pipeline.harvest.address import Base
from pipeline.harvest.host import Answer, Host, HttpSettings, Request, Unavailable
from pipeline.harvest.politeness import LONGEST_WAIT, Timing, Turns, backoff, retry_after
from pipeline.proof import Validator
from pipeline.redaction import Redaction
from pipeline.text import clean

__all__ = ["Answer", "Check", "Client", "Fetcher", "HttpSettings", "Params", "Timing"]

Params = Mapping[str, str]
Check = Callable[[Answer], None]

_LOG = logging.getLogger(__name__)
_REAL_TIME = Timing()
_REDIRECTS = 3
_LONGEST_PLACE = 80  # characters; some sources have the whole query in the path
_TEMPORARY = frozenset({429, 500, 502, 503, 504})


def _conditions(unless: Validator | None) -> Params:
    """The headers of RFC 9110 section 13.1 for what the server sent before, unaltered."""
    stated = {"If-None-Match": unless.etag, "If-Modified-Since": unless.modified} if unless else {}
    return {name: value for name, value in stated.items() if value}


class Client:
    """Asks one source. Safe to use from several threads; requests to one host go one after the other.

    ``credentials`` are sent with every request, in the query or the form, and ``headers`` as such. Their values appear
    in no answer, error or log, not even where the server repeats them.
    """

    def __init__(self, base: Base, host: Host, credentials: Params, headers: Params, fetcher: "Fetcher") -> None:
        self.contact = fetcher.contact
        self._base = base
        self._host = host
        self._credentials = {name: value for name, value in credentials.items() if value}
        self._headers = {name: value for name, value in headers.items() if value}
        self._redaction = Redaction([*self._credentials.values(), *self._headers.values()])
        self._settings = fetcher.settings
        self._timing = fetcher.timing
        self._ends = fetcher.ends

    def get(
        self,
        path: str,
        params: Params | None = None,
        *,
        check: Check | None = None,
        unless: Validator | None = None,
        room: int = 0,
        first: int | None = None,
    ) -> Answer:
        """Ask for ``path`` below the source's address; an empty path asks for the address itself.

        ``unless`` is what came with an earlier answer: if that still holds, the answer is an empty one of status 304.
        ``room`` are bytes that this answer may have, if it is known to be longer than others; ``first`` are the bytes
        after which the rest is left unread.

        ``check`` is the source's own test of the envelope, also for a refusal: its SourceMalformed means that another
        try is worth while, its SourceFailed that none is. Temporary failures are tried again with growing pauses.

        Returns an answer with a status of 2xx, or 304 if asked ``unless``. Raises SourceFailed, SourceMalformed or
        RetryLater.
        """
        url = self._base.join(path, {**(params or {}), **self._credentials})
        return self._insist(Request("GET", url, None, {**self._headers, **_conditions(unless)}, room, first), check)

    def post(self, path: str, form: Params, *, check: Check | None = None) -> Answer:
        """Send ``form`` to ``path``; the rest as for :meth:`get`."""
        form = {**form, **self._credentials}
        return self._insist(Request("POST", self._base.join(path, {}), form, self._headers), check)

    def _insist(self, request: Request, check: Check | None) -> Answer:
        """Try until there is an answer, no hope, no try or no time left."""
        attempt = 0
        while True:
            if self._timing.monotonic() > self._ends:
                budget = self._settings.budget
                raise SourceFailed(f"{self._place(request.url)}: the run's {budget:g} s are used up; raise budget.")
            try:
                return self._accept(self._follow(request), check)
            except (Unavailable, SourceMalformed):
                self._host.turns.put_off(backoff(attempt, self._timing))
                if attempt >= self._settings.retries:
                    raise
            attempt += 1

    def _follow(self, request: Request) -> Answer:
        """Go along with redirects inside the base, by hand and a few only."""
        for _ in range(1 + _REDIRECTS):
            answer = self._exchange(request)
            target = answer.headers.get("location")
            if answer.status == 304 and not request.is_conditional:
                raise SourceFailed(f"{self._place(request.url)} answered 304 Not Modified where nothing was asked for.")
            if answer.status not in requests.models.REDIRECT_STATI or target is None:
                return self._redacted(answer)
            request = replace(request, url=self._base.redirected(request.url, target))
            if answer.status == 303:
                request = replace(request, method="GET", form=None)
        raise SourceFailed(f"{self._place(request.url)}: more than {_REDIRECTS} redirects. Check the address.")

    def _exchange(self, request: Request) -> Answer:
        """Send once; put every failure into our own words, which hold no secret."""
        failure: type[SourceFailed] = Unavailable
        method, url = request.method, request.url
        try:
            answer = self._host.send(request)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            reason = f"{_root(error)}. Check the network and the address, or try again later"
        except SourceFailed as error:
            failure, reason = type(error), str(error)
        else:
            _LOG.debug("%s %s: %d, %d bytes", method, self._redaction.text(url), answer.status, len(answer.body))
            return answer
        # Raised outside of the handler: the libraries' own errors hold the whole address, and would come along.
        _LOG.debug("%s %s: %s", method, self._redaction.text(url), self._redaction.text(reason))
        raise failure(f"{self._place(url)}: {self._redaction.text(reason)}.")

    def _accept(self, answer: Answer, check: Check | None) -> Answer:
        """Return a good answer; raise what the status, Retry-After and the source's own check make of another."""
        if answer.status == 304:
            return answer
        temporary = answer.status in _TEMPORARY
        if temporary:
            self._heed(answer)
        if check:
            self._test(check, answer, tolerant=temporary)
        if 200 <= answer.status < 300:
            return answer
        if temporary:
            raise Unavailable(f"{self._refusal(answer)}. Try again later.")
        raise SourceFailed(f"{self._refusal(answer)}. Check the address and the key in the configuration.")

    def _test(self, check: Check, answer: Answer, *, tolerant: bool) -> None:
        """Apply a source's check. On a temporary failure an alien body is expected, and the status says more."""
        try:
            check(answer)
        except SourceMalformed as error:
            if not tolerant:
                place = self._place(answer.url)
                raise SourceMalformed(f"{place}: {error}. Check the address, or try again later.") from error

    def _heed(self, answer: Answer) -> None:
        """Keep the wait a server asks for; RetryLater if it is too long to sit out."""
        now = self._timing.now()
        wait = retry_after(answer.headers.get("retry-after", ""), now)
        if wait is None:
            return
        if wait > LONGEST_WAIT:
            not_before = now + timedelta(seconds=wait)
            raise RetryLater(
                f"{self._refusal(answer)}. It asks to be left alone until {not_before:%Y-%m-%d %H:%M} UTC.", not_before
            )
        self._host.turns.put_off(wait)

    def _refusal(self, answer: Answer) -> str:
        said = clean(answer.body[:1000].decode(errors="replace"))[:120]
        return f"{self._place(answer.url)} answered {_status(answer.status)}" + (f': "{said}"' if said else "")

    def _place(self, url: str) -> str:
        """Name where something happened, without the query: long, and where the secrets are."""
        parts = urlsplit(url)
        place = self._redaction.text(f"{parts.netloc}{parts.path}")
        return place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]}…"

    def _redacted(self, answer: Answer) -> Answer:
        headers = {name: self._redaction.text(value) for name, value in answer.headers.items()}
        return Answer(self._redaction.text(answer.url), answer.status, headers, self._redaction.data(answer.body))


class Fetcher:
    """Makes the clients of all sources, so that those on one host share its turns and connections.

    ``contact`` is the mail address that tells operators of a source whom to ask. Close it, or use it in ``with``.
    """

    def __init__(self, settings: HttpSettings, contact: str, timing: Timing = _REAL_TIME) -> None:
        self.settings = settings
        self.contact = contact
        self.timing = timing
        self.ends = timing.monotonic() + settings.budget
        self._turns: dict[str, Turns] = {}
        self._hosts: dict[tuple[str, bool], Host] = {}
        # urllib3 logs whole addresses, keys and all.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def client(
        self,
        base_url: str,
        rate: float,
        credentials: Params | None = None,
        headers: Params | None = None,
        *,
        public: bool = False,
    ) -> Client:
        """Make the client of one source: ``rate`` is requests per second, of which the lowest per host holds.

        With ``public`` the host's name must lead to a public address, whenever it is connected to; an address given in
        figures was chosen by whoever gave it. Raises SourceFailed if ``base_url`` is no http or https address.
        """
        base = Base(base_url)
        turns = self._turns.setdefault(base.host, Turns(self.timing))
        turns.slow_to(rate)
        key = base.host, public and not base.is_literal
        if key not in self._hosts:
            self._hosts[key] = Host(self.settings, self.contact, self.timing, turns, public=key[1])
        return Client(base, self._hosts[key], credentials or {}, headers or {}, self)

    def clock_ahead(self) -> timedelta | None:
        """By how much this machine's clock is ahead of the servers', in the middle of them; None if none told."""
        found = sorted(host.clock_ahead for host in self._hosts.values() if host.clock_ahead is not None)
        return found[len(found) // 2] if found else None

    def patience(self) -> float:
        """How many seconds an answer may still be waited for: the rest of the run's time, and one last request."""
        rest = max(0.0, self.ends - self.timing.monotonic())
        return rest + self.settings.deadline + self.settings.timeout

    def close(self) -> None:
        """Close every connection."""
        for host in self._hosts.values():
            host.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _root(error: BaseException) -> str:
    """Give the words of the first cause, say "Connection refused", not the tower built upon it, nor its number."""
    while inner := error.__cause__ or next((part for part in error.args if isinstance(part, BaseException)), None):
        error = inner
    return (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
