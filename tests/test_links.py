"""Where readers are sent."""

from typing import Any

import pytest

from pipeline import links
from tests.match.records import record


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"doi": "10.5555/x", "pmid": "1", "url": "https://example.org/"}, "https://doi.org/10.5555/x"),
        ({"pmid": "1", "url": "https://example.org/"}, "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ({"url": "https://example.org/"}, "https://example.org/"),
        ({"pmcid": "PMC1"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/"),
        ({"registrations": ("NCT00000001",)}, "https://clinicaltrials.gov/study/NCT00000001"),
        ({"url": "javascript:alert(1)", "registrations": ("ISRCTN00000001",)}, "https://www.isrctn.com/ISRCTN00000001"),
        ({"doi": "10.5555/a b(c)"}, "https://doi.org/10.5555/a%20b%28c%29"),
        ({"url": "http://[broken/"}, ""),
        ({}, ""),
    ],
)
def test_link(fields: dict[str, Any], link: str) -> None:
    """Readers are sent to the DOI, else to PubMed, else to the source's own page."""
    assert links.link(record("feed:x:1", **fields)) == link
