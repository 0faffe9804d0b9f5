"""Titles made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match.titles import bare, contained, is_latin, likeness, title_of

PLAIN = "Acupuncture for fatigue in multiple sclerosis: a made-up trial"


@pytest.mark.parametrize(
    "stated",
    [
        f"{PLAIN}.",
        f"[{PLAIN}].",
        f'"{PLAIN}"',
        f"RETRACTED ARTICLE: {PLAIN}",
        f"Withdrawn: {PLAIN}",
        f"{PLAIN}. [Chinese]",
        f"[{PLAIN}] LA: Chi",
        f"{PLAIN}. <ORIGINAL> ACUPUNCTURE POUR LA FATIGUE",
        f"{PLAIN}. [Review] [45 refs]",
        f"{PLAIN} [Abstract]",
        f"{PLAIN} (Provisional abstract)",
        f"{PLAIN}.[Erratum appears in J Made-up Res. 2006 Jan;15(1):188]",
        f"{PLAIN}. Erratum in: J Made-up Res 2005;352(20):2146",
        f"22. {PLAIN}",
        f"P06 - {PLAIN}",
        f"Review article: {PLAIN}",
        f"Original Article {PLAIN}",
        f"<i>Acupuncture</i> {PLAIN[12:]}",
    ],
)
def test_bare(stated: str) -> None:
    """What databases and publishers put around a title goes: marks, brackets, languages, errata, numbers, markup."""
    assert bare(stated) == PLAIN


@pytest.mark.parametrize(
    "title",
    [
        "B12 deficiency and acupuncture: a made-up study",
        "Acupuncture (electro) for fatigue",
        "5-year results of a made-up trial",
        "Re: [Chinese]",
    ],
)
def test_bare_keeps(title: str) -> None:
    """What belongs to a title stays, and nothing is taken from a title that would leave next to nothing."""
    assert bare(title) == title


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.upper(),
        "Acupuncture for fatigue in multiple-sclerosis - a made up trial",
        "Acupuncture for fatique in multiple sclerosis: a made-up trial",
        f"Akupunktur bei Multipler Sklerose; {PLAIN}",
        f"Akupunktur bei Multipler Sklerose [{PLAIN}]",
    ],
)
def test_alike(other: str) -> None:
    """Case, punctuation, a slip of the pen and a second language beside it leave a title what it is."""
    assert likeness(title_of(PLAIN), title_of(other)) >= 0.95


def test_spelled_out() -> None:
    """Greek letters and accents are what catalogues write instead."""
    one, other = title_of("TNF-\u03b1 & Bj\u00f8rn's \u0142aser"), title_of("TNF-alpha and Bjorns laser")
    assert likeness(one, other) == 1


def test_vernacular() -> None:
    """The original's title stands for a translated one."""
    translated = title_of("[Acupuncture and bladder: made up].", "Agopuntura e vescica: studio inventato")
    assert likeness(translated, title_of("Agopuntura e vescica: studio inventato")) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Made-up study. Part 1: gait", "Made-up study. Part 2: gait"),
        ("Made-up study, part A", "Made-up study, part B"),
        ("Made-up trial II", "Made-up trial III"),
        ("FOCUS 1: a made-up trial", "FOCUS 2: a made-up trial"),
    ],
)
def test_numbers(one: str, other: str) -> None:
    """Parts are counted in many ways, all of which part two titles."""
    numbers = title_of(one).numbers, title_of(other).numbers
    assert numbers[0] - numbers[1]
    assert numbers[1] - numbers[0]


def test_numbers_spelled() -> None:
    """The same part, counted in another way, is the same part."""
    assert title_of("Made-up study, part II").numbers == title_of("Made-up study: part two").numbers


def test_telling() -> None:
    """A reply is not the article, and rats are not women, in whatever number they come."""
    assert title_of("Acupuncture in rats: a reply").telling == {"rat", "reply"}
    assert title_of("HIV-infected women").telling == title_of("HIV-infected womens").telling


def test_contained() -> None:
    """A title without its subtitle is the whole title's beginning; a short one proves nothing."""
    whole = title_of(PLAIN)
    assert contained(whole, title_of("Acupuncture for fatigue in multiple sclerosis"))
    assert not contained(whole, title_of("Acupuncture"))
    assert contained(whole, title_of("Acupuncture"), letters=10)


def test_latin() -> None:
    """Which script a title is in."""
    assert is_latin(title_of(PLAIN))
    assert not is_latin(title_of("针刺治疗多发性硬化"))


@given(st.text())
def test_any_text(stated: str) -> None:
    """Any text can be made comparable, and is like itself."""
    title = title_of(stated)
    assert likeness(title, title_of(stated)) == 1
    assert len(title.letters) <= 5000
