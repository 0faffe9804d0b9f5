"""The evidence map as a page: every number leads to the list that it counts, and nothing is said beyond the records."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES, UNSTATED
from pipeline.digest.families import Kinship
from pipeline.model import BY_HAND, Author, Design, PartialDate, Relationship, Tier, Work
from pipeline.proof import Status
from pipeline.web.holdings import Holdings
from pipeline.web.map_page import render_map
from pipeline.web.tables import map_csv, map_json
from tests.digest.hostile import HOSTILE
from tests.digest.samples import NOW, covered, fact
from tests.digest.test_render import luminance
from tests.web.site import ALONE, TOGETHER, assert_sound, held, listed, mapped, parsed, places, shown, text

FIGURE = re.compile(r"(?:N )?([\d,]+)")


def cells(source: str) -> dict[tuple[str, str], str]:
    """What is seen in each cell of the map that is no gap, by the last parts of its id."""
    found = parsed(source).xpath("//td[starts-with(@id, 'cell--map--')]")
    return {tuple(cell.get("id").split("--")[2:]): " · ".join(map(shown, cell.findall("a"))) for cell in found}


def rows(store: Holdings) -> list[dict[str, str]]:
    """The table for programs."""
    return list(csv.DictReader(io.StringIO("".join(map_csv(store)))))


def document(store: Holdings) -> Any:
    """The document for programs."""
    return json.loads(map_json(store))


def test_cell() -> None:
    """A cell says how many studies there are by design, how many people, and apart what does not count."""
    works = (
        mapped(1),
        mapped(2, participants=210),
        mapped(3, Design.SYSTEMATIC_REVIEW, participants=900),
        mapped(4, retracted=True),
        mapped(5, Design.REGISTRATION),
    )
    old = [replace(one, first_seen=NOW - timedelta(days=90)) for one in works]
    assert cells(render_map(held(*old), ALONE)) == {
        ("acupressure", "fatigue"): "2 RCT · N 250 · 1 SR · 1 retracted · 1 planned"
    }


def test_new() -> None:
    """What was first seen after the latest issue is marked, in cell and list; before a first issue nothing is."""
    source = render_map(held(mapped(1), replace(mapped(2), first_seen=NOW - timedelta(days=90))), ALONE)
    assert cells(source)["acupressure", "fatigue"] == "2 RCT · N 80 · 1 new"
    assert "New means first seen after issue 6 of 15 Nov 2026: 1 study." in text(parsed(source))
    marked = parsed(source).xpath("//*[@id='all']//li[.//strong[text()='new']]/@id")
    assert marked == ["W1"]
    first = render_map(held(mapped(1), since=None), ALONE)
    assert cells(first)["acupressure", "fatigue"] == "1 RCT · N 40"
    assert "No issue of the digest has been composed yet" in first


def test_gaps() -> None:
    """Every pair of a treatment and an outcome has a cell; where no study is, the cell says so."""
    page = parsed(render_map(held(mapped(1)), ALONE))
    grid = page.xpath("//table[contains(@class, 'grid')]")[0]
    assert len(grid.xpath(".//td")) == len(INTERVENTIONS) * len(OUTCOMES)
    assert {text(cell) for cell in grid.xpath(".//td[@class='gap']")} == {"no study"}
    assert len(grid.xpath(".//td[@class='gap']")) == len(INTERVENTIONS) * len(OUTCOMES) - 1
    assert len(grid.xpath("caption")) == 1


DESIGNS = st.sampled_from([*Design, None])
STUDIES = st.lists(
    st.builds(
        lambda design, rows, columns, against, people, retracted, year: {
            "design": design,
            "interventions": tuple(map(fact, rows)),
            "outcomes": tuple(map(fact, columns)),
            "comparators": tuple(map(fact, against)),
            "participants": people,
            "retracted": retracted or None,
            "record": {"published": year and PartialDate(year)},
        },
        DESIGNS,
        st.sets(st.sampled_from(INTERVENTIONS), max_size=2),
        st.sets(st.sampled_from([name for name in OUTCOMES if name != UNSTATED]), max_size=2),
        st.sets(st.sampled_from(["sham", "usual care", "other"]), max_size=2),
        st.none() | st.integers(1, 500),
        st.booleans(),
        st.none() | st.integers(1980, 2026),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None)
@given(STUDIES)
@example(
    [
        {"comparators": (fact("sham"),)},
        {"retracted": True},
        {"retracted": True, "outcomes": (fact("pain"),)},
        {"design": Design.REGISTRATION},
        {"design": Design.PROTOCOL},
        {"design": Design.REGISTRATION, "outcomes": ()},
        {"design": Design.SYSTEMATIC_REVIEW, "participants": 900},
        {"design": Design.ANIMAL, "population": "animal", "record": {"published": None}},
    ]
)
def test_every_number_leads_to_its_list(given_: list[dict[str, Any]]) -> None:
    """Whatever is held: each number on the page is that of the studies in the list it leads to, and in both tables."""
    store = held(*(mapped(number, **stated) for number, stated in enumerate(given_, 1)))
    page = parsed(render_map(store, TOGETHER))
    assert_sound(page)
    people = {one["id"]: one["facts"]["participants"] for one in document(store)["studies"]}
    ends = places(page)
    for link in page.xpath("//table[contains(@class, 'grid')]//td/a[not(contains(@class, 'fresh'))]"):
        number = FIGURE.match(shown(link))
        assert number
        assert shown(link).startswith("N ") or int(number[1]) == listed(ends[link.get("href")[1:]])
        assert text(link.find("span[@class='vh']")).startswith(number[1])
    for link in page.xpath("//*[local-name()='svg']//a"):
        assert int(text(link)) == listed(ends[link.get("href")[1:]])
    for link in page.xpath("//ul[@class='figures']//a[not(@href='#all')]"):
        assert int(text(link.find("strong"))) == listed(ends[link.get("href")[1:]])
    for row, cell in zip(rows(store), document(store)["cells"], strict=True):
        place = f"map--{row['intervention']}--{row['outcome']}"
        assert int(row["studies"]) == len(cell["studies"]) == (listed(ends[place]) if place in ends else 0)
        assert int(row["people"]) == cell["people"] == sum(one["people"] or 0 for one in cell["studies"])
        assert sum(cell["by_design"].values()) == len(cell["studies"])
        assert row["work_ids"] == "; ".join(one["id"] for one in cell["studies"])
        assert all(one["people"] in {None, people[one["id"]] and people[one["id"]]["value"]} for one in cell["studies"])


def test_retracted_and_registered() -> None:
    """A retracted study is visible and not counted; a registration whose article is known is not only registered."""
    store = held(
        mapped(1, retracted=True),
        mapped(2, comparators=(fact("sham"),)),
        mapped(3, Design.REGISTRATION),
        mapped(4, Design.REGISTRATION),
        kinships=(Kinship(2, 3, Relationship.REGISTRATION),),
    )
    page = parsed(render_map(store, ALONE))
    place, ends = "map--acupressure--fatigue", places(page)
    assert listed(ends[place]) == 1
    assert listed(ends[f"{place}--retracted"]) == listed(ends[f"{place}--registered"]) == 1
    assert page.xpath("//*[@id='W1']//strong[text()='retracted']")
    assert not page.xpath("//*[@id='W3']")
    assert "1 further report of studies that are on the map" in text(page)
    (sham,) = [one for one in document(store)["comparisons"] if one["comparator"] == "sham"]
    assert sham == {"row": "acupressure", "comparator": "sham", "studies": ["W2"]}
    assert document(store)["whole"]["retracted"] == ["W1"]


def test_off_the_map() -> None:
    """What is held and not on the map is counted, by why."""
    related = replace(mapped(2), verdict=replace(mapped(2).verdict, tier=Tier.RELATED))
    store = held(mapped(1), related, mapped(3, Design.ERRATUM), mapped(4, Design.EDITORIAL))
    said = text(parsed(render_map(store, ALONE)))
    assert "not on the map: 1 study of a related subject; 2 notices, editorials and letters." in said
    assert document(store)["not_on_the_map"] == {"related": 1, "letters": 2, "reports": 0}


def test_entry() -> None:
    """A list says of a study what its record says, or that it is not stated."""
    stated = mapped(1, comparators=(fact("sham"), fact("usual care")), conclusion="It fell by made-up points.")
    silent = mapped(2, participants=None, record={"abstract": (), "published": None, "doi": ""})
    page = parsed(render_map(held(stated, silent), ALONE))
    first, second = page.xpath("//div[@id='map--acupressure--fatigue--rct']//li")
    where = "randomised controlled trial · N = 40 randomised · compared with sham and usual care · 2026 · W1"
    assert where in text(first)
    assert text(first).endswith("conclusion: “It fell by made-up points.”")
    assert first.xpath(".//p[@class='title']/a/@href") == ["https://doi.org/10.5555/litwatch.1"]
    nothing = "randomised controlled trial · number of people not stated · comparison not stated · year not stated · W2"
    assert nothing in text(second)
    assert text(second).endswith("conclusion: no abstract available")
    assert not second.xpath(".//p[@class='title']/a")


def test_by_hand() -> None:
    """What an operator judged is marked."""
    judged = replace(mapped(1), facts=replace(mapped(1).facts, design=fact(Design.RCT, "made-up note", BY_HAND)))
    (item,) = parsed(render_map(held(judged), ALONE)).xpath("//li[@id='W1']")
    assert "randomised controlled trial (judged by hand)" in text(item)


def test_language() -> None:
    """An original title says its language, and the list says in which language the article is."""
    chinese = mapped(1, record={"languages": ("chi",), "vernacular_title": "电针治疗疲劳"})
    (item,) = parsed(render_map(held(chinese), ALONE)).xpath("//li[@id='W1']")
    assert item.xpath(".//p[@class='original']/@lang") == ["zh"]
    assert "in Chinese" in text(item)


@pytest.mark.parametrize(
    ("language", "title", "tag"),
    [
        ("fre", "Sclérose en plaques : une étude inventée", "fr"),
        ("per", "یک مطالعه ساختگی", "fa"),
        ("fre", "A made-up study in translation", None),
        ("chi", "TNF-\u03b1 in a made-up study in translation", None),
        ("eng", "Ménière and a made-up study", None),
    ],
)
def test_language_of_a_title(language: str, title: str, tag: str | None) -> None:
    """A title in another language says which, wherever it stands; a translated one is English."""
    page = parsed(render_map(held(mapped(1, title=title, record={"languages": (language,)})), ALONE))
    shown_in = page.xpath("//li//a[text()=$title]", title=title)
    assert len(shown_in) == 4
    assert {link.get("lang") for link in shown_in} == {tag}


@pytest.mark.parametrize(
    "title", [*HOSTILE, "ع" * 400, "x" * 100_000, "\x00針灸", "<i>in</i> MS <math><mi>x</mi></math>"]
)
def test_hostile(title: str) -> None:
    """Text from outside is text, in every list and table."""
    named = {"journal": title, "authors": (Author(collective=title),), "vernacular_title": title}
    store = held(mapped(1, title=title, record=named, comparators=(fact("other", title),), conclusion=title))
    plain = parsed(render_map(held(mapped(1, record={"vernacular_title": "x"}, conclusion="x")), ALONE))
    page = parsed(render_map(store, ALONE))
    assert_sound(page)
    assert {element.tag for element in page.iter()} == {element.tag for element in plain.iter()}
    assert not set("\u202e\x1b\x00") & set(render_map(store, ALONE))
    assert document(store)["studies"][0]["title"] == title


def test_no_other_words() -> None:
    """Apart from what is quoted from a record, the page says the same whatever the records say."""

    def rest(word: str) -> str:
        record = {"journal": word, "authors": (Author(word),)}
        works = (
            mapped(1, title=word, conclusion=f"{word} was found.", comparators=(fact("sham"),), record=record),
            mapped(2, Design.SYSTEMATIC_REVIEW, word, retracted=True, conclusion=f"{word} is likely.", record=record),
            mapped(3, Design.REGISTRATION, word, record=record),
        )
        page = parsed(render_map(held(*works), TOGETHER))
        for item in page.xpath("//li[starts-with(@id, 'W')]/p[@class='tags'][2]"):
            item.drop_tree()  # authors and journal
        for quoted in page.xpath(
            "//p[@class='title']/a | //li/a[starts-with(@href, '#W')] | //p[@class='said']/span[2]"
        ):
            assert word in text(quoted) or text(quoted) in {
                "not stated in the abstract",
                "no abstract available",
                "not quoted, as it is retracted",
            }
            quoted.drop_tree()
        return text(page)

    assert rest("Aaaa") == rest("Zzzz")


def test_conclusion_is_quoted() -> None:
    """A conclusion is the authors' sentence in quotation marks."""
    page = parsed(render_map(held(mapped(1, conclusion="It fell.")), ALONE))
    assert {text(one) for one in page.xpath("//p[@class='said']/span[2]")} == {"“It fell.”"}


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([covered("PubMed"), covered("DOAJ")], "All 2 sources were last searched in full on 22 Nov 2026 or later."),
        ([covered("PubMed")], "The source was last searched in full on 22 Nov 2026 or later."),
        (
            [covered("PubMed"), covered("DOAJ", Status.FAILED, complete_until=None)],
            "1 of 2 sources were last searched in full on 22 Nov 2026 or later; never in full: DOAJ.",
        ),
        ([covered("DOAJ", Status.SKIPPED, complete_until=None)], "No source has been searched in full yet"),
    ],
)
def test_searched(sources: list[Any], said: str) -> None:
    """The page says when the sources were last searched in full, and which never were."""
    page = parsed(render_map(held(mapped(1), sources=tuple(sources)), ALONE))
    assert said in text(page)
    table = page.xpath("//table[@class='plain']/tbody/tr")
    assert [text(row.find("th")) for row in table] == [source.label for source in sources]
    assert [text(row.find("td")) == "never" for row in table] == [not source.complete_until for source in sources]


def test_nothing() -> None:
    """A store without studies gives a map of gaps that says so, without charts."""
    page = parsed(render_map(held(), ALONE))
    assert_sound(page)
    assert "No study is on the map yet." in text(page)
    assert not page.xpath("//*[local-name()='svg']")
    assert {row["studies"] for row in rows(held())} == {"0"}


def test_charts() -> None:
    """The bars stand for the studies that state a year; the bubbles' areas are as the numbers of studies."""
    dated = [mapped(number, record={"published": PartialDate(2020 + number % 2)}) for number in range(1, 5)]
    undated = mapped(5, record={"published": None})
    pain = mapped(6, outcomes=(fact("pain"),), record={"published": PartialDate(2020)})
    page = parsed(render_map(held(*dated, undated, pain), ALONE))
    bars = page.xpath("//*[local-name()='svg']//a[starts-with(@href, '#year--')]")
    assert [text(bar) for bar in bars] == ["3", "2"]
    assert bars[0].get("aria-label") == "2020: 3 studies (3 randomised controlled trials)"
    assert "Year not stated: 1 study" in text(page)
    radii = {
        text(circle.getparent()): float(circle.get("r")) for circle in page.xpath("//*[local-name()='circle'][@r>2]")
    }
    assert radii["5"] ** 2 / radii["1"] ** 2 == pytest.approx(5, rel=0.05)
    for chart in page.xpath("//*[local-name()='svg'][contains(@class, 'chart')]"):
        assert chart.xpath("*[local-name()='title']")
        assert chart.xpath("*[local-name()='desc']")


def palettes() -> list[dict[str, str]]:
    """The named colours of the light and of the dark scheme."""
    blocks = re.findall(r":root \{(.*?)\}", render_map(held(), ALONE), re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


@pytest.mark.parametrize("colours", palettes(), ids=["light", "dark"])
def test_contrast(colours: dict[str, str]) -> None:
    """Every text colour stands out from every ground, shaded cells included, by 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    shades = [colours[name] for name in ("one", "two", "four", "eight")]
    plain = [colours[name] for name in ("ground", "paper", "target")]
    pairs = [(colours["ink"], ground) for ground in (*plain, *shades)]
    pairs += [(colours[ink], ground) for ink in ("quiet", "accent", "alarm") for ground in plain]
    pairs += [(colours["fresh"], colours["fresh-ground"]), (colours["paper"], colours["accent"])]
    for ink, ground in pairs:
        bright, dim = sorted((luminance(ink), luminance(ground)), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ink, ground)


def test_formulas() -> None:
    """No cell of the table begins like a formula."""
    works: list[Work] = [mapped(1), mapped(2, retracted=True)]
    for row in rows(held(*works)):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
