"""assess: what files say, record by record, with no store, no network and no configuration."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Litwatch, Result

TRIAL = {
    "record_id": "a",
    "title": "Made-up electroacupuncture for fatigue in multiple sclerosis: a randomised controlled trial",
    "abstract": "METHODS: Sixty people were randomised to electroacupuncture or usual care. CONCLUSIONS: Fatigue fell.",
    "nct": "NCT99999901",
    "mesh": ["Humans"],
}
WEATHER = {"record_id": "b", "title": "Made-up weather in the made-up mountains"}


def lines(result: Result) -> list[dict[str, Any]]:
    """The answers, one a record."""
    return [json.loads(line) for line in result.out.splitlines()]


def write(path: Path, *rows: Mapping[str, object] | str) -> Path:
    """A file of JSON lines."""
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def test_one_line_a_record_in_order(litwatch: Litwatch, tmp_path: Path) -> None:
    """Each record has its verdict and facts, in the order they came in, over all files; nothing else is on stdout."""
    one, two = write(tmp_path / "one.jsonl", TRIAL, WEATHER), write(tmp_path / "two.jsonl", TRIAL | {"record_id": "c"})
    result = litwatch("assess", one, two)
    assert result.code == 0
    assert [row["record_id"] for row in lines(result)] == ["a", "b", "c"]
    assert "3 records assessed" in result.err


def test_verdict_and_facts(litwatch: Litwatch, tmp_path: Path) -> None:
    """The documented shape: values with their words and fields, plain values with theirs apart."""
    (row,) = lines(litwatch("assess", write(tmp_path / "in.jsonl", TRIAL)))
    assert row["verdict"]["tier"] == "core"
    assert row["verdict"]["excluded_by"] is None
    assert {"concept": "acupuncture", "term": "electroacupuncture", "field": "title"} in row["verdict"]["reasons"]
    facts = row["facts"]
    assert facts["design"]["value"] == "rct"
    assert facts["design"]["evidence"] in TRIAL["title"]
    assert (facts["participants"]["value"], facts["participants"]["counted"]) == (60, "randomized")
    assert facts["conclusion"] == {"value": "Fatigue fell.", "evidence": "Fatigue fell.", "field": "abstract"}
    assert facts["population"] == "human"
    assert facts["evidence"]["population"] == {"value": "human", "evidence": "Humans", "field": "mesh"}
    assert facts["outcomes"] == ["fatigue"]
    assert facts["registrations"] == ["NCT99999901"]
    assert facts["evidence"]["registrations"] == [{"value": "NCT99999901", "evidence": "NCT99999901", "field": "nct"}]
    assert facts["retracted"] is False


def test_what_is_not_stated(litwatch: Litwatch, tmp_path: Path) -> None:
    """A bare title states next to nothing, and no value is made up for it; the rule that puts it out has its name."""
    (row,) = lines(litwatch("assess", write(tmp_path / "in.jsonl", WEATHER)))
    assert row["verdict"] == {
        "tier": "out",
        "reasons": [],
        "excluded_by": "concept missing: acupuncture, multiple sclerosis",
    }
    facts = row["facts"]
    stated = {"design", "participants", "population", "conclusion", "direction", "funding", "interests"}
    assert {facts[name] for name in stated} == {None}
    assert (facts["harms"], facts["outcomes"], facts["evidence"]) == ("not_stated", [], {})


def test_other_formats_and_stdout_or_file(litwatch: Litwatch, tmp_path: Path) -> None:
    """Whatever `import` reads; a record without an id is called by its place."""
    ris = tmp_path / "in.ris"
    ris.write_text(f"TY  - JOUR\nTI  - {TRIAL['title']}\nER  - \n", "utf-8")
    result = litwatch("assess", ris, "--output", tmp_path / "out.jsonl")
    (row,) = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert (result.out, row["record_id"], row["facts"]["design"]["value"]) == ("", "1", "rct")


def test_a_line_that_cannot_be_read(litwatch: Litwatch, tmp_path: Path) -> None:
    """It is named with its line, the others are assessed, and the exit code says that something is missing."""
    result = litwatch("assess", write(tmp_path / "in.jsonl", TRIAL, "{broken", WEATHER))
    assert result.code == 1
    assert [row["record_id"] for row in lines(result)] == ["a", "b"]
    assert "in.jsonl, line 2: not JSON" in result.err


def test_a_file_that_is_not_there(litwatch: Litwatch) -> None:
    """One sentence that says what and where; exit code 2."""
    result = litwatch("assess", "nowhere.jsonl")
    assert (result.code, result.out) == (2, "")
    assert "nowhere.jsonl: cannot be read" in result.err


@pytest.mark.parametrize("how", ["--config", "found"])
def test_the_subject_of_the_configuration(litwatch: Litwatch, tmp_path: Path, how: str) -> None:
    """A configuration says what the watch is about, wherever it was found."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config/weather.toml").write_text(
        'label = "Weather"\ntitle = "Weather"\n[[concepts]]\nname = "weather"\nmesh = ["Weather"]\n'
        'search = ["weather"]\nterms = ["weather"]\n',
        "utf-8",
    )
    (tmp_path / "config/litwatch.toml").write_text('subject = "weather.toml"\ncontact = "me@example.org"\n', "utf-8")
    options = ["--config", "config/litwatch.toml"] if how == "--config" else []
    result = litwatch("assess", write(tmp_path / "in.jsonl", TRIAL, WEATHER), *options)
    assert [row["verdict"]["tier"] for row in lines(result)] == ["out", "core"]


def test_evidence_as_written(litwatch: Litwatch, tmp_path: Path) -> None:
    """What is quoted is found in the file sign by sign, whatever blanks it has there."""
    methods = "METHODS: Sixty\u00a0people  were randomised\nto needles (n\u2009=\u200930) or care."
    abstract = f"{methods} CONCLUSIONS: Fatigue\u2009fell."
    (row,) = lines(litwatch("assess", write(tmp_path / "in.jsonl", TRIAL | {"abstract": abstract})))
    people, conclusion = row["facts"]["participants"], row["facts"]["conclusion"]
    assert people["value"] == 60
    assert people["evidence"] in abstract
    assert conclusion["value"] == conclusion["evidence"] == "Fatigue\u2009fell."
