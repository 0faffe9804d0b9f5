"""A subject profile is read from TOML, checked as a whole, and has a version."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.model import Record, Tier
from pipeline.screen import screen, subject_from
from tests.screen.profiles import YOGA_TOML, shipped, yoga


def problems(toml: str) -> tuple[str, ...]:
    """What is wrong with a profile."""
    with pytest.raises(ConfigError) as caught:
        subject_from(tomllib.loads(toml), "profile.toml")
    return caught.value.problems


def test_read() -> None:
    """A profile becomes a subject with its concepts in the file's order."""
    subject = yoga()
    assert subject.label == "yoga + back pain"
    assert [concept.name for concept in subject.concepts] == ["yoga", "low back pain"]
    assert subject.concepts[0].mesh == ("Yoga",)
    assert subject.concepts[1].ambiguous[0].homonyms[0].name == "lipopolysaccharide-binding protein"


def test_shipped() -> None:
    """The shipped profile is valid and asks every source for both concepts."""
    assert [concept.name for concept in shipped().concepts] == ["acupuncture", "multiple sclerosis"]
    assert all(concept.mesh and concept.search for concept in shipped().concepts)


def test_all_at_once() -> None:
    """Every problem is reported in one go, each with its path in the file."""
    broken = (
        YOGA_TOML.replace('"yogic"', "7")
        .replace('related = ["pilates"]', 'relatd = ["pilates"]')
        .replace("label", "lable")
    )
    told = problems(broken)
    assert len(told) == 4
    assert all(line.startswith("profile.toml: ") for line in told)
    paths = {line.split(": ")[1] for line in told}
    assert paths == {"label", "lable", "concepts #1.terms #2", "concepts #1.relatd"}


@pytest.mark.parametrize(
    "term", ["", "*", " yoga", "low  back", "ab*c", "low * pain", "yoga**", "yoga \u00a8", "\u0301"]
)
def test_bad_term(term: str) -> None:
    """A term that could never match what its author meant is refused, with its place."""
    (told,) = problems(YOGA_TOML.replace('"yogic"', f'"{term}"'))
    assert "concepts #1.terms #2" in told
    assert "only at the end of a word" in told


def test_no_terms() -> None:
    """A concept without terms of its own could never be found, and is refused."""
    (told,) = problems(YOGA_TOML.replace('terms = ["yoga", "yogic", "asana*"]\n', ""))
    assert "concepts #1.terms" in told


def test_same_name() -> None:
    """Two concepts of one name would be one in every report, and are refused."""
    assert problems(YOGA_TOML.replace('name = "low back pain"', 'name = "yoga"')) == (
        "profile.toml: concepts: the name 'yoga' is given twice",
    )


def test_version() -> None:
    """The version stays for the same profile and changes with any word of it."""
    assert yoga().version == yoga().version
    assert len(yoga().version) == 8
    changed = subject_from(tomllib.loads(YOGA_TOML.replace('"lumbar"', '"lumbal"')), "yoga.toml")
    assert changed.version != yoga().version
    assert replace(yoga(), label="other").version != yoga().version


def test_documented_profile() -> None:
    """The profile in the documentation is one that loads, and screens what it says."""
    page = (Path(__file__).parents[2] / "docs" / "subject.md").read_text("utf-8")
    subject = subject_from(tomllib.loads(page.split("```toml\n")[1].split("```")[0]), "docs/subject.md")
    assert screen(Record("s", "1", "Yoga for chronic low back pain: a randomized trial"), subject).tier is Tier.CORE
    assert screen(Record("s", "2", "Yoga and LBP, the lipopolysaccharide-binding protein"), subject).tier is Tier.OUT
