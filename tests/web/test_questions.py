"""The questions people ask: which studies are chosen, and that the page says so and gives no verdict."""

from typing import Any

import pytest

from pipeline.model import Design, Harms, Work
from pipeline.model import Section as Paragraph
from pipeline.web.question_page import render_questions
from pipeline.web.questions import Question, Selector
from tests.digest.samples import fact
from tests.web.site import TOGETHER, assert_sound, held, listed, mapped, parsed, places, text


def asked(*selectors: Selector, note: str = "") -> Question:
    """A question with these selectors."""
    return Question("tired", "Does it help?", "It helps.", note, selectors)


def chosen(question: Question, *works: Work) -> dict[str, list[str]]:
    """The studies of the page's one question, by kind."""
    page = parsed(render_questions(held(*works), [question], TOGETHER))
    assert_sound(page)
    groups = page.xpath("//div[starts-with(@id, 'question--tired--')]")
    return {group.get("id").rpartition("--")[2]: ids(group) for group in groups}


def ids(group: Any) -> list[str]:
    """The work ids that a list names."""
    return [text(link) for link in group.xpath(".//p[@class='tags']//a")]


def abstract(words: str) -> dict[str, Any]:
    """A record with this abstract."""
    return {"abstract": (Paragraph(words),)}


def test_kinds() -> None:
    """Studies stand by kind; animals, the retracted and the planned under headings of their own."""
    works = (
        mapped(1, Design.SYSTEMATIC_REVIEW),
        mapped(2),
        mapped(3, Design.SURVEY),
        mapped(4, Design.ANIMAL, population="animal"),
        mapped(5, population="animal"),
        mapped(6, retracted=True),
        mapped(7, Design.PROTOCOL),
        mapped(8, outcomes=(fact("pain"),)),
    )
    assert chosen(asked(Selector(outcomes=("fatigue",))), *works) == {
        "reviews": ["W1"],
        "trials": ["W2"],
        "others": ["W3"],
        "registered": ["W7"],
        "animals": ["W5", "W4"],
        "retracted": ["W6"],
    }


def test_all_of_one_selector() -> None:
    """A study has to have one of each list of a selector; one of several selectors is enough."""
    both = Selector(outcomes=("fatigue", "pain"), interventions=("acupressure",))
    works = (
        mapped(1),
        mapped(2, outcomes=(fact("pain"),)),
        mapped(3, interventions=(fact("scalp"),)),
        mapped(4, outcomes=(fact("sleep"),)),
    )
    assert {name: set(found) for name, found in chosen(asked(both), *works).items()} == {"trials": {"W1", "W2"}}
    assert set(chosen(asked(both, Selector(outcomes=("sleep",))), *works)["trials"]) == {"W1", "W2", "W4"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("People who use a WHEELCHAIR took part.", True),
        ("Wheelchairs were counted.", False),
        ("Péople who are newly-diagnosed took part.", True),
        ("They walked.", False),
        ("Exclusion criteria: use of a wheelchair.", False),
        ("No wheelchair was needed.", False),
    ],
)
def test_terms(words: str, found: bool) -> None:
    """Words count as whole words, case and accents aside, and not where the record denies them."""
    question = asked(Selector(terms=("wheelchair", "newly diagnosed")))
    assert bool(chosen(question, mapped(1, record=abstract(words)))) is found


def test_harms() -> None:
    """A record that speaks of unwanted effects bears on a question of harms, also if it says that there were none."""
    question = asked(Selector(harms=True))
    assert chosen(question, mapped(1, harms=Harms.NONE_REPORTED), mapped(2)) == {"trials": ["W1"]}


def test_none() -> None:
    """Where no study bears on a question the page says so; what is only planned or in animals is no study in people."""
    question = asked(Selector(outcomes=("fatigue",)))

    def said(*works: Work) -> list[str]:
        return [
            text(one)
            for one in parsed(render_questions(held(*works), [question], TOGETHER)).xpath("//p[@class='nothing']")
        ]

    assert said() == ["No study in the store."]
    assert said(mapped(1, Design.ANIMAL)) == ["No finished study in people in the store."]
    assert said(mapped(1, Design.REGISTRATION)) == ["No finished study in people in the store."]
    assert said(mapped(1)) == []


def test_overview() -> None:
    """The table at the top counts the studies of each list and leads there."""
    works = (mapped(1), mapped(2), mapped(3, Design.SYSTEMATIC_REVIEW), mapped(4, retracted=True))
    page = parsed(render_questions(held(*works), [asked(Selector(outcomes=("fatigue",)))], TOGETHER))
    numbers = page.xpath("//td/a")
    assert [text(link) for link in numbers] == ["1", "2", "1"]
    assert [listed(places(page)[link.get("href")[1:]]) for link in numbers] == [1, 2, 1]


def test_says_how_it_was_chosen() -> None:
    """Under each question stands by what its studies were chosen, and what the operator adds."""
    question = asked(
        Selector(outcomes=("fatigue", "safety"), interventions=("auricular",), terms=("at home", "famil*"), harms=True),
        Selector(outcomes=("pain",)),
        note="A made-up note.",
    )
    page = parsed(render_questions(held(), [question], TOGETHER))
    (how,) = page.xpath("//p[@class='chosen']")
    assert text(how) == (
        "Listed: studies of auricular (ear) points, that measured fatigue or harms, that say what "
        "unwanted effects there were, or that there were none, whose title, abstract or index terms say “at home” or "
        "“famil…”; or studies that measured pain. A made-up note."
    )
