"""Files for readers."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deliver.files import replace_file, write_file
from pipeline.errors import DeliveryFailed


def test_write(tmp_path: Path) -> None:
    """The file and its folder are made, and the path comes back."""
    path = write_file(tmp_path / "new" / "digests", "weekly-0001.md", b"# News\n")
    assert path == tmp_path / "new" / "digests" / "weekly-0001.md"
    assert path.read_bytes() == b"# News\n"


def test_overwrite(tmp_path: Path) -> None:
    """A second write replaces the content and leaves nothing else behind."""
    write_file(tmp_path, "weekly.html", b"a long first version")
    write_file(tmp_path, "weekly.html", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("weekly.html", b"second")]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o000, 0o644)])
def test_mode(tmp_path: Path, umask: int, mode: int) -> None:
    """Readers may read what the operator's umask lets them; nobody else may write."""
    before = os.umask(umask)
    try:
        path = write_file(tmp_path, "weekly.txt", b"news")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "../../x",
        "a/b",
        "a\\b",
        "/etc/passwd",
        "a\0b",
        "a\nb",
        "a b",
        "ä.md",
        "nul",
        "COM1.txt",
        "a.",
        "x" * 201,
    ],
)
def test_unsafe_name(tmp_path: Path, name: str) -> None:
    """Only plain names that mean the same on every system; anything else is our own mistake, and nothing is written."""
    with pytest.raises(ValueError, match="not a safe file name"):
        write_file(tmp_path, name, b"")
    assert not list(tmp_path.iterdir())


@given(name=st.text())
def test_any_name(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """Whatever the name, a file appears directly in the folder or nowhere."""
    folder = tmp_path_factory.mktemp("any")
    try:
        write_file(folder, name, b"")
    except ValueError:
        assert not list(folder.iterdir())
    else:
        assert [path.name for path in folder.iterdir()] == [name]


def test_failure(tmp_path: Path) -> None:
    """Trouble with the disk is one sentence that names the file, and what was there before stays."""
    (tmp_path / "weekly.md").mkdir()
    with pytest.raises(DeliveryFailed, match=r"^cannot write .*weekly\.md: Is a directory; once that is put right"):
        write_file(tmp_path, "weekly.md", b"news")
    assert [path.name for path in tmp_path.iterdir()] == ["weekly.md"]


def test_folder_is_file(tmp_path: Path) -> None:
    """A folder that cannot be made is told in the same way."""
    (tmp_path / "digests").write_text("in the way")
    with pytest.raises(DeliveryFailed, match="cannot write"):
        write_file(tmp_path / "digests", "weekly.md", b"news")


DIES = """
import os, signal, sys
from pathlib import Path
from pipeline.deliver.files import write_file

remaining = int(sys.argv[2])

def count(event, args):
    # Every step that reaches the disk raises an audit event before it is done (Python's "Audit events table"),
    # but for fsync and write, which change no name.
    global remaining
    if event in {"open", "os.rename", "os.remove"}:
        remaining -= 1
        if remaining < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
write_file(Path(sys.argv[1]), "weekly.md", b"new" * 100_000)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_killed(tmp_path: Path) -> None:
    """Killed before any of its steps, a writer leaves the old file or the new one, never half of one."""
    seen = []
    for step in range(10):
        (tmp_path / "weekly.md").write_bytes(b"old")
        died = subprocess.run([sys.executable, "-c", DIES, tmp_path, str(step)], check=False).returncode != 0
        content = (tmp_path / "weekly.md").read_bytes()
        assert content in {b"old", b"new" * 100_000}
        seen.append((died, content == b"old"))
    assert (True, True) in seen, "killed before the new name was given"
    assert (True, False) in seen, "killed after it"
    assert seen[-1] == (False, False), "not killed at all"


def test_own_mode(tmp_path: Path) -> None:
    """A private file is private from its first byte on."""
    replace_file(tmp_path / "litwatch.toml", b"", mode=0o600)
    assert stat.S_IMODE((tmp_path / "litwatch.toml").stat().st_mode) == 0o600
