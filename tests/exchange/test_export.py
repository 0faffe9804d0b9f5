"""Works for other programs: what is written is what is read again, and no cell is a formula."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.exchange.fields import Cell, flat
from pipeline.exchange.writing import WRITERS, of_work
from pipeline.model import Author, Fact, PartialDate, Record, Work
from tests.digest.samples import facts, record, work

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
# What a spreadsheet or a CSV reader may stumble over, at the beginning above all; and everything else.
_ODD = "=+-@\t\r\n'\";, ab\0"
texts = st.builds(
    "{}{}".format,
    st.text("'=+-@\t\r\0", max_size=3),
    st.text(st.sampled_from(_ODD) | st.characters(exclude_categories=["Cs"]), max_size=20),
)
lists = st.lists(texts, max_size=3).map(tuple)


def fields(work: Work) -> dict[str, Cell]:
    """A work in flat fields."""
    return flat(of_work(work))


def to_csv(works: Iterable[Work]) -> str:
    """Works as CSV."""
    return "".join(WRITERS["csv"](map(of_work, works)))


def to_jsonl(works: Iterable[Work]) -> str:
    """Works as JSON lines."""
    return "".join(WRITERS["jsonl"](map(of_work, works)))


def made(**changes: object) -> Work:
    """A work whose merged record has these fields."""
    one: Record = replace(record(1), **changes)  # type: ignore[arg-type]
    return replace(work(1), record=one)


def rows(text: str) -> list[dict[str, str]]:
    """A CSV file, as a program reads it."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def without_guard(cell: str) -> str:
    """A cell as it was before it was kept from being a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def test_fields() -> None:
    """Every field of the input format is there, in its words."""
    one = made(
        authors=(Author("Sample", "Ada"), Author("Mononym"), Author("", collective="The Example Group")),
        published=PartialDate(2026, 3),
        pmid="1",
        registrations=("DRKS00000000", "NCT00000000"),
        keywords=("a", "b"),
        languages=("ger", "eng"),
    )
    told = fields(one)
    assert told["authors"] == ["Sample, Ada", "Mononym", "The Example Group"]
    assert (told["year"], told["date"]) == (2026, "2026-03")
    assert (told["nct"], told["language"], told["keywords"]) == ("NCT00000000", "ger", ["a", "b"])
    assert told["record_id"] == "W1"
    assert told["is_retracted"] is False


def test_not_stated() -> None:
    """What is not stated is null in JSON and empty in CSV, never a guess."""
    bare = made(
        authors=(), journal="", published=None, doi="", languages=(), abstract=(), url="", registrations=(), title="T"
    )
    row = json.loads(to_jsonl([bare]))
    assert all(row[name] is None for name in ("abstract", "journal", "year", "date", "doi", "pmid", "nct", "language"))
    assert row["authors"] == []
    (cells,) = rows(to_csv([bare]))
    assert all(cells[name] == "" for name in ("abstract", "authors", "year", "doi", "language"))


def test_retracted() -> None:
    """A retraction is told."""
    one = replace(work(1), facts=facts(retracted=Fact(value=True, evidence="Retracted Publication", field="status")))
    assert json.loads(to_jsonl([one]))["is_retracted"] is True
    assert rows(to_csv([one]))[0]["is_retracted"] == "true"


def test_nothing() -> None:
    """No works make an empty list, and a table with a header only."""
    assert to_jsonl([]) == ""
    assert rows(to_csv([])) == []
    assert to_csv([]).startswith("record_id,title,abstract,")


@given(title=texts, journal=texts, keywords=lists)
def test_json_round_trip(title: str, journal: str, keywords: tuple[str, ...]) -> None:
    """JSON lines are faithful to every character, and each work is one line."""
    one = made(title=title, journal=journal, keywords=keywords)
    text = to_jsonl([one, one])
    assert text.count("\n") == 2
    row = json.loads(text.split("\n")[1])
    assert (row["title"], row["journal"], tuple(row["keywords"])) == (title, journal or None, keywords)


@given(title=texts, journal=texts, keywords=lists)
def test_csv_round_trip(title: str, journal: str, keywords: tuple[str, ...]) -> None:
    """No cell of a CSV file begins like a formula, and taking the one apostrophe away gives the text back."""
    one = made(title=title, journal=journal, keywords=keywords)
    (row,) = rows(to_csv([one]))
    assert not [cell for cell in row.values() if cell.startswith(FORMULA)]
    back = {name: without_guard(cell) for name, cell in row.items()}
    assert (back["title"], back["journal"], back["keywords"]) == (title, journal, "; ".join(keywords))
