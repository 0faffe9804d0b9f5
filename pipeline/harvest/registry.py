"""The sources there are. A new one is a file beside this and a line here."""

from collections.abc import Callable, Mapping

from pipeline.harvest.europepmc import EuropePMC
from pipeline.harvest.pubmed import PubMed
from pipeline.harvest.source import Source

SOURCES: Mapping[str, Callable[[], Source]] = {
    "pubmed": PubMed,
    "europepmc": EuropePMC,
}
