"""Fixtures for tests that go through the whole program."""

from collections.abc import Iterator

import pytest

from pipeline.sample.server import SampleServer
from pipeline.sample.world import load
from tests.support.clock import FakeClock
from tests.support.server import LocalServer


@pytest.fixture
def sample() -> Iterator[SampleServer]:
    """The sample world, served on loopback at its first stage."""
    with SampleServer(load()) as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until somebody sleeps."""
    return FakeClock()


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """Serve on loopback whatever the test scripts."""
    with LocalServer() as server:
        yield server
