"""Sentences of a scientific abstract."""

import re
from collections.abc import Iterator

# A stop, perhaps with closing quotes or brackets, then a blank, then what may begin a sentence.
_END = re.compile(r"[.!?\u3002\uff01\uff1f][)\]\"'\u2019\u201d]*\s+(?=[\"'(\[\u2018\u201c]?[^\Wa-z_])")
# What ends in a stop and does not end a sentence, and single letters ("P. Smith"), which are initials.
_ABBREVIATION = re.compile(
    r"(?:\b(?:vs|e\.g|i\.e|cf|viz|approx|ca|resp|fig|figs|tab|eq|no|nos|vol|pp|ref|refs|dr|prof|mr|mrs|ms|st|al|inc|ltd|co|"
    r"spp|sp|var|ed|eds|dept|jan|feb|aug|sept|oct|nov|dec|incl|max|min|wk|wks|yr|yrs|mo)"
    r"|(?:^|[\s(])[A-Za-z])\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each a verbatim piece of it; decimals, "et al." and the like do not end one.

    "MS" at the end of a sentence is the disease, "Ms." a form of address: only the latter spelling is an abbreviation.
    """
    start = 0
    for found in _END.finditer(text):
        stop = text[max(start, found.start() - 12) : found.start() + 1]
        if _ABBREVIATION.search(stop) and not stop.endswith("MS."):
            continue
        yield text[start : found.end()].strip()
        start = found.end()
    if rest := text[start:].strip():
        yield rest
