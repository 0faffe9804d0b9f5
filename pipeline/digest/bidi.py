"""Words written from right to left among English ones, kept from reordering their neighbours (Unicode UAX #9)."""

import re

# Hebrew, Arabic, Syriac, Thaana, N'Ko and their like, with the presentation forms and the historic scripts.
_LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_FIRST = re.compile(_LETTER)
# From the first to the last such letter, but never across our quotation marks and the marks between statements.
_RUN = re.compile(f"{_LETTER}(?:(?:(?! [·—] )[^“”])*{_LETTER})?")


def runs_right_to_left(text: str) -> bool:
    """Whether any letter of a text is written from right to left."""
    return bool(_FIRST.search(text))


def isolated(line: str, before: str = "\u2068", after: str = "\u2069") -> str:
    """A line in which each run from right to left stands between two marks; in plain text, those Unicode has for it.

    Without them a date behind a Persian journal's name would be shown in front of it, and broken in two.
    """
    return _RUN.sub(lambda run: f"{before}{run[0]}{after}", line) if runs_right_to_left(line) else line
