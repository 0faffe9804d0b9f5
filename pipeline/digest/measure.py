"""A page of words that are each of a readable length, whatever the records say."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from pipeline.digest.card import Link, Note
from pipeline.digest.page import Page
from pipeline.digest.words import shortened

_LONGEST = 1_200  # characters; a sentence of a record rarely has 600
_LONGEST_ADDRESS = 2_000  # characters; beyond it mail programs cut an address, and it leads elsewhere
_MOST_PARTS = 30  # of one note; a review may list the numbers of a hundred trials


def measured(page: Page) -> Page:
    """The same page; what nobody would read to its end is cut with an ellipsis, and too long an address is no link."""
    shorter: Page = _measured(page)
    return shorter


def _measured(value: Any) -> Any:
    """Any part of a page."""
    if isinstance(value, str):
        return shortened(value, _LONGEST)
    if isinstance(value, tuple):
        return tuple(map(_measured, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    if isinstance(value, Note) and len(value.parts) > _MOST_PARTS:
        more = Link(f"and {len(value.parts) - _MOST_PARTS:,} more")
        value = replace(value, parts=(*value.parts[:_MOST_PARTS], more))
    return replace(value, **{field.name: _field(field.name, getattr(value, field.name)) for field in fields(value)})


def _field(name: str, value: Any) -> Any:
    if name == "url":
        return value if len(value) <= _LONGEST_ADDRESS else ""
    return _measured(value)
