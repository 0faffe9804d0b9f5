"""The editions' texts, read from a parsed file and checked: none says what an issue may not say."""

import re
from collections.abc import Iterator, Mapping

from pydantic import TypeAdapter

from pipeline.checked import path, read_as
from pipeline.digest.edition import Editions
from pipeline.digest.plain import abbreviations, has_any
from pipeline.errors import ConfigError

INCOMPLETE = "INCOMPLETE"
"""The word by which readers know that something is missing; it is no abbreviation."""

_EDITIONS = TypeAdapter(Editions)
_NOTHING_NEW = "nothing new"
_PLACEHOLDER = re.compile(r"\{\w*\}")


def editions_from(toml: Mapping[str, object], place: str) -> Editions:
    """The editions that a parsed file words. ``place`` is the file's name, for messages.

    ConfigError carries every problem with its path in the file.
    """
    patient = toml.get("patient")
    said = [f"{place}: patient.{problem}" for problem in _problems(patient)] if isinstance(patient, Mapping) else []
    try:
        editions = read_as(_EDITIONS, toml, place, "the editions")
    except ConfigError as error:
        raise ConfigError([*error.problems, *said]) from None
    if said:
        raise ConfigError(said)
    return editions


def _problems(patient: Mapping[str, object]) -> Iterator[str]:
    """What the texts of the plain edition say that they may not, or leave out that they have to say."""
    never = tuple(word for _, word in _texts(patient.get("never")))
    glossary = patient.get("glossary")
    explained = {INCOMPLETE, *(glossary if isinstance(glossary, Mapping) else ())}
    for where, template in _texts({key: value for key, value in patient.items() if key != "never"}):
        text, place = _PLACEHOLDER.sub("", template), path(where)
        known = set() if where[0] == "glossary" else explained
        if has_any(never, text):
            yield f"{place}: has one of the words that never appear"
        if odd := [one for one in abbreviations(text) if one not in known]:
            yield f"{place}: has the abbreviation {odd[0]}, which no issue would explain"
        if _NOTHING_NEW in text.casefold() and place != "state.nothing_new":
            yield f"{place}: says that nothing is new, which state.nothing_new alone may say"
        if place in {"state.incomplete", "state.not_asked"} and INCOMPLETE not in text:
            yield f"{place}: must say {INCOMPLETE}"


def _texts(value: object, where: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every text in a value, with its place."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping | list):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _texts(inner, (*where, key))
