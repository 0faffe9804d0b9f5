"""Text as LaTeX writes it in BibTeX files, and back.

What a bibliographic field may hold is read: accents, letters and signs by name (LaTeX2e, "Text symbols"), escaped
characters and grouping braces. Of any other command only the argument is kept. A ``%`` begins no comment: many programs
forget to escape it.
"""

import re

from pipeline import text

_TOKEN = re.compile(
    r"\\(?P<accent>[`'^\"~=.]|[uvHcdbrk](?![A-Za-z]))\s*"
    r"(?:\{\s*(?P<braced>\\?[^\W\d_](?![A-Za-z]))\s*\}|(?P<bare>\\[ij](?![A-Za-z])|[^\W\d_]))"
    r"|\\(?P<word>[A-Za-z]+)(?:\{\}|\s*)"
    r"|\\(?P<char>.)"
    r"|\$(?P<math>[^$]*)\$"
    r"|(?P<mark>[{}~])",
    re.DOTALL,
)
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323", "b": "\u0331", "r": "\u030a",
    "k": "\u0328",
}  # fmt: skip
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon phi "
    "chi psi omega"
)
_WORDS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}",
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "ldots": "…", "dots": "…", "textless": "<", "textgreater": ">", "textbar": "|",
    "textdegree": "°", "textregistered": "®", "texttrademark": "™", "textmu": "µ", "times": "×", "pm": "±",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "sim": "∼", "approx": "≈", "cdot": "·", "rightarrow": "→",
    "infty": "∞", "S": "§", "P": "¶", "pounds": "£", "euro": "€", "texteuro": "€", "copyright": "©",
}  # fmt: skip
_WORDS |= {name: chr(0x3B1 + place) for place, name in enumerate(_GREEK.split())}
_WORDS |= {name.capitalize(): chr(0x391 + place) for place, name in enumerate(_GREEK.split())}
_ESCAPES = str.maketrans(
    {char: f"\\{char}" for char in "$&%#_"}
    | {
        # Escaped braces would count as braces to BibTeX itself.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def decode(latex: str) -> str:
    """Plain text of a field."""
    if not any(mark in latex for mark in "\\{}~$"):
        return text.clean(latex)
    return text.clean(_TOKEN.sub(_plain, latex))


def encode(plain: str) -> str:
    """A field of plain text: what LaTeX takes for more than text is escaped, letters stay as they are (UTF-8)."""
    return plain.translate(_ESCAPES)


def _plain(found: re.Match[str]) -> str:
    if accent := found["accent"]:
        letter = (found["braced"] or found["bare"] or found[0][-1]).lstrip("\\")
        return letter + _ACCENTS[accent]
    if word := found["word"]:
        return _WORDS.get(word, "")
    if found["math"] is not None:
        return _TOKEN.sub(_plain, found["math"])
    if found["char"]:
        return found["char"] if found["char"] not in "\n,;:!/\\" else " "
    return " " if found["mark"] == "~" else ""
