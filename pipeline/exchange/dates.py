"""Dates as bibliographic programs write them, as precise as they are stated."""

import re
from contextlib import suppress
from functools import lru_cache

from pipeline.exchange.identifiers import year
from pipeline.model import PartialDate

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# ISO 8601; RIS ("2024/05/01/"); MEDLINE ("2024 May 1", "20240501").
_DATE = re.compile(
    r"\b(?P<year>1[0-9]{3}|2[01][0-9]{2})"
    r"(?:[-/. ]+(?P<month>[0-9]{1,2}|[A-Za-z]{3,9})\b(?:[-/. ]+(?P<day>[0-9]{1,2})(?![0-9]))?|"
    r"(?P<month2>[01][0-9])(?P<day2>[0-3][0-9])\b|(?![0-9]))"
)


@lru_cache(maxsize=5_000)
def partial(stated: str) -> PartialDate | None:
    """The date in a text that gives its year first; only the year, if it stands elsewhere; None if there is none."""
    if found := _DATE.search(stated):
        month = _month(found["month"] or found["month2"] or "")
        parts = [int(part) for part in (found["year"], month, month and (found["day"] or found["day2"])) if part]
        for precision in range(len(parts), 0, -1):
            with suppress(ValueError):
                return PartialDate(*parts[:precision])
    number = year(stated)
    return PartialDate(number) if number else None


def _month(stated: str) -> str:
    """A month's number; empty for what is no month, such as a season."""
    name = stated[:3].casefold()
    return str(MONTHS.index(name) + 1) if name in MONTHS else stated if stated.isdigit() else ""
