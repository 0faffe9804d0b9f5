"""What changed in a study that was told before, as an entry of an issue: what happened, where it stood, who says so."""

from pipeline import links, text
from pipeline.digest import trials, words
from pipeline.digest.card import Entry, Link, Note, identifiers, published
from pipeline.digest.issue import FIRST, Correction
from pipeline.model import EventKind, Record

_OVERDUE = (
    "No results are posted in the registry 12 months after the trial's primary completion, and we know of no "
    "publication of them. Not every trial is bound by law to post results."
)
# What happened, in a word and in a sentence, and where that can be read.
_HAPPENED = {
    EventKind.RETRACTED: ("Retracted", "It has been retracted.", "Retraction notice"),
    EventKind.CONCERN: ("Expression of concern", "Concern about it was expressed.", "Concern"),
    EventKind.WITHDRAWN: ("Withdrawn", "Its authors or the server took it back.", "Withdrawal notice"),
    EventKind.CORRECTED: ("Corrected", "A correction to it has appeared.", "Correction"),
    EventKind.OUR_MISTAKE: ("Our mistake", "What we said of it was wrong.", "We said → it is"),
    EventKind.PUBLISHED: ("Now published", "The preprint has appeared as an article.", "Article"),
    EventKind.RESULTS: ("Results posted", "The registry now shows results of the trial.", "Results"),
    EventKind.STATUS: ("Trial status changed", "The registry gives another status of the trial.", "Status"),
    EventKind.OVERDUE: ("Results overdue", _OVERDUE, "Since"),
}


def correction(one: Correction, timezone: str) -> Entry:
    """What happened to a study, where it was told, and the notice that says so. Why a trial stopped is quoted."""
    headline, meaning, label = _HAPPENED[one.event.kind]
    known = next((work for work in one.study.works if work.id == one.event.work), one.study.main)
    work = one.study.main if one.event.kind is EventKind.PUBLISHED else known
    then = words.day(one.told_in.composed_at, timezone)
    stood = f"It stood in issue {one.told_in.number} of {then}."
    issue = "Our first issue," if one.told_in.number == FIRST else f"Issue {one.told_in.number},"
    told = stood if one.shown else f"{issue} of {then}, counted it as told."
    source = Note(label, (notice_link(one.event.notice),))
    if work is not known:
        source = Note("Preprint", (*_known_as(known.record, work.record), *identifiers(known)))
    elif one.event.kind is EventKind.STATUS:
        source = Note(label, (Link(trials.in_words(one.event.notice)),))
    stopped = _stopped(work.record) if one.event.kind is EventKind.STATUS else ()
    return Entry(
        words.title(work.record),
        links.link(work.record),
        headline,
        notes=(
            Note("What happened", (Link(f"{meaning} {told}"),)),
            source,
            *stopped,
            published(work),
            Note("Find it", identifiers(work)),
        ),
        kind=one.event.kind.value,
    )


def _known_as(known: Record, now: Record) -> tuple[Link, ...]:
    """The title by which readers know it, if it has another one now."""
    return () if text.title_key(known.title) == text.title_key(now.title) else (Link(f"“{words.title(known)}”"),)


def _stopped(trial: Record) -> tuple[Note, ...]:
    """Why a trial stopped, in the registry's own words, if it says so."""
    return tuple(
        Note("Why stopped", (Link(f"“{part.text}”"),)) for part in trial.abstract if part.label == trials.WHY_STOPPED
    )


def notice_link(where: str) -> Link:
    """The address or identifier of a notice, as a link if it can be one; else the words the source has for it."""
    doi, pmid = text.doi(where), text.pmid(where)
    url = links.web(where) or (links.doi_url(doi) if doi else links.pmid_url(pmid) if pmid else "")
    return Link(links.web(where) or where or "none is linked in the records", url)
