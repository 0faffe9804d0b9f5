"""Mail through a mail server, real or malicious."""

import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.deliver.mail import Mail
from pipeline.deliver.server import Server
from pipeline.deliver.smtp import Smtp
from pipeline.errors import DeliveryFailed, DeliveryRefused, DeliverySuspended, DeliveryUnconfirmed
from tests.deliver.mails import CONTENT, MAIL, Committed, sent
from tests.harvest.test_fetch_secrets import everything_told
from tests.support.mail_script import CONTENT as TAKEN
from tests.support.mail_script import GREETING, POLITE, Said, ScriptedMailServer
from tests.support.mail_server import PASSWORD, USERNAME, MailServer, Taken, certificate


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost."""
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def script() -> Iterator[ScriptedMailServer]:
    """A server that says whatever the test has it say, and is polite otherwise."""
    with ScriptedMailServer() as server:
        yield server


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_delivered(pem: Path, security: Literal["starttls", "tls"]) -> None:
    """Over a verified connection and logged in, the bytes arrive as they were, dots and long lines too."""
    with MailServer(pem, security) as server, Smtp(server.as_set_up()) as smtp:
        assert sent(smtp) == "250 OK"
        assert smtp.check() == f"mail server localhost:{server.port} answers, encrypted (TLSv1.3), logged in"
    [mail] = server.taken
    assert (mail.sender, mail.recipients, mail.content) == ("desk@example.org", ("clinic@example.org",), CONTENT)
    assert mail.encrypted
    assert mail.logged_in


def test_unencrypted() -> None:
    """A server on this machine may do without both; a last line that is not ended is ended."""
    with MailServer() as server, Smtp(server.as_set_up()) as smtp:
        sent(smtp, Mail(MAIL.sender, MAIL.recipient, MAIL.message_id, b"Subject: x\r\n\r\n.no end"))
        assert smtp.check().endswith("answers, not encrypted")
    assert [mail.content for mail in server.taken] == [b"Subject: x\r\n\r\n.no end\r\n"]


def test_one_connection(pem: Path) -> None:
    """All mails of a run go over one connection, also after one that was refused."""

    def judge(command: str, address: str, _mail: Taken | None) -> str | None:
        return "550 5.1.1 no such user" if address == "gone@example.org" else None

    with MailServer(pem, "starttls", judge) as server, Smtp(server.as_set_up()) as smtp:
        sent(smtp)
        with pytest.raises(DeliveryRefused):
            smtp.send(Mail(MAIL.sender, "gone@example.org", "<2>", CONTENT), Committed())
        sent(smtp, Mail(MAIL.sender, "ward@example.org", "<3>", CONTENT))
    assert [mail.recipients for mail in server.taken] == [("clinic@example.org",), ("ward@example.org",)]
    assert len({mail.connection for mail in server.taken}) == 1


@pytest.mark.parametrize("closing", [b"421 4.4.2 idle for too long\r\n", None])
def test_connected_again(script: ScriptedMailServer, closing: Said) -> None:
    """A server that meanwhile closed the connection is connected to again, and the mail arrives."""
    with Smtp(script.as_set_up()) as smtp:
        sent(smtp)
        script.script["RSET"] = closing
        sent(smtp)
    assert script.connections == 2
    assert len(script.contents) == 2


# --- refusals -----------------------------------------------------------------------------------

REFUSALS = [
    ("MAIL", b"451 4.3.0 try later", DeliveryFailed),
    ("MAIL", b"421 4.7.0 busy", DeliveryFailed),
    ("MAIL", b"530 5.7.0 Authentication required", DeliverySuspended),
    ("MAIL", b"553 5.1.8 no such sender", DeliverySuspended),
    ("MAIL", b"550 5.7.60 may not send as this", DeliverySuspended),
    ("MAIL", b"550 no", DeliverySuspended),
    ("MAIL", b"503 wrong order", DeliverySuspended),
    ("MAIL", b"354 what", DeliveryFailed),
    ("RCPT", b"450 4.2.0 greylisted", DeliveryFailed),
    ("RCPT", b"550 5.1.1 no such user", DeliveryRefused),
    ("RCPT", b"550 no such user", DeliveryRefused),
    ("RCPT", b"552 5.2.2 mailbox full", DeliveryRefused),
    ("RCPT", b"554 5.7.1 relay access denied", DeliveryFailed),
    ("RCPT", b"550 5.4.5 daily quota exceeded", DeliveryFailed),
    ("DATA", b"452 4.3.1 disk full", DeliveryFailed),
    ("DATA", b"554 no valid recipients", DeliveryRefused),
    ("DATA", b"250 what", DeliveryFailed),
    (TAKEN, b"451 4.3.0 try later", DeliveryFailed),
    (TAKEN, b"552 5.3.4 too large", DeliveryRefused),
    (TAKEN, b"554 5.7.1 looks like spam", DeliveryRefused),
    (TAKEN, b"550 5.7.26 nobody vouches for the sender", DeliverySuspended),
    (TAKEN, b"550 5.3.2 system not accepting", DeliveryFailed),
    (TAKEN, b"354 what", DeliveryUnconfirmed),
]


@pytest.mark.parametrize(("command", "reply", "error"), REFUSALS)
def test_refused(script: ScriptedMailServer, command: str, reply: bytes, error: type[DeliveryFailed]) -> None:
    """What a refusal means depends on its code and on what it is about; the sentence has server, reader and reply."""
    committed = Committed()
    script.script[command] = reply + b"\r\n"
    with Smtp(script.as_set_up()) as smtp, pytest.raises(DeliveryFailed) as caught:
        smtp.send(MAIL, committed)
    assert type(caught.value) is error
    words = (f"mail server 127.0.0.1:{script.as_set_up().port} ", "clinic@example.org", f'"{reply.decode()}"')
    assert all(word in str(caught.value) for word in words)
    assert committed.times == (command in {"DATA", TAKEN})


def test_next_after_421(script: ScriptedMailServer) -> None:
    """A server that ends the dialogue is connected to again for the next mail."""
    with Smtp(script.as_set_up()) as smtp:
        script.script["RCPT"] = b"421 4.3.2 going down\r\n"
        with pytest.raises(DeliveryFailed):
            smtp.send(MAIL, Committed())
        script.script["RCPT"] = POLITE["RCPT"]
        sent(smtp)
    assert script.connections == 2


# --- no answer -----------------------------------------------------------------------------------

SILENCE = [
    *((command, DeliverySuspended) for command in (GREETING, "EHLO")),
    *((command, DeliveryFailed) for command in ("MAIL", "RCPT", "DATA")),
]


@pytest.mark.parametrize("said", [None, b""], ids=["hangs up", "never answers"])
@pytest.mark.parametrize(("command", "error"), [*SILENCE, (TAKEN, DeliveryUnconfirmed)])
def test_silent(script: ScriptedMailServer, command: str, error: type[DeliveryFailed], said: Said) -> None:
    """Without an answer the mail has not arrived before its content was sent; after that nobody knows."""
    script.script[command] = said
    committed = Committed()
    with Smtp(script.as_set_up(timeout=0.05 if said == b"" else 10)) as smtp, pytest.raises(DeliveryFailed) as caught:
        smtp.send(MAIL, committed)
    assert type(caught.value) is error
    assert ("answer in time" if said == b"" else "closed the connection") in str(caught.value)
    assert committed.times == (command in {"DATA", TAKEN})


def test_reply_lost(pem: Path) -> None:
    """A server that takes a mail and is gone before it can say so leaves it open whether the mail arrived."""
    with (
        MailServer(pem, "starttls", lambda *asked: "" if asked[0] == "DATA" else None) as server,
        Smtp(server.as_set_up()) as smtp,
        pytest.raises(DeliveryUnconfirmed, match="never said whether it took it: it closed the connection"),
    ):
        smtp.send(MAIL, Committed())
    assert len(server.taken) == 1


@pytest.mark.parametrize(("command", "error"), [("EHLO", DeliverySuspended), (TAKEN, DeliveryUnconfirmed)])
def test_drip(script: ScriptedMailServer, command: str, error: type[DeliveryFailed]) -> None:
    """A server that shows signs of life for ever is given up all the same."""
    script.script[command] = iter(lambda: (script.stopping.wait(0.02) and b"") or b"2", b"")
    with Smtp(script.as_set_up(timeout=0.05)) as smtp, pytest.raises(error, match="answer in time"):
        smtp.send(MAIL, Committed())


@pytest.mark.parametrize(("command", "error"), [("EHLO", DeliverySuspended), (TAKEN, DeliveryUnconfirmed)])
def test_endless(script: ScriptedMailServer, command: str, error: type[DeliveryFailed]) -> None:
    """An answer of lines without end, or of one line that is too long, is not read to its end."""
    for said in (iter(lambda: b"250-and more\r\n" * 1000, b""), b"250 " + b"x" * 100_000 + b"\r\n"):
        script.script[command] = said
        with Smtp(script.as_set_up()) as smtp, pytest.raises(DeliveryFailed) as caught:
            smtp.send(MAIL, Committed())
        assert type(caught.value) is error


# --- encryption and login --------------------------------------------------------------------------


def test_stranger(pem: Path) -> None:
    """A certificate that nobody vouches for is refused, and nothing is said to its server."""
    with (
        MailServer(pem, "starttls") as server,
        Smtp(server.as_set_up(ca_file=None)) as smtp,
        pytest.raises(DeliverySuspended, match=r"not to be trusted.*ca_file"),
    ):
        smtp.send(MAIL, Committed())
    assert server.taken == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_other_name(pem: Path, security: Literal["starttls", "tls"]) -> None:
    """So is one for another name than was asked for."""
    with MailServer(pem, security) as server:
        setup = server.as_set_up()
        elsewhere = Server("127.0.0.1", setup.port, setup.security, setup.ca_file, USERNAME, PASSWORD)
        with pytest.raises(DeliverySuspended, match="not to be trusted"):
            Smtp(elsewhere).check()


def test_environment(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE names the certificates to trust, as for every program that uses OpenSSL."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with MailServer(pem, "tls") as server, Smtp(server.as_set_up(ca_file=None)) as smtp:
        sent(smtp)


def test_old_protocol(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing older than TLS 1.2 is spoken, whatever the system would allow."""
    lax = ssl.create_default_context(cafile=pem)
    lax.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    monkeypatch.setattr(ssl, "create_default_context", lambda **_options: lax)
    with pytest.raises(DeliverySuspended):
        Smtp(Server("127.0.0.1", 1, ca_file=pem)).check()
    assert lax.minimum_version is ssl.TLSVersion.TLSv1_2


def test_no_starttls(script: ScriptedMailServer) -> None:
    """A server that does not offer STARTTLS, or offers it and then will not, gets neither password nor mail."""
    port = script.as_set_up().port
    for offer, words in ((b"250 hello\r\n", "offers no STARTTLS"), (b"250-hello\r\n250 STARTTLS\r\n", "454 4.7.0")):
        script.script |= {"EHLO": offer, "STARTTLS": b"454 4.7.0 not now\r\n"}
        with pytest.raises(DeliverySuspended, match=words):
            Smtp(Server("127.0.0.1", port, "starttls", username=USERNAME, password=PASSWORD)).check()
    assert {line.split()[0] for line in script.heard} <= {"ehlo", "STARTTLS"}


def test_not_tls(script: ScriptedMailServer) -> None:
    """The port of another kind of connection is told as what it is."""
    with pytest.raises(DeliverySuspended, match="check port and security"):
        Smtp(Server("127.0.0.1", script.as_set_up().port, "tls", timeout=0.5)).check()


def test_bad_ca_file(tmp_path: Path) -> None:
    """A file of certificates that is none, or is not there, is named."""
    (tmp_path / "ca.pem").write_text("no certificate")
    for name in ("ca.pem", "none.pem"):
        with pytest.raises(DeliverySuspended, match=rf"ca_file .*{name} holds no certificates; mend it"):
            Smtp(Server("localhost", 1, ca_file=tmp_path / name)).check()


def test_wrong_password(pem: Path) -> None:
    """A refused login says whose words those are and what to check, and is no fault of the mail."""
    with MailServer(pem, "starttls") as server, pytest.raises(DeliverySuspended) as caught:
        Smtp(server.as_set_up(password="wrong")).send(MAIL, Committed())
    assert 'not let us log in: "535 5.7.8' in str(caught.value)
    assert str(caught.value).endswith("check username and password.")


def test_nobody_there() -> None:
    """A server that is not there, or whose name nobody knows, is told in a sentence."""
    with MailServer() as server:
        gone = server.as_set_up()
    with pytest.raises(DeliverySuspended, match="Connection refused; check host, port and the network"):
        Smtp(gone).check()
    with pytest.raises(DeliverySuspended, match=r"mail server no-such-host\.invalid:25: "):
        Smtp(Server("no-such-host.invalid", 25)).check()


# --- hostile words ---------------------------------------------------------------------------------

ECHO = b"you are \x1b[31m%b with \x00%b \xe2\x80\xae and AGRlc2sAUzNjcmV0LXBhc3Mvd29yZCs=" % (
    USERNAME.encode(),
    PASSWORD.encode(),
)


@pytest.mark.parametrize("command", ["AUTH", "MAIL", "RCPT", "DATA", TAKEN])
@pytest.mark.parametrize("code", [b"250", b"334", b"451", b"550", b"xyz"])
def test_hostile(script: ScriptedMailServer, command: str, code: bytes) -> None:
    """What a server says is shown without control characters, cut short, and never with our login, however deep."""
    script.script |= {"EHLO": b"250-hello\r\n250 AUTH PLAIN LOGIN\r\n", "AUTH": b"235 fine\r\n"}
    script.script[command] = code + b"-" + b"very long " * 50 + b"\r\n" + code + b" " + ECHO + b"\r\n"
    try:
        with Smtp(script.as_set_up(username=USERNAME, password=PASSWORD)) as smtp:
            told = shown = smtp.send(MAIL, Committed())
    except DeliveryFailed as error:
        told, shown = everything_told(error), str(error)
    assert len(shown) < 500
    assert shown.isprintable()
    assert not any(secret in told for secret in (PASSWORD, "S3cret", "AGRlc2sAUz"))
    assert "AUTH PLAIN AGRlc2sAUzNjcmV0LXBhc3Mvd29yZCs=" in script.heard


def test_shown_without_login(script: ScriptedMailServer) -> None:
    """Where a server repeats the login, one sees that something was there."""
    script.script["MAIL"] = b"550 5.7.1 " + ECHO + b"\r\n"
    script.script |= {"EHLO": b"250-hello\r\n250 AUTH PLAIN\r\n", "AUTH": b"235 fine\r\n"}
    with Smtp(script.as_set_up(username=USERNAME, password=PASSWORD)) as smtp, pytest.raises(DeliveryFailed) as caught:
        smtp.send(MAIL, Committed())
    assert '"550 5.7.1 you are [31m[hidden] with [hidden] and [hidden]"' in str(caught.value)


@pytest.mark.parametrize(
    ("password", "echo"), [("two  blanks", b"two  blanks"), (PASSWORD, b"S3cret\x00-pass/wo\x1brd+")]
)
def test_in_pieces(script: ScriptedMailServer, password: str, echo: bytes) -> None:
    """A password is not shown either where making it fit to be shown would change it, or would bring it about."""
    script.script |= {
        "EHLO": b"250-hello\r\n250 AUTH PLAIN\r\n",
        "AUTH": b"235 fine\r\n",
        "MAIL": b"550 " + echo + b"\r\n",
    }
    with Smtp(script.as_set_up(username=USERNAME, password=password)) as smtp, pytest.raises(DeliveryFailed) as caught:
        smtp.send(MAIL, Committed())
    assert '"550 [hidden]"' in str(caught.value)


def test_login_without_end(script: ScriptedMailServer) -> None:
    """A server that asks and asks is not answered for ever; a password that it cannot take is not shown."""
    script.script |= {"EHLO": b"250-hello\r\n250 AUTH LOGIN\r\n", "AUTH": b"334 AAAA\r\n"}
    script.script |= dict.fromkeys(("ZGVZAW==", "UZNJCMV0LXBHC3MVD29YZCS=", "ZGVZAW=="), b"334 AAAA\r\n")
    with pytest.raises(DeliverySuspended):
        Smtp(script.as_set_up(username=USERNAME, password=PASSWORD)).check()
    with pytest.raises(DeliverySuspended, match="must be ASCII") as caught:
        Smtp(script.as_set_up(username=USERNAME, password="pässword")).check()
    assert "ssword'" not in everything_told(caught.value)


WORDS = st.one_of(
    st.binary(max_size=40),
    st.builds(
        lambda code, sign, rest, end: b"%d" % code + sign + rest + end,
        st.sampled_from([-1, 0, 2, 220, 235, 250, 334, 354, 421, 450, 500, 550, 999, 2500]),
        st.sampled_from([b" ", b"-", b"", b"\t"]),
        st.one_of(st.binary(max_size=20), st.sampled_from([b"STARTTLS", b"AUTH PLAIN LOGIN CRAM-MD5", b"5.1.1 x"])),
        st.sampled_from([b"\r\n", b"\n", b"", b"\r"]),
    ),
)


@settings(max_examples=100)
@given(
    command=st.sampled_from([GREETING, "EHLO", "AUTH", "MAIL", "RCPT", "DATA", TAKEN, "RSET", "QUIT"]),
    words=st.lists(WORDS, min_size=1, max_size=3).map(b"".join),
)
def test_any_words(command: str, words: bytes) -> None:
    """Whatever a server says, a mail is sent or one of the three errors says why not."""
    with ScriptedMailServer() as script:
        script.script |= {"EHLO": b"250-hello\r\n250 AUTH PLAIN\r\n", "AUTH": b"235 fine\r\n"}
        script.script[command] = iter([words])
        with Smtp(script.as_set_up(timeout=0.02, username=USERNAME, password=PASSWORD)) as smtp:
            for _ in range(2):
                with suppress(DeliveryFailed):
                    assert smtp.send(MAIL, Committed()).isprintable()
