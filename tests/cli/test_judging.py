"""judge, rebuild and list --uncertain: what an operator can say, and what comes of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config, load
from pipeline.run import publish_now
from pipeline.store import reading, writing
from pipeline.store.lock import run_lock
from tests.cli.conftest import TWO, Litwatch
from tests.match.records import record
from tests.store.keeping import NOW, advance

REASON = "same title and authors and nothing else (12 points of 12)"


def works(litwatch: Litwatch, config: Path) -> dict[str, set[str]]:
    """The records of each work."""
    listed = litwatch("list", "--json", "--config", config).document
    shown = [litwatch("show", work["id"], "--json", "--config", config).document for work in listed]
    return {work["id"]: {record["record"] for record in work["records"]} for work in shown}


def uncertain(litwatch: Litwatch, config: Path, *filters: str) -> list[dict[str, Any]]:
    """What list --uncertain says."""
    found: list[dict[str, Any]] = litwatch("list", "--uncertain", "--json", *filters, "--config", config).document
    return found


def test_uncertain(litwatch: Litwatch, doubtful: Path) -> None:
    """Two works that look alike are listed with the reason and the commands that settle it; filters hold."""
    [pair] = uncertain(litwatch, doubtful)
    assert [(work["id"], work["title"], work["year"]) for work in pair["works"]] == [
        ("W1", TWO[0].title, 2024),
        ("W2", TWO[1].title, 2025),
    ]
    assert pair["reason"] == REASON
    assert (pair["same"], pair["not_same"]) == (
        "litwatch judge W1 --same-as W2",
        "litwatch judge W1 --not-same-as W2",
    )
    text = litwatch("list", "--uncertain", "--config", doubtful).out
    assert all(part in text for part in (TWO[0].title, REASON, pair["same"], pair["not_same"]))
    assert f"perhaps the same as W2: {REASON}" in litwatch("show", "W1", "--config", doubtful).out
    assert uncertain(litwatch, doubtful, "--tier", "out") == []


@pytest.mark.parametrize("word", ["same", "not_same"])
def test_commands_settle_it(litwatch: Litwatch, doubtful: Path, word: str) -> None:
    """Either command, as it is printed, settles the matter, and undoing it opens it again."""
    [pair] = uncertain(litwatch, doubtful)
    result = litwatch(*pair[word].split()[1:], "--config", doubtful)
    assert (result.code, result.err) == (0, "")
    assert uncertain(litwatch, doubtful) == []
    assert litwatch("judge", "W1", "--undo", "--config", doubtful).code == 0
    [again] = uncertain(litwatch, doubtful)
    assert (again["record"], again["other"]) == (pair["record"], pair["other"])


def test_same(litwatch: Litwatch, doubtful: Path) -> None:
    """Two works become one under the older number; the other leads there, and show says that it was made by hand."""
    result = litwatch("judge", "W2", "--same-as", "pubmed:1", "--note", "made-up\nreason", "--config", doubtful)
    assert result.out == "W1 and W2 are one work now: W1\n"
    assert works(litwatch, doubtful)["W1"] == {"pubmed:1", "pubmed:2"}
    assert litwatch("show", "W2", "--json", "--config", doubtful).document["id"] == "W1"
    shown = litwatch("show", "W1", "--config", doubtful).out
    assert "judged to be the same as" in shown
    assert "judged: pubmed:2 is the same as pubmed:1 (20" in shown
    assert ", made-up reason)" in shown
    again = litwatch("judge", "W1", "--same-as", "pubmed:2", "--config", doubtful)
    assert (again.code, again.out) == (0, "no change: W1 is one work\n")


def test_ids_come_back(litwatch: Litwatch, doubtful: Path) -> None:
    """When works that were joined part again, each has the id it had, so that no id leads to another study."""
    before = works(litwatch, doubtful)
    for joined in (["W2", "--same-as", "W3"], ["W1", "--same-as", "W2"]):
        litwatch("judge", *joined, "--config", doubtful)
    assert set(works(litwatch, doubtful)) == {"W1"}
    parted = litwatch("judge", "W1", "--undo", "--config", doubtful)
    assert parted.out.splitlines()[-1] == "W1 is two works now: W1 and W2"
    assert litwatch("show", "W3", "--json", "--config", doubtful).document["id"] == "W2"
    litwatch("judge", "W3", "--undo", "--config", doubtful)
    assert works(litwatch, doubtful) == before


def test_not_same(litwatch: Litwatch, doubtful: Path) -> None:
    """A record is parted from its work by name, under a new number that is never used again."""
    result = litwatch("judge", "zentralblatt:3", "--not-same-as", "pubmed:3", "--config", doubtful)
    assert result.out == "W3 is two works now: W3 and W4\n"
    assert {"pubmed:3"} in works(litwatch, doubtful).values()
    undone = litwatch("judge", "10.5555/3", "--undo", "--config", doubtful).out.splitlines()
    assert undone[0].startswith("undone: zentralblatt:3 is not the same as pubmed:3 (judged 20")
    assert undone[1] == "W3 and W4 are one work now: W3"
    nothing = litwatch("judge", "W2", "--not-same-as", "W1", "--config", doubtful)
    assert nothing.out == "no change: W1 and W2 are two works\n"


def test_latest_word_counts(litwatch: Litwatch, doubtful: Path) -> None:
    """A later judgement on the same two counts; when it is undone, the earlier one does again."""
    for word, count in (("--same-as", 2), ("--not-same-as", 3), ("--undo", 2), ("--undo", 3)):
        other = [] if word == "--undo" else ["pubmed:2"]
        assert litwatch("judge", "pubmed:1", word, *other, "--config", doubtful).code == 0
        assert len(works(litwatch, doubtful)) == count
    result = litwatch("judge", "pubmed:1", "--undo", "--config", doubtful)
    assert (result.code, result.out) == (2, "")
    assert "no judgement concerns it that is not undone" in result.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["W1", "--same-as", "1"], "are one record"),
        (["W1", "--same-as", "W9"], "W9: not in the store"),
        (["nobody:1", "--not-same-as", "W1"], "nobody:1: not in the store"),
        (["W1"], "say something of it, or give --undo"),
        (["W1", "--relevant", "--undo"], "say something of it, or give --undo"),
        (["W1", "--design", "poem"], "'poem' is none of guideline, "),
        (["W1", "--participants", "none"], "'none' is neither a number of people nor not-stated"),
        (["W1", "--participants", "0"], "'0' is neither a number"),
        (["W9", "--not-relevant"], "W9: not in the store"),
        (["W1", "--same-as", "W2", "--not-same-as", "W2"], "give one of"),
        (["W1", "--undo", "--note", "why"], "--note goes with a judgement"),
        (["W1", "--undo"], "no judgement concerns it"),
    ],
)
def test_refused(litwatch: Litwatch, doubtful: Path, arguments: list[str], sentence: str) -> None:
    """What cannot be judged is refused in one sentence, with exit code 2, and nothing is touched."""
    before = (doubtful.parent / "litwatch.db").read_bytes()
    result = litwatch("judge", *arguments, "--config", doubtful)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert (doubtful.parent / "litwatch.db").read_bytes() == before


@pytest.mark.parametrize("command", [["judge", "W1", "--same-as", "W2"], ["rebuild"]])
def test_locked_or_not_there(litwatch: Litwatch, doubtful: Path, command: list[str]) -> None:
    """While a run is at work the command is refused, and where nothing was harvested it makes no database."""
    database = doubtful.parent / "litwatch.db"
    with run_lock(database, NOW):
        assert litwatch(*command, "--config", doubtful).code == 75
    database.unlink()
    result = litwatch(*command, "--config", doubtful)
    assert (result.code, database.exists()) == (2, False)
    assert "nothing was harvested yet" in result.err


def test_survives(litwatch: Litwatch, doubtful: Path) -> None:
    """A judgement holds when its records change, and when everything is concluded anew."""
    litwatch("judge", "W1", "--same-as", "W2", "--config", doubtful)
    with writing(doubtful.parent / "litwatch.db") as store:
        subject = load(doubtful, {}, doubtful.parent).subject
        advance(store, replace(TWO[1], doi="10.5555/changed", title="Acupuncture, changed (made up)"), subject=subject)
    assert litwatch("rebuild", "--config", doubtful).out == "2 works, nothing changed\n"
    assert set(works(litwatch, doubtful)) == {"W1", "W3"}


def events(config: Path) -> list[tuple[Any, ...]]:
    """Every event, and who was told."""
    with closing(sqlite3.connect(config.parent / "litwatch.db")) as db:
        return db.execute("SELECT * FROM events LEFT JOIN told ON told.event = events.id ORDER BY 1, 6, 7").fetchall()


def state(config: Path) -> list[Any]:
    """Everything that is derived."""
    tables = {
        "record_keys": "key, record",
        "pairs": "record_a, record_b, strength, certain, reason",
        "links": "from_record, to_record, relationship, reason",
        "verdicts": "*",
        "works": "*",
        "work_records": "*",
        "records": "id, pending, matched_by",
    }
    with closing(sqlite3.connect(config.parent / "litwatch.db")) as db:
        return [
            db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608  # our own names
            for table, columns in tables.items()
        ]


def test_rebuild_changes_nothing(litwatch: Litwatch, stocked: Path) -> None:
    """With unchanged rules a rebuild writes no event, changes nothing that is derived, and sends nothing."""
    before, told = state(stocked), events(stocked)
    result = litwatch("rebuild", "--config", stocked)
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith(" works, nothing changed\n")
    assert (state(stocked), events(stocked)) == (before, told)
    document = litwatch("rebuild", "--json", "--config", stocked).document
    assert document["works"] == len(before[4])
    assert document["merged"] == {"count": 0, "examples": []}


def spoil(config: Path) -> None:
    """Leave a store as worse rules might have: pairs forgotten and made up, keys gone, verdicts out, designs unread."""
    with closing(sqlite3.connect(config.parent / "litwatch.db")) as db:
        db.execute("DELETE FROM record_keys WHERE key LIKE 'doi:%'")
        db.execute("DELETE FROM pairs")
        db.execute("INSERT INTO pairs VALUES (1, 2, 1, 1, 'made up')")
        db.execute("DELETE FROM links")
        db.execute("UPDATE verdicts SET tier = 'out', excluded_by = 'made up', reasons = '[]'")
        db.execute("UPDATE works SET tier = 'out', facts = '{}'")
        db.commit()


def test_rebuild_repairs(litwatch: Litwatch, stocked: Path) -> None:
    """Whatever was concluded before, a rebuild ends with what the records amount to, and says what that changed."""
    before, told = state(stocked), events(stocked)
    spoil(stocked)
    document = litwatch("rebuild", "--json", "--config", stocked).document
    after = state(stocked)
    assert [rows for rows in after if rows not in before][:-1] == []  # verdicts were decided anew, at another time
    assert events(stocked) == told
    let_in = sum(row[4] != "out" for row in before[4])
    assert document["let_in"]["count"] == let_in
    assert len(document["let_in"]["examples"]) == 5
    assert document["designs"]["count"] > 20
    assert "not stated → " in document["designs"]["examples"][0]
    assert document["participants"]["count"] > 5


def test_rebuild_lets_in(litwatch: Litwatch, doubtful: Path) -> None:
    """What better rules let in is news, and told by the next digest; what was told is not told again."""
    config = load(doubtful, {}, doubtful.parent)
    publish_now(config, config.digests[0], NOW)
    with closing(sqlite3.connect(config.database)) as db:  # as stricter rules would have left it
        db.execute("DELETE FROM told WHERE event IN (SELECT id FROM events WHERE work = 2)")
        db.execute("DELETE FROM events WHERE work = 2")
        db.execute("UPDATE verdicts SET tier = 'out' WHERE record = 2")
        db.execute("UPDATE works SET tier = 'out' WHERE id = 2")
        db.commit()
    assert litwatch("rebuild", "--config", doubtful).out == "3 works\nlet in: 1 (W2)\n"
    publish_now(config, config.digests[0], NOW + timedelta(days=7))
    assert issue(config, 2) == (["W2"], [])


# --- what is right of one publication ---------------------------------------------------------------


def document(litwatch: Litwatch, config: Path, identifier: str = "W1") -> dict[str, Any]:
    """What show says of a work."""
    shown: dict[str, Any] = litwatch("show", identifier, "--json", "--config", config).document
    return shown


def test_facts_by_hand(litwatch: Litwatch, doubtful: Path) -> None:
    """The operator's word on design and people stands above the records, with date and note, until it is undone."""
    said = ["--design", "observational", "--participants", "040", "--note", "read it"]
    result = litwatch("judge", "W1", *said, "--config", doubtful)
    assert result.out == "W1: design not stated → observational\nW1: participants not stated → 40\n"
    facts = document(litwatch, doubtful)["facts"]
    assert (facts["design"]["value"], facts["design"]["field"]) == ("observational", "judgement")
    assert (facts["participants"]["value"], facts["participants"]["record"]) == (40, "pubmed:1")
    assert facts["design"]["evidence"].startswith("judged by hand on 20")
    assert facts["design"]["evidence"].endswith(": read it")
    judged = [(one["judged"], one["value"]) for one in document(litwatch, doubtful)["judgements"]]
    assert judged == [("design", "observational"), ("participants", "40")]
    assert "judged: pubmed:1 has the design observational (20" in litwatch("show", "W1", "--config", doubtful).out
    litwatch("judge", "W1", "--participants", "not-stated", "--config", doubtful)
    assert document(litwatch, doubtful)["facts"]["participants"] is None
    undone = [litwatch("judge", "W1", "--undo", "--config", doubtful).out for _ in range(3)]
    assert undone[1].endswith("W1: participants 40 → not stated\n")
    assert document(litwatch, doubtful)["facts"]["design"] is None


def test_facts_by_hand_survive(litwatch: Litwatch, doubtful: Path) -> None:
    """They hold when the record changes, and when everything is concluded anew."""
    litwatch("judge", "W2", "--design", "rct", "--not-relevant", "--config", doubtful)
    with writing(doubtful.parent / "litwatch.db") as store:
        subject = load(doubtful, {}, doubtful.parent).subject
        advance(store, replace(TWO[1], publication_types=("Review",)), subject=subject)
    assert litwatch("rebuild", "--config", doubtful).out == "3 works, nothing changed\n"
    shown = document(litwatch, doubtful, "W2")
    assert (shown["tier"], shown["design"], shown["verdict"]["excluded_by"]) == ("out", "rct", "judged not relevant")


def test_relevance(litwatch: Litwatch, doubtful: Path) -> None:
    """What is judged not relevant is out, by that rule; what is judged relevant is in, and that is a reason."""
    assert litwatch("judge", "W1", "--not-relevant", "--config", doubtful).out == "W1: core → out\n"
    listed = litwatch("list", "--json", "--tier", "out", "--config", doubtful).document
    assert [one["id"] for one in listed] == ["W1"]
    result = litwatch("judge", "1", "--relevant", "--note", "it is", "--config", doubtful)
    assert result.out == "W1: out → core\n"
    verdict = document(litwatch, doubtful)["verdict"]
    assert verdict["excluded_by"] is None
    assert verdict["reasons"][-1]["field"] == "judgement"
    assert verdict["reasons"][-1]["term"].endswith(": it is")
    again = litwatch("judge", "W1", "--relevant", "--config", doubtful)
    assert again.out == "no change: W1 is one work\n"


def test_better_rules(litwatch: Litwatch, doubtful: Path) -> None:
    """After an update a rebuild says what is new in the rules, and of each work what that changed."""
    with closing(sqlite3.connect(doubtful.parent / "litwatch.db")) as db:  # as an earlier version would have left it
        db.execute("UPDATE verdicts SET rules = 'subject 00000000, screening 1, appraisal 1'")
        db.execute("UPDATE works SET facts = json_set(facts, '$.design', json(?)) WHERE id = 1", [WRONG])
        db.commit()
    out = litwatch("rebuild", "--config", doubtful).out.splitlines()
    assert out[:2] == ["3 works", "new rules: the subject profile was changed"]
    assert any(line.startswith("new rules: appraisal 2: ") for line in out)
    assert out[-1] == "designs: 1 (W1: survey → not stated)"
    assert litwatch("rebuild", "--config", doubtful).out == "3 works, nothing changed\n"


WRONG = json.dumps({"value": "survey", "evidence": "made up", "field": "title", "record": "pubmed:1"})


# --- what readers hear of it ------------------------------------------------------------------------


def test_our_mistake_is_told(litwatch: Litwatch, doubtful: Path) -> None:
    """Who was shown a study is told what was wrong of it, once; what is only said in addition is no mistake."""
    config = load(doubtful, {}, doubtful.parent)
    publish_now(config, config.digests[0], NOW)  # the first issue counts all as told, and shows none
    late = record("pubmed:7", title="Acupuncture in multiple sclerosis: a made-up randomised controlled trial")
    with writing(config.database) as store:
        advance(store, late, now=NOW + timedelta(days=1), subject=config.subject)
    publish_now(config, config.digests[0], NOW + timedelta(days=2))
    [shown], _ = issue(config, 2)
    for work, *said in ((shown, "--participants", "12"), (shown, "--design", "survey"), ("W1", "--not-relevant")):
        litwatch("judge", work, *said, "--config", doubtful)
    publish_now(config, config.digests[0], NOW + timedelta(days=3))
    assert issue(config, 3) == ([], [shown])
    with reading(config.database) as store:
        text = " ".join(store.told.printed("weekly", 3, "text").split())
    assert "Our mistake" in text
    assert "kind of study: randomised controlled trial → survey" in text
    assert "It stood in issue 2" in text
    litwatch("judge", shown, "--not-relevant", "--config", doubtful)
    publish_now(config, config.digests[0], NOW + timedelta(days=4))
    assert issue(config, 4) == ([], [shown])
    publish_now(config, config.digests[0], NOW + timedelta(days=5))
    assert issue(config, 5) == ([], [])


def test_a_source_changes_its_mind(litwatch: Litwatch, doubtful: Path) -> None:
    """What is otherwise because a record changed is no mistake of ours."""
    config = load(doubtful, {}, doubtful.parent)
    publish_now(config, config.digests[0], NOW)
    late = record("pubmed:7", title="Acupuncture in multiple sclerosis: a made-up randomised controlled trial")
    with writing(config.database) as store:
        advance(store, late, now=NOW + timedelta(days=1), subject=config.subject)
    publish_now(config, config.digests[0], NOW + timedelta(days=2))
    with writing(config.database) as store:
        changed = replace(late, publication_types=("Observational Study",), title="Acupuncture in multiple sclerosis")
        advance(store, changed, now=NOW + timedelta(days=3), subject=config.subject)
    publish_now(config, config.digests[0], NOW + timedelta(days=4))
    assert issue(config, 3) == ([], [])


def issue(config: Config, number: int) -> tuple[list[str], list[str]]:
    """The works that an issue tells as new, and those it corrects."""
    with reading(config.database) as store:
        document = json.loads(store.told.printed("weekly", number, "json"))
    return [one["id"] for one in document["items"]], [one["work"] for one in document["corrections"]]


def test_nothing_is_told_twice(litwatch: Litwatch, doubtful: Path) -> None:
    """After works that were told were joined and parted by hand, no digest tells anything of it."""
    config = load(doubtful, {}, doubtful.parent)
    with writing(config.database) as store:
        gone = replace(TWO[1], publication_types=("Retracted Publication",))
        advance(store, gone, subject=config.subject)
    publish_now(config, config.digests[0], NOW)
    commands = (
        ["pubmed:1", "--same-as", "pubmed:2"],
        ["pubmed:3", "--not-same-as", "zentralblatt:3"],
        ["pubmed:1", "--undo"],
        ["pubmed:3", "--undo"],
    )
    for number, command in enumerate(commands, 2):
        assert "no change" not in litwatch("judge", *command, "--config", doubtful).out
        publish_now(config, config.digests[0], NOW + timedelta(days=number))
        assert issue(config, number) == ([], [])


def test_a_part_that_came_later_is_told(litwatch: Litwatch, doubtful: Path) -> None:
    """What was taken for a work that was told, and is parted from it by hand, is new to readers."""
    config = load(doubtful, {}, doubtful.parent)
    publish_now(config, config.digests[0], NOW)
    with writing(config.database) as store:
        late = replace(TWO[1], source="zentralblatt")
        advance(store, late, now=NOW + timedelta(days=1), subject=config.subject)
    publish_now(config, config.digests[0], NOW + timedelta(days=2))
    assert issue(config, 2) == ([], [])
    for other in ("pubmed:1", "pubmed:2"):
        litwatch("judge", late.key, "--not-same-as", other, "--config", doubtful)
    publish_now(config, config.digests[0], NOW + timedelta(days=3))
    [told], corrections = issue(config, 3)
    assert works(litwatch, doubtful)[told] == {late.key}
    assert corrections == []
