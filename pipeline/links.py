"""Where readers find what a record names: addresses made of identifiers, safe to stand in a link."""

from urllib.parse import quote, urlsplit

from pipeline.model import Record

# Everything that could end a link early in Markdown or HTML is percent-encoded: brackets, quotes, blanks, semicolons.
_URL_SAFE = ":/?#@!$&*+,=%~"


def web(url: str) -> str:
    """An address that may stand in a link: http or https with a host, encoded; anything else becomes empty."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return quote(url.strip(), safe=_URL_SAFE) if parts.scheme in {"http", "https"} and parts.netloc else ""


def doi_url(doi: str) -> str:
    """Where a DOI resolves (DOI Handbook, 3.5)."""
    return f"https://doi.org/{quote(doi, safe='/:')}"


def pmid_url(pmid: str) -> str:
    """A record's page in PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid)}/"


def pmcid_url(pmcid: str) -> str:
    """An article's page in PubMed Central."""
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(pmcid)}/"


def trial_url(number: str) -> str:
    """A registration's page, for the registries whose pages are addressed by number; otherwise empty."""
    if number.startswith("NCT"):
        return f"https://clinicaltrials.gov/study/{quote(number)}"
    return f"https://www.isrctn.com/{quote(number)}" if number.startswith("ISRCTN") else ""


def link(record: Record) -> str:
    """Where a reader finds the publication: by DOI, PubMed, PubMed Central, registry, else the source's own address."""
    places = (
        record.doi and doi_url(record.doi),
        record.pmid and pmid_url(record.pmid),
        record.pmcid and pmcid_url(record.pmcid),
        web(record.url),
        *(trial_url(number) for number in record.registrations),
    )
    return next((place for place in places if place), "")
