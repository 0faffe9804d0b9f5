"""The questions people ask, and which studies bear on each: what they measured and gave, and words in their records."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.digest.cells import column_name, row_name
from pipeline.digest.evidence_map import Cell
from pipeline.model import Study
from pipeline.screen.page import Page
from pipeline.screen.terms import Heads, TermSet
from pipeline.web.holdings import Holdings


@dataclass(frozen=True, slots=True)
class Selector:
    """What a study must have to bear on a question: one of each of the lists that are not empty."""

    outcomes: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    harms: bool = False

    def __str__(self) -> str:
        """In words, so that the page says by what its studies were chosen."""
        return ", ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        if self.interventions:
            yield f"of {_either([row_name(one) for one in self.interventions])}"
        if self.outcomes:
            yield f"that measured {_either([column_name(one) for one in self.outcomes])}"
        if self.harms:
            yield "that say what unwanted effects there were, or that there were none"
        if self.terms:
            terms = [f"“{one.replace('*', '…')}”" for one in self.terms]
            yield f"whose title, abstract or index terms say {_either(terms)}"


def _either(names: list[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the claim behind it. A study bears on it if it has all that one of the selectors asks for."""

    name: str
    question: str
    claim: str
    note: str
    studies: tuple[Selector, ...]

    @property
    def chosen_by(self) -> str:
        """Which studies are listed, in words."""
        return f"Listed: studies {'; or studies '.join(map(str, self.studies))}."


def bearing_on(question: Question, held: Holdings) -> Cell:
    """The studies on the map that bear on a question: those that count, the retracted, and the registered."""
    matches = [_Matcher(selector) for selector in question.studies]
    whole = held.map.whole
    chosen = (
        tuple(study for study in studies if any(match(study) for match in matches))
        for studies in (whole.studies, whole.retracted, whole.registered)
    )
    return Cell(*chosen)


class _Matcher:
    """A selector made ready to be asked of many studies."""

    def __init__(self, selector: Selector) -> None:
        self._selector = selector
        self._terms = TermSet(selector.terms)
        self._filed = Heads(self._terms.heads)

    def __call__(self, study: Study) -> bool:
        """Whether a study has all that is asked for, by its main record."""
        facts, asked = study.main.facts, self._selector
        return (
            (not asked.outcomes or any(fact.value in asked.outcomes for fact in facts.outcomes))
            and (not asked.interventions or any(fact.value in asked.interventions for fact in facts.interventions))
            and (not asked.harms or facts.harms is not None)
            and (not asked.terms or bool(Page.of(study.main.record, self._filed).mentions(self._terms)))
        )
