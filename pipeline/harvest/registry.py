"""The sources there are. A new one is a file beside this and a line here."""

from collections.abc import Callable, Mapping

from pipeline.harvest.clinicaltrials import ClinicalTrials
from pipeline.harvest.crossref import Crossref
from pipeline.harvest.doaj import DOAJ
from pipeline.harvest.europepmc import EuropePMC
from pipeline.harvest.medrxiv import MedRxiv
from pipeline.harvest.openalex import OpenAlex
from pipeline.harvest.pubmed import PubMed
from pipeline.harvest.retractionwatch import RetractionWatch
from pipeline.harvest.semanticscholar import SemanticScholar
from pipeline.harvest.source import Source

# Each is made with its ``reconcile_limit``: up to how many hits the whole result set is listed.
SOURCES: Mapping[str, Callable[[int], Source]] = {
    "pubmed": PubMed,
    "europepmc": EuropePMC,
    "crossref": Crossref,
    "openalex": OpenAlex,
    "semanticscholar": SemanticScholar,
    "clinicaltrials": ClinicalTrials,
    "doaj": DOAJ,
    "medrxiv": MedRxiv,
    "retractionwatch": RetractionWatch,
}
