"""Spoils real-looking input as it is spoiled in life, and worse: by its structure where it has one, or byte by byte."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

Mutation = Callable[[bytes, Random], bytes]

ODD_TEXTS = (
    *(
        "",
        " ",
        "\n",
        "\0",
        "\x1b[31m",
        "\ud800",
        "\u202egnp.exe",
        "\u0130\u0131",
        "a" * 3_000,
        "&#x110000;",
        "&amp;lt;",
    ),
    *("<b>x</b>", "<!--", "]]>", "../../etc/passwd", "10.5555/" + "(" * 60, "NCT99999999999", "=1+1", "0000-00-00"),
    *(
        "2026-02-30",
        "9999-12-31",
        "Mon, 99 Foo 2026",
        "-1",
        "1e999",
        "9" * 5_000,
        "S1-S" + "9" * 5_000,
        "\u0661\u0662",
        "nan",
        "http://[",
        "\\",
    ),
)
_ODD_VALUES: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**400,
    0.5,
    [],
    {},
    [[]],
    [None],
    {"": None},
    *ODD_TEXTS,
)
_ODD_BYTES = (
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"<",
    b">",
    b"&",
    b'"',
    b"'",
    b"{",
    b"[",
    b"\\",
    b"\r",
    b"\n",
    b"=",
    b"%",
    b";",
)


def spoiled(content: bytes, random: Random) -> bytes:
    """Give the content with one to four things wrong with it, or now and then none."""
    for _ in range(random.choice((0, 1, 1, 1, 2, 4))):
        content = random.choice(_ways(content))(content, random)
    return content


def _ways(content: bytes) -> Sequence[Mutation]:
    """How such content is spoiled; in keeping with its structure as often as not."""
    begin = content.lstrip()[:1]
    by_kind = _json if begin in {b"{", b"["} else _xml if begin == b"<" else _lines
    return (by_kind, by_kind, by_kind, _cut, _doubled, _stretched, _swapped, _flipped, _inserted, _lines)


def _cut(content: bytes, random: Random) -> bytes:
    begin, end = _span(content, random)
    return content[:begin] + content[end:] if random.random() < 0.7 else content[:begin]


def _doubled(content: bytes, random: Random) -> bytes:
    begin, end = _span(content, random)
    return content[:end] + content[begin:]


def _stretched(content: bytes, random: Random) -> bytes:
    """Repeat a few bytes thousands of times: where that takes long, something takes quadratic time."""
    begin, end = _span(content, random)
    return content[:begin] + content[begin:end] * (20_000 // max(1, end - begin)) + content[end:]


def _swapped(content: bytes, random: Random) -> bytes:
    begin, end = _span(content, random)
    middle = (begin + end) // 2
    return content[:begin] + content[middle:end] + content[begin:middle] + content[end:]


def _flipped(content: bytes, random: Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(random.randint(1, 4)):
        if spoilt:
            spoilt[random.randrange(len(spoilt))] ^= 1 << random.randrange(8)
    return bytes(spoilt)


def _inserted(content: bytes, random: Random) -> bytes:
    place, _ = _span(content, random)
    odd = random.choice(_ODD_BYTES) if random.random() < 0.5 else random.choice(ODD_TEXTS).encode(errors="replace")
    return content[:place] + odd * random.choice((1, 1, 2, 100)) + content[place:]


def _span(content: bytes, random: Random) -> tuple[int, int]:
    begin = random.randint(0, len(content))
    return begin, min(len(content), begin + random.choice((1, 2, 8, 40, 400)))


def _lines(content: bytes, random: Random) -> bytes:
    """Drop, double, empty or move a line, or put an odd value behind its sign of equality, colon, dash or comma."""
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    at = random.randrange(len(lines))
    match random.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(random.randrange(len(lines)), lines[at])
        case 2:
            lines[at] = b"\n"
        case 3:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case _:
            sign = random.choice((b"=", b":", b"- ", b",", b'"'))
            head, found, _ = lines[at].partition(sign)
            lines[at] = head + found + random.choice(ODD_TEXTS).encode(errors="replace") + b"\n"
    return b"".join(lines)


def _json(content: bytes, random: Random) -> bytes:
    """Take out, double, rename or retype one member of a JSON value, wherever it stands."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return _flipped(content, random)
    holders = [one for one in _holders(value) if one]
    if holders:
        _spoil(random.choice(holders), random)
    return json.dumps(value, separators=(",", ":")).encode()


def _holders(value: Any) -> list[Any]:
    """Every object and list in a JSON value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [] if inner is None else [value, *(found for one in inner for found in _holders(one))]


def _spoil(holder: Any, random: Random) -> None:
    key = random.choice([*holder]) if isinstance(holder, dict) else random.randrange(len(holder))
    match random.randrange(5):
        case 0:
            del holder[key]
        case 1:
            holder[key] = [holder[key], holder[key]]
        case 2 if isinstance(holder, dict):
            holder[random.choice(ODD_TEXTS)] = holder.pop(key)
        case 3:
            other = random.choice([*holder]) if isinstance(holder, dict) else random.randrange(len(holder))
            holder[key], holder[other] = holder[other], holder[key]
        case _:
            holder[key] = random.choice(_ODD_VALUES)


def _xml(content: bytes, random: Random) -> bytes:
    """Take out, double, move, rename or reword one element of an XML document, wherever it stands."""
    try:
        root = fromstring(content)  # noqa: S314 - our own fixtures, spoiled by us
    except (ParseError, ValueError, LookupError):
        return _flipped(content, random)
    holders = [one for one in root.iter() if len(one)]
    if holders:
        _spoil_element(random.choice(holders), random)
    try:
        written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    except (ValueError, TypeError):
        return content
    return written


def _spoil_element(holder: Element, random: Random) -> None:
    at = random.randrange(len(holder))
    one = holder[at]
    match random.randrange(6):
        case 0:
            holder.remove(one)
        case 1:
            holder.append(one)
        case 2:
            one.clear()
        case 3:
            one.tag = random.choice(holder).tag
        case 4:
            one.attrib = dict.fromkeys([*one.attrib, "a"], random.choice(ODD_TEXTS).encode(errors="replace").decode())
        case _:
            one.text = random.choice(ODD_TEXTS).encode(errors="replace").decode()
