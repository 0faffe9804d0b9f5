"""Fixtures of everything that fetches."""

from collections.abc import Iterator

import pytest

from tests.support.clock import FakeClock
from tests.support.server import LocalServer


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """Serve on loopback during one test."""
    with LocalServer() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    """Give a clock that only sleeping advances."""
    return FakeClock()
