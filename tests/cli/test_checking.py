"""``litwatch doctor``: what it looks at, what it says, and that it changes nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipeline.cli.common import now
from pipeline.doctor import Health, examine
from pipeline.harvest.fetch import Timing
from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch
from tests.support.server import LocalServer, Reply
from tests.support.watch import watch


def checks(result: dict[str, object]) -> dict[str, tuple[str, str]]:
    """What was found, by what was looked at."""
    found = result["checks"]
    assert isinstance(found, list)
    return {one["check"]: (one["status"], one["message"]) for one in found}


def test_all_well(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path]) -> None:
    """Everything that a run needs is looked at, each source is asked once, and nothing is made."""
    config = configure(sample.url, sample.url)
    result = litwatch("--config", config, "doctor")
    assert result.code == 0
    assert "ok       source PubMed: answers; " in result.out
    assert "finds" in result.out
    assert "is not there yet" in result.out
    assert sorted(path.name for path in config.parent.iterdir()) == ["litwatch.toml"]
    assert len([request for request in sample.requests if request.path.startswith("/eutils")]) == 1


def test_document(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path]) -> None:
    """As JSON the same, with one word for how each thing is."""
    config = configure(sample.url, sample.url)
    text = config.read_text("utf-8").replace("tests@example.org", "watch@litwatch.test")
    config.write_text(text, "utf-8")
    result = litwatch("doctor", "--json", "--config", config)
    assert result.document["ok"] is True
    found = checks(result.document)
    assert found["contact"] == ("ok", "sources are told watch@litwatch.test")
    assert found["database folder"][0] == "ok"
    assert found["folder of digest “weekly”"][0] == "ok"
    assert found["SQLite"] == ("ok", sqlite3.sqlite_version)


def test_placeholder(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path]) -> None:
    """A contact address that nobody reads is no reason to fail, but is said."""
    result = litwatch("doctor", "--json", "--config", configure(sample.url, sample.url))
    status, message = checks(result.document)["contact"]
    assert status == "warning"
    assert "set contact" in message


def test_source_down(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path]) -> None:
    """A source that does not answer is named with its reason; the others are asked all the same. Exit code 1."""
    result = litwatch("doctor", "--json", "--config", configure("http://127.0.0.1:9", sample.url))
    assert result.code == 1
    found = checks(result.document)
    assert found["source PubMed"][0] == "problem"
    assert "Connection refused" in found["source PubMed"][1]
    assert found["source Europe PMC"][0] == "ok"


def test_key_wanted(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path]) -> None:
    """A source that wants a key and has none is left out, with what to do, and is no problem."""
    config = configure(sample.url, sample.url)
    text = config.read_text("utf-8").replace("[sources.openalex]\nenabled = false", "[sources.openalex]")
    config.write_text(text, "utf-8")
    result = litwatch("doctor", "--json", "--config", config)
    assert result.code == 0
    status, message = checks(result.document)["source OpenAlex"]
    assert status == "skipped"
    assert "set api_key" in message


@pytest.fixture
def impatient(stocked: Path) -> Path:
    """The same, with one source only, which is gone, and no second try at that."""
    text = stocked.read_text("utf-8").replace("rate = 1000", "rate = 1000\nenabled = false")
    text = text.partition("[[feeds]]")[0] + "[http]\nretries = 0\n"
    stocked.write_text(text.replace("enabled = false", "enabled = true", 1), "utf-8")
    return stocked


def test_damaged(litwatch: Litwatch, impatient: Path) -> None:
    """A damaged database is the first thing to see to. Exit code 4."""
    database = impatient.with_name("litwatch.db")
    with closing(sqlite3.connect(database)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    content = bytearray(database.read_bytes())
    content[-4096 * (pages // 2) :] = b"\xff" * (4096 * (pages // 2))
    database.write_bytes(content)
    result = litwatch("doctor", "--json", "--config", impatient)
    assert result.code == 4
    assert checks(result.document)["database"][0] == "problem"


def test_no_folder(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path], tmp_path: Path) -> None:
    """A path that leads through a file is told before a run stumbles over it."""
    (tmp_path / "file").write_text("")
    config = configure(sample.url, sample.url)
    config.write_text('database = "file/litwatch.db"\n' + config.read_text("utf-8"), "utf-8")
    result = litwatch("doctor", "--json", "--config", config)
    assert result.code == 4
    assert checks(result.document)["database folder"][0] == "problem"


def test_no_source(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path]) -> None:
    """A watch that asks nobody cannot work."""
    config = configure(sample.url, sample.url)
    lines = (line for line in config.read_text("utf-8").splitlines() if line != "enabled = false")
    text = "\n".join(f"{line}\nenabled = false" if line.startswith("[sources") else line for line in lines)
    config.write_text(text, "utf-8")
    result = litwatch("doctor", "--config", config)
    assert result.code == 4
    assert "PROBLEM  sources: none is enabled" in result.out


@pytest.mark.parametrize(
    ("ahead", "health", "words"),
    [
        (timedelta(), Health.OK, "agrees"),
        (timedelta(minutes=-30), Health.WARNING, "30 minutes ahead of the sources"),
        (timedelta(hours=3), Health.WARNING, "minutes behind the sources"),
    ],
)
def test_clock(ahead: timedelta, health: Health, words: str, server: LocalServer, tmp_path: Path) -> None:
    """A clock that differs from the servers' is told: every date in a digest rests on it."""
    headers = {"Date": format_datetime(now() + ahead, usegmt=True)}
    server.on("/", Reply(body=b'{"esearchresult":{"count":"0","idlist":[]}}', headers=headers))
    config = watch(tmp_path, server.url, feeds=[])
    [found] = [one for one in examine(config, now(), Timing()) if one.check == "clock"]
    assert found.health is health
    assert words in found.message


def test_clock_behind_last_run(impatient: Path, litwatch: Litwatch) -> None:
    """A last run in the future means that the clock was set back."""
    with closing(sqlite3.connect(impatient.with_name("litwatch.db"))) as db:
        db.execute("UPDATE runs SET started_at = '2999-01-01T00:00:00Z'")
        db.commit()
    result = litwatch("doctor", "--json", "--config", impatient)
    assert result.code == 4
    assert any("behind the last run" in one["message"] for one in result.document["checks"])


def test_left_alone(litwatch: Litwatch, server: LocalServer, configure: Callable[..., Path]) -> None:
    """A source that asked to be left alone is left alone by this command, too."""
    server.on("/", Reply(429, headers={"Retry-After": "3600"}))
    config = configure(server.url, server.url)
    assert litwatch("--config", config, "run").code == 3
    asked = len(server.requests)
    result = litwatch("doctor", "--json", "--config", config)
    status, message = checks(result.document)["source PubMed"]
    assert status == "skipped"
    assert "asked to be left alone until" in message
    assert len(server.requests) == asked


@pytest.mark.parametrize(("mode", "status"), [(0o600, "ok"), (0o640, "ok"), (0o644, "warning"), (0o602, "warning")])
def test_secret_file(
    litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path], tmp_path: Path, mode: int, status: str
) -> None:
    """A file with a key in it that everybody may read or change is told, without a word of what is in it."""
    (tmp_path / "ncbi-key").write_text("SECRET-xyz", encoding="utf-8")
    (tmp_path / "ncbi-key").chmod(mode)
    config = configure(sample.url, sample.url, key='api_key = "file:ncbi-key"')
    result = litwatch("doctor", "--json", "--config", config)
    assert result.code == 0
    found, message = checks(result.document)["secret"]
    assert found == status
    assert ("chmod 600" in message) == (status == "warning")
    assert "SECRET" not in result.out + result.err
