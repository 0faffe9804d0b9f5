"""Reading the bytes of a feed into plain entries; those of a large one in a process of its own, which has limits.

feedparser takes quadratic time over some inputs (attributes, categories, namespaces, what may be an author's address),
in places without letting any other thread go on. So that one feed cannot hold up the others, a large one is read apart.
"""

import io
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import feedparser
from feedparser.exceptions import CharacterEncodingOverride, NonXMLContentType

from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.feed_entry import entry_of

# What feedparser complains of although it has read everything.
_HARMLESS = (CharacterEncodingOverride, NonXMLContentType)
_SMALL = 16_384  # bytes: nothing takes long over so few
_SWELLING = (b"<!doctype", b"<!entity")  # where entities are declared
_ENCODING = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([^\s\"';?>]+)")
_SECONDS = 30  # of computing; the largest feeds that were seen have 200 kB, and take less than one
_MEMORY = 1 << 29  # bytes; the service in config/litwatch.service has twice as much for all
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed as it was read. ``flaw`` names what made it ill-formed, and so perhaps not whole; empty if it was not."""

    version: str
    entries: tuple[dict[str, Any], ...]
    flaw: str = ""


def read(body: bytes, content_type: str, url: str) -> Reading:
    """Read a feed. SourceMalformed if it is none, or one that breaks off before its first entry.

    SourceFailed if it takes more time or memory than any feed has reason to.
    """
    reading = read_here if _is_small(body, content_type) else _read_apart
    return reading(body, content_type, url)


def _is_small(body: bytes, content_type: str) -> bool:
    """Whether a feed is as small as it looks: in no encoding that could hide anything, and nothing multiplies it."""
    lower = body[: _SMALL + 1].lower()
    encodings = _ENCODING.findall(lower + b" " + content_type.encode(errors="replace").lower())
    readable = set(encodings) <= {b"utf-8"} and b"\0" not in body[:4]  # XML 1.0, appendix F
    return len(body) <= _SMALL and readable and not any(sign in lower for sign in _SWELLING)


def read_here(body: bytes, content_type: str, url: str) -> Reading:
    """The same, in this process, however long it takes.

    feedparser gets bytes: of a string it would open the file or address that the string names. Its own clean-up of
    HTML stays off, since it takes the middle out of "x<y>z"; all that is kept becomes plain text. It has no complaint
    about an empty body or an error page: what these lack is the version of a format.
    """
    headers = {"content-type": content_type, "content-location": url}
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except MemoryError:
        raise
    except Exception as error:
        # Of a character or an encoding that does not exist, of an element that ends without having begun, and of
        # whatever else it stumbles over: nothing tells what that may be.
        raise SourceMalformed(f"the answer cannot be read as a feed ({type(error).__name__})") from error
    if not parsed.get("version"):
        raise SourceMalformed("the answer is not a feed")
    complaint = parsed.get("bozo_exception")
    flaw = type(complaint).__name__ if parsed.get("bozo") and not isinstance(complaint, _HARMLESS) else ""
    if flaw and not parsed.entries:
        raise SourceMalformed("the feed breaks off before its first entry")
    return Reading(parsed.version, tuple(entry_of(item, parsed.feed) for item in parsed.entries), flaw)


def _read_apart(body: bytes, content_type: str, url: str) -> Reading:
    """Have another Python read it, which knows nothing of this one's environment."""
    command = [sys.executable, "-P", "-m", "pipeline.harvest.feed_reading", str(_SECONDS)]
    about = json.dumps([content_type, url]).encode()
    environment = {"PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)])}
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command,
            input=about + b"\n" + body,
            capture_output=True,
            env=environment,
            timeout=4 * _SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        done = None
    except OSError as error:
        raise SourceFailed(f"no process could be started to read the feed: {error.strerror}") from error
    if done and done.returncode > 0 and b"MemoryError" not in done.stderr:
        raise RuntimeError(done.stderr.decode(errors="replace")[-1_000:])
    if done is None or done.returncode:
        raise SourceFailed(
            f"the feed took more than {_SECONDS} s or {_MEMORY >> 20} MB to read, which no feed has reason to. "
            "Switch it off if it stays so"
        )
    told: dict[str, Any] = json.loads(done.stdout)
    if "malformed" in told:
        raise SourceMalformed(told["malformed"])
    return Reading(told["version"], tuple(told["entries"]), told["flaw"])


def _main(seconds: int) -> None:
    """Read standard input within the limits; write what came of it."""
    with suppress(ImportError, ValueError, OSError):  # not every system has it, or keeps to it
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    content_type, url = json.loads(sys.stdin.buffer.readline())
    try:
        told = asdict(read_here(sys.stdin.buffer.read(), content_type, url))
    except SourceMalformed as error:
        told = {"malformed": str(error)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main(int(sys.argv[1]))
