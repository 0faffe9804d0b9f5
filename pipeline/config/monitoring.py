"""``[monitoring]``: who is told how each run went."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, PlainValidator, SecretStr, ValidationInfo

from pipeline.config.secret import NOT_KNOWN, resolved_secret
from pipeline.config.tables import Table
from pipeline.config.values import is_url

_TELLING = 8  # characters; whoever can guess a shorter path needs no log to read it in


def _ping_url(value: object, info: ValidationInfo) -> str:
    address = "" if value == "" else resolved_secret(value, info)
    return "" if address in {"", NOT_KNOWN} else is_url(address)


class MonitoringConfig(Table):
    """A service that is told of the start and the end of each run; none if ``ping_url`` is empty.

    Who knows the address can say in litwatch's name that all is well: it is held for a secret.
    """

    ping_url: Annotated[str, PlainValidator(_ping_url)] = Field("", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of the address is nobody's business: all that comes after the host."""
        parts = urlsplit(self.ping_url)
        path = f"{parts.path}?{parts.query}".strip("/?")
        return (path,) if len(path) >= _TELLING else ()


def secrets_in(value: object) -> Iterator[str]:
    """Every secret that a configuration holds and knows, in clear."""
    if isinstance(value, SecretStr):
        if (secret := value.get_secret_value()) != NOT_KNOWN:
            yield secret
    elif isinstance(value, BaseModel):
        for _, part in value:
            yield from secrets_in(part)
