"""Grouping: the same, linked, kept apart."""

from collections.abc import Sequence
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.match import Grouping, group, keys
from pipeline.match.pairs import veto
from pipeline.match.signature import Signature
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Relationship
from tests.match.records import TITLE, pointing, record

OTHER = "Moxibustion and bladder function after spinal injury: an invented cohort"
PREPRINT: dict[str, Any] = {"publication_types": ("Preprint",)}
RETRACTION: dict[str, Any] = {"publication_types": ("Retraction of Publication",)}


def works(*records: Record) -> set[frozenset[str]]:
    """The works that the records form."""
    return {frozenset(work) for work in group(records).works}


def links(grouping: Grouping) -> list[tuple[str, str, Relationship]]:
    """Who is linked to whom, and how."""
    return [(link.a, link.b, link.relationship) for link in grouping.links]


def together(*records: Record) -> bool:
    """Whether all the records are one work."""
    return len(works(*records)) == 1


@pytest.mark.parametrize(
    "shared",
    [{"pmid": "123"}, {"doi": "10.5555/a"}, {"pmcid": "PMC9"}, {"preprint_id": "PPR7"}],
    ids=lambda shared: next(iter(shared)),
)
def test_identifier(shared: dict[str, Any]) -> None:
    """One common identifier makes one work, and the reason names it and the record it points to."""
    found = group([record("pubmed:1", **shared), record("feed:x", author="", year=None, **shared)])
    assert found.works == (("feed:x", "pubmed:1"),)
    (value,) = shared.values()
    assert value in found.joins["pubmed:1"]
    assert found.joins["pubmed:1"].endswith("as feed:x")
    assert list(found.joins) == ["pubmed:1"]


@pytest.mark.parametrize("ending", ["", "/full", ".pdf", "/abstract?from=made-up", "/"])
def test_doi_in_address(ending: str) -> None:
    """A copy of an article whose DOI stands only in its address is that article, on whatever domain."""
    copy = record("import:1", author="", year=None, url=f"https://mirror.example.org/doi/10.5555/a.b{ending}")
    assert together(record("pubmed:1", doi="10.5555/a.b"), copy)
    assert not together(record("pubmed:1", doi="10.5555/a"), copy)


def test_title() -> None:
    """Without a common identifier, exact title, first author and year make one work, whatever the typography."""
    assert together(record("a:1"), record("b:1", title=f"[{TITLE.upper()}].", author="ROSSI"))


@pytest.mark.parametrize(
    ("change", "uncertain"),
    [
        ({"title": OTHER}, False),
        ({"author": "Bianchi"}, False),
        ({"author": ""}, True),
        ({"year": 2023}, True),
        ({"year": None}, True),
    ],
    ids=str,
)
def test_title_is_not_enough(change: dict[str, Any], uncertain: bool) -> None:
    """Another title or author, or a year that does not agree, keeps thin records apart; doubtful ones are listed."""
    found = group([record("a:1"), record("b:1", **change)])
    assert len(found.works) == 2
    assert [(pair.a, pair.b) for pair in found.uncertain] == ([("a:1", "b:1")] if uncertain else [])


def test_short_title() -> None:
    """A title that says next to nothing identifies nothing."""
    assert not together(record("a:1", title="Acupuncture in MS"), record("b:1", title="Acupuncture in MS"))


@pytest.mark.parametrize("name", ["pmid", "doi", "pmcid"])
def test_different_identifiers(name: str) -> None:
    """Two values of one identifier are two publications, however alike the rest is."""
    pairs: dict[str, Any] = {"pmid": ("1", "2"), "doi": ("10.5555/a", "10.5555/b"), "pmcid": ("PMC1", "PMC2")}
    one, other = pairs[name]
    assert not together(record("a:1", **{name: one}), record("b:1", **{name: other}))


def test_same_pmid_two_dois() -> None:
    """A common PMID outweighs a DOI that one source has not corrected yet."""
    assert together(record("pubmed:1", pmid="1", doi="10.5555/a"), record("europepmc:MED:1", pmid="1", doi="10.5555/b"))


def test_thin_record_chains_nothing() -> None:
    """A record without identifiers goes with one of two publications and never makes them one."""
    one, other = record("a:1", doi="10.5555/a"), record("b:1", doi="10.5555/b")
    assert works(one, other, record("feed:x")) == {frozenset({"a:1", "feed:x"}), frozenset({"b:1"})}


def test_book_of_abstracts() -> None:
    """Congress abstracts that carry the book's DOI stay apart; a translated or cut title does not split a work."""
    one = record("a:1", doi="10.5555/book")
    assert not together(one, record("b:1", title=OTHER, author="Bianchi", doi="10.5555/book"))
    assert together(one, record("b:1", title=OTHER, doi="10.5555/book"))
    assert together(one, record("b:1", title="针刺治疗多发性硬化 患者疲劳 研究", author="", doi="10.5555/book"))
    assert together(one, record("b:1", title="Acupuncture for fatigue", author="", doi="10.5555/book"))
    assert together(one, record("b:1", title="Abstracts", author="", doi="10.5555/book"))


@pytest.mark.parametrize(
    ("article", "preprint"),
    [
        ({}, pointing(RelationKind.PREPRINT_OF, pmid="1")),
        (pointing(RelationKind.HAS_PREPRINT, doi="10.5555/pre"), {}),
        ({}, pointing(RelationKind.UPDATE_IN, pmid="1")),
        (pointing(RelationKind.UPDATE_OF, preprint_id="PPR1"), {}),
    ],
    ids=["preprint of", "has preprint", "update in", "update of"],
)
def test_preprint(article: dict[str, Any], preprint: dict[str, Any]) -> None:
    """A preprint and its article are linked, never merged; the article comes first, whoever states it."""
    found = group(
        [
            record("pubmed:1", title=OTHER, pmid="1", doi="10.5555/art", **article),
            record("europepmc:PPR1", doi="10.5555/pre", preprint_id="PPR1", **PREPRINT, **preprint),
        ]
    )
    assert links(found) == [("pubmed:1", "europepmc:PPR1", Relationship.PREPRINT)]
    assert len(found.works) == 2


def test_preprint_by_title() -> None:
    """The same title and first author, in whatever year, link preprint and article that name no one."""
    found = group([record("feed:x", year=2025), record("europepmc:PPR1", **PREPRINT)])
    assert links(found) == [("feed:x", "europepmc:PPR1", Relationship.PREPRINT)]
    assert len(found.works) == 2


def test_preprint_in_feed() -> None:
    """A feed that does not call its item a preprint still gives the preprint's DOI."""
    stated = record("europepmc:PPR1", doi="10.5555/pre", **PREPRINT)
    assert together(stated, record("feed:x", doi="10.5555/pre"))
    bare = record("feed:x", doi="10.1101/2024.01.02.23300497")
    assert links(group([bare, record("pubmed:1", pmid="1")])) == [("pubmed:1", "feed:x", Relationship.PREPRINT)]


def test_cochrane_update() -> None:
    """Two editions of a review are linked as an update, the newer first."""
    new = record("pubmed:2", pmid="2", doi="10.5555/r.pub2", **pointing(RelationKind.UPDATE_OF, pmid="1"))
    old = record("pubmed:1", pmid="1", doi="10.5555/r", **pointing(RelationKind.UPDATE_IN, pmid="2"))
    assert links(group([old, new])) == [("pubmed:2", "pubmed:1", Relationship.UPDATE)]


@pytest.mark.parametrize(
    ("of", "into", "relationship"),
    [
        (RelationKind.RETRACTION_OF, RelationKind.RETRACTION_IN, Relationship.RETRACTION_NOTICE),
        (RelationKind.ERRATUM_FOR, RelationKind.ERRATUM_IN, Relationship.ERRATUM),
        (RelationKind.CONCERN_FOR, RelationKind.CONCERN_IN, Relationship.CONCERN),
        (RelationKind.COMMENT_ON, RelationKind.COMMENT_IN, Relationship.COMMENT),
        (RelationKind.REPUBLISHED_FROM, RelationKind.REPUBLISHED_IN, Relationship.REPUBLICATION),
    ],
)
def test_notice(of: RelationKind, into: RelationKind, relationship: Relationship) -> None:
    """What is about an article is linked to it, once, from either side, and never merged into it."""
    article, about = record("pubmed:1", pmid="1"), record("pubmed:2", doi="10.5555/n")
    expected = [("pubmed:2", "pubmed:1", relationship)]
    pointing_back = record("pubmed:1", pmid="1", **pointing(into, doi="10.5555/n"))
    pointing_at = record("pubmed:2", doi="10.5555/n", **pointing(of, pmid="1"))
    for found in (group([article, pointing_at]), group([pointing_back, about]), group([pointing_back, pointing_at])):
        assert links(found) == expected
        assert len(found.works) == 2


def test_notice_with_the_articles_doi() -> None:
    """A notice that carries its article's DOI and title is still not the article."""
    article = record("pubmed:1", pmid="1", doi="10.5555/a")
    assert not together(article, record("feed:x", doi="10.5555/a", **RETRACTION))
    assert not together(article, record("feed:x", title=f"Correction to: {TITLE}", doi="10.5555/a"))
    assert not together(article, record("feed:x", title="Erratum", author="", doi="10.5555/a"))


def test_two_copies_of_a_notice() -> None:
    """A notice that two sources hold is one work, also where one shows it by its title alone."""
    stated = record("pubmed:2", title=f"Retraction: {TITLE}", doi="10.5555/n", **RETRACTION)
    assert together(stated, record("feed:x", title=f"Retraction Note: {TITLE}", doi="10.5555/n"))


def test_marked_article() -> None:
    """A title marked as retracted is the article's, and so is one that merely begins with a notice's word."""
    assert together(record("a:1"), record("b:1", title=f"RETRACTED ARTICLE: {TITLE}"))
    corrected = "Correction of gait with dry needling: an invented report"
    assert together(record("a:1", title=corrected, doi="10.5555/a"), record("b:1", title=corrected))


def test_registration() -> None:
    """A registration is linked to the articles that state its number, and merged with its own copies only."""
    kind: dict[str, Any] = {"publication_types": ("Clinical Trial Registration",), "registrations": ("NCT01234567",)}
    found = group(
        [
            record("import:1", **kind),
            record("import:2", title=OTHER, **kind),
            record("pubmed:1", pmid="1", registrations=("ISRCTN12345678", "NCT01234567")),
            record("pubmed:2", pmid="2", title=OTHER, **RETRACTION, registrations=("NCT01234567",)),
        ]
    )
    assert found.works == (("import:1", "import:2"), ("pubmed:1",), ("pubmed:2",))
    assert links(found) == [("pubmed:1", "import:1", Relationship.REGISTRATION)]
    assert found.joins == {"import:2": "same trial number NCT01234567 as import:1"}


def test_pointer_at_itself() -> None:
    """A record that points at itself or at nothing known links nothing."""
    odd = record("pubmed:1", pmid="1", **pointing(RelationKind.UPDATE_OF, pmid="1"))
    assert links(group([odd, record("europepmc:1", pmid="1", doi="10.5555/a")])) == []
    assert together(odd, record("europepmc:1", pmid="1", doi="10.5555/a"))


def test_keys() -> None:
    """A record is found by its identifiers, its targets', its trial numbers, and several parts of its description."""
    found = keys(
        record(
            "pubmed:1",
            pmid="1",
            doi="10.5555/a",
            pmcid="PMC1",
            preprint_id="PPR1",
            registrations=("NCT01234567",),
            relations=(
                Relation(RelationKind.ERRATUM_IN, "ErratumIn", pmid="2", doi="10.5555/e"),
                Relation(RelationKind.OTHER, "Cites", pmid="3"),
            ),
        )
    )
    described = {
        "title:acupuncturefatiguemultipl",
        "end:ltiplesclerosimadeuptrial",
        "author-year-word:rossi|2024|acupunct",
    }
    stated = {"pmid:1", "doi:10.5555/a", "pmcid:PMC1", "ppr:PPR1", "pmid:2", "doi:10.5555/e", "reg:NCT01234567"}
    assert found == stated | described
    assert keys(Record("feed", "x", "Multiple sclerosis", authors=(Author("Rossi"),))) == frozenset()


@pytest.mark.parametrize("author", [Author(collective="The Rossi Group"), Author(family="Rössi")], ids=str)
def test_author_spelling(author: Author) -> None:
    """A group's name stands for a family name, and accents do not part two spellings."""
    plain = Author(collective="the rossi group") if author.collective else Author(family="Rossi")
    one, other = (
        Record(source, "1", TITLE, authors=(name,), published=PartialDate(2024))
        for source, name in (("a", author), ("b", plain))
    )
    assert together(one, other)


TITLES = st.sampled_from([TITLE, OTHER, f"Erratum: {TITLE}", f"RETRACTED: {TITLE}"])
RELATIONS = st.builds(
    Relation,
    kind=st.sampled_from(RelationKind),
    stated=st.just("stated"),
    pmid=st.sampled_from(["", "1", "2", "3"]),
    doi=st.sampled_from(["", "10.5555/1", "10.5555/2"]),
)
RECORDS = st.builds(
    Record,
    source=st.sampled_from(["pubmed", "europepmc", "feed"]),
    source_id=st.integers(0, 9).map(str),
    title=TITLES,
    authors=st.sampled_from([(), (Author("Rossi"),), (Author("Bianchi"),)]),
    published=st.sampled_from([None, PartialDate(2024), PartialDate(2025)]),
    doi=st.sampled_from(["", "10.5555/1", "10.5555/2"]),
    pmid=st.sampled_from(["", "1", "2", "3"]),
    registrations=st.sampled_from([(), ("NCT01234567",)]),
    publication_types=st.sampled_from([(), ("Preprint",), ("Published Erratum",), ("Clinical Trial Registration",)]),
    relations=st.lists(RELATIONS, max_size=2).map(tuple),
)
NEIGHBOURHOODS = st.lists(RECORDS, max_size=8, unique_by=lambda found: found.key)


@given(NEIGHBOURHOODS, st.randoms())
def test_order(records: list[Record], random: Random) -> None:
    """The order in which records come changes nothing at all."""
    shuffled = list(records)
    random.shuffle(shuffled)
    assert group(shuffled) == group(records)


@given(NEIGHBOURHOODS)
def test_partition(records: Sequence[Record]) -> None:
    """Every record is in exactly one work, no work holds two that veto each other, and no link stays inside a work."""
    found = group(records)
    known = {item.key: item for item in records}
    home = {key: work for work in found.works for key in work}
    assert sorted(key for work in found.works for key in work) == sorted(known)
    assert not any(
        veto(Signature.of(known[a]), Signature.of(known[b])) for work in found.works for a, b in combinations(work, 2)
    )
    assert all(home[link.a] != home[link.b] for link in found.links)
    assert set(found.joins) == {key for work in found.works for key in work[1:]}


@given(NEIGHBOURHOODS)
def test_again(records: Sequence[Record]) -> None:
    """The records of one work form the same work when grouped alone, for the same reasons."""
    found = group(records)
    known = {item.key: item for item in records}
    for work in found.works:
        alone = group([known[key] for key in work])
        assert alone.works == (work,)
        assert alone.joins == {key: found.joins[key] for key in work if key in found.joins}


@given(NEIGHBOURHOODS)
def test_neighbours_share_keys(records: Sequence[Record]) -> None:
    """Whatever is joined or linked is found through a common key, so that looking up candidates misses nothing."""
    found = group(records)
    known = {item.key: keys(item) for item in records}
    assert all(known[link.a] & known[link.b] for link in found.links)
    assert all(known[key] & known[reason.rsplit(" as ", 1)[1]] for key, reason in found.joins.items())
