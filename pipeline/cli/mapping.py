"""The commands that write pages for any web server: map, archive."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from pipeline.cli.common import Command, Globals, global_options, now
from pipeline.errors import ConfigError, DeliveryFailed
from pipeline.publishing import write_archive, write_map


def _output(default: str) -> Callable[[Any], Any]:
    folder = click.Path(path_type=Path, file_okay=False)
    return click.option("--output", metavar="DIR", type=folder, help=f"Write to this folder; without it: {default}.")


@click.command(name="map", cls=Command)
@_output("litwatch-map")
@global_options
@click.pass_obj
def map_command(options: Globals, output: Path | None) -> None:
    """Write the evidence map and the questions people ask.

    Which treatments were studied for which outcomes, by how many studies of which design, and where there are none; and
    the studies behind popular claims. Pages that need no network and no script: map.html and questions.html, with
    map.csv and map.json for programs. Prints the paths of what it wrote; a file that is as it would be written is left.
    """
    folder = output or Path("litwatch-map")
    _write(folder, lambda: write_map(options.load_config(needs_secrets=False), folder, now()))


@click.command(cls=Command)
@_output("the configuration's archive, else litwatch-archive")
@global_options
@click.pass_obj
def archive(options: Globals, output: Path | None) -> None:
    """Write all issues with an index, to be put on any web server.

    The pages of each digest as they were composed, byte for byte, an index of them, and what the map command writes.
    Prints the paths of what it wrote; what has not changed is left as it is.
    """
    config = options.load_config(needs_secrets=False)
    folder = output or config.archive or Path("litwatch-archive")
    _write(folder, lambda: write_archive(config, folder, now()))


def _write(folder: Path, write: Callable[[], Iterable[Path]]) -> None:
    """Print what was written. ConfigError if the folder cannot be written to."""
    try:
        written = write()
    except DeliveryFailed as error:
        reason = error.__cause__.strerror if isinstance(error.__cause__, OSError) else None
        raise ConfigError([f"{folder}: cannot be written: {reason or error}; name another with --output"]) from error
    for path in written:
        click.echo(path)


COMMANDS = (map_command, archive)
