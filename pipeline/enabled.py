"""The sources that a configuration lets in, and how each is reached."""

from collections.abc import Collection
from dataclasses import dataclass, field

from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.harvest.feeds import Feed
from pipeline.harvest.fetch import Client, Fetcher
from pipeline.harvest.registry import SOURCES
from pipeline.harvest.source import Source


@dataclass(frozen=True, slots=True)
class Enabled:
    """A source that the configuration lets in, and how it is reached."""

    source: Source
    base_url: str
    rate: float
    credentials: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # secrets
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # secrets
    missing: str = ""  # what keeps it from being asked
    public: bool = False  # whether its host must be on the public Internet

    def client(self, fetcher: Fetcher) -> Client:
        """What it is asked through."""
        credentials, headers = dict(self.credentials), dict(self.headers)
        return fetcher.client(self.base_url, self.rate, credentials, headers, public=self.public)


# Requests per second. A journal's server is asked for one file a run; several feeds may be on one server.
_FEED_RATE = 2.0


def enabled_sources(config: Config) -> tuple[Enabled, ...]:
    """Every source that is switched on, in the order of the registry, then the feeds as they are configured."""
    registered = (
        Enabled(
            SOURCES[name](settings.listed_up_to),
            settings.base_url,
            settings.rate,
            tuple(settings.credentials.items()),
            tuple(settings.headers.items()),
            settings.missing,
        )
        for name, settings in config.sources
        if settings.enabled
    )
    feeds = (
        Enabled(Feed(feed.name, feed.url), feed.url, _FEED_RATE, public=not feed.private)
        for feed in config.all_feeds
        if feed.enabled
    )
    return (*registered, *feeds)


def select_sources(config: Config, wanted: Collection[str]) -> tuple[Enabled, ...]:
    """The enabled sources of these names or labels; all of them if none is named. ConfigError for any other name."""
    enabled = enabled_sources(config)
    if not enabled:
        raise ConfigError(["no source is enabled; switch one on in [sources], or add a feed"])
    names = {name for one in enabled for name in (one.source.name, one.source.label)}
    unknown = [name for name in wanted if name not in names]
    if unknown:
        known = ", ".join(one.source.name for one in enabled)
        raise ConfigError([f"--source {name}: no enabled source of that name; there are {known}" for name in unknown])
    return tuple(one for one in enabled if not wanted or {one.source.name, one.source.label} & set(wanted))
