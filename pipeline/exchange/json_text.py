"""JSON: lines of litwatch's own records, or an array of them or of CSL-JSON items (RFC 8259)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn

from pipeline.exchange import csl
from pipeline.exchange.fields import SAME, Entry, Fields, Item, Problem, entry, flat
from pipeline.exchange.texts import Unreadable

_BETWEEN = re.compile(r"[ \t\r\n]*")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def line_entries(lines: Iterable[tuple[int, str]]) -> Iterator[Entry | Problem]:
    """One entry a line; blank lines are skipped."""
    for number, line in lines:
        if not (stripped := line.strip()):
            continue
        try:
            value, end = _DECODER.raw_decode(stripped)
        except (ValueError, RecursionError) as error:
            yield Problem(number, f"not JSON{_told(error)}", line)
            continue
        if end < len(stripped):
            yield Problem(number, "more than one JSON value in a line", line)
        else:
            yield _entry(number, value, line)


def array_entries(name: str, blocks: Iterable[str]) -> Iterator[Entry | Problem]:
    """One entry an element of an array. Unreadable if the array is broken: what comes after could be anything."""
    content = "".join(blocks)
    at, line = _after(content, content.index("[") + 1), 1
    counted = 0
    while at < len(content) and content[at] != "]":
        line, counted = line + content.count("\n", counted, at), at
        try:
            value, end = _DECODER.raw_decode(content, at)
        except (ValueError, RecursionError) as error:
            at_line = error.lineno if isinstance(error, json.JSONDecodeError) else line
            raise Unreadable(name, f"not JSON{_told(error)}", at_line) from error
        yield _entry(line, value, content[at:end])
        at = _after(content, end)
        if content[at : at + 1] == ",":
            at = _after(content, at + 1)
        elif content[at : at + 1] != "]":
            break
    if content[at:].strip() != "]":
        raise Unreadable(name, "not JSON: the list does not end", line + content.count("\n", counted))


def _after(content: str, at: int) -> int:
    """Where the next thing stands."""
    found = _BETWEEN.match(content, at)
    return found.end() if found else at


def _entry(line: int, value: object, raw: str) -> Entry | Problem:
    if not isinstance(value, dict):
        return Problem(line, "JSON, but no object", raw)
    return entry(line, csl.fields(value) if csl.is_csl(value) else _own(value), raw)


def _own(stated: Mapping[str, object]) -> Fields:
    """An object in litwatch's own fields, or in other names for them."""
    fields: dict[str, object] = {}
    for key, value in stated.items():
        if value is not None:
            fields.setdefault(SAME.get(key.lower(), key.lower()), value)
    return fields


def _told(error: Exception) -> str:
    """Where in a line it is broken, as far as that is known."""
    if isinstance(error, json.JSONDecodeError):
        return f": {error.msg} at column {error.colno}"
    return ": too deep" if isinstance(error, RecursionError) else ": a number that is none"


# --- writing --------------------------------------------------------------------------------------


def to_jsonl(items: Iterable[Item]) -> Iterator[str]:
    """One JSON object a line, text exactly as it is held."""
    for item in items:
        merged = {"merged": list(item.merged)} if item.merged else {}
        yield json.dumps(flat(item) | merged, ensure_ascii=False) + "\n"
