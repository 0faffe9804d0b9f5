"""map and archive, as a user gives them, on the store that the sample world leaves."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest

from pipeline.store import writing
from tests.cli.conftest import Litwatch
from tests.web.site import assert_sound, listed, parsed, places, text

PAGES = ["map.csv", "map.html", "map.json", "questions.html"]


@pytest.fixture
def mapped(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> Path:
    """The folder that ``litwatch map`` wrote."""
    assert litwatch("map", "--config", stocked).code == 0
    return tmp_path / "litwatch-map"


def page(path: Path) -> Any:
    """A page that was written, as a tree."""
    return parsed(path.read_text("utf-8"))


def known(litwatch: Litwatch, stocked: Path) -> dict[str, Any]:
    """Every work in the store, by id, as ``list`` prints it."""
    return {one["id"]: one for one in litwatch("list", "--json", "--config", stocked).document}


def test_map(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """The command writes two pages and two tables, prints their paths, and leaves what has not changed."""
    result = litwatch("map", "--config", stocked, "--output", "pages")
    assert (result.code, result.err) == (0, "")
    assert sorted(result.out.split()) == [f"pages/{name}" for name in PAGES]
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == PAGES
    again = litwatch("map", "--config", stocked, "--output", "pages")
    assert (again.code, again.out) == (0, "")


def test_sound(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """Every page runs nothing and loads nothing, and every link between the pages has its end."""
    assert litwatch("archive", "--config", stocked, "--output", "pages").code == 0
    folder = tmp_path / "pages"
    pages = {name: page(folder / name) for name in ("index.html", "map.html", "questions.html")}
    for one in pages.values():
        assert_sound(one)
        for link in one.xpath("//a/@href"):
            name, _, place = str(link).partition("#")
            if name and "//" not in name:
                assert (folder / name).is_file()
                assert not place or pages[name].xpath("//*[@id=$place]", place=place)
    assert all(re.match("https?://", link) for link in pages["map.html"].xpath("//li/p[@class='title']/a/@href"))


def test_same_numbers(mapped: Path) -> None:
    """Page, table and document have the same numbers, and each number on the page that of the list it leads to."""
    source, document = page(mapped / "map.html"), json.loads((mapped / "map.json").read_text("utf-8"))
    with (mapped / "map.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ends = places(source)
    assert len(rows) == len(document["cells"]) == len(document["rows"]) * len(document["columns"])
    for row, cell in zip(rows, document["cells"], strict=True):
        place = f"map--{cell['row']}--{cell['column']}"
        links = source.xpath("//td[@id=$place]/a[not(contains(., 'N ')) and not(@class)]", place=f"cell--{place}")
        numbers = [int(text(link).split()[0]) for link in links]
        assert sum(numbers) == int(row["studies"]) == len(cell["studies"]) == sum(cell["by_design"].values())
        assert numbers == [listed(ends[link.get("href")[1:]]) for link in links]
    assert {one["id"] for one in document["studies"]} == set(map(str, source.xpath("//*[@id='all']//li/@id")))


def test_retracted(litwatch: Litwatch, stocked: Path, mapped: Path) -> None:
    """The retracted trial of the sample stands on both pages, marked, and counts in no cell."""
    (work,) = [name for name, one in known(litwatch, stocked).items() if one["states"] == ["retracted"]]
    assert text(page(mapped / "map.html").xpath("//li[@id=$work]//strong", work=work)[0]) == "retracted"
    assert page(mapped / "questions.html").xpath(f"//div[contains(@class, 'retracted')]//a[@href='map.html#{work}']")
    document = json.loads((mapped / "map.json").read_text("utf-8"))
    assert work in document["whole"]["retracted"]
    assert not any(work == one["id"] for cell in document["cells"] for one in cell["studies"])


def test_registration_behind_its_article(litwatch: Litwatch, stocked: Path, mapped: Path) -> None:
    """A registration whose article is known stands behind it; one without an article is only registered."""
    registrations = {name for name, one in known(litwatch, stocked).items() if one["design"] == "registration"}
    document = json.loads((mapped / "map.json").read_text("utf-8"))
    only = {name for name in document["whole"]["registered"] if name in registrations}
    assert only
    behind = litwatch("show", "NCT00000000", "--json", "--config", stocked).document["id"]
    assert behind not in only


def test_words_of_the_records(litwatch: Litwatch, stocked: Path, mapped: Path) -> None:
    """Every title is that of a work in the store, and every conclusion is quoted from its abstract, or not stated."""
    works, seen = known(litwatch, stocked), 0
    for item in page(mapped / "map.html").xpath("//*[@id='all']//li"):
        work = item.get("id")
        abstract = litwatch("show", work, "--json", "--config", stocked).document["abstract"] or ""
        assert text(item.xpath("p[@class='title']/*[self::a or self::bdi]")[0]) == works[work]["title"].removesuffix(
            "."
        )
        said = text(item.xpath("p[@class='said']/span[2]")[0])
        if said.startswith("“"):
            seen += 1
            assert said.strip("“”") in " ".join(abstract.split())
        else:
            other = {"the registry shows results, and no conclusion", "not quoted, as it is retracted"}
            assert said in ({*other, "not stated in the abstract"} if abstract else {"no abstract available"})
    assert seen > 5


def test_no_store(litwatch: Litwatch, configure: Callable[..., Path]) -> None:
    """Before the first run there is nothing to draw, and the command says so in one line, as the others that read."""
    config = configure("http://localhost:9", "http://localhost:9")
    expected = litwatch("list", "--config", config)
    for command in ("map", "archive"):
        result = litwatch(command, "--config", config)
        assert (result.code, result.out, result.err) == (2, "", expected.err)


def test_empty_store(litwatch: Litwatch, configure: Callable[..., Path], tmp_path: Path) -> None:
    """A store without a study gives pages that say so, and an archive without an issue says so, too."""
    config = configure("http://localhost:9", "http://localhost:9")
    with writing(tmp_path / "litwatch.db"):
        pass
    assert litwatch("archive", "--config", config, "--output", "pages").code == 0
    assert "No study is on the map yet." in text(page(tmp_path / "pages/map.html"))
    assert "No issue has been composed yet." in text(page(tmp_path / "pages/index.html"))
    nothing = page(tmp_path / "pages/questions.html").xpath("//p[@class='nothing']")
    assert {text(one) for one in nothing} == {"No study in the store."}


def test_broken_questions(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """A broken list of questions ends every command with all its problems, before anything is written."""
    (stocked.parent / "questions.toml").write_text('[[questions]]\nname = "x y"\nhue = 1\n', encoding="utf-8")
    result = litwatch("map", "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert result.err.count("questions.toml: questions #1.") == 5
    assert not (tmp_path / "litwatch-map").exists()


def test_no_questions(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """Without questions there is no page of them, and no link to it."""
    (stocked.parent / "questions.toml").write_text("", encoding="utf-8")
    assert litwatch("archive", "--config", stocked, "--output", "pages").code == 0
    assert not (tmp_path / "pages/questions.html").exists()
    for name in ("map.html", "index.html"):
        assert "questions.html" not in (tmp_path / "pages" / name).read_text("utf-8")


@pytest.mark.parametrize("command", ["map", "archive"])
def test_unwritable(litwatch: Litwatch, stocked: Path, tmp_path: Path, command: str) -> None:
    """A folder that cannot be written to is one sentence that says what to do."""
    (tmp_path / "file").write_text("in the way")
    result = litwatch(command, "--config", stocked, "--output", "file/pages")
    assert result.code == 2
    assert re.fullmatch(r"litwatch: file/pages: cannot be written: \w.*; name another with --output\n", result.err)


def test_archive(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """The archive holds every issue byte for byte, newest first in the index, with date, number and subject line."""
    assert litwatch("archive", "--config", stocked).code == 0
    folder = tmp_path / "litwatch-archive"
    for number in (1, 2):
        printed = litwatch("digest", "weekly", "--issue", number, "--format", "html", "--config", stocked).out
        assert (folder / f"weekly/weekly-000{number}.html").read_text("utf-8") == printed
    issues = page(folder / "index.html").xpath("//section[@aria-labelledby='digest--weekly']/ol/li")
    assert [text(one).partition(" MS + ")[0] for one in issues] == ["Issue 2 · 22 Nov 2026", "Issue 1 · 16 Nov 2026"]
    newest = json.loads(litwatch("digest", "weekly", "--issue", 2, "--format", "json", "--config", stocked).out)
    assert text(issues[0].find("a")) == newest["subject"]
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["index.html", *PAGES]


def test_archive_again(litwatch: Litwatch, stocked: Path) -> None:
    """Written again, the archive leaves what has not changed; what was harmed or has changed is written anew."""
    folder = stocked.parent / "pages"
    stocked.write_text(f'archive = "pages"\n{stocked.read_text("utf-8")}', encoding="utf-8")
    first = {Path(path).name for path in litwatch("archive", "--config", stocked).out.split()}
    assert first >= {"index.html", "weekly-0001.html", "weekly-0002.html", *PAGES}
    assert litwatch("archive", "--config", stocked).out == ""
    (folder / "weekly/weekly-0001.html").write_text("harmed")
    assert litwatch("archive", "--config", stocked).out.split() == [str(folder / "weekly/weekly-0001.html")]
    trial = litwatch("search", "--json", "acupressure", "sleep", "--config", stocked).document[0]["id"]
    assert litwatch("judge", trial, "--not-relevant", "--config", stocked).code == 0
    changed = {Path(path).name for path in litwatch("archive", "--config", stocked).out.split()}
    assert changed == set(PAGES)


def test_forgotten_digest(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """A digest that is no longer configured keeps its issues in the archive; a new one has none yet."""
    stocked.write_text(stocked.read_text("utf-8").replace('name = "weekly"', 'name = "monthly"'), encoding="utf-8")
    assert litwatch("archive", "--config", stocked, "--output", "pages").code == 0
    index = page(tmp_path / "pages/index.html")
    digests = [text(one) for one in index.findall(".//h2")]
    assert (digests[0], digests[-1]) == ("Digest “monthly”", "Digest “weekly”")
    assert len(index.xpath("//section[@aria-labelledby='digest--weekly']/ol/li")) == 2
    assert not index.xpath("//section[@aria-labelledby='digest--monthly']/ol")
    assert "No issue of the digest has been composed yet" in (tmp_path / "pages/map.html").read_text("utf-8")


def test_feed(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """Each digest has an Atom feed of its issues beside them, and the index leads to it."""
    assert litwatch("archive", "--config", stocked, "--output", "pages").code == 0
    index = page(tmp_path / "pages/index.html")
    places = index.xpath("//link[@rel='alternate']/@href")
    assert places == index.xpath("//p/a/@href") == ["weekly/feed.atom", "patients/feed.atom"]
    parsed: Any = feedparser.parse(io.BytesIO((tmp_path / "pages/weekly/feed.atom").read_bytes()))
    newest = json.loads(litwatch("digest", "weekly", "--issue", 2, "--format", "json", "--config", stocked).out)
    assert [len(parsed.entries), parsed.entries[0].title] == [2, newest["subject"]]


def test_archive_of_runs(litwatch: Litwatch, stocked: Path) -> None:
    """Where an archive is configured, a digest that is composed is in it at once; where it cannot be, exit code 1."""
    stocked.write_text(f'archive = "pages"\n{stocked.read_text("utf-8")}', encoding="utf-8")
    (stocked.parent / "pages").write_text("in the way")
    refused = litwatch("digest", "weekly", "--config", stocked)
    assert refused.code == 1
    assert "once that is put right, the next run writes it" in refused.err
    (stocked.parent / "pages").unlink()
    assert litwatch("digest", "weekly", "--config", stocked).code == 0
    found = sorted(path.name for path in (stocked.parent / "pages" / "weekly").iterdir())
    assert found == ["feed.atom", *(f"weekly-000{number}.html" for number in (1, 2, 3, 4))]


def test_new_since_the_latest_issue(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """A study that came after the issue before the latest is marked as new, until there is another issue."""
    record = {
        "title": "Acupressure for pain in multiple sclerosis (made up)",
        "abstract": "Pain was measured.",
        "year": 2026,
    }
    (tmp_path / "more.jsonl").write_text(json.dumps(record), encoding="utf-8")
    assert litwatch("import", "more.jsonl", "--config", stocked).code == 0
    marks = []
    for _ in range(3):
        assert litwatch("map", "--config", stocked).code == 0
        source = page(tmp_path / "litwatch-map/map.html")
        marks.append(
            [text(one) for one in source.xpath("//*[@id='cell--map--acupressure--pain']/a[@class='mark fresh']")]
        )
        assert litwatch("digest", "weekly", "--config", stocked).code == 0
    assert marks == [["1 new"], ["1 new"], []]
    assert "New means first seen after issue 3 of " in text(source)
