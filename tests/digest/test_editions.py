"""The editions' texts: what the file has to hold, and what is said when it does not."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from pipeline.appraise.comparators import VALUES as COMPARATORS
from pipeline.appraise.outcomes import VALUES as FOUND
from pipeline.digest.editions import editions_from
from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES, UNSTATED
from pipeline.digest.issue import Section
from pipeline.errors import ConfigError
from pipeline.operator_files import bundled
from tests.digest.samples import EDITIONS


@pytest.fixture
def texts() -> dict[str, Any]:
    """The bundled file, to be edited."""
    return deepcopy(tomllib.loads(bundled("editions.toml")))


def problems(texts: dict[str, Any]) -> list[str]:
    """Everything that is said of a file."""
    with pytest.raises(ConfigError) as wrong:
        editions_from(texts, "e.toml")
    return list(wrong.value.problems)


def test_vocabularies() -> None:
    """The plain words cover every treatment, outcome, comparator and section that there is."""
    patient = EDITIONS.patient
    assert set(patient.treatments) == {*INTERVENTIONS, UNSTATED}
    assert set(patient.questions) == set(OUTCOMES) >= set(FOUND)
    assert set(patient.comparators) == set(COMPARATORS)
    assert set(patient.headings) == {"corrections", *Section}


def test_all_at_once(texts: dict[str, Any]) -> None:
    """Every problem is told at once, with its path in the file: of shape, of placeholders, and of what is said."""
    patient = texts["patient"]
    texts["clinician"]["footer"]["contact"] = 3
    texts["clinician"]["colour"] = "blue"
    patient["never"].append("two words")
    patient["labels"]["did"] = "What {they} did"
    patient["labels"]["read"] = ""
    patient["headline"]["none"] = "two\nlines"
    patient["where"]["told"] = "In {issue!r}"
    patient["state"]["first"] = "a { b"
    patient["state"]["not_asked"] = "INCOMPLETE {{really}}"
    patient["designs"]["animal"]["brief"] = "yes"
    patient["designs"]["rct"]["did"] = "It works, by an RCT of the EDSS and XYZ."
    patient["glossary"]["XY"] = "measured in the MS way"
    patient["state"]["incomplete"] = "Something is missing: {gaps}."
    patient["headline"]["incomplete"] = "Nothing new that we know of"
    patient["questions"] = []
    del patient["happened"]["retracted"]
    assert problems(texts) == [
        "e.toml: clinician.footer.contact: must be text in quotes",
        "e.toml: clinician.colour: is not a key of the editions",
        "e.toml: patient.never #11: must be one word",
        "e.toml: patient.headline.none: must be one line without control or invisible characters",
        "e.toml: patient.state.not_asked: has two braces together; they are for placeholders alone",
        "e.toml: patient.state.first: has a brace too many or too few",
        "e.toml: patient.labels.did: the placeholder {they} is not known here; there are none",
        "e.toml: patient.labels.read: must not be empty",
        "e.toml: patient.designs.animal.brief: must be true or false",
        "e.toml: patient.questions: must be a table",
        "e.toml: patient.where.told: the placeholder {issue!r} is not known here; known: {issue}, {day}",
        "e.toml: patient.happened.retracted: is missing",
        "e.toml: patient.glossary.XY: has the abbreviation MS, which no issue would explain",
        "e.toml: patient.headline.incomplete: says that nothing is new, which state.nothing_new alone may say",
        "e.toml: patient.state.incomplete: must say INCOMPLETE",
        "e.toml: patient.designs.rct.did: has one of the words that never appear",
        "e.toml: patient.designs.rct.did: has the abbreviation XYZ, which no issue would explain",
    ]


@pytest.mark.parametrize("content", [{}, {"patient": 1}, {"patient": {"glossary": [], "never": 2}}])
def test_nothing_right(content: dict[str, Any]) -> None:
    """A file of anything else is told as what it lacks."""
    assert "e.toml: clinician: is missing" in problems(content)


def leaves(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a file with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{place}.{key}")
    elif isinstance(value, str):
        yield place, value


def test_placeholders(texts: dict[str, Any]) -> None:
    """No text takes a placeholder that nobody fills."""
    for place, _ in leaves(texts):
        edited = deepcopy(texts)
        *tables, key = place.strip(".").split(".")
        table = edited
        for name in tables:
            table = table[name]
        table[key] = "{nobody}"
        assert any(
            f"{place.strip('.')}: the placeholder {{nobody}} is not known here" in one for one in problems(edited)
        )


def test_numbers() -> None:
    """One has a text of its own; thousands are set apart."""
    assert EDITIONS.patient.counts["people"].of(1) == "1 person"
    assert EDITIONS.patient.counts["people"].of(1_200) == "1,200 people"
