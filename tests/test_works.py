"""From records to works, and what happened: pure, so told with records alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.match import group
from pipeline.model import Design, EventKind, Fact, Facts, Reason, Record, Relation, RelationKind, Tier, Verdict
from pipeline.works import Before, Conclusions, Happening, Held, Past, as_study, conclude, happenings
from pipeline.works import news as recorded
from tests.match.records import pointing, record

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
CORE, RELATED, OUT = (Verdict(tier) for tier in Tier)

ARTICLE = record("pubmed:1", pmid="1", doi="10.5555/article")
PREPRINT = record("europepmc:P", doi="10.5555/preprint", publication_types=("Preprint",), year=2023)
REGISTRATION = record(
    "europepmc:R",
    title="A made-up trial",
    author="",
    registrations=("NCT00000001",),
    publication_types=("Registration",),
)
RETRACTED = ("Journal Article", "Retracted Publication")


def held(one: Record, work: int | None = None, verdict: Verdict = CORE, label: str = "", days: int = 0) -> Held:
    """A record as the store gives it."""
    return Held(one, label or one.source, NOW + timedelta(days=days), verdict, work)


def concluded(*records: Held, next_id: int = 1) -> Conclusions:
    """What these records amount to."""
    return conclude(records, group([one.record for one in records]), next_id)


def news(conclusions: Conclusions, known: Iterable[Happening] = ()) -> list[Happening]:
    """Everything that happened."""
    known = frozenset(known)
    return [one for study, links in conclusions.studies for one in happenings(study, links, known, conclusions.notices)]


def test_one_work() -> None:
    """A work is seen since its first record was, names its sources once, and says why its records are one."""
    twin = replace(ARTICLE, source="europepmc")
    late, early = held(ARTICLE, label="PubMed", days=3), held(twin, label="Europe PMC")
    conclusions = concluded(late, early, next_id=7)
    [work] = conclusions.works
    assert (work.id, work.study, work.first_seen, work.sources) == (7, 7, NOW, ("Europe PMC", "PubMed"))
    assert (work.records, work.record.source_id) == (("europepmc:1", "pubmed:1"), "7")
    assert conclusions.reasons == {"pubmed:1": "same PMID 1 as europepmc:1"}
    assert (conclusions.links, conclusions.merged) == ((), {})


@pytest.mark.parametrize(("tiers", "best"), [((OUT, CORE), CORE), ((RELATED, OUT), RELATED), ((CORE, RELATED), CORE)])
def test_best_view_decides(tiers: tuple[Verdict, Verdict], best: Verdict) -> None:
    """The record that says most for a work decides its tier, whichever source it comes from."""
    views = [replace(ARTICLE, source=name) for name in ("feed:x", "pubmed")]
    found = concluded(*(held(view, verdict=verdict) for view, verdict in zip(views, tiers, strict=True)))
    assert [work.verdict for work in found.works] == [best]


def test_first_view_decides_a_tie() -> None:
    """Between equal tiers the first record by key gives the reasons, whatever order they are given in."""
    views = [
        held(replace(ARTICLE, source=name), verdict=Verdict(Tier.CORE, (Reason("c", name, "title"),)))
        for name in ("pubmed", "europepmc")
    ]
    assert concluded(*views).works[0].verdict == concluded(*reversed(views)).works[0].verdict == views[1].verdict


def test_numbers_go_on() -> None:
    """Works keep their numbers; new ones count on from the next free one, without a gap."""
    others = [record(f"feed:x:{n}", title=f"Another made-up title {n}") for n in range(3)]
    found = concluded(held(others[0], 4), held(others[1]), held(others[2]), next_id=9)
    assert [(work.id, work.study) for work in found.works] == [(4, 4), (9, 9), (10, 10)]


def test_merged() -> None:
    """A work without records was merged into the one that took them; if several did, into the oldest."""
    assert concluded(held(ARTICLE, 2), held(replace(ARTICLE, source="europepmc"), 5), next_id=9).merged == {5: 2}
    one, two = (record(f"feed:x:{n}", title=f"Another made-up title {n}", doi=f"10.5555/{n}") for n in "12")
    scattered = [held(replace(each, source="z"), 8) for each in (one, two)]
    for way in (scattered, scattered[::-1]):
        assert concluded(held(one, 3), held(two, 4), *way, next_id=9).merged == {8: 3}


def test_studies() -> None:
    """Versions and their notices, linked directly or through others, are one study under the smallest number."""
    notice = record("pubmed:9", title="Notice", pmid="9", **pointing(RelationKind.ERRATUM_FOR, pmid="1"))
    found = concluded(held(PREPRINT, 5), held(notice, 3), held(ARTICLE, 4))
    [(study, links)] = found.studies
    assert {(work.id, work.study) for work in study.works} == {(3, 3), (4, 3), (5, 3)}
    assert {link.relationship.value for link in links} == {"preprint", "erratum"}


def test_studies_of_their_own() -> None:
    """Results of a registered trial, and a comment, are linked to it and news of their own."""
    article = replace(ARTICLE, registrations=("NCT00000001",))
    comment = record("pubmed:8", title="Comment", pmid="8", **pointing(RelationKind.COMMENT_ON, pmid="1"))
    found = concluded(held(REGISTRATION, 3), held(article, 4), held(comment, 5))
    assert [[work.id for work in study.works] for study, _ in found.studies] == [[3], [4], [5]]
    assert [[link.relationship.value for link in links] for _, links in found.studies] == [
        [],
        ["registration"],
        ["comment"],
    ]
    assert [one.kind for one in news(found)] == [EventKind.NEW] * 3


def notice_of(*pmids: str, key: str = "9") -> Record:
    """A retraction notice of several publications."""
    relations = tuple(Relation(RelationKind.RETRACTION_OF, "RetractionOf", pmid=pmid) for pmid in pmids)
    types = ("Retraction of Publication",)
    return record(f"pubmed:{key}", title=f"Notice {key}", pmid=key, publication_types=types, relations=relations)


def studies(conclusions: Conclusions) -> list[list[int]]:
    """The works of each study."""
    return [sorted(work.id for work in study.works) for study, _ in conclusions.studies]


def test_notice_of_many() -> None:
    """A notice that retracts unrelated articles is a fact of each, and makes no study of them."""
    second = replace(ARTICLE, source_id="2", pmid="2", doi="10.5555/second", title="A second made-up article")
    third = notice_of("9", key="8")
    found = concluded(held(ARTICLE, 1), held(second, 2), held(notice_of("1", "2"), 3), held(third, 4))
    assert studies(found) == [[1], [2], [3, 4]]
    assert [bool(work.facts.retracted) for study, _ in found.studies for work in study.works][:2] == [True, True]
    assert [one.work for one in news(found) if one.kind is EventKind.RETRACTED] == [1, 2]


def test_notice_of_versions() -> None:
    """A notice that points at the versions of one study, and a notice of that notice, belong to it."""
    pointer = pointing(RelationKind.HAS_PREPRINT, doi=PREPRINT.doi)["relations"]
    article, preprint = replace(ARTICLE, relations=pointer), replace(PREPRINT, pmid="3")
    given = [held(notice_of("9", "1", key="8"), 4), held(notice_of("1", "3"), 3), held(article, 2), held(preprint, 1)]
    for order in (given, given[::-1]):
        assert studies(concluded(*order)) == [[1, 2, 3, 4]]


def test_registration_gathers_nothing() -> None:
    """Two publications that came of one trial are two studies."""
    second = replace(ARTICLE, source_id="2", pmid="2", doi="10.5555/second", title="A second made-up article")
    both = (replace(one, registrations=("NCT00000001",)) for one in (ARTICLE, second))
    assert studies(concluded(held(REGISTRATION, 1), *(held(one, n) for n, one in enumerate(both, 2)))) == [
        [1],
        [2],
        [3],
    ]


def test_notice_is_a_fact() -> None:
    """What a notice says of an article is a fact of the article, not of the notice nor of anything else."""
    notice = record("pubmed:9", title="Notice", pmid="9", **pointing(RelationKind.RETRACTION_OF, pmid="1"))
    comment = record("pubmed:8", title="Comment", pmid="8", **pointing(RelationKind.COMMENT_ON, pmid="1"))
    found = concluded(held(ARTICLE), held(notice), held(comment))
    assert {work.records: bool(work.facts.retracted) for work in found.works} == {
        ("pubmed:1",): True,
        ("pubmed:8",): False,
        ("pubmed:9",): False,
    }


def test_standing() -> None:
    """A study is led by what is about the subject, then article, preprint, registration, notice, then the older one."""
    second = replace(ARTICLE, source_id="2", pmid="2", doi="10.5555/second", title="A second made-up article")
    notice = record("pubmed:9", pmid="9", title="Notice", publication_types=("Retraction of Publication",))
    given = [held(notice, 1), held(REGISTRATION, 2), held(PREPRINT, 3), held(second, 4), held(ARTICLE, 5)]
    works = [work for one in given for work in concluded(one).works]
    assert [work.id for work in as_study(works).works] == [4, 5, 3, 2, 1]
    works[3] = replace(works[3], verdict=OUT)
    assert [work.id for work in as_study(works).works] == [5, 3, 2, 1, 4]


def test_new_once() -> None:
    """A study is new when nothing of it was known as new, by the work that stands for it; later works are no news."""
    found = concluded(held(PREPRINT, 1), held(ARTICLE, 2, days=1))
    assert news(found) == [
        Happening(EventKind.NEW, 2),
        Happening(EventKind.PUBLISHED, 1, "https://doi.org/10.5555/article"),
    ]
    assert news(found, [Happening(EventKind.NEW, 1), Happening(EventKind.PUBLISHED, 1, "elsewhere")]) == []


@pytest.mark.parametrize("days", [0, 1])
def test_preprint_found_after_its_article(days: int) -> None:
    """A preprint that is found with its article, or after it, is no news: readers have the article."""
    found = concluded(held(PREPRINT, 2, days=days), held(ARTICLE, 1))
    assert [one.kind for one in news(found)] == [EventKind.NEW]


def test_no_news_of_strangers() -> None:
    """A study outside the subject has no news; within a study, works outside it have none, and do not stand for it."""
    gone = replace(ARTICLE, publication_types=RETRACTED)
    assert news(concluded(held(gone, verdict=OUT))) == []
    mixed = concluded(held(gone, 1, OUT, days=1), held(PREPRINT, 2))
    assert [(one.kind, one.work) for one in news(mixed)] == [(EventKind.NEW, 2), (EventKind.PUBLISHED, 2)]


STATUS = [
    (EventKind.RETRACTED, RelationKind.RETRACTION_IN, "retracted"),
    (EventKind.CONCERN, RelationKind.CONCERN_IN, "concern"),
    (EventKind.CORRECTED, RelationKind.ERRATUM_IN, "corrected"),
]


@pytest.mark.parametrize(("kind", "pointer", "fact"), STATUS)
@pytest.mark.parametrize(
    ("target", "notice"),
    [
        ({"doi": "10.5555/n"}, "https://doi.org/10.5555/n"),
        ({"pmid": "9"}, "https://pubmed.ncbi.nlm.nih.gov/9/"),
        ({"citation": "J Made Up. 2025;1:2"}, "J Made Up. 2025;1:2"),
    ],
)
def test_status(kind: EventKind, pointer: RelationKind, fact: str, target: dict[str, str], notice: str) -> None:
    """Retraction, concern and correction happen once, and say where the notice can be read, as far as it is stated."""
    found = concluded(held(replace(ARTICLE, **pointing(pointer, **target)), 3))
    assert getattr(found.works[0].facts, fact)
    assert news(found) == [Happening(EventKind.NEW, 3), Happening(kind, 3, notice)]
    assert news(found, [Happening(EventKind.NEW, 3), Happening(kind, 3, notice)]) == []


@pytest.mark.parametrize(("kind", "pointer", "fact"), STATUS)
def test_second_notice(kind: EventKind, pointer: RelationKind, fact: str) -> None:
    """A second erratum or concern is told as well; a retraction is told once, whatever notices follow."""
    pointers = (*pointing(pointer, pmid="8")["relations"], *pointing(pointer, pmid="9")["relations"])
    found = concluded(held(replace(ARTICLE, relations=pointers)))
    assert getattr(found.works[0].facts, fact)
    first = Happening(kind, 1, "https://pubmed.ncbi.nlm.nih.gov/8/")
    second = Happening(kind, 1, "https://pubmed.ncbi.nlm.nih.gov/9/")
    once = kind is EventKind.RETRACTED
    assert news(found) == [Happening(EventKind.NEW, 1), first, *(() if once else (second,))]
    assert news(found, [Happening(EventKind.NEW, 1), first]) == ([] if once else [second])


def test_notice_alone() -> None:
    """A notice whose article is not in the store is no news; it is told with the article, which then is new."""
    what: dict[str, Any] = {"pmid": "9", "publication_types": ("Retraction of Publication",)}
    notice = record("pubmed:9", title="Retraction: a trial", **what, **pointing(RelationKind.RETRACTION_OF, pmid="1"))
    assert news(concluded(held(notice))) == []
    found = concluded(held(notice, 1), held(ARTICLE, 2))
    assert news(found) == [
        Happening(EventKind.NEW, 2),
        Happening(EventKind.RETRACTED, 2, "https://pubmed.ncbi.nlm.nih.gov/9/"),
    ]


def test_retracted_by_type() -> None:
    """A retraction that only a publication type states names no notice: the type is none."""
    found = concluded(held(replace(ARTICLE, publication_types=RETRACTED)))
    assert news(found)[1] == Happening(EventKind.RETRACTED, 1)


def test_withdrawn() -> None:
    """A preprint that its server withdrew is told as withdrawn."""
    found = concluded(held(replace(PREPRINT, publication_types=("Preprint", "Withdrawn"))))
    assert [one.kind for one in news(found)] == [EventKind.NEW, EventKind.WITHDRAWN]


def test_published_once() -> None:
    """A preprint with two articles under its title is published once."""
    second = replace(ARTICLE, source_id="2", pmid="2", doi="10.5555/second")
    found = concluded(held(PREPRINT), held(ARTICLE, days=1), held(second, days=2))
    assert [one.kind for one in news(found)] == [EventKind.NEW, EventKind.PUBLISHED]


def test_nothing() -> None:
    """No records, no works."""
    assert concluded() == Conclusions((), {}, (), {})
    assert concluded(held(record("feed:x:1", title=""))).works[0].facts == Facts()


def test_published_elsewhere() -> None:
    """A preprint that names its article is published, once, though no source has brought the article."""
    pointer = Relation(RelationKind.PREPRINT_OF, "published", doi="10.5555/article")
    preprint = record("medrxiv:1", doi="10.5555/preprint", publication_types=("Preprint",), relations=(pointer,))
    found = concluded(held(preprint, 1))
    published = Happening(EventKind.PUBLISHED, 1, "https://doi.org/10.5555/article")
    assert news(found) == [Happening(EventKind.NEW, 1), published]
    assert news(found, [Happening(EventKind.NEW, 1)]) == [published]
    assert news(found, [Happening(EventKind.NEW, 1), published]) == []
    assert news(concluded(held(replace(preprint, relations=()), 1)), [Happening(EventKind.NEW, 1)]) == []


@pytest.mark.parametrize("days", [0, 1])
def test_named_article_is_there(days: int) -> None:
    """A preprint that is found with the article it names, or after it, is no news."""
    pointer = Relation(RelationKind.PREPRINT_OF, "published", doi=ARTICLE.doi)
    found = concluded(held(replace(PREPRINT, relations=(pointer,)), 2, days=days), held(ARTICLE, 1))
    assert news(found, [Happening(EventKind.NEW, 1)]) == []


def test_our_mistake() -> None:
    """What is concluded otherwise from the same records is our mistake; from other records it is none."""
    trial = replace(ARTICLE, publication_types=("Randomized Controlled Trial",))
    now = concluded(held(trial, work=1))
    [work] = now.works
    survey = replace(work.facts, design=Fact(Design.SURVEY, "made up", "title"))
    for records, told in (
        (work.records, ["kind of study: survey → randomised controlled trial"]),
        (("pubmed:9", *work.records), []),
    ):
        before = {1: Before(CORE, survey, frozenset(records))}
        happened = [one.happening for one in recorded(now, (), before)]
        assert [one.notice for one in happened if one.kind is EventKind.OUR_MISTAKE] == told


def test_out_by_mistake() -> None:
    """Of what was out nothing was said, unless we said that it is out."""
    now = concluded(held(ARTICLE, work=1))
    [work] = now.works
    before = {1: Before(OUT, work.facts, frozenset(work.records))}
    said = Past(7, Happening(EventKind.OUR_MISTAKE, 1, "about the subject: yes → no"))
    for past, told in (([], []), ([said], ["about the subject: no → yes"])):
        happened = [one.happening for one in recorded(now, past, before)]
        assert [one.notice for one in happened if one.kind is EventKind.OUR_MISTAKE] == told
