"""An abstract in one text, taken apart at its headings.

NLM prints the headings of structured abstracts in capitals with a colon (MEDLINE data element "AB"); litwatch writes
one section a line, each behind its heading.
"""

import re
from collections.abc import Iterator

from pipeline import text
from pipeline.model import Section

_HEADING = re.compile(r"(?:^|(?<=[.?!)] ))[A-Z]{3}[A-Z &/,()-]*$")
_LABELLED = re.compile(r"([^\W\d_a-z][^.:;?!]{1,60}): (?=\S)")
_ENDED = (".", "?", "!", ":", '"', "\u201d", ")")


def sections(abstract: str) -> tuple[Section, ...]:
    """The parts of an abstract."""
    if "\n" not in abstract:
        parts = tuple(_headed(text.clean(abstract)))
        # One heading tells of others: then also the first part may have one, if not in capitals.
        return (*_parts(parts[0].text), *parts[1:]) if len(parts) > 1 and not parts[0].label else parts
    return tuple(part for paragraph in _paragraphs(abstract) for part in _parts(paragraph))


def _paragraphs(abstract: str) -> Iterator[str]:
    """Lines, but for those that only go on from the line before."""
    held = list[str]()
    for line in filter(None, map(text.clean, abstract.splitlines())):
        if held and (held[-1].endswith(_ENDED) or _LABELLED.match(line)):
            yield " ".join(held)
            held = []
        held.append(line)
    if held:
        yield " ".join(held)


def _parts(paragraph: str) -> Iterator[Section]:
    """A paragraph under its heading in any letters; else what stands under headings in capitals."""
    label = _LABELLED.match(paragraph)
    if label:
        yield Section(paragraph[label.end() :], label[1].rstrip())
    else:
        yield from _headed(paragraph)


def _headed(paragraph: str) -> Iterator[Section]:
    label, start = "", 0
    for heading in _headings(paragraph):
        if words := paragraph[start : heading.start()].strip():
            yield Section(words, label)
        label, start = heading[0].rstrip(), heading.end() + 2
    if words := paragraph[start:].strip():
        yield Section(words, label)


def _headings(paragraph: str) -> Iterator[re.Match[str]]:
    """Headings in capitals, looked for only where a colon stands behind capitals: abstracts are long, and many."""
    at = paragraph.find(": ")
    while at >= 0:
        if paragraph[max(at - 3, 0) : at].isupper() and (found := _HEADING.search(paragraph, max(at - 64, 0), at)):
            yield found
        at = paragraph.find(": ", at + 2)
