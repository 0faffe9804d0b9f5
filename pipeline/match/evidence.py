"""What the fields of two records say for and against their being one publication, in points.

The sum is a log-likelihood ratio in the manner of Fellegi and Sunter (A theory for record linkage, JASA 1969;64:1183),
with weights in round numbers set by convention: a whole title says more than a volume, a contradiction more than a
silence. What a record does not state counts for nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.match import names, places, titles
from pipeline.match.places import Pages
from pipeline.match.signature import Signature

SAME = 12
"""Points from which two records are one publication: as many as a long title and the authors give."""
UNCERTAIN = 8
"""Points from which they may be, and somebody should look."""

_TELLING_TITLE, _LONG_TITLE = 20, 40  # letters
_TELLING_ABSTRACT = 200  # letters
_TELLING_POINTS = 4  # of a title that is not short


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field's points, and in what it agrees (or not), for people."""

    field: str
    points: int


def weigh(a: Signature, b: Signature) -> tuple[Evidence, ...]:
    """Every field of the two that says anything."""
    found = (*described(a, b), *_placed(a, b))
    apart = any(one.field == "journal" and one.points < 0 for one in found)
    if a.record.abstract and b.record.abstract and not apart and UNCERTAIN - 5 <= total(found) < SAME + 4:
        found = (*found, *abstracts(a, b))
    return found


def total(evidence: tuple[Evidence, ...]) -> int:
    """All points together."""
    return sum(one.points for one in evidence)


def described(a: Signature, b: Signature) -> Iterator[Evidence]:
    """Title, authors and year."""
    yield _titles(a, b)
    if a.authors and b.authors and a.is_of_people is b.is_of_people:
        common = common_authors(a, b)
        yield Evidence("authors", 4 if common >= 0.6 else 2 if common >= 0.3 else -6)
    if a.year and b.year:
        apart = abs(a.year - b.year)
        yield Evidence("year", (1, 0, -3)[apart] if apart < 3 else -5)


def common_authors(a: Signature, b: Signature) -> float:
    """The share of the shorter list's people that the other one has, too, whichever of their names stands first."""
    common = names.overlap(a.authors, b.authors)
    if common >= 0.3:
        return common
    turned = (sum(name in other.names for name in one.authors) / len(one.authors) for one, other in ((a, b), (b, a)))
    return max(common, *turned)


def _titles(a: Signature, b: Signature) -> Evidence:
    likeness = titles.likeness(a.title, b.title)
    letters = min(a.title.length, b.title.length)
    long = (letters >= _TELLING_TITLE) + (letters >= _LONG_TITLE)
    if likeness >= 0.95:
        points = (3, 6, 8)[long]
    elif likeness >= 0.85:
        points = (1, 4, 6)[long]
    elif titles.contained(a.title, b.title):
        points = 5
    elif likeness >= 0.7:
        points = (0, 1, 2)[long]
    else:
        points = -2 if likeness >= 0.5 else -4
    if a.title.numbers != b.title.numbers:
        points -= 1
    return Evidence("title", points)


def _placed(a: Signature, b: Signature) -> Iterator[Evidence]:
    """Journal, volume, issue and pages; volume and pages together are one place, and other pages there another one."""
    if a.record.journal and b.record.journal:
        yield Evidence("journal", 2 if same_journal(a, b) else -2)
    if a.volume and b.volume:
        yield Evidence("volume", 2 if a.volume == b.volume else -3)
    pages = _pages(a.pages, b.pages)
    if a.issue and b.issue and not (pages > 0 and a.volume and a.volume == b.volume):
        yield Evidence("issue", 1 if a.issue == b.issue else -1)
    if pages > 0 and a.volume and a.volume == b.volume:
        pages += 1
    elif pages < 0 and a.volume and a.volume == b.volume and same_journal(a, b) and not _may_be_a_slip(a, b):
        pages -= 4
    yield Evidence("pages", pages)


def _may_be_a_slip(a: Signature, b: Signature) -> bool:
    """Whether other pages are sooner a slip than another article: a long title to the letter, in no other issue."""
    return _word_for_word(a, b) and not (a.issue and b.issue and a.issue != b.issue)


def _word_for_word(a: Signature, b: Signature) -> bool:
    """Whether a long title is the same to the letter."""
    return a.title.length >= _LONG_TITLE and a.title.letters == b.title.letters


def is_title_only(a: Signature, b: Signature) -> bool:
    """Whether one of the two says nothing but its title, and that is a long one and the other's to the letter."""
    return _word_for_word(a, b) and (a.is_bare or b.is_bare)


def same_journal(a: Signature, b: Signature) -> bool:
    """Whether both state a journal, and it may be one."""
    return names.same_journal(a.record.journal, b.record.journal)


def _pages(one: Pages, other: Pages) -> int:
    """Points for pages alone."""
    if not one.first or not other.first:
        return 0
    if one.first == other.first:
        whole = one.is_number or (one.is_whole and one.last == other.last)
        return 6 if whole else 4
    if places.common_page(one, other):
        return 2
    if one.is_number is not other.is_number:
        return 0
    return -2 if (one.is_proof or other.is_proof) and one.length == other.length else -4


def same_place(a: Signature, b: Signature) -> bool:
    """Whether the two stand on the same pages, three or more, or under one article number, of one volume.

    Of one year, where a volume is missing or went astray: yearly reports fill the same pages of each volume.
    """
    if _pages(a.pages, b.pages) != 6:
        return False
    return (bool(a.volume) and a.volume == b.volume) or (a.year == b.year and same_journal(a, b))


def same_page(a: Signature, b: Signature) -> bool:
    """Whether both begin on one page, and that is none on which many things stand, as congress abstracts do.

    Page 1 is that of an issue, where one is stated; some journals begin each article with it.
    """
    first = a.pages.first
    is_of_issue = bool(a.volume and a.issue) and (a.volume, a.issue) == (b.volume, b.issue)
    return same_place(a, b) or (first.isdigit() and first == b.pages.first and (first != "1" or is_of_issue))


def other_place(a: Signature, b: Signature) -> bool:
    """Whether journal and volume are stated, and both are others: a reprint, or a congress abstract and its article."""
    stated = a.record.journal and b.record.journal and a.volume and b.volume
    return bool(stated) and a.volume != b.volume and not same_journal(a, b)


def abstracts(a: Signature, b: Signature) -> Iterator[Evidence]:
    """Abstracts, as far as both have one. Editors cut and amend; two papers of one group share sentences at most."""
    one, other = a.abstract, b.abstract
    if min(len(one), len(other)) >= _TELLING_ABSTRACT:
        shorter = min(len(one), len(other))
        likeness = fuzz.ratio(one[:shorter], other[:shorter])
        if likeness >= 80 or likeness < 50:
            yield Evidence("abstract", 4 if likeness >= 80 else -3)


def suffices(evidence: tuple[Evidence, ...], *, same_place: bool) -> bool:
    """Whether it is enough to say that two records are one publication.

    Title and authors alone are not: people give a talk before they write. Nor are people and a page without the title:
    on one page stand several letters or congress abstracts. That two stand on the same pages, three or more, is. And a
    short title without authors is front matter, of which each issue has its own.
    """
    points = {one.field: one.points for one in evidence if one.points > 0}
    titled = "title" in points or same_place
    named = "authors" in points or points.get("title", 0) >= _TELLING_POINTS
    return total(evidence) >= SAME and titled and named and bool(points.keys() - {"title", "authors"})
