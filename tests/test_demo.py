"""The demo: the whole job on the bundled sample, whatever machine, folder or environment it is played in."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.asking import Nobody
from pipeline.demo import NOTE, play
from pipeline.errors import ConfigError
from pipeline.sample.world import FEEDS
from tests.support.mails import opened

ROOT = Path(__file__).parents[1]
DEFAULT_SOURCES = {"pubmed", "europepmc", "crossref", "semanticscholar", "clinicaltrials", "doaj"}


pytestmark = pytest.mark.xdist_group("demo")  # what they share is made once


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One demo, played once."""
    folder = tmp_path_factory.mktemp("first") / "demo"
    play(folder, Nobody())
    return folder


def digests(folder: Path) -> dict[str, bytes]:
    """Every digest a demo wrote."""
    return {path.name: path.read_bytes() for path in (folder / "digests").iterdir()}


def test_demo(tmp_path: Path) -> None:
    """Two runs write two issues of each digest; the second tells first what became of studies told in the first."""
    result = play(tmp_path / "new" / "demo", Nobody())
    assert sorted(digests(tmp_path / "new" / "demo")) == [
        f"{name}-000{number}.{ending}"
        for name in ("patients", "weekly")
        for number in (1, 2)
        for ending in ("html", "json", "md", "txt")
    ]
    assert result.text.index("Retracted: ") < result.text.index("Now published: ") < result.text.index("WORTH READING")
    assert result.text.index("Now published: ") < result.text.index("Results posted: ")
    assert result.text.index("Results posted: ") < result.text.index("Trial status changed: ")
    assert result.summary[0] == NOTE
    assert "first issue" in result.summary[1]
    assert f"litwatch --config {tmp_path / 'new' / 'demo' / 'litwatch.toml'} list" in result.summary[-1]


def test_mails(first: Path) -> None:
    """The issues for clinicians are there as mails, too, the second as an answer to the first."""
    found = (opened(path.read_bytes()) for path in (first / "mail" / "new").iterdir())
    one, two = sorted(found, key=lambda mail: str(mail["Date"].datetime))
    assert two["References"] == one["Message-ID"]
    assert two["Subject"] == issue(first, 2)["subject"]
    body = two.get_body(("plain",))
    assert body is not None
    assert body.get_content().encode() == digests(first)["weekly-0002.txt"]


def issue(folder: Path, number: int) -> Any:
    """What a demo's issue says, as JSON."""
    return json.loads(digests(folder)[f"weekly-000{number}.json"])


@pytest.mark.parametrize("number", [1, 2])
def test_sources(first: Path, number: int) -> None:
    """Every source that needs no key is asked in both runs, each holds something, and all of it came."""
    asked = issue(first, number)["coverage"]
    assert {one["status"] for one in asked} == {"complete"}
    assert {one["source"] for one in asked} >= DEFAULT_SOURCES
    assert len(asked) == len(DEFAULT_SOURCES) + len(FEEDS)
    assert all(one["fetched"] for one in asked)


def test_alone(first: Path) -> None:
    """What one source alone holds is told, under that source's name; what several tell is told once, with them all."""
    told = {one["identifiers"]["doi"]: one["sources"] for one in issue(first, 2)["items"]}
    assert told["10.5555/litwatch.sample.9"] == ["DOAJ"]
    assert {"Crossref", "Europe PMC", "PubMed"} <= set(told["10.5555/litwatch.sample.5"])
    assert len(issue(first, 2)["items"]) == len(told) == 7


def test_again(first: Path, tmp_path: Path) -> None:
    """Played again in the same folder, it begins anew and says the same."""
    folder = tmp_path / "demo"
    play(folder, Nobody())
    (folder / "mine.txt").write_text("kept", encoding="utf-8")
    play(folder, Nobody())
    assert digests(folder) == digests(first)
    assert (folder / "mine.txt").read_text("utf-8") == "kept"


@pytest.mark.parametrize("name", ["thesis.docx", "litwatch.toml"])
def test_folder_of_others(tmp_path: Path, name: str) -> None:
    """A folder with anything else in it is refused, and nothing in it is touched: not a real watch either."""
    (tmp_path / name).write_text('contact = "me@example.org"', encoding="utf-8")
    (tmp_path / "litwatch.db").write_text("years of work", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ConfigError, match="holds files that are not a demo's; name another folder with --output"):
        play(tmp_path, Nobody())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_no_folder(tmp_path: Path) -> None:
    """A place where no folder can be made is told in one sentence."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="name another folder with --output"):
        play(tmp_path / "file" / "demo", Nobody())


def test_foreign_environment(first: Path, tmp_path: Path) -> None:
    """Configuration, proxies, time zone and locale of the user change nothing; nor does a folder that is gone."""
    environment = os.environ | {
        "LITWATCH_CONFIG": "/nowhere/litwatch.toml",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "ascii",
        "PYTHONPATH": str(ROOT),
        **dict.fromkeys(("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"), "http://127.0.0.1:9"),
    }
    there, folder = tmp_path / "there", tmp_path / "demo"
    there.mkdir()
    done = subprocess.run(
        # -P as for the installed command: modules are not looked for in the current folder, which is gone.
        [sys.executable, "-P", "-c", _IN_A_FOLDER_THAT_IS_GONE, str(there), "demo", "--output", str(folder)],
        env=environment, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert digests(folder) == digests(first)
    assert done.stdout == digests(first)["weekly-0002.txt"]


_IN_A_FOLDER_THAT_IS_GONE = """
import os, sys
from pipeline.cli import main
os.chdir(sys.argv[1])
os.rmdir(sys.argv[1])
main(sys.argv[2:])
"""
