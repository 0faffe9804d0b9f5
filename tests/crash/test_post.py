"""SIGKILL anywhere in delivery, or a reply that is lost: no mail is lost, and what comes twice is the same mail."""

from collections.abc import Iterator
from email import message_from_bytes

import pytest

from tests.crash.child import READERS
from tests.crash.post import Post
from tests.crash.test_kill import differing


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """An issue that is about to be delivered."""
    with Post(tmp_path_factory.mktemp("post")) as post:
        yield post


def test_killed_anywhere(post: Post) -> None:
    """Killed at each point from the outbox to the last commit, and run once more, all is as if nothing had happened.

    Only a mail that was being handed over may come twice, byte for byte and under the same Message-ID.
    """
    repeated = 0
    calm = post.undisturbed()
    assert [len(mails) for mails in calm.arrived.values()] == [1, 1]
    assert len({message_from_bytes(mail)["Message-ID"] for [mail] in calm.arrived.values()}) == 2
    for point, name in enumerate(calm.points, 1):
        after = post.killed(point)
        where = f"killed at point {point} of {len(calm.points)}, {name}"
        assert differing(after.state, calm.state) == [], where
        assert not after.damage, where
        twice = {reader: calm.arrived[reader] * 2 for reader, mails in after.arrived.items() if mails[1:]}
        assert after.arrived == calm.arrived | twice, where
        assert len(twice) <= after.doubtful <= 1, where
        repeated += len(twice)
    assert repeated >= len(READERS), "each mail was taken at some point, and nobody had noted it yet"


def test_reply_lost(post: Post) -> None:
    """A server that takes a mail and is gone before it says so gets it once more, byte for byte."""
    calm = post.undisturbed()
    for number, reader in enumerate(READERS, 1):
        after = post.reply_lost(number)
        assert after.doubtful == 1
        assert after.arrived == calm.arrived | {reader: calm.arrived[reader] * 2}
        assert after.issues == calm.issues
