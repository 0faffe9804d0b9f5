"""From events to one issue. Pure: the store's state and the time come in, the issue and what it claims go out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from pipeline.digest.additions import additions, is_added
from pipeline.digest.corrected import corrections
from pipeline.digest.evidence_map import Tallies, changes, evidence_map, tallies
from pipeline.digest.families import Family, families, relatives
from pipeline.digest.issue import FIRST, NEVER, Composition, Issue, Item, Kin, Known, Material, Subscription
from pipeline.digest.sections import arrange, place
from pipeline.digest.studies import (
    ANNOUNCED,
    CARD_DESIGNS,
    NOTICES,
    appeared,
    design_of,
    has_posted_results,
    is_retracted,
    tier_of,
)
from pipeline.model import Design, EventKind, Study, Tier

BASELINE_YEARS = 5


def compose(
    subscription: Subscription, subject_label: str, material: Material, now: datetime, next_due: datetime | None
) -> Composition:
    """The next issue of a subscription, composed at ``now`` (aware).

    The first one is a baseline: it shows the state of the evidence, and every study in the subscription's tiers counts
    as told. Later ones tell each new study once, up to ``max_items``; a look back tells them all. What a new source
    held when it joined is only counted. An issue claims the events of studies it tells, counts or that were told
    before, and no others: what does not fit waits for the next issue, and what is outside the subscription's tiers
    waits until it moves into them.
    """
    shown = _shown(subscription, material)
    added = {number: shown[number] for number in _untold(shown, material) if is_added(shown[number], material.joined)}
    heads = {one.head: one for one in families(list(shown), (), material.kinships, shown)[0]}
    if material.start is None:
        items, waiting, told = _baseline(subscription, material, heads, now.date()), 0, set(shown)
    else:
        listed = {number: study for number, study in shown.items() if number not in added}
        items, waiting, told = _news(subscription, material, listed, material.start.date())
    issue = Issue(
        subscription=subscription,
        subject_label=subject_label,
        number=material.previous.number + 1 if material.previous else FIRST,
        composed_at=now,
        previous=material.previous,
        corrections=corrections(material),
        items=tuple(items),
        carried_over=waiting,
        known=None if material.start else _known(subscription, shown, heads, material),
        coverage=material.coverage,
        excluded=tuple(sorted(material.excluded.items(), key=lambda rule: (-rule[1], rule[0]))),
        next_due=next_due,
        version=material.version,
        contact=material.contact,
        start=None if material.start == NEVER else material.start,
        looks_back=material.looks_back,
        imported=material.imported,
        added=additions(added.values(), material.coverage),
    )
    before, after = _told_map(issue, added, material)
    issue = replace(issue, changes=changes(before, after))
    claims = [event for event in material.events if material.study_of[event.work] in told.union(added)]
    spoken_of = _spoken_of(issue)
    shown_events = (event.id for event in claims if material.study_of[event.work] in spoken_of)
    return Composition(issue, tuple(event.id for event in claims), frozenset(shown_events), after)


def compose_correction(
    subscription: Subscription, subject_label: str, material: Material, now: datetime, next_due: datetime | None
) -> Composition | None:
    """An issue out of cycle, if a study that an issue spoke of was retracted since; it tells that and nothing else."""
    urgent = tuple(
        event
        for event in material.events
        if event.kind is EventKind.RETRACTED and material.study_of[event.work] in material.shown
    )
    composition = compose(subscription, subject_label, replace(material, events=urgent), now, next_due)
    if not composition.issue.corrections:
        return None
    issue = replace(composition.issue, out_of_cycle=True, changes=())  # what it changes stands in the next one
    return replace(composition, issue=issue, told_map=None)


def _spoken_of(issue: Issue) -> frozenset[int]:
    """The studies that an issue names, in an item or in a correction."""
    corrected = (correction.study.id for correction in issue.corrections)
    return frozenset((*(number for item in issue.items for number in _told_by(item)), *corrected))


def _shown(subscription: Subscription, material: Material) -> dict[int, Study]:
    """The studies this subscription wants to hear of."""
    return {number: study for number, study in material.studies.items() if tier_of(study) in subscription.tiers}


def _untold(shown: Mapping[int, Study], material: Material) -> list[int]:
    """The studies that are news to the subscription, in the order in which they came."""
    news = dict.fromkeys(material.study_of[event.work] for event in material.events if event.kind is EventKind.NEW)
    return [number for number in news if number in shown and number not in material.told]


def _news(
    subscription: Subscription, material: Material, shown: Mapping[int, Study], since: date
) -> tuple[list[Item], int, set[int]]:
    """The new studies of this issue in reading order, how many wait for the next, and all that counts as told then.

    The more important section goes first and, within it, what has waited longest. After a look back no issue follows
    for which anything could wait.
    """
    turn = {number: turn for turn, number in enumerate(_untold(shown, material))}
    found, settled = families(list(turn), material.told, material.kinships, material.studies)
    items = arrange([_with_kin(place(shown[one.head], since), one, material) for one in found])
    queue = sorted(items, key=lambda item: (item.section.rank, turn[item.study.id]))
    waiting = [] if material.looks_back else queue[subscription.max_items :]
    kept = [item for item in items if item not in waiting]
    told = (number for item in kept for number in _told_by(item))
    return kept, len(waiting), set(told).union(settled, material.told)


def _with_kin(item: Item, family: Family, material: Material) -> Item:
    """The item with the other reports of its study that the reader knows, or meets with it."""
    kin = (
        Kin(material.studies[number], material.told.get(number))
        for number in relatives(family, material.told, material.kinships)
        if number in material.studies
    )
    return replace(item, kin=tuple(kin), delayed=_is_delayed(item.study, material))


def _is_delayed(study: Study, material: Material) -> bool:
    """Whether only sources that were out of order when the period began hold it, and held it by then."""
    record = study.main.record
    held = record.indexed or record.published
    sources = {label for work in study.works for label in work.sources}
    return bool(material.start and held and sources <= material.missed and held.latest <= material.start.date())


def _baseline(subscription: Subscription, material: Material, heads: Mapping[int, Family], today: date) -> list[Item]:
    """The most recent guidelines, reviews and trials of the last years, up to the subscription's limit.

    Results go before plans: a registration is shown where there is room after what has been found.
    """
    studies = (material.studies[number] for number in heads)
    recent = [study for study in studies if _is_recent(study, today) and not is_retracted(study)]
    newest = sorted(recent, key=_newest_first)
    found = (*CARD_DESIGNS, Design.NONRANDOMIZED_TRIAL)
    results = [study for study in newest if design_of(study) in found or has_posted_results(study)]
    planned = [study for study in newest if design_of(study) in ANNOUNCED and study not in results]
    chosen = (*results, *planned)[: subscription.max_items]
    return arrange([_with_kin(place(study, None), heads[study.id], material) for study in chosen])


def _is_recent(study: Study, today: date) -> bool:
    """Whether its own date lies in the last five years; a study without a date does not say so."""
    published = appeared(study)
    if published is None:
        return False
    latest = published.latest
    return (latest.year + BASELINE_YEARS, latest.month, latest.day) >= (today.year, today.month, today.day)


def _newest_first(study: Study) -> tuple[int, int]:
    """Newest first; of one day, the study known longest first."""
    published = appeared(study)
    return -published.latest.toordinal() if published else 0, study.id


def _told_map(issue: Issue, added: Mapping[int, Study], material: Material) -> tuple[Tallies, Tallies]:
    """The map of what this reader knows, before the issue and after it. A first issue shows it whole, unchanged."""
    if issue.known:
        whole = tallies(issue.known.map)
        return whole, whole
    wanted = _shown(issue.subscription, material)
    known = {number: study for number, study in wanted.items() if number in material.told}
    new = {number: material.studies[number] for item in issue.items for number in _told_by(item)}
    before = material.told_map
    if before is None:
        before = tallies(evidence_map(known, material.kinships))
    return before, tallies(evidence_map({**known, **added, **new}, material.kinships))


def _told_by(item: Item) -> tuple[int, ...]:
    """The studies that an item tells of."""
    return (item.study.id, *(kin.study.id for kin in item.kin))


def _known(subscription: Subscription, shown: Mapping[int, Study], heads: Iterable[int], material: Material) -> Known:
    """Studies counted by design and tier, and their map; notices are no studies."""
    by_design: dict[Design | None, dict[Tier, int]] = {}
    retracted = dict.fromkeys(subscription.tiers, 0)
    for study in (shown[number] for number in heads):
        if design_of(study) in NOTICES:
            continue
        row = by_design.setdefault(design_of(study), dict.fromkeys(subscription.tiers, 0))
        counted = retracted if is_retracted(study) else row
        counted[tier_of(study)] += 1
    return Known(by_design, retracted, evidence_map(shown, material.kinships))
