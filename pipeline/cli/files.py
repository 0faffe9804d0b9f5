"""Files of records, as the commands that exchange them open and write them."""

import gc
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from pipeline import text
from pipeline.cli.common import print_exactly
from pipeline.deliver.files import replace_file
from pipeline.errors import ConfigError
from pipeline.exchange.fields import Entry, Problem
from pipeline.exchange.reading import read

new_file = click.Path(path_type=Path, dir_okay=False)
files_argument = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True)
)
output_option = click.option("--output", metavar="FILE", type=new_file, help="Write to this file instead of stdout.")


def entries_of(files: Iterable[Path]) -> Iterator[tuple[str, Entry | Problem]]:
    """Every entry of every file, with the file's name. ConfigError if a file cannot be read."""
    for file in files:
        name = text.clean(str(file))
        try:
            with click.open_file(str(file), "rb") as stream:
                yield from _named(name, stream)
        except OSError as error:
            raise ConfigError([f"{name}: cannot be read: {error.strerror or error}"]) from error


def _named(name: str, stream: IO[bytes]) -> Iterator[tuple[str, Entry | Problem]]:
    return ((name, one) for one in read(name, stream))


@contextmanager
def nothing_is_garbage() -> Iterator[None]:
    """Everything is needed to the end: looking for garbage takes a third of the time that reading takes."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def write_out(pieces: Iterable[str], output: Path | None) -> None:
    """To stdout, or to a file as a whole."""
    if output:
        write_file(output, pieces, "--output")
    else:
        print_exactly("".join(pieces))


def write_file(path: Path, pieces: Iterable[str], option: str) -> None:
    """A whole file, named by an option; a link leads to its file, and a device or pipe is written into.

    ConfigError if it cannot be written.
    """
    content = "".join(pieces).encode()
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
            replace_file(path.resolve(), content, mode)
    except OSError as error:
        raise ConfigError([f"{option} {path}: cannot be written: {error.strerror or error}"]) from error


def refuse_same(files: Iterable[Path], outputs: Iterable[tuple[str, Path | None]]) -> None:
    """Refuse to write over what is read, or twice into one file. ConfigError."""
    taken = {file.resolve() for file in files if file.is_file()}
    for option, path in outputs:
        if path and path.resolve() in taken:
            raise ConfigError([f"{option} {path}: this file is read or written already; name another one"])
        if path and (path.is_file() or not path.exists()):
            taken.add(path.resolve())
