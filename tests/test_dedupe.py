"""Which records are one publication: clusters in the order the records came in, and every decision with its reason."""

import pytest

from pipeline.dedupe import Deduplicated, deduplicate
from pipeline.errors import ConfigError
from pipeline.exchange.fields import Entry
from pipeline.match import Grouping, Pair
from pipeline.model import Record

TITLE = "Made-up acupuncture for fatigue in multiple sclerosis"


def entry(line: int, record_id: str = "", doi: str = "") -> tuple[str, Entry]:
    """An entry of a made-up file."""
    return "works", Entry(line, Record("import", record_id, TITLE, doi=doi), "")


def test_order() -> None:
    """A cluster is called by the record that came first, not by the one whose id sorts first."""
    found = deduplicate([entry(1, "z", "10.5555/1"), entry(2, "m", "10.5555/2"), entry(3, "a", "10.5555/1")])
    assert list(found.rows()) == [("z", "z"), ("m", "m"), ("a", "z")]
    assert [item.merged for item in found.merged()] == [("z", "a"), ("m",)]


def test_ids() -> None:
    """A record without an id is called by its place; nobody may take another's id."""
    found = deduplicate([entry(1), entry(2, "1"), entry(3, "1-2")])
    assert [record_id for record_id, _ in found.rows()] == ["1-3", "1", "1-2"]
    with pytest.raises(ConfigError, match="works, line 9: record_id 1 was stated before, in works, line 2"):
        deduplicate([entry(2, "1"), entry(9, "1")])


def test_decisions() -> None:
    """Joins and doubts are told by the ids of the records, also where an id looks like part of a reason."""
    records = tuple(Record("import", record_id, TITLE) for record_id in ("a", "b as c", "d"))
    grouping = Grouping(
        works=(("import:a", "import:b as c"), ("import:d",)),
        joins={"import:b as c": "same DOI 10.5555/1 as import:a"},
        links=(),
        uncertain=(Pair(9, "import:a", "import:d", "nearly the same title", certain=False),),
    )
    assert list(Deduplicated(records, grouping).decisions()) == [
        {"decision": "joined", "record_id": "b as c", "other": "a", "reason": "same DOI 10.5555/1"},
        {"decision": "uncertain", "record_id": "a", "other": "d", "reason": "nearly the same title"},
    ]
