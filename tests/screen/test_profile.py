"""The shipped profile: the words and languages it must know, and what it must not take for them."""

import tomllib
from pathlib import Path

import pytest

from pipeline.harvest import clinicaltrials_json
from pipeline.model import Tier
from pipeline.screen import screen
from tests.screen.profiles import record, shipped

SUBJECT = shipped()
TITLES = tomllib.loads(Path(__file__).with_name("titles.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("tier", "title"), [(tier, title) for tier, titles in TITLES.items() for title in titles])
def test_title(tier: str, title: str) -> None:
    """A title alone, in any of many languages, gets its tier."""
    verdict = screen(record(title), SUBJECT)
    assert verdict.tier == tier, verdict


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Acupuncture, MS and fatigue: the plasma metabolome by LC-MS", "homonym: mass spectrometry"),
        ("Acupuncture for metabolic syndrome (MS)", "homonym: metabolic syndrome"),
        ("Electroacupuncture after mental stress (MS) and fatigue", "homonym: abbreviation of something else"),
        ("Tibial nerve stimulation in multiple sclerosis", "neighbour: tibial nerve stimulation"),
        ("Acupuncture for amyotrophic lateral sclerosis", "neighbour: amyotrophic lateral sclerosis"),
        ("Acupuncture for knee pain", "concept missing: multiple sclerosis"),
        ("Gait in multiple sclerosis", "concept missing: acupuncture"),
    ],
)
def test_rule(title: str, rule: str) -> None:
    """Readers see what kept a record out, in words."""
    assert screen(record(title), SUBJECT).excluded_by == rule


def test_survey() -> None:
    """A survey of unconventional therapies in which acupuncture is one of several is related, not core."""
    abstract = (
        "Of 200 people with MS, 60% used herbs, 20% acupuncture and 10% bee stings. Acupuncture users were older."
    )
    survey = record(
        "Use of complementary therapies by people with multiple sclerosis", abstract, keywords=("acupuncture",)
    )
    assert screen(survey, SUBJECT).tier is Tier.RELATED


def test_review() -> None:
    """A review of acupuncture whose abstract lists the disease among several is related."""
    abstract = "We cover Parkinson's disease, neuropathic pain, multiple sclerosis and arthritis."
    assert screen(record("Acupuncture: a review of mechanisms", abstract), SUBJECT).tier is Tier.RELATED


def test_model() -> None:
    """An animal model is the disease also when only the abstract says which model it is."""
    abstract = "C57BL/6 mice with EAE were needled for two weeks."
    assert screen(record("GB20 needling restores the retina in optic neuritis", abstract), SUBJECT).tier is Tier.CORE


def test_registry_fields() -> None:
    """A registration with a vague title is let in by its condition and intervention; the reasons name their field."""
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000000", "briefTitle": "A pilot study of symptom relief"},
            "descriptionModule": {"briefSummary": "Forty adults are treated for eight weeks."},
            "conditionsModule": {"conditions": ["Multiple Sclerosis"], "keywords": ["fatigue"]},
            "armsInterventionsModule": {"interventions": [{"name": "Electroacupuncture", "otherNames": ["EA"]}]},
        }
    }
    verdict = screen(clinicaltrials_json.record(study), SUBJECT)
    assert verdict.tier is Tier.CORE
    assert {(reason.concept, reason.term, reason.field) for reason in verdict.reasons} == {
        ("acupuncture", "Electroacupuncture", "keywords"),
        ("multiple sclerosis", "Multiple Sclerosis", "keywords"),
    }


def test_kept_out() -> None:
    """A disease named among the exclusion criteria does not let a trial in."""
    abstract = "Adults after stroke. Exclusion criteria: multiple sclerosis, Parkinson's disease."
    assert (
        screen(record("Acupuncture for bladder control after stroke", abstract), SUBJECT).excluded_by
        == "neighbour: stroke"
    )
