"""How often the facts of appraisal are given, and how often they are right when given, on public labelled sets.

    python -m bench.appraisal [FOLDER]

FOLDER (default ``../shared/data/facts``) holds the sets as JSON lines. Titles and abstracts only: no publication types,
no MeSH, and no headings but those that stand in the text. Prints "absent" and ends well where the folder is not there.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.appraise import appraise
from pipeline.appraise.numbers import NUMBER, value
from pipeline.model import Facts, Record, Section
from pipeline.text import clean


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


def facts(title: str, abstract: str = "") -> Facts:
    """The facts of a record that has a title and an abstract only."""
    sections = (Section(clean(abstract)),) if abstract else ()
    return appraise([Record("bench", "1", clean(title), abstract=sections)])


def participants(folder: Path) -> Iterator[Score]:
    """The number of participants; right when it equals any total that the annotators marked."""
    score = Score("participants from title and abstract, PICO corpus")
    for row in rows(folder / "pico_corpus.jsonl"):
        marked = " ; ".join(clean(words) for _, _, words in row["entities"].get("total-participants", []))
        expected = {value(number[0]) for number in re.finditer(NUMBER, marked, re.IGNORECASE)}
        found = facts("", row["text"]).participants
        score.add(stated=bool(expected), given=found is not None, right=found is not None and found.value in expected)
    yield score


def conclusions(folder: Path) -> Iterator[Score]:
    """The conclusion sentence; right when it stands under the authors' own heading for it."""
    plain = Score("conclusion, headings removed, PMC structured abstracts")
    inline = Score("conclusion, headings in the text, PMC structured abstracts")
    for row in rows(folder / "pmc_structured.jsonl"):
        parts = [(heading.rstrip(": \u2014"), role, clean(text)) for heading, role, text in row["sections"]]
        expected = " ".join(text for _, role, text in parts if role == "CONCLUSIONS")
        texts = " ".join(text for *_, text in parts), " ".join(f"{heading}: {text}" for heading, _, text in parts)
        for score, abstract in zip((plain, inline), texts, strict=True):
            found = facts("", abstract).conclusion
            right = found is not None and found.value in expected
            score.add(stated=bool(expected), given=found is not None, right=right)
    yield plain
    yield inline


def main(folder: Path) -> None:
    """Print the table."""
    if not folder.is_dir():
        print("absent")
        return
    print(f"{'':<62}{'stated':>8}{'given':>8}{'right':>8}{'share':>8}")
    for part in (participants, conclusions):
        for score in part(folder):
            print(score)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/facts"))
