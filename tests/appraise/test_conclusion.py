"""The conclusion: one sentence, the authors' own, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.appraise.sentences import sentences
from pipeline.model import Section
from tests.appraise.records import facts, record

STORY = "We needled. Some came. Some left. Nobody complained."
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
    assert conclusion(Section(f"{FINDING} {line}", "CONCLUSIONS")) == FINDING
    assert conclusion(Section(line, "CONCLUSIONS")) is None


def test_inline() -> None:
    """A heading inside the text serves as well."""
    text = f"OBJECTIVE: To see. RESULTS: Scores fell. CONCLUSION: {FINDING} Trial registration: NCT01234567."
    assert conclusion(Section(text)) == FINDING


@pytest.mark.parametrize(
    "sentence",
    [
        "In conclusion, acupuncture eased fatigue.",
        "We conclude that acupuncture eased fatigue.",
        "The authors conclude that more is needed.",
        "Taken together, needling helped.",
        "It can be concluded that needling helped.",
    ],
)
def test_marked(sentence: str) -> None:
    """Without headings, the sentence that says it concludes, if it stands among the last ones."""
    assert conclusion(Section(f"We needled. Scores fell. {sentence} Nobody left.")) == sentence
    assert conclusion(Section(f"{sentence} {'Nobody left. ' * 5}{FINDING}")) == FINDING
    assert conclusion(Section("We needled.", "METHODS"), Section(f"Scores fell. {sentence}", "RESULTS")) == sentence


@pytest.mark.parametrize(
    "inference",
    [
        "These results suggest that acupuncture eases fatigue.",
        "Our findings indicate that acupuncture eases fatigue.",
        "The findings of this study support needling.",
        "The present trial confirms that needling helps.",
    ],
)
def test_inferred(inference: str) -> None:
    """An inference from the results concludes more than the sentence behind it, unless it is a result itself."""
    assert conclusion(Section(f"We needled. Scores fell. {inference} {FINDING}")) == inference
    assert conclusion(Section(f"{STORY} {inference[:-1]} (p = 0.03). {FINDING}")) == FINDING


@pytest.mark.parametrize(
    "line",
    [
        "Further studies are needed.",
        "Larger trials should investigate this.",
        "We also discuss limitations.",
        "Implications for practice are discussed.",
    ],
)
def test_call_for_research(line: str) -> None:
    """A judgement concludes more than the call for research behind it; a mere result does not."""
    assert conclusion(Section(f"We needled. Acupuncture may ease fatigue. {line}")) == "Acupuncture may ease fatigue."
    found = conclusion(Section(f"{STORY} Scores fell in 12. {line}"))
    assert found != "Scores fell in 12."


@pytest.mark.parametrize("last", [FINDING, "Scores fell more with needling (p = 0.03).", "More trials may be needed."])
def test_last(last: str) -> None:
    """Reporting guidelines put conclusions last: without headings, the last sentence is the authors' last word."""
    assert conclusion(Section(f"{STORY} {last}")) == last


BACK_MATTER = [
    "Trial registration: NCT01234567.",
    "ClinicalTrials.gov identifier NCT01234567. Registered 2 May 2019.",
    "Registered 2 May 2019. The first patient entered on 3 May.",
    "ISRCTN12345678",
    "Current Controlled Trials ISRCTN12345678.",
    "UMIN Clinical Trials Registry Number UMIN000001234, May 2nd, 2019.",
    "The trial was prospectively registered (IRCT20190502012345N1).",
    "https://www.example.org/register (Archived by WebCite).",
    "Funded by a made-up fund.",
    "(Funded by a made-up fund; ClinicalTrials.gov number, NCT01234567.)",
    "This study was supported by the Made-up Ministry.",
    "The authors received no financial support.",
    "The Made-up Society of Needling.",
    (
        "Made-up Trial Register (NTR: 1786) and Ethics Board of Made-up City, Made-up County, and of the Made-up "
        "University Hospital (EB27235); http://www.example.org/1786."
    ),
    "The authors declare no competing interests.",
    "Conflict of interest: none.",
    "Keywords: needling, fatigue.",
    "Level of evidence: II.",
    "Level 2b.",
    "\u00a9 2024 The Authors. Published by Made-up Press.",
    "Copyright 2024 Made-up Press. All rights reserved.",
    "(PsycInfo Database Record (c) 2024 Made-up, all rights reserved)",
    "The online version of this article (doi:10.5555/x) contains supplementary material, which is available to users.",
    "DOI: 10.5555/x PMID: 12345678 [Indexed for MEDLINE]",
    "Not applicable.",
]


@pytest.mark.parametrize("lines", BACK_MATTER)
def test_back_matter(lines: str) -> None:
    """What journals print below an abstract is passed over, where its headings are lost too."""
    assert conclusion(Section(f"{STORY} {FINDING} {lines}")) == FINDING


def test_registration_in_the_sentence() -> None:
    """Where a heading and a stop are lost, the conclusion ends where the registration begins."""
    text = f"{STORY} {FINDING[:-1]} ClinicalTrials.gov NCT01234567"
    assert conclusion(Section(text)) == FINDING[:-1]


@pytest.mark.parametrize(
    "sentence",
    [
        "In this trial (NCT01234567), needling eased fatigue.",
        "Made-up\u00a9 needles eased fatigue.",
        "The 120 adults needled had less fatigue.",
    ],
)
def test_reference_inside(sentence: str) -> None:
    """A conclusion may name its registration, a brand, a number."""
    assert conclusion(Section(f"{STORY} {sentence}")) == sentence


@pytest.mark.parametrize(
    "abstract",
    [
        "",
        FINDING,
        "We needled. Scores fell ...",
        "We needled. Scores fell \u2026",
        "Fatigue is common. This review discusses needling.",
        "Fatigue is common. In this article, we summarise what is known.",
        "Fatigue is common. Needling and its history are reviewed.",
        "We needled. Nobody left. Scores fell.",  # a short abstract may end with its results
    ],
)
def test_none(abstract: str) -> None:
    """No conclusion from one sentence alone, from an abstract that breaks off or only says what it is about."""
    assert conclusion(Section(abstract)) is None


def test_other_headings() -> None:
    """A structured abstract that ends under another heading has no conclusion."""
    assert conclusion(Section("We needled.", "METHODS"), Section("Scores fell. Nobody left.", "RESULTS")) is None


def test_plans() -> None:
    """A protocol ends with what its authors say of the plan, but has no results; a registry entry concludes nothing."""
    abstract = "Sixty adults will be randomised. Needling improved fatigue before without side effects, and may again."
    found = facts("Needling for fatigue: a study protocol", abstract)
    assert found.conclusion is not None
    assert (found.direction, found.harms) == (None, None)
    assert facts("Needling for fatigue", abstract, publication_types=("Registration",)).conclusion is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Scores fell (P = 0.05 vs. 0.5, i.e. less). It was 2.5 points.", 2),
        ("Smith et al. Found it. Dr. Who did, cf. Fig. 2.", 2),
        ("We studied MS. Fatigue fell!", 2),
        ("J. R. Hartley wrote it.", 1),
        ("They rested for 10 min. Scores fell.", 2),
        ("It fell in group A. It rose in group B.", 2),
        ("It fell. \u2014It rose.", 2),
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
