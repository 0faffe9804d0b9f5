"""Whatever comes through a door is let in and fit to be kept, or refused by the documented error."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.doors import DOORS, Door


@pytest.mark.parametrize("door", DOORS, ids=str)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_spoiled(door: Door, seed: int) -> None:
    """Real-looking input with something wrong in it does no more than be refused. ``bench.fuzz`` takes the seed."""
    door.knock(Random(seed))  # noqa: S311 - chance, not secrecy
