"""The list of journal feeds: how it is found, what is said when it is wrong, and the one that comes with litwatch."""

import re
import tomllib
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pipeline.config import bundled
from pipeline.config.feed_list import list_at
from pipeline.config.schema import FeedConfig
from pipeline.config.values import Surroundings
from pipeline.errors import ConfigError

NAME = "journal-feeds.toml"
ONE = '[[feeds]]\nname = "Mine"\nurl = "https://example.org/feed"\n'
# Who built an address decides what is in it (see the list's own head).
PATTERNS = (
    r"https://rss\.sciencedirect\.com/publication/science/[0-9]{7}[0-9X]",
    r"https://onlinelibrary\.wiley\.com/feed/[0-9]{7}[0-9X]/most-recent",
    r"https://www\.tandfonline\.com/feed/rss/[a-z]{4}20",
    r"https://academic\.oup\.com/rss/site_[0-9]+/[0-9]+\.xml",
    r"https://journals\.sagepub\.com/action/showFeed\?type=etoc&feed=rss&jc=[a-z]+",
    r"https://link\.springer\.com/search\.rss\?facet-journal-id=[0-9]+",
    r"https://[a-z]+\.biomedcentral\.com/articles/most-recent/rss\.xml",
    r"https://www\.nature\.com/[a-z]+\.rss",
    r"https://www\.frontiersin\.org/journals/[a-z-]+/rss",
    r"https://connect\.medrxiv\.org/medrxiv_xml\.php\?subject=[A-Z][A-Za-z_]+",
)


class Listing(BaseModel):
    """The list as the configuration reads it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    feeds: Annotated[tuple[FeedConfig, ...], Field(strict=False)] = ()


def read(folder: Path, name: str = NAME, **environ: str) -> tuple[FeedConfig, ...]:
    """Read a list as a configuration in ``folder`` names it."""
    return list_at(name, Listing, Surroundings(folder, environ)).feeds


def problems(folder: Path, text: str) -> list[str]:
    """List what is wrong with a list of that text, without its path."""
    (folder / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as wrong:
        read(folder)
    return [problem.removeprefix(f"{folder / NAME}: ") for problem in wrong.value.problems]


def test_bundled_list(tmp_path: Path) -> None:
    """Without a file of that name, the one that comes with litwatch is taken, whole."""
    assert len(read(tmp_path)) == bundled(NAME).count("\n[[feeds]]\n") >= 20


def test_own_list(tmp_path: Path) -> None:
    """A file beside the configuration goes before it, and may lie in a folder below, and say nothing."""
    (tmp_path / NAME).write_text(ONE, encoding="utf-8")
    assert [(feed.name, feed.enabled) for feed in read(tmp_path)] == [("Mine", True)]
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "none.toml").write_text("", encoding="utf-8")
    assert read(tmp_path, "lists/none.toml") == ()


def test_reference(tmp_path: Path) -> None:
    """An address may come from the environment, or from a file beside the list."""
    (tmp_path / "lists").mkdir()
    text = '[[feeds]]\nname = "A"\nurl = "env:FEED"\n[[feeds]]\nname = "B"\nurl = "file:address"\n'
    (tmp_path / "lists" / NAME).write_text(text, encoding="utf-8")
    (tmp_path / "lists" / "address").write_text("https://example.org/b\n", encoding="utf-8")
    feeds = read(tmp_path, f"lists/{NAME}", FEED="https://example.org/a")
    assert [feed.url for feed in feeds] == ["https://example.org/a", "https://example.org/b"]


def test_unique_over_both(tmp_path: Path) -> None:
    """A name is given once, in the list and the configuration together; the later one is the problem."""
    around = Surroundings(tmp_path, {})
    (tmp_path / NAME).write_text(ONE, encoding="utf-8")
    list_at(NAME, Listing, around)
    with pytest.raises(ValueError, match='"mine" is the name of another one, or too like it'):
        FeedConfig.model_validate({"name": "mine", "url": "https://example.org/other"}, context=around)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ONE + ONE, ['feeds #2.name: "Mine" is the name of another one, or too like it']),
        (f'{ONE}colour = "red"', ["feeds #1.colour: unknown key"]),
        ('feed = "x"', ['feed: unknown key; did you mean "feeds"?']),
        ("feeds = 3", ["feeds: must be a list of tables, each headed [[feeds]], got 3"]),
        ("feeds = [3]", ["feeds #1: must be a table, got 3"]),
        (
            '[[feeds]]\nurl = "ftp://example.org"\nenabled = 1',
            [
                "feeds #1.name: is missing; it has no default",
                "feeds #1.url: must be an address that begins with http:// or https:// and names a host",
                "feeds #1.enabled: must be true or false, got 1",
            ],
        ),
        ("[[feeds]", ["is not valid TOML: Expected ']]' at the end of an array declaration (at line 1, column 8)"]),
    ],
)
def test_problems(tmp_path: Path, text: str, told: list[str]) -> None:
    """Every problem is told with the list's own path and its place in it."""
    assert problems(tmp_path, text) == told


def test_no_list(tmp_path: Path) -> None:
    """A name that is no file here, and none of litwatch's, is a problem; a folder is no list."""
    with pytest.raises(ConfigError, match=r"/other\.toml: no such list of feeds, and none of that name comes with"):
        read(tmp_path, "other.toml")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read(tmp_path, ".")


@pytest.mark.parametrize("feed", tomllib.loads(bundled(NAME))["feeds"], ids=lambda feed: str(feed["name"]))
def test_address(feed: dict[str, str]) -> None:
    """Every address is built by a pattern that the list's head explains, and an ISSN in it is one (ISO 3297)."""
    assert sum(bool(re.fullmatch(pattern, feed["url"])) for pattern in PATTERNS) == 1
    if issn := re.search(r"/([0-9]{7}[0-9X])(?:/|$)", feed["url"]):
        digits = [10 if digit == "X" else int(digit) for digit in issn[1]]
        assert sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0


def test_each_address_once(tmp_path: Path) -> None:
    """No address stands in the list twice, and none is switched off."""
    feeds = read(tmp_path)
    assert len({feed.url for feed in feeds}) == len(feeds)
    assert all(feed.enabled for feed in feeds)


def test_example(tmp_path: Path) -> None:
    """The example that is switched off is valid once it is switched on."""
    text = re.sub(r"^#(?=[a-z\[])", "", bundled(NAME), flags=re.MULTILINE)
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert read(tmp_path)[0].name == "PubMed search: acupuncture and MS"
