"""The conclusion: one sentence, the authors' own, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.appraise.sentences import sentences
from pipeline.model import Section
from tests.appraise.records import facts, record

FINDING = "Acupuncture eased fatigue in this made-up trial."


def conclusion(*sections: Section) -> str | None:
    """The conclusion of an abstract with those sections."""
    found = facts(abstract=sections).conclusion
    assert found is None or found.value == found.evidence
    assert found is None or found.evidence in record(abstract=sections).abstract_text
    return found.value if found else None


@pytest.mark.parametrize(
    "label",
    ["CONCLUSIONS", "Conclusion", "Authors' conclusions", "CONCLUSIONS AND RELEVANCE", "[Conclusion]", "Interpretation",
     "Discussion and conclusion"],
)  # fmt: skip
def test_labelled(label: str) -> None:
    """The first sentence under the heading for it."""
    assert conclusion(Section("Scores fell.", "RESULTS"), Section(f"{FINDING} More is needed.", label)) == FINDING


@pytest.mark.parametrize(
    "line",
    [
        "Trial registration: NCT01234567.",
        "Registered at ClinicalTrials.gov.",
        "Funding: A made-up fund.",
        "This trial was registered as ISRCTN12345678.",
        "PROSPERO CRD42024000000.",
        "\u00a9 2024 The Authors.",
    ],
)
def test_administrative(line: str) -> None:
    """Lines about registration, funding and copyright are no conclusion."""
    assert conclusion(Section(f"{line} {FINDING}", "CONCLUSIONS")) == FINDING
    assert conclusion(Section(line, "CONCLUSIONS")) is None


def test_inline() -> None:
    """A heading inside the text serves as well."""
    text = f"OBJECTIVE: To see. RESULTS: Scores fell. CONCLUSION: {FINDING} Trial registration: NCT01234567."
    assert conclusion(Section(text)) == FINDING


@pytest.mark.parametrize(
    "last",
    [
        "In conclusion, acupuncture eased fatigue.",
        "These results suggest that acupuncture eases fatigue.",
        "We conclude that acupuncture eased fatigue.",
        "Our findings indicate that acupuncture eases fatigue.",
        "The authors conclude that more is needed.",
        "This review shows a gap.",
        "Therefore acupuncture is a choice.",
        "Acupuncture may be a choice.",
        "This small trial provides a reason to go on.",
    ],
)
def test_marked(last: str) -> None:
    """Without headings, a closing sentence that says it concludes."""
    assert conclusion(Section(f"We needled. Scores fell. {last}")) == last
    assert conclusion(Section(f"{last} We needled. Scores fell. Nobody left. Nobody was harmed.")) is None


@pytest.mark.parametrize(
    "last",
    [FINDING, "The results showed a fall.", "These results show a fall (p = 0.03).", "More trials may be needed."],
)
def test_unmarked(last: str) -> None:
    """A closing sentence that may be a result is not called the conclusion."""
    assert conclusion(Section(f"We needled. {last}")) is None


def test_none() -> None:
    """No abstract, no conclusion; and none from a structured abstract without a heading for it."""
    assert conclusion() is None
    assert conclusion(Section("We needled.", "METHODS"), Section("In conclusion, scores fell.", "RESULTS")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Scores fell (P = 0.05 vs. 0.5, i.e. less). It was 2.5 points.", 2),
        ("Smith et al. Found it. Dr. Who did, cf. Fig. 2.", 2),
        ("We studied MS. Fatigue fell!", 2),
        ("J. R. Hartley wrote it.", 1),
        ('"It helped." "It did not."', 2),
        ("No stop at the end", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, expected: int) -> None:
    """Abbreviations, decimals and initials end no sentence; a disease called MS may."""
    assert len(list(sentences(text))) == expected


@given(st.text())
def test_verbatim(text: str) -> None:
    """Sentences are pieces of the text, in order, and nothing but white space is lost."""
    found = list(sentences(text))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence in text for sentence in found)
