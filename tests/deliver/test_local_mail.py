"""Mail through the sendmail program, and into a Maildir."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import Surroundings, build
from pipeline.deliver.maildir import Maildir
from pipeline.deliver.sendmail import Sendmail
from pipeline.deliver.smtp import Smtp
from pipeline.deliver.transports import transport
from pipeline.errors import DeliveryFailed, DeliveryRefused, DeliverySuspended, DeliveryUnconfirmed
from tests.deliver.mails import CONTENT, MAIL, Committed, sent

LINES = CONTENT.replace(b"\r\n", b"\n")
Install = Callable[[str], Path]


@pytest.fixture
def sendmail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a sendmail on the PATH that keeps what it is given, and then does what the test says."""

    def install(then: str = "exit 0") -> Path:
        program = tmp_path / "bin" / "sendmail"
        program.parent.mkdir()
        kept = f'printf "%s\\n" "$@" > {tmp_path}/arguments; env > {tmp_path}/environment; cat > {tmp_path}/content'
        program.write_text(f"#!/bin/sh\n{kept}\n{then}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return program

    return install


def test_sendmail(sendmail: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program gets both addresses and the mail with this system's line ends, and nothing of our environment."""
    monkeypatch.setenv("NCBI_API_KEY", "s3cret")
    program = sendmail("exit 0")
    with Sendmail(10) as mailer:
        assert mailer.check() == f"sendmail is {program}"
        assert sent(mailer) == "taken by sendmail"
    assert (tmp_path / "arguments").read_text().split() == ["-i", "-f", MAIL.sender, "--", MAIL.recipient]
    assert (tmp_path / "content").read_bytes() == LINES
    assert "s3cret" not in (tmp_path / "environment").read_text()


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (1, DeliveryFailed),
        (65, DeliveryRefused),
        (67, DeliveryRefused),
        (68, DeliveryRefused),
        (69, DeliveryFailed),
        (71, DeliveryFailed),
        (75, DeliveryFailed),
        (77, DeliveryFailed),
        (78, DeliveryFailed),
    ],
)
def test_sendmail_refuses(sendmail: Install, code: int, error: type[DeliveryFailed]) -> None:
    """What an exit code means is what sysexits.h says; the sentence has what the program said."""
    sendmail(f'printf "no \\033[31mway" >&2; exit {code}')
    with pytest.raises(DeliveryFailed) as caught:
        sent(Sendmail(10))
    assert type(caught.value) is error
    assert f'mail to clinic@example.org: exit code {code} "no [31mway". ' in str(caught.value)


def test_sendmail_silent(sendmail: Install) -> None:
    """A refusal without a word is told all the same."""
    sendmail("exit 67")
    with pytest.raises(DeliveryRefused, match=r"exit code 67\. See to the address"):
        sent(Sendmail(10))


@pytest.mark.parametrize(("then", "words"), [("kill -9 $$", "signal 9"), ("exec sleep 60", "did not end within 0.1 s")])
def test_sendmail_unconfirmed(sendmail: Install, then: str, words: str) -> None:
    """A program that is killed or does not end may have taken the mail."""
    sendmail(then)
    with pytest.raises(DeliveryUnconfirmed, match=words):
        sent(Sendmail(0.1 if "sleep" in then else 10))


def test_no_sendmail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program there is no way, and nothing was begun."""
    monkeypatch.setattr("pipeline.deliver.sendmail._USUAL", ())
    monkeypatch.setenv("PATH", "")
    committed = Committed()
    with pytest.raises(DeliverySuspended, match="There is no sendmail program"):
        Sendmail(10).send(MAIL, committed)
    assert committed.times == 0


def test_sendmail_not_startable(sendmail: Install) -> None:
    """A program that cannot be started has taken nothing."""
    sendmail("").write_bytes(b"\x7fELF no program")
    with pytest.raises(DeliverySuspended, match=r"cannot be started: Exec format error"):
        sent(Sendmail(10))


# --- Maildir -----------------------------------------------------------------------------------


def test_maildir(tmp_path: Path) -> None:
    """A mail lies in new/, whole and for its owner only; folders are made, theirs alone too."""
    folder = tmp_path / "deep" / "mail"
    with Maildir(folder) as maildir:
        assert maildir.check() == f"Maildir {folder} can be written"
        assert not folder.exists()
        assert sent(maildir) == f"written to {folder / 'new'}"
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    assert path.parent == folder / "new"
    assert path.read_bytes() == LINES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in (".", "tmp", "new", "cur")} == {0o700}


@pytest.mark.parametrize("seen", ["{}", "{}:2,", "{}:2,S", "{},S=1024:2,RS"])
def test_maildir_once(tmp_path: Path, seen: str) -> None:
    """The same mail again is found and not written twice, also when a mail program has moved and marked it."""
    maildir = Maildir(tmp_path)
    sent(maildir)
    assert sent(maildir) == f"is already in {tmp_path / 'new'}"
    [path] = (tmp_path / "new").iterdir()
    path.rename(tmp_path / "cur" / seen.format(path.name))
    assert sent(maildir) == f"is already in {tmp_path / 'cur'}"
    assert not any((tmp_path / "new").iterdir())


def test_maildir_names(tmp_path: Path) -> None:
    """Each Message-ID has a file of its own; whatever it looks like, the file is in new/."""
    identifiers = ["<a@example.org>", "<b@example.org>", "<../../x@example.org>", "<a/b:2,S@example.org>", "<é\0@x>"]
    for identifier in identifiers:
        sent(Maildir(tmp_path / "mail"), replace(MAIL, message_id=identifier))
    assert len([*(tmp_path / "mail" / "new").iterdir()]) == len(identifiers)
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_maildir_trouble(tmp_path: Path) -> None:
    """A folder that cannot be made, or written, is named; the mail waits."""
    (tmp_path / "file").write_text("in the way")
    maildir = Maildir(tmp_path / "file" / "mail")
    with pytest.raises(DeliverySuspended, match=r"Cannot write to the Maildir .*: Not a directory;"):
        sent(maildir)
    with pytest.raises(DeliverySuspended, match="file is no folder that you may write to"):
        maildir.check()


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.deliver.maildir import Maildir
from tests.deliver.mails import MAIL

remaining = int(sys.argv[2])

def count(event, args):
    global remaining
    if event in {"open", "os.mkdir", "os.rename", "os.remove"}:
        remaining -= 1
        if remaining < 0:
            os.kill(os.getpid(), signal.SIGKILL)

maildir = Maildir(Path(sys.argv[1]))
sys.addaudithook(count)
maildir.send(MAIL, lambda: None)
"""


def test_maildir_killed(tmp_path: Path) -> None:
    """Killed before any of its steps and run again, it leaves one whole mail, and nothing lying about."""
    for step in range(20):
        folder = tmp_path / str(step)
        died = subprocess.run([sys.executable, "-c", KILLED, folder, str(step)], check=False).returncode
        assert all(path.read_bytes() == LINES for path in folder.glob("new/*"))
        sent(Maildir(folder))
        assert [path.read_bytes() for path in folder.rglob("*") if path.is_file()] == [LINES]
        if not died:
            break
        assert died == -signal.SIGKILL
    assert step > 6


# --- which one -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("smtp", Smtp), ("sendmail", Sendmail), ("maildir:post", Maildir)])
def test_by_name(tmp_path: Path, name: str, kind: type) -> None:
    """The configuration's own words lead to the way that is meant, with everything it has to know."""
    (tmp_path / "password").write_text("s3cret\n")
    table = {"transport": name, "username": "desk", "password": "file:password", "ca_file": "ca.pem", "timeout": 3}
    email = build({"contact": "a@example.org", "email": table}, "x.toml", Surroundings(tmp_path, {})).email
    assert isinstance(transport(*email.transport, email.server), kind)
    assert (email.server.password, email.server.ca_file) == ("s3cret", tmp_path / "ca.pem")
    assert "s3cret" not in f"{email!r} {email.server!r}"
