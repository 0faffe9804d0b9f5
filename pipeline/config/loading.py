"""Finding the configuration, and making a :class:`Config` of it or a list of everything that is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import ValidationError

from pipeline.config.problems import describe
from pipeline.config.reading import read_toml
from pipeline.config.schema import Config
from pipeline.config.values import Surroundings
from pipeline.errors import ConfigError

_NAME = "litwatch.toml"


def load(path: Path | None, environ: Mapping[str, str], folder: Path) -> Config:
    """Read the configuration; touch nothing.

    Looked for in this order: ``path`` (``--config``), ``$LITWATCH_CONFIG``, ``config/litwatch.toml`` below ``folder``
    (the current one), ``litwatch/litwatch.toml`` in the user's configuration folder. ConfigError lists every problem.
    """
    folder = folder.absolute()
    found = _find(path, environ, folder)
    place = str(found.relative_to(folder) if found.is_relative_to(folder) else found)
    return build(read_toml(found, place), place, Surroundings(found.parent, environ))


def build(table: Mapping[str, Any], place: str, around: Surroundings) -> Config:
    """Check a TOML file's content; ``place`` names the file in messages. ConfigError lists every problem."""
    try:
        return Config.model_validate(table, context=around)
    except ValidationError as error:
        raise ConfigError(list(describe(error, Config, place))) from None


def _find(path: Path | None, environ: Mapping[str, str], folder: Path) -> Path:
    """Find the file to read. One that was named is taken even if it is not there, so that its absence is told."""
    if named := path or environ.get("LITWATCH_CONFIG"):
        return folder / named
    places = (folder / "config" / _NAME, user_config_path("litwatch") / _NAME)
    for place in places:
        if place.exists():
            return place
    looked = f"neither {places[0].relative_to(folder)} nor {places[1]}"
    raise ConfigError([f'there is no configuration ({looked}); "litwatch init" writes one, then set "contact" in it'])
