"""How often the facts of appraisal are given, and how often they are right when given, on public labelled sets.

    python -m bench.appraisal [FOLDER]

FOLDER (default ``../shared/data/facts``) holds the sets as JSON lines. Titles and abstracts only: no publication types,
no MeSH. Prints "absent" and ends well where the folder is not there.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.appraise import appraise
from pipeline.model import Design, Facts, Record, Section
from pipeline.text import clean

# StudyTypeTeller's labels by their beginning; those of intervention studies that are not randomised name no design.
_DESIGNS = {
    "Human-RCT": {Design.RCT},
    "Human-case-report": {Design.CASE_REPORT},
    "Human-systematic-review": {Design.SYSTEMATIC_REVIEW},
    "Non-systematic-review": {Design.NARRATIVE_REVIEW},
    "Clinical-study-protocol": {Design.PROTOCOL},
    "Animal": {Design.ANIMAL},
    "In-vitro": {Design.IN_VITRO},
    "Human-non-RCT": {Design.NONRANDOMIZED_TRIAL, Design.OBSERVATIONAL},
    "Remaining": {Design.OBSERVATIONAL, Design.SURVEY, Design.GUIDELINE, Design.EDITORIAL},
}


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


def designs(folder: Path) -> Iterator[Score]:
    """Design, nine classes; and whether it is a randomised trial, by NLM's publication type."""
    alone, both = (
        Score("design from the title, StudyTypeTeller"),
        Score("design from title and abstract, StudyTypeTeller"),
    )
    for row in rows(folder / "studytypeteller.jsonl"):
        expected = next(values for label, values in _DESIGNS.items() if row["label"].startswith(label))
        for score, abstract in ((alone, ""), (both, row["abstract"] or "")):
            found = facts(row["title"], abstract).design
            score.add(stated=True, given=found is not None, right=found is not None and found.value in expected)
    yield from (alone, both)
    score = Score("randomised trial from title and abstract, medline1000")
    for row in rows(folder / "medline1000_pubtypes.jsonl"):
        found = facts(row["title"], row["abstract"] or "").design
        trial = "Randomized Controlled Trial" in row["pub_types"]
        score.add(stated=trial, given=found is not None and found.value is Design.RCT, right=trial)
    yield score


def main(folder: Path) -> None:
    """Print the table."""
    if not folder.is_dir():
        print("absent")
        return
    print(f"{'':<62}{'stated':>8}{'given':>8}{'right':>8}{'share':>8}")
    for part in (designs,):
        for score in part(folder):
            print(score)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/facts"))
