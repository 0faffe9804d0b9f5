"""Pages as a browser reads them, and holdings of made-up works to make them of."""

from typing import Any

from lxml import html

from pipeline.model import Design, Work
from pipeline.web.holdings import Beside, Holdings
from tests.digest.samples import ALL_WELL, BEFORE, NOW, fact, facts, material, work

ALONE = Beside(questions=False, index=False)
TOGETHER = Beside(questions=True, index=True)


def held(*works: Work, **changes: Any) -> Holdings:
    """A store that holds these works, each a study of its own, after issue 6."""
    given: dict[str, Any] = {
        "title": "Acupuncture and multiple sclerosis",
        "label": "MS + acupuncture",
        "studies": material(works).studies,
        "kinships": (),
        "sources": ALL_WELL,
        "as_of": NOW,
        "since": BEFORE,
        "version": "0.1.0",
        "contact": "tests@example.org",
    }
    return Holdings(**{**given, **changes})


def mapped(
    number: int,
    design: Design | None = Design.RCT,
    title: str = "",
    record: dict[str, Any] | None = None,
    **stated: Any,
) -> Work:
    """A study of acupressure for fatigue in 40 people, unless told otherwise."""
    given = {
        "interventions": (fact("acupressure"),),
        "outcomes": (fact("fatigue"),),
        "population": "human",
        "participants": 40,
        **stated,
    }
    named = {name: value for name, value in given.items() if value is not None}
    return work(number, title=title, stated=facts(design, **named), **(record or {}))


def parsed(source: str) -> html.HtmlElement:
    """A page as a tree."""
    return html.document_fromstring(source)


def places(page: html.HtmlElement) -> dict[str, html.HtmlElement]:
    """What on the page can be led to, by id."""
    return {str(element.get("id")): element for element in page.iter() if element.get("id")}


def listed(target: html.HtmlElement) -> int:
    """How many studies stand in the list that is led to; those that do not count only in a list of their own."""
    own = target.xpath("self::*[contains(@class, 'group')]/ul/li")
    return len(own or target.xpath(".//div[contains(@class, 'counted')]/ul/li"))


def text(element: html.HtmlElement) -> str:
    """What it says, on one line."""
    return " ".join(str(element.text_content()).split())


def shown(element: html.HtmlElement) -> str:
    """What is seen of it, without what is there for screen readers only."""
    return " ".join("".join(map(str, element.xpath(".//text()[not(ancestor::*[@class='vh'])]"))).split())


def assert_sound(page: html.HtmlElement) -> None:
    """Nothing runs, nothing is loaded, ids are unique, what is named exists, and every link on the page has an end."""
    assert not page.xpath(
        "//script | //img | //iframe | //object | //@src | //@style | //@*[starts-with(name(), 'on')]"
    )
    source = html.tostring(page, encoding="unicode")
    assert source.count("url(") == source.count("url(#")
    assert "@import" not in source
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    named = {name for names in page.xpath("//@aria-labelledby") for name in str(names).split()}
    ends = {str(link)[1:] for link in page.xpath("//a/@href") if str(link).startswith("#")}
    assert named | ends <= set(map(str, identifiers))
    assert all(header.get("scope") in {"col", "row"} for header in page.findall(".//th"))
    assert len(page.findall(".//h1")) == 1
    assert page.get("lang") == "en"
