"""What the benches of appraisal share: the labelled sets, records made of them, and how an answer is scored."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.appraise import appraise
from pipeline.exchange.sections import sections
from pipeline.model import Facts, Record
from pipeline.text import clean

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "facts"


@dataclass
class Score:
    """Records that state the value, that were given one, and that were given the right one."""

    name: str
    stated: int = 0
    given: int = 0
    right: int = 0

    def add(self, *, stated: bool, given: bool, right: bool) -> None:
        """Count one record."""
        self.stated += stated
        self.given += given
        self.right += given and right

    def __str__(self) -> str:
        """One line of the table."""
        share = self.right / self.given if self.given else 0.0
        return f"{self.name:<62}{self.stated:>8}{self.given:>8}{self.right:>8}{share:>8.3f}"


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """One labelled record a line."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def is_kept(row: dict[str, Any]) -> bool:
    """Whether a row is in the half that was only counted, and never read, when the rules were made."""
    name = str(row.get("id") or row.get("pmcid"))
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


def facts(title: str, abstract: str = "") -> Facts:
    """The facts of a record that has a title and an abstract only, read as `assess` reads them."""
    return appraise([Record("bench", "1", clean(title), abstract=sections(abstract))])
