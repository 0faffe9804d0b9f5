"""The keys of the configuration, their types and their defaults. config/litwatch.toml says what each means."""

from dataclasses import dataclass
from email.headerregistry import Address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from pydantic import Field, ValidationInfo, field_validator

from pipeline.config.email import EmailConfig
from pipeline.config.feed_list import list_at
from pipeline.config.monitoring import MonitoringConfig, secrets_in
from pipeline.config.question_list import QuestionList
from pipeline.config.sources import SourcesConfig
from pipeline.config.tables import Named, Table, as_in_file
from pipeline.config.values import (
    AbsolutePath,
    Contact,
    EditionName,
    EditionTexts,
    FilePath,
    Flag,
    Formats,
    Positive,
    Recipients,
    Retries,
    Seconds,
    Slug,
    SubjectProfile,
    Surroundings,
    Tiers,
    Timezone,
    Url,
    When,
    WhenEmpty,
    from_file,
    surroundings,
)
from pipeline.digest.issue import Subscription
from pipeline.digest.letter import Letterhead
from pipeline.operator_files import EDITIONS, QUESTIONS, SUBJECT

if TYPE_CHECKING:
    from pipeline.harvest.fetch import HttpSettings


class HttpConfig(Table):
    """``[http]``: limits of every request."""

    timeout: Seconds = 30.0
    deadline: Seconds = 120.0
    max_bytes: Positive = 50_000_000
    retries: Retries = 4
    budget: Seconds = 3_600.0

    @property
    def settings(self) -> "HttpSettings":
        """The same, as the fetch layer takes it."""
        from pipeline.harvest.fetch import HttpSettings  # noqa: PLC0415 - it takes a while to load, and few commands ask

        return HttpSettings(
            timeout=self.timeout,
            deadline=self.deadline,
            max_bytes=self.max_bytes,
            retries=self.retries,
            budget=self.budget,
        )


class FeedConfig(Named):
    """``[[feeds]]``: one journal feed."""

    url: Url
    enabled: Flag = True
    private: Flag = False

    @classmethod
    def _key(cls, name: str) -> str:
        """Give the name under which the store keeps the feed's records."""
        from pipeline.harvest.feeds import Feed  # noqa: PLC0415 - as above, and without feeds nobody asks

        return Feed(name, url="").name


class FeedListing(Table):
    """What stands in a list of feeds."""

    feeds: Annotated[tuple[FeedConfig, ...], Field(strict=False)] = ()


@dataclass(frozen=True, slots=True)
class FeedList:
    """The feeds of the file that ``feed_list`` names."""

    feeds: tuple[FeedConfig, ...]


def _feed_list(name: str, around: Surroundings) -> FeedList:
    return FeedList(list_at(name, FeedListing, around).feeds)


class FilesConfig(Table):
    """``digests.files``: where a digest's issues are written, and as what."""

    dir: AbsolutePath = as_in_file("digests")
    formats: Formats = as_in_file(["markdown", "html", "json"])


class DigestConfig(Named):
    """``[[digests]]``: one digest for one kind of reader."""

    name: Slug = "weekly"
    schedule: When = as_in_file("weekly on monday at 07:00")
    timezone: Timezone = as_in_file("UTC")
    tiers: Tiers = as_in_file(["core", "related"])
    edition: EditionName = "clinician"
    when_empty: WhenEmpty = "always"
    max_items: Positive = 25
    files: FilesConfig = as_in_file({})
    feed: FilePath | None = None
    email: Recipients | None = None
    attach_ris: Flag = False

    @field_validator("feed")
    @classmethod
    def _own(cls, feed: Path | None, info: ValidationInfo) -> Path | None:
        taken = surroundings(info).names.setdefault(Path, set())
        if feed and str(feed) in taken:
            raise ValueError("is the feed of another digest; each has a file of its own")
        taken.add(str(feed))
        return feed


class Config(Table):
    """Everything an operator can set. Built by :func:`pipeline.config.load`; every path in it is absolute."""

    subject: SubjectProfile = as_in_file(SUBJECT)
    editions: EditionTexts = as_in_file(EDITIONS)
    database: AbsolutePath = as_in_file("litwatch.db")
    contact: Contact
    http: HttpConfig = as_in_file({})
    sources: SourcesConfig = as_in_file({})
    feed_list: Annotated[FeedList, from_file(_feed_list)] | None = None  # before feeds: it takes its names first
    feeds: Annotated[tuple[FeedConfig, ...], Field(strict=False)] = ()
    digests: Annotated[tuple[DigestConfig, ...], Field(strict=False)] = as_in_file([{}])
    email: EmailConfig = as_in_file({})
    monitoring: MonitoringConfig = as_in_file({})
    questions: QuestionList = as_in_file(QUESTIONS)
    archive: AbsolutePath | None = None
    _secret_files: tuple[Path, ...] = ()

    def model_post_init(self, context: Any, /) -> None:
        """Keep where secrets were read from."""
        self._secret_files = tuple(context.confided)

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files that hold a secret each."""
        return self._secret_files

    @property
    def all_feeds(self) -> tuple[FeedConfig, ...]:
        """Those of the list, then those of the configuration itself."""
        return (*(self.feed_list.feeds if self.feed_list else ()), *self.feeds)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret, in clear; for those only who keep them out of messages."""
        return (*secrets_in(self), *self.monitoring.secrets)

    def subscription(self, digest: DigestConfig) -> Subscription:
        """What a digest has to know of itself, the words of its edition among it."""
        return Subscription(
            digest.name,
            digest.timezone.key,
            digest.tiers,
            digest.max_items,
            digest.when_empty,
            edition=self.editions.patient if digest.edition == "patient" else self.editions.clinician,
        )

    @property
    def sender(self) -> Address:
        """Who mail is from."""
        return self.email.sender or Address(addr_spec=self.contact)

    def letterhead(self, digest: DigestConfig) -> Letterhead:
        """What all mails of a digest have in common."""
        to_contact = f"mailto:{quote(self.contact, safe='@')}?subject=unsubscribe%20{{digest}}"
        return Letterhead(
            digest.name, f"{self.subject.label}: {digest.name}", self.sender, self.email.unsubscribe or to_contact
        )
