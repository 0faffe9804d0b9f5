"""Fixtures for tests that go through the whole program."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from pipeline.sample.server import SampleServer
from pipeline.sample.world import load
from tests.support.clock import FakeClock
from tests.support.server import LocalServer

# How long an example takes says how busy the machine is, and nothing of the program.
settings.register_profile("litwatch", deadline=None)
settings.load_profile("litwatch")


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
