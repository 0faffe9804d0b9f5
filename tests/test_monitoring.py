"""Monitoring: what is told of a run, to whom, and that telling it changes nothing."""

import logging
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import monitoring
from pipeline.cli.reporting import perform
from pipeline.config import Config
from pipeline.errors import ConfigError, LockHeld, Stopped, StoreError
from pipeline.monitoring import LONGEST_TAIL, LogTail, monitored
from pipeline.redaction import Redaction
from pipeline.run import Order, Outcome
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE
from pipeline.store.lock import run_lock
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply
from tests.support.watch import watch

UUID = "6f1c2c1e-secret-ping-address"


@pytest.fixture
def told(server: LocalServer) -> LocalServer:
    """A monitoring service that takes everything."""
    server.on(f"/{UUID}/", Reply(200, b"OK"))
    server.on(f"/{UUID}", Reply(200, b"OK"))
    return server


def config_at(
    folder: Path, url: str, service: str, sources: Mapping[str, object] | None = None, **tables: Any
) -> Config:
    """A watch that tells a service of its runs."""
    return watch(folder, url, sources, monitoring={"ping_url": f"{service}/{UUID}"}, **tables)


def order(clock: FakeClock) -> Order:
    """One run."""
    return Order(BASELINE, timing=clock.timing())


def pings(server: LocalServer) -> list[str]:
    """What was told, in order: the ends of the addresses."""
    return [request.path.removeprefix(f"/{UUID}") for request in server.requests]


def failing(error: BaseException) -> Callable[[Config, Order], Outcome]:
    """A run that begins, logs, and ends with an error."""

    def run(_config: Config, order: Order) -> Outcome:
        order.watcher.asking(["PubMed"])
        raise error

    return run


def test_success(
    told: LocalServer, sample: SampleServer, clock: FakeClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A run that goes well tells its start and its end, under one id, with the log as the body."""
    with caplog.at_level(logging.INFO, "pipeline"):
        outcome = monitored(config_at(tmp_path, sample.url, told.url), order(clock), perform)
    assert (outcome.exit_code, pings(told)) == (0, ["/start", ""])
    start, end = told.requests
    assert start.method == end.method == "POST"
    assert start.query == end.query != {}
    assert start.body == b""
    assert b"PubMed: complete" in end.body
    assert b"run 1 ended" in end.body
    assert end.headers["user-agent"].startswith("litwatch/")
    told.requests.clear()
    later = replace(order(clock), now=BASELINE + timedelta(days=1))
    monitored(config_at(tmp_path, sample.url, told.url), later, perform)
    assert told.requests[0].query != start.query


def test_incomplete(told: LocalServer, sample: SampleServer, clock: FakeClock, tmp_path: Path) -> None:
    """A run that fell short is told as a failure."""
    sources = {"pubmed": {"base_url": f"{sample.url}/eutils"}, "europepmc": {"base_url": f"{sample.url}/nowhere"}}
    outcome = monitored(config_at(tmp_path, sample.url, told.url, sources=sources), order(clock), perform)
    assert (outcome.exit_code, pings(told)) == (1, ["/start", "/fail"])


@pytest.mark.parametrize(
    "error",
    [
        StoreError("the disk is full"),
        Stopped("asked to end"),
        ConfigError(["no source is enabled"]),
        ZeroDivisionError("a bug"),
        KeyboardInterrupt(),
    ],
)
def test_error(told: LocalServer, tmp_path: Path, clock: FakeClock, error: BaseException) -> None:
    """However else a run ends, the error is raised as it was, and told with its words."""
    with pytest.raises(type(error)):
        monitored(config_at(tmp_path, told.url, told.url), order(clock), failing(error))
    assert pings(told) == ["/start", "/fail"]
    assert str(error).encode() in told.requests[-1].body


def test_other_run(told: LocalServer, tmp_path: Path, clock: FakeClock) -> None:
    """A run that finds another one at work tells nothing: that one does."""
    config = config_at(tmp_path, told.url, told.url)
    with run_lock(config.database, BASELINE), pytest.raises(LockHeld):
        monitored(config, order(clock), perform)
    assert told.requests == []


def test_unusable_database(told: LocalServer, tmp_path: Path, clock: FakeClock) -> None:
    """A run that cannot begin is told as a failure."""
    config = config_at(tmp_path, told.url, told.url)
    config.database.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError):
        monitored(config, order(clock), perform)
    assert pings(told) == ["/fail"]


REPLIES = {
    "refused": Reply(404),
    "broken": Reply(500, b"x"),
    "elsewhere": Reply(302, headers={"Location": "/elsewhere"}),
    "hangs up": Reply(hang_up=True),
    "nonsense": Reply(garbage=b"\0\0\0\r\n\r\n"),
    "endless": Reply(body=iter(lambda: b"x" * 65_536, b"")),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
@pytest.mark.parametrize("error", [None, StoreError("the disk is full")])
def test_service_in_trouble(
    server: LocalServer,
    tmp_path: Path,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    error: Exception | None,
) -> None:
    """Whatever the service answers, the run ends as without it; no redirect is followed, and no address is logged."""
    server.on("/", reply)
    config = config_at(tmp_path, server.url, server.url)
    with caplog.at_level(logging.INFO, "pipeline"):
        if error:
            with pytest.raises(StoreError, match="the disk is full"):
                monitored(config, order(clock), failing(error))
        else:
            assert monitored(config, order(clock), lambda *_: Outcome()) == Outcome()
    assert {request.path.split("/")[1] for request in server.requests} == {UUID}
    assert ("could not be told" in caplog.text) is (reply is not REPLIES["endless"])
    assert UUID not in caplog.text


def test_proxy(told: LocalServer, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that the environment names is not used: it would learn the address."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monitored(config_at(tmp_path, told.url, told.url), order(clock), lambda *_: Outcome())
    assert pings(told) == [""]


def test_nobody_there(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """A service that cannot be reached is a warning, and no more."""
    config = config_at(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:1")
    with caplog.at_level(logging.WARNING, "pipeline"):
        assert monitored(config, order(clock), lambda *_: Outcome()) == Outcome()
    assert "could not be told (success): no connection" in caplog.text


def test_service_that_hangs(
    server: LocalServer,
    tmp_path: Path,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A service that never answers is waited for no longer than a ping may take."""
    monkeypatch.setattr(monitoring, "LONGEST_PING", 0.05)
    server.on("/", Reply(stall=True))
    with caplog.at_level(logging.WARNING, "pipeline"):
        assert monitored(config_at(tmp_path, server.url, server.url), order(clock), lambda *_: Outcome()) == Outcome()
    assert "did not answer within 0.05 s" in caplog.text


def test_told_to_end_while_telling(server: LocalServer, tmp_path: Path, clock: FakeClock) -> None:
    """SIGTERM while the end is told lets it be told first, even if that takes a second try."""
    heard = Event()

    def stop(_number: int, _frame: object) -> None:
        heard.set()
        raise Stopped("asked to end")

    def answer(_request: object) -> Reply:
        if len(server.requests) > 1:
            return Reply()
        os.kill(os.getpid(), signal.SIGTERM)  # as from outside: the main thread hears it while it waits
        assert not heard.wait(0.05)
        return Reply(hang_up=True)

    server.on("/", answer)
    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(Stopped):
            monitored(config_at(tmp_path, server.url, server.url), order(clock), lambda *_: Outcome())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert len(server.requests) == 2


def test_slug_address(server: LocalServer, tmp_path: Path, clock: FakeClock) -> None:
    """What stands after a question mark in the address stays behind the path."""
    server.on("/", Reply())
    address = f"{server.url}/ping-key/my-watch?create=1"
    config = watch(tmp_path, server.url, monitoring={"ping_url": address})
    with pytest.raises(StoreError):
        monitored(config, order(clock), failing(StoreError("x")))
    assert [request.path for request in server.requests] == ["/ping-key/my-watch/start", "/ping-key/my-watch/fail"]
    assert all(request.query["create"] == "1" for request in server.requests)


def test_nobody_is_told(server: LocalServer, tmp_path: Path, clock: FakeClock) -> None:
    """Without an address, or with an empty one, nobody is told."""
    for table in ({}, {"ping_url": ""}):
        config = watch(tmp_path, server.url, monitoring=table)
        assert monitored(config, order(clock), lambda *_: Outcome()) == Outcome()
    assert server.requests == []


def test_secrets_in_the_tail(told: LocalServer, tmp_path: Path, clock: FakeClock) -> None:
    """No secret of the configuration is in what is told, the address among them, however it came into the log."""
    (tmp_path / "key").write_text("KEY-0123456789")
    (tmp_path / "password").write_text("PASS-0123456789")
    config = config_at(
        tmp_path,
        told.url,
        told.url,
        sources={"pubmed": {"base_url": told.url, "api_key": "file:key"}},
        email={"username": "watch", "password": "file:password"},
    )
    assert set(config.secrets) == {"KEY-0123456789", "PASS-0123456789", UUID}
    error = ValueError(f"KEY-0123456789 PASS-0123456789 {told.url}/{UUID}")
    with pytest.raises(ValueError, match="KEY"):
        monitored(config, order(clock), failing(error))
    body = told.requests[-1].body.decode()
    assert "ValueError: [hidden] [hidden] http://127.0.0.1" in body
    assert UUID not in body


@given(st.lists(st.text(max_size=6_000), max_size=6))
def test_tail(lines: list[str]) -> None:
    """At most 10,000 bytes are kept, the last ones, and they are UTF-8."""
    tail = LogTail(Redaction(()))
    for line in lines:
        tail.add(line)
    kept, whole = tail.text.encode(), "".join(f"{line}\n" for line in lines).encode(errors="replace")
    assert len(kept) <= LONGEST_TAIL
    assert whole.endswith(kept)
    assert len(kept) >= min(len(whole), LONGEST_TAIL - 3)


def test_tail_is_put_away(told: LocalServer, tmp_path: Path, clock: FakeClock) -> None:
    """After a run nothing of it goes on listening to the log."""
    before = logging.getLogger("pipeline").handlers[:]
    monitored(config_at(tmp_path, told.url, told.url), order(clock), lambda *_: Outcome())
    assert logging.getLogger("pipeline").handlers == before
