"""What people ask of the store, in any words they may use."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.errors import NotFound
from pipeline.model import Design, RelationKind, Section, Tier
from pipeline.proof import Coverage, Status
from pipeline.store import Store
from pipeline.store.catalogue import Filter, states
from tests.match.records import TITLE, pointing, record
from tests.store.keeping import NOW, Origin, advance, memory_store

DAY = timedelta(days=1)
ALL = Filter(tiers=tuple(Tier))
TRIAL = record(
    "pubmed:1",
    pmid="40000001",
    doi="10.5555/trial.1",
    pmcid="PMC7000001",
    registrations=("NCT01234567",),
    publication_types=("Randomized Controlled Trial",),
    abstract="Fatigue fell. The Modified Fatigue Impact Scale was the primary outcome.",
    keywords=("électroacupuncture",),
)
COPY = replace(TRIAL, source="europepmc", source_id="c", doi="10.5555/other-doi", journal="Zeitschrift für Müdigkeit")
REVIEW = record(
    "pubmed:2",
    title="Acupuncture in multiple sclerosis: a made-up narrative review",
    author="Ørsted",
    pmid="2",
    publication_types=("Review", "Retracted Publication"),
    **pointing(RelationKind.COMMENT_ON, pmid="40000001"),
)
STRANGER = record("feed:x:3", title="Diet and the gut: a made-up survey", author="Li", pmcid="PMC2")


pytestmark = pytest.mark.xdist_group("catalogue")  # what they share is made once


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """A trial known from two sources, a retracted review of it, found a day later, and something else."""
    with memory_store() as store:
        advance(store, TRIAL)
        advance(store, COPY, REVIEW, STRANGER, now=NOW + DAY)
        yield store


def found(store: Store, query: str, wanted: Filter = ALL) -> set[str]:
    """The first record of each work that a search finds."""
    return {work.records[-1] for work in store.catalogue.search(query, wanted)}


@pytest.mark.parametrize(
    "identifier",
    [
        *("W1", "w1", " W1 "),
        *("10.5555/trial.1", "10.5555/TRIAL.1", "https://doi.org/10.5555/Trial.1", "doi:10.5555/trial.1"),
        *("10.5555/other-doi", "40000001", "PMID: 40000001", "PMC7000001", "pmc7000001", "NCT01234567", "nct 01234567"),
    ],
)
def test_find(store: Store, identifier: str) -> None:
    """A work is found by its number and by every identifier of any of its records, however it is written."""
    assert store.catalogue.find(identifier).records == ("europepmc:c", "pubmed:1")


def test_find_own(store: Store) -> None:
    """An identifier finds the work that bears it, not one that points at it; a bare number is a PMID."""
    assert store.catalogue.find("2").records == ("pubmed:2",)
    assert store.catalogue.find("PMC2").records == ("feed:x:3",)


@pytest.mark.parametrize(
    "identifier",
    ["", "W", "W0", "W99", "W" + "9" * 5000, "9" * 30, "10.5555/none", "NCT99999999", "it's", "\0", "\ud800", "٣"],
)
def test_not_found(store: Store, identifier: str) -> None:
    """What is not there is told in one short printable sentence that says what may be asked for."""
    with pytest.raises(
        NotFound, match=r"not in the store; give a work id \(W12\), a DOI, PMID, PMCID, preprint id, trial"
    ) as told:
        store.catalogue.find(identifier)
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 200


def test_find_preprint() -> None:
    """A preprint is found by the id that Europe PMC gave it; the article that points at it is not taken for it."""
    preprint = record("europepmc:PPR:PPR7", doi="10.5555/p", preprint_id="PPR7", publication_types=("Preprint",))
    article = record("pubmed:8", pmid="8", **pointing(RelationKind.HAS_PREPRINT, preprint_id="PPR7"))
    with memory_store() as store:
        advance(store, preprint, article)
        assert store.catalogue.find("ppr7").records == ("europepmc:PPR:PPR7",)


def test_find_merged(store: Store) -> None:
    """The number of a work that was merged away finds the work that took its records."""
    with memory_store() as other:
        advance(other, TRIAL)
        advance(other, replace(REVIEW, relations=()))
        advance(other, replace(REVIEW, title=TITLE, pmid=TRIAL.pmid))
        assert other.catalogue.find("W2").id == 1


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("acupuncture sclerosis", {"pubmed:1", "pubmed:2"}),
        ("ACUPUNCTURE fatigue", {"pubmed:1"}),
        ("acupuncture gut", set()),
        ("electroacupuncture", {"pubmed:1"}),
        ("mudigkeit", {"pubmed:1"}),
        ("Müdigkeit", {"pubmed:1"}),
        ("rossi", {"pubmed:1"}),
        ("sclero*", {"pubmed:1", "pubmed:2"}),
        ("sclero", set()),
        ("made-up", {"pubmed:1", "pubmed:2", "feed:x:3"}),
        ("title:acupuncture", set()),
        ("acupuncture NOT fatigue", set()),
        ("acupuncture OR gut", set()),
        ("acupuncture -- narrative", {"pubmed:2"}),
        ("", set()),
        ("*", set()),
        ('"', set()),
    ],
)
def test_search(store: Store, query: str, keys: set[str]) -> None:
    """Works that hold every word, in any case and accents or not; ``*`` is any ending, nothing else is special."""
    assert found(store, query) == keys


hostile = st.lists(
    st.sampled_from(
        ['"', "'", "AND", "OR", "NOT", "NEAR(", "NEAR(a b, 2)", "*", "^", "-", "(", ")", ":", "+", "{a}", ",", "a"]
    )
    | st.text(st.characters(), max_size=5),
    max_size=8,
).flatmap(lambda parts: st.sampled_from(["", " "]).map(lambda glue: glue.join(parts)))


@given(query=hostile)
@example(query="\0")
@example(query="\ud800 acupuncture")
@example(query="acupuncture " * 1000)
def test_search_anything(store: Store, query: str) -> None:
    """Whatever is asked for, the answer is works, or none."""
    assert found(store, query) <= {"pubmed:1", "pubmed:2", "feed:x:3"}


def test_best_first(store: Store) -> None:
    """What speaks of a word most comes first."""
    with memory_store() as other:
        advance(other, replace(TRIAL, abstract=(Section("Long " * 50),)))
        advance(
            other, replace(REVIEW, title=TITLE + " acupuncture acupuncture", pmid="77", doi="10.5555/77", relations=())
        )
        assert [work.id for work in other.catalogue.search("acupuncture", ALL)] == [2, 1]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (Filter(), {"pubmed:1", "pubmed:2"}),
        (ALL, {"pubmed:1", "pubmed:2", "feed:x:3"}),
        (Filter(tiers=(Tier.OUT,)), {"feed:x:3"}),
        (Filter(designs=(Design.RCT, Design.GUIDELINE)), {"pubmed:1"}),
        (Filter(outcomes=("fatigue", "sleep")), {"pubmed:1"}),
        (Filter(outcomes=("sleep",)), set()),
        (Filter(since=NOW.date()), {"pubmed:1", "pubmed:2"}),
        (Filter(since=date(2026, 11, 3)), {"pubmed:2"}),
        (Filter(status="retracted"), {"pubmed:2"}),
        (Filter(status="preprint"), set()),
        (Filter(designs=(Design.RCT,), status="retracted"), set()),
    ],
)
def test_filter(store: Store, wanted: Filter, keys: set[str]) -> None:
    """Every part of a filter must agree, in lists and in searches alike."""
    assert {work.records[-1] for work in store.catalogue.works(wanted)} == keys
    assert found(store, "made-up", wanted) == keys


def test_states(store: Store) -> None:
    """A work's standing is named; one without blemish has nothing to name."""
    assert states(store.catalogue.find("2")) == ("retracted",)
    assert states(store.catalogue.find("W1")) == ()


def test_dossier(store: Store) -> None:
    """Behind a work stand its records as their sources gave them, why they were joined, and its links."""
    dossier = store.catalogue.dossier(store.catalogue.find("W1"))
    assert [(one.record, one.label, one.joined_by) for one in dossier.evidence] == [
        (COPY, "Europepmc", ""),
        (TRIAL, "Pubmed", "same PMID 40000001 as europepmc:c"),
    ]
    assert [(one.first_seen, one.last_seen, one.missing_since) for one in dossier.evidence] == [
        (NOW + DAY, NOW + DAY, None),
        (NOW, NOW, None),
    ]
    review = store.catalogue.find("2")
    assert dossier.study.works == (dossier.work,)
    [link] = dossier.links
    assert (link["from_work"], link["to_work"], link["relationship"]) == (review.name, "W1", "comment")
    assert store.catalogue.dossier(review).links == dossier.links


def test_counts(store: Store) -> None:
    """How much there is, works that were merged away not counted."""
    counts = store.catalogue.counts()
    assert counts == {"records": 4, "core": 2, "related": 0, "screened_out": 1, "quarantined": 0, "issues": 0}


def test_last_run() -> None:
    """A store in which nothing ran yet says so."""
    with memory_store() as store:
        assert store.catalogue.last_run() is None


def test_failures_in_a_row() -> None:
    """Failures are counted from the last complete harvest on, for each source on its own."""
    with memory_store() as store:
        seen = []
        for status in (Status.FAILED, Status.COMPLETE, Status.INCOMPLETE, Status.FAILED):
            run = store.statements.begin_run(NOW, "0")
            store.statements.keep_statement(run, Origin(), Coverage("pubmed", "PubMed", NOW, status), None)
            seen.append(store.catalogue.failures_in_a_row("pubmed"))
        assert seen == [1, 0, 1, 2]
        assert store.catalogue.failures_in_a_row("europepmc") == 0


def test_dangling(store: Store) -> None:
    """A reference that leads nowhere is damage."""
    with memory_store() as other:
        assert other.catalogue.damage() == ""
        with other.atomic() as db:
            db.execute("PRAGMA defer_foreign_keys = ON")
            db.execute("INSERT INTO record_keys (key, record) VALUES ('pmid:1', 99)")
            assert other.catalogue.damage() == "record_keys row None points at a missing records"
            db.execute("DELETE FROM record_keys")
