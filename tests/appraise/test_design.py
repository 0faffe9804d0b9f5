"""Design and population: types and MeSH first, then words that leave no doubt."""

import pytest

from pipeline.appraise import appraise
from pipeline.model import Design, Fact, Record, Section
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
        (("Comment", "Letter"), Design.EDITORIAL),
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
        (
            "Acupuncture in MS: a randomised, sham-controlled, pilot trial",
            Design.RCT,
            "a randomised, sham-controlled, pilot trial",
        ),
        ("A randomized controlled trial of acupressure", Design.RCT, "A randomized controlled trial"),
        ("Acupuncture for MS: a systematic review", Design.SYSTEMATIC_REVIEW, "systematic review"),
        ("Dry needling: meta-analysis of randomized controlled trials", Design.SYSTEMATIC_REVIEW, "meta-analysis"),
        ("Moxibustion in MS: study protocol for a randomized trial", Design.PROTOCOL, "study protocol"),
        ("Acupuncture: a protocol for a systematic review", Design.PROTOCOL, "a protocol for a systematic review"),
        ("Dry needling in MS: a case report", Design.CASE_REPORT, "a case report"),
        (
            "Acupuncture: a non-randomised controlled trial",
            Design.NONRANDOMIZED_TRIAL,
            "a non-randomised controlled trial",
        ),
        ("Use of acupuncture in MS: an online survey", Design.SURVEY, "an online survey"),
        ("Acupuncture in MS: a questionnaire-based study", Design.SURVEY, "questionnaire-based study"),
        ("Acupuncture and relapse: a cohort study", Design.OBSERVATIONAL, "cohort study"),
        ("Scalp acupuncture in MS: a case series", Design.OBSERVATIONAL, "case series"),
        ("Acupuncture in MS: a retrospective chart review", Design.OBSERVATIONAL, "retrospective chart review"),
        ("Acupuncture for MS: a narrative review", Design.NARRATIVE_REVIEW, "a narrative review"),
        ("Acupuncture and MS: a review of the evidence", Design.NARRATIVE_REVIEW, "a review"),
        ("A review of acupuncture in MS", Design.NARRATIVE_REVIEW, "A review of"),
        ("A randomized crossover study of bee stings", Design.RCT, "A randomized crossover study"),
        ("A case of MS treated with acupuncture", Design.CASE_REPORT, "A case of"),
        ("Summary of evidence-based guideline: acupuncture in MS", Design.GUIDELINE, "evidence-based guideline:"),
        ("Corrigendum to: A randomized trial of acupuncture", Design.ERRATUM, "Corrigendum to:"),
        ("Retraction: Acupuncture for MS", Design.RETRACTION_NOTICE, "Retraction:"),
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
        "A survey of guidelines on MS, reviewed",
        "Acupuncture: a systemic review of the literature",
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
        ("Acupuncture: a review", "Comment", Design.EDITORIAL),
    ],
)
def test_type_and_title(title: str, kind: str, design: Design) -> None:
    """The type decides, but a title may name a protocol or a systematic review where the type is less exact."""
    found = facts(title, publication_types=(kind,)).design
    assert found is not None
    assert found.value is design


@pytest.mark.parametrize("kind", ["Letter", "News"])
def test_talk(kind: str) -> None:
    """A letter about a trial is not the trial, whether title or abstract name it."""
    words = "Sixty people were randomly assigned to acupuncture or sham."
    assert facts("Acupuncture: a randomised controlled trial", words, publication_types=(kind,)).design is None


@pytest.mark.parametrize(
    ("abstract", "design", "words"),
    [
        ("People with MS were randomly assigned to two groups.", Design.RCT, "were randomly assigned"),
        (
            "In this single-blind randomised trial 60 women took part.",
            Design.RCT,
            "In this single-blind randomised trial",
        ),
        (
            "It was a single-arm pilot trial, and we conducted a single-arm trial.",
            Design.NONRANDOMIZED_TRIAL,
            "It was a",
        ),
        ("In this online survey 98 people took part.", Design.SURVEY, "In this online survey"),
        ("An online survey was sent to members.", Design.SURVEY, "online survey was"),
        ("This retrospective cohort study looked at charts.", Design.OBSERVATIONAL, "This retrospective cohort study"),
        ("This retrospective case series looks back.", Design.OBSERVATIONAL, "This retrospective case series"),
        ("We report the case of a woman with MS.", Design.CASE_REPORT, "We report the case of"),
        ("We performed a systematic review of trials.", Design.SYSTEMATIC_REVIEW, "We performed a systematic review"),
        ("This review is about acupuncture.", Design.NARRATIVE_REVIEW, "This review"),
        ("Participants with MS will be randomly assigned.", Design.PROTOCOL, "Participants with MS will be randomly"),
        ("Rats with EAE were needled.", Design.ANIMAL, "Rats"),
    ],
)
def test_abstract(abstract: str, design: Design, words: str) -> None:
    """Without a type and a telling title, the words with which an abstract names its own method."""
    found = facts("Acupuncture in MS", abstract).design
    assert found is not None
    assert (found.value, found.field) == (design, "abstract")
    assert found.evidence.startswith(words)
    assert found.evidence in abstract


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Acupuncture in MS", "Earlier work is a randomised trial of 40 people."),
        ("Acupuncture in MS", "This randomised trial protocol was amended."),
        ("Acupuncture in MS", "Mice were randomly assigned; so were patients."),
        ("Acupuncture in MS", "This review searched databases."),
        ("Secondary analysis of acupuncture in MS", "People were randomly assigned to two groups."),
    ],
)
def test_doubt_in_abstract(title: str, abstract: str) -> None:
    """Other people's trials, animals beside people, reviews that may be systematic: no design."""
    assert facts(title, abstract).design is None


def test_background() -> None:
    """What the background tells of another trial does not name the design; the method's own heading does."""
    told = (Section("Sixty people were randomly assigned.", "BACKGROUND"), Section("We did as they did.", "METHODS"))
    assert facts(abstract=told).design is None
    found = facts(abstract=(Section("Single-blind randomised controlled trial.", "Design"),)).design
    assert found is not None
    assert found.value is Design.RCT


def test_abstract_over_title() -> None:
    """A trial whose participants will be randomised is a plan, and a review that was systematic is called so."""
    plan = facts("Acupuncture: a randomised trial", "Participants will be randomised to two groups.").design
    review = facts("Acupuncture: a review", "We conducted a systematic review.", publication_types=("Review",)).design
    assert plan is not None
    assert review is not None
    assert (plan.value, review.value) == (Design.PROTOCOL, Design.SYSTEMATIC_REVIEW)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://clinicaltrials.gov/study/NCT99900001", "NCT99900001"),
        ("https://trialsearch.who.int/Trial2.aspx?TrialID=IRCT20990101999999N1", "IRCT20990101999999N1"),
        ("https://example.org/study/NCT99900001", ""),
        ("https://clinicaltrials.gov/about", ""),
        ("https://[broken/NCT99900001", ""),
    ],
)
def test_registry_page(url: str, number: str) -> None:
    """A record that is a registry's page of one trial is a registration, and states its number."""
    found = facts("Acupuncture in MS", url=url)
    assert (found.design == Fact(Design.REGISTRATION, url, "url", "pubmed:1")) is bool(number)
    assert [fact.value for fact in found.registrations] == ([number] if number else [])


@pytest.mark.parametrize(
    ("title", "mesh", "value", "evidence"),
    [
        ("Acupuncture", ("Adult", "Humans"), "human", "Humans"),
        ("Acupuncture", ("*Animals", "Mice"), "animal", "*Animals"),
        ("Electroacupuncture in rats", (), "animal", "rats"),
        ("Electroacupuncture in a mouse model", (), "animal", "mouse model"),
        ("Electroacupuncture in experimental autoimmune encephalomyelitis", (), "animal", "experimental autoimmune"),
        ("Acupuncture in women with MS", (), "human", "women"),
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


@pytest.mark.parametrize(
    ("abstract", "value"),
    [
        ("Lewis rats with EAE received bee venom.", "animal"),
        ("Mice were needled. Work in patients should follow.", None),
        ("This review tells how mice were needled.", None),
    ],
)
def test_population_of_abstract(abstract: str, value: str | None) -> None:
    """An abstract that treats animals and does not speak of people is about animals."""
    found = facts("Bee venom and interleukin 6 in serum", abstract).population
    assert (found.value if found else None) == value


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
