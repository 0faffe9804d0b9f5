"""What a study measured or reported: columns of the evidence map."""

import pytest

from pipeline.model import Fact, Section
from tests.appraise.records import facts, values


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("the modified Ashworth scale", "spasticity"),
        ("the timed up and go test", "mobility_balance"),
        ("the 25-foot walk", "mobility_balance"),
        ("urodynamics", "bladder"),
        ("constipation", "bowel"),
        ("mechanical allodynia", "pain"),
        ("the MFIS", "fatigue"),
        ("the MSQoL-54", "quality_of_life"),
        ("the PSQI", "sleep"),
        ("anxiety", "mood"),
        ("erectile function", "sexual_function"),
        ("the SDMT", "cognition"),
        ("visual acuity", "sensory"),
        ("the EDSS", "disability"),
        ("relapses", "relapse"),
        ("interleukin-17", "immune_markers"),
        ("IL-4 and IFN-\u03b3", "immune_markers"),
        ("adverse events", "safety"),
        ("new MRI lesions", "other"),
    ],
)
def test_measures(words: str, value: str) -> None:
    """Complaints and instruments name what was measured, in methods and in results."""
    for abstract in (f"We measured {words}.", (Section(f"There was less change in {words}.", "RESULTS"),)):
        (found,) = facts(abstract=abstract).outcomes
        assert found.value == value
        assert f" {found.evidence} " in f" {words} "
        assert found.field == "abstract"


@pytest.mark.parametrize(
    "abstract",
    [
        "MS causes fatigue, spasticity and pain. We searched five databases.",
        (Section("MS causes fatigue and pain.", "BACKGROUND"), Section("We searched.", "METHODS")),
        (Section("MS causes fatigue. To study yoga.", "OBJECTIVE"),),
        "We gave yoga to 20 patients. Those with depression were excluded.",
        (Section("Adverse events were not reported.", "RESULTS"),),
        (Section("Side effects were never recorded.", "RESULTS"),),
        "We gave yoga to 20 patients with an EDSS of 2 to 6.",
        "We gave yoga to 20 patients. Further research should look at sleep.",
        "We gave cognitive behavioural therapy to 20 patients.",
        "We saw spreading depression, bladder cancer, a memory T cell and fatigue fracture in 20 mice.",
        "We gave a quality product to 20 patients on the safe side.",
    ],
)
def test_not_measured(abstract: str | tuple[Section, ...]) -> None:
    """The background, who was kept out, who was let in, what is left to others, and other things of the same name."""
    assert facts(abstract=abstract).outcomes == ()


def test_title_first() -> None:
    """Each outcome once, in the order of the columns, with the words of the most telling place."""
    found = facts("Fatigue and spasticity", "We measured spasticity and sleep.").outcomes
    assert found == (
        Fact("spasticity", "spasticity", "title", "pubmed:1"),
        Fact("fatigue", "Fatigue", "title", "pubmed:1"),
        Fact("sleep", "sleep", "abstract", "pubmed:1"),
    )


def test_primary_outcome() -> None:
    """What no column names is told in the record's words, if the study was made for it."""
    abstract = "We gave yoga. The primary outcome was grip force (in newtons). Pain fell."
    found = facts(abstract=abstract).outcomes
    assert [(fact.value, fact.evidence) for fact in found] == [("pain", "Pain"), ("other", "grip force")]
    assert values(facts(abstract="We gave yoga. The primary outcome was change in pain.").outcomes) == ["pain"]
    listed = (
        Section("Heart rate variability; blood pressure", "Primary outcomes"),
        Section("Pain", "Secondary outcomes"),
    )
    found = facts(abstract=listed).outcomes
    assert [(fact.value, fact.evidence) for fact in found] == [("pain", "Pain"), ("other", "Heart rate variability")]


def test_headings_and_keywords() -> None:
    """MeSH headings, by the descriptor, and keywords."""
    assert facts(mesh=("*Fatigue/therapy", "Humans")).outcomes == (
        Fact("fatigue", "*Fatigue/therapy", "mesh", "pubmed:1"),
    )
    assert facts(keywords=("yoga", "Urinary incontinence")).outcomes == (
        Fact("bladder", "Urinary incontinence", "keywords", "pubmed:1"),
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("多发性硬化患者的疲劳与睡眠", ["fatigue", "sleep"]),
        ("다발성 경화증의 경직과 통증", ["spasticity", "pain"]),
        ("تاثیر یوگا بر خستگی", ["fatigue"]),
        ("Yoga und Lebensqualität", ["quality_of_life"]),
        ("Yoga et qualité de vie", ["quality_of_life"]),
        ("Yoga y calidad de vida: espasticidad", ["spasticity", "quality_of_life"]),
        ("Ioga na fadiga e na dor", ["pain", "fatigue"]),
        ("Yoga e disabilità", ["disability"]),
    ],
)
def test_languages(title: str, expected: list[str]) -> None:
    """Titles in other languages, and original titles beside a translation."""
    assert values(facts(title, languages=("xx",)).outcomes) == expected
    assert values(facts("A translated title", vernacular_title=title).outcomes) == expected


def test_cytokines_of_animals() -> None:
    """Animal experiments have their own measures."""
    abstract = "EAE was induced in mice. Clinical scores, IL-17 and demyelination were lower after needling."
    assert values(facts("Acupuncture regulates the Th17/Treg balance", abstract).outcomes) == [
        "disability",
        "immune_markers",
        "other",
    ]
