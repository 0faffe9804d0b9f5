"""What keeps a text from being plain."""

import pytest

from pipeline.digest.plain import abbreviations, explained, has_any

NEVER = ("safe", "cure", "works", "miracle*")


@pytest.mark.parametrize(
    "text",
    [
        "a safe way",
        "SAFE",
        "Sáfe.",
        "fail-safe",
        "sa\u00adfe",
        "s\u200bafe",
        "sa\x00fe",
        "it works!",
        "miracles",
        "\uff43ure",
    ],
)
def test_found(text: str) -> None:
    """A word is found in any case, with accents, in another width, and if something invisible stands in it."""
    assert has_any(NEVER, text)


@pytest.mark.parametrize("text", ["safety", "procure", "secure", "framework", "networks", "obscure", ""])
def test_whole_words(text: str) -> None:
    """A part of another word is not the word."""
    assert not has_any(NEVER, text)


def test_no_words() -> None:
    """No words are in no text."""
    assert not has_any((), "safe")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("People with MS, and RCTs of TENS", ["MS", "RCT", "TENS"]),
        ("QoL of PwMS by the MSQoL-54", ["QoL", "PwMS", "MSQoL"]),
        ("GB20 and vitamin B12", ["GB20", "B12"]),
        ("60 people (n = 60, P<0.05)", ["n =", "P<"]),
        ("M\u200bS", ["MS"]),
        ("PubMed, McDonald and ClinicalTrials in type II, A Double-Blind Trial of 2020", []),
        ("针灸治疗多发性硬化", []),
    ],
)
def test_abbreviations(text: str, expected: list[str]) -> None:
    """Capitals make an abbreviation, one letter before a sign a statistic; names and Roman numerals are neither."""
    assert abbreviations(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Modified Fatigue Impact Scale (MFIS)", {"MFIS": "Modified Fatigue Impact Scale"}),
        ("expanded disability status scale (EDSS; 0 to 10)", {"EDSS": "expanded disability status scale"}),
        ("relapsing-remitting MS (RRMS), quality (Q)", {"RRMS": "relapsing-remitting MS"}),
        ("randomised controlled trials (RCTs)", {"RCT": "randomised controlled trials"}),
        ("of Experimental Autoimmune Encephalomyelitis (EAE)", {"EAE": "Experimental Autoimmune Encephalomyelitis"}),
        ("nothing of the kind (XYZ)", {}),
        ("(MS)", {}),
        ("in people (who were old) and others (n = 3)", {}),
    ],
)  # fmt: skip
def test_explained(text: str, expected: dict[str, str]) -> None:
    """A short form in brackets is explained by the words before it that have its letters."""
    assert explained([text]) == expected
