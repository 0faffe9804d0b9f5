"""``[email]`` and who gets a digest by e-mail: what may stand there, and what is said of the rest."""

from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.config.email import EmailConfig
from pipeline.config.loading import load
from pipeline.errors import ConfigError
from tests.test_config import CONTACT, problems, read


def email(folder: Path, text: str, **environ: str) -> EmailConfig:
    """The table with that text."""
    return read(folder, f"{CONTACT}[email]\n{text}", **environ).email


def wrong(folder: Path, text: str, **environ: str) -> list[str]:
    """What is wrong with the table with that text."""
    return problems(folder, f"{CONTACT}[email]\n{text}", **environ)


def test_defaults(tmp_path: Path) -> None:
    """Without a word, mail goes encrypted to a server on this machine, from the contact, who is told of departures."""
    config = read(tmp_path, CONTACT)
    assert (config.email.transport, config.email.host, config.email.port) == (("smtp", None), "localhost", 587)
    assert str(config.sender) == "you@example.org"
    head = config.letterhead(config.digests[0])
    assert head.unsubscribe == "mailto:you@example.org?subject=unsubscribe%20{digest}"
    assert head.title == "MS + acupuncture: weekly"
    assert config.digests[0].email is None


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_port(tmp_path: Path, security: str, port: int) -> None:
    """Each way of speaking to a server has its own port, unless another is named."""
    assert email(tmp_path, f'security = "{security}"').port == port
    assert email(tmp_path, f'security = "{security}"\nport = 2525').port == 2525


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("watch@example.org", "", "watch@example.org"),
        ("<watch@example.org>", "", "watch@example.org"),
        ("Literature watch <watch@example.org>", "Literature watch", "watch@example.org"),
        ("'Dr. Example, MS' <watch@example.org>", "'Dr. Example, MS'", "watch@example.org"),
        ("Übersicht <watch@example.org>", "Übersicht", "watch@example.org"),
    ],
)
def test_sender(tmp_path: Path, text: str, name: str, address: str) -> None:
    """The sender is an address, or a name with one."""
    sender = read(tmp_path, f'{CONTACT}[email]\nfrom = "{text}"').sender
    assert (sender.display_name, sender.addr_spec) == (name, address)


def test_maildir(tmp_path: Path) -> None:
    """A Maildir's path is relative to the file, like every other."""
    assert email(tmp_path, 'transport = "maildir:mail"').transport == ("maildir", tmp_path / "config" / "mail")
    assert email(tmp_path, 'transport = "sendmail"').transport == ("sendmail", None)


def test_login(tmp_path: Path) -> None:
    """How to log in is taken from the environment, and shown nowhere."""
    found = email(tmp_path, 'username = "env:U"\npassword = "env:P"', U="watch", P="SECRET-xyz")
    assert found.username == "watch"
    assert found.password is not None
    assert found.password.get_secret_value() == "SECRET-xyz"
    assert "SECRET-xyz" not in repr(found)


def test_no_secret_needed(tmp_path: Path) -> None:
    """Who only looks needs no secret: what is not to be had is no fault then, and stands for nothing."""
    keys = 'username = "env:U"\npassword = "file:/nowhere/password"\n'
    text = f'{CONTACT}[email]\n{keys}[monitoring]\nping_url = "env:PING"\n[sources.pubmed]\napi_key = "env:KEY"\n'
    path = tmp_path / "litwatch.toml"
    path.write_text(text, encoding="utf-8")
    config = load(path, {}, tmp_path, needs_secrets=False)
    assert config.email.password is not None
    assert config.monitoring.ping_url == ""
    assert config.secrets == ()
    assert len(problems(tmp_path, text)) == 4
    path.write_text(text.replace('"env:KEY"', '"literally"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="a secret is never written here"):
        load(path, {}, tmp_path, needs_secrets=False)


def test_recipients(tmp_path: Path) -> None:
    """A digest names who gets it."""
    config: Config = read(tmp_path, f'{CONTACT}[[digests]]\nemail = ["a@example.org", "env:B"]', B="b@example.org")
    assert config.digests[0].email == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('host = "mail.example.org"\nsecurity = "none"', "security: "),
        ('security = "ssl"', 'security: must be "starttls", "tls" or "none", got "ssl"'),
        ('host = "mail.example.org:25"', "host: must be"),
        ('host = "smtp://mail"', "host: must be the name or address of a mail server, without port"),
        ('transport = "pigeon"', 'transport: must be "smtp", "sendmail" or "maildir:PATH", got "pigeon"'),
        ('transport = "maildir:"', 'transport: must be "smtp", "sendmail" or "maildir:PATH", got "maildir:"'),
        ('transport = "smtp:x"', 'transport: must be "smtp", "sendmail" or "maildir:PATH", got "smtp:x"'),
        ('from = "watch"', "from: must be an address, or a name with one"),
        ('from = "a@example.org, b@example.org"', "from: must be an address, or a name with one"),
        ('unsubscribe = "http://example.org"', 'unsubscribe: must begin with "mailto:" or "https://"'),
        ('unsubscribe = "mailto:a@example.org?subject=go away"', 'unsubscribe: must begin with "mailto:"'),
        ('username = "env:U"', "password: username and password go together"),
        ('password = "env:P"', "password: username and password go together"),
        ('username = "env:U"\npassword = "hunter2"', "password: a secret is never written here"),
        ("port = 0", "port: must be a whole number from 1 to 65535, got 0"),
        ("pause = -1", "pause: must be a number of seconds from 0 to 3600, got -1"),
        ("attempts = 0", "attempts: must be a whole number from 1 to 100, got 0"),
        ('doubtful = "ask"', 'doubtful: must be "resend" or "hold", got "ask"'),
        ('sender = "a@example.org"', "sender: unknown key"),
        ('form = "a@example.org"', 'form: unknown key; did you mean "from"?'),
    ],
)
def test_wrong(tmp_path: Path, text: str, problem: str) -> None:
    """What cannot be is told with its key, and no secret is repeated."""
    (told,) = wrong(tmp_path, text, U="watch", P="SECRET-xyz")
    assert told.startswith(f"email.{problem}")
    assert "hunter2" not in told
    assert "SECRET-xyz" not in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "must be a list of e-mail addresses"),
        ('"a@example.org"', "must be a list of e-mail addresses"),
        ('["a@example.org", "A@example.org"]', "must hold each address once"),
        ('["Name <a@example.org>"]', "must be plain e-mail addresses in ASCII, for example clinic@example.org, got"),
        ('["a@example.org\\nBcc: b@example.org"]', "must be one line"),
        ("[1]", "must be text in quotes, got 1"),
        (f'["{"a" * 250}@example.org"]', "must be plain e-mail addresses"),
    ],
)
def test_wrong_recipients(tmp_path: Path, text: str, problem: str) -> None:
    """What is no list of addresses is told."""
    (told,) = problems(tmp_path, f"{CONTACT}[[digests]]\nemail = {text}")
    assert told.startswith(f"digests #1.email: {problem}")
