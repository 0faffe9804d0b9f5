"""Records without a common identifier: what describes them decides, and says why."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.match import group
from pipeline.model import Author, PartialDate, Record
from tests.match.records import TITLE, record

PLACE: dict[str, Any] = {"journal": "Made-up Journal of Needling", "volume": "12", "issue": "3", "pages": "288-297"}
ABROAD = "Eine ganz andere Ueberschrift in anderer Sprache, frei erfunden"


def same(a: Record, b: Record) -> bool:
    """Whether the two are one work."""
    return len(group([a, b]).works) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": TITLE.upper()},
        {"title": f"<i>{TITLE[:11]}</i>{TITLE[11:]}"},
        {"title": TITLE.replace("fatigue", "fatique")},
        {"title": ABROAD},
        {"title": "Acupuncture for fatigue in multiple sclerosis"},
        {"author": "R\u00f6ssi"},
        {"author": ""},
        {"author": "Bianchi"},
        {"year": 2025},
        {"year": None},
        {"journal": "Made-up J Needling"},
        {"journal": "Zeitschrift f\u00fcr Erfundenes"},
        {"journal": ""},
        {"volume": "12 Suppl 1"},
        {"volume": ""},
        {"issue": "4"},
        {"pages": "288\u201097"},
        {"pages": "288"},
        {"pages": "e44"},
        {"pages": "30-39"},
        {"pages": ""},
    ],
    ids=str,
)
def test_one_difference(change: dict[str, Any]) -> None:
    """Whatever one field says, the others carry an article through."""
    assert same(record("a:1", **PLACE), record("b:1", **(PLACE | change)))


@pytest.mark.parametrize(
    "change",
    [
        {"volume": "13", "pages": "1-9"},
        {"volume": "13", "journal": "Another Invented Quarterly"},
        {"title": TITLE.replace("trial", "cohort"), "pages": "301-310"},
        {"title": ABROAD, "pages": "301-310"},
        {"title": ABROAD, "author": "Bianchi", "pages": "288-289"},
    ],
    ids=str,
)
def test_two_differences(change: dict[str, Any]) -> None:
    """Another place, or another title elsewhere in the volume, is another article."""
    assert not same(record("a:1", **PLACE), record("b:1", **(PLACE | change)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{TITLE}. Part 1", f"{TITLE}. Part 2"),
        (f"FOCUS 1: {TITLE}", f"FOCUS 2: {TITLE}"),
        (TITLE, f"{TITLE}: a reply"),
        (TITLE, f"{TITLE}: protocol"),
        (f"{TITLE} in women", f"{TITLE} in men"),
        (f"{TITLE} in rats", f"{TITLE} in mice"),
    ],
)
def test_telling_words(one: str, other: str) -> None:
    """Parts, replies, protocols, sexes and species are not one another, in one volume by one author."""
    assert not same(record("a:1", one, **PLACE), record("b:1", other, **(PLACE | {"pages": "301-310"})))
    assert same(record("a:1", one, **PLACE), record("b:1", one.lower(), **PLACE))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acupressure on fatigue in multiple sclerosis", "acupressure on sleep in multiple sclerosis"),
        ("acupuncture on fatigue in multiple sclerosis", "acupressure on fatigue in multiple sclerosis"),
        ("needling in primary progressive multiple sclerosis", "needling in secondary progressive multiple sclerosis"),
        ("acupuncture with moxibustion in multiple sclerosis", "acupuncture without moxibustion in multiple sclerosis"),
        ("acupuncture on Th1 cells in made-up mice", "acupuncture on Th17 cells in made-up mice"),
        ("needling ST36 in made-up mice", "needling GV20 in made-up mice"),
        ("needling of the upper limb in multiple sclerosis", "needling of the lower limb in multiple sclerosis"),
        ("acupuncture in multiple sclerosis in Denmark", "acupuncture in multiple sclerosis in Sweden"),
        ("acupuncture in multiple sclerosis", "sham acupuncture in multiple sclerosis"),
        ("acupuncture in multiple sclerosis, first part", "acupuncture in multiple sclerosis, second part"),
        ("acupuncture in multiple sclerosis (I)", "acupuncture in multiple sclerosis (II)"),
        ("acupuncture in hypertension", "acupuncture in hypotension"),
        ("needling of ruptured tendons", "needling of unruptured tendons"),
        ("acupuncture and maternal depression", "acupuncture and paternal depression"),
        ("acupuncture in made-up Shanxi", "acupuncture in made-up Shaanxi"),
        ("acupuncture with prednisone in multiple sclerosis", "acupuncture with prednisolone in multiple sclerosis"),
        ("acupuncture in HER2+ breast cancer", "acupuncture in HER2- breast cancer"),
        ("acupuncture and a ratio <0.2 in blood", "acupuncture and a ratio >0.2 in blood"),
        ("whether pain predicts sleep in multiple sclerosis", "whether sleep predicts pain in multiple sclerosis"),
        ("acupuncture in multiple sclerosis", "acupuncture in multiple sclerosis: a plain language summary"),
    ],
)
def test_twins(one: str, other: str) -> None:
    """Twin studies of one team differ in a word of the title: without a page in common they are not one."""
    where: dict[str, Any] = {"journal": "Made-up Journal of Needling", "volume": "12"}
    for fields in (where, {"journal": where["journal"]}, PLACE | {"pages": ""}):
        assert not same(
            record("a:1", f"A made-up study of {one}", **fields), record("b:1", f"A made-up study of {other}", **fields)
        )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Made-up acupuncture in paediatric outpatients", "Made-up acupuncture in pediatric outpatients"),
        ("Made-up randomised tumour programmes of needling", "Made-up randomized tumor programs of needling"),
        ("Made-up needling of children with tics", "Made-up needling of children with tics [Article in Chinese]"),
        ("Made-up needling (author's transl)", "Made-up needling"),
        ("Made-up needling of 12,000 people", "Made-up needling of 12000 people"),
        ("Made-up electro-acupuncture in spasticity", "Made-up electroacupuncture in spasticity"),
    ],
)
def test_spelling(one: str, other: str) -> None:
    """Spelling, hyphens, thousands and what a database adds make no other article."""
    where: dict[str, Any] = {"journal": "Made-up Journal of Needling", "volume": "12"}
    assert same(record("a:1", one, **where), record("b:1", other, **where))


def test_pages_from_one() -> None:
    """Where each article begins on page 1, pages are no place: not for two DOIs, and not for two titles."""
    where: dict[str, Any] = {"journal": "Made-up Journal of Needling", "volume": "2013", "pages": "1-12"}
    knee, neck = f"{TITLE} of the knee", f"{TITLE} of the neck"
    assert not same(record("a:1", knee, doi="10.5555/1", **where), record("b:1", neck, doi="10.5555/2", **where))
    assert not same(record("a:1", knee, **where), record("b:1", neck, **where))
    assert not same(record("a:1", **where), record("b:1", ABROAD, **where))
    assert same(record("a:1", knee, doi="10.5555/1", **where), record("b:1", knee, **where))


def test_yearly_pages() -> None:
    """Yearly reports fill the same pages of each volume."""
    one, other = (PLACE | {"volume": volume, "doi": f"10.5555/{volume}"} for volume in ("12", "13"))
    assert not same(record("a:1", **one), record("b:1", year=2025, **other))


def test_other_issue() -> None:
    """One title on other pages is a slip within an issue, and another article in another issue."""
    assert not same(record("a:1", **PLACE), record("b:1", **(PLACE | {"issue": "9", "pages": "790-794"})))


def test_letters_on_one_page() -> None:
    """Letters by different people on one article stand on one page."""
    title, page = f"Re: {TITLE}", PLACE | {"pages": "567"}
    assert not same(record("a:1", title, "Sharma", **page), record("b:1", title, "Hafezi", **page))


def test_supplement() -> None:
    """What stands in a supplement is not the article on other pages of the volume, nor surely one without pages."""
    talk = record("a:1", **(PLACE | {"issue": "15 suppl", "pages": "4002"}))
    article = record("b:1", **PLACE)
    found = group([talk, article])
    assert [(link.a, link.b) for link in found.links] == [("b:1", "a:1")]
    assert not same(talk, record("b:1", **(PLACE | {"pages": "", "issue": ""})))


def test_true_copy() -> None:
    """A thin copy goes with the record of its own title, not with that record's twin."""
    where: dict[str, Any] = {"journal": "Made-up Journal of Needling"}
    twin = record("a:1", f"{TITLE} of ruptured tendons", pmid="1", volume="12", pages="10-18", **where)
    copy = record("b:1", f"{TITLE} of unruptured tendons", **where)
    true = record("c:1", f"{TITLE} of unruptured tendons", pmid="3", volume="12", pages="400-408", **where)
    assert group([twin, copy, true]).works == (("a:1",), ("b:1", "c:1"))


def test_annual() -> None:
    """What appears every year under one title and a year is another thing each year."""
    title = "Annual report of a register of multiple sclerosis that was made up"
    assert not same(record("a:1", f"{title} 2018", year=2019), record("b:1", f"{title} 2019", year=2020))


@pytest.mark.parametrize("page", ["P1234", "EP1234", "S55", "O12"])
@pytest.mark.parametrize("article", [PLACE, PLACE | {"volume": "", "issue": "", "pages": ""}], ids=["printed", "ahead"])
def test_talk(page: str, article: dict[str, Any]) -> None:
    """A congress abstract is not the article under its title, in the same volume or before that has its place."""
    talk = record("a:1", **(PLACE | {"issue": "S1", "pages": page}))
    found = group([talk, record("b:1", **article)])
    assert len(found.works) == 2
    assert [(link.a, link.b) for link in found.links] == [("b:1", "a:1")]
    assert same(talk, record("c:1", **(PLACE | {"issue": "Suppl 1", "pages": page.lower()})))


@pytest.mark.parametrize("name", ["Xiaoming", "Wang"])
def test_name_order(name: str) -> None:
    """Which of two names is the family's is not the same in every database."""
    one = Record(
        "a", "1", TITLE, authors=(Author("Wang", "Xiaoming"),), published=PartialDate(2024), journal="J Made Up"
    )
    turned = Author("Xiaoming", "Wang") if name == "Xiaoming" else Author("Wang", "X M")
    assert same(one, replace(one, source="b", authors=(turned,)))


def test_erratum_at_the_end() -> None:
    """A title that ends in "[Erratum]" is the erratum's, not the article's."""
    assert not same(record("a:1", **PLACE), record("b:1", f"{TITLE} [Erratum]", **(PLACE | {"pages": "301"})))


def test_one_page() -> None:
    """On one page stand several congress abstracts of one group: the title must tell which."""
    page = PLACE | {"pages": "S81"}
    other = "Moxibustion and bladder function after spinal injury: an invented cohort"
    assert not same(record("a:1", **page), record("b:1", other, **page))
    assert same(record("a:1", **page), record("b:1", **page))


def test_other_scripts() -> None:
    """A few ideographs say as much as a line of Latin letters, and keyboards differ in what they call yeh and kaf."""
    chinese: dict[str, Any] = {"title": "虚构的针刺治疗多发性硬化研究", "author": "王"}
    assert same(record("a:1", journal="虚构杂志", **chinese), record("b:1", journal="虚构杂志", **chinese))
    other = chinese | {"title": "虚构的艾灸治疗脊髓损伤研究"}
    assert not same(record("a:1", journal="虚构杂志", **chinese), record("b:1", journal="虚构杂志", **other))
    arabic, persian = "مطالعه ساختگي طب سوزني در بيماري اسکلروز متعدد", "مطالعه ساختگی طب سوزنی در بیماری اسکلروز متعدد"
    assert same(record("a:1", arabic, journal="x"), record("b:1", persian, journal="x"))


def test_front_matter() -> None:
    """A short title without authors is each issue's own, on the same page of the same volume."""
    page: dict[str, Any] = PLACE | {"pages": "1-1", "author": ""}
    assert not same(record("a:1", "Made-up Needling", **page), record("b:1", "Made-up Needling", **page))
    assert same(record("a:1", "Editorial", **PLACE), record("b:1", "Editorial", **PLACE))


def test_subtitle() -> None:
    """A title without its subtitle is the whole one's; without a place and people to go with it, it is uncertain."""
    short = TITLE.split(":", maxsplit=1)[0]
    long = f"{TITLE}, with a subtitle that goes on for quite a while and was made up like the rest"
    assert same(record("a:1", short, **PLACE), record("b:1", long, **PLACE))
    assert not same(record("a:1", short), record("b:1", long))


def test_congress() -> None:
    """A paper of a congress, and one that is none, need more than title, people and year to be one."""
    talk: dict[str, Any] = {"publication_types": ("proceedings-article",)}
    paper: dict[str, Any] = {"publication_types": ("Journal Article",)}
    assert not same(record("a:1", **talk), record("b:1", **paper))
    assert same(record("a:1", **talk), record("b:1", **talk))


def test_last_page() -> None:
    """Who gives but the last page, or the page without its letter, means the same place."""
    for one, other in (("488", "486-488"), ("S27", "27")):
        assert same(record("a:1", **(PLACE | {"pages": one})), record("b:1", **(PLACE | {"pages": other})))


def test_title_only() -> None:
    """A record that says nothing but a long title is the publication of that title, and joins no two of them."""
    bare = record("feed:1", author="", year=None)
    one = record("a:1", **PLACE)
    other = record("b:1", author="Bianchi", **(PLACE | {"journal": "Another Invented Quarterly", "volume": "99"}))
    assert same(one, bare)
    assert sorted(map(len, group([one, other, bare]).works)) == [1, 2]
    assert not same(record("a:1", "A made-up editorial", **PLACE), record("b:1", "A made-up editorial", "", None))
    assert not same(one, record("b:1", author="", year=None, journal="Made-up Journal of Needling"))


def test_reason() -> None:
    """The reason names what agrees and what does not, with the points."""
    found = group([record("a:1", **PLACE), record("b:1", **(PLACE | {"journal": "Zeitschrift Erfundenes"}))])
    assert found.joins == {"b:1": "same title, authors, year, volume and pages, not journal (20 points of 12) as a:1"}


def test_abstract() -> None:
    """The same abstract speaks for one work; quite another one speaks against it."""
    words = "We made up forty people with multiple sclerosis and gave half of them needles that do not exist. " * 4
    others = (
        "Nothing here was ever measured in anybody, and the bladder diaries are pure invention of the authors. " * 4
    )
    thin: dict[str, Any] = {"year": None}
    assert same(record("a:1", abstract=words, **thin), record("b:1", abstract=f"Background: {words}", **thin))
    assert not same(record("a:1", abstract=words), record("b:1", abstract=others))


def test_second_doi() -> None:
    """A second DOI for the very same pages is a publisher's doing; on other pages it is another article."""
    one = record("a:1", doi="10.5555/old", **PLACE)
    assert same(one, record("b:1", doi="10.5555/new", **PLACE))
    assert not same(one, record("b:1", doi="10.5555/new", **(PLACE | {"pages": "301-310"})))
    assert not same(one, record("b:1", doi="10.5555/new"))
    assert not same(one, record("b:1", ABROAD, doi="10.5555/new", **PLACE))


def test_one_doi_for_a_congress() -> None:
    """One DOI for a whole supplement makes no two abstracts one, not even of one group."""
    first = record("a:1", doi="10.5555/book", **(PLACE | {"pages": "S27"}))
    other = "Moxibustion and bladder function after spinal injury: an invented cohort"
    assert not same(first, record("b:1", other, doi="10.5555/book", **(PLACE | {"pages": "S28"})))
    assert not same(first, record("b:1", other, author="Bianchi", doi="10.5555/book", **(PLACE | {"pages": "S27"})))
    assert same(first, record("b:1", doi="10.5555/book", **(PLACE | {"pages": "S27-S28"})))


def test_wrong_doi() -> None:
    """A DOI that was given to an article in another journal, volume and page by mistake joins nothing."""
    elsewhere = PLACE | {"journal": "Another Invented Quarterly", "volume": "99", "pages": "1-8"}
    assert not same(record("a:1", doi="10.5555/a", **PLACE), record("b:1", doi="10.5555/a", **elsewhere))


def test_thin_bridge() -> None:
    """A record that says little goes with one of two publications, and does not make them one."""
    one = record("a:1", **PLACE)
    other = record("b:1", **(PLACE | {"journal": "Another Invented Quarterly", "volume": "99"}))
    found = group([one, other, record("c:1", year=2024)])
    assert sorted(map(len, found.works)) == [1, 2]
    assert not any({"a:1", "b:1"} <= set(work) for work in found.works)
