"""The patient edition: the same issue as a page of few and plain words.

Before the receipt there are at most 300 words. Corrections and studies are told in the issue's order as long as there
is room; all others follow after the receipt, a line each, so that the page holds everything that the issue does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from pipeline.digest import state
from pipeline.digest.card import Entry
from pipeline.digest.edition import Heading, PlainEdition
from pipeline.digest.issue import Issue, is_empty
from pipeline.digest.page import Block, Page, Table, page
from pipeline.digest.plain import abbreviations
from pipeline.digest.plain_entry import correction, correction_line, entry, line
from pipeline.digest.render_text import render_text

MOST_WORDS = 300
_END = "."


@dataclass(frozen=True, slots=True)
class _Told:
    """Every correction and every study, in full and in a line."""

    corrections: tuple[tuple[Entry, Entry], ...]
    studies: tuple[tuple[Entry, Entry], ...]


def patient_page(issue: Issue, edition: PlainEdition) -> Page:
    """Put an issue into plain words."""
    whole, zone = page(issue), issue.subscription.timezone
    told = _Told(
        tuple((correction(one, edition, zone), correction_line(one, edition, zone)) for one in issue.corrections),
        tuple((entry(item, edition), line(item, edition)) for item in issue.items),
    )
    everything = len(issue.corrections) + len(issue.items)
    pages = (_page(issue, whole, edition, told, room) for room in range(1, everything + 1))
    fitting = takewhile(lambda one: words_in_front(one) <= MOST_WORDS, pages)
    return [_page(issue, whole, edition, told, 0), *fitting][-1]


def words_in_front(given: Page) -> int:
    """How many words the page has as text before its receipt, addresses included."""
    front = replace(given, receipt=Table(_END, (), ()), receipt_facts=(), appendix=(), footer=())
    *words, _, _ = render_text(front).split()  # the heading of what is left of the receipt, and the line below it
    return len(words)


def _page(issue: Issue, whole: Page, edition: PlainEdition, told: _Told, room: int) -> Page:
    """The page with room for so many corrections and studies before the receipt; the others follow after it."""
    front = replace(
        whole,
        headline=_headline(issue, edition),
        state=tuple(_state(issue, edition)),
        figures=(),
        facts=(),
        blocks=tuple(_blocks(issue, edition, told, room)),
        carried_over=" ".join(_more(issue, edition, room)),
        evidence=(),
        changes=None,
        receipt_facts=(
            *whole.facts,
            *(("Asked otherwise", one) for one in state.requeried(issue)),
            *whole.receipt_facts,
        ),
    )
    used = _used(edition, _words_of(front))
    if explained := _explained(edition, used):
        front = replace(front, blocks=(*front.blocks, Block(edition.labels.short_forms, "card", (), explained)))
    return replace(front, appendix=tuple(_appendix(edition, told, room, used)))


def _headline(issue: Issue, edition: PlainEdition) -> str:
    said = edition.headline
    new = edition.counts["new"].of(len(issue.items))
    corrections = edition.counts["corrections"].of(len(issue.corrections))
    if issue.out_of_cycle:
        return said.out_of_cycle
    if issue.known:
        return said.first
    if issue.items and issue.corrections:
        return said.both.format(new=new, corrections=corrections)
    if issue.items or issue.corrections:
        return said.news.format(new=new) if issue.items else said.corrections.format(corrections=corrections)
    return said.none if issue.complete else said.incomplete


def _state(issue: Issue, edition: PlainEdition) -> Iterator[str]:
    """What is certain and what is missing; the rules are those of every edition."""
    said = edition.state
    if issue.out_of_cycle:
        yield said.out_of_cycle
    elif issue.complete:
        quiet = is_empty(issue) and not issue.known and not issue.added
        template = said.nothing_new if quiet else said.searched
        sentence = template.format(sources=_searched(issue, edition))
        yield f"{sentence[0].upper()}{sentence[1:]}"
    elif not issue.asked:
        yield said.not_asked
    else:
        yield said.incomplete.format(gaps=state.gaps_named(issue))
    yield from _added(issue, edition)
    if issue.known:
        yield said.first.format(known=edition.counts["known"].of(issue.known.studies))


def _added(issue: Issue, edition: PlainEdition) -> Iterator[str]:
    """What new sources held when they joined; of many new ones in one sentence."""
    said = edition.state
    if len(issue.added) > state.EXPLAINED_AT_MOST:
        number = sum(one.studies for one in issue.added)
        yield said.added_by_many.format(sources=len(issue.added), number=f"{number:,}")
    else:
        yield from (said.added.of(one.studies, source=one.label) for one in issue.added)


def _searched(issue: Issue, edition: PlainEdition) -> str:
    said = edition.state
    if issue.left_out:
        return said.some_searched.format(searched=len(issue.asked), number=len(issue.coverage))
    return said.only_searched if len(issue.asked) == 1 else said.all_searched.format(number=len(issue.asked))


def _blocks(issue: Issue, edition: PlainEdition, told: _Told, room: int) -> Iterator[Block]:
    """What stands before the receipt, under its headings."""
    if corrections := told.corrections[:room]:
        yield _block(edition.headings["corrections"], "correction", (full for full, _ in corrections))
    left = max(0, room - len(corrections))
    studies = zip(issue.items[:left], told.studies[:left], strict=True)
    for section, under in groupby(studies, key=lambda study: study[0].section):
        yield _block(edition.headings[section], "card", (full for _, (full, _) in under))


def _block(heading: Heading, layout: str, entries: Iterable[Entry]) -> Block:
    return Block(heading.heading, layout, tuple(entries), heading.intro, addresses=True)


def _more(issue: Issue, edition: PlainEdition, room: int) -> Iterator[str]:
    """What follows at the end, and what waits."""
    corrections = len(issue.corrections) - room
    studies = len(issue.items) + min(0, corrections)
    for name, number in (("more_corrections", corrections), ("more_studies", studies), ("waiting", issue.carried_over)):
        if number > 0:
            yield edition.counts[name].of(number)


def _appendix(edition: PlainEdition, told: _Told, room: int, used: Iterable[str]) -> Iterator[Block]:
    """What has no room before the receipt; abbreviations that were not used there are explained here."""
    corrections = tuple(short for _, short in told.corrections[room:])
    studies = tuple(short for _, short in told.studies[max(0, room - len(told.corrections)) :])
    for heading, entries in ((edition.more["corrections"], corrections), (edition.more["studies"], studies)):
        if entries:
            fresh = _used(edition, (one.title for one in entries)) - set(used)
            intro = f"{heading.intro} {_explained(edition, fresh)}".strip()
            yield Block(heading.heading, "line", entries, intro)


def _words_of(given: Page) -> Iterator[str]:
    """Every text before the receipt."""
    yield from (given.title, given.headline, *given.state, given.carried_over)
    for block in given.blocks:
        yield from (block.heading, block.intro)
        for one in block.entries:
            yield from (one.title, one.because)
            yield from (f"{note.label} {part.text}" for note in one.notes for part in note.parts)


def _used(edition: PlainEdition, texts: Iterable[str]) -> set[str]:
    """The abbreviations in texts that the glossary explains."""
    return {short for text in texts for short in abbreviations(text)}.intersection(edition.glossary)


def _explained(edition: PlainEdition, used: Iterable[str]) -> str:
    """The glossary's words for abbreviations, in one line."""
    return " ".join(f"{short}: {edition.glossary[short]}." for short in sorted(used))
