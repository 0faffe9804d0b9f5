"""The HTML as a mail: what Gmail, Outlook, Apple Mail and Yahoo understand; nothing remote, nothing running; small."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import html

from pipeline.digest.render import render
from tests.digest.hostile import hostile_issue
from tests.digest.largest import largest_issue
from tests.digest.mail_features import (
    ATTRIBUTES,
    CHECKERS_TITLES,
    DISPLAYS,
    ELEMENTS,
    EXCEPTIONS,
    PROPERTIES,
    UNITS,
)
from tests.digest.samples import BERLIN, composed, golden, material, work

PAGES = {name: render(composition.issue, "html") for name, composition in golden().items()}
PAGES |= {"largest": render(largest_issue(), "html"), "hostile": render(hostile_issue(), "html")}
DARK = "@media (prefers-color-scheme: dark)"
SELECTOR = re.compile(r"(?:\.?[a-z][a-z0-9]*)(?: \.?[a-z][a-z0-9]*)?")  # an element or a class, or one within another
every_page = pytest.mark.parametrize("name", PAGES)


def tree(name: str) -> html.HtmlElement:
    """A page as a tree."""
    return html.document_fromstring(PAGES[name])


def sheets(name: str) -> tuple[str, str]:
    """The rules of the first style sheet, and those in the at-rule that is all there is to the second."""
    light, dark = (str(sheet.text).strip() for sheet in tree(name).findall(".//style"))
    assert dark.startswith(f"{DARK} {{\n")
    assert dark.endswith("}\n}")
    return light, dark.removeprefix(f"{DARK} {{\n").removesuffix("\n}")


def rules(sheet: str) -> Iterator[tuple[str, str, str]]:
    """Every selector with each of its declarations."""
    for line in sheet.splitlines():
        found = re.fullmatch(r"([^{}@]+) \{ ((?:[a-z-]+: [^:;{}]+; )+)\}", line)
        assert found, f"not one plain rule a line: {line}"
        for selector in found[1].split(", "):
            for declaration in found[2].strip("; ").split("; "):
                yield selector, *declaration.split(": ", 1)


@every_page
def test_elements(name: str) -> None:
    """Every element and attribute is one that all four understand, or a named exception."""
    named = {tag.strip("<>") for tag in EXCEPTIONS if re.fullmatch(r"<[a-z]+>", tag)}
    elements = [element for element in tree(name).iter() if isinstance(element.tag, str)]
    assert {str(element.tag) for element in elements} <= ELEMENTS | named
    assert {str(attribute) for element in elements for attribute in element.attrib} <= ATTRIBUTES


@every_page
def test_style(name: str) -> None:
    """Every rule has simple selectors, and properties, values and units that all four understand."""
    light, dark = sheets(name)
    for selector, key, value in (*rules(light), *rules(dark)):
        assert SELECTOR.fullmatch(selector), selector
        assert key in PROPERTIES | EXCEPTIONS.keys(), key
        assert key != "display" or value in DISPLAYS
        words = re.sub(r'"[^"]*"|#[0-9a-f]{6}', "", value)
        assert not re.search(r"[(!@\\]", words), value
        assert {unit for _, unit in re.findall(r"([\d.]+)([a-z%]*)", words)} <= UNITS, value


@every_page
def test_sheets_small(name: str) -> None:
    """No style sheet comes near the 8,192 characters beyond which Gmail drops it."""
    assert all(len(str(sheet.text)) < 6_000 for sheet in tree(name).findall(".//style"))


@every_page
def test_dark(name: str) -> None:
    """The dark scheme gives another colour to all that the light one colours, and changes nothing else."""
    light, dark = (list(rules(sheet)) for sheet in sheets(name))
    coloured = [(selector, key, value) for selector, key, value in light if "#" in value]
    assert [rule[:2] for rule in dark] == [rule[:2] for rule in coloured]
    assert all(night != day for (*_, night), (*_, day) in zip(dark, coloured, strict=True))


@every_page
def test_nothing_remote(name: str) -> None:
    """Nothing is loaded, nothing runs, and every link leads to a web page."""
    page = tree(name)
    assert not page.xpath(
        "//script | //link | //base | //form | //iframe | //object | //svg | //img | //meta[@http-equiv]"
    )
    assert not page.xpath("//@src | //@style | //@id | //@*[starts-with(name(), 'on')]")
    assert all(re.match(r"https?://[^/]", str(address)) for address in page.xpath("//@href"))
    assert [str(meta.get("name")) for meta in page.findall(".//meta")[1:]] == ["viewport", "color-scheme"]


@every_page
def test_small(name: str) -> None:
    """No issue of the usual length comes near the 102 kB at which Gmail cuts a message, whatever the records say."""
    assert len(PAGES[name].encode()) < 100_000


def test_beyond_measure() -> None:
    """A subscription that asks for a thousand items gets them all, in a page that a mail program may cut."""
    given = material([work(number) for number in range(1, 501)])
    page = render(composed(given, replace(BERLIN, max_items=1_000)).issue, "html")
    assert page.count('<li class="entry">') == 500
    assert page.endswith("</html>\n")


def test_exceptions() -> None:
    """Every exception has a reason, is used, and the checker's names for them are names of these."""
    source = PAGES["busy"]
    assert all(reason.endswith(".") for reason in EXCEPTIONS.values())
    for exception in EXCEPTIONS:
        assert exception.replace("<meta name=color-scheme>", '<meta name="color-scheme"').rstrip(">") in source
    assert set(CHECKERS_TITLES.values()) <= EXCEPTIONS.keys()
