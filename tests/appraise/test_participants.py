"""How many took part, and which of them are counted: one sentence that states a total, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.appraise import appraise
from pipeline.model import Count, Counted, Section
from tests.appraise.records import facts, record

ANALYSED, ENROLLED, PLANNED, RANDOMIZED = Counted.ANALYSED, Counted.ENROLLED, Counted.PLANNED, Counted.RANDOMIZED


@pytest.mark.parametrize(
    ("sentence", "number", "counted"),
    [
        ("Sixty-six patients with multiple sclerosis were randomly assigned to acupuncture or sham.", 66, RANDOMIZED),
        ("A total of 1,234 women aged 18-65 years were randomized.", 1234, RANDOMIZED),
        ("In all, 1.234 people were randomised.", 1234, RANDOMIZED),
        ("Of 100 screened, 66 were randomised.", 66, RANDOMIZED),
        ("Between 2001 and 2004, 66 patients who had relapsed were randomised.", 66, RANDOMIZED),
        ("66 patients with type 2 diabetes were divided into two groups at random.", 66, RANDOMIZED),
        ("We randomly assigned 66 adults to two groups.", 66, RANDOMIZED),
        ("Randomisation of 66 participants gave two equal groups.", 66, RANDOMIZED),
        ("Patients with MS (n = 66) were randomized to acupuncture or sham.", 66, RANDOMIZED),
        ("Women with MS who were to be needled were randomised (n=66) to two groups.", 66, RANDOMIZED),
        ("66 patients were randomized: 33 to acupuncture and 33 to sham.", 66, RANDOMIZED),
        ("66 patients were recruited, and 60 patients were randomized.", 60, RANDOMIZED),
        ("66 patients were randomised to needling, sham or a group that was not needled.", 66, RANDOMIZED),
        ("Forty-two people were randomised, 21 to each group, and treated.", 42, RANDOMIZED),
        ("In a randomised, sham-controlled trial, 66 patients were needled for six weeks.", 66, ENROLLED),
        ("This was a randomised controlled trial of electroacupuncture in 66 women.", 66, RANDOMIZED),
        ("60 cases of multiple sclerosis were randomly divided into a needling and a drug group.", 60, RANDOMIZED),
        ("Of 70 enrolled patients, 66 patients were analysed.", 66, ANALYSED),
        ("66 patients were included in the analysis.", 66, ANALYSED),
        ("Data of 66 patients in a randomised trial were analysed.", 66, ANALYSED),
        ("66 patients from the randomized trial were included.", 66, ENROLLED),
        ("One hundred and twenty-six ambulatory MS patients were enrolled.", 126, ENROLLED),
        ("66 patients enrolled in the ACUMS trial were analysed.", 66, ENROLLED),
        ("The trial enrolled 66 volunteers.", 66, ENROLLED),
        ("66 patients were enrolled in this study.", 66, ENROLLED),
        ("In this survey 98 people took part.", 98, ENROLLED),
        ("254 people with MS were interviewed.", 254, ENROLLED),
        ("The questionnaire was sent to 1200 members; 500 (42%) responded.", 500, ENROLLED),
        ("A cohort of 66 patients was followed for a year.", 66, ENROLLED),
        ("This is a case series of eight people with MS.", 8, ENROLLED),
        ("Participants were 66 adults with MS.", 66, ENROLLED),
        ("30 patients with MS and 25 healthy controls were enrolled.", 55, ENROLLED),
        ("Of 1,200 questionnaires 500 were returned.", 500, ENROLLED),
        ("Interviews were conducted with 15 people with MS and 10 physiotherapists.", 25, ENROLLED),
        ("19 patients (12 women) were included.", 19, ENROLLED),
        ("14 patients (10 female, 4 male) were treated with acupuncture.", 14, ENROLLED),
        ("12 patients received acupuncture in a crossover design.", 12, ENROLLED),
    ],
)
def test_total(sentence: str, number: int, counted: Counted) -> None:
    """A sentence that counts the randomised, or else the analysed, or else the enrolled; it is the evidence."""
    found = facts(abstract=f"MS is common. {sentence} Fatigue fell.").participants
    assert found == Count(number, sentence, "abstract", "pubmed:1", counted)


@pytest.mark.parametrize(
    ("abstract", "number", "counted"),
    [
        ("66 patients were enrolled. 60 patients were randomised. 58 patients were analysed.", 60, RANDOMIZED),
        ("66 patients were randomized. In all, 70 patients were randomized.", 66, RANDOMIZED),
        ("66 patients were enrolled. Data of 60 patients were analysed.", 60, ANALYSED),
        ("Forty patients were treated. Relief was seen in 20 patients.", 40, ENROLLED),
        ("66 patients took part. 33 patients were randomised to acupuncture.", 66, ENROLLED),
    ],
)
def test_order(abstract: str, number: int, counted: Counted) -> None:
    """The randomised before the analysed and these before the enrolled; the whole before its parts."""
    found = facts(abstract=abstract).participants
    assert found is not None
    assert (found.value, found.counted) == (number, counted)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("Patients were randomised into two groups: acupuncture (n = 33) and sham (n = 32).", 65),
        ("Patients were randomised to three arms: needling (n=20), sham (n=21) or waiting (n=22).", 63),
        ("Patients were randomised to acupuncture (n = 33) or sham (n = 32).", None),
        ("Patients were randomised into three groups: acupuncture (n = 33) and sham (n = 32).", None),
    ],
)
def test_arms(sentence: str, number: int | None) -> None:
    """Arms are added up where the sentence says how many there are."""
    found = facts(abstract=sentence).participants
    assert (found.value if found else None) == number


@pytest.mark.parametrize(
    "sentence",
    [
        "33 patients were randomized to acupuncture and 33 to sham.",
        "33 patients were randomized to acupuncture and 33 patients were randomized to sham.",
        "Data came from 30 women randomly assigned to needling, and 31 women randomly assigned to sham.",
        "30 patients in each group were randomized.",
        "66 patients had to be enrolled to detect a difference.",
        "A sample size of 66 patients was needed.",
        "66 patients were screened.",
        "The questionnaire was sent to 1200 members.",
        "Of the 66 patients randomised to sham, 8 improved.",
        "66 % of patients were randomized.",
        "66.5 patients were randomized.",
        "12 trials with 900 patients were included.",
        "Patients aged 66 years were randomized.",
        "In 2019 women were randomized.",
        "10 patients (group I) randomized to sham improved.",
        "Scores fell by 66 points.",
        "66 eyes were randomised.",
        "3 patients died.",
        "Three cases of bleeding occurred.",
        "60 rats were randomised.",
    ],
)
def test_doubt(sentence: str) -> None:
    """Arms, parts, plans, invitations, ages, percentages, events, other people's patients: not stated."""
    assert facts(abstract=sentence).participants is None


def test_tokens() -> None:
    """Texts that come as tokens read like any other; the evidence is as it stands there."""
    sentence = "A total of 1 , 234 insulin - naive patients ( HbA1c 7 . 5 - 10 . 0 % ) were randomised ( 1 : 1 ) ."
    found = facts(abstract=f"Diabetes is common . {sentence} Scores fell .").participants
    assert found == Count(1234, sentence, "abstract", "pubmed:1", RANDOMIZED)


def test_title() -> None:
    """A title may state them, where the abstract does not."""
    found = facts("A randomised trial of acupuncture in 66 patients").participants
    assert found == Count(66, "A randomised trial of acupuncture in 66 patients", "title", "pubmed:1", RANDOMIZED)


@pytest.mark.parametrize("kind", ["Systematic Review", "Review", "Case Reports", "Editorial"])
def test_without_own_people(kind: str) -> None:
    """Reviews and the like have no participants of their own."""
    assert facts(abstract="66 patients were randomized.", publication_types=(kind,)).participants is None


@pytest.mark.parametrize(
    "sentence",
    [
        "66 patients will be randomized.",
        "We aim to recruit 66 patients from 15 centres.",
        "A sample size of 66 patients will allow for a loss of 10 %.",
        "66 patients will be randomized to acupuncture (33 patients) or sham.",
        "The study includes 66 patients.",
    ],
)
def test_plan(sentence: str) -> None:
    """What a protocol says of its people is planned."""
    found = facts("Acupuncture for fatigue: a study protocol", sentence).participants
    assert found == Count(66, sentence, "abstract", "pubmed:1", PLANNED)


def test_case_series() -> None:
    """A series counts its cases, whatever the indexers call it."""
    found = facts(
        "A case series", "Nine patients with MS were treated.", publication_types=("Case Reports",)
    ).participants
    assert found is not None
    assert found.value == 9


@pytest.mark.parametrize("kind", ["Clinical Trial Registration", "Trial Registration"])
@pytest.mark.parametrize(
    ("enrollment", "counted"), [("66 participants (actual)", ENROLLED), ("66 participants (estimated)", PLANNED)]
)
def test_registration(enrollment: str, counted: Counted, kind: str) -> None:
    """A registry's own count of the enrolled or planned, not what its description says."""
    abstract = (Section("90 patients are randomised.", "Brief summary"), Section(enrollment, "Enrollment"))
    found = facts(abstract=abstract, publication_types=(kind,)).participants
    assert found == Count(66, enrollment, "abstract", "pubmed:1", counted)


def test_records() -> None:
    """The first record that states a total, best record first; a registration only by its count."""
    registration = record(
        abstract=(Section("66 participants (actual)", "Enrollment"),),
        publication_types=("Clinical Trial Registration",),
    )
    article = record(abstract="60 patients were randomised.", doi="10.1000/1")
    found = appraise([registration, article]).participants
    assert found is not None
    assert found.value == 60


def test_section() -> None:
    """What the background tells of others is not counted."""
    abstract = (
        Section("In earlier work 90 patients were randomized.", "BACKGROUND"),
        Section("66 patients were randomized.", "METHODS"),
    )
    found = facts(abstract=abstract).participants
    assert found is not None
    assert found.value == 66


_PIECES = """66 patients n = ( ) [ ] { } were randomised to and or , . ; : of the thousand hundred sixty-six - % 1,234
group two groups each women 33 (n=33) total not had"""


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=60).map(" ".join) | st.text())
def test_hostile(abstract: str) -> None:
    """Whatever stands there: no error, and nothing without words that stand there."""
    found = facts(abstract=abstract).participants
    assert found is None or (found.evidence in abstract and found.value >= 0)


def test_questionnaires_sent() -> None:
    """Whom questionnaires went to is not who took part."""
    assert facts(abstract="Questionnaires went to 5316 people and 2026 came back.").participants is None


@pytest.mark.parametrize(
    ("abstract", "number"),
    [
        ("We recruited 34 of 120 planned participants.", None),
        ("Ten of 25 eligible patients took part.", None),
        ("68 (62%) of 109 patients were recruited.", None),
        ("80 ASA physical status 1 and 2 women were randomised.", None),
        ("The patients (n = 39%) were randomised.", None),
        ("1 in 300 patients has MS. The study included 44 patients.", 44),
        ("In a previous study, 90 patients were randomised. We enrolled 30 patients.", 30),
        ("Symptoms were followed in 116 patients.", 116),
    ],
)
def test_other_numbers(abstract: str, number: int | None) -> None:
    """Those of whom fewer took part, rates, grades, shares, and people of earlier studies are not the study's own."""
    found = facts(abstract=abstract).participants
    assert (found.value if found else None) == number
