"""Every page as a validator, a browser and the mail programs see it; one run of each tool for all pages together.

A made-up page with a mistake of every kind is among them: a tool that has stopped looking is not taken for praise.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages import MAILS, SITE, Writer, bad
from tests.browser.tools import looked_at, mailed, validated
from tests.digest.mail_features import CHECKERS_SLIPS, CHECKERS_TITLES


def written(folder: Path, *writers: Writer) -> list[Path]:
    """All the pages that these write, and the bad one."""
    for write in (*writers, bad):
        write(folder)
    return sorted(folder.rglob("*.html"))


def mistakes_of(asked: list[str], views: list[dict[str, Any]]) -> str:
    """What is wrong with a page, in words; empty if nothing is."""
    wrong = [f"asks for {url}" for url in asked]
    if views[0]["ground"] == views[-1]["ground"]:
        wrong.append("as bright by night as by day")
    for view in views:
        if view["overflow"] > 0:
            wrong.append(f"{view['view']}: {view['overflow']} px too wide")
        wrong += [f"{view['view']}: {one}" for one in view["violations"] if one["impact"] in {"serious", "critical"}]
    return "\n".join(wrong)


def test_valid(tmp_path: Path) -> None:
    """No page has an error by the Nu HTML checker."""
    found = validated(written(tmp_path, *MAILS, *SITE))
    assert any("open elements" in error for error in found.pop("bad.html"))
    assert found == {}


def test_seen(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """By day and by night, on phone and desk, axe-core finds nothing serious, and nothing sticks out or is fetched."""
    pages = written(tmp_path, *MAILS, *SITE)
    found = looked_at(pages, tmp_path_factory.mktemp("profile"))
    mistakes = {name: mistakes_of(**seen) for name, seen in found.items()}
    bad_one = mistakes.pop("bad.html")
    for mistake in ("color-contrast", "image-alt", "1608 px too wide", "pixel.example.org", "as bright by night"):
        assert mistake in bad_one
    assert mistakes == dict.fromkeys(mistakes, "")


def test_mail(tmp_path: Path) -> None:
    """No page that is a mail, too, has what Gmail, Outlook, Apple Mail or Yahoo lack, but for the named exceptions."""
    found = mailed(written(tmp_path, *MAILS))
    assert "display:grid" in found.pop("bad.html")
    assert found
    for features in found.values():
        assert set(features) <= {*CHECKERS_TITLES, *CHECKERS_SLIPS}
