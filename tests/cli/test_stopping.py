"""SIGTERM and SIGINT, wherever they come: the command ends at once, in one sentence, and nothing is lost."""

import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch
from tests.crash.test_kill import state
from tests.support.server import LocalServer, Reply, Request

ROOT = Path(__file__).parents[2]
ENDED = {signal.SIGTERM: (143, "litwatch: asked to end; "), signal.SIGINT: (130, "litwatch: interrupted; ")}


@pytest.fixture
def runs() -> Iterator[Callable[..., tuple[int, int]]]:
    """Run the command in a process of its own, told to end at a point; its exit code, and the points it passed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.stopped"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:

        def run(folder: Path, point: int = 0, number: int = 0) -> tuple[int, int]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{point} {number} {folder}\n")
            process.stdin.flush()
            code, passed = process.stdout.readline().split()
            return int(code), int(passed)

        yield run
        process.communicate()


def test_at_each_stage(
    runs: Callable[..., tuple[int, int]], configure: Callable[..., Path], sample: SampleServer, tmp_path: Path
) -> None:
    """Told to end, twice, at points all along a run: one sentence, a sound database, and the next run makes good."""
    config = configure(sample.url, sample.url)
    undisturbed = tmp_path / "undisturbed"
    undisturbed.mkdir()
    shutil.copy(config, undisturbed)
    code, points = runs(undisturbed)
    assert code == 0
    expected = state(undisturbed)
    for step in range(3):
        point, number = 1 + step * (points - 2) // 2, (signal.SIGTERM, signal.SIGINT)[step % 2]
        folder = tmp_path / str(point)
        folder.mkdir()
        shutil.copy(config, folder)
        code, passed = runs(folder, point, number)
        assert (code, passed >= point) == (ENDED[number][0], True), f"at point {point} of {points}"
        said = (folder / "err").read_text().split("\n")
        said = [line for line in said if line]  # click ends the line on which a terminal shows ^C
        assert said[-1].startswith(ENDED[number][1])
        assert "Traceback" not in "".join(said)
        with closing(sqlite3.connect(folder / "litwatch.db")) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert runs(folder)[0] == 0
        found = state(folder)
        assert [name for name in {*found, *expected} if found.get(name) != expected.get(name)] == []


class _Ringing(io.StringIO):
    """Whatever is written to it, a signal comes first."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__()
        self._number = number

    def write(self, text: str) -> int:
        signal.raise_signal(self._number)
        return super().write(text)


@pytest.mark.parametrize("number", ENDED)
def test_while_it_ends(
    litwatch: Litwatch, stocked: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Told again while it says why it ends, it says so, and ends with the same code."""
    said = _Ringing(number)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", _Ringing(number))
        patch.setattr(sys, "stderr", said)
        result = litwatch("list", "--config", stocked)
    code, sentence = ENDED[number]
    assert result.code == code
    assert said.getvalue().strip().startswith(sentence)


def served(config: Path) -> "subprocess.Popen[str]":
    """A daemon in a process of its own."""
    command = [sys.executable, "-m", "pipeline", "--config", str(config), "serve"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", ENDED)
def test_serve_waiting(configure: Callable[..., Path], sample: SampleServer, number: signal.Signals) -> None:
    """A daemon that waits for its next beat, a minute away, ends at once."""
    with served(configure(sample.url, sample.url)) as process:
        assert process.stderr
        while not process.stderr.readline().startswith("run 1 ended"):
            pass
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    code, sentence = ENDED[number]
    assert process.returncode == code
    assert said.strip().startswith(sentence)
    assert len(said.strip().splitlines()) == 1


def test_serve_harvesting(configure: Callable[..., Path], sample: SampleServer) -> None:
    """A daemon whose run waits for a server that never answers ends at once, too, and the run is continued later."""
    asked = Event()

    def never(_request: Request) -> Reply:
        asked.set()
        return Reply(stall=True)

    with LocalServer() as slow:
        slow.on("/europepmc/", never)
        config = configure(sample.url, slow.url)
        with served(config) as process:
            assert asked.wait(30)
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
    assert process.returncode == 143
    assert said.splitlines()[-1].startswith("litwatch: asked to end; ")
    with closing(sqlite3.connect(config.parent / "litwatch.db")) as db:
        assert db.execute("SELECT count(*), count(ended_at) FROM runs").fetchall() == [(1, 0)]
