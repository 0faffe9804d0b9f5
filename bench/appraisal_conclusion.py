"""How often the authors' conclusion is given, and how often the sentence is one of those in which they conclude.

    python -m bench.appraisal_conclusion [FOLDER]

FOLDER (default ``../shared/data/facts``) holds the sets as JSON lines. Structured abstracts of PMC are read with their
headings removed and with their headings in the text, registration and funding lines left in: right is a sentence of the
section that the authors headed as their conclusion. C-TrO's are tokenised MEDLINE texts: right is a sentence that an
expert marked. Titles are left out, as they tell protocols, whose hopes are no conclusion. Naive is the last sentence
that does not speak of registration. Prints "absent" where there is no FOLDER.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.appraisal_sets import FOLDER, Score, facts, is_kept, rows
from pipeline.text import clean

_NAIVE = {"PMC, headings removed": ".927"}


def _plain(row: dict[str, Any]) -> tuple[str, str]:
    """A structured abstract without its headings, and its conclusion."""
    texts = [(role, clean(text)) for _, role, text in row["sections"]]
    return " ".join(text for _, text in texts), " ".join(text for role, text in texts if role == "CONCLUSIONS")


def _headed(row: dict[str, Any]) -> tuple[str, str]:
    """The same with its headings where publishers print them."""
    headed = [(heading.rstrip(": \u2014"), clean(text)) for heading, _, text in row["sections"]]
    return " ".join(f"{heading}: {text}" for heading, text in headed), _plain(row)[1]


def _tokenised(row: dict[str, Any]) -> tuple[str, str]:
    """A MEDLINE text, and what experts marked in it."""
    return row["text"], " ".join(text for *_, text in row["entities"].get("ConclusionComment", ()))


TASKS: dict[str, tuple[str, Callable[[dict[str, Any]], tuple[str, str]]]] = {
    "PMC, headings removed": ("pmc_structured.jsonl", _plain),
    "PMC, headings in the text": ("pmc_structured.jsonl", _headed),
    "C-TrO, marked by experts": ("ctro.jsonl", _tokenised),
}


def scores(folder: Path) -> Iterator[tuple[Score, Score, Score]]:
    """Of each task the score of all rows, of the half that was read, and of the half that was kept."""
    for name, (file, task) in TASKS.items():
        whole, read, kept = Score(name), Score("  the half read"), Score("  the half kept")
        for row in rows(folder / file):
            abstract, expected = task(row)
            found = facts("", abstract).conclusion
            right = found is not None and _same(found.value, expected)
            for score in (whole, kept if is_kept(row) else read):
                score.add(stated=bool(expected), given=found is not None and bool(expected), right=right)
        yield whole, read, kept


def _same(sentence: str, expected: str) -> bool:
    """Whether a sentence stands in what is expected; blanks do not count, as tokenised texts have more."""
    return "".join(sentence.split()).rstrip(".") in "".join(expected.split())


def main(folder: Path) -> None:
    """Print the table."""
    if not folder.is_dir():
        print("absent")
        return
    print(f"{'':<62}{'stated':>8}{'given':>8}{'right':>8}{'share':>8}  naive")
    for parts in scores(folder):
        for score in parts:
            print(score, _NAIVE.get(score.name, ""), sep="  ")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
