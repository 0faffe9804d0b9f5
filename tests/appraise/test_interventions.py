"""Which techniques a study used: rows of the evidence map."""

import pytest

from pipeline.appraise import appraise
from pipeline.model import Fact, Record, Section
from tests.appraise.records import facts, record, values


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Electro-acupuncture for bladder dysfunction", ["electroacupuncture"]),
        ("Manual acupuncture in multiple sclerosis", ["manual_acupuncture"]),
        ("Auricular acupressure for fatigue", ["auricular"]),
        ("Acupressure and auricular acupressure", ["auricular", "acupressure"]),
        ("Scalp electroacupuncture after stroke", ["scalp"]),
        ("Laser acupuncture in headache", ["laser"]),
        ("Bee venom acupuncture in mice", ["bee_venom"]),
        ("Bee venom pharmacopuncture", ["bee_venom", "acupoint_injection"]),
        ("Transcutaneous electrical acupoint stimulation", ["acu_tens"]),
        ("Warm needling of the knee", ["moxibustion"]),
        ("Wet cupping for back pain", ["cupping"]),
        ("Dry needling with acupuncture needles", ["dry_needling"]),
        ("Catgut embedding for constipation", ["other"]),
        ("Needling at GB20 in mice", ["other"]),
        ("Acupuncture", ["other"]),
        ("A sham-controlled electroacupuncture trial", ["electroacupuncture"]),
        ("TENS at an acupuncture point", []),
        ("Acupuncture-like TENS", []),
        ("Treatment without acupuncture", []),
        ("Rapid recovery has been seen", []),
    ],
)
def test_titles(title: str, expected: list[str]) -> None:
    """Each stretch of words counts once; acupuncture of no stated kind is other; points and needles are none."""
    found = facts(title).interventions
    assert values(found) == expected
    assert all(fact.evidence in title for fact in found)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Acupuncture and electroacupuncture for pain", ["electroacupuncture", "other"]),
        ("Electroacupuncture for pain: acupuncture in practice", ["electroacupuncture"]),
        ("Acupuncture and moxibustion for pain", ["moxibustion", "other"]),
    ],
)
def test_bare_word(title: str, expected: list[str]) -> None:
    """Beside a kind of needling the bare word names the field, unless both are listed; moxibustion is no needling."""
    assert values(facts(title).interventions) == expected


@pytest.mark.parametrize(
    "abstract",
    [
        "Electroacupuncture is often used for pain. We gave 20 patients yoga.",
        "Patients received yoga or sham acupuncture.",
        "Patients received yoga. The control group received electroacupuncture.",
        "Patients received yoga but no acupuncture.",
        (
            Section("Acupuncture may help. We studied yoga.", "BACKGROUND"),
            Section("Twenty patients did yoga.", "METHODS"),
        ),
    ],
)
def test_not_given(abstract: str | tuple[Section, ...]) -> None:
    """What the background mentions, what only the controls had, a sham and a denial are no intervention."""
    assert facts(abstract=abstract).interventions == ()


@pytest.mark.parametrize(
    "abstract",
    [
        "Pain is common. We gave 20 patients electroacupuncture.",
        "Pain is common. Patients were randomised to electroacupuncture or sham electroacupuncture.",
        (Section("Pain is common. To study electroacupuncture in pain.", "OBJECTIVE"),),
        (Section("Pain is common.", "BACKGROUND"), Section("Electroacupuncture, twice a week.", "METHODS")),
        "A 40-year-old woman with pain had electroacupuncture.",
        "Systematic review of electroacupuncture for pain.",
        "Many have written on pain. This review is on electroacupuncture.",
    ],
)
def test_given(abstract: str | tuple[Section, ...]) -> None:
    """Aim, methods and results tell what was done, under headings or not."""
    (found,) = facts(abstract=abstract).interventions
    assert (found.value, found.evidence.lower(), found.field) == (
        "electroacupuncture",
        "electroacupuncture",
        "abstract",
    )


def test_all_its_own() -> None:
    """A registration speaks of its own study throughout, and a review that names no aim of what it covers."""
    abstract = "Electroacupuncture for pain, twice a week."
    assert facts(abstract=abstract).interventions == ()
    assert values(facts("Pain: a review", abstract).interventions) == ["electroacupuncture"]
    registered = facts(abstract=abstract, publication_types=("Clinical Trial Registration",))
    assert values(registered.interventions) == ["electroacupuncture"]


def test_headings_and_keywords() -> None:
    """MeSH headings and keywords, among them a registry's names of interventions, count too."""
    assert facts(mesh=("Acupuncture, Ear",)).interventions == (
        Fact("auricular", "Acupuncture, Ear", "mesh", "pubmed:1"),
    )
    assert facts(mesh=("*Acupuncture Therapy/methods",)).interventions[0].value == "other"
    found = facts(keywords=("Multiple Sclerosis", "Sham acupuncture", "Moxa sticks")).interventions
    assert found == (Fact("moxibustion", "Moxa", "keywords", "pubmed:1"),)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("电针治疗多发性硬化", ["electroacupuncture"]),
        ("针灸治疗多发性硬化", ["other"]),
        ("다발성 경화증의 약침 치료", ["acupoint_injection"]),
        ("تاثیر طب فشاری بر خستگی", ["acupressure"]),
        ("Elektroakupunktur bei Multipler Sklerose", ["electroacupuncture"]),
        ("Électro-acupuncture et sclérose en plaques", ["electroacupuncture"]),
        ("Acupuntura en la esclerosis múltiple", ["other"]),
        ("Punción seca en la espasticidad", ["dry_needling"]),
        ("Agopuntura e sclerosi multipla", ["other"]),
    ],
)
def test_languages(title: str, expected: list[str]) -> None:
    """Titles in other languages, and original titles beside a translation."""
    assert values(facts(title, languages=("xx",)).interventions) == expected
    found = facts("A translated title", vernacular_title=title).interventions
    assert values(found) == expected
    assert all(fact.field == "vernacular_title" and fact.evidence in title for fact in found)
    assert (
        facts("X", vernacular_title="Électro-acupuncture et douleur").interventions[0].evidence == "Électro-acupuncture"
    )


def test_records_of_one_work() -> None:
    """Every record adds what it states; the best one is the witness of what several state."""
    feed = Record("feed", "a", "Moxibustion and electroacupuncture")
    found = appraise([feed, record("Electroacupuncture")]).interventions
    assert [(fact.value, fact.record) for fact in found] == [
        ("electroacupuncture", "pubmed:1"),
        ("moxibustion", "feed:a"),
    ]
