"""The keys of the configuration, their types and their defaults. config/litwatch.toml says what each means."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from pipeline.config.problems import shown
from pipeline.config.values import (
    AbsolutePath,
    BaseUrl,
    Contact,
    Flag,
    Formats,
    Positive,
    Rate,
    Retries,
    Seconds,
    Secret,
    Slug,
    SubjectProfile,
    Text,
    Tiers,
    Timezone,
    Url,
    When,
    WhenEmpty,
    surroundings,
)
from pipeline.digest.issue import Subscription
from pipeline.harvest.feeds import Feed
from pipeline.harvest.fetch import HttpSettings
from pipeline.harvest.source import RECONCILE_LIMIT

# NCBI, "A General Introduction to the E-utilities": requests per second and address, without and with a key.
_NCBI_RATE = 3.0
_NCBI_RATE_WITH_KEY = 10.0


def _as_in_file(default: object) -> Any:
    """Give a default in the file's own spelling; it is checked and completed like any value of a file."""
    return Field(default=default)


class _Table(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_default=True)


class _Named(_Table):
    """One of several tables of a kind, told apart by their names."""

    name: Text

    @field_validator("name")
    @classmethod
    def _unique(cls, name: str, info: ValidationInfo) -> str:
        names, key = surroundings(info).names.setdefault(cls, set()), cls._key(name)
        if key in names:
            raise ValueError(f"{shown(name)} is the name of another one, or too like it")
        names.add(key)
        return name

    @classmethod
    def _key(cls, name: str) -> str:
        """Give what must differ from name to name; files are not told apart by upper and lower case everywhere."""
        return name.casefold()


class HttpConfig(_Table):
    """``[http]``: limits of every request."""

    timeout: Seconds = 30.0
    deadline: Seconds = 120.0
    max_bytes: Positive = 50_000_000
    retries: Retries = 4
    budget: Seconds = 3_600.0

    @property
    def settings(self) -> HttpSettings:
        """The same, as the fetch layer takes it."""
        return HttpSettings(
            timeout=self.timeout,
            deadline=self.deadline,
            max_bytes=self.max_bytes,
            retries=self.retries,
            budget=self.budget,
        )


class SourceConfig(_Table):
    """What every source can be told, besides its ``rate`` in requests per second."""

    enabled: Flag = True
    base_url: BaseUrl

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
            "" if self.api_key else "It wants an API key: get a free one at openalex.org/settings/api and set api_key."
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


class SourcesConfig(_Table):
    """``[sources.*]``: one table a source. Iterating gives (name, settings)."""

    pubmed: PubmedConfig = _as_in_file({})
    europepmc: EuropepmcConfig = _as_in_file({})
    crossref: CrossrefConfig = _as_in_file({})
    openalex: OpenalexConfig = _as_in_file({})
    semanticscholar: SemanticscholarConfig = _as_in_file({})


class FeedConfig(_Named):
    """``[[feeds]]``: one journal feed."""

    url: Url
    enabled: Flag = True

    @classmethod
    def _key(cls, name: str) -> str:
        """Give the name under which the store keeps the feed's records."""
        return Feed(name, url="").name


class FilesConfig(_Table):
    """``digests.files``: where a digest's issues are written, and as what."""

    dir: AbsolutePath = _as_in_file("digests")
    formats: Formats = _as_in_file(["markdown", "html", "json"])


class DigestConfig(_Named):
    """``[[digests]]``: one digest for one kind of reader."""

    name: Slug = "weekly"
    schedule: When = _as_in_file("weekly on monday at 07:00")
    timezone: Timezone = _as_in_file("UTC")
    tiers: Tiers = _as_in_file(["core", "related"])
    when_empty: WhenEmpty = "always"
    max_items: Positive = 25
    files: FilesConfig = _as_in_file({})

    @property
    def subscription(self) -> Subscription:
        """What the digest itself has to know of it."""
        return Subscription(self.name, self.timezone.key, self.tiers, self.max_items, self.when_empty)


class Config(_Table):
    """Everything an operator can set. Built by :func:`pipeline.config.load`; every path in it is absolute."""

    subject: SubjectProfile = _as_in_file("acupuncture-ms.toml")
    database: AbsolutePath = _as_in_file("litwatch.db")
    contact: Contact
    http: HttpConfig = _as_in_file({})
    sources: SourcesConfig = _as_in_file({})
    feeds: Annotated[tuple[FeedConfig, ...], Field(strict=False)] = ()
    digests: Annotated[tuple[DigestConfig, ...], Field(strict=False)] = _as_in_file([{}])
