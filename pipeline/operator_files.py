"""Files of the configuration: where they are looked for, and those that come with litwatch."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from pipeline.errors import ConfigError
from pipeline.screen import subject_from
from pipeline.screen.subject import Subject

CONFIGURATION = "litwatch.toml"
SUBJECT = "acupuncture-ms.toml"
EDITIONS = "editions.toml"
QUESTIONS = "questions.toml"

_PACKAGE = Path(__file__).parent
# An installed wheel carries the files inside the package; a checkout keeps them at its top.
_BUNDLES = (_PACKAGE / "_config", _PACKAGE.parent / "config")


def places(folder: Path) -> tuple[Path, ...]:
    """Where the configuration is looked for, seen from a folder, if no option and no variable names it."""
    return (folder / "config" / CONFIGURATION, user_config_path("litwatch") / CONFIGURATION)


def configuration(named: Path | None, environ: Mapping[str, str], folder: Path) -> Path | None:
    """The configuration's file, if there is one. One that was named is taken even if it is not there."""
    if stated := named or environ.get("LITWATCH_CONFIG"):
        return folder / stated
    return next((place for place in places(folder) if place.exists()), None)


def bundled(name: str) -> str:
    """Give the text of a file that comes with litwatch, like ``litwatch.toml``; FileNotFoundError if none is."""
    for folder in _BUNDLES:
        if Path(name).name == name and (folder / name).is_file():
            return (folder / name).read_text("utf-8")
    raise FileNotFoundError(f"litwatch brings no file {name!r}")


def read_toml(path: Path, place: str) -> dict[str, Any]:
    """Read a TOML file. ConfigError, with line and column where the file breaks the syntax."""
    try:
        return parse_toml(path.read_text("utf-8-sig"), place)
    except OSError as error:
        raise ConfigError([f"{place}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([f"{place}: is not UTF-8 text (byte {error.start + 1})"]) from None


def parse_toml(text: str, place: str) -> dict[str, Any]:
    """Read TOML text. ConfigError, with line and column, where the text breaks the syntax."""
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and int() on a number of thousands of digits
        raise ConfigError([f"{place}: is not valid TOML: {error}"]) from None
    except RecursionError:
        raise ConfigError([f"{place}: is not valid TOML: lists or tables are nested too deeply"]) from None


def table_at(folder: Path, name: str, kind: str) -> tuple[dict[str, Any], str]:
    """What stands in a file below ``folder``, or else in the bundled one of that name; and its place, for messages.

    ConfigError if there is neither, which says that it is no ``kind``, or if it is not TOML.
    """
    path = folder / name
    try:
        exists = path.exists()
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from None
    if exists:
        return read_toml(path, str(path)), str(path)
    try:
        text = bundled(name)
    except FileNotFoundError:
        raise ConfigError([f"{path}: no such {kind}, and none of that name comes with litwatch"]) from None
    return parse_toml(text, name), name


def subject_at(folder: Path, name: str) -> Subject:
    """Load the subject profile in a file below ``folder``, or else the bundled one of that name.

    ConfigError with every problem of the profile.
    """
    return subject_from(*table_at(folder, name, "subject profile"))


def bundled_subject(name: str = SUBJECT) -> Subject:
    """A subject profile that comes with litwatch; FileNotFoundError if none of that name does."""
    return subject_from(parse_toml(bundled(name), name), name)
