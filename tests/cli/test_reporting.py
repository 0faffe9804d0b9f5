"""What a run says of itself: a line for each source, and one for the run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch, Result
from tests.support.server import LocalServer, Reply

OPERATION = Path(__file__).parents[2] / "docs" / "operation.md"


def events(result: Result, event: str) -> list[dict[str, Any]]:
    """The lines of the JSON log that tell of one kind of event."""
    return [line for line in map(json.loads, result.err.splitlines()) if line.get("event") == event]


def test_fields(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """In JSON each source has one line, and the run one at its end, with the documented fields."""
    result = litwatch("run", "--log-format", "json", "--config", configure(sample.url, f"{sample.url}/nowhere"))
    first, second = events(result, "source")
    (run,) = events(result, "run")
    assert json.loads(result.err.splitlines()[-1]) == run
    assert {key: first[key] for key in ("source", "status", "error")} == {
        "source": "pubmed",
        "status": "complete",
        "error": None,
    }
    assert first["total"] == first["fetched"] == first["new"] > first["changed"] == first["quarantined"] == 0
    assert (second["source"], second["status"]) == ("europepmc", "failed")
    assert "404" in second["error"]
    assert all(line["seconds"] >= 0 for line in (first, second, run))
    assert {
        key: run[key]
        for key in ("run", "exit_code", "sources", "new", "issues", "written", "sent", "waiting", "set_aside")
    } == {
        "run": 1,
        "exit_code": 1,
        "sources": {"complete": 1, "failed": 1},
        "new": first["new"],
        "issues": [{"digest": "weekly", "issue": 1}],
        "written": 3,
        "sent": 0,
        "waiting": 0,
        "set_aside": 0,
    }
    assert (first["level"], second["level"], run["level"]) == ("info", "error", "warning")
    shown = [json.loads(line) for line in OPERATION.read_text("utf-8").splitlines() if line.startswith('{"time"')]
    assert [set(line) for line in shown] == [set(first), set(run)]


def test_sentences(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """As text the same lines are sentences."""
    *_, source, issue, run = litwatch("run", "--config", configure(sample.url, sample.url)).err.splitlines()
    assert source.startswith("Europe PMC: complete, ")
    assert issue.startswith("weekly, issue 1: ")
    assert run.startswith("run 1 ended after ")
    assert run.endswith(" s with exit code 0; sources: 2 complete; issues: 1; files: 3; mails: 0")


def test_error(litwatch: Litwatch, configure: Callable[..., Path], tmp_path: Path) -> None:
    """A run that ends by an error has its line, too."""
    config = configure("http://localhost:9", "http://localhost:9")
    (tmp_path / "litwatch.db").write_bytes(b"no database at all" * 100)
    result = litwatch("run", "--log-format", "json", "--config", config)
    (run,) = events(result, "run")
    assert (result.code, run["exit_code"], run["run"]) == (4, 4, None)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_secrets(
    litwatch: Litwatch,
    configure: Callable[..., Path],
    server: LocalServer,
    monkeypatch: pytest.MonkeyPatch,
    log_format: str,
) -> None:
    """A secret that comes into a message by whatever way, an internal error among them, is not written."""
    monkeypatch.setenv("NCBI_API_KEY", "SECRET-xyz-0123456789")
    monkeypatch.setattr("pipeline.run.draw_conclusions", _blunder)
    server.on("/", Reply(500, b"SECRET-xyz-0123456789"))
    config = configure(server.url, server.url, key='api_key = "env:NCBI_API_KEY"')
    result = litwatch("--verbose", "run", "--log-format", log_format, "--config", config)
    assert result.code == 4
    assert "RuntimeError" in result.err
    assert "[hidden]" in result.err
    assert "SECRET" not in result.err


def _blunder(*_: object) -> None:
    """A mistake of ours that repeats what it was given."""
    raise RuntimeError("cannot read https://localhost/?api_key=SECRET-xyz-0123456789")
