"""Telling a monitoring service how each run goes, so that silence is heard: a run that never came, or hangs, or failed.

The convention is that of Healthchecks.io ("Pinging API"): POST to the address itself on success, to ``/start`` below it
when a run begins and to ``/fail`` when it failed, with the end of the log as the body and one ``rid`` for all pings of
a run. Whatever becomes of a ping, the run and its exit code are as without it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import uuid4

import requests

from pipeline import __version__
from pipeline.asking import Watcher
from pipeline.config import Config
from pipeline.deliver.undisturbed import undisturbed
from pipeline.errors import LitwatchError, LockHeld
from pipeline.proof import Coverage
from pipeline.redaction import Redaction
from pipeline.run import Order, Outcome

log = logging.getLogger(__name__)

LONGEST_TAIL = 10_000  # bytes; Healthchecks.io keeps 100,000
LONGEST_PING = 10.0  # seconds, name resolution and further tries included
_TRIES = 3  # a ping that is lost on the way would be a false alarm
_SILENCE = 4.0  # seconds


def monitored(config: Config, order: Order, perform: Callable[[Config, Order], Outcome]) -> Outcome:
    """Perform a run, and tell of its start and its end whoever ``[monitoring]`` names.

    Only exit code 0 is a success. A run that finds another one at work is not told of: that one speaks for itself.
    Nor is what is delivered between two runs.
    """
    address = config.monitoring.ping_url
    if not address or order.delivers_only:
        return perform(config, order)
    pings = Pings(address, str(uuid4()))
    readers = [reader for digest in config.digests for reader in digest.email or ()]
    with LogTail(Redaction([*config.secrets, *readers])) as tail:
        try:
            outcome = perform(config, replace(order, watcher=_Started(order.watcher, pings)))
        except LockHeld:
            raise
        except BaseException as error:
            tail.add(str(error) if isinstance(error, LitwatchError) else f"{type(error).__name__}: {error}")
            with undisturbed():
                pings.send("fail", tail.text)
            raise
        with undisturbed():
            pings.send("" if outcome.exit_code == 0 else "fail", tail.text)
        return outcome


class Pings:
    """The pings of one run, which share its ``rid``."""

    def __init__(self, address: str, rid: str) -> None:
        self._address = urlsplit(address)
        self._rid = rid

    def send(self, kind: str, body: str = "") -> None:
        """Send one of a kind: ``start``, ``fail``, or empty for success. Never raises, and takes 10 seconds at most."""
        trouble = [f"it did not answer within {LONGEST_PING:g} s"]

        def post() -> None:
            for _ in range(_TRIES):
                trouble[:] = self._post(kind, body)
                if not trouble:
                    return

        # A thread can be left to itself when the time is over, even one that waits for a name server or a slow header.
        thread = Thread(target=post, name="ping", daemon=True)
        thread.start()
        thread.join(LONGEST_PING)
        for reason in trouble[:]:
            log.warning("the monitoring service could not be told (%s): %s", kind or "success", reason)

    def _post(self, kind: str, body: str) -> list[str]:
        """What went wrong, in words that do not hold the address; nothing if it arrived."""
        parts = self._address
        query = "&".join(filter(None, [parts.query, urlencode({"rid": self._rid})]))
        path = f"{parts.path.rstrip('/')}/{kind}" if kind else parts.path
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    urlunsplit((parts.scheme, parts.netloc, path, query, "")),
                    data=body.encode(),
                    headers={"User-Agent": f"litwatch/{__version__}", "Content-Type": "text/plain; charset=utf-8"},
                    timeout=_SILENCE,
                    allow_redirects=False,
                    stream=True,  # what it answers is not read
                )
                answer.close()
        except requests.RequestException as error:
            return [f"no connection, or no answer ({type(error).__name__})"]
        return [] if answer.ok and not answer.is_redirect else [f"it answered {answer.status_code}"]


class _Started:
    """Looks on, and pings once the run holds its lock and begins to ask."""

    def __init__(self, watcher: Watcher, pings: Pings) -> None:
        self._watcher = watcher
        self._pings = pings

    def asking(self, labels: Sequence[str]) -> None:
        """See :class:`Watcher`."""
        self._pings.send("start")
        self._watcher.asking(labels)

    def page(self, label: str, fetched: int, total: int | None) -> None:
        """See :class:`Watcher`."""
        self._watcher.page(label, fetched, total)

    def answered(self, coverage: Coverage) -> None:
        """See :class:`Watcher`."""
        self._watcher.answered(coverage)


class LogTail(logging.Handler):
    """Keeps the end of what is logged while it is open, without any secret."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__(logging.INFO)
        self._redaction = redaction
        self.text = ""
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Take in one record."""
        self.add(self.format(record))

    def add(self, line: str) -> None:
        """Take in a line; of all lines the last 10,000 bytes are kept."""
        kept = f"{self.text}{self._redaction.text(line)}\n".encode(errors="replace")[-LONGEST_TAIL:]
        self.text = kept.decode(errors="ignore")

    def __enter__(self) -> Self:
        logging.getLogger("pipeline").addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger("pipeline").removeHandler(self)
