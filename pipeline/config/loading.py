"""Finding the configuration, and making a :class:`Config` of it or a list of everything that is wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.config.problems import describe
from pipeline.config.schema import Config
from pipeline.config.values import Surroundings
from pipeline.errors import ConfigError
from pipeline.operator_files import configuration, places, read_toml


def load(path: Path | None, environ: Mapping[str, str], folder: Path, *, needs_secrets: bool = True) -> Config:
    """Read the configuration; touch nothing. Who asks and sends nothing needs no secrets, and may not have them.

    Looked for in this order: ``path`` (``--config``), ``$LITWATCH_CONFIG``, ``config/litwatch.toml`` below ``folder``
    (the current one), ``litwatch/litwatch.toml`` in the user's configuration folder. ConfigError lists every problem.
    """
    folder = folder.absolute()
    found = configuration(path, environ, folder)
    if found is None:
        within, beyond = places(folder)
        looked = f"neither {within.relative_to(folder)} nor {beyond}"
        raise ConfigError(
            [f'there is no configuration ({looked}); "litwatch init" writes one, then set "contact" in it']
        )
    place = str(found.relative_to(folder) if found.is_relative_to(folder) else found)
    return build(read_toml(found, place), place, Surroundings(found.parent, environ, needs_secrets))


def build(table: Mapping[str, Any], place: str, around: Surroundings) -> Config:
    """Check a TOML file's content; ``place`` names the file in messages. ConfigError lists every problem."""
    try:
        return Config.model_validate(table, context=around)
    except ValidationError as error:
        raise ConfigError(list(describe(error, Config, place))) from None
