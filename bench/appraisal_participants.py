"""How many participants a record states, from title and abstract alone, on public labelled sets.

    python -m bench.appraisal_participants [FOLDER]

FOLDER (default ``../shared/data/facts``) holds the sets as JSON lines. Of the records that state a total: the share
that is answered, that is exact when answered, and that is right of all. Of the others: the share that is silent. An
answer is right when it equals any total that the annotators marked; for PsyNamic, when it lies in their range. All
rows, the half that was read when the rules were made, and the half that was only counted. Prints "absent" and ends well
where the folder is not there.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.appraisal_sets import FOLDER, facts, is_kept, rows
from pipeline.appraise.numbers import in_digits, ungrouped
from pipeline.text import clean

Row = dict[str, Any]

_TITLE = re.compile(r"(?<=[.?!\]]) ")  # where a title ends that has its abstract behind it
_HEADER = re.compile(r"(?!PM)[A-Z]{4}[A-Z /&]* : ")  # the first heading behind journal, title and authors
_BETWEEN_TOKENS = re.compile(r" ([-,]) ")
_RANGE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Task:
    """A set, how a row of it is read, and whether an answer is right; None if the row states no total."""

    name: str
    peer: str
    file: str
    texts: Callable[[Row], tuple[str, str]]
    totals: Callable[[Row], Callable[[int], bool] | None]
    wanted: Callable[[Row], bool] = lambda _: True


@dataclass(slots=True)
class Tally:
    """Records that state a total, that are answered, that are answered rightly; those that state none, and silence."""

    stated: int = 0
    answered: int = 0
    right: int = 0
    unstated: int = 0
    silent: int = 0

    def add(self, value: int | None, is_right: Callable[[int], bool] | None) -> None:
        """Count one record."""
        if is_right is None:
            self.unstated += 1
            self.silent += value is None
        else:
            self.stated += 1
            self.answered += value is not None
            self.right += value is not None and is_right(value)

    def __str__(self) -> str:
        """The shares, as columns of the table."""
        shares = (
            (self.answered, self.stated),
            (self.right, self.answered),
            (self.right, self.stated),
            (self.silent, self.unstated),
        )
        return f"{self.stated:>8}" + "".join(
            f"{part / whole:>10.3f}" if whole else f"{'':>10}" for part, whole in shares
        )


def _marked(kind: str) -> Callable[[Row], Callable[[int], bool] | None]:
    """Right is any number in the annotations of this kind."""

    def totals(row: Row) -> Callable[[int], bool] | None:
        marked = (clean(words).lower() for *_, words in row["entities"].get(kind, ()))
        numbers = {
            int(digits)
            for words in marked
            for digits in re.findall(r"\d+", ungrouped(in_digits(_BETWEEN_TOKENS.sub(r"\1", words))))
        }
        return numbers.__contains__ if numbers else None

    return totals


def _in_range(row: Row) -> Callable[[int], bool] | None:
    """Right is a number in the annotators' range: "21-40", or 1000 and more."""
    bounds = [int(bound) for bound in _RANGE.findall(str(row["labels"].get("number_of_participants")))]
    if not bounds:
        return None
    return range(bounds[0], bounds[1] + 1).__contains__ if len(bounds) > 1 else lambda value: value >= bounds[0]


def _title_first(row: Row) -> tuple[str, str]:
    title, *abstract = _TITLE.split(row["text"], maxsplit=1)
    return title, "".join(abstract)


def _without_header(row: Row) -> tuple[str, str]:
    heading = _HEADER.search(row["text"])
    return "", row["text"][heading.start() :] if heading else row["text"]


def _is_diabetes(row: Row) -> bool:
    return bool(row["disease"] == "dm2")


_PICO, _CTRO = _marked("total-participants"), _marked("NumberPatientsCT")
TASKS = (
    Task("PICO corpus", "NER .77 exact at .98, GPT-4o .89 at .99", "pico_corpus.jsonl", _title_first, _PICO),
    Task("PICO corpus, no title", "", "pico_corpus.jsonl", lambda row: ("", row["text"]), _PICO),
    Task("C-TrO dm2", "naive .716 right", "ctro.jsonl", lambda row: ("", row["text"]), _CTRO, _is_diabetes),
    Task("C-TrO dm2, header removed", "", "ctro.jsonl", _without_header, _CTRO, _is_diabetes),
    Task("PsyNamic, in ranges", "", "psynamic.jsonl", lambda row: (row["title"], row["abstract"] or ""), _in_range),
)


def lines(folder: Path) -> Iterator[str]:
    """The table, task by task."""
    yield f"{'':<28}{'':<7}{'stated':>8}{'answered':>10}{'exact':>10}{'right':>10}{'silent':>10}  peer"
    for task in TASKS:
        tallies = {"all": Tally(), "read": Tally(), "kept": Tally()}
        for row in filter(task.wanted, rows(folder / task.file)):
            found = facts(*task.texts(row)).participants
            for half in ("all", "kept" if is_kept(row) else "read"):
                tallies[half].add(found.value if found else None, task.totals(row))
        for half, tally in tallies.items():
            yield f"{task.name:<28}{half:<7}{tally}  {task.peer if half == 'all' else ''}".rstrip()


def main(folder: Path) -> None:
    """Print the table."""
    if not folder.is_dir():
        print("absent")
        return
    for line in lines(folder):
        print(line)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
