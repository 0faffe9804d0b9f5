"""What has to be known of a mail server."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is and how to speak to it. ``timeout`` is in seconds, and counts from one sign of life to the next.

    ``ca_file`` holds the certificates to trust; without it those of the system are. An empty ``username`` logs in
    nowhere.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"mail server {self.host}:{self.port}"

    @property
    def longest(self) -> float:
        """Seconds after which one mail, or the way to a connection, is given up, whatever signs of life there are."""
        return 5 * self.timeout
