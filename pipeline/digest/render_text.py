"""The page as plain text for a terminal or a mail program, 78 columns wide."""

import re
import unicodedata

from markupsafe import Markup

from pipeline.digest.bidi import isolated
from pipeline.digest.page import Page
from pipeline.digest.templating import environment, ready
from pipeline.text import clean

WIDTH = 78
# A script without blanks may break between any two of its characters.
_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
# What a reader takes in at one glance stays together; a sign between two statements ends a line and never begins one.
_TOGETHER = "DOI |PMID |\\(?N = |[0-9]{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
_PIECE = re.compile(f"( ?)((?:[{_WIDE}]|(?:{_TOGETHER})?[^ {_WIDE}]+)(?: [·—])?)")


def columns(text: str) -> int:
    """How many columns a terminal gives a text: two for wide characters, none for what is not seen (Unicode TR 11)."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text if not _is_unseen(char))


def _is_unseen(char: str) -> bool:
    """Whether a character only changes others: an accent, a joiner, a mark of direction."""
    return bool(unicodedata.combining(char)) or unicodedata.category(char) == "Cf"


def wrap(text: str, first: str = "", rest: str = "") -> Markup:
    """Lines of at most 78 columns, the first after ``first``, the others after ``rest``. Words are never cut."""
    lines, current = [], first
    room = WIDTH - columns(first)
    for blank, piece in _PIECE.findall(clean(text)):
        if columns(blank + piece) > room and current not in {first, rest}:
            lines.append(current)
            current, blank, room = rest, "", WIDTH - columns(rest)  # noqa: PLW2901 - a line never begins with a blank
        current += blank + piece
        room -= columns(blank + piece)
    return ready("\n".join(map(isolated, [*lines, current])))


def underlined(text: str, sign: str) -> Markup:
    """A heading, as long lines as :func:`wrap` makes them, over a line of the sign."""
    heading = wrap(text)
    return ready(f"{heading}\n{sign * max(map(columns, heading.splitlines()))}")


def render_text(page: Page) -> str:
    """A text document."""
    return _TEMPLATE.render(page=page)


_ENVIRONMENT = environment(str)
_ENVIRONMENT.filters |= {"wrap": wrap, "underlined": underlined}
_TEMPLATE = _ENVIRONMENT.get_template("digest.txt.jinja")
