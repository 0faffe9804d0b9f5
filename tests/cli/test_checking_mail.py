"""``litwatch doctor`` on the way by which mail is sent, and its test mail."""

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch
from tests.cli.test_checking import checks
from tests.support.mail_server import PASSWORD, USERNAME, MailServer, certificate

Configured = Callable[..., Path]


@pytest.fixture
def configured(configure: Configured, sample: SampleServer) -> Configured:
    """Write the configuration of a watch that sends mail, with these keys in its [email]."""

    def write(keys: str, digests: str = '[[digests]]\nemail = ["clinic@example.org"]\n') -> Path:
        return configure(sample.url, sample.url, more=f"{digests}[email]\n{keys}")

    return write


def smtp(server: MailServer, password: str = PASSWORD) -> str:
    """The keys that lead to a mail server."""
    assert server.certificate
    secret = server.certificate.with_name("password")
    secret.write_text(password)
    return (
        f'host = "localhost"\nport = {server.port}\nusername = "{USERNAME}"\npassword = "file:{secret}"\n'
        f'ca_file = "{server.certificate}"\nfrom = "Watch <watch@example.org>"\n'
    )


def test_mail_server(litwatch: Litwatch, configured: Configured, tmp_path: Path) -> None:
    """The mail server is connected to as for a mail, which is not sent."""
    with MailServer(certificate(tmp_path), "starttls") as server:
        result = litwatch("doctor", "--json", "--config", configured(smtp(server)))
    assert result.code == 0
    answer = f"mail server localhost:{server.port} answers, encrypted (TLSv1.3), logged in"
    assert checks(result.document)["mail"] == ("ok", answer)
    assert server.taken == []


def test_no_mail_wanted(litwatch: Litwatch, configured: Configured) -> None:
    """Where no digest is sent by mail, no mail server is looked for."""
    result = litwatch("doctor", "--json", "--config", configured("port = 9", digests=""))
    assert result.code == 0
    assert "mail" not in checks(result.document)


def test_mail_server_trouble(litwatch: Litwatch, configured: Configured, tmp_path: Path) -> None:
    """A login that is refused is told with what to do, without the password. Exit code 1."""
    with MailServer(certificate(tmp_path), "starttls") as server:
        result = litwatch(
            "doctor", "--config", configured(smtp(server, password="wr0ng-pass")), "--send-test", "a@b.org"
        )
    assert result.code == 1
    assert "PROBLEM  mail: mail server localhost" in result.out
    assert "does not let us log in" in result.out
    assert "mail to a@b.org" not in result.out
    assert "wr0ng" not in result.out + result.err


def test_send_test(litwatch: Litwatch, configured: Configured, tmp_path: Path) -> None:
    """A test mail says that it is one, in the name of the watch, and the server's answer is printed."""
    with MailServer(certificate(tmp_path), "starttls", lambda *asked: "250 2.0.0 kept" if asked[2] else None) as server:
        config = configured(smtp(server), digests="")
        result = litwatch("doctor", "--config", config, "--send-test", "clinic@example.org")
    assert result.code == 0
    assert "ok       mail to clinic@example.org: sent; the answer was: 250 2.0.0 kept" in result.out
    [taken] = server.taken
    assert (taken.sender, taken.recipients) == ("watch@example.org", ("clinic@example.org",))
    mail = message_from_bytes(taken.content, policy=policy.default)
    headers = {name: mail[name] for name in ("From", "To", "Subject", "Auto-Submitted")}
    assert headers == {
        "From": "Watch <watch@example.org>",
        "To": "clinic@example.org",
        "Subject": "Test of litwatch",
        "Auto-Submitted": "auto-generated",
    }
    assert mail["Message-ID"].endswith("@example.org>")
    assert "This is a test of litwatch" in mail.get_content()


def test_test_mail_refused(litwatch: Litwatch, configured: Configured, tmp_path: Path) -> None:
    """What the server says of an address is printed. Exit code 1."""
    with MailServer(
        certificate(tmp_path), "starttls", lambda *asked: "550 5.1.1 nobody" if asked[0] == "RCPT" else None
    ) as server:
        result = litwatch("doctor", "--json", "--config", configured(smtp(server)), "--send-test", "gone@example.org")
    assert result.code == 1
    assert checks(result.document)["mail"][0] == "ok"
    status, message = checks(result.document)["mail to gone@example.org"]
    assert status == "problem"
    assert '"550 5.1.1 nobody"' in message


def test_maildir(litwatch: Litwatch, configured: Configured, tmp_path: Path) -> None:
    """A Maildir is looked at and not made, until a test mail is put into it; two are two, from contact by default."""
    config = configured('transport = "maildir:post"')
    result = litwatch("doctor", "--json", "--config", config)
    assert checks(result.document)["mail"] == ("ok", f"Maildir {tmp_path / 'post'} can be written")
    assert not (tmp_path / "post").exists()
    for _ in range(2):
        assert litwatch("doctor", "--config", config, "--send-test", "clinic@example.org").code == 0
    first, second = (path.read_text() for path in (tmp_path / "post" / "new").iterdir())
    assert "From: tests@example.org\n" in first
    assert first != second


@pytest.mark.parametrize("address", ["", "clinic", "a@example.org, b@example.org", "a@example.org\nBcc: c@example.org"])
def test_no_address(litwatch: Litwatch, configured: Configured, address: str) -> None:
    """What is no single address gets no mail. Exit code 2."""
    result = litwatch("doctor", "--config", configured('transport = "maildir:post"'), "--send-test", address)
    assert result.code == 2
    assert "must be one e-mail address" in result.err
