"""What is wrong with a configuration, in plain words: one sentence a problem, each with its place in the file."""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.text import clean

_LONGEST = 60
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")  # TOML 1.0, "Keys"
_MISSING_CONTACT = 'say who runs this watch, for example contact = "you@example.org"; the sources ask for it'


class OtherFileError(ValueError):
    """A value names another file, and that file has problems of its own; they already say their place."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def shown(value: object) -> str:
    """Spell a value of the file as the message repeats it: as in TOML, cut short, safe for a terminal."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a huge number"  # Python refuses to spell out those of more than 4,300 digits
    if isinstance(value, list):
        return _cut(f"[{', '.join(map(shown, value))}]")
    return _cut(clean(json.dumps(value, ensure_ascii=False)) if isinstance(value, str | bool) else str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def guess(word: str, known: Iterable[str]) -> str:
    """Ask ``; did you mean "x"?`` of the nearest known word; empty if none is near."""
    near = get_close_matches(word[:_LONGEST], list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def describe(error: ValidationError, model: type[BaseModel], file: str) -> Iterator[str]:
    """Every problem that pydantic found when it read ``file`` into ``model``."""
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, OtherFileError):
            yield from cause.problems
        elif detail["type"] != "default_factory_not_called":  # the consequence of another problem, told by itself
            yield f"{file}: {_place(detail['loc'])}: {_sentence(detail, model)}"


def _place(location: tuple[int | str, ...]) -> str:
    """``sources.pubmed.rate``, and ``feeds #2.url`` for the second of the ``[[feeds]]``."""
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f" #{part + 1}"
        else:
            place += ("." if place else "") + (part if _BARE_KEY.fullmatch(part) else shown(part))
    return place


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """Word the problem itself. Types of error not named here are worded by pipeline.config.values."""
    match detail["type"]:
        case "extra_forbidden":
            return _unknown(detail["loc"], model)
        case "missing":
            return _MISSING_CONTACT if detail["loc"] == ("contact",) else "is missing; it has no default"
        case "model_type":
            return f"must be a table, got {shown(detail['input'])}"
        case "tuple_type":
            return f"must be a list of tables, each headed [[{detail['loc'][-1]}]], got {shown(detail['input'])}"
        case _:
            return str(detail["ctx"]["error"])


def _unknown(location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    known = _keys(location[:-1], model)
    hint = guess(str(location[-1]), known)
    if location[:-1] == ("sources",):
        return f"unknown source; known are {', '.join(known)}{hint}"
    return f"unknown key{hint}"


def _keys(location: tuple[int | str, ...], model: type[BaseModel]) -> tuple[str, ...]:
    """List the keys that are known at a place."""
    for part in location:
        if isinstance(part, str):
            model = model_in(model.model_fields[part].annotation) or model
    return tuple(field.alias or name for name, field in model.model_fields.items())


def model_in(annotation: object) -> type[BaseModel] | None:
    """Find the model that an annotation is made of (``tuple[Feed, ...]``: Feed), or None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := model_in(part))), None)
