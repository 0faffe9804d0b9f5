"""audit: what became of publications that should be found, in every kind of list."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Litwatch

TRIAL = "10.5555/litwatch.sample.5"
PREPRINT = "10.5555/litwatch.sample.preprint.3"
ARTICLE = "10.5555/litwatch.sample.4"
Audit = Callable[..., Mapping[str, Any]]


@pytest.fixture
def audit(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> Audit:
    """Audit a list by --json; the document."""

    def run(content: str, name: str = "list.txt") -> Mapping[str, Any]:
        (tmp_path / name).write_text(content, encoding="utf-8")
        result = litwatch("audit", "--json", name, "--config", stocked)
        assert (result.code, result.err) == (0, "")
        document: Mapping[str, Any] = result.document
        return document

    return run


def screened_out(litwatch: Litwatch, stocked: Path) -> Mapping[str, Any]:
    """A work that was put out, with its dossier."""
    works = litwatch("list", "--json", "--tier", "out", "--config", stocked).document
    pmid = next(work["identifiers"]["pmid"] for work in works if work["identifiers"]["pmid"])
    dossier: Mapping[str, Any] = litwatch("show", pmid, "--json", "--config", stocked).document
    return dossier


def test_document(litwatch: Litwatch, stocked: Path, audit: Audit) -> None:
    """Each finding with what it rests on, in the list's order, and the sums."""
    out = screened_out(litwatch, stocked)
    pmid = out["identifiers"]["pmid"]
    document = audit(f"{TRIAL}\n\n{PREPRINT}\nPMID: {pmid}\nhttps://doi.org/10.5555/Nowhere\n?\n{ARTICLE}\n")
    publications = document["publications"]
    assert {key: value for key, value in document.items() if key != "publications"} == {
        "file": "list.txt",
        "wanted": 5,
        "found": 3,
        "harvested": 4,
        "unreadable": 1,
        "recall": 0.6,
    }
    assert [(one["line"], one["words"], one["finding"]) for one in publications] == [
        (1, TRIAL, "told"),
        (3, PREPRINT, "told"),
        (4, f"PMID: {pmid}", "screened_out"),
        (5, "https://doi.org/10.5555/Nowhere", "never_harvested"),
        (6, "?", "unreadable"),
        (7, ARTICLE, "told"),
    ]
    told, preprint, excluded, missing, unreadable, article = publications
    shown = litwatch("show", TRIAL, "--json", "--config", stocked).document
    assert (told["work"], told["title"]) == (shown["id"], shown["title"])
    assert told["told_in"] == [{"digest": "patients", "issue": 2}, {"digest": "weekly", "issue": 2}]
    first = [{"digest": "patients", "issue": 1}, {"digest": "weekly", "issue": 1}]
    assert preprint["told_in"] == article["told_in"] == first
    assert article["note"] == f"as a version of {preprint['work']}"
    assert (excluded["work"], excluded["rule"]) == (out["id"], out["verdict"]["excluded_by"])
    assert (missing["work"], missing["title"], missing["rule"], missing["told_in"]) == (None, None, None, [])
    assert missing["wanted"] == {
        "doi": "10.5555/nowhere",
        "pmid": None,
        "pmcid": None,
        "preprint": None,
        "nct": None,
        "title": None,
    }
    assert unreadable["note"] == "no identifier, and no title that tells enough"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("list.csv", ["title,doi", "{title},", f",{TRIAL}", "Made-up and surely nowhere to be found,"]),
        ("list.tsv", ["ID\ttitle", "1\t{title}", "2\tSAMPLE {title}", "3\tx"]),
        ("list.ris", ["TY  - JOUR", "TI  - {title}", "ER  - ", "TY  - JOUR", f"DO  - {TRIAL}", "TY  - JOUR", "ER  - "]),
    ],
)
def test_formats(litwatch: Litwatch, stocked: Path, audit: Audit, name: str, lines: Sequence[str]) -> None:
    """Every kind of list leads to the same work."""
    shown = litwatch("show", TRIAL, "--json", "--config", stocked).document
    first, second, third = audit("\n".join(lines).format(title=shown["title"]), name)["publications"]
    assert (first["finding"], first["work"]) == ("told", shown["id"])
    assert second["work"] in {shown["id"], None}
    assert third["finding"] in {"never_harvested", "unreadable"}


def test_exported(litwatch: Litwatch, stocked: Path, audit: Audit) -> None:
    """What litwatch exports, it finds again, every single one."""
    exported = litwatch("export", "--format", "csv", "--config", stocked).out
    document = audit(exported, "works.csv")
    assert document["wanted"] == document["found"] > 50
    assert {one["finding"] for one in document["publications"]} == {"told"}


def test_text(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """A line a publication, in columns, in the user's words but for what would upset a terminal; then the recall."""
    out = screened_out(litwatch, stocked)
    content = f"{TRIAL}\n{out['identifiers']['pmid']}\n10.5555/none\nwhat\x1b[2J\u202eis\a this\nPMC\n"
    (tmp_path / "list.txt").write_text(content, encoding="utf-8")
    result = litwatch("audit", "list.txt", "--config", stocked)
    assert (result.code, result.err) == (0, "")
    told, screened, never, unreadable, *_, recall, uncounted = result.out.splitlines()
    assert told.startswith("told             W")
    assert told.endswith(f"  {TRIAL}")
    assert "  told in patients 2 and weekly 2  " in told
    assert screened.startswith("screened out ")
    assert f"  by {out['verdict']['excluded_by']}  " in screened
    assert never.startswith("never harvested  -")
    assert unreadable.endswith("what[2Jis this")
    assert "  line 4: no identifier" in unreadable
    assert told.index(TRIAL) == never.index("10.5555/none")
    assert recall == "Recall 1 of 3 (33.3 %); harvested 2 of 3."
    assert uncounted == "2 entries say too little to be looked up, and do not count."


def test_one_uncounted(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """One is not two, and long words are cut."""
    (tmp_path / "list.txt").write_text(f"{TRIAL}\n{'long ' * 1000}\n", encoding="utf-8")
    lines = litwatch("audit", "list.txt", "--config", stocked).out.splitlines()
    assert lines[-1] == "1 entry says too little to be looked up, and does not count."
    assert lines[1].endswith("…")
    assert len(lines[1]) < 400


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("columns", [100, 40, 8])
def test_terminal(stocked: Path, tmp_path: Path, columns: int) -> None:
    """On a terminal no publication takes more than a line, also where letters are two columns wide."""
    title = "金针王乐亭经验方治疗缓解期复发缓解型多发性硬化8例的临床观察"
    (tmp_path / "list.csv").write_text(f"title\n{title}\n{TRIAL * 5}\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pipeline", "audit", "list.csv", "--config", str(stocked)]
    root = str(Path(__file__).parents[2])
    variables = {**os.environ, "COLUMNS": str(columns), "PYTHONPATH": root, "TERM": "xterm"}
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        subprocess.run(command, stdout=theirs, cwd=tmp_path, env=variables, check=True)
        os.close(theirs)
        first, second, *_ = terminal.read(10_000).decode().splitlines()
    assert all(sum(1 + (char > "\u2e80") for char in line) <= columns for line in (first, second))
    assert ("told in patients 1 and weekly 1" in first) is (columns == 100)


def test_standard_input(stocked: Path) -> None:
    """A list may come through a pipe."""
    command = [sys.executable, "-m", "pipeline", "audit", "-", "--config", str(stocked)]
    root = str(Path(__file__).parents[2])
    run = subprocess.run(
        command, input=f"{TRIAL}\n", capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": root}
    )
    assert run.stdout.endswith("Recall 1 of 1 (100.0 %); harvested 1 of 1.\n")


# --- what cannot be audited -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("list.txt", b"", "list.txt: names no publication; give RIS, CSV, or one DOI"),
        ("list.txt", b"99000001\ncaf\xe9\n", "list.txt, line 2: not UTF-8; save the list as UTF-8 text"),
        ("list.csv", b'doi\n"10.5555/1\n', "list.csv, line 2: not a row of a table: "),
        ("li\x1b[1mst.csv", b"a,b\n", "li[1mst.csv, line 1: no column is called title, doi, pmid, pmcid or nct"),
        ("folder/list.txt", None, "folder/list.txt: cannot be read: No such file or directory"),
        ("x" * 300, None, "x" * 300 + ": cannot be read: File name too long"),
    ],
)
def test_refused(
    litwatch: Litwatch, stocked: Path, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    """A list that cannot be read is one sentence and exit code 2."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = litwatch("audit", name, "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"litwatch: {sentence}")
    assert len(result.err.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without end")
def test_endless(litwatch: Litwatch, stocked: Path) -> None:
    """A file without end is not read to the end."""
    result = litwatch("audit", "/dev/zero", "--config", stocked)
    assert (result.code, result.err) == (2, "litwatch: /dev/zero: larger than 100 MB; audit it in parts\n")


def test_before_any_run(litwatch: Litwatch, configure: Callable[..., Path], tmp_path: Path) -> None:
    """Without a database there is nothing to audit, and none is made."""
    config = configure("http://127.0.0.1:9", "http://127.0.0.1:9")
    (tmp_path / "list.txt").write_text(TRIAL, encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    result = litwatch("audit", "list.txt", "--config", config)
    assert (result.code, result.out) == (2, "")
    assert "there is no database yet; `litwatch run` makes it" in result.err
    assert sorted(tmp_path.iterdir()) == before
