"""The index finds what a plain regular expression finds, on any text and for any term."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.screen import Concept
from pipeline.screen.terms import TermSet, Text
from tests.screen.profiles import shipped

LETTER = r"[^\W_\u1100-\u11ff\u2e80-\ud7ff]"


def plain(text: str) -> str:
    """Without accents, as the documentation of terms says."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def lower(text: str) -> str:
    """Without capitals."""
    return plain(text).lower().replace("\u03c2", "\u03c3")


def found_plainly(term: str, text: str) -> list[tuple[int, int]]:
    """Where a term stands: the rules for terms as one regular expression, run over the whole text."""
    term, text = (plain(term), plain(text)) if plain(term).isupper() else (lower(term), lower(text))
    words = (
        r"[\W_]?".join(map(re.escape, word.removesuffix("*").split("-"))) + r"\w*" * word.endswith("*")
        for word in term.split(" ")
    )
    before = f"(?<!{LETTER})" if re.match(LETTER, term) else ""
    after = f"(?!{LETTER})" if re.match(LETTER, term[-1]) else ""
    return [found.span() for found in re.finditer(before + r"[\W_]{1,3}".join(words) + after, text)]


def terms_of(concept: Concept) -> Iterator[str]:
    """All terms that screening reads."""
    yield from concept.terms + concept.related + concept.broader
    for rule in concept.ambiguous:
        yield from rule.terms + rule.context
    for lookalike in (*concept.neighbours, *(one for rule in concept.ambiguous for one in rule.homonyms)):
        yield from lookalike.terms


SHIPPED = sorted({term for concept in shipped().concepts for term in terms_of(concept)})
LETTERS = st.text("abAB1éß\u0131\u03c2Σ針灸침ツя", min_size=1, max_size=5)
WORDS = st.builds(
    lambda pieces, star: "-".join(pieces) + star, st.lists(LETTERS, min_size=1, max_size=3), st.sampled_from(["", "*"])
)
TERMS = st.one_of(st.sampled_from(SHIPPED), st.lists(WORDS, min_size=1, max_size=3).map(" ".join))
SIGNS = st.sampled_from(
    [
        "",
        " ",
        "-",
        "  ",
        "\u00a0",
        "\u2011",
        "\n",
        "_",
        " - ",
        "----",
        "/",
        ".",
        "x",
        "S",
        "7",
        "é",
        "\u0301",
        "针",
        "침",
        "。",
        "İ",
        "ﬁ",
        "\u200c",
    ]
)
RESPELL: list[Callable[[str], str]] = [
    str.strip,
    str.upper,
    str.lower,
    str.title,
    partial(unicodedata.normalize, "NFD"),
]
CASES = st.sampled_from(RESPELL)


@st.composite
def term_and_text(draw: st.DrawFn) -> tuple[str, str]:
    """A term, and a text with pieces of it, or of another, more or less as they were."""
    term = draw(TERMS)
    pieces = [piece for piece in re.split(r"([ *-])", term) if piece]
    text = ""
    for _ in range(draw(st.integers(0, 3))):
        text += draw(SIGNS)
        for piece in pieces:
            text += draw(SIGNS) if piece in " *-" else draw(st.one_of(st.just(piece), st.just(piece), LETTERS))
        text = draw(CASES)(text) + draw(SIGNS)
    return term, text


@settings(max_examples=300)
@given(term_and_text())
@example(("acu-punct*", "Acu-puncture, acupunct; 針acupuncture, reacupuncture"))
@example(("ab ab", "xab ab ab"))
@example(("a*", "baab a針a"))
@example(("ab*", "about"))
@example(("针针-a", "针针针a"))
@example(("MS/MS", "lc-MS/MS ms/ms"))
@example(("ΑΣ", "ΑΣ.\u0392"))
def test_same(case: tuple[str, str]) -> None:
    """One term is found where the plain expression finds it, and nowhere else."""
    term, text = case
    assert TermSet([term]).spans(Text(text)) == found_plainly(term, text)
    assert TermSet([term]).found(Text(text)) == bool(found_plainly(term, text))


@given(st.lists(term_and_text(), min_size=1, max_size=5))
def test_together(cases: list[tuple[str, str]]) -> None:
    """Of several terms the first counts, of those that begin together the longest, and none within another."""
    terms, text = [term for term, _ in cases], Text(" ".join(text for _, text in cases))
    spans = TermSet(terms).spans(text)
    everything = {span for term in terms for span in found_plainly(term, " ".join(text for _, text in cases))}
    assert set(spans) <= everything
    assert all(one[1] <= other[0] for one, other in pairwise(sorted(spans)))
    assert all(any(start < span[1] and span[0] < end for start, end in spans) for span in everything)


def test_longest() -> None:
    """Where several terms begin, the longest is found."""
    assert TermSet(["low", "low back*", "low back pain"]).spans(Text("Low back pain")) == [(0, 13)]


def test_words_first() -> None:
    """Abbreviations come after words, so that readers are shown the word."""
    assert TermSet(["LBP", "lumbago"]).spans(Text("LBP: lumbago, LBP")) == [(5, 12), (0, 3), (14, 17)]


@pytest.mark.parametrize(
    ("hostile", "mentions"),
    [("acupuncture ", 8_000), ("acupuncture", 1), ("multiple ", 0), ("-", 0), ("MS", 0), ("针刺", 8_000), ("İ", 0)],
)
def test_long_text(hostile: str, mentions: int) -> None:
    """A long text is searched for every term of the profile in one go, whatever it repeats."""
    assert len(TermSet(SHIPPED).spans(Text(hostile * 8_000))) == mentions
