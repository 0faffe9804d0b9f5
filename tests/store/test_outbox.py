"""The outbox: what waits, what became of it, and what the operator says of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.digest.issue import IssueRef
from pipeline.digest.letter import Letter
from pipeline.store import Store
from pipeline.store.outbox import LONGEST_DELAY, FileTarget, Message, State
from pipeline.store.told import FrozenIssue
from tests.store.keeping import NOW, memory_store

HOUR = timedelta(hours=1)
TEXTS = {"text": "Digest\r\n\u200b— unchanged —\n", "json": '{"a": 1}'}
FILES = (FileTarget("text", Path("out"), "weekly-0001.txt"), FileTarget("json", Path("out"), "weekly-0001.json"))
LETTERS = (Letter("a@example.org", "<1@example.org>", b"To: a\r\n\r\nHi"), Letter("b@example.org", "<2@x>", b"\xff"))


@pytest.fixture
def store() -> Iterator[Store]:
    """A store with one issue, which is on its way to two files and two people."""
    with memory_store() as store:
        ref = IssueRef(1, NOW)
        store.told.keep_issue(FrozenIssue("weekly", ref, "subject", TEXTS, (), frozenset(), FILES, LETTERS))
        yield store


def mail(store: Store, number: int = 0) -> Message:
    """One of the mails, as it stands now."""
    found = store.outbox.messages(State)
    return [one for one in found if one.format == "email"][number]


def test_put(store: Store) -> None:
    """Each file and each recipient has a row of its own, with the bytes of the issue."""
    files, mails = store.outbox.files(), store.outbox.mails(NOW)
    assert [(one.file, store.outbox.content(one)) for one in files] == [
        (target, TEXTS[target.format].encode()) for target in FILES
    ]
    assert [(one.target, one.message_id, store.outbox.content(one)) for one in mails] == [
        (letter.recipient, letter.message_id, letter.content) for letter in LETTERS
    ]
    assert {(one.digest, one.issue, one.state, one.attempts) for one in (*files, *mails)} == {
        ("weekly", 1, State.PENDING, 0)
    }
    assert [one.place for one in (files[0], mails[0])] == ["out/weekly-0001.txt", "a@example.org"]


def test_sent(store: Store) -> None:
    """What arrived does not wait any more; the answer is kept."""
    store.outbox.sending(mail(store))
    store.outbox.sent(mail(store), NOW, "250 queued as 7")
    for one in store.outbox.files():
        store.outbox.sent(one, NOW)
    assert [one.target for one in store.outbox.waiting_mails()] == ["b@example.org"]
    assert store.outbox.files() == []
    sent = store.outbox.messages([State.SENT])
    assert [(one.attempts, one.answer, one.delivered_at) for one in sent] == [
        (1, "", NOW),
        (1, "", NOW),
        (1, "250 queued as 7", NOW),
    ]
    assert store.outbox.counts() == dict.fromkeys(State, 0) | {"sent": 3, "pending": 1}


@pytest.mark.parametrize("begun", [False, True])
def test_postponed(store: Store, begun: bool) -> None:
    """A failure is noted, counted once whether or not the handing over had begun, and the mail waits for its time."""
    if begun:
        store.outbox.sending(mail(store))
        assert mail(store).state is State.SENDING
    store.outbox.postponed(mail(store), "451 try later", NOW + HOUR)
    assert (mail(store).attempts, mail(store).last_error, mail(store).not_before) == (1, "451 try later", NOW + HOUR)
    assert [one.target for one in store.outbox.mails(NOW)] == ["b@example.org"]
    assert len(store.outbox.mails(NOW + HOUR)) == 2


def test_clock_was_wrong(store: Store) -> None:
    """A next try that lies further ahead than any delay is from a clock that was wrong, and is due."""
    store.outbox.postponed(mail(store), "451", NOW + LONGEST_DELAY + HOUR)
    assert len(store.outbox.mails(NOW)) == 2


@pytest.mark.parametrize("state", [State.FAILED, State.DEAD, State.DOUBTFUL])
def test_set_aside(store: Store, state: State) -> None:
    """What is set aside waits for nothing but the operator, who may send it as if it had never been tried."""
    store.outbox.set_aside(mail(store), state, "550 no such user")
    assert [one.target for one in store.outbox.waiting_mails()] == ["b@example.org"]
    aside = mail(store)
    assert (aside.state, aside.attempts, aside.doubts) == (state, 1, int(state is State.DOUBTFUL))
    store.outbox.retry([aside.id])
    assert (mail(store).state, mail(store).attempts, mail(store).doubts) == (State.PENDING, 0, 0)
    store.outbox.drop([aside.id], "its recipient moved")
    assert (mail(store).state, mail(store).last_error) == (State.DROPPED, "its recipient moved")


def test_doubted(store: Store) -> None:
    """A mail that may have arrived and is sent again has one doubt more, and no try more than were made."""
    store.outbox.sending(mail(store))
    store.outbox.doubted(mail(store), "cut", None)
    again = mail(store)
    assert (again.state, again.attempts, again.doubts, again.not_before) == (State.PENDING, 1, 1, None)


def test_latest_letter(store: Store) -> None:
    """The mail before is the latest of the same digest to the same person."""
    later = FrozenIssue(
        "weekly", IssueRef(2, NOW), "s", TEXTS, (), frozenset(), (), (Letter("a@example.org", "<3@x>", b"x"),)
    )
    store.told.keep_issue(later)
    found = [store.outbox.latest_letter("weekly", one) for one in ("a@example.org", "b@example.org", "c@example.org")]
    assert found == ["<3@x>", "<2@x>", ""]
    assert store.outbox.latest_letter("monthly", "a@example.org") == ""


def test_some(store: Store) -> None:
    """Messages are found by their numbers; a number that is none finds none."""
    first = store.outbox.files()[0]
    assert [one.id for one in store.outbox.some([first.id, 99])] == [first.id]
