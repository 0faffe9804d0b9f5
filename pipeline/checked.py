"""An operator's data, read as a dataclass: checked as a whole, every problem told at once with its path in the file."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import ConfigError

T = TypeVar("T")
_PLAIN = {
    "missing": "is missing",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must be one word",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "dataclass_type": "must be a table",
}
_NO_KEY = {"extra_forbidden", "unexpected_keyword_argument"}


def read_as(adapter: TypeAdapter[T], toml: Mapping[str, object], place: str, kind: str) -> T:
    """The value that a parsed file describes. ``place`` is the file's name and ``kind`` what it is, for messages.

    ConfigError carries every problem with its path in the file.
    """
    try:
        return adapter.validate_python(dict(toml))
    except ValidationError as error:
        raise ConfigError(
            [f"{place}: {path(found['loc'])}: {_said(found, kind)}" for found in _causes(error)]
        ) from None


def path(location: tuple[int | str, ...]) -> str:
    """``concepts #1.terms #4``: where in the file, counted as people count."""
    return "".join(f" #{part + 1}" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _causes(error: ValidationError) -> list[ErrorDetails]:
    """What is wrong, without the lists that pydantic calls too short because something in them is wrong."""
    found = error.errors()
    places = [one["loc"] for one in found]
    return [
        one
        for one in found
        if one["type"] != "too_short"
        or not any(place != one["loc"] and place[: len(one["loc"])] == one["loc"] for place in places)
    ]


def _said(found: ErrorDetails, kind: str) -> str:
    if found["type"] in _NO_KEY:
        return f"is not a key of {kind}"
    return _PLAIN.get(found["type"], found["msg"].removeprefix("Value error, "))
