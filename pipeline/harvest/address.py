"""Where a source may be asked: at its base address and below it, nowhere else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlencode, urljoin, urlsplit, urlunsplit

from pipeline.errors import SourceFailed

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Base:
    """An http or https address that bounds a source. SourceFailed if it is no such address."""

    url: str

    def __post_init__(self) -> None:
        parts = _split(self.url)
        if parts is None or parts.scheme not in _PORTS or not parts.hostname:
            raise SourceFailed(f"{_place(parts)} is no http or https address. Correct it in the configuration.")
        if "@" in parts.netloc:
            raise SourceFailed(f"{_place(parts)} is configured with a name or password in it. Take them out.")

    @property
    def host(self) -> str:
        """The host's name in lower case, without the port."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address in its usual spelling, or localhost: what nobody else can redefine."""
        try:
            ip_address(self.host)
        except ValueError:
            return self.host == "localhost"
        return True

    def join(self, path: str, params: Mapping[str, str]) -> str:
        """Address ``path`` below the base; an empty path is the base itself. The base's own query is kept."""
        base, relative = urlsplit(self.url), _split(path)
        if relative is None or relative.scheme or relative.netloc:
            raise self._outside(path)
        joined = f"{base.path.rstrip('/')}/{relative.path.lstrip('/')}" if path else base.path
        query = "&".join(filter(None, (base.query, relative.query, urlencode(params))))
        url = urlunsplit((base.scheme, base.netloc, joined, query, ""))
        if not self._bounds(urlsplit(url)):
            raise self._outside(path)
        return url

    def redirected(self, current: str, location: str) -> str:
        """Resolve a redirect's target (RFC 9110 section 10.2.2). SourceFailed if it leaves the base.

        Only a change from http to https on the same host is no departure.
        """
        target = _split(urljoin(current, location)) if _split(location) else None
        if target is None or not self._bounds(target):
            raise SourceFailed(
                f"{self.host} redirects to {_place(target)}, outside of its configured address; not followed. "
                "If it has really moved, put the new address into the configuration."
            )
        return urlunsplit(target._replace(fragment=""))

    def _outside(self, path: str) -> SourceFailed:
        return SourceFailed(f"{path!r} is not a path below the address of {self.host}; nothing was sent.")

    def _bounds(self, target: SplitResult) -> bool:
        base = urlsplit(self.url)
        root, path = unquote(base.path).rstrip("/"), unquote(target.path)
        return (
            _origin(target) in (_origin(base), _upgraded(base))
            and "@" not in target.netloc
            and ".." not in re.split(r"[/\\]", path)
            and (path == root or path.startswith(f"{root}/"))
        )


def _place(parts: SplitResult | None) -> str:
    """Name an address in an error without its path and query, which may hold a secret."""
    if parts is None:
        return "An address that cannot be read"
    return f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")


def _split(url: str) -> SplitResult | None:
    """Split an address; None if it cannot be, or its port is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _upgraded(base: SplitResult) -> tuple[str, str | None, int | None]:
    """Give the https origin that the base's host may move to."""
    port = base.port or _PORTS[base.scheme]
    return "https", base.hostname, 443 if port == 80 else port
