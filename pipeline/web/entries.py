"""One study as it stands in a list: the record's own words, or a name from our vocabularies, and nothing else."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline import links
from pipeline.digest import words
from pipeline.digest.card import by_hand, conclusion, people, values
from pipeline.digest.evidence_map import Cell
from pipeline.digest.sections import marks
from pipeline.digest.studies import ANIMAL, design_of, is_animal, is_retracted
from pipeline.model import Design, Study
from pipeline.web.holdings import Holdings

# What is given something that is compared with something else.
TRIALS = (Design.RCT, Design.NONRANDOMIZED_TRIAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A study on a page. ``conclusion`` is a quotation.

    ``lang`` is the BCP 47 tag of the original title, ``title_lang`` that of the title if it is not in English.
    """

    id: str
    title: str
    title_lang: str
    url: str
    original: str
    lang: str
    year: str
    marks: tuple[str, ...]
    tags: tuple[str, ...]
    source: str
    conclusion: str


@dataclass(frozen=True, slots=True)
class Group:
    """Studies of one kind under a heading that counts them. ``kind``: counted, retracted or registered."""

    id: str
    heading: str
    kind: str
    entries: tuple[Entry, ...]

    @property
    def number(self) -> int:
        """How many they are."""
        return len(self.entries)


def entry(study: Study, held: Holdings) -> Entry:
    """What a list says of a study."""
    main = study.main
    lang, language = words.language(main.record.languages)
    foreign = lang not in {"", "en"}
    journal = (words.authors(main.record), main.record.journal, words.published(main.record))
    return Entry(
        id=main.name,
        title=words.title(main.record),
        title_lang=lang if foreign and _is_foreign(main.record.title) else "",
        url=links.link(main.record),
        original=words.shortened(main.record.vernacular_title),
        lang=lang if foreign else "",
        year=str(main.record.published.year) if main.record.published else "year not stated",
        marks=(*marks(study), *(["new"] if held.is_new(study) else [])),
        tags=(*_tags(study), *([f"in {language}"] if foreign else [])),
        source=". ".join(part for part in journal if part),
        conclusion="not quoted, as it is retracted" if is_retracted(study) else conclusion(main),
    )


# Letters with accents, and of other scripts; Greek ones stand in English titles, too (TNF-alpha, beta-endorphin).
_FOREIGN = re.compile("[\u00c0-\u036f\u0400-\uffff]")


def _is_foreign(title: str) -> bool:
    """Whether the title of an article in another language is in that language, rather than translated."""
    return any(sign.isalpha() for sign in _FOREIGN.findall(title))


def _tags(study: Study) -> Iterator[str]:
    main, design = study.main, design_of(study)
    yield f"{words.design(design)}{by_hand(main.facts.design)}"
    if design not in ANIMAL and not is_animal(study):
        stated = tuple(people(main))
        yield from stated or (("number of people not stated",) if design in TRIALS else ())
    elif design not in ANIMAL:
        yield "in animals or in the laboratory"
    if main.facts.comparators:
        yield f"compared with {words.listed(values(main.facts.comparators))}"
    elif design in TRIALS:
        yield "comparison not stated"
    if main.record.is_preprint:
        yield "preprint, not peer reviewed"


def groups(cell: Cell, place: str, held: Holdings) -> tuple[Group, ...]:
    """The studies of a cell: those that count, by design; then the retracted, and what is only registered."""
    by_design = (
        (f"{place}--{design or 'not_stated'}", counted(number, design), "counted", [*_of(cell.studies, design)])
        for design, number in cell.by_design.items()
    )
    others = (
        (f"{place}--retracted", f"{len(cell.retracted)} retracted, not counted", "retracted", cell.retracted),
        (f"{place}--registered", f"{len(cell.registered)} only registered or planned", "registered", cell.registered),
    )
    return tuple(
        Group(name, heading, kind, tuple(entry(study, held) for study in studies))
        for name, heading, kind, studies in (*by_design, *others)
        if studies
    )


def _of(studies: Iterable[Study], design: Design | None) -> Iterator[Study]:
    return (study for study in studies if design_of(study) is design)


def counted(number: int, design: Design | None) -> str:
    """``4 randomised controlled trials``; ``2 studies, design not stated``."""
    if design is None:
        return f"{words.count(number, 'study', 'studies')}, design not stated"
    return words.count(number, words.design(design), words.design(design, many=True))
