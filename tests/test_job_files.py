"""Job files say, by the rules of whoever reads them, what they were given; or it is refused."""

import plistlib
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.config import Config
from pipeline.digest.schedule import parse
from pipeline.errors import ConfigError
from pipeline.job_files import KINDS, Installation, job_file, variables_in, written_to
from tests.support.watch import watch

HERE = Installation(("/opt/watch/bin/litwatch",), Path("/srv/watch/litwatch.toml"), "watch", Path("/home/watch"))
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12).filter(
    lambda name: name not in {".", ".."}
)
REFUSED: dict[str, set[str]] = {"cron": {"\\"}, "systemd": {"\\", "'", '"'}, "launchd": set()}
ODD = "a b  c'd\"e $x ${y} 50% %n ~ * [z] <&> é # ; | -- \\"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A watch in /srv/watch."""
    digests = [{"name": "weekly", "schedule": "weekly on monday at 07:00", "timezone": "Europe/Berlin"}]
    return watch(Path("/srv/watch"), "http://127.0.0.1:1", digests=digests)


def placed(config: Config, folder: Path) -> tuple[Config, Installation]:
    """The same watch, kept in another folder and run by a program of that folder."""
    moved = config.model_copy(update={"database": folder / "litwatch.db", "archive": folder / "site"})
    return moved, replace(HERE, program=(str(folder / "litwatch"),), config=folder / "litwatch.toml")


# --- what reads them ------------------------------------------------------------------------------


def cron_command(text: str) -> list[str]:
    """The arguments by crontab(5): to the end of the line, where backslash and % stand for %, and then a shell's."""
    line = text.splitlines()[-1]
    *times, command = line.split(" ", 5)
    assert times == ["2,17,32,47", "*", "*", "*", "*"]
    before, _, after = command.replace("\\%", "\0").partition("%")
    assert after == ""
    words = shlex.split(before.replace("\0", "%"))
    assert words.pop() == ">/dev/null"
    return words


def unit_words(value: str) -> Iterator[str]:
    """The words of a unit's line by systemd.syntax(7), with specifiers resolved."""
    for word in re.findall(r'"(?:[^"\\]|\\.)*"|\S+', value):
        bare = re.sub(r"\\(.)", r"\1", word[1:-1] if word.startswith('"') else word)
        assert not re.search(r"(?<!%)(?:%%)*%(?!%)", bare), "a specifier"
        yield bare.replace("%%", "%")


def unit(text: str, name: str) -> dict[str, list[str]]:
    """The assignments of one of the two units."""
    found = re.search(rf"^# ==> {re.escape(name)}$\n(.*?)(?=^# ==> |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found
    lines: dict[str, list[str]] = {}
    for line in found[1].split("\n"):
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            lines.setdefault(key, []).append(value)
    return lines


def unit_command(value: str) -> list[str]:
    """A command line by systemd.service(5): in arguments, but not in the program's path, $$ stands for $."""
    program, *arguments = unit_words(value)
    assert not any(re.search(r"(?<!\$)(?:\$\$)*\$(?!\$)", word) for word in arguments), "a variable"
    return [program, *(word.replace("$$", "$") for word in arguments)]


# --- what they say --------------------------------------------------------------------------------


@settings(max_examples=60)
@given(name=NAMES)
@example(name=ODD)
@example(name=ODD.replace("\\", ""))
@example(name="".join(set(ODD) - {"\\", "'", '"'}))
def test_said_back(config: Config, name: str) -> None:
    """Whatever the folder is called, this program is called with this configuration, or no file is made."""
    moved, here = placed(config, Path("/srv") / name)
    files = {}
    for kind, signs in REFUSED.items():
        if not name.isprintable() or set(name) & signs:
            with pytest.raises(ConfigError, match=r"\A[^\n]+\Z"):
                job_file(kind, moved, here)
        else:
            files[kind] = job_file(kind, moved, here)
    quiet = [*here.run, "--quiet"]
    if "cron" in files:
        assert cron_command(files["cron"]) == quiet
    if "systemd" in files:
        service = unit(files["systemd"], "litwatch.service")
        assert unit_command(service["ExecStart"][0]) == list(here.run)
        assert list(unit_words(service["ReadWritePaths"][0])) == [str(folder) for folder in written_to(moved)]
    if "launchd" in files:
        assert plistlib.loads(files["launchd"].encode())["ProgramArguments"] == quiet


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["two\nlines", "\x1b[31m", "left\u202eright", "half\udcff"])
def test_invisible(config: Config, kind: str, name: str) -> None:
    """A path with a line break, a control character or no text at all stands in no job file."""
    with pytest.raises(ConfigError, match="cannot stand in a job file"):
        job_file(kind, *placed(config, Path("/srv") / name))


@pytest.mark.parametrize("kind", KINDS)
def test_filled(config: Config, kind: str) -> None:
    """Nothing of a template is left to be filled in, and it says how to install it."""
    text = job_file(kind, config, replace(HERE, variables=("NCBI_API_KEY", "SMTP_PASSWORD")))
    assert not re.search(r"@[A-Z]+@", text)
    assert "install" in text
    assert "NCBI_API_KEY" in text
    assert "SMTP_PASSWORD" in text
    assert max(map(len, text.splitlines())) < 220


def test_units(config: Config) -> None:
    """The service writes where litwatch does and nowhere else, ends in time, and takes exit code 75 for no failure."""
    text = job_file("systemd", config, HERE)
    service, timer = unit(text, "litwatch.service"), unit(text, "litwatch.timer")
    assert service["Type"] == ["oneshot"]
    assert service["User"] == ["watch"]
    assert service["ProtectSystem"] == ["strict"]
    assert service["ReadWritePaths"] == ["/srv/watch /srv/watch/digests"]
    assert int(service["TimeoutStartSec"][0]) > config.http.budget
    assert service["SuccessExitStatus"] == ["75 143"]
    assert service["UMask"] == ["0077"]
    assert timer["Persistent"] == ["true"]
    assert timer["WantedBy"] == ["timers.target"]


def test_served_folders(config: Config) -> None:
    """What a web server shows, it can read."""
    served = config.model_copy(update={"archive": Path("/srv/watch/site")})
    assert unit(job_file("systemd", served, HERE), "litwatch.service")["UMask"] == ["0022"]
    assert plistlib.loads(job_file("launchd", served, HERE).encode())["Umask"] == 0o022


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there")
def test_systemd_takes_it(config: Config, tmp_path: Path) -> None:
    """Systemd itself finds nothing wrong with the units, and holds the service for well confined."""
    folder = tmp_path / ODD
    folder.mkdir()
    program = tmp_path / "a b $x 50% %n" / "litwatch"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    moved, here = placed(config, folder)
    here = replace(here, program=(str(program),))
    service, timer = job_file("systemd", moved, here).split("# ==> litwatch.timer")
    (tmp_path / "litwatch.service").write_text(service)
    (tmp_path / "litwatch.timer").write_text(timer)
    units = [tmp_path / "litwatch.service", tmp_path / "litwatch.timer"]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", units[0]],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert judged.returncode == 0, judged.stdout


@pytest.mark.skipif(shutil.which("crontab") is None, reason="cron is not there")
def test_cron_takes_it(config: Config, tmp_path: Path) -> None:
    """Cron itself finds nothing wrong with the lines."""
    (tmp_path / "tab").write_text(job_file("cron", *placed(config, Path("/srv") / ODD[:-1])))
    done = subprocess.run(["crontab", "-n", tmp_path / "tab"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_launchd_calls(config: Config) -> None:
    """Launchd calls at minutes of the hour, and what was missed in sleep is made up for: so it is no StartInterval."""
    job: dict[str, Any] = plistlib.loads(job_file("launchd", config, HERE).encode())
    assert [call["Minute"] for call in job["StartCalendarInterval"]] == [2, 17, 32, 47]
    assert job["Label"] == "org.litwatch.run"
    assert job["StandardErrorPath"] == "/home/watch/Library/Logs/litwatch.log"


# --- GitHub Actions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "zone", "line"),
    [
        ("daily at 07:00", "Europe/Berlin", "7 6 * * *"),  # 06:00 UTC in winter, 05:00 in summer
        ("weekly on monday at 23:55", "UTC", "2 0 * * *"),
        ("monthly on 1 at 07:00", "America/New_York", "7 12 * * *"),
        ("daily at 07:00", "Pacific/Kiritimati", "7 17 * * *"),
        ("daily at 07:00", "Pacific/Pago_Pago", "7 18 * * *"),
        ("daily at 07:00", "Asia/Kolkata", "37 1 * * *"),
        ("every run", "UTC", "7 6 * * *"),
    ],
)
def test_slots(config: Config, schedule: str, zone: str, line: str) -> None:
    """GitHub, which knows UTC alone, calls after the slot all the year round."""
    digest = config.digests[0].model_copy(update={"schedule": parse(schedule), "timezone": ZoneInfo(zone)})
    text = job_file("github-actions", config.model_copy(update={"digests": (digest,)}), HERE)
    assert re.findall(r'- cron: "(.*)"', text) == [line]


def test_github_trusts_nobody(config: Config) -> None:
    """It uses no action of anybody's, installs no name from an index, and may do nothing but keep the database."""
    text = job_file("github-actions", config, replace(HERE, variables=("NCBI_API_KEY",)))
    assert "uses:" not in text
    assert re.search(r'LITWATCH: "\./litwatch-[\w.]+-py3-none-any\.whl"', text)
    assert re.findall(r"^permissions:\n((?:  .*\n)+)", text, re.MULTILINE) == ["  contents: write\n"]
    assert "          NCBI_API_KEY: ${{ secrets.NCBI_API_KEY }}\n" in text
    assert set(re.findall(r"\$\{\{ (.*?) \}\}", text)) == {
        "github.token",
        "secrets.NCBI_API_KEY",
        "always() && steps.run.outcome != 'skipped'",
    }


@pytest.mark.parametrize("path", ["/var/lib/litwatch.db", "/srv/watch/../litwatch.db"])
def test_github_sees_one_folder(config: Config, path: str) -> None:
    """What lies outside of the configuration's folder would be lost there, and is refused."""
    with pytest.raises(ConfigError, match="must lie below /srv/watch"):
        job_file("github-actions", config.model_copy(update={"database": Path(path)}), HERE)


def test_github_expressions(config: Config) -> None:
    """A file's name that GitHub would take for an expression is refused."""
    odd = Path("/srv/watch/${{ secrets.KEY }}.db")
    with pytest.raises(ConfigError, match="expression"):
        job_file("github-actions", config.model_copy(update={"database": odd}), HERE)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")
def test_github_keeps_the_database(config: Config, tmp_path: Path) -> None:
    """Played with a repository in place of GitHub's: each run finds what the last one left, in one commit."""
    text = job_file("github-actions", config, HERE)
    steps = [re.sub(r"^ {10}", "", body, flags=re.MULTILINE) for body in re.findall(r"run: \|\n((?: {10}.*\n)+)", text)]
    kept = re.findall(r"KEPT: (.*)", text)
    assert kept == ['"litwatch.db\\nlitwatch.db-journal\\ndigests"']
    home, hub = tmp_path / "home", tmp_path / "hub"
    home.mkdir()
    environ = {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TOKEN": "token",
        "KEPT": "litwatch.db\nlitwatch.db-journal\ndigests",
        "GITHUB_SERVER_URL": hub.as_uri(),
        "GITHUB_REPOSITORY": "me/watch",
        "GITHUB_REF_NAME": "main",
    }

    def bash(script: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=folder,
            env=environ,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr

    author = "git -c user.name=a -c user.email=a@example.org"
    bash(f"git init -q --bare -b main {hub}/me/watch", tmp_path)
    bash(
        f"git init -q -b main && {author} commit -q --allow-empty -m x && git push -q {hub}/me/watch main",
        tmp_path / "0",
    )
    for number in (1, 2, 3):
        work = tmp_path / str(number)
        bash(steps[0], work)
        bash(f"echo {number} >> litwatch.db; mkdir -p digests; echo x > digests/{number}", work)
        bash(steps[-1], work)
    bash(steps[0], tmp_path / "4")
    assert (tmp_path / "4" / "litwatch.db").read_text() == "1\n2\n3\n"
    assert {path.name for path in (tmp_path / "4" / "digests").iterdir()} == {"1", "2", "3"}
    bash('test "$(git rev-list --count FETCH_HEAD)" = 1', tmp_path / "4")


def test_variables() -> None:
    """The environment variables of a configuration are found wherever they stand, and nothing else is taken for one."""
    table = {"a": "env:ONE", "b": [{"c": " env:TWO "}, "file:x", 3], "d": {"e": "env:not a name"}, "f": "see env:THREE"}
    assert list(variables_in(table)) == ["ONE", "TWO"]
