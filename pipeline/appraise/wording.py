"""How a text names something: words that hint at it, and the place where it is said."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.appraise.reading import Sentence
from pipeline.appraise.words import any_in, vocabulary

Place = tuple[Sentence, slice]
"""A sentence, and where in it something is said."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words (hints) of which a text holds one wherever the thing is named, and how the place is found."""

    hints: frozenset[str]
    find: Callable[[Iterable[Sentence]], Place | None]


def wording(hints: str, pattern: str) -> Wording:
    """What a pattern in lower case names; one that begins with ``^`` is looked for where sentences begin only."""
    compiled, words = re.compile(pattern), vocabulary(hints)
    search = compiled.match if pattern.startswith("^") else compiled.search

    def find(sentences: Iterable[Sentence]) -> Place | None:
        for sentence in sentences:
            if any_in(words, sentence.lower) and (found := search(sentence.lower)):
                return sentence, slice(*found.span())
        return None

    return Wording(words, find)
