"""An issue as a reader meets it: headings, entries and notes in order, in words, without any markup.

Text, Markdown and HTML lay out the same page; so they hold the same items and the same words in the same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.digest import state, words
from pipeline.digest.card import Entry, brief, card, line
from pipeline.digest.cells import cell_words, changed_cell, column_name, row_name
from pipeline.digest.correction import correction
from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES, CellChange, EvidenceMap
from pipeline.digest.issue import Issue, Item, Known, Section
from pipeline.model import Tier
from pipeline.proof import Coverage, Status

_LAYOUTS = {
    Section.WORTH_READING: "card",
    Section.BELOW_THE_LINE: "brief",
    Section.TRIALS: "line",
    Section.FOUND_LATE: "line",
    Section.ALSO_INDEXED: "line",
}
MOST_CHANGES = 12
"""Cells of the map that an issue names: one review of everything changes dozens."""

_STATUS = {
    Status.COMPLETE: "complete",
    Status.INCOMPLETE: "cut short",
    Status.FAILED: "failed",
    Status.SKIPPED: "not asked",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Entries under one heading. ``layout`` is correction, card, brief or line.

    ``addresses`` says that text, too, shows where the words of an entry's notes lead.
    """

    heading: str
    layout: str
    entries: tuple[Entry, ...]
    intro: str = ""
    addresses: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under column headings; the first cell of a row names it.

    The others are figures, which say nothing without their column, or ``sentences`` that speak for themselves.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    intro: str = ""
    sentences: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The whole issue in reading order; ``appendix`` stands between receipt and footer."""

    title: str
    complete: bool
    state: tuple[str, ...]
    figures: tuple[tuple[int, str], ...]
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    carried_over: str
    evidence: tuple[Table, ...]
    receipt: Table
    receipt_facts: tuple[tuple[str, str], ...]
    footer: tuple[str, ...]
    changes: Table | None = None
    headline: str = ""
    appendix: tuple[Block, ...] = ()


def page(issue: Issue) -> Page:
    """Put an issue into words."""
    return Page(
        title=state.subject_line(issue),
        complete=issue.complete or issue.out_of_cycle,
        state=tuple(state.state(issue)),
        figures=state.figures(issue),
        facts=(("Period", state.period(issue)), ("Series", state.place_in_series(issue))),
        blocks=tuple(_blocks(issue)),
        carried_over=_carried_over(issue),
        evidence=tuple(_evidence(issue.known, issue.subscription.tiers)) if issue.known else (),
        receipt=_receipt(issue),
        receipt_facts=tuple(_receipt_facts(issue)),
        footer=tuple(_footer(issue)),
        changes=_changes(issue.changes),
    )


def _blocks(issue: Issue) -> Iterator[Block]:
    """The sections that have something to say."""
    zone, headings = issue.subscription.timezone, issue.subscription.edition.headings
    if issue.corrections:
        entries = tuple(correction(one, zone) for one in issue.corrections)
        yield Block(headings["corrections"].heading, "correction", entries, headings["corrections"].intro)
    for section, layout in _LAYOUTS.items():
        entries = tuple(_entry(layout, item, zone) for item in issue.items if item.section is section)
        if entries:
            yield Block(headings[section].heading, layout, entries, headings[section].intro)


def _entry(layout: str, item: Item, timezone: str) -> Entry:
    if layout == "card":
        return card(item, timezone)
    return brief(item) if layout == "brief" else line(item)


def _carried_over(issue: Issue) -> str:
    """What did not fit, so that nobody takes the issue for everything."""
    if not issue.carried_over:
        return ""
    waits = "waits" if issue.carried_over == 1 else "wait"
    return f"{words.count(issue.carried_over, 'more new study', 'more new studies')} {waits} for the next issue."


def _changes(changes: Sequence[CellChange]) -> Table | None:
    """The cells of the evidence map that are otherwise than before, a line each; of very many the first."""
    if not changes:
        return None
    left = len(changes) - MOST_CHANGES
    more = f" {words.count(left, 'more cell', 'more cells')} changed." if left > 0 else ""
    return Table(
        "What this changes",
        ("On the map of the evidence", "Before → after"),
        tuple(map(changed_cell, changes[:MOST_CHANGES])),
        f"Studies about the subject itself that you were told of, by outcome and treatment.{more}",
        sentences=True,
    )


def _evidence(known: Known, tiers: Iterable[Tier]) -> Iterator[Table]:
    """The state of the evidence: studies by design and tier, and their map."""
    yield _designs(known, tiers)
    if known.map.cells:
        yield _map(known.map)


def _map(whole: EvidenceMap) -> Table:
    """The map in rows that read in a message, too; a treatment that nobody studied has none."""
    rows = ((row_name(treatment), "; ".join(_cells(whole, treatment))) for treatment in INTERVENTIONS)
    intro = (
        "Core studies by treatment and outcome; a study stands in every cell that its record names. N is how many "
        "people took part, in studies that say so; reviews (SR: systematic reviews), which count them again, are left "
        "out. What is not listed is a gap: no core study that is known names it. Nothing here says what was found."
    )
    named = tuple(row for row in rows if row[1])
    return Table("What was studied", ("Treatment", "Outcomes"), named, intro, sentences=True)


def _cells(whole: EvidenceMap, treatment: str) -> Iterator[str]:
    for outcome in OUTCOMES:
        cell = whole.cell(treatment, outcome)
        if not cell.is_empty:
            yield f"{column_name(outcome)}: {cell_words(cell)}"


def _designs(known: Known, tiers: Iterable[Tier]) -> Table:
    """Studies by design and tier."""
    shown = tuple(tiers)
    counted = [
        (words.design(design, many=True), row)
        for design, row in sorted(known.by_design.items(), key=lambda entry: words.design_rank(entry[0]))
        if any(row.values())
    ]
    if any(known.retracted.values()):
        counted.append(("retracted, of whatever design", known.retracted))
    total = {tier: sum(row[tier] for _, row in counted) for tier in shown}
    rows = ((name, *(f"{row[tier]:,}" for tier in shown)) for name, row in (*counted, ("all", total)))
    intro = "Core studies are about the subject itself, related ones touch it. A design is not a certainty."
    return Table("The state of the evidence", ("Studies", *(tier.value for tier in shown)), tuple(rows), intro)


def _receipt(issue: Issue) -> Table:
    rows = ((row.label, f"{_answer(row, issue)}; {_when(row, issue)}") for row in issue.coverage)
    return Table("What was checked", ("Source", "Answer"), tuple(rows), sentences=True)


def _answer(row: Coverage, issue: Issue) -> str:
    """How it ended, what went wrong, and the numbers that prove it."""
    because = f" ({row.error.rstrip('.')})" if row.error else ""
    if row.status is Status.SKIPPED:
        return f"{_STATUS[row.status]}{because}"
    earlier = ", before this period" if row in issue.not_asked else ""
    announced = "no total announced" if row.total is None else f"{row.total:,} announced"
    counts = [announced, f"{row.fetched:,} fetched", f"{row.new:,} new"]
    if row.changed:
        counts.append(f"{words.count(row.changed, 'record')} changed")
    if row.gone:
        counts.append(f"{words.count(row.gone, 'record')} no longer listed")
    if row.quarantined:
        counts.append(f"{words.count(row.quarantined, 'record')} unreadable")
    return f"{_STATUS[row.status]}{earlier}{because}: {', '.join(counts)}"


def _when(row: Coverage, issue: Issue) -> str:
    """When it was asked, and until when nothing is missing of what it holds."""
    zone = issue.subscription.timezone
    until = words.minute(row.complete_until, zone) if row.complete_until else ""
    if row.status is Status.SKIPPED:
        return f"complete until {until}" if until else "never complete"
    asked = words.minute(row.asked_at, zone)
    complete = f"complete until {'then' if until == asked else until}" if until else "never complete"
    return f"asked {asked}, {complete}"


def _receipt_facts(issue: Issue) -> Iterator[tuple[str, str]]:
    zone = issue.subscription.timezone
    yield "Times", zone
    if issue.excluded:
        total = words.count(sum(number for _, number in issue.excluded), "record")
        rules = ", ".join(f"{words.term(rule)} ({number:,})" for rule, number in issue.excluded)
        yield "Screened out", f"{total} — {rules}; litwatch list --excluded shows them"
    else:
        yield "Screened out", "no record"
    if issue.imported:
        yield "From files", f"{words.count(issue.imported, 'record')} imported by hand"
    unreadable = sum(row.quarantined for row in issue.coverage)
    if unreadable:
        yield "Could not be read", f"{words.count(unreadable, 'record')}, kept aside"
    yield "Query version", issue.query_version or "not stated"
    yield "Next issue", words.minute(issue.next_due, zone) if issue.next_due else "not scheduled"


def _footer(issue: Issue) -> Iterator[str]:
    said = issue.subscription.edition.footer
    yield said.made
    if issue.contact:
        yield said.contact.format(contact=issue.contact)
    if not issue.looks_back:
        yield said.archive.format(digest=issue.subscription.name, issue=issue.number)
    yield said.version.format(version=issue.version)
