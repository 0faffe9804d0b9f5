"""``litwatch schedule``: job files for this installation, and the run that they call."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.job_files import KINDS
from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch

ROOT = Path(__file__).parents[2]


def test_cron_job(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """The line that is printed runs as it stands, from any folder; called again, it finds that no run is due."""
    config = configure(sample.url, sample.url)
    printed = litwatch("schedule", "--print", "cron", "--config", config)
    assert printed.code == 0
    assert "is not there yet" in printed.err
    command = printed.out.splitlines()[-1].split(" ", 5)[-1]
    for asked in (True, False):
        sample.requests.clear()
        done = subprocess.run(
            ["sh", "-c", command], cwd="/", env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False, timeout=60
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert bool(sample.requests) is asked
    assert litwatch("schedule", "--print", "cron", "--config", config).err == ""


@pytest.mark.parametrize("kind", KINDS)
def test_relative_configuration(
    litwatch: Litwatch, configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A configuration that is named from here stands with its whole path, as do the variables that it refers to."""
    config = configure("http://localhost:9", "http://localhost:9", key='api_key = "env:NCBI_API_KEY"')
    monkeypatch.setenv("NCBI_API_KEY", "s3cret")
    result = litwatch("schedule", "--print", kind, "--config", config.name)
    assert result.code == 0
    assert str(config if kind != "github-actions" else config.parent) in result.out
    assert "NCBI_API_KEY" in result.out
    assert "s3cret" not in result.out


def test_beside_no_program(
    litwatch: Litwatch, configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where no program was installed beside Python, the job starts Python itself and tells it where litwatch is."""
    monkeypatch.setattr("sys.executable", str(tmp_path / "python3"))
    config = configure("http://localhost:9", "http://localhost:9")
    printed = litwatch("schedule", "--print", "cron", "--config", config).out
    assert f"/usr/bin/env PYTHONPATH={ROOT} {tmp_path}/python3 -m pipeline --config {config} run --if-due" in printed
