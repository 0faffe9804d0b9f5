"""Keys, passwords and addresses that must stay secret, looked for in all that a watch in trouble leaves behind."""

import base64
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch
from tests.harvest.test_fetch_secrets import ECHO, FAILURES, KEY
from tests.support.mail_script import ScriptedMailServer
from tests.support.server import LocalServer, Reply

PASSWORD = "SECRET-xyz-of-the-mail-server"  # noqa: S105 - nobody's
PING = "SECRET-xyz-of-the-ping-address"
LOGIN = base64.b64encode(f"\0watch\0{PASSWORD}".encode())
MARKS = (b"SECRET-xyz", LOGIN[-16:])

# Told to the three sources that have a key; tests/harvest/test_fetch_secrets.py has these and more, one by one.
REPLIES = (("permanent", "later", "redirect"), ("cut gzip", "garbage", "headers"))


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedMailServer]:
    """A mail server that wants a login, and repeats it whatever it is told."""
    with ScriptedMailServer() as server:
        said = b" you are watch with " + PASSWORD.encode() + b" or " + LOGIN + b"\r\n"
        server.script |= {"EHLO": b"250-hello\r\n250 AUTH PLAIN\r\n", "AUTH": b"235" + said, "MAIL": b"550" + said}
        yield server


@pytest.fixture
def configured(
    configure: Callable[..., Path], sample: SampleServer, post: ScriptedMailServer, tmp_path: Path
) -> Callable[[str], Path]:
    """Write a configuration with every kind of secret; sources, mail server and monitoring repeat what they hear."""

    def write(url: str) -> Path:
        for name, secret in (("key", KEY), ("password", PASSWORD), ("ping", f"{url}/ping/{PING}")):
            (tmp_path / "secrets").mkdir(exist_ok=True)
            (tmp_path / "secrets" / name).write_text(secret, encoding="utf-8")
        server = post.as_set_up()
        more = f"""
[sources.openalex]
base_url = "{url}/openalex"
api_key = "file:secrets/key"
rate = 1000
[sources.semanticscholar]
base_url = "{url}/semanticscholar"
api_key = "file:secrets/key"
rate = 1000
[[digests]]
name = "weekly"
email = ["clinic@example.org"]
[monitoring]
ping_url = "file:secrets/ping"
[email]
host = "{server.host}"
port = {server.port}
security = "none"
username = "watch"
password = "file:secrets/password"
"""
        path = configure(url, sample.url, more, key='api_key = "file:secrets/key"')
        text = path.read_text("utf-8")
        for name in ("openalex", "semanticscholar"):
            text = text.replace(f"[sources.{name}]\nenabled = false\n", "")
        path.write_text(text, encoding="utf-8")
        return path

    return write


def left_behind(folder: Path) -> Iterator[bytes]:
    """Everything in a watch's folder but its secrets, and what the database keeps compressed as it was before."""
    for path in folder.rglob("*"):
        if path.is_file() and path.parent.name != "secrets":
            yield path.read_bytes()
    with closing(sqlite3.connect(folder / "litwatch.db")) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own tables
                for value in row:
                    with suppress(TypeError, zlib.error):
                        yield zlib.decompress(value)


@pytest.mark.parametrize("told", REPLIES, ids=", ".join)
def test_trouble(
    litwatch: Litwatch, configured: Callable[[str], Path], post: ScriptedMailServer, told: tuple[str, ...]
) -> None:
    """Whatever fails, and whoever repeats a secret: it is in no output, log, error, database, file, mail or ping."""
    with LocalServer() as ill:
        ill.on("/ping/", Reply(500, f"{PING} {ECHO}".encode()))
        for path, name in zip(("/eutils/", "/openalex/", "/semanticscholar/"), told, strict=True):
            ill.on(path, FAILURES[name])
        config = configured(ill.url)
        runs = [litwatch("--verbose", "run", "--config", config, "--log-format", kind) for kind in ("text", "json")]
        shown = [litwatch(*command, "--config", config) for command in (("status", "--json"), ("outbox", "--json"))]
    assert [run.code for run in runs] == [1, 1]
    assert any(KEY in {**request.query, **request.form}.values() for request in ill.requests)
    assert any(line.startswith("AUTH PLAIN") for line in post.heard)
    said = "".join(result.out + result.err for result in (*runs, *shown)).encode()
    pinged = b"".join(request.body for request in ill.requests if request.path.startswith("/ping/"))
    assert b"[hidden]" in said
    assert pinged
    for place in (said, pinged, b"".join(post.contents), *left_behind(config.parent)):
        assert not any(mark in place for mark in MARKS)
