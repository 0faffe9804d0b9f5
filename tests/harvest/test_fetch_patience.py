"""Patience and pace: tries, pauses, Retry-After, and one request at a time."""

import threading
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RetryLater, SourceFailed, SourceMalformed
from pipeline.harvest.fetch import Answer, Client, Fetcher, HttpSettings
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply, Request

FAST = 1e9
OK = Reply(body=b"fine")


def client_of(url: str, clock: FakeClock, rate: float = FAST, retries: int = 4) -> Client:
    """Give a client that waits on the fake clock only."""
    return Fetcher(HttpSettings(retries=retries), "desk@example.org", clock.timing()).client(url, rate)


def refuse(answer: Answer) -> None:
    """Take nothing for an envelope."""
    raise SourceMalformed(f"no envelope in {answer.body[:20]!r}")


# Patience


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_temporary(server: LocalServer, clock: FakeClock, status: int) -> None:
    """A passing failure is tried again."""
    server.on("/", [Reply(status), Reply(status), OK])
    assert client_of(server.url, clock).get("").body == b"fine"


def test_backoff(server: LocalServer, clock: FakeClock) -> None:
    """Pauses double up to half a minute; then the last failure is told."""
    server.on("/", Reply(429))
    with pytest.raises(SourceFailed, match="429 Too Many Requests") as caught:
        client_of(server.url, clock, retries=6).get("")
    assert clock.slept == pytest.approx([2, 4, 8, 16, 30, 30])
    assert not isinstance(caught.value, RetryLater)


def test_jitter(server: LocalServer, clock: FakeClock) -> None:
    """Chance shortens each pause by a share of its own."""
    server.on("/", [Reply(503), Reply(503), OK])
    timing = clock.timing(random=iter([0.25, 0.5]).__next__)
    Fetcher(HttpSettings(), "desk@example.org", timing).client(server.url, FAST).get("")
    assert clock.slept == pytest.approx([0.5, 2])


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_short_wait(server: LocalServer, clock: FakeClock, form: str, status: int) -> None:
    """A wait of half a minute is sat out."""
    value = "30" if form == "seconds" else format_datetime(clock.now() + timedelta(seconds=30), usegmt=True)
    server.on("/", [Reply(status, headers={"Retry-After": value}), OK])
    client_of(server.url, clock).get("")
    assert clock.slept == pytest.approx([30])


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("31", 31),
        ("86400", 86_400),
        ("9" * 5000, 7 * 86_400),
        ("Mon, 02 Nov 2026 08:00:00 GMT", 3600),
        ("Mon, 02 Nov 2026 08:00:00 -0000", 3600),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 7 * 86_400),
    ],
)
def test_long_wait(server: LocalServer, clock: FakeClock, value: str, seconds: int) -> None:
    """A longer wait is handed on at once, and is never more than a week."""
    server.on("/", Reply(503, b"closed", {"Retry-After": value}))
    with pytest.raises(RetryLater, match="left alone until 2026-11-") as caught:
        client_of(server.url, clock).get("", check=refuse)
    assert caught.value.not_before == clock.start + timedelta(seconds=seconds)
    assert clock.slept == []


@pytest.mark.parametrize("value", ["", "0", "-5", "soon", "1.5", "²", "Mon, 02 Nov 2020 08:00:00 GMT"])
def test_no_wait(server: LocalServer, clock: FakeClock, value: str) -> None:
    """A Retry-After that says nothing leaves the usual pause."""
    server.on("/", [Reply(503, headers={"Retry-After": value}), OK])
    client_of(server.url, clock).get("")
    assert clock.slept == pytest.approx([2])


def absence_asked(client: Client, clock: FakeClock) -> timedelta | None:
    """Ask once; tell for how long the source wants to be left alone, None if not at all."""
    try:
        client.get("")
    except RetryLater as later:
        return later.not_before - clock.start
    return None


_dates = st.datetimes(timezones=st.just(UTC)).map(format_datetime)
_latin = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)


@given(value=st.one_of(_dates, _latin, st.integers().map(str)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_wait(server: LocalServer, value: str) -> None:
    """Whatever Retry-After says: no wait above half a minute, no absence above a week, no crash."""
    clock = FakeClock()
    server.on("/", [Reply(429, headers={"Retry-After": value}), OK])
    absence = absence_asked(client_of(server.url, clock), clock)
    assert absence is None or timedelta(seconds=30) < absence <= timedelta(days=7)
    assert all(0 < wait <= 30 for wait in clock.slept)


# Pace


@pytest.mark.parametrize("rates", [(10, 2), (2, 10)])
def test_pace(server: LocalServer, clock: FakeClock, rates: tuple[float, float]) -> None:
    """Two sources on one host share its pace, and the slower one sets it."""
    arrivals: list[float] = []

    def arrive(request: Request) -> Reply:
        arrivals.append(clock.elapsed)
        return OK

    server.on("/", arrive)
    fetcher = Fetcher(HttpSettings(), "desk@example.org", clock.timing())
    one, two = (fetcher.client(f"{server.url}/{rate}", rate) for rate in rates)
    for client in (one, two, one, one):
        client.get("")
    assert arrivals == pytest.approx([0, 0.5, 1, 1.5])


def test_pace_of_retries(server: LocalServer, clock: FakeClock) -> None:
    """Tries and redirects keep the pace too, even if chance would have no pause."""
    server.on("/a", [Reply(503), Reply(302, headers={"Location": "/b"})])
    server.on("/b", OK)
    timing = clock.timing(random=lambda: 0.0)
    Fetcher(HttpSettings(), "desk@example.org", timing).client(server.url, 4).get("a")
    assert clock.slept == pytest.approx([0.25, 0.25])


def test_one_at_a_time(server: LocalServer, clock: FakeClock) -> None:
    """Requests of several threads to one host never overlap."""
    overlap = threading.Event()
    busy = threading.Lock()

    def body() -> Iterator[bytes]:
        if not busy.acquire(blocking=False):
            overlap.set()
            return
        yield b"."
        overlap.wait(0.02)  # the others' chance; in vain if all is well
        busy.release()

    server.on("/", lambda _: Reply(body=body()))
    fetcher = Fetcher(HttpSettings(), "desk@example.org", clock.timing())
    clients = [fetcher.client(f"{server.url}/{n}", FAST) for n in range(4)]
    threads = [threading.Thread(target=client.get, args=("",)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.requests) == 4
    assert not overlap.is_set()
