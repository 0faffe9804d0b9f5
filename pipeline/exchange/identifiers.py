"""Identifiers of publications, and years, in the many ways in which people and programs write them."""

import re
from typing import TypedDict
from urllib.parse import unquote

from pipeline import text

_DOI = re.compile(
    r"(?:(?P<url>(?:https?://)?(?:[\w-]+\.)*doi\.org/)|(?:(?:info|urn):)?doi[:/\s]\s*)*(?P<doi>10\.\d{4,9}/\S+)",
    re.IGNORECASE,
)
# Most are as plain as this: no "%" that encodes something, no "?" of an address.
_BARE_DOI = re.compile(r"10\.[0-9]{4,9}/[!-$&->@-~]*[a-z0-9)]", re.IGNORECASE)
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
_PAGE = re.compile(
    r"<?(?:https?://)?(?:[\w-]+\.)*(?:doi\.org|ncbi\.nlm\.nih\.gov|europepmc\.org)/|info:|doi:", re.IGNORECASE
)
_REGISTRY = re.compile(r"https?://[^/]*(?:trial|ctr|rct|drks)", re.IGNORECASE)  # what may be one, told at a glance
_YEAR = re.compile(r"\b(?:18|19|20|21)[0-9]{2}\b")


class Identifiers(TypedDict, total=False):
    """What identifies a publication, as far as it is stated; each identifier in its one form."""

    doi: str
    pmid: str
    pmcid: str
    preprint_id: str
    registrations: tuple[str, ...]


def doi(stated: str) -> str:
    """A DOI from a bare one, ``doi:…`` or its address; empty if it is none. An article's page elsewhere is none."""
    if _BARE_DOI.fullmatch(stated):
        return stated.lower()
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


def at(url: str) -> Identifiers:
    """What an address says that is the page of a publication or a registration; empty for any other page."""
    if _PAGE.match(url):
        return identifiers(url)
    if _REGISTRY.match(url) and (number := text.registration_at(url)):
        return Identifiers(registrations=(number,))
    return Identifiers()


def _unwrapped(stated: str) -> str:
    """Without what people set around an identifier."""
    plain = text.clean(stated).rstrip(" .,;")
    return plain[1:-1].strip() if plain[:1] + plain[-1:] in {"<>", "[]", "()", '""', "''"} else plain
