"""Job files for cron, systemd, launchd and GitHub Actions: templates that come with litwatch, filled in.

What is filled in is quoted by the rules of each format. What a format cannot hold is refused in one sentence.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from pipeline import __version__
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.operator_files import bundled

_PLACEHOLDER = re.compile(r"^@([A-Z]+)@$\n|@([A-Z]+)@", re.MULTILINE)
_DELIVERY = 1_800  # seconds that a run may take besides what its requests may
_NO_SLOT = time(6, 0)  # for digests of every run: some time of the day
_AFTER = timedelta(minutes=7)
_WHEEL = f"litwatch-{__version__}-py3-none-any.whl"


@dataclass(frozen=True, slots=True)
class Installation:
    """What job files say of this machine.

    ``program`` is the command line that starts litwatch, ``config`` the configuration's file, ``variables`` the
    environment variables that it refers to. Paths are absolute.
    """

    program: tuple[str, ...]
    config: Path
    user: str
    home: Path
    variables: tuple[str, ...] = ()

    @property
    def run(self) -> tuple[str, ...]:
        """The command line that a job calls."""
        return (*self.program, "--config", str(self.config), "run", "--if-due")

    def print(self, kind: str) -> tuple[str, ...]:
        """The command line that prints a job file."""
        return (*self.program, "--config", str(self.config), "schedule", "--print", kind)


def written_to(config: Config) -> tuple[Path, ...]:
    """Every folder that a run writes to, each once."""
    files = [config.database, *_feeds(config)]
    return tuple(dict.fromkeys([*(path.parent for path in files), *_folders(config)]))


def _feeds(config: Config) -> list[Path]:
    return [digest.feed for digest in config.digests if digest.feed]


def _folders(config: Config) -> list[Path]:
    """The folders that are a run's own."""
    others = (config.archive, config.email.transport[1])
    return [*(digest.files.dir for digest in config.digests), *(folder for folder in others if folder)]


def job_file(kind: str, config: Config, here: Installation) -> str:
    """The text of a job file of one of ``KINDS``. ConfigError if a path cannot stand in it."""
    for text in (*here.run, str(here.home), *map(str, written_to(config))):
        if not text.isprintable():
            raise ConfigError([f"{text!r} cannot stand in a job file; rename it without invisible characters"])
    return KINDS[kind](config, here)


def _filled(template: str, **values: str) -> str:
    """The template with a value for each @NAME@. One that is empty takes its line along."""

    def value(found: re.Match[str]) -> str:
        alone, text = found[1], values[(found[1] or found[2]).lower()]
        return f"{text}\n" if alone and text else text

    return _PLACEHOLDER.sub(value, bundled(template))


# --- cron -------------------------------------------------------------------------------------------


def _cron(config: Config, here: Installation) -> str:
    """crontab(5): up to the line's end for a shell, but a % ends it unless there is a backslash before it."""
    command = shlex.join([*here.run, "--quiet"])
    if "\\" in command:
        raise ConfigError([f"{command}: not every cron reads a backslash alike; rename what has one in its name"])
    return _filled(
        "litwatch.cron",
        command=command.replace("%", r"\%"),
        print=shlex.join(here.print("cron")),
        contact=config.contact,
        environment="\n".join(f"#{name}=" for name in here.variables),
    )


# --- systemd ----------------------------------------------------------------------------------------


def _systemd(config: Config, here: Installation) -> str:
    """systemd.syntax(7), systemd.unit(5), "Specifiers", and systemd.service(5), "Command lines"."""
    program, *arguments = here.run
    if re.search(r"""["'\\]""", program):
        raise ConfigError([f"{program}: systemd starts no program whose path has a quotation mark or a backslash"])
    # Variables are expanded in arguments, not in the program's path.
    command = [_systemd_word(program), *(_systemd_word(word).replace("$", "$$") for word in arguments)]
    service = _filled(
        "litwatch.service",
        print=shlex.join(here.print("systemd")),
        folders=" ".join(_systemd_word(str(folder)) for folder in written_to(config)),
        user=here.user.replace("%", "%%"),
        command=" ".join(command),
        timeout=str(_longest(config)),
        umask=f"{_umask(config):04o}",
        environment=_commented("The configuration wants {}.", here.variables),
    )
    return f"{service}\n{bundled('litwatch.timer')}"


def _systemd_word(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return quoted if re.fullmatch(r"[\w/.@%+,:=-]+", quoted, re.ASCII) else f'"{quoted}"'


def _longest(config: Config) -> int:
    """Seconds after which a run hangs."""
    return int(config.http.budget) + _DELIVERY


def _umask(config: Config) -> int:
    """What a web server serves must be readable to it; all else is the user's alone."""
    served = config.archive or any(digest.feed for digest in config.digests)
    return 0o022 if served else 0o077


def _commented(sentence: str, names: tuple[str, ...]) -> str:
    return f"# {sentence.format(', '.join(names))}" if names else ""


# --- launchd ----------------------------------------------------------------------------------------


def _launchd(config: Config, here: Installation) -> str:
    """launchd.plist(5): a property list, with each argument as a string of its own and no shell."""
    return _filled(
        "org.litwatch.run.plist",
        command="\n".join(f"    <string>{escape(word)}</string>" for word in (*here.run, "--quiet")),
        environment="\n".join(f"    <!-- <key>{name}</key><string>...</string> -->" for name in here.variables),
        log=escape(str(here.home / "Library" / "Logs" / "litwatch.log")),
        umask=f"{_umask(config):04o}",
        mask=str(_umask(config)),
    )


# --- GitHub Actions ---------------------------------------------------------------------------------


def _github_actions(config: Config, here: Installation) -> str:
    """GitHub's "Workflow syntax". Every text is a JSON string, which YAML 1.2 section 1.3 takes as it is."""
    root = here.config.parent
    # Of a run that was killed, the journal is part of the database.
    journal = config.database.with_name(f"{config.database.name}-journal")
    kept = dict.fromkeys([config.database, journal, *_feeds(config), *_folders(config)])
    outside = [path for path in kept if path == root or not path.is_relative_to(root) or ".." in path.parts]
    if outside:
        raise ConfigError([f"{path}: must lie below {root}, since GitHub keeps nothing else" for path in outside])
    files = "\n".join(str(path.relative_to(root)) for path in kept)
    if "${{" in files + here.config.name:
        raise ConfigError([f"{root}: a name below it has ${{{{ in it, which GitHub takes for an expression"])
    return _filled(
        "github-actions.yml",
        root=str(root),
        slots="\n".join(f"    - cron: {json.dumps(line)}" for line in _slots(config)),
        minutes=str(_longest(config) // 60 + 10),
        wheel=_WHEEL,
        package=json.dumps(f"./{_WHEEL}"),
        config=json.dumps(here.config.name),
        kept=json.dumps(files),
        secrets="\n".join(["        env:"] * bool(here.variables) + [*map(_secret, here.variables)]),
    )


def _secret(name: str) -> str:
    return f"          {name}: ${{{{ secrets.{name} }}}}"


def _slots(config: Config) -> list[str]:
    """A daily time in UTC for each time of day at which digests have slots, before none of them all the year round."""
    slots = [(digest.schedule.at or _NO_SLOT, digest.timezone) for digest in config.digests]
    return sorted({_daily(at, timezone) for at, timezone in slots}) or [_daily(_NO_SLOT, ZoneInfo("UTC"))]


_TWO_YEARS = range(0, 731, 7)  # days; enough to meet every offset that a zone has


def _daily(at: time, timezone: ZoneInfo) -> str:
    """Shortly after the latest time of day in UTC that a local time falls on, summer or winter, as in crontab(5)."""
    days = (datetime(2026, 1, 1, at.hour, at.minute, tzinfo=timezone) + timedelta(days=ahead) for ahead in _TWO_YEARS)
    offset = min(day.utcoffset() or timedelta() for day in days)
    latest = datetime(2026, 1, 2, at.hour, at.minute, tzinfo=UTC) - offset + _AFTER
    return f"{latest.minute} {latest.hour} * * *"


KINDS: Mapping[str, Callable[[Config, Installation], str]] = {
    "cron": _cron,
    "systemd": _systemd,
    "github-actions": _github_actions,
    "launchd": _launchd,
}


# --- what the configuration refers to ---------------------------------------------------------------

_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


def variables_in(value: object) -> Iterator[str]:
    """The environment variables that a configuration's values, as they stand in its file, refer to."""
    if isinstance(value, str) and (found := _VARIABLE.fullmatch(value.strip())):
        yield found[1]
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from variables_in(part)
