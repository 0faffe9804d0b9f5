"""What becomes of wanted publications, with a store behind it that went the way of a run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.audit import Audit, Audited, Finding, Telling, audit
from pipeline.digest.issue import IssueRef, Subscription
from pipeline.model import RelationKind, Tier
from pipeline.store import Store
from pipeline.store.told import FrozenIssue
from pipeline.wanted import Wanted
from tests.digest.samples import BERLIN
from tests.match.records import TITLE, pointing, record
from tests.store.keeping import NOW, advance, keep, memory_store

WEEKLY = replace(BERLIN, name="weekly")
ARTICLE = record("pubmed:1", pmid="99000001", doi="10.5555/article", pmcid="PMC99001")
PREPRINT = record(
    "europepmc:PPR:PPR99", doi="10.5555/preprint", preprint_id="PPR99", publication_types=("Preprint",), year=2023
)
STRANGER = record(
    "feed:x:3", title="Diet and the gut in general: a made-up survey", author="Li", doi="10.5555/stranger"
)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with memory_store() as store:
        yield store


def tell(store: Store, number: int = 1, digest: str = "weekly") -> None:
    """Tell a subscription everything it was not told yet."""
    claims = tuple(event.id for event in store.told.untold(digest))
    store.told.keep_issue(
        FrozenIssue(digest, IssueRef(number, NOW + timedelta(number)), "subject", {}, claims, frozenset(claims), ())
    )


def audited(store: Store, *wanted: Wanted, digests: tuple[Subscription, ...] = (WEEKLY,)) -> Audit:
    """The audit of a list."""
    return audit(zip(wanted, store.catalogue.sightings(wanted), strict=True), digests)


def found(store: Store, digests: tuple[Subscription, ...] = (WEEKLY,), **wanted: Any) -> Audited:
    """What became of one wanted publication."""
    [one] = audited(store, Wanted(1, "words", **wanted), digests=digests).publications
    return one


def in_short(one: Audited) -> tuple[Finding, str]:
    """The finding and the work."""
    return one.finding, one.work.name if one.work else ""


# --- found ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [{"pmid": "99000001"}, {"doi": "10.5555/article"}, {"pmcid": "PMC99001"}, {"title": TITLE.upper()}],
)
def test_told(store: Store, wanted: dict[str, Any]) -> None:
    """A publication is found by any of its identifiers, and by its title; each digest's first issue is named."""
    advance(store, ARTICLE)
    for number, digest in ((1, "weekly"), (1, "daily"), (2, "daily")):
        tell(store, number, digest)
    one = found(store, **wanted)
    assert in_short(one) == (Finding.TOLD, "W1")
    assert one.told == (Telling("daily", 1, 1), Telling("weekly", 1, 1))
    assert (one.notes, one.rule) == ((), "")


def test_own_telling(store: Store) -> None:
    """Where two studies became one, an issue that told of the work itself is named, not that of its other version."""
    advance(store, PREPRINT)
    tell(store, 1)
    advance(store, replace(ARTICLE, title="Needles and tiredness in multiple sclerosis: a made-up acupuncture trial"))
    tell(store, 2)
    advance(store, ARTICLE)
    assert [found(store, doi=doi).told for doi in ("10.5555/article", "10.5555/preprint")] == [
        (Telling("weekly", 2, 2),),
        (Telling("weekly", 1, 1),),
    ]


def test_version(store: Store) -> None:
    """A study is told once: its other versions and its notices are found through the one that was told."""
    advance(store, PREPRINT)
    tell(store)
    notice = record(
        "pubmed:4", title="Erratum: needles", pmid="99000004", **pointing(RelationKind.ERRATUM_FOR, pmid="99000001")
    )
    advance(store, ARTICLE, notice)
    advance(store, replace(ARTICLE, publication_types=("Retracted Publication",)))
    tell(store, 2)  # of the correction and the retraction, which make the article no less known before
    assert found(store, doi="10.5555/preprint").notes == ()
    article, erratum = (found(store, pmid=pmid) for pmid in ("99000001", "99000004"))
    assert [one.finding for one in (article, erratum)] == [Finding.TOLD] * 2
    assert (article.told, erratum.told) == ((Telling("weekly", 1, 1),),) * 2
    assert (article.notes, erratum.notes) == (("as a version of W1",), ("as a notice of W1",))


def test_untold(store: Store) -> None:
    """What was let in and not told says what it waits for."""
    advance(store, PREPRINT, ARTICLE)
    daily = replace(WEEKLY, name="daily")
    notes = [found(store, digests, pmid="99000001").notes for digests in ((WEEKLY,), (WEEKLY, daily))]
    assert notes == [
        ("waits for the next issue of weekly",),
        ("waits for the next issue of weekly and daily",),
    ]
    one = found(store, digests=(replace(WEEKLY, tiers=(Tier.RELATED,)),), doi="10.5555/preprint")
    article = found(store, pmid="99000001")
    assert (one.finding, one.told) == (Finding.UNTOLD, ())
    assert article.work
    assert one.notes == ("core is no tier of any digest", f"as a version of {article.work.name}")


def test_lone_notice(store: Store) -> None:
    """A notice is told with its article, so that one alone is never told."""
    advance(
        store,
        record(
            "pubmed:4",
            title="Erratum: Acupuncture for fatigue in multiple sclerosis",
            pmid="99000004",
            publication_types=("Published Erratum",),
            **pointing(RelationKind.ERRATUM_FOR, pmid="99000001"),
        ),
    )
    tell(store)
    one = found(store, pmid="99000004")
    assert (one.finding, one.notes) == (
        Finding.UNTOLD,
        ("a notice is told with its article, which is not in the store",),
    )


def test_merged(store: Store) -> None:
    """What stands in the store under other identifiers only was merged; with one of its own it stands for itself."""
    advance(store, ARTICLE, replace(ARTICLE, source="europepmc", source_id="c", doi="10.5555/elsewhere"))
    assert in_short(found(store, doi="10.5555/elsewhere")) == (Finding.MERGED, "W1")
    assert found(store, doi="10.5555/elsewhere").notes == ("waits for the next issue of weekly",)
    tell(store, 3)
    assert found(store, doi="10.5555/elsewhere").told == (Telling("weekly", 3, 1),)
    assert found(store, doi="10.5555/elsewhere", pmid="99000001").finding is Finding.TOLD


def test_translated(store: Store) -> None:
    """A publication is found by its title in its own language, too."""
    advance(store, replace(ARTICLE, vernacular_title="Erfundene Akupunktur bei Müdigkeit: eine Studie"))
    assert found(store, title="Erfundene Akupunktur bei Mudigkeit (eine Studie)").finding is Finding.UNTOLD


# --- not found ------------------------------------------------------------------------------------


def test_screened_out(store: Store) -> None:
    """What was put out names the rule; it was harvested and not found."""
    advance(store, STRANGER)
    one = found(store, doi="10.5555/stranger")
    assert in_short(one) == (Finding.SCREENED_OUT, "W1")
    assert one.work
    assert one.rule == one.work.verdict.excluded_by != ""


def test_screened_out_later(store: Store) -> None:
    """What was told before a rule put it out says both."""
    advance(store, ARTICLE)
    tell(store)
    advance(store, replace(ARTICLE, title="Diet and the gut: a made-up survey"))
    one = found(store, pmid="99000001")
    assert (one.finding, one.told) == (Finding.SCREENED_OUT, (Telling("weekly", 1, 1),))


def test_unscreened(store: Store) -> None:
    """What a run harvested before it was cut short is not found yet."""
    keep(store, ARTICLE)
    one = found(store, pmid="99000001")
    assert (in_short(one), one.notes) == ((Finding.UNSCREENED, ""), ("the next run screens it",))


def test_never_harvested(store: Store) -> None:
    """What another record only points at, or states as its trial's, was not harvested."""
    advance(
        store, replace(ARTICLE, registrations=("NCT09990001",), **pointing(RelationKind.COMMENT_ON, pmid="99000009"))
    )
    unknown: tuple[dict[str, Any], ...] = ({"pmid": "99000009"}, {"doi": "10.5555/none"}, {"title": f"Another {TITLE}"})
    for wanted in unknown:
        assert in_short(found(store, **wanted)) == (Finding.NEVER_HARVESTED, "")
    assert found(store, doi="10.5555/none", registrations=("NCT09990001",)).finding is Finding.NEVER_HARVESTED


def test_unreadable(store: Store) -> None:
    """What says too little is listed and does not count."""
    advance(store, ARTICLE)
    result = audited(store, Wanted(1, "?"), Wanted(2, "Editorial", title="Editorial"), Wanted(3, "1", pmid="99000001"))
    assert [one.finding for one in result.publications] == [Finding.UNREADABLE, Finding.UNREADABLE, Finding.UNTOLD]
    assert (result.wanted, result.found, result.harvested, result.recall) == (1, 1, 1, 1.0)


# --- titles and trials ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "is_it"),
    [
        ({"first_author": "Rossi, A", "year": 2025}, True),
        ({"first_author": "A. B. ROSSI"}, True),
        ({"first_author": "Rossi AB, Li C"}, True),
        ({"first_author": "Li, C"}, False),
        ({"year": 2026}, False),
        ({"doi": "10.5555/unknown"}, False),
        ({"pmcid": "PMC99009"}, True),
    ],
)
def test_title(store: Store, wanted: dict[str, Any], is_it: bool) -> None:
    """A title alone finds what nothing else contradicts: identifier, first author, or year. What does is named."""
    advance(store, replace(ARTICLE, pmcid=""))
    one = found(store, title=f"RETRACTED: {TITLE}.", **wanted)
    assert (one.finding is Finding.UNTOLD) is is_it
    assert one.notes == (
        ("waits for the next issue of weekly",) if is_it else ("W1 with the same title is another publication",)
    )


def test_record_says_little(store: Store) -> None:
    """A record without author, year or identifier contradicts nothing."""
    advance(store, record("feed:x:1", author="", year=None))
    assert found(store, doi="10.5555/a", title=TITLE, first_author="Li, C", year=1990).finding is Finding.UNTOLD


def test_several(store: Store) -> None:
    """Where several works fit, the best finding counts and the others are named."""
    works = [replace(STRANGER, title=TITLE, source_id=f"x:{n}", doi=f"10.5555/{n}", authors=()) for n in range(5)]
    advance(store, replace(works[0], title="Diet and the gut: a made-up survey"), *works[1:])
    tell(store)
    one = found(store, pmid="99000001", doi="10.5555/2", title=TITLE)
    assert (in_short(one), one.notes) == ((Finding.TOLD, "W3"), ())
    one = found(store, title=TITLE)
    assert (in_short(one), one.notes) == ((Finding.TOLD, "W2"), ("W3, W4, W5 would fit, too",))
    advance(store, replace(works[1], source_id="x:6", doi="10.5555/6"))
    assert found(store, title=TITLE).notes == ("W3, W4, W5 and 1 more would fit, too",)


def test_best_of_several(store: Store) -> None:
    """Identifiers that lead to different works are a mistake somewhere, and both are named."""
    advance(store, STRANGER, ARTICLE)
    one = found(store, pmid="99000001", doi="10.5555/stranger")
    assert in_short(one)[0] is Finding.UNTOLD
    assert one.notes[-1].endswith("would fit, too")


def test_book_of_abstracts(store: Store) -> None:
    """Where many works share one DOI, the title tells which one is wanted."""
    other = record("feed:x:3", title="Vitamins against every winter cold", author="Li", doi="10.5555/book")
    advance(store, other, record("feed:x:4", doi="10.5555/book"))
    assert found(store, doi="10.5555/book", title=other.title).finding is Finding.SCREENED_OUT
    assert found(store, doi="10.5555/book", title=TITLE).finding is Finding.UNTOLD
    assert found(store, doi="10.5555/book").finding is Finding.UNTOLD


def test_other_title(store: Store) -> None:
    """An identifier that leads to something under another title may be a wrong one, and the finding says so."""
    advance(store, ARTICLE)
    one = found(store, pmid="99000001", title="Vitamin supplements against winter colds")
    assert one.notes[-1] == "the list has another title for it"


def test_registration(store: Store) -> None:
    """A trial number means the registration, also one known by its address only; else what states the number."""
    trial = replace(ARTICLE, registrations=("NCT09990001",))
    advance(store, trial)
    one = found(store, registrations=("NCT09990001",))
    assert in_short(one) == (Finding.UNTOLD, "W1")
    assert one.notes[-1] == "only states the number, the registration is not in the store"
    page = record(
        "feed:x:5",
        title="Acupuncture in multiple sclerosis, registered",
        url="https://clinicaltrials.gov/study/NCT09990001",
    )
    advance(store, page)
    one = found(store, registrations=("NCT09990001",))
    assert (in_short(one)[1], one.notes) == ("W2", ("waits for the next issue of weekly",))
    assert found(store, registrations=("NCT09990009",)).finding is Finding.NEVER_HARVESTED


# --- the sum --------------------------------------------------------------------------------------


def test_sum(store: Store) -> None:
    """Found is what was let in, harvested what any source brought; order and words stay those of the list."""
    advance(store, ARTICLE, STRANGER)
    tell(store)
    unscreened = record("pubmed:7", title="Acupuncture, made up and not looked at yet", pmid="99000007")
    keep(store, unscreened)
    result = audited(
        store,
        Wanted(1, "none", pmid="99000009"),
        Wanted(3, "told", pmid="99000001"),
        Wanted(4, "out", doi="10.5555/stranger"),
        Wanted(5, "new", pmid="99000007"),
        Wanted(9, "again", doi="10.5555/article"),
    )
    assert [one.wanted.words for one in result.publications] == ["none", "told", "out", "new", "again"]
    assert (result.wanted, result.found, result.harvested, result.recall) == (5, 2, 4, 0.4)
    assert result.percent == "40.0"


def test_percent() -> None:
    """A hundred per cent is said only if none is missing."""
    told, missing = (Audited(Wanted(1, "x"), finding) for finding in (Finding.TOLD, Finding.NEVER_HARVESTED))
    assert Audit((told,) * 9_999 + (missing,)).percent == "99.9"
    assert Audit((told,)).percent == "100.0"
    assert Audit((missing,)).percent == "0.0"
