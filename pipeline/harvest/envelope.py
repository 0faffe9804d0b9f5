"""Opening what a source sent: JSON from strangers, read without trusting it.

Every refusal is a :class:`~pipeline.errors.SourceMalformed`: whether to try again is the caller's business. Messages
never quote the body, since error pages repeat the key or the address of whoever asked.
"""

import json
from typing import Any, NoReturn

from pipeline.errors import SourceMalformed
from pipeline.harvest.fetch import Answer


def json_object(answer: Answer) -> dict[str, Any]:
    """Read the JSON object an answer holds.

    Refused are other JSON values, ``NaN`` and ``Infinity`` (RFC 8259 has none), a member given twice (section 4 leaves
    open which one counts), nesting deeper than Python's stack, and integers too long to read.
    """
    try:
        content = json.loads(answer.body, parse_constant=_refuse_constant, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise SourceMalformed(f"the answer is not JSON ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise SourceMalformed(f"the answer is JSON, but a {type(content).__name__} instead of an object")
    return content


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("a member is given twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
