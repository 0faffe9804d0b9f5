"""The command line, as a user meets it: in a folder of its own, with nothing of the developer's configuration."""

import json
import logging
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.asking import Nobody
from pipeline.cli import main
from pipeline.config import load
from pipeline.demo import play
from pipeline.proof import Coverage, Status
from pipeline.store import writing
from tests.match.records import record
from tests.store.keeping import NOW, Origin, advance
from tests.support.watch import OTHERS


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: object
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; ValueError if there is anything else."""
        return json.loads(self.out)


Litwatch = Callable[..., Result]


@pytest.fixture
def litwatch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Litwatch]:
    """Run a command in this process, in the test's own folder; signals and logging are put back afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LITWATCH_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    logger = logging.getLogger("pipeline")
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    handlers, level, propagate = logger.handlers[:], logger.level, logger.propagate

    def run(*arguments: object) -> Result:
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        written = capsysbinary.readouterr()
        return Result(end.value.code, written.out.decode(), written.err.decode())

    yield run
    for number, handler in signals.items():
        signal.signal(number, handler)
    logger.handlers[:], logger.propagate = handlers, propagate
    logger.setLevel(level)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play the demo once, for all who only look at what it leaves."""
    folder = tmp_path_factory.mktemp("played") / "demo"
    play(folder, Nobody())
    return folder


@pytest.fixture
def stocked(played: Path, tmp_path: Path) -> Path:
    """The configuration of a watch that had its two runs and told two issues of two digests, weekly and patients.

    It keeps no archive.
    """
    shutil.copytree(played, tmp_path / "watch")
    config = tmp_path / "watch" / "litwatch.toml"
    config.write_text(config.read_text("utf-8").replace('archive = "."\n', ""), encoding="utf-8")
    return config


TWO = (
    record("pubmed:1", title="Acupuncture in multiple sclerosis, a made-up study", pmid="1", doi="10.5555/x"),
    record("pubmed:2", title="Acupuncture in multiple sclerosis, a made-up study", year=2025),
)
"""Two records of one title by one author, a year apart: perhaps one publication, perhaps two."""


@pytest.fixture
def doubtful(configure: Callable[..., Path], tmp_path: Path) -> Path:
    """The configuration of a watch that holds W1 and W2, which may be one, and two records of W3."""
    config = configure("http://localhost:9", "http://localhost:9")
    with writing(tmp_path / "litwatch.db") as store:
        third = record(
            "pubmed:3", title="Bladder diaries: acupuncture in multiple sclerosis (made up)", doi="10.5555/3"
        )
        records = *TWO, third, replace(third, source="zentralblatt")
        advance(store, *records, subject=load(config, {}, tmp_path).subject)
        store.statements.keep_statement(1, Origin(), Coverage("pubmed", "PubMed", NOW, Status.COMPLETE), None)
    return config


@pytest.fixture
def configure(tmp_path: Path) -> Callable[..., Path]:
    """Write a configuration of a watch on two sources, served at these addresses, and give its path."""
    others = "".join(f"[sources.{name}]\nenabled = false\n" for name in OTHERS)

    def write(pubmed: str, europepmc: str, more: str = "", key: str = "") -> Path:
        path = tmp_path / "litwatch.toml"
        path.write_text(
            f"""\
contact = "tests@example.org"
http = {{ retries = 0 }}
[sources.pubmed]
base_url = "{pubmed}/eutils"
rate = 1000
{key}
[sources.europepmc]
base_url = "{europepmc}/europepmc"
rate = 1000
{others}{more}""",
            encoding="utf-8",
        )
        return path

    return write
