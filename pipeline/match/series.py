"""Reviews that are kept up to date: what all editions have in common, and which edition a DOI is of.

A Cochrane review keeps its number, which stands in the DOI and in place of a page. Each edition has a DOI of its own
(".pub2"), the first one none of these endings (Cochrane, "Citing Cochrane reviews").
"""

import re

_DOI = re.compile(r"10\.1002/14651858\.([a-z]{2}\d{6})(?:\.pub(\d{1,4}))?$")
_PAGE = re.compile(r"cd\d{6}$")


def series_of(doi: str, pages: str) -> str:
    """The number that all editions of a review share; empty for anything else."""
    found = _DOI.match(doi)
    if found:
        return found[1]
    stated = pages.strip().casefold()
    return stated if _PAGE.match(stated) else ""


def edition_of(doi: str) -> int:
    """Which edition a DOI is of, from 1; 0 if it is of none."""
    found = _DOI.match(doi)
    return int(found[2] or 1) if found else 0
