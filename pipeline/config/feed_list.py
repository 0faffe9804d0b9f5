"""A list in a file of its own, of feeds or of questions, read like the configuration that names it."""

from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.config.problems import describe
from pipeline.config.values import Surroundings
from pipeline.errors import ConfigError
from pipeline.operator_files import table_at

Listing = TypeVar("Listing", bound=BaseModel)


def list_at(name: str, model: type[Listing], around: Surroundings, of: str = "feeds") -> Listing:
    """Read the list in a file below the configuration's folder, or else the bundled one of that name, as ``model``.

    ``of`` says for messages what is listed. ``around`` knows the names given so far, so that they are unique over the
    list and the configuration. ConfigError with every problem of the list.
    """
    table, place = table_at(around.folder, name, f"list of {of}")
    try:
        return model.model_validate(table, context=replace(around, folder=(around.folder / name).parent))
    except ValidationError as error:
        raise ConfigError(list(describe(error, model, place))) from None
