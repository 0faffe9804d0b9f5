"""The page of the questions people ask: to each, the studies that bear on it, and no verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.digest import words
from pipeline.digest.studies import design_of, is_animal
from pipeline.digest.templating import environment
from pipeline.model import Design, Study
from pipeline.web.entries import Group, entry
from pipeline.web.holdings import Beside, Holdings, Searched, searched, searched_in_full
from pipeline.web.questions import Question, bearing_on

_TEMPLATE = environment(package="pipeline.web").get_template("questions.html.jinja")
_REVIEWS = (Design.GUIDELINE, Design.SYSTEMATIC_REVIEW, Design.NARRATIVE_REVIEW)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of study: the key in ids, and its name for one and for many."""

    key: str
    one: str
    many: str


KINDS = (
    Kind("reviews", "guideline or review", "guidelines and reviews"),
    Kind("trials", "randomised trial", "randomised trials"),
    Kind("others", "other study in people", "other studies in people"),
    Kind("registered", "study only registered or planned", "studies only registered or planned"),
    Kind("animals", "animal or laboratory study", "animal and laboratory studies"),
    Kind("retracted", "retracted study, not counted", "retracted studies, not counted"),
)
"""In the order of the page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its studies by kind, those of every kind counted (0: none)."""

    id: str
    question: str
    claim: str
    note: str
    chosen_by: str
    none: str
    groups: tuple[Group, ...]

    @property
    def numbers(self) -> tuple[tuple[str, int], ...]:
        """The id of each kind's list, and how many studies it has."""
        held = {group.id: group.number for group in self.groups}
        return tuple((name, held.get(name, 0)) for name in (f"{self.id}--{kind.key}" for kind in KINDS))


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Everything the template prints."""

    title: str
    lead: str
    kinds: tuple[Kind, ...]
    answers: tuple[Answer, ...]
    sources: tuple[Searched, ...]
    as_of: str
    version: str
    contact: str
    beside: Beside


def render_questions(held: Holdings, questions: Sequence[Question], beside: Beside) -> str:
    """A complete HTML document."""
    page = QuestionPage(
        title=held.title,
        lead=searched_in_full(held.sources),
        kinds=KINDS,
        answers=tuple(_answer(question, held) for question in questions),
        sources=tuple(map(searched, held.sources)),
        as_of=words.minute(held.as_of, "UTC"),
        version=held.version,
        contact=held.contact,
        beside=beside,
    )
    return _TEMPLATE.render(page=page)


def _answer(question: Question, held: Holdings) -> Answer:
    found = tuple(_groups(question, held))
    in_people = [group for group in found if not group.id.endswith(("--animals", "--retracted", "--registered"))]
    return Answer(
        id=_place(question),
        question=question.question,
        claim=question.claim,
        note=question.note,
        chosen_by=question.chosen_by,
        none=""
        if in_people
        else "No study in the store."
        if not found
        else "No finished study in people in the store.",
        groups=found,
    )


def _place(question: Question) -> str:
    return f"question--{question.name}"


def _groups(question: Question, held: Holdings) -> Iterator[Group]:
    """The studies by kind, each under a heading that counts them."""
    cell = bearing_on(question, held)
    by_kind = {kind.key: [one for one in cell.studies if kind_of(one) == kind.key] for kind in KINDS}
    by_kind |= {"registered": list(cell.registered), "retracted": list(cell.retracted)}
    for kind in KINDS:
        if studies := by_kind[kind.key]:
            entries = tuple(entry(study, held) for study in studies)
            heading = words.count(len(studies), kind.one, kind.many)
            counts = kind.key if kind.key in {"registered", "retracted"} else "counted"
            yield Group(f"{_place(question)}--{kind.key}", heading, counts, entries)


def kind_of(study: Study) -> str:
    """The kind of a study that counts."""
    design = design_of(study)
    if is_animal(study):
        return "animals"
    if design in _REVIEWS:
        return "reviews"
    return "trials" if design is Design.RCT else "others"
