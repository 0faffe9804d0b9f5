"""A new source: what it held when it joined is counted in a sentence, and never told as news."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.digest.families import Kinship
from pipeline.digest.issue import IssueRef, Subscription, is_empty
from pipeline.digest.render import render, render_all
from pipeline.digest.state import state, subject_line
from pipeline.model import Design, EventKind, PartialDate, Relationship, Tier, Work
from tests.digest.samples import (
    BEFORE,
    BERLIN,
    NOW,
    PATIENTS,
    PUBMED_FAILED,
    composed,
    facts,
    material,
    new,
    new_source,
    only_older,
    work,
)

OLD = PartialDate(2015)
JOINED = {"DOAJ": BEFORE.composed_at}  # 15 November


def doaj(number: int, published: PartialDate | None = OLD, *more: str, **changes: Any) -> Work:
    """A trial that DOAJ holds, and perhaps other sources."""
    return replace(work(number, Design.RCT, published=published, **changes), sources=("DOAJ", *more))


def test_counted() -> None:
    """What a new source held is counted by what is telling, claimed, and not shown; what appeared since is an item."""
    composition = composed(new_source())
    assert [item.study.id for item in composition.issue.items] == [11]
    assert len(composition.claims) == 25
    assert composition.shown == {11}
    assert subject_line(composition.issue) == "MS + acupuncture: 1 new (1 RCT) — 22 Nov 2026"
    assert list(state(composition.issue))[1] == (
        "DOAJ is new among the sources and adds 24 older studies, among them 12 randomised controlled trials, "
        "3 systematic reviews and 1 retracted. They count as told; litwatch list --since 2026-11-21 shows them."
    )


def test_in_every_format() -> None:
    """The sentence stands in every format, and as numbers in JSON."""
    issue = composed(new_source()).issue
    for form, content in render_all(issue).items():
        assert form == "json" or "DOAJ is new among the sources and adds 24" in " ".join(content.split())
    (added,) = json.loads(render(issue, "json"))["added"]
    assert (added["source"], added["studies"], added["retracted"]) == ("doaj", 24, 1)
    assert added["by_design"][:2] == [{"design": "systematic_review", "studies": 3}, {"design": "rct", "studies": 12}]


def test_one() -> None:
    """One study is spoken of in the singular."""
    issue = composed(material([doaj(1)], joined=JOINED)).issue
    assert list(state(issue))[1] == (
        "DOAJ is new among the sources and adds 1 older study, among them 1 randomised controlled trial. "
        "It counts as told; litwatch list --since 2026-11-21 shows it."
    )
    patients = composed(material([doaj(1)], joined=JOINED), PATIENTS).issue
    assert "It has 1 older study that we did not know." in " ".join(render(patients, "text").split())


@pytest.mark.parametrize("subscription", [BERLIN, PATIENTS], ids=["clinician", "patient"])
def test_not_nothing(subscription: Subscription) -> None:
    """An issue in which a new source added something never says that nothing is new."""
    issue = composed(only_older(), subscription).issue
    assert is_empty(issue)
    assert subject_line(issue) == "MS + acupuncture: 0 new, 24 older added, all 6 sources checked — 22 Nov 2026"
    assert all("nothing new" not in content.casefold() for content in render_all(issue).values())
    incomplete = composed(replace(only_older(), coverage=PUBMED_FAILED), subscription).issue
    assert "0 new, 24 older added, INCOMPLETE (PubMed failed)" in subject_line(incomplete)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (doaj(1, PartialDate(2026, 11, 15)), "it appeared on the day on which the period began"),
        (doaj(1, PartialDate(2026, 11)), "it may have appeared within the period"),
        (doaj(1, None), "it does not say when it appeared"),
        (doaj(1, OLD, "PubMed"), "an older source holds it, too"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_listed(one: Work, why: str) -> None:
    """What may be news is told like any other study."""
    issue = composed(material([one], joined=JOINED)).issue
    assert ([item.study.id for item in issue.items], issue.added) == ([1], ()), why


def test_undated_but_indexed() -> None:
    """What has no date of its own is as old as the index says."""
    issue = composed(material([doaj(1, None, indexed=PartialDate(2014, 2, 1))], joined=JOINED)).issue
    assert [one.studies for one in issue.added] == [1]


def test_joined_before() -> None:
    """A source that joined in an earlier period, and is complete only now, owes what has appeared since then."""
    works = [doaj(1, PartialDate(2026, 11, 5)), doaj(2, PartialDate(2026, 11, 12))]
    issue = composed(material(works, joined={"DOAJ": BEFORE.composed_at - timedelta(days=7)})).issue
    assert [item.study.id for item in issue.items] == [2]


def test_two_new_sources() -> None:
    """What two new sources hold is counted once, and notices are no studies."""
    both = {**JOINED, "medRxiv": BEFORE.composed_at}
    works = [doaj(1), doaj(2, OLD, "medRxiv"), replace(doaj(3), sources=("medRxiv",))]
    notice = replace(doaj(4), facts=facts(Design.RETRACTION_NOTICE))
    composition = composed(material([*works, notice], joined=both))
    assert [(one.source, one.studies) for one in composition.issue.added] == [("doaj", 2), ("medrxiv", 1)]
    assert len(composition.claims) == 4


@pytest.mark.parametrize(
    ("subscription", "sentence"),
    [
        (BERLIN, "4 sources are new and add 4 older studies, among them 4 randomised controlled trials. They count as"),
        (PATIENTS, "We now search 4 more sources. They have 4 older studies that we did not know. We only count them"),
    ],
    ids=["clinician", "patient"],
)
def test_many_new_sources(subscription: Subscription, sentence: str) -> None:
    """A whole list of feeds that is switched on has one sentence together."""
    labels = ("PubMed", "Europe PMC", "Crossref", "DOAJ")
    works = [replace(doaj(number), sources=(label,)) for number, label in enumerate(labels, 1)]
    given = material(works, joined=dict.fromkeys(labels, BEFORE.composed_at))
    text = " ".join(render(composed(given, subscription).issue, "text").split())
    assert sentence in text
    assert "is new among" not in text


def test_tiers() -> None:
    """What is outside a subscription's tiers is neither counted nor claimed."""
    composition = composed(material([doaj(1, tier=Tier.RELATED)], joined=JOINED), replace(BERLIN, tiers=(Tier.CORE,)))
    assert (composition.issue.added, composition.claims) == ((), ())


def test_limit() -> None:
    """The limit is for what is listed; what waits is not counted as added."""
    works = [*(doaj(number) for number in range(1, 31)), *(work(number, Design.RCT) for number in range(31, 35))]
    composition = composed(material(works, joined=JOINED), replace(BERLIN, max_items=3))
    issue = composition.issue
    assert (len(issue.items), issue.carried_over, sum(one.studies for one in issue.added)) == (3, 1, 30)
    assert len(composition.claims) == 33


def test_map() -> None:
    """What is counted as told moves the map of the evidence, in the issue that counts it and not in the next."""
    one = doaj(1, stated=facts(Design.RCT, interventions=(), outcomes=()))
    one = replace(one, facts=composed(new_source()).issue.items[0].study.main.facts)
    composition = composed(material([one], joined=JOINED))
    assert composition.issue.changes
    later = composed(material([one], [], told=[1], told_map=composition.told_map, shown=frozenset()))
    assert later.issue.changes == ()


COUNTED = {1: IssueRef(5, NOW - timedelta(days=14))}


def test_retracted_later() -> None:
    """A retraction is told of what was only counted, too, with the issue that did so."""
    fallen = doaj(1, stated=facts(Design.RCT, retracted=True))
    given = replace(material([fallen], [new(1, EventKind.RETRACTED)], shown=frozenset()), told=COUNTED)
    assert "Issue 5, of 8 Nov 2026, counted it as told." in " ".join(render(composed(given).issue, "text").split())


@pytest.mark.parametrize("settled", [False, True])
def test_course_of_a_trial(settled: bool) -> None:
    """What becomes of a counted trial is told, unless its results were told before."""
    trial, article = doaj(1, stated=facts(Design.REGISTRATION)), work(2, Design.RCT)
    told = {**COUNTED, **({2: IssueRef(3, BEFORE.composed_at)} if settled else {})}
    kinships = (Kinship(2, 1, Relationship.REGISTRATION),)
    changed = new(1, EventKind.STATUS, notice="RECRUITING → COMPLETED")
    given = replace(material([trial, article], [changed], kinships=kinships, shown=frozenset()), told=told)
    assert len(composed(given).issue.corrections) == (0 if settled else 1)
