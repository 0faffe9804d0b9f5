"""What feeds put into prose: descriptions that may hold an abstract."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.harvest.markup import headed, lines
from pipeline.model import Section

_ABSTRACT = "abstract"
_MARKS = frozenset({_ABSTRACT, "no abstract"})
# Lines that name what they hold: "Publication date: " (ScienceDirect), "Authors: " (Pensoft), "PMID:" (PubMed).
_LABELLED = re.compile(r"(DOI|PMID|Author|Publication date|Source)(?:s|\(s\))?: ?(.*)")
# "Volume 67, Issue 4, December 2021, Page 283-289", "TAXON, EarlyView.", "Acupuncture in Medicine, Ahead of Print.",
# "Nature Reviews Neurology, Published online: 03 July 2026; doi:10.1038/s41582-026-00001-0".
_ISSUE_NOTE = re.compile(
    r"(?:[^.]{0,200}, )?"
    r"(?:Ahead of Print|Early ?View|Volume \w+, (?:Issue|Page)\b[^.]*|Published online: [\w -]+; \|? ?doi:\S+)\.?\s*",
    re.IGNORECASE,
)
_NAMES = re.compile(r"(?:[^;.:]{2,60};){1,200}")  # CNKI: "Li WANG;Ping LIU;" on a line of its own
_LINKS = frozenset({"html", "pdf", "xml"})
_INLINE_HEADING = re.compile(r"([A-Z][A-Z ,/&()-]{2,60}): (.+)")  # PubMed: "MATERIALS AND METHODS: ..."


@dataclass(frozen=True)
class Description:
    """A description taken apart: the abstract, labelled lines by their label, and the words before the abstract."""

    sections: tuple[Section, ...]
    labelled: Mapping[str, str]
    before: str


def describe(markup: str) -> Description:
    """Tell an abstract from what publishers write around it, or in its place."""
    pieces = list(_pieces(markup))
    marks = [place for place, (_, line) in enumerate(pieces) if line == _ABSTRACT]
    start = marks[-1] + 1 if marks else 0
    return Description(
        sections=tuple(_sections(piece for piece in pieces[start:] if _labelled(piece[1]) is None)),
        labelled=dict(filter(None, (_labelled(line) for _, line in pieces))),
        before=" ".join(line for _, line in pieces[:start] if line != _ABSTRACT),
    )


def _pieces(markup: str) -> Iterator[tuple[str, str]]:
    """Yield each line under its heading, and a bare "abstract" where the text says that one begins."""
    for heading, body in headed(markup):
        begins = heading.casefold() in _MARKS
        if begins:
            yield "", _ABSTRACT
        for line in lines(body):
            marked = line.casefold() in _MARKS or line.startswith("Abstract: ")
            if marked:
                yield "", _ABSTRACT
            if words := line.partition(": ")[2] if marked else line:
                yield "" if begins else heading, words


def _labelled(line: str) -> tuple[str, str] | None:
    """Take apart a line that is no prose, into what it holds and the words for it."""
    if line.casefold() in _LINKS:
        return "link", line
    if _NAMES.fullmatch(line):
        return "author", line
    found = _LABELLED.fullmatch(line)
    return (found[1].casefold(), found[2]) if found else None


def _sections(prose: Iterable[tuple[str, str]]) -> Iterator[Section]:
    """Join lines under one heading; a heading may also stand in the line itself. Notes on the issue are left out."""
    joined: list[tuple[str, str]] = []
    for heading, stated in prose:
        line = _ISSUE_NOTE.sub("", stated, count=1) if _ISSUE_NOTE.match(stated) else stated
        inline = _INLINE_HEADING.fullmatch(line)
        label, words = inline.groups() if inline else (heading, line)
        if joined and joined[-1][0] == label:
            words = f"{joined.pop()[1]} {words}"
        if any(map(str.isalnum, words)):
            joined.append((label, words))
    return (Section(words, label) for label, words in joined)
