"""How the terms of a subject profile are read in running text.

* Case and accents do not matter; a term in capitals (``MS``) counts only in capitals.
* A blank stands for one to three signs that are no letters or digits, a hyphen for one or none.
* ``*`` at the end of a word stands for any ending. Otherwise whole words count, except at an edge that is written in
  Chinese, Japanese or Korean, where words are not set apart.

A profile has a thousand terms, and a text hardly any of them. So each term is filed under its longest word, as in the
index of a book, or under the stem of one with any ending (``acupunct*``), and is looked for only in a text that has it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

# A letter or digit of a script that sets its words apart: not Hangul (nor its parts, as decomposed), kana or Han.
_UNDIVIDED = r"\u1100-\u11ff\u2e80-\ud7ff"
_LETTER = rf"[^\W_{_UNDIVIDED}]"
_IS_LETTER = re.compile(_LETTER)
_WORD = re.compile(rf"{_LETTER}+|[{_UNDIVIDED}]")
_SHORTEST, _LONGEST = 4, 8  # letters of the stem that a word with any ending is filed under; a shorter tells nothing
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
_FINAL_SIGMA, _SIGMA = "\u03c2", "\u03c3"
_NEVER = re.compile(r"(?!)")


def unaccented(text: str) -> str:
    """Letters in compatibility form and without accents, case kept: the text that terms are looked for in."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    marks = [ord(sign) for sign in set(_NOT_ASCII.findall(plain)) if unicodedata.combining(sign)]
    return plain.translate(dict.fromkeys(marks)) if marks else plain


def well_formed(term: str) -> str:
    """Refuse (ValueError) a term that could never match what its author meant."""
    words = unaccented(term).split(" ")
    if not all(words) or any(not word.removesuffix("*") or "*" in word[:-1] for word in words):
        raise ValueError(f"{term!r}: a term is words one blank apart, with * only at the end of a word")
    return term


def _lower(plain: str) -> str:
    """Without capitals, and as long as before; a sigma at the end of a word is one like any other."""
    return plain.lower().replace(_FINAL_SIGMA, _SIGMA)


def _words(lower: str) -> list[str]:
    """The words of a text, and the single signs of scripts that set none apart.

    In ASCII they are found several times faster, and most of what a text in Latin letters has between blanks is that.
    """
    if lower.isascii():
        return lower.translate(_BLANKS).split()
    pieces = set(lower.split())
    other = {piece for piece in pieces if not piece.isascii()}
    return " ".join(pieces - other).translate(_BLANKS).split() + _WORD.findall(" ".join(other))


class Heads:
    """What terms are filed under: words, stems with their star, and nothing for those that no word tells."""

    def __init__(self, heads: Iterable[str]) -> None:
        self._heads = frozenset(heads)
        self._always = self._heads & {""}
        self._stems: defaultdict[str, list[str]] = defaultdict(list)
        for head in self._heads:
            if head.endswith("*"):
                self._stems[head[:_SHORTEST]].append(head.removesuffix("*"))

    def among(self, words: set[str]) -> set[str]:
        """Those that the words of a text have."""
        open_ended = [word for word in words if word[:_SHORTEST] in self._stems]
        stems = (f"{stem}*" for word in open_ended for stem in self._stems[word[:_SHORTEST]] if word.startswith(stem))
        return (words & self._heads).union(self._always, stems)


class Text:
    """A text as terms are looked for in it: unaccented, and also in lower case, with the heads that terms have in it.

    ``filed`` are the heads of all terms that will be looked for, if they are known: no others are sought.
    """

    __slots__ = ("heads", "lower", "plain")

    def __init__(self, stated: str, filed: Heads | None = None) -> None:
        self.plain = unaccented(stated)
        self.lower = _lower(self.plain)
        words = set(_words(self.lower))
        self.heads = filed.among(words) if filed else {"", *words, *(stem for word in words for stem in _stems(word))}


class _Term:
    """One term. Its expression is compiled when a text first has its stem: most terms never occur."""

    def __init__(self, term: str) -> None:
        plain = unaccented(term)
        self.capitals = plain.isupper()
        self._words = (plain if self.capitals else _lower(plain)).split(" ")
        self._stem = self._words[0].removesuffix("*").split("-")[0]
        self._begins_word = bool(_IS_LETTER.match(self._words[0]))
        self._ends_word = bool(_IS_LETTER.match(self._words[-1][-1]))

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(r"[\W_]{1,3}".join(map(_expression, self._words)))

    def heads(self) -> Iterator[str]:
        """Of these a text has at least one if it has the term: with its hyphens as breaks, and without them."""
        telling = _lower(max(reversed(self._words), key=_filed_letters))
        pieces = telling.removesuffix("*").split("-")
        for count in range(1, len(pieces) + 1):
            joined = "".join(pieces[:count])
            found = _WORD.match(joined)
            word = found[0] if found else ""
            open_ended = count == len(pieces) and telling.endswith("*") and word == joined
            yield next(iter(_stems(word)), "") if open_ended else word

    def spans(self, text: Text) -> Iterator[tuple[int, int]]:
        """Where it stands."""
        searched = text.plain if self.capitals else text.lower
        place = searched.find(self._stem)
        while place >= 0:
            end = self._end(searched, place)
            if end:
                yield place, end
            place = searched.find(self._stem, end or place + 1)

    def _end(self, searched: str, place: int) -> int:
        """Where it ends if it stands here, else 0."""
        if self._begins_word and place and _IS_LETTER.match(searched, place - 1):
            return 0
        found = self._expression.match(searched, place)
        if not found or (self._ends_word and _IS_LETTER.match(searched, found.end())):
            return 0
        return found.end()


def _filed_letters(word: str) -> int:
    """How many letters of a word tell its term; of a stem, which may be that of many words, as few as it needs."""
    if not word.endswith("*"):
        return len(word)
    return _SHORTEST if _stems(word[:-1]) else 0


def _stems(word: str) -> list[str]:
    """What words with any ending may be filed under that begin like this one, the longest first."""
    return [f"{word[:length]}*" for length in range(min(len(word), _LONGEST), _SHORTEST - 1, -1)]


def _expression(word: str) -> str:
    """One word of a term: a hyphen is optional, a final star any ending."""
    stem = r"[\W_]?".join(map(re.escape, word.removesuffix("*").split("-")))
    return stem + (r"\w*" if word.endswith("*") else "")


class TermSet:
    """Terms that are looked for together. Where several begin, the longest is found."""

    def __init__(self, terms: Iterable[str]) -> None:
        index: defaultdict[str, list[_Term]] = defaultdict(list)
        for term in map(_Term, dict.fromkeys(terms)):
            for head in dict.fromkeys(term.heads()):
                index[head].append(term)
        self._index = dict(index)
        self.heads = frozenset(index)

    def spans(self, text: Text) -> list[tuple[int, int]]:
        """Where terms stand in a text, none within another; words before abbreviations, which tell a reader less."""
        found = [(term.capitals, *span) for term in self._terms(text) for span in term.spans(text)]
        if not found:
            return []
        apart: list[tuple[bool, int, int]] = []
        reached = 0
        for capitals, start, end in sorted(set(found), key=lambda one: (one[1], -one[2])):
            if start >= reached:
                apart.append((capitals, start, end))
                reached = end
        return [(start, end) for _, start, end in sorted(apart)]

    def found(self, text: Text) -> bool:
        """Whether any term stands in the text."""
        return any(any(term.spans(text)) for term in self._terms(text))

    def _terms(self, text: Text) -> list[_Term]:
        """The terms that the text may have, judged by the heads of its words."""
        if self.heads.isdisjoint(text.heads):
            return []
        return [term for head in self.heads & text.heads for term in self._index[head]]


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
