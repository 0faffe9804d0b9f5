"""Design and population: types and MeSH first, then words that leave no doubt."""

import pytest

from pipeline.appraise import appraise
from pipeline.model import Design, Fact, Record
from tests.appraise.records import facts


@pytest.mark.parametrize(
    ("types", "design"),
    [
        (("Journal Article", "Randomized Controlled Trial"), Design.RCT),
        (("Systematic Review",), Design.SYSTEMATIC_REVIEW),
        (("Meta-Analysis", "Review"), Design.SYSTEMATIC_REVIEW),
        (("Practice Guideline",), Design.GUIDELINE),
        (("Clinical Trial Protocol", "Randomized Controlled Trial"), Design.PROTOCOL),
        (("Case Reports", "Review"), Design.CASE_REPORT),
        (("Observational Study",), Design.OBSERVATIONAL),
        (("Review",), Design.NARRATIVE_REVIEW),
        (("research-article", "review-article"), Design.NARRATIVE_REVIEW),
        (("Editorial",), Design.EDITORIAL),
        (("Retraction of Publication",), Design.RETRACTION_NOTICE),
        (("Published Erratum",), Design.ERRATUM),
        (("Clinical Trial Registration",), Design.REGISTRATION),
    ],
    ids=str,
)
def test_type(types: tuple[str, ...], design: Design) -> None:
    """A publication type names the design, and is the evidence, word for word."""
    found = facts(publication_types=types).design
    assert found is not None
    assert (found.value, found.field, found.record) == (design, "publication_types", "pubmed:1")
    assert found.evidence in types


@pytest.mark.parametrize(
    ("title", "design", "words"),
    [
        ("Acupuncture in MS: a randomised, sham-controlled, pilot trial", Design.RCT, "randomised"),
        ("A randomized controlled trial of acupressure", Design.RCT, "randomized controlled trial"),
        ("Acupuncture for MS: a systematic review", Design.SYSTEMATIC_REVIEW, "systematic review"),
        ("Dry needling: meta-analysis of randomized controlled trials", Design.SYSTEMATIC_REVIEW, "meta-analysis"),
        ("Moxibustion in MS: study protocol for a randomized trial", Design.PROTOCOL, "study protocol"),
        ("Acupuncture: a protocol for a systematic review", Design.PROTOCOL, "protocol for a systematic review"),
        ("Dry needling in MS: a case report", Design.CASE_REPORT, "case report"),
        ("Acupuncture: a non-randomised controlled trial", Design.NONRANDOMIZED_TRIAL, "non-randomised"),
        ("Use of acupuncture in MS: an online survey", Design.SURVEY, "online survey"),
        ("Acupuncture and relapse: a cohort study", Design.OBSERVATIONAL, "cohort study"),
        ("Acupuncture for MS: a narrative review", Design.NARRATIVE_REVIEW, "narrative review"),
    ],
)
def test_title(title: str, design: Design, words: str) -> None:
    """Without a type, the words of the title name it, and are the evidence."""
    found = facts(title).design
    assert found is not None
    assert (found.value, found.field) == (design, "title")
    assert found.evidence.startswith(words)
    assert found.evidence in title


@pytest.mark.parametrize(
    "title",
    [
        "Acupuncture for fatigue",
        "Secondary analysis of a randomised controlled trial of acupuncture",
        "Lessons from randomised controlled trials of acupuncture",
        "Acupuncture: a quasi-randomized trial",
        "A trial protocolled by nobody",
        "The treatment protocol of one clinic",
        "A case report form for acupuncture",
    ],
)
def test_doubt(title: str) -> None:
    """A title that leaves a doubt names no design."""
    assert facts(title).design is None


@pytest.mark.parametrize(
    ("title", "kind", "design"),
    [
        ("Acupuncture: study protocol for a trial", "Randomized Controlled Trial", Design.PROTOCOL),
        ("Protocol for a systematic review of acupuncture", "Systematic Review", Design.PROTOCOL),
        ("Acupuncture: a systematic review of trials", "Review", Design.SYSTEMATIC_REVIEW),
        ("Acupuncture: a meta-analysis of trials", "Randomized Controlled Trial", Design.SYSTEMATIC_REVIEW),
        ("On a randomised controlled trial of acupuncture", "Editorial", Design.EDITORIAL),
        ("Acupuncture: a randomised controlled trial", "Observational Study", Design.OBSERVATIONAL),
        ("Acupuncture: a systematic review", "Case Reports", Design.CASE_REPORT),
    ],
)
def test_type_and_title(title: str, kind: str, design: Design) -> None:
    """The type decides, but a title may name a protocol or a systematic review where the type is less exact."""
    found = facts(title, publication_types=(kind,)).design
    assert found is not None
    assert found.value is design


@pytest.mark.parametrize("kind", ["Comment", "Letter", "News"])
def test_talk(kind: str) -> None:
    """A letter about a trial is not the trial."""
    assert facts("Acupuncture: a randomised controlled trial", publication_types=(kind,)).design is None


@pytest.mark.parametrize(
    ("title", "mesh", "value", "evidence"),
    [
        ("Acupuncture", ("Adult", "Humans"), "human", "Humans"),
        ("Acupuncture", ("*Animals", "Mice"), "animal", "*Animals"),
        ("Electroacupuncture in rats", (), "animal", "rats"),
        ("Electroacupuncture in a mouse model", (), "animal", "mouse model"),
        ("Electroacupuncture in experimental autoimmune encephalomyelitis", (), "animal", "experimental autoimmune"),
        ("Acupuncture in women with MS", (), "human", "in women"),
        ("Bee venom and myelin in vitro", (), "in_vitro", "in vitro"),
    ],
)
def test_population(title: str, mesh: tuple[str, ...], value: str, evidence: str) -> None:
    """MeSH says whom a study is about, or else the title."""
    found = facts(title, mesh=mesh).population
    assert found is not None
    assert (found.value, found.field) == (value, "mesh" if mesh else "title")
    assert found.evidence.startswith(evidence)


@pytest.mark.parametrize(
    ("title", "mesh"),
    [
        ("Acupuncture", ("Animals", "Humans")),
        ("Acupuncture in patients and in mice", ()),
        ("T cells in patients with MS after acupuncture", ()),
        ("Acupuncture before in vitro fertilization", ()),
        ("Acupuncture", ("Acupuncture Therapy",)),
    ],
)
def test_no_population(title: str, mesh: tuple[str, ...]) -> None:
    """Both, neither, or only material from a body: not stated."""
    assert facts(title, mesh=mesh).population is None


def test_animal_trial() -> None:
    """A randomised trial on rats is an animal study; a review of animal studies stays a review."""
    trial = facts("A randomised controlled trial of electroacupuncture in rats")
    assert trial.design == Fact(Design.ANIMAL, "rats", "title", "pubmed:1")
    review = facts("Acupuncture", mesh=("Animals",), publication_types=("Review",)).design
    assert review is not None
    assert review.value is Design.NARRATIVE_REVIEW
    assert facts("Bee venom and myelin in vitro").design == Fact(Design.IN_VITRO, "in vitro", "title", "pubmed:1")


def test_best_record() -> None:
    """The evidence is from the best record that states it, whatever the order."""
    feed = Record("feed", "x", "Acupuncture: a randomised controlled trial")
    pubmed = Record("pubmed", "1", "Acupuncture", publication_types=("Randomized Controlled Trial",))
    europepmc = Record("europepmc", "1", "Acupuncture", publication_types=("Randomized Controlled Trial",))
    assert appraise([feed, europepmc, pubmed]) == appraise([pubmed, feed, europepmc])
    found = appraise([feed, europepmc, pubmed]).design
    assert found is not None
    assert found.record == "pubmed:1"
