"""Where in a journal an article stands: volume, issue and pages, in the many ways in which they are written."""

import re
from dataclasses import dataclass

from pipeline.exchange.dates import MONTHS

_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_FIRST_RANGE = re.compile(r"[;,+(]|\.(?=[a-z])")  # "2243-5; author reply 2243-5", "527-32.e1"
_PAGE = re.compile(r"([a-z]{0,4})\.?\s*(\d{1,12})([a-z]?)$")  # Python refuses to read numbers without end
_FIRST_NUMBER = re.compile(r"\d+")
_ARTICLE_NUMBER = 5  # letters and digits; no journal's volume has that many pages
_TALKS = frozenset({"s", "p", "o", "po", "ep", "op"})  # letters before the numbers of posters and talks
_SUPPLEMENT = 100  # pages; a longer range is that of a whole supplement


@dataclass(frozen=True, slots=True)
class Pages:
    """First and last page; ``last`` is empty where only one is stated. An article number is no page."""

    first: str = ""
    last: str = ""
    is_number: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it says so much that nothing else can stand there: three pages or more, or an article number.

        Pages from 1 on say nothing: some journals number each article so.
        """
        return self.is_number or (2 < self.length < _SUPPLEMENT and self.first != "1")

    @property
    def is_proof(self) -> bool:
        """Whether it is how a page proof is numbered before the article has its place: from 1."""
        return self.first == "1" and bool(self.last)

    @property
    def length(self) -> int:
        """How many pages, as far as that can be told; 1 where only the first is known."""
        first, last = (_FIRST_NUMBER.search(page) for page in (self.first, self.last))
        return max(1, int(last[0]) - int(first[0]) + 1) if first and last else 1


def pages_of(stated: str) -> Pages:
    """Pages as stated: ``288-97`` is 288 to 297, U+2010 is a hyphen, ``e123`` and ``CD002273`` are article numbers.

    What a spreadsheet made of a range (``13-May`` of 13-5) is turned back; what cannot be read is nothing.
    """
    begin = _FIRST_RANGE.split(stated.casefold().strip(' "').removeprefix("pp").removeprefix("p."), maxsplit=1)[0]
    ends = _DASH.split(begin, maxsplit=1)
    if len(ends) == 2 and ends[1][:3] in MONTHS and len(ends[1]) == 3:
        ends = [ends[0], str(MONTHS.index(ends[1]) + 1)]
    found = _PAGE.match(ends[0].strip())
    if not found:
        return Pages()
    letters, digits, _ = found.groups()
    first = letters + (digits.lstrip("0") or "0")
    is_number = letters in {"e", "cd", "art"} or (
        len(letters) < 3 and letters not in _TALKS and len(letters[:1] + digits) >= _ARTICLE_NUMBER
    )
    last = _PAGE.match(ends[1].strip()) if len(ends) == 2 else None
    if not last:
        return Pages(first, "", is_number)
    shown = last[2]
    # "288-97", "1120-4": the digits that stay the same are left out.
    full = digits[: len(digits) - len(shown)] + shown if len(shown) < len(digits) else shown
    return Pages(first, letters + full.lstrip("0"), is_number)


def number_of(stated: str) -> str:
    """The first number of a volume or issue (``88 Suppl 1`` is 88), or its letters where there is none."""
    if ")" in stated and "(" not in stated:
        return ""  # the end of "59 (Suppl 1)"
    found = _FIRST_NUMBER.search(stated)
    return (found[0].lstrip("0") or "0") if found else stated.strip().casefold()


def common_page(a: Pages, b: Pages) -> bool:
    """Whether one states a single page of the other's range, or the same page without its letters ("S27", "27")."""
    for one, other in ((a, b), (b, a)):
        if not one.last and one.first.isdigit() and other.last.isdigit() and other.first.isdigit():
            return int(other.first) <= int(one.first) <= int(other.last)
        if one.first.isdigit() and one.first == other.first.lstrip("abcdefghijklmnopqrstuvwxyz"):
            return True
    return False
