"""A record as matching sees it: every field brought into the form in which it is compared, once."""

from dataclasses import dataclass
from typing import Self

from pipeline import text
from pipeline.match import kinds, names, places, series, titles
from pipeline.match.kinds import Kind
from pipeline.match.places import Pages
from pipeline.match.titles import Title
from pipeline.model import Record


@dataclass(frozen=True, slots=True)
class Signature:
    """What of a record bears on whether it is the same publication as another one.

    ``copied`` is a DOI that stands in its address only. ``series`` is what all editions of a review share. A *talk*
    surely is a congress abstract, by its type or a page with a letter ("S27", "P1234"); an *abstract* is printed like
    one, at least: in a supplement, or under a congress's name.
    """

    record: Record
    kind: Kind
    title: Title
    authors: tuple[str, ...]
    names: frozenset[str]
    is_of_people: bool
    year: int | None
    volume: str
    issue: str
    pages: Pages
    copied: str
    series: str
    trials: tuple[str, ...]
    is_talk: bool
    is_abstract: bool

    @classmethod
    def of(cls, record: Record) -> Self:
        """Bring a record into this form."""
        pages = places.pages_of(record.pages)
        is_talk = _is_talk(record, pages)
        return cls(
            record=record,
            kind=kinds.kind(record),
            title=titles.title_of(record.title, record.vernacular_title),
            authors=names.surnames(record.authors),
            names=names.everyone(record.authors),
            is_of_people=any(one.family and one.family[0] < _NOT_LATIN for one in record.authors),
            year=record.published.year if record.published else None,
            volume=places.number_of(record.volume),
            issue=places.number_of(record.issue),
            pages=pages,
            copied=text.doi_at(record.url) if "/10." in record.url and not record.doi else "",
            series=series.series_of(record.doi, record.pages),
            trials=_trials(record),
            is_talk=is_talk,
            is_abstract=is_talk or _is_in_supplement(record),
        )

    @property
    def key(self) -> str:
        """The record's key."""
        return self.record.key

    @property
    def doi(self) -> str:
        """The DOI that it states. One in its address can tell what it is, and not what it is not."""
        return self.record.doi

    @property
    def is_bare(self) -> bool:
        """Whether it says nothing but its title, as pages and feeds do that know no more."""
        record = self.record
        stated = (self.authors, self.year, record.journal, self.volume, self.pages.first, record.doi, self.copied)
        return not any((*stated, record.pmid, record.pmcid, record.preprint_id, self.trials))

    @property
    def abstract(self) -> str:
        """The abstract without its headings, folded."""
        return text.fold(" ".join(part.text for part in self.record.abstract)[:_ABSTRACT])


_NOT_LATIN = "\u0370"  # names in other scripts, and those of groups, say nothing about names of people in Latin letters
_ABSTRACT = 1500  # letters of an abstract that are compared; few abstracts are longer
# What the numbers of the registries have in them; most abstracts have none of it, and need not be searched.
_REGISTRIES = (
    "NCT", "RCT", "CTR", "hictr", "DRKS", "UMIN", "KCT", "RBR-", "NTR", "OMON", "RPCEC", "udraCT", "EUCT", "CTIS",
    "apicCTI", "JMA-", "PER-",
)  # fmt: skip


def _trials(record: Record) -> tuple[str, ...]:
    """Every trial number that a record states: in its own field, in its DOI, in its abstract."""
    stated = " ".join(part.text for part in record.abstract)
    printed = text.registrations(stated) if any(mark in stated for mark in _REGISTRIES) else ()
    named = text.registrations(record.doi.partition("/")[2]) if "isrctn" in record.doi else ()
    return tuple(dict.fromkeys((*record.registrations, *named, *printed)))


def _is_talk(record: Record, pages: Pages) -> bool:
    lettered = pages.first[:1].isalpha() and not pages.is_number and pages.length <= 2
    return lettered or any(kind.casefold() in _CONGRESS for kind in record.publication_types)


def _is_in_supplement(record: Record) -> bool:
    stated = f"{record.volume} {record.issue} {record.journal}".casefold()
    return "suppl" in stated or "conference" in stated


# NLM, Crossref, Europe PMC, BibTeX, CSL.
_CONGRESS = frozenset(
    {
        "congress",
        "meeting abstract",
        "conference abstract",
        "conference paper",
        "proceedings-article",
        "inproceedings",
        "paper-conference",
    }
)
