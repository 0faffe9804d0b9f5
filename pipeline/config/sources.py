"""``[sources.*]``: where each source is asked, how fast, and with what key."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from pipeline.config.secret import Secret
from pipeline.config.tables import Table, as_in_file
from pipeline.config.values import BaseUrl, Flag, Positive, Rate, is_this_machine
from pipeline.harvest.source import RECONCILE_LIMIT

# NCBI, "A General Introduction to the E-utilities": requests per second and address, without and with a key.
_NCBI_RATE = 3.0
_NCBI_RATE_WITH_KEY = 10.0


class SourceConfig(Table):
    """What every source can be told, besides its ``rate`` in requests per second."""

    enabled: Flag = True
    base_url: BaseUrl

    @field_validator("api_key", check_fields=False)
    @classmethod
    def _encrypted(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        address = urlsplit(info.data.get("base_url", ""))
        if key and address.scheme == "http" and not is_this_machine(address.hostname or ""):
            raise ValueError("would be sent unencrypted; with a key, base_url must begin with https://")
        return key

    @property
    def credentials(self) -> Mapping[str, str]:
        """Parameters that prove who asks, in clear; for the fetch layer only, which keeps them out of every message."""
        return {}

    @property
    def headers(self) -> Mapping[str, str]:
        """The same, for a source that wants them as headers."""
        return {}

    @property
    def listed_up_to(self) -> int:
        """Up to how many hits the whole result set is listed."""
        return RECONCILE_LIMIT

    @property
    def missing(self) -> str:
        """What keeps the source from being asked, and what to do about it, in one sentence; empty if nothing does."""
        return ""


class ListedConfig(SourceConfig):
    """A source that can be asked for a subject, and whose whole result set is listed up to ``reconcile_limit`` hits."""

    reconcile_limit: Positive = RECONCILE_LIMIT

    @property
    def listed_up_to(self) -> int:
        """What the file says."""
        return self.reconcile_limit


class PubmedConfig(ListedConfig):
    """``[sources.pubmed]``: NCBI's E-utilities."""

    base_url: BaseUrl = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    api_key: Secret | None = None
    # After api_key, because a default is only told what stands above it.
    rate: Rate = Field(default_factory=lambda given: _NCBI_RATE_WITH_KEY if given.get("api_key") else _NCBI_RATE)

    @property
    def credentials(self) -> Mapping[str, str]:
        """``api_key``, if there is one."""
        return {"api_key": self.api_key.get_secret_value()} if self.api_key else {}


class EuropepmcConfig(ListedConfig):
    """``[sources.europepmc]``: the Europe PMC REST service."""

    base_url: BaseUrl = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    rate: Rate = 5.0


class CrossrefConfig(ListedConfig):
    """``[sources.crossref]``: the Crossref REST API."""

    base_url: BaseUrl = "https://api.crossref.org"
    rate: Rate = 5.0  # of the public pool; 10 in the polite one (Crossref blog, 2025-11-05)


class OpenalexConfig(ListedConfig):
    """``[sources.openalex]``: OpenAlex, which wants a key since February 2026."""

    base_url: BaseUrl = "https://api.openalex.org"
    api_key: Secret | None = None
    rate: Rate = 10.0

    @property
    def credentials(self) -> Mapping[str, str]:
        """``api_key``, if there is one: an empty one would be refused."""
        return {"api_key": self.api_key.get_secret_value()} if self.api_key else {}

    @property
    def missing(self) -> str:
        """OpenAlex gives no more than samples to those without a key."""
        return (
            "" if self.api_key else "it wants an API key; get one at openalex.org/settings/api, free, and set api_key"
        )


class SemanticscholarConfig(ListedConfig):
    """``[sources.semanticscholar]``: the Semantic Scholar Graph API."""

    base_url: BaseUrl = "https://api.semanticscholar.org/graph/v1"
    api_key: Secret | None = None
    rate: Rate = 1.0

    @property
    def headers(self) -> Mapping[str, str]:
        """``x-api-key``, if there is one."""
        return {"x-api-key": self.api_key.get_secret_value()} if self.api_key else {}


class ClinicaltrialsConfig(ListedConfig):
    """``[sources.clinicaltrials]``: ClinicalTrials.gov, version 2 of its API."""

    base_url: BaseUrl = "https://clinicaltrials.gov/api/v2"
    rate: Rate = 0.8  # about 50 requests a minute


class DoajConfig(ListedConfig):
    """``[sources.doaj]``: the Directory of Open Access Journals."""

    base_url: BaseUrl = "https://doaj.org/api"
    rate: Rate = 2.0


class MedrxivConfig(SourceConfig):
    """``[sources.medrxiv]``: the details API of medRxiv and bioRxiv, whose preprints Europe PMC holds as well."""

    enabled: Flag = False
    base_url: BaseUrl = "https://api.biorxiv.org"
    rate: Rate = 1.0


class RetractionwatchConfig(SourceConfig):
    """``[sources.retractionwatch]``: the Retraction Watch file, which Crossref passes on in its records as well."""

    enabled: Flag = False
    base_url: BaseUrl = "https://gitlab.com/crossref/retraction-watch-data/-/raw/main"
    rate: Rate = 1.0


class SourcesConfig(Table):
    """``[sources.*]``: one table a source. Iterating gives (name, settings)."""

    pubmed: PubmedConfig = as_in_file({})
    europepmc: EuropepmcConfig = as_in_file({})
    crossref: CrossrefConfig = as_in_file({})
    openalex: OpenalexConfig = as_in_file({})
    semanticscholar: SemanticscholarConfig = as_in_file({})
    clinicaltrials: ClinicaltrialsConfig = as_in_file({})
    doaj: DoajConfig = as_in_file({})
    medrxiv: MedrxivConfig = as_in_file({})
    retractionwatch: RetractionwatchConfig = as_in_file({})
