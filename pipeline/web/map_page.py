"""The page of the evidence map: its sentences, tables, charts and lists, and the HTML made of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.digest import words
from pipeline.digest.templating import environment
from pipeline.model import Study
from pipeline.web.atlas import Grid, Number, by_comparator, by_outcome, key
from pipeline.web.charts import BubbleChart, YearChart, bubble_chart, year_chart, year_of
from pipeline.web.entries import Group, entry, groups
from pipeline.web.holdings import Beside, Holdings, Searched, searched, searched_in_full

_TEMPLATE = environment(package="pipeline.web").get_template("map.html.jinja")


@dataclass(frozen=True, slots=True)
class MapPage:
    """Everything the template prints. ``register`` lists each study once, by design; ``years`` once more, by year."""

    title: str
    lead: tuple[str, ...]
    totals: tuple[Number, ...]
    people: int
    key: tuple[tuple[str, str], ...]
    outcomes: Grid
    comparators: Grid
    year_chart: YearChart | None
    bubble_chart: BubbleChart | None
    register: tuple[Group, ...]
    years: tuple[Group, ...]
    sources: tuple[Searched, ...]
    off: tuple[str, ...]
    since: str
    as_of: str
    version: str
    contact: str
    beside: Beside


def render_map(held: Holdings, beside: Beside) -> str:
    """A complete HTML document."""
    return _TEMPLATE.render(page=_page(held, beside))


def _page(held: Holdings, beside: Beside) -> MapPage:
    whole, outcomes = held.map.whole, by_outcome(held)
    register = groups(whole, "all", held)
    return MapPage(
        title=held.title,
        lead=tuple(_lead(held)),
        totals=tuple(Number(group.number, "", group.heading.partition(" ")[2], group.id) for group in register),
        people=whole.people,
        key=key(whole),
        outcomes=outcomes,
        comparators=by_comparator(held),
        year_chart=year_chart(whole.studies),
        bubble_chart=bubble_chart(outcomes),
        register=register,
        years=tuple(_years(held)),
        sources=tuple(map(searched, held.sources)),
        off=tuple(_off(held)),
        since=_since(held),
        as_of=words.minute(held.as_of, "UTC"),
        version=held.version,
        contact=held.contact,
        beside=beside,
    )


def _lead(held: Holdings) -> Iterator[str]:
    whole = held.map.whole
    if whole.is_empty:
        yield "No study is on the map yet."
    yield searched_in_full(held.sources)


def _since(held: Holdings) -> str:
    """After which issue a study is marked as new."""
    if held.since is None:
        return "No issue of the digest has been composed yet, so no study is marked as new."
    issue = f"issue {held.since.number} of {words.day(held.since.composed_at, 'UTC')}"
    whole = held.map.whole
    number = sum(map(held.is_new, (*whole.studies, *whole.retracted, *whole.registered)))
    return f"New means first seen after {issue}: {words.count(number, 'study', 'studies')}."


def _off(held: Holdings) -> Iterator[str]:
    """What the store holds and the map leaves out, and why."""
    off = held.off_the_map()
    if number := off["related"]:
        yield f"{words.count(number, 'study', 'studies')} of a related subject"
    if number := off["letters"]:
        yield words.count(number, "notice, editorial or letter", "notices, editorials and letters")
    if number := off["reports"]:
        yield f"{words.count(number, 'further report')} of studies that are on the map, registrations among them"


def _years(held: Holdings) -> Iterator[Group]:
    """The counted studies by year, the newest first; those without a year last."""
    by_year: dict[int | None, list[Study]] = {}
    for study in held.map.whole.studies:
        by_year.setdefault(year_of(study), []).append(study)
    for year in sorted(by_year, key=lambda year: -(year or 0)):
        studies = by_year[year]
        heading = f"{year or 'Year not stated'}: {words.count(len(studies), 'study', 'studies')}"
        yield Group(f"year--{year or 'not_stated'}", heading, "counted", tuple(entry(one, held) for one in studies))
