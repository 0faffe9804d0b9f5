"""The questions people ask, as they stand in a file of their own."""

from typing import Annotated

from pydantic import Field, PlainValidator, field_validator, model_validator

from pipeline.config.feed_list import list_at
from pipeline.config.problems import shown
from pipeline.config.tables import Named, Table
from pipeline.config.values import Flag, Interventions, Outcomes, Slug, Surroundings, Text, from_file
from pipeline.screen.terms import well_formed
from pipeline.web.questions import Question, Selector


def _terms(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(term, str) for term in value):
        raise ValueError(f"must be a list of one or more terms in quotes, got {shown(value)}")
    if wrong := [problem for term in value if (problem := _problem(term))]:
        raise ValueError("; ".join(wrong))
    return tuple(value)


def _problem(term: str) -> str:
    """What keeps a term from ever matching; empty if nothing does."""
    try:
        well_formed(term)
    except ValueError as error:
        return str(error)
    return ""


class SelectorConfig(Table):
    """One of the tables of ``studies``."""

    outcomes: Outcomes = Field(default=(), validate_default=False)
    interventions: Interventions = Field(default=(), validate_default=False)
    terms: Annotated[tuple[str, ...], PlainValidator(_terms)] = Field(default=(), validate_default=False)
    harms: Flag = False

    @model_validator(mode="after")
    def _asks(self) -> "SelectorConfig":
        if not (self.outcomes or self.interventions or self.terms or self.harms):
            raise ValueError("must ask for something: outcomes, interventions, terms or harms = true")
        return self


class QuestionConfig(Named):
    """``[[questions]]``: one question."""

    name: Slug
    question: Text
    claim: Text
    note: Text | None = None
    studies: Annotated[tuple[SelectorConfig, ...], Field(strict=False)]

    @field_validator("studies")
    @classmethod
    def _some(cls, studies: tuple[SelectorConfig, ...]) -> tuple[SelectorConfig, ...]:
        if not studies:
            raise ValueError("must hold at least one table that says which studies bear on it")
        return studies

    @property
    def plain(self) -> Question:
        """The same, as the pages take it."""
        selectors = (Selector(one.outcomes, one.interventions, one.terms, one.harms) for one in self.studies)
        return Question(self.name, self.question, self.claim, self.note or "", tuple(selectors))


class _QuestionListing(Table):
    questions: Annotated[tuple[QuestionConfig, ...], Field(strict=False)] = ()


def _question_list(name: str, around: Surroundings) -> tuple[Question, ...]:
    return tuple(one.plain for one in list_at(name, _QuestionListing, around, "questions").questions)


QuestionList = Annotated[tuple[Question, ...], from_file(_question_list)]
