"""Works, studies, links and events: the same in whatever order the records came, and told once."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import EventKind, Record, Relation, RelationKind, Study, Tier
from pipeline.rules import in_force
from pipeline.screen.subject import Concept, Subject
from pipeline.store import Store
from pipeline.store.catalogue import Filter
from pipeline.store.database import open_to_write
from tests.match.records import TITLE, pointing, record
from tests.store.keeping import NOW, SUBJECT, advance, memory_store

DAY = timedelta(days=1)
ALL = Filter(tiers=tuple(Tier))
OTHER = "Acupuncture for bladder problems in multiple sclerosis: a made-up cohort"
SHIATSU = Subject("Shiatsu", "Shiatsu", (Concept(name="shiatsu", mesh=(), search=("shiatsu",), terms=("shiatsu",)),))

ARTICLE = record("pubmed:1", pmid="1", doi="10.5555/article")
PREPRINT = record("europepmc:P", doi="10.5555/preprint", publication_types=("Preprint",), year=2023)
NOTICE = record(
    "pubmed:9",
    title="Retraction: Acupuncture for fatigue in multiple sclerosis",
    pmid="9",
    publication_types=("Retraction of Publication",),
    **pointing(RelationKind.RETRACTION_OF, pmid="1"),
)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with memory_store() as store:
        yield store


def ids(store: Store) -> dict[str, int]:
    """The work each record is in."""
    return {key: work.id for work in store.catalogue.works(ALL) for key in work.records}


def events(store: Store) -> list[tuple[EventKind, int]]:
    """What was recorded, oldest first."""
    return [(event.kind, event.work) for event in store.told.events_since(NOW - DAY)]


# --- the order of arrival does not matter ------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """What readers see of a store, without the numbers that tell who came first."""

    works: frozenset[Any]
    studies: frozenset[Any]
    links: frozenset[Any]
    searchable: int


def state(store: Store) -> State:
    """Read a store through its catalogue."""
    works = list(store.catalogue.works(ALL))
    records = {work.id: work.records for work in works}
    links = {tuple(link.items())[:4] for work in works for link in store.catalogue.dossier(work).links}
    seen = {
        (work.records, work.verdict, replace(work.record, source_id=""), work.facts, work.first_seen) for work in works
    }
    studies = {frozenset(records[work.id] for work in study.works) for study in store.conclusions.studies().values()}
    found = list(store.catalogue.search("acupuncture", ALL))
    return State(frozenset(seen), frozenset(studies), frozenset(links), len(found))


def relations() -> st.SearchStrategy[tuple[Relation, ...]]:
    """Pointers at the few identifiers there are."""
    kinds = st.sampled_from([kind for kind in RelationKind if kind is not RelationKind.OTHER])
    by_pmid = st.builds(lambda kind, pmid: Relation(kind, kind.value, pmid=pmid), kinds, st.sampled_from("1234"))
    by_doi = st.builds(
        lambda kind, end: Relation(kind, kind.value, doi=f"10.5555/{end}"), kinds, st.sampled_from("abc")
    )
    return st.lists(by_pmid | by_doi, max_size=2).map(tuple)


@st.composite
def worlds(draw: st.DrawFn) -> list[Record]:
    """A few records that share identifiers, titles, trial numbers and pointers in any way."""
    count = draw(st.integers(2, 7))
    return [
        record(
            f"{draw(st.sampled_from(['pubmed', 'europepmc', 'feed:x']))}:{number}",
            title=draw(st.sampled_from([TITLE, OTHER, "A record about acupuncture and nothing else at all"])),
            author=draw(st.sampled_from(["Rossi", "Li", ""])),
            year=draw(st.sampled_from([2023, 2024, None])),
            pmid=draw(st.sampled_from(["", "1", "2", "3", "4"])),
            doi=draw(st.sampled_from(["", "10.5555/a", "10.5555/b", "10.5555/c"])),
            registrations=draw(st.sampled_from([(), ("NCT00000001",), ("NCT00000002",)])),
            publication_types=draw(
                st.sampled_from(
                    [("Journal Article",), ("Preprint",), ("Retraction of Publication",), ("Registration",)]
                )
            ),
            relations=draw(relations()),
        )
        for number in range(count)
    ]


def check_numbers(store: Store, before: dict[int, tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Check that no number changed hands: each old one still leads to a living work. The numbers now, as before."""
    live = {work.id: work for work in store.catalogue.works(ALL)}
    study_of = store.conclusions.study_of()
    for number in before:
        found = store.catalogue.find(f"W{number}")
        assert found.id in live
        assert study_of[number] == found.study
    assert set(live) - set(before) == {number for number in live if number > max(before, default=0)}
    assert all(
        work.study == min(other.id for other in live.values() if other.study == work.study) for work in live.values()
    )
    assert all(event.work in live for event in store.told.events_since(NOW - DAY))
    return {number: (number, "") for number in study_of}


@settings(max_examples=60)
@given(world=worlds(), earlier=worlds(), shuffle=st.randoms(use_true_random=False))
def test_any_order(world: list[Record], earlier: list[Record], shuffle: random.Random) -> None:
    """However records arrive, one by one, in batches, or in another version first, the end is that of one batch."""
    versions = [(other, one) for one, other in zip(world, earlier, strict=False)]
    first = [replace(other, source=one.source, source_id=one.source_id) for other, one in versions]
    arrivals = shuffle.sample(first, shuffle.randint(0, len(first))) + shuffle.sample(world, len(world))
    with memory_store() as at_once, memory_store() as step_by_step:
        advance(at_once, *world)
        numbers: dict[int, tuple[int, str]] = {}
        while arrivals:
            size = shuffle.randint(1, len(arrivals))
            batch, arrivals = arrivals[:size], arrivals[size:]
            advance(step_by_step, *batch)
            numbers = check_numbers(step_by_step, numbers)
        assert state(step_by_step) == state(at_once)
        assert step_by_step.conclusions.waiting(in_force(SUBJECT)) == ()


# --- numbers ---------------------------------------------------------------------------------------


def test_merge_redirects(store: Store) -> None:
    """When two works turn out to be one, the older number stays, the other leads there, and what was told follows."""
    apart = replace(ARTICLE, source="feed:x", pmid="", doi="", title=OTHER)
    advance(store, ARTICLE)
    advance(store, apart)
    assert ids(store) == {"pubmed:1": 1, "feed:x:1": 2}
    advance(store, replace(apart, pmid="1"))
    assert ids(store) == {"pubmed:1": 1, "feed:x:1": 1}
    assert store.catalogue.find("W2").id == 1
    assert events(store) == [(EventKind.NEW, 1), (EventKind.NEW, 1)]
    assert list(store.catalogue.search("bladder", ALL)) == []


def test_merged_work_follows_study(store: Store) -> None:
    """A number that was merged away belongs to the study of the work it leads to, also when that study changes."""
    advance(store, replace(PREPRINT, title="Acupuncture under another title"))
    advance(store, ARTICLE)
    advance(store, replace(ARTICLE, source="feed:x", pmid="", doi="", title=OTHER))
    advance(store, replace(ARTICLE, source="feed:x"))
    assert store.conclusions.study_of() == {1: 1, 2: 2, 3: 2}
    advance(store, replace(ARTICLE, **pointing(RelationKind.HAS_PREPRINT, doi=PREPRINT.doi)))
    assert store.conclusions.study_of() == {1: 1, 2: 1, 3: 1}


def test_merged_twice(store: Store) -> None:
    """A number merged into one that is merged in turn leads to the work that is left."""
    one, two, three = (record(f"pubmed:{n}", title=f"{TITLE} {n}", doi=f"10.5555/{n}") for n in "123")
    for each in (one, two, three, replace(three, doi=two.doi, title=two.title)):
        advance(store, each)
    advance(store, replace(two, doi=one.doi, title=one.title), replace(three, doi=one.doi, title=one.title))
    assert [store.catalogue.find(f"W{number}").id for number in (1, 2, 3)] == [1, 1, 1]


def test_leaving(store: Store) -> None:
    """A record whose identifiers change leaves its old work, which is drawn again without it, and gets a new number."""
    twin = replace(ARTICLE, source="europepmc", journal="Only Europe PMC names it")
    advance(store, twin)
    advance(store, ARTICLE, replace(ARTICLE, source="feed:x"), now=NOW + DAY)
    work = store.catalogue.find("W1")
    assert (work.record.journal, work.first_seen) == ("Only Europe PMC names it", NOW)
    advance(store, replace(twin, pmid="2", doi="10.5555/other", title=OTHER), now=NOW + 2 * DAY)
    assert ids(store) == {"pubmed:1": 1, "feed:x:1": 1, "europepmc:1": 2}
    work = store.catalogue.find("W1")
    assert (work.record.journal, work.first_seen) == ("", NOW + DAY)
    assert events(store) == [(EventKind.NEW, 1), (EventKind.NEW, 2)]


def test_number_never_used_again(store: Store) -> None:
    """The number of a work that was merged away is not given to another one."""
    advance(store, ARTICLE)
    advance(store, replace(PREPRINT, publication_types=(), title=OTHER))
    advance(store, replace(PREPRINT, publication_types=(), doi=ARTICLE.doi))
    advance(store, record("pubmed:7", title="Something else about acupuncture"))
    assert sorted(ids(store).values()) == [1, 1, 3]


# --- the neighbourhood --------------------------------------------------------------------------------


def test_neighbourhood(store: Store) -> None:
    """It holds what is one publication with a record, their versions and notices; a comment bears on neither."""
    copy = replace(ARTICLE, source="feed:x", pmid="")
    comment = record("pubmed:3", title=OTHER, pmid="3", **pointing(RelationKind.COMMENT_ON, pmid="1"))
    advance(store, ARTICLE, copy, NOTICE, PREPRINT, comment, record("pubmed:5", title="A stranger", pmid="5"))
    for start, expected in (
        (copy, {ARTICLE, copy, NOTICE, PREPRINT}),
        (NOTICE, {ARTICLE, copy, NOTICE, PREPRINT}),
        (comment, {comment}),
    ):
        with store.atomic() as db:
            db.execute("UPDATE records SET pending = (key = ?)", [start.key])
        found = store.conclusions.neighbourhood(store.conclusions.waiting(in_force(SUBJECT)), in_force(SUBJECT))
        assert {one.record for one in found} == expected
        assert [one.record for one in found if one.waiting] == [start]


def test_link_of_a_comment(store: Store) -> None:
    """A link between works that are told apart is there while a record states it."""
    comment = record("pubmed:3", title=OTHER, pmid="3", **pointing(RelationKind.COMMENT_ON, pmid="1"))
    advance(store, ARTICLE, replace(ARTICLE, source="feed:x"), comment)
    advance(store, replace(comment, source="feed:x"))
    article = store.catalogue.find("1")
    assert [link["relationship"] for link in store.catalogue.dossier(article).links] == ["comment"]
    advance(store, *(replace(comment, source=source, relations=()) for source in ("pubmed", "feed:x")))
    assert store.catalogue.dossier(article).links == ()


@pytest.mark.parametrize("changed", [replace(ARTICLE, pmid="5"), replace(NOTICE, relations=())])
def test_link_ends(store: Store, changed: Record) -> None:
    """When what a link rests on goes, at either end, the link goes, and so does what it proved."""
    advance(store, ARTICLE, NOTICE)
    assert store.catalogue.find(ARTICLE.doi).facts.retracted
    advance(store, changed)
    article = store.catalogue.find(ARTICLE.doi)
    assert article.facts.retracted is None
    assert store.catalogue.dossier(article).links == ()
    assert store.catalogue.dossier(store.catalogue.find("9")).links == ()


def test_notice_of_two(store: Store) -> None:
    """A notice of two articles that comes to speak of one only says nothing of the other any more."""
    other = record("pubmed:2", title=OTHER, pmid="2")
    relations = tuple(Relation(RelationKind.RETRACTION_OF, "RetractionOf", pmid=pmid) for pmid in "12")
    advance(store, ARTICLE, other, replace(NOTICE, relations=relations))
    assert len(store.conclusions.studies()) == 3
    assert [bool(store.catalogue.find(pmid).facts.retracted) for pmid in "12"] == [True, True]
    advance(store, NOTICE)
    assert [bool(store.catalogue.find(pmid).facts.retracted) for pmid in "12"] == [True, False]
    assert len(store.conclusions.studies()) == 2


def test_adding_costs_the_same(tmp_path: Path) -> None:
    """No statement that adds a record reads a whole table, so a large store costs what a small one does."""
    statements: list[str] = []
    with open_to_write(tmp_path / "litwatch.db") as db:
        store = Store(db)
        advance(store, ARTICLE, PREPRINT)
        advance(store, replace(ARTICLE, source="feed:x", title=OTHER, pmid="", doi=""))
        db.conn.set_trace_callback(statements.append)
        advance(store, NOTICE, replace(ARTICLE, source="feed:x"))
        db.conn.set_trace_callback(None)
        ours = [sql for sql in statements if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", sql)]
        steps = [row[3] for sql in ours for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    scans = {step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step}
    assert len(ours) > 30
    # The index holds what is pending and nothing else; a crowd is counted up to 52; the others have one row.
    allowed = {"SCAN records USING INDEX records_pending", "SCAN (subquery-1)", "SCAN sqlite_sequence"}
    assert scans <= {*allowed, "SCAN CONSTANT ROW"}


# --- screening again ------------------------------------------------------------------------------------


def test_other_subject(store: Store) -> None:
    """With another profile everything is screened again, once; numbers stay, nothing happened, all is still there."""
    advance(store, ARTICLE, PREPRINT)
    tiers = {work.verdict.tier for work in store.catalogue.works(ALL)}
    assert Tier.OUT not in tiers
    assert len(store.conclusions.waiting(in_force(SHIATSU))) == 2
    advance(store, subject=SHIATSU, now=NOW + DAY)
    assert store.conclusions.waiting(in_force(SHIATSU)) == ()
    assert {work.verdict.tier for work in store.catalogue.works(ALL)} == {Tier.OUT}
    assert store.conclusions.excluded_since(NOW) == {"concept missing: shiatsu": 2}
    assert store.conclusions.excluded_since(NOW + DAY) == {}
    advance(store)
    assert {work.verdict.tier for work in store.catalogue.works(ALL)} == tiers
    assert len([kind for kind, _ in events(store) if kind is EventKind.NEW]) == 1


def test_excluded_since_ever(store: Store) -> None:
    """The rules that kept records out are counted, most first."""
    advance(
        store, *(record(f"pubmed:{n}", title=f"Nothing {n}") for n in range(2)), record("pubmed:3", title="Acupuncture")
    )
    assert list(store.conclusions.excluded_since(None).items()) == [
        ("concept missing: acupuncture, multiple sclerosis", 2),
        ("concept missing: multiple sclerosis", 1),
    ]


def test_excluded_once(store: Store) -> None:
    """A record that changes and stays out for the same reason counts in the period in which it was put out."""
    stranger = record("pubmed:1", title="Nothing of the kind")
    advance(store, stranger)
    advance(store, replace(stranger, journal="It has a journal now"), now=NOW + DAY)
    assert store.conclusions.excluded_since(NOW) == {}
    advance(store, replace(stranger, title="Acupuncture"), now=NOW + 2 * DAY)
    assert store.conclusions.excluded_since(NOW) == {"concept missing: multiple sclerosis": 1}


# --- events -------------------------------------------------------------------------------------------


def kinds(store: Store) -> list[EventKind]:
    """The kinds of what was recorded, in the order of the alphabet."""
    return sorted(kind for kind, _ in events(store))


@pytest.mark.parametrize("order", list(permutations([ARTICLE, PREPRINT, NOTICE])))
def test_told_once(store: Store, order: Sequence[Record]) -> None:
    """A study is new once, its article retracted once, and its preprint published once if it came first."""
    for day, one in enumerate(order):
        advance(store, one, now=NOW + day * DAY)
    for day, one in enumerate(order, start=3):
        advance(store, replace(one, journal="Changed"), now=NOW + day * DAY)
    by_key = ids(store)
    published = (
        {(EventKind.PUBLISHED, by_key["europepmc:P"])} if order.index(PREPRINT) < order.index(ARTICLE) else set()
    )
    told = [(kind, work) for kind, work in events(store) if kind is not EventKind.NEW]
    assert sorted(told) == sorted({(EventKind.RETRACTED, by_key["pubmed:1"]), *published})
    assert kinds(store).count(EventKind.NEW) == 1
    assert len(store.conclusions.studies()) == 1


@pytest.mark.parametrize("batches", [[[ARTICLE], [NOTICE]], [[NOTICE], [ARTICLE]], [[ARTICLE, NOTICE]]])
def test_retraction_by_notice(store: Store, batches: list[list[Record]]) -> None:
    """A notice retracts its article whether it comes before, with or after it, and the study is new once."""
    for day, batch in enumerate(batches):
        advance(store, *batch, now=NOW + day * DAY)
    article = store.catalogue.find("1")
    assert article.facts.retracted
    assert (EventKind.RETRACTED, article.id) in events(store)
    assert kinds(store) == [EventKind.NEW, EventKind.RETRACTED]


def test_published_once(store: Store) -> None:
    """A preprint with two articles under its title is published once."""
    advance(store, PREPRINT)
    advance(store, ARTICLE, replace(ARTICLE, source_id="2", pmid="2", doi="10.5555/second"), now=NOW + DAY)
    assert kinds(store) == [EventKind.NEW, EventKind.PUBLISHED]


def test_no_news_of_strangers(store: Store) -> None:
    """What is not about the subject has no news; when a profile lets it in, it is new then."""
    advance(store, *(replace(one, title=f"{one.source_id} Diet", relations=()) for one in (ARTICLE, PREPRINT, NOTICE)))
    assert events(store) == []
    advance(store, ARTICLE, now=NOW + DAY)
    assert events(store) == [(EventKind.NEW, store.catalogue.find("1").id)]
    assert [event.at for event in store.told.events_since(NOW)] == [NOW + DAY]


def test_study(store: Store) -> None:
    """A study leads with its article, whichever work came first."""
    for one in (PREPRINT, NOTICE, ARTICLE):
        advance(store, one)
    study = store.conclusions.study(1)
    assert [work.records for work in study.works] == [("pubmed:1",), ("europepmc:P",), ("pubmed:9",)]
    assert store.conclusions.studies() == {1: study}
    assert isinstance(study, Study)
