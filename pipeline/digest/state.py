"""What an issue says of itself: the subject line, and the sentences that say what is certain and what is missing.

The words "nothing new" appear only where every source that can be asked was asked within the period, answered in full
and could be read, and none of them is new and held something; a source that was left out, for want of a key, is counted
beside them.
"""

from collections.abc import Iterator, Sequence

from pipeline.digest.additions import Addition
from pipeline.digest.issue import NEVER, Issue, is_empty
from pipeline.digest.studies import design_of, is_retracted
from pipeline.digest.words import count, day, design, listed, minute
from pipeline.model import Design
from pipeline.proof import Coverage, Status

_NAMED_AT_MOST = 2  # in a subject line
EXPLAINED_AT_MOST = 3
"""Sources of which each has a sentence ahead of the news."""

_TELLING = (Design.RCT, Design.SYSTEMATIC_REVIEW)  # of what a new source adds


def subject_line(issue: Issue) -> str:
    """The state of the issue, the most telling words first: a mail program may cut it off after some 60 characters.

    Its counts are those of what is rendered. An incomplete issue says that rather than how many are trials. One that is
    out of cycle says what befell the study, and when it was sent.
    """
    if issue.out_of_cycle:
        return f"CORRECTION — {issue.subject_label}: {_retracted(issue)}"
    told = [*_told(issue)]
    if not issue.complete:
        told.append(f"INCOMPLETE ({gaps_named(issue)})")
    elif is_empty(issue) and not issue.known:
        told = [*(told if issue.added else ["nothing new"]), _checked(issue)]
    if issue.known:
        told.append(f"{len(issue.items)} shown")
    return f"{issue.subject_label}: {', '.join(told)} — {day(issue.composed_at, issue.subscription.timezone)}"


def figures(issue: Issue) -> tuple[tuple[int, str], ...]:
    """Three counts with what they count; of an issue out of cycle the only one it has."""
    if issue.out_of_cycle:
        number = _studies_corrected(issue)
        return ((number, "study was retracted" if number == 1 else "studies were retracted"),)
    if issue.known:
        trials = issue.known.of(Design.RCT)
        return (
            (issue.known.studies, "study known" if issue.known.studies == 1 else "studies known"),
            (trials, "randomised trial" if trials == 1 else "randomised trials"),
            (len(issue.items), "shown below"),
        )
    items, corrections = len(issue.items), len(issue.corrections)
    return (
        (items, "new study" if items == 1 else "new studies"),
        (corrections, "correction" if corrections == 1 else "corrections"),
        (issue.carried_over, "carried over to the next issue"),
    )


def state(issue: Issue) -> Iterator[str]:
    """The opening sentences: what is certain; each gap; what was left out. Out of cycle: why it could not wait."""
    if issue.out_of_cycle:
        yield f"This is a correction out of turn: {_retracted(issue)}."
        on = f", on {day(issue.next_due, issue.subscription.timezone)}" if issue.next_due else ""
        yield f"Everything else is told in the next regular issue{on}."
        return
    if issue.complete:
        yield _all_well(issue)
    elif not issue.asked:
        yield f"INCOMPLETE: {gaps_named(issue)}, so this issue cannot say whether anything is missing."
    else:
        yield f"INCOMPLETE: {gaps_named(issue)}. What is told here stands; there may be more."
    if len(issue.gaps) <= EXPLAINED_AT_MOST:
        for row in issue.gaps:
            yield from _gap(issue, row)
    else:
        yield "Each source is accounted for at the end, under “What was checked”."
    for row in issue.left_out:
        yield f"{row.label} was left out{_because(row)}."
    yield from requeried(issue)
    yield from _added(issue.added)
    if issue.known:
        yield (
            "This is the first issue. It counts what is known and shows the most recent guidelines, systematic reviews "
            f"and trials of the last five years, {count(issue.subscription.max_items, 'study', 'studies')} at most. "
            "Everything else known today counts as told: later issues say only what is new and what has changed."
        )


def period(issue: Issue) -> str:
    """From when to when, in the subscription's time zone."""
    zone = issue.subscription.timezone
    until = f"{minute(issue.composed_at, zone)} ({zone})"
    return f"{minute(issue.start, zone)} to {until}" if issue.start else f"everything up to {until}"


def place_in_series(issue: Issue) -> str:
    """The issue's number and the one before, so that a reader notices a gap."""
    if issue.looks_back:
        return f"A look back, not an issue of “{issue.subscription.name}”; nothing counts as told by it."
    this = f"Issue {issue.number} of “{issue.subscription.name}”{', out of turn' if issue.out_of_cycle else ''}"
    if not issue.previous:
        return f"{this}; there is none before it."
    before = day(issue.previous.composed_at, issue.subscription.timezone)
    return f"{this}; the one before, issue {issue.previous.number}, was composed on {before}."


def _retracted(issue: Issue) -> str:
    """What befell what was sent: the day it was sent on if it was one study, else how many."""
    number = _studies_corrected(issue)
    if number > 1:
        return f"{number} studies we sent were retracted"
    zone = issue.subscription.timezone
    sent, now = day(issue.corrections[0].told_in.composed_at, zone), day(issue.composed_at, zone)
    this_year = f" {now.rpartition(' ')[2]}"
    return f"a study we sent on {sent.removesuffix(this_year)} was retracted"


def _studies_corrected(issue: Issue) -> int:
    return len({correction.study.id for correction in issue.corrections})


def _told(issue: Issue) -> Iterator[str]:
    if issue.known:
        studies = count(issue.known.studies, "study", "studies")
        yield f"first issue, {studies} known{_trials(issue, issue.known.of(Design.RCT))}"
    elif issue.items or not issue.corrections:
        trials = sum(design_of(item.study) is Design.RCT and not is_retracted(item.study) for item in issue.items)
        yield f"{len(issue.items)} new{_trials(issue, trials)}"
    if issue.corrections:
        yield count(len(issue.corrections), "correction")
    elif issue.added and not issue.items:
        yield f"{sum(one.studies for one in issue.added):,} older added"


def _trials(issue: Issue, number: int) -> str:
    """How many of the new studies are randomised trials."""
    called = issue.subscription.edition.subject
    return f" ({count(number, called.trial, called.trials)})" if number and issue.complete else ""


def _checked(issue: Issue) -> str:
    if issue.left_out:
        return f"{len(issue.asked)} of {count(len(issue.coverage), 'source')} checked"
    return "its only source checked" if len(issue.asked) == 1 else f"all {len(issue.asked)} sources checked"


def _all_well(issue: Issue) -> str:
    if issue.left_out:
        checked = f"{len(issue.asked)} of {count(len(issue.coverage), 'source')} answered in full"
    elif len(issue.asked) == 1:
        checked = "the only source was asked and answered in full"
    else:
        checked = f"all {len(issue.asked)} sources were asked and answered in full"
    if is_empty(issue) and not issue.known and not issue.added:
        return f"Nothing new: {checked}."
    return f"{checked[0].upper()}{checked[1:]}."


def gaps_named(issue: Issue) -> str:
    """The gaps in a few words, for a subject line that may be cut off."""
    if not issue.asked:
        return "no source was asked"
    failed = [row.label for row in issue.asked if row.status is Status.FAILED]
    short = [row.label for row in issue.asked if row.status is Status.INCOMPLETE]
    named = [
        *_named(failed, "failed", issue),
        *_named(short, "cut short", issue),
        *_named([row.label for row in issue.not_asked], "not asked", issue),
    ]
    unreadable = sum(row.quarantined for row in issue.gaps)
    return ", ".join([*named, *([f"{count(unreadable, 'record')} unreadable"] if unreadable else [])])


def _named(labels: Sequence[str], what: str, issue: Issue) -> Iterator[str]:
    total = len(issue.coverage)
    if len(labels) == total > 1:
        yield f"all {total} sources {what}"
    elif len(labels) > _NAMED_AT_MOST:
        yield f"{len(labels)} of {total} sources {what}"
    elif labels:
        yield f"{listed(labels)} {what}"


def _gap(issue: Issue, row: Coverage) -> Iterator[str]:
    """One gap in full: what happened, and up to when the source is proven; what it sent that could not be read."""
    proven = "It has never been complete"
    if row.complete_until:
        proven = f"It was last complete on {minute(row.complete_until, issue.subscription.timezone)}"
    if row.asked_at == NEVER:
        yield f"{row.label} was never asked."
    elif row in issue.not_asked:
        period = "in this period" if issue.looks_back else "since the issue before"
        yield f"{row.label} was not asked {period}. {proven}."
    elif row.status is Status.FAILED:
        yield f"{row.label} failed{_because(row)}. {proven}."
    elif row.status is Status.INCOMPLETE:
        yield f"{row.label} was cut short at {row.fetched:,} of {_announced(row)}{_because(row)}. {proven}."
    if row.quarantined:
        kept = "it is" if row.quarantined == 1 else "they are"
        sent = count(row.quarantined, "record")
        yield f"{row.label} sent {sent} that could not be read; {kept} kept aside, and may be news."


def requeried(issue: Issue) -> Iterator[str]:
    """Which sources are asked otherwise, so that a reader knows why old studies turn up as new."""
    for row in issue.coverage:
        if row.before:
            asked = f"{row.label} is asked otherwise than on {day(row.before.asked_at, issue.subscription.timezone)}"
            if row.before.total is None or row.total is None:
                yield f"{asked}; how many records more or fewer that finds is not known."
            else:
                yield f"{asked}: {count(row.before.total, 'record')} then, {row.total:,} now."


def _added(added: Sequence[Addition]) -> Iterator[str]:
    """What new sources held when they joined, how much of it is telling, and how to see it all."""
    if len(added) > EXPLAINED_AT_MOST:
        yield f"{len(added)} sources are new and add {_older(added)}"
    else:
        yield from (f"{one.label} is new among the sources and adds {_older([one])}" for one in added)


def _older(added: Sequence[Addition]) -> str:
    studies, retracted = sum(one.studies for one in added), sum(one.retracted for one in added)
    numbers = [(sum(one.of(kind) for one in added), kind) for kind in _TELLING]
    among = [f"{number:,} {design(kind, many=number != 1)}" for number, kind in numbers if number]
    among += [f"{retracted:,} retracted"] if retracted else []
    named = f", among them {listed(among)}" if among else ""
    count_as, shown = ("It counts", "it") if studies == 1 else ("They count", "them")
    command = f"litwatch list --since {min(one.since for one in added)} shows {shown}"
    return f"{count(studies, 'older study', 'older studies')}{named}. {count_as} as told; {command}."


def _because(row: Coverage) -> str:
    return f": {row.error.rstrip('.')}" if row.error else ""


def _announced(row: Coverage) -> str:
    return "an unknown number of records" if row.total is None else count(row.total, "record")
