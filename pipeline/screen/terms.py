"""How the terms of a subject profile are read in running text.

* Case and accents do not matter; a term in capitals (``MS``) counts only in capitals.
* A blank stands for one to three signs that are no letters or digits, a hyphen for one or none.
* ``*`` at the end of a word stands for any ending. Otherwise whole words count, except at an edge that is written in
  Chinese, Japanese or Korean, where words are not set apart.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

# A letter or digit of a script that sets its words apart: not Hangul (nor its parts, as decomposed), kana or Han.
_LETTER = r"[^\W_\u1100-\u11ff\u2e80-\ud7ff]"
_IS_LETTER = re.compile(_LETTER)
_NEVER = re.compile(r"(?!)")


def unaccented(text: str) -> str:
    """Letters in compatibility form and without accents, case kept: the text that terms are looked for in."""
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


class TermSet:
    """Terms that are looked for together. Where several begin, the longest is found."""

    def __init__(self, terms: Iterable[str]) -> None:
        plain = [unaccented(term) for term in terms]
        self._as_written = _compiled(term for term in plain if term.isupper())
        self._any_case = _compiled(term.lower() for term in plain if not term.isupper())

    def spans(self, plain: str, lower: str) -> Iterator[tuple[int, int]]:
        """Where terms stand in an unaccented text, given as it is and in lower case."""
        for pattern, text in ((self._any_case, lower), (self._as_written, plain)):
            yield from (found.span() for found in pattern.finditer(text))

    def found(self, plain: str, lower: str) -> bool:
        """Whether any term stands in the text."""
        return bool(self._any_case.search(lower) or self._as_written.search(plain))


def spelled_out(terms: Iterable[str]) -> re.Pattern[str]:
    """Finds a phrase that defines an abbreviation among the terms: ``mental stress (MS)``, ``MS (mental stress)``.

    A plain form of Schwartz and Hearst's rule (Pac Symp Biocomput 2003): the words of the phrase begin with its
    letters, and one word between two of them may be passed over.
    """
    abbreviations = [term for term in terms if term.isascii() and term.isupper() and term.isalpha()]
    before = [_initials(each) + rf"(?=\s*\({each}\b)" for each in abbreviations]
    after = [rf"(?<=\b{each} \(){_initials(each)}(?=\))" for each in abbreviations]
    shapes = before + after
    return re.compile("|".join(shapes)) if shapes else _NEVER


def _initials(abbreviation: str) -> str:
    """Words that begin with the letters of an abbreviation."""
    return r"(?i:\b" + r"\W+(?:\w+\W+)?".join(rf"{letter}\w*" for letter in abbreviation) + ")"


def _compiled(terms: Iterable[str]) -> re.Pattern[str]:
    """One pattern for many terms. Sharing edges and first letters makes it several times faster."""
    by_edges: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for term in sorted(terms, key=len, reverse=True):
        before = rf"(?<!{_LETTER})" if _IS_LETTER.match(term) else ""
        after = rf"(?!{_LETTER})" if term.endswith("*") or _IS_LETTER.match(term[-1]) else ""
        by_edges[before, after][re.escape(term[0])].append(_expression(term))
    groups = [
        before
        + "(?:"
        + "|".join(f"{first}(?:{_rest(first, bodies)})" for first, bodies in by_first.items())
        + ")"
        + after
        for (before, after), by_first in by_edges.items()
    ]
    return re.compile("|".join(groups)) if groups else _NEVER


def _rest(first: str, expressions: Iterable[str]) -> str:
    """What follows the first letter that all these expressions share."""
    return "|".join(expression.removeprefix(first) for expression in expressions)


def _expression(term: str) -> str:
    """One term as a regular expression, without its edges."""
    return r"[\W_]{1,3}".join(map(_word, term.split(" ")))


def _word(word: str) -> str:
    """One word of a term: a hyphen is optional, a final star any ending."""
    stem = r"[\W_]?".join(map(re.escape, word.removesuffix("*").split("-")))
    # Not ``_LETTER``: a class with wide ranges takes a millisecond to compile, and there are hundreds of stars.
    return stem + (r"\w*" if word.endswith("*") else "")
