"""Takes secrets out of anything that may be shown, logged or stored."""

import html
import re
import string
from collections.abc import Iterable, Sequence

_PLAIN = frozenset(string.ascii_letters + string.digits + "-._~")
_HIDDEN = "[hidden]"
_TELLING = 8  # characters by which a secret can be told
_RUN = 32
LONGEST = 4_096
"""Characters that a secret may have."""


class Redaction:
    """Knows some secrets, and finds each of them in every dress it comes in.

    That is as it is, in either case, percent-encoded (once or more often, blanks as "+"), HTML-escaped, or with the
    backslashes of JSON and ``repr``; also when an encoder treats only some of its characters. Of a long secret its
    beginning is found as well, since servers shorten what they repeat.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        pattern = "|".join(map(_pattern, filter(None, secrets)))
        self._text = re.compile(pattern, re.IGNORECASE) if pattern else None
        self._data = re.compile(pattern.encode(), re.IGNORECASE) if pattern else None

    def text(self, text: str) -> str:
        """Give the text with every secret replaced by "[hidden]"."""
        return self._text.sub(_HIDDEN, text) if self._text else text

    def data(self, data: bytes) -> bytes:
        """Do the same to bytes, which are taken for some superset of ASCII."""
        return self._data.sub(_HIDDEN.encode(), data) if self._data else data


def _pattern(secret: str) -> str:
    """Build a pattern for a secret; of a long one the end may be missing, piece by piece."""
    dresses = [*map(_dresses, secret)]
    if len(secret) < 2 * _TELLING:
        return "".join(dresses)
    return "".join(dresses[:_TELLING]) + _beginning(dresses[_TELLING:])


def _beginning(dresses: Sequence[str]) -> str:
    """Build a pattern for as much of a sequence as there is; run by run, since nesting has an end."""
    pattern = ""
    for start in reversed(range(0, len(dresses), _RUN)):
        run = dresses[start : start + _RUN]
        begun = "".join(f"(?:{dress}" for dress in run) + ")?" * len(run)
        pattern = f"(?:{''.join(run)}{pattern}|{begun})"
    return pattern


def _dresses(char: str) -> str:
    """Build a pattern for all spellings of one character. RFC 3986 section 2.3: unreserved ones have only one."""
    if char in _PLAIN:
        return re.escape(char)
    encoded = "".join(f"%(?:25)*{byte:02x}" for byte in char.encode())
    blank = r"|\+" if char == " " else ""
    # The longest first: "%25" is one "%", not a "%" and then "25".
    return rf"\\?(?:(?i:{encoded})|{re.escape(html.escape(char))}|{re.escape(char)}{blank})"
