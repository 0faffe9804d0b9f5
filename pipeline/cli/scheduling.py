"""The command that prints job files, for whatever calls programs on time on this machine."""

import getpass
import logging
import os
import sys
from pathlib import Path

import click

import pipeline
from pipeline.cli.common import Command, Globals, global_options, print_exactly
from pipeline.job_files import KINDS, Installation, job_file, variables_in, written_to
from pipeline.operator_files import read_toml

log = logging.getLogger(__name__)


@click.command(cls=Command)
@click.option(
    "--print",
    "kind",
    type=click.Choice(list(KINDS)),
    required=True,
    help="For whom: the program that is to call litwatch.",
)
@global_options
@click.pass_obj
def schedule(options: Globals, kind: str) -> None:
    """Print a job file for a scheduler.

    With the paths of this installation and configuration filled in, and comments that say how to install it. Changes
    nothing.
    """
    config, path = options.load_config(needs_secrets=False), options.config_file()
    user, home = getpass.getuser(), Path.home()
    variables = tuple(dict.fromkeys(variables_in(read_toml(path, str(path)))))
    print_exactly(job_file(kind, config, Installation(_program(), path, user, home, variables)))
    for folder in written_to(config):
        if not folder.is_dir():
            log.warning("%s is not there yet; do `litwatch run` once by hand before you install the job", folder)


def _program() -> tuple[str, ...]:
    """What starts litwatch: the program beside this Python, or this Python itself, told where litwatch is."""
    beside = Path(sys.executable).with_name("litwatch")
    if os.access(beside, os.X_OK):
        return (str(beside),)
    folder = Path(pipeline.__file__).absolute().parents[1]
    return ("/usr/bin/env", f"PYTHONPATH={folder}", sys.executable, "-m", "pipeline")


COMMANDS = (schedule,)
