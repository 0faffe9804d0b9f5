"""Reading members of a JSON object from a stranger: each is of its kind, or the record is rejected; absent is empty."""

import json
from collections.abc import Iterable
from typing import Any

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.model import PartialDate

Json = dict[str, Any]


def stored(payload: bytes) -> object:
    """The JSON value of a stored payload. RecordRejected if it is none."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise RecordRejected("not a JSON value") from error


def payload_of(member: object) -> bytes:
    """One member of an answer as the bytes that are stored for it."""
    return json.dumps(member, ensure_ascii=True, separators=(",", ":")).encode()


def string(holder: Json, key: str) -> str:
    """A field as text, empty if it is not stated. Whole numbers are text too, since years come as both."""
    value = holder.get(key)
    if value is None:
        return ""
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise RecordRejected(f"{key} is not text")


def plain(holder: Json, key: str) -> str:
    """A field as one line of plain text."""
    return text.clean(string(holder, key))


def markup(holder: Json, key: str) -> str:
    """A field that may hold HTML or JATS, as one line of plain text."""
    return text.from_markup(string(holder, key))


def obj(holder: Json, key: str) -> Json:
    """A member that is an object; an empty one if it is not stated."""
    value = holder.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordRejected(f"{key} is not an object")
    return value


def members(holder: Json, key: str) -> list[Any]:
    """A member that is a list; an empty one if it is not stated."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordRejected(f"{key} is not a list")
    return value


def objects(holder: Json, key: str) -> list[Json]:
    """A member that is a list of objects."""
    found = members(holder, key)
    if not all(isinstance(member, dict) for member in found):
        raise RecordRejected(f"a member of {key} is not an object")
    return found


def strings(holder: Json, key: str) -> list[str]:
    """A member that is a list of texts."""
    found = members(holder, key)
    if not all(isinstance(member, str) for member in found):
        raise RecordRejected(f"a member of {key} is not text")
    return found


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in order, without the empty ones."""
    return tuple(dict.fromkeys(value for value in values if value))


def iso_date(stated: str) -> PartialDate | None:
    """An ISO date at its own precision; None for anything else: a date is no reason to lose a record."""
    try:
        return PartialDate.parse(stated)
    except ValueError:
        return None
