"""The words of a text, for rules that only ask whether a word occurs, or how often."""

from collections.abc import Iterable

_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"
_BETWEEN = bytes(char if char in _LETTERS else 32 for char in range(256))


def words(lower: str) -> list[str]:
    """The words of a text in lower case, in order: runs of Latin letters and digits. A hyphen parts words."""
    return lower.encode("ascii", "replace").translate(_BETWEEN).decode("ascii").split()


def vocabulary(terms: str) -> frozenset[str]:
    """A set of words, given as one text."""
    return frozenset(terms.split())


def any_in(parts: Iterable[str], lower: str) -> bool:
    """Whether one of them occurs."""
    for part in parts:  # noqa: SIM110 - a generator costs more than the search itself
        if part in lower:
            return True
    return False
