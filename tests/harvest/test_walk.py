"""Walking through result sets that overlap."""

from collections.abc import Sequence

import pytest

from pipeline.errors import RecordRejected, SourceFailed
from pipeline.harvest.json_fields import Json, string
from pipeline.harvest.walk import LONGEST_WALK, Results, along, proof, read_page, shortfall
from pipeline.model import Record
from pipeline.proof import Proof

FIRST, SECOND, THIRD = {"id": "a"}, {"id": "b"}, {"id": "c"}


def source_id(member: object) -> str:
    """The id, if there is one."""
    return str(member.get("id", "")) if isinstance(member, dict) else ""


def record(member: object) -> Record:
    """A record of the made-up source."""
    if not isinstance(member, dict):
        raise RecordRejected("no object")
    return Record("made-up", source_id(member), f"Made-up {string(member, 'id')}")


def walked(content: Json, answers: dict[str, Json], sent: str = "") -> Sequence[str]:
    """The names of the answers that a walk gives."""
    return [each["name"] for each in along(content, lambda one: one.get("next"), answers.__getitem__, sent)]


def test_read_page() -> None:
    """What cannot be read is set aside with the reason, and the rest is read."""
    page = read_page([FIRST, 7, SECOND], record, 9)
    assert [one.record.source_id for one in page.records] == ["a", "b"]
    assert [one.payload for one in page.records] == [b'{"id":"a"}', b'{"id":"b"}']
    assert [(one.payload, one.error) for one in page.rejected] == [(b"7", "no object")]
    assert page.total == 9


def test_along() -> None:
    """A walk ends where there is no token, or one that came before."""
    one, two = {"name": "one", "next": "2"}, {"name": "two", "next": "3"}
    assert walked(one, {"2": {"name": "two"}}) == ["one", "two"]
    assert walked(one, {}, sent="2") == ["one"]
    assert walked(one, {"2": two, "3": {"name": "three", "next": None}}) == ["one", "two", "three"]
    assert walked(one, {"2": two, "3": {"name": "three", "next": "2"}}) == ["one", "two", "three"]


def test_endless() -> None:
    """A service that always has one more page, under a token of its own each time, is left in the end."""
    pages = ({"name": str(number), "next": str(number + 1)} for number in range(10**9))
    walk = along(next(pages), lambda one: one.get("next"), lambda _token: next(pages))
    with pytest.raises(SourceFailed, match="still more after 1000 pages"):
        list(walk)
    assert next(pages)["name"] == str(LONGEST_WALK + 1)


def test_untold() -> None:
    """Each member is told once, by its id or, without one, by all of it; only ids are listed."""
    results = Results(announced=5)
    assert results.untold([FIRST, 7, FIRST], source_id) == [FIRST, 7]
    assert results.untold([FIRST, 7, 8], source_id) == [8]
    assert (results.listed, results.delivered, results.missing) == ({"a"}, 3, 2)


def test_overlap() -> None:
    """What two queries find is told once, and counts for both."""
    told: set[str] = set()
    one, two = Results(2, told), Results(2, told)
    assert one.untold([FIRST, SECOND], source_id) == [FIRST, SECOND]
    assert two.untold([SECOND, THIRD], source_id) == [THIRD]
    end = proof([one, two], shortfall("Made-up", [one, two]), whole=True)
    assert end == Proof(3, frozenset("abc"), "", whole=True)


def test_shortfall() -> None:
    """What one query lacks is missing, though another brought more than it announced."""
    told: set[str] = set()
    one, two = Results(3, told), Results(1, told)
    one.untold([FIRST], source_id)
    two.untold([FIRST, SECOND, 7], source_id)
    said = shortfall("Made-up", [one, two])
    assert said == "Made-up announced 5 records and delivered 3."
    assert (proof([one, two], said, whole=False).total, proof([], "", whole=True).total) == (5, 0)
