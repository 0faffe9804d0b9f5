"""What all commands share: options, help, errors, exit codes, signals, and who writes where."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import click
import pytest

from pipeline import __version__
from pipeline.cli.entry import cli
from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch
from tests.support.server import LocalServer, Reply, Request

COMMANDS = [(), *((name,) for name in cli.commands)]
ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "pipeline"]


class _Broken(io.StringIO):
    """A stdout that takes nothing."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def write(self, _text: str) -> int:
        raise self._error


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(litwatch: Litwatch, command: tuple[str, ...], option: str) -> None:
    """Every command explains itself, and all options of its own before those that every command has."""
    result = litwatch(*command, option)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Usage: litwatch")
    assert "--log-format" in result.out
    assert max(map(len, result.out.splitlines())) <= 100
    for parameter in (cli.commands[command[0]] if command else cli).params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[-1] in result.out
            assert parameter.help
            assert parameter.help.endswith(".")
    if command and (own := result.out.find("\nOptions:\n")) > 0:
        assert own < result.out.find("\nOptions of every command:\n")


def test_short_help(litwatch: Litwatch) -> None:
    """The list of commands shows each command's first sentence whole."""
    listed = litwatch("--help").out.partition("Commands:")[2]
    assert len(listed.split("\n  ")) == len(cli.commands) + 1
    assert "..." not in listed


@pytest.mark.parametrize("command", COMMANDS)
def test_version(litwatch: Litwatch, command: tuple[str, ...]) -> None:
    """Every command tells the version."""
    assert litwatch(*command, "--version").out == f"litwatch {__version__}\n"


def test_no_command(litwatch: Litwatch) -> None:
    """Without a command the help is shown, as for any wrong usage on stderr."""
    result = litwatch()
    assert (result.code, result.out) == (2, "")
    assert "Commands:" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("frobnicate",), "No such command"),
        (("list", "--tear", "core"), "--tear"),
        (("list", "--tier", "outer"), "'outer' is not one of 'core', 'related', 'out'"),
        (("list", "--since", "yesterday"), "'yesterday' is not a day like 2026-11-30"),
        (("digest", "--since", "30.11.2026"), "'30.11.2026' is not a day like 2026-11-30"),
        (("digest", "--issue", "0"), "--issue"),
        (("digest", "--issue", "1", "--preview"), "cannot go with --preview"),
        (("digest", "--format", "pdf", "--preview"), "'pdf' is not one of 'text', 'markdown', 'html', 'json'"),
        (("export",), "--format"),
        (("export", "--format", "xls"), "'xls' is not one of 'ris', 'bibtex', 'csl-json', 'csv', 'jsonl'"),
        (("show",), "ID"),
        (("search",), "QUERY"),
        (("--log-format", "xml", "list"), "--log-format"),
    ],
)
def test_wrong_usage(litwatch: Litwatch, arguments: tuple[str, ...], said: str) -> None:
    """Wrong usage says what is wrong, on stderr, with exit code 2."""
    result = litwatch(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize("command", [("run",), ("digest",), ("status",), ("list",), ("show", "W1"), ("search", "x")])
def test_no_configuration(litwatch: Litwatch, command: tuple[str, ...]) -> None:
    """A newcomer without a configuration is told which command makes one."""
    result = litwatch(*command)
    assert (result.code, result.out) == (2, "")
    assert "litwatch init" in result.err
    assert len(result.err.splitlines()) == 1


def test_every_problem(litwatch: Litwatch, tmp_path: Path) -> None:
    """All that is wrong with a configuration is told at once, a line each, and nothing is touched."""
    (tmp_path / "bad.toml").write_text('contct = "a@example.org"\n[http]\nretries = -1\n', encoding="utf-8")
    result = litwatch("run", "--config", "bad.toml")
    assert (result.code, result.out) == (2, "")
    assert all(line.startswith("litwatch: bad.toml: ") for line in result.err.splitlines())
    assert {"contct", "contact", "retries"} <= set(re.findall(r"\w+", result.err))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


def test_place_of_global_options(litwatch: Litwatch, stocked: Path) -> None:
    """A global option may stand before or after the command's name; the one nearest to the command wins."""
    before = litwatch("--config", stocked, "list")
    after = litwatch("list", "--config", stocked)
    both = litwatch("--config", "elsewhere.toml", "list", "--config", stocked)
    assert before.code == 0
    assert before == after == both


def test_config_from_environment(litwatch: Litwatch, stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LITWATCH_CONFIG names the configuration; --config comes before it."""
    monkeypatch.setenv("LITWATCH_CONFIG", str(stocked))
    assert litwatch("list").code == 0
    assert litwatch("list", "--config", "elsewhere.toml").code == 2


def test_json_log(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """With --log-format json every line on stderr is one JSON object, those of --verbose too."""
    config = configure(sample.url, f"{sample.url}/nowhere")
    result = litwatch("--verbose", "run", "--log-format", "json", "--config", config)
    lines = [json.loads(line) for line in result.err.splitlines()]
    assert result.code == 1
    assert all(set(line) >= {"time", "level", "logger", "message"} for line in lines)
    assert all(set(line) <= {"time", "level", "logger", "message"} for line in lines if "event" not in line)
    assert {line["level"] for line in lines} == {"debug", "info", "warning", "error"}


@pytest.mark.parametrize("arguments", [("list",), ("list", "--tier", "outer"), ("frobnicate",)])
def test_json_errors(litwatch: Litwatch, arguments: tuple[str, ...]) -> None:
    """Errors are JSON objects as well then."""
    result = litwatch("--log-format", "json", *arguments)
    assert result.code == 2
    assert [json.loads(line)["level"] for line in result.err.splitlines()] == ["error"]


def test_quiet(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A quiet run that goes well writes nothing but the paths of what it wrote."""
    result = litwatch("--quiet", "run", "--config", configure(sample.url, sample.url))
    assert (result.code, result.err) == (0, "")
    assert all(Path(line).is_file() for line in result.out.splitlines())
    assert len(result.out.splitlines()) == 3


def test_internal_error(litwatch: Litwatch, stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expected ends with exit code 4, a sentence, and the traceback in the log."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", _Broken(RuntimeError("kaputt")))
        plain = litwatch("list", "--config", stocked)
        logged = litwatch("list", "--config", stocked, "--log-format", "json")
    assert (plain.code, logged.code) == (4, 4)
    assert plain.err.startswith("litwatch: internal error (RuntimeError); please report it")
    (line,) = logged.err.splitlines()
    assert "\n" not in json.loads(line)["message"]
    assert json.loads(line)["traceback"].endswith("RuntimeError: kaputt")


def test_full_disk(litwatch: Litwatch, stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses is one sentence with exit code 4; --verbose tells where it happened."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", _Broken(OSError(28, "No space left on device")))
        plain = litwatch("list", "--config", stocked)
        verbose = litwatch("list", "--config", stocked, "--verbose")
    assert (plain.code, plain.err) == (4, "litwatch: the system: No space left on device\n")
    assert "Traceback" in verbose.err


def test_folder_that_is_gone(litwatch: Litwatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started in a folder that was removed, a command says so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    result = litwatch("list")
    assert (result.code, result.err) == (
        2,
        "litwatch: the current folder is gone or cannot be read; change to another one\n",
    )


def test_interrupt(litwatch: Litwatch, stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with exit code 130 and one sentence."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", _Broken(KeyboardInterrupt()))  # type: ignore[arg-type]
        result = litwatch("list", "--config", stocked)
    assert result.code == 130
    assert result.err.strip().startswith("litwatch: interrupted")


def test_stderr_that_is_gone(litwatch: Litwatch, stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listening on stderr does not keep a command from its work."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", _Broken(BrokenPipeError()))
        assert litwatch("digest", "weekly", "--config", stocked).code == 0
    assert litwatch("digest", "weekly", "--config", stocked, "--issue", "3").code == 0


def test_reader_who_leaves(stocked: Path) -> None:
    """A reader who has seen enough (`litwatch list | head`) is no error."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [*PROGRAM, "--config", stocked, "list"],
            cwd=ROOT,
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_other_encoding(litwatch: Litwatch, stocked: Path, encoding: str) -> None:
    """Where the locale knows little or nothing of Unicode, what is printed is UTF-8 all the same."""
    done = subprocess.run(
        [*PROGRAM, "--config", stocked, "show", "W1"],
        cwd=ROOT,
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == litwatch("show", "W1", "--config", stocked).out
    assert "“" in done.stdout.decode()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped(
    litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer, sent: signal.Signals, code: int
) -> None:
    """A run that is told to end does so at once; the store is sound, and the next run ends as if nothing had been."""
    asked = Event()

    def never(_request: Request) -> Reply:
        asked.set()
        return Reply(stall=True)

    with LocalServer() as slow:
        slow.on("/europepmc/", never)
        config = configure(sample.url, slow.url)
        with subprocess.Popen(
            [*PROGRAM, "--config", config, "run"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert asked.wait(30)
            process.send_signal(sent)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
    assert "nothing is lost" in err
    stopped = litwatch("status", "--json", "--config", config)
    assert stopped.code == 0
    assert stopped.document["last_run"]["ended_at"] is None
    assert litwatch("run", "--config", configure(sample.url, sample.url)).code == 0
    after = litwatch("list", "--config", config)
    for leftover in config.parent.glob("litwatch.db*"):
        leftover.unlink()
    assert litwatch("run", "--config", config).code == 0
    assert litwatch("list", "--config", config).out == after.out
