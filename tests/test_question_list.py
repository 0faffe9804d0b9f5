"""The list of questions: how it is found, what is said when it is wrong, and the one that comes with litwatch."""

import tomllib
from pathlib import Path

import pytest

from pipeline.config import Config, Surroundings, build, bundled
from pipeline.errors import ConfigError
from pipeline.web.questions import Selector

TERMS = ("two  blanks", "a*b")
BASE = {"contact": "you@example.org"}
ONE = """
[[questions]]
name = "sleep"
question = "Does it help to sleep?"
claim = "It brings sleep."
studies = [{ outcomes = ["sleep"], terms = ["at home"] }, { harms = true }]
"""
BROKEN = """
colour = 1
[[questions]]
name = "sleep"
question = 3
claim = ""
studies = [{ outcomes = ["slep"] }, {}, { terms = ["two  blanks", "a*b"] }, { terms = [] }, { hue = 1, harms = "yes" }]
[[questions]]
name = "Sleep"
claim = "x"
studies = 3
[[questions]]
name = "a b"
question = "x"
claim = "x"
studies = []
"""


def read(folder: Path, text: str | None = None) -> Config:
    """A configuration in a folder with this list of questions beside it."""
    if text is not None:
        (folder / "questions.toml").write_text(text, encoding="utf-8")
    return build(BASE, "litwatch.toml", Surroundings(folder, {}))


def test_bundled(tmp_path: Path) -> None:
    """Without a file of that name, the one that comes with litwatch is taken: every claim, each with its studies."""
    names = [question.name for question in read(tmp_path).questions]
    assert names == [
        *(
            "muscle-tone",
            "coordination-and-walking",
            "bladder",
            "muscle-pain",
            "fatigue",
            "wheelchair",
            "most-patients",
        ),
        *("newly-diagnosed", "with-other-therapies", "cure-or-remission", "injury", "acupressure-at-home"),
    ]
    assert len(tomllib.loads(bundled("questions.toml"))["questions"]) == len(names)


def test_own(tmp_path: Path) -> None:
    """A file beside the configuration takes its place; one without questions is none."""
    [question] = read(tmp_path, ONE).questions
    assert (question.name, question.claim, question.note) == ("sleep", "It brings sleep.", "")
    assert question.studies == (Selector(outcomes=("sleep",), terms=("at home",)), Selector(harms=True))
    assert read(tmp_path, "").questions == ()


def test_broken(tmp_path: Path) -> None:
    """Every problem is told at once, each with its place in the file."""
    with pytest.raises(ConfigError) as wrong:
        read(tmp_path, BROKEN)
    file = f"{tmp_path / 'questions.toml'}: "
    told = [problem.removeprefix(file) for problem in wrong.value.problems]
    outcomes = told.pop(2)
    assert outcomes.startswith('questions #1.studies #1.outcomes: must be a list of one or more of "fatigue", ')
    assert outcomes.endswith(', got ["slep"]')
    blanks, star = (f"{term!r}: a term is words one blank apart, with * only at the end of a word" for term in TERMS)
    assert told == [
        "questions #1.question: must be text in quotes, got 3",
        "questions #1.claim: must not be empty",
        "questions #1.studies #2: must ask for something: outcomes, interventions, terms or harms = true",
        f"questions #1.studies #3.terms: {blanks}; {star}",
        "questions #1.studies #4.terms: must be a list of one or more terms in quotes, got []",
        'questions #1.studies #5.harms: must be true or false, got "yes"',
        "questions #1.studies #5.hue: unknown key",
        'questions #2.name: "Sleep" is the name of another one, or too like it',
        "questions #2.question: is missing; it has no default",
        "questions #2.studies: must be a list of tables, each headed [[studies]], got 3",
        'questions #3.name: must be at most 40 letters, digits, "-" and "_", since files are named after it',
        "questions #3.studies: must hold at least one table that says which studies bear on it",
        "colour: unknown key",
    ]
    assert wrong.value.exit_code == 2


def test_missing(tmp_path: Path) -> None:
    """A file that is named is never passed over."""
    table = {**BASE, "questions": "mine.toml"}
    with pytest.raises(ConfigError, match=r"mine\.toml: no such list of questions, and none of that name comes with"):
        build(table, "litwatch.toml", Surroundings(tmp_path, {}))
