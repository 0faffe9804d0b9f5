"""The pages that are looked at: functions that write HTML files into a folder. A new kind of page is one line here."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pipeline.asking import Nobody
from pipeline.demo import play
from pipeline.digest.render import render
from tests.digest.hostile import hostile_issue
from tests.digest.largest import largest_issue
from tests.digest.samples import golden

Writer = Callable[[Path], None]


def issues(folder: Path) -> None:
    """Every golden issue, the largest one, and one in which every word from outside is hostile."""
    every = {name: composition.issue for name, composition in golden().items()}
    for name, issue in {**every, "largest": largest_issue(), "hostile": hostile_issue()}.items():
        (folder / f"issue-{name}.html").write_text(render(issue, "html"), encoding="utf-8")


def site(folder: Path) -> None:
    """The evidence map, the questions and the archive's index, as the demo leaves them."""
    play(folder / "demo", Nobody())
    for name in ("map.html", "questions.html", "index.html"):
        (folder / "demo" / name).replace(folder / name)
    shutil.rmtree(folder / "demo")


def bad(folder: Path) -> None:
    """A page with a mistake for each of the tools, which shows that they see it."""
    (folder / "bad.html").write_text(
        '<!DOCTYPE html><html lang="en"><head><title>Bad</title>'
        '<style>.a { display: grid; color: #bbb; }</style></head><body><main><h1>Bad</h1><p class="a"><b>pale</p><img src="https://pixel.example.org/p.png">'
        '<p style="width: 2000px">wide</p></main></body></html>',
        encoding="utf-8",
    )


MAILS: Final[tuple[Writer, ...]] = (issues,)
"""Pages that are files and mails."""

SITE: Final[tuple[Writer, ...]] = (site,)
"""Pages that are only files, for any web server."""
