"""The commands that keep the database: backup, verify. They take no lock and change nothing in it."""

from pathlib import Path
from typing import Any

import click

from pipeline import text
from pipeline.cli.common import Command, Globals, global_options, json_option, print_json
from pipeline.errors import StoreError
from pipeline.store.backups import back_up
from pipeline.store.verifying import Report, verify_file

_file = click.Path(path_type=Path)
_there = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(cls=Command)
@click.argument("file", type=_file)
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=0, max=1000),
    default=3,
    show_default=True,
    help="Keep so many earlier copies, as FILE.1, the latest, to FILE.N.",
)
@global_options
@click.pass_obj
def backup(options: Globals, file: Path, keep: int) -> None:
    """Copy the database to FILE.

    The copy is whole and verified before it takes its name, also while a run is at work. What was in FILE becomes
    FILE.1. Prints the path of the copy.
    """
    click.echo(back_up(options.load_config(needs_secrets=False).database, file, keep))


@click.command(cls=Command)
@click.argument("file", metavar="[FILE]", required=False, type=_there)
@json_option
@global_options
@click.pass_obj
def verify(options: Globals, file: Path | None, as_json: bool) -> int:
    """Tell whether a database is sound.

    FILE is a copy of a database; without it, the configured one is looked at. Reads everything and changes nothing.
    """
    path = file or options.load_config(needs_secrets=False).database
    report = verify_file(path)
    if as_json:
        print_json(_document(path, report))
    else:
        click.echo("\n".join(_lines(path, report)))
    return StoreError.exit_code if report.problems else 0


def _document(path: Path, report: Report) -> dict[str, Any]:
    return {
        "file": str(path),
        "sound": not report.problems,
        "problems": list(report.problems),
        "older": report.older,
        "counts": dict(report.counts),
        "last_run": report.last_run.isoformat(timespec="seconds") if report.last_run else None,
    }


def _lines(path: Path, report: Report) -> list[str]:
    name = text.clean(str(path))
    if report.problems:
        return [f"{name} is not sound:", *(f"  {problem}" for problem in report.problems)]
    counts = ", ".join(f"{number:,} {what}" for what, number in report.counts.items())
    last = f"; last run {report.last_run:%Y-%m-%d %H:%M} UTC" if report.last_run else ""
    older = ["written by an older litwatch; `litwatch run` brings its tables up to date"] if report.older else []
    return [f"{name} is sound: {counts}{last}", *older]


COMMANDS = (backup, verify)
