"""``litwatch outbox``: what was not delivered is listed, sent again, or dropped."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Litwatch
from tests.support.mail_server import MailServer

READERS = '["clinic@example.org", "ward@example.org"]'


@pytest.fixture
def mailed(stocked: Path) -> Path:
    """A watch whose weekly digest goes to two readers, through a mail server that is not there."""
    text = stocked.read_text("utf-8").replace('["reader@example.org"]', READERS)
    stocked.write_text(text.replace('transport = "maildir:mail"', 'port = 1\nsecurity = "none"'), encoding="utf-8")
    return stocked


@pytest.fixture
def waiting(litwatch: Litwatch, mailed: Path) -> Path:
    """The same watch, with an issue that could not be sent."""
    assert litwatch("digest", "weekly", "--config", mailed).code == 1
    return mailed


def reachable(config: Path, server: MailServer) -> None:
    """Let the watch find its mail server."""
    config.write_text(config.read_text("utf-8").replace("port = 1\n", f"port = {server.port}\n"), encoding="utf-8")


def test_nothing(litwatch: Litwatch, stocked: Path) -> None:
    """Where all was delivered there is nothing to list, and a word of it."""
    result = litwatch("outbox", "--config", stocked)
    assert (result.code, result.out) == (0, "")
    assert result.err == "nothing waits, and nothing is set aside\n"
    assert litwatch("outbox", "--json", "--config", stocked).document == []
    assert len(litwatch("outbox", "--all", "--json", "--config", stocked).document) == 18


def test_listed(litwatch: Litwatch, waiting: Path) -> None:
    """What waits is listed with its number, where it goes, how often it was tried, when it is next, and why."""
    result = litwatch("outbox", "--config", waiting)
    assert result.code == 0
    first, second, third, *_ = result.out.splitlines()
    assert re.fullmatch(r"\d+: weekly, issue 3, email to clinic@example\.org", first)
    assert re.fullmatch(r"  waiting, tried once, next try \d{4}-\d\d-\d\d \d\d:\d\d UTC", second)
    assert third.startswith("  mail server localhost:1: Connection refused")
    document = litwatch("outbox", "--json", "--config", waiting).document
    assert [(one["to"], one["state"], one["attempts"]) for one in document] == [
        ("clinic@example.org", "pending", 1),
        ("ward@example.org", "pending", 1),
    ]
    assert litwatch("outbox", document[1]["id"], "--json", "--config", waiting).document == [document[1]]
    status = litwatch("status", "--config", waiting).out
    assert "outbox: 2 waiting, 22 delivered; `litwatch outbox` lists what is not delivered" in status


def test_retry(litwatch: Litwatch, waiting: Path) -> None:
    """What waits is sent at once, whenever its time would have come."""
    with MailServer() as server:
        reachable(waiting, server)
        result = litwatch("outbox", "--retry", "--config", waiting)
        assert (result.code, len(server.taken)) == (0, 2)
    assert result.err == "2 messages to be sent again\n2 mails sent\n"
    assert litwatch("outbox", "--json", "--config", waiting).document == []


def test_retry_one(litwatch: Litwatch, waiting: Path) -> None:
    """One message that was set aside is sent when its operator says so; what is still not taken is exit code 1."""
    number = litwatch("outbox", "--json", "--config", waiting).document[0]["id"]
    with MailServer(judge=lambda command, *_: "550 no" if command == "RCPT" else None) as server:
        reachable(waiting, server)
        assert litwatch("outbox", "--retry", number, "--config", waiting).code == 1
        document = litwatch("outbox", number, "--json", "--config", waiting).document
        assert [one["state"] for one in document] == ["failed"]
        server.judge = lambda *_: None
        litwatch("outbox", "--retry", number, "--config", waiting)
        assert [mail.recipients for mail in server.taken] == [("clinic@example.org",)]


def test_drop(litwatch: Litwatch, waiting: Path) -> None:
    """What is dropped is never sent, and stays in the list of all."""
    numbers = [one["id"] for one in litwatch("outbox", "--json", "--config", waiting).document]
    result = litwatch("outbox", "--drop", *numbers, "--config", waiting)
    assert (result.code, result.err) == (0, "2 messages dropped\n")
    assert litwatch("outbox", "--json", "--config", waiting).document == []
    document = litwatch("outbox", numbers[0], "--json", "--config", waiting).document
    assert document[0]["state"] == "dropped"
    assert document[0]["last_error"].startswith("dropped by the operator on ")


def test_retry_for_nobody(litwatch: Litwatch, waiting: Path) -> None:
    """What is to be sent again to somebody who was taken out of the digest is not sent, and that is said."""
    text = waiting.read_text("utf-8")
    waiting.write_text(text.replace('"clinic@example.org", ', ""), encoding="utf-8")
    number = litwatch("outbox", "--json", "--config", waiting).document[0]["id"]
    result = litwatch("outbox", "--retry", number, "--config", waiting)
    assert result.code == 1
    assert f"message {number} is dropped: its recipient no longer gets the digest" in result.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--drop"], "--drop needs the ID of each message"),
        (["--drop", "--retry", "1"], "--retry sends and --drop does not"),
        (["--retry", "999"], "there is no message 999; `litwatch outbox --all` lists them"),
        (["--drop", "1"], "message 1 was delivered; there is nothing to decide about it"),
        (["x"], "'x' is not a valid integer"),
        (["999"], "there is no message 999"),
        (["--retry", "--json"], "--json is for the list"),
    ],
)
def test_wrong(litwatch: Litwatch, stocked: Path, arguments: list[str], told: str) -> None:
    """What cannot be done is told, with exit code 2, and nothing is changed."""
    result = litwatch("outbox", *arguments, "--config", stocked)
    assert result.code == 2
    assert told in result.err


def test_no_store(litwatch: Litwatch, stocked: Path) -> None:
    """Before the first run there is no outbox, and none is made."""
    database = stocked.with_name("litwatch.db")
    database.unlink()
    for arguments in ((), ("--retry",), ("--drop", "1")):
        assert litwatch("outbox", *arguments, "--config", stocked).code == 2
        assert not database.exists()
