"""One publication of a list, and identifiers in the many ways in which people write them."""

import re
from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import unquote

from pipeline import text
from pipeline.match import kinds

# Shorter titles ("Editorial") say too little on their own to tell one publication from another.
_TELLING_TITLE = 20

_DOI = re.compile(
    r"(?:(?P<url>(?:https?://)?(?:[\w-]+\.)*doi\.org/)|(?:(?:info|urn):)?doi[:/\s]\s*)*(?P<doi>10\.\d{4,9}/\S+)",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:(?:PMID|PubMed(?:\s?ID)?)?[:\s]*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|"
    r"ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/(?:article|abstract)/med)/)"
    r"0*(?P<number>[1-9][0-9]{0,8})(?:\.0|/?(?:[?#]\S*)?)",  # ".0" is what spreadsheets make of a number
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:PMCID[:\s]*|https?://\S+/)?PMC\s?0*(?P<number>[1-9][0-9]{0,8})(?:\.[0-9]+)?(?:/\S*)?", re.IGNORECASE
)
_PREPRINT = re.compile(r"(?:https?://\S+/)?(?P<id>PPR[0-9]{1,9})", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:18|19|20|21)[0-9]{2}\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A publication as its list names it, on that line and in those words; identifiers are normalised.

    ``first_author`` is as the list spells it. Empty means that the list does not say, or not in a form that is known.
    """

    line: int
    words: str
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    preprint_id: str = ""
    registrations: tuple[str, ...] = ()
    title: str = ""
    first_author: str = ""
    year: int | None = None

    @property
    def has_identifier(self) -> bool:
        """Whether it names the publication itself, and not just a trial that several may report."""
        return bool(self.pmid or self.doi or self.pmcid or self.preprint_id)

    @property
    def has_telling_title(self) -> bool:
        """Whether its title can be looked up: a short one only together with who wrote it and when."""
        letters = len(kinds.title_key(self.title))
        return letters >= _TELLING_TITLE or bool(letters and self.first_author and self.year)

    @property
    def can_be_looked_up(self) -> bool:
        """Whether it says enough to tell if the store holds it."""
        return self.has_identifier or bool(self.registrations) or self.has_telling_title


class Identifiers(TypedDict, total=False):
    """The identifying fields of :class:`Wanted`, as far as they are stated."""

    doi: str
    pmid: str
    pmcid: str
    preprint_id: str
    registrations: tuple[str, ...]


def doi(stated: str) -> str:
    """A DOI from a bare one, ``doi:…`` or its address; empty if it is none. An article's page elsewhere is none."""
    found = _DOI.match(_unwrapped(stated))
    if not found:
        return ""
    # In an address "?" and "#" begin what is not the DOI; one that is part of it is percent-encoded.
    return text.doi(unquote(re.split("[?#]", found["doi"])[0]) if found["url"] else found["doi"])


def pmid(stated: str) -> str:
    """A PubMed id from a bare number, ``PMID: …`` or its page; empty if it is none."""
    found = _PMID.fullmatch(_unwrapped(stated))
    return found["number"] if found else ""


def pmcid(stated: str) -> str:
    """A PubMed Central id, with its letters or as its page; empty if it is none."""
    found = _PMCID.fullmatch(_unwrapped(stated))
    return f"PMC{found['number']}" if found else ""


def preprint_id(stated: str) -> str:
    """A preprint's id in Europe PMC (``PPR1``), or its page there; empty if it is none."""
    found = _PREPRINT.fullmatch(_unwrapped(stated))
    return found["id"].upper() if found else ""


def year(stated: str) -> int | None:
    """The year in a date, however the date is written."""
    found = _YEAR.search(stated)
    return int(found[0]) if found else None


def identifiers(stated: str) -> Identifiers:
    """What an identifier of any kind says; empty if it is none that is known."""
    if value := doi(stated):
        return Identifiers(doi=value)
    if value := pmcid(stated):
        return Identifiers(pmcid=value)
    if value := pmid(stated):
        return Identifiers(pmid=value)
    if value := preprint_id(stated):
        return Identifiers(preprint_id=value)
    numbers = tuple(text.registrations(stated))
    return Identifiers(registrations=numbers) if numbers else Identifiers()


def _unwrapped(stated: str) -> str:
    """Without what people set around an identifier."""
    plain = text.clean(stated).rstrip(" .,;")
    return plain[1:-1].strip() if plain[:1] + plain[-1:] in {"<>", "[]", "()", '""', "''"} else plain
