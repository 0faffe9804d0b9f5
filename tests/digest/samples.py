"""Made-up works and materials for the digest's tests. Nothing here was ever published."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.digest.compose import compose, compose_correction
from pipeline.digest.editions import editions_from
from pipeline.digest.families import Kinship
from pipeline.digest.issue import Composition, IssueRef, Material, Subscription
from pipeline.model import (
    Author,
    Count,
    Counted,
    Design,
    Event,
    EventKind,
    Fact,
    Facts,
    PartialDate,
    Reason,
    Record,
    Relationship,
    Section,
    Study,
    Tier,
    Verdict,
    Work,
)
from pipeline.operator_files import EDITIONS as FILE
from pipeline.operator_files import bundled, parse_toml
from pipeline.proof import Coverage, Status

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
BEFORE = IssueRef(6, NOW - timedelta(days=7))
LABEL = "MS + acupuncture"
EDITIONS = editions_from(parse_toml(bundled(FILE), FILE), FILE)
BERLIN = Subscription(timezone="Europe/Berlin", edition=EDITIONS.clinician)
PATIENTS = Subscription("patients", timezone="Europe/Berlin", edition=EDITIONS.patient)
SOURCES = ("PubMed", "Europe PMC", "ClinicalTrials.gov", "Crossref", "DOAJ", "medRxiv")
WHY = (Reason("acupuncture", "acupuncture", "title"), Reason("multiple sclerosis", "multiple sclerosis", "mesh"))


def record(number: int, title: str = "", **changes: Any) -> Record:
    """A journal article of this month, with an abstract."""
    return replace(
        Record(
            source="litwatch",
            source_id=str(number),
            title=title or f"Made-up study {number} of acupuncture in multiple sclerosis",
            abstract=(Section("Made-up abstract."),),
            authors=(Author("Sample", "Ada"), Author("Example", "Bo")),
            journal="Journal of Made-up Results",
            published=PartialDate(2026, 11, 10),
            doi=f"10.5555/litwatch.{number}",
            languages=("eng",),
        ),
        **changes,
    )


def facts(design: Design | None = None, **changes: Any) -> Facts:
    """Facts with a design, each value resting on words of the title; participants are counted as randomised."""
    if "participants" in changes:
        changes["participants"] = Count(changes["participants"], "made-up words", "title", counted=Counted.RANDOMIZED)
    stated: dict[str, Any] = {
        name: value if isinstance(value, tuple | Count) else fact(value) for name, value in changes.items()
    }
    return Facts(design=fact(design, "randomised") if design else None, **stated)


def fact(value: Any, evidence: str = "made-up words", field: str = "title") -> Fact[Any]:
    """One value with its evidence."""
    return Fact(value, evidence, field)


def work(
    number: int,
    design: Design | None = None,
    title: str = "",
    tier: Tier = Tier.CORE,
    study: int | None = None,
    stated: Facts | None = None,
    **changes: Any,
) -> Work:
    """A work of a study of its own, unless told otherwise."""
    return Work(
        id=number,
        study=number if study is None else study,
        record=record(number, title, **changes),
        records=(f"pubmed:{number}",),
        sources=("PubMed",),
        verdict=Verdict(tier, WHY),
        facts=facts(design) if stated is None else stated,
        first_seen=NOW - timedelta(days=1),
    )


def titled(title: str, **changes: Any) -> Work:
    """A randomised trial under a title from outside."""
    return work(1, Design.RCT, title, **changes)


def new(number: int, kind: EventKind = EventKind.NEW, at: int = 0, notice: str = "") -> Event:
    """An event of the work of this number; ids are a thousand times the kind's rank plus the number."""
    return Event(1000 * tuple(EventKind).index(kind) + number + at, kind, number, NOW - timedelta(hours=2), notice)


def covered(label: str, status: Status = Status.COMPLETE, **changes: Any) -> Coverage:
    """A source's statement from half an hour ago."""
    return replace(
        Coverage(
            source=label.casefold().replace(" ", ""),
            label=label,
            asked_at=NOW - timedelta(minutes=30),
            status=status,
            query_version="3",
            total=120,
            fetched=120,
            new=0,
            complete_until=NOW - timedelta(minutes=30),
        ),
        **changes,
    )


ALL_WELL = tuple(covered(label) for label in SOURCES)
PUBMED_FAILED = (
    covered(
        "PubMed",
        Status.FAILED,
        total=None,
        fetched=0,
        new=0,
        error="HTTP 503 from eutils.ncbi.nlm.nih.gov, five times",
        complete_until=NOW - timedelta(days=7),
    ),
    *ALL_WELL[1:],
)
ALL_FAILED = tuple(
    covered(label, Status.FAILED, total=None, fetched=0, new=0, error="no route to host", complete_until=None)
    for label in SOURCES
)
NOT_ASKED = (
    covered("PubMed", asked_at=BEFORE.composed_at, complete_until=BEFORE.composed_at),
    covered("Europe PMC", quarantined=1),
    *ALL_WELL[2:],
)


def material(
    works: Iterable[Work] = (), events: Sequence[Event] | None = None, told: Iterable[int] = (), **changes: Any
) -> Material:
    """What the store would hand over; every work is new unless the events are given."""
    held = tuple(works)
    studies: dict[int, tuple[Work, ...]] = {}
    for one in held:
        studies[one.study] = (*studies.get(one.study, ()), one)
    previous: IssueRef | None = changes.get("previous", BEFORE)
    known = tuple(told)
    return replace(
        Material(
            events=tuple(new(one.id) for one in held) if events is None else tuple(events),
            studies={number: Study(versions) for number, versions in studies.items()},
            study_of={one.id: one.study for one in held},
            told=dict.fromkeys(known, IssueRef(3, datetime(2026, 3, 3, 7, tzinfo=UTC))),
            coverage=ALL_WELL,
            excluded={},
            previous=previous,
            version="0.1.0",
            contact="watch@example.org",
            start=previous.composed_at if previous else None,
            shown=frozenset(known),
        ),
        **changes,
    )


def composed(given: Material, subscription: Subscription = BERLIN) -> Composition:
    """The issue of 22 November 2026."""
    return compose(subscription, LABEL, given, NOW, NOW + timedelta(days=7))


def full_trial(number: int) -> Work:
    """A randomised trial whose record says all that a card can show."""
    stated = facts(
        Design.RCT,
        population="human",
        participants=86,
        interventions=(fact("electroacupuncture"), fact("other", "needle-free stimulation")),
        comparators=(fact("sham"),),
        outcomes=(fact("fatigue"), fact("quality_of_life")),
        conclusion="Made-up fatigue fell by made-up points; a made-up larger trial is needed.",
        corrected=True,
    )
    return work(
        number,
        title="Electroacupuncture for fatigue in multiple sclerosis: a made-up randomised trial",
        stated=stated,
        vernacular_title="电针治疗多发性硬化疲劳的虚构试验",
        languages=("chi",),
        authors=tuple(Author(name, "Ada") for name in ("Sample", "Example", "Muster", "Modelo")),
        pmid="99900001",
        pmcid="PMC9990001",
        registrations=("NCT99900001",),
        open_access=True,
    )


def versions(number: int) -> tuple[Work, Work]:
    """A review with the preprint it was before."""
    review = work(
        number,
        Design.SYSTEMATIC_REVIEW,
        "Acupuncture for spasticity in multiple sclerosis: a made-up systematic review",
        published=PartialDate(2026, 11),
    )
    preprint = work(
        number + 1,
        Design.SYSTEMATIC_REVIEW,
        study=number,
        publication_types=("Preprint",),
        journal="medRxiv",
        published=PartialDate(2026, 3, 3),
    )
    return review, preprint


def busy() -> Material:
    """One of everything."""
    works = (
        full_trial(11),
        *versions(12),
        work(14, Design.RCT, "Acupressure in a made-up pilot", stated=facts(Design.RCT, participants=12)),
        work(15, Design.CASE_REPORT, "Scalp acupuncture in one made-up person", abstract=()),
        work(16, Design.ANIMAL, "Electroacupuncture in made-up rats", stated=facts(Design.ANIMAL, population="animal")),
        work(17, Design.SYSTEMATIC_REVIEW, "Acupuncture in made-up neuropathic pain", tier=Tier.RELATED),
        work(18, Design.RCT, "A made-up trial that was retracted", stated=facts(Design.RCT, retracted=True)),
        work(
            19,
            Design.REGISTRATION,
            "A made-up registered trial of moxibustion",
            doi="",
            journal="",
            abstract=(),
            authors=(),
            registrations=("NCT99900019",),
        ),
        work(20, Design.OBSERVATIONAL, "A made-up cohort, found late", published=PartialDate(2019)),
        work(21, Design.NARRATIVE_REVIEW, "Needles & nerves: a made-up overview", published=None),
        work(22, None, "A made-up letter without a design", doi="", url="https://example.org/letter"),
        work(23, Design.EDITORIAL, "A made-up editorial that has to wait"),
        work(24, Design.REGISTRATION, "A made-up registration of trial 11", doi="", registrations=("NCT99900001",)),
        work(1, Design.RCT, "A made-up trial we sent in March", stated=facts(Design.RCT, retracted=True)),
        work(25, Design.PROTOCOL, "A made-up protocol of trial 11", published=PartialDate(2024)),
        work(2, Design.RCT, "A made-up preprint, now an article", pmid="99900002"),
        work(3, Design.RCT, "A made-up trial with a typing error", pmid="99900003", doi=""),
    )
    events = [new(one.id) for one in works if one.id > 10 and one.id not in {13, 25}]
    events += [
        new(18, EventKind.RETRACTED),
        new(3, EventKind.CORRECTED, notice="99900004"),
        new(2, EventKind.PUBLISHED, notice="10.5555/litwatch.2"),
        new(1, EventKind.RETRACTED, notice="https://example.org/retraction?of=1&why=made-up"),
    ]
    return material(
        works,
        events,
        told=(1, 2, 3, 25),
        excluded={"mass_spectrometry": 9, "mitral_stenosis": 2},
        kinships=(
            Kinship(11, 24, Relationship.REGISTRATION),
            Kinship(11, 25, Relationship.SAME_TRIAL),
        ),
    )


def trial_changes() -> Material:
    """What became of three registered trials."""
    plan = "A made-up registration of {}"
    why = (Section("Made-up summary.", "Brief summary"), Section("Slow made-up recruitment", "Why stopped"))
    bare: dict[str, Any] = {"doi": "", "journal": "", "abstract": why, "published": PartialDate(2024, 5, 14)}
    works = (
        work(1, Design.REGISTRATION, plan.format("moxibustion"), registrations=("NCT99900011",), **bare),
        work(2, Design.REGISTRATION, plan.format("cupping"), registrations=("NCT99900012",), **bare),
        work(3, Design.REGISTRATION, plan.format("acupressure"), registrations=("NCT99900013",), **bare),
    )
    due = "2026-11-16 (12 months after the primary completion, 2025-11-16)"
    events = (
        new(3, EventKind.OVERDUE, notice=due),
        new(1, EventKind.STATUS, notice="RECRUITING → TERMINATED"),
        new(2, EventKind.RESULTS, notice="https://clinicaltrials.gov/study/NCT99900012?tab=results"),
    )
    return material(works, events, told=(1, 2, 3))


def retraction() -> Material:
    """A trial that was sent and is retracted, and news beside it."""
    fallen = full_trial(1)
    fallen = replace(fallen, facts=replace(fallen.facts, retracted=fact(True, "PMID 99900009", "notice")))
    notice = new(1, EventKind.RETRACTED, notice="https://pubmed.ncbi.nlm.nih.gov/99900009/")
    return material([fallen, full_trial(11)], [notice, new(11)], told=(1,))


def now_published() -> Material:
    """A preprint that was sent and has appeared as an article under another title."""
    article, preprint = versions(1)
    before = replace(preprint.record, title="Needles against stiffness: a made-up review of made-up trials")
    return material(
        [article, replace(preprint, record=before)],
        [new(2, EventKind.PUBLISHED, notice="https://doi.org/10.5555/litwatch.1")],
        told=(1,),
    )


def found_late() -> Material:
    """Two studies that were published years ago, and one of this month."""
    old = work(1, Design.RCT, "A made-up trial of 2011 that was indexed this week", published=PartialDate(2011, 5))
    older = work(2, title="A made-up report of 1998", published=PartialDate(1998), published_stated="1998 Jan-Feb")
    return material([old, older, full_trial(11)])


def new_source() -> Material:
    """A source that was asked for the first time, with what it held before and one study of this week."""
    designs = (*[Design.RCT] * 12, *[Design.SYSTEMATIC_REVIEW] * 3, *[Design.OBSERVATIONAL] * 7, None)
    older = [work(100 + n, one, published=PartialDate(2010 + n % 15)) for n, one in enumerate(designs)]
    fallen = work(90, stated=facts(Design.RCT, retracted=True), published=PartialDate(2016, 3))
    held = [replace(one, sources=("DOAJ",)) for one in (*older, fallen, full_trial(11))]
    week = replace(held[-1], record=replace(held[-1].record, published=PartialDate(2026, 11, 16)))
    return material([*held[:-1], week], joined={"DOAJ": BEFORE.composed_at})


def only_older() -> Material:
    """A new source that has nothing new."""
    given = new_source()
    return replace(given, events=tuple(event for event in given.events if event.work != 11))


def our_mistake() -> Material:
    """A study that an issue called what it is not."""
    words = "kind of study: randomised controlled trial → observational study; number of people: 86 → 68"
    return material([work(1, Design.OBSERVATIONAL)], [new(1, EventKind.OUR_MISTAKE, notice=words)], told=(1,))


def out_of_cycle(subscription: Subscription) -> Composition:
    """The issue that tells at once of a retraction."""
    composition = compose_correction(subscription, LABEL, retraction(), NOW, NOW + timedelta(days=1))
    assert composition
    return composition


def golden() -> dict[str, Composition]:
    """The issues whose renderings are kept as files."""
    return {
        "baseline": composed(replace(busy(), previous=None, start=None, told={})),
        "busy": composed(busy(), replace(BERLIN, max_items=11)),
        "nothing-new": composed(material()),
        "incomplete": composed(material([full_trial(11)], coverage=PUBMED_FAILED)),
        "all-failed": composed(material(coverage=ALL_FAILED)),
        "not-asked": composed(material(coverage=NOT_ASKED)),
        "trial-changes": composed(trial_changes()),
        "retraction": composed(retraction()),
        "out-of-cycle": out_of_cycle(BERLIN),
        "now-published": composed(now_published()),
        "found-late": composed(found_late()),
        "our-mistake": composed(our_mistake()),
        "new-source": composed(only_older()),
        "patient": composed(busy(), replace(PATIENTS, max_items=11)),
        "patient-baseline": composed(replace(busy(), previous=None, start=None, told={}), PATIENTS),
        "patient-nothing-new": composed(material(), PATIENTS),
        "patient-out-of-cycle": out_of_cycle(PATIENTS),
        "patient-new-source": composed(only_older(), PATIENTS),
        "patient-incomplete": composed(material([full_trial(11)], coverage=PUBMED_FAILED), PATIENTS),
    }
