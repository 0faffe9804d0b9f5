"""``litwatch demo``: the whole job on the bundled sample, through the real code, with nothing but this machine.

The sample is served on loopback in the sources' own formats. The first run is the baseline; six days later a second
one finds new items, a retraction and a preprint that was published.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.asking import Watcher
from pipeline.config import load
from pipeline.deliver.files import replace_file
from pipeline.digest.state import subject_line
from pipeline.errors import ConfigError
from pipeline.harvest.fetch import Timing
from pipeline.harvest.registry import SOURCES
from pipeline.run import Order, Outcome, run
from pipeline.sample.server import SampleServer
from pipeline.sample.world import BASELINE, FEEDS, LATER
from pipeline.sample.world import load as load_world
from pipeline.store import reading

_MAIL = "mail"
_MARK = "# Written by `litwatch demo`"
_CONFIG = """\
{mark}, which overwrites it. The sources it names are gone; what only reads still works.
contact = "demo@example.org"
archive = "."

[sources.pubmed]
base_url = "{url}/eutils"
rate = 1000
{sources}{feeds}
# It wants a key, and the demo has none.
[sources.openalex]
enabled = false

[[digests]]
name = "weekly"
schedule = "weekly on monday at 07:00"
timezone = "Europe/Berlin"
files = {{ dir = "digests", formats = ["text", "markdown", "html", "json"] }}
email = ["reader@example.org"]

[[digests]]
name = "patients"
schedule = "weekly on monday at 07:00"
timezone = "Europe/Berlin"
edition = "patient"
files = {{ dir = "digests", formats = ["text", "markdown", "html", "json"] }}

# No mail leaves this machine; open the folder with a mail program.
[email]
transport = "maildir:{mail}"
from = "Literature watch <demo@example.org>"
"""

NOTE = (
    "The sample holds real publications (bibliographic facts) with abstracts in litwatch's own words, "
    "and a few made-up records that say so in their titles."
)


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made: the latest digest as text, and lines that say where everything is."""

    text: str
    summary: tuple[str, ...]


@dataclass(slots=True)
class _Hurry:
    """A clock that jumps where the harvest would wait. The pauses are for other people's servers; this one is ours."""

    skipped: float = field(default=0.0)

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


def play(folder: Path, watcher: Watcher) -> Demo:
    """Run the job twice into ``folder``. ConfigError if the folder holds something that is not an earlier demo's."""
    path = folder / "litwatch.toml"
    _clear(folder, path)
    hurry = _Hurry()
    timing = Timing(monotonic=hurry.monotonic, sleep=hurry.sleep)
    with SampleServer(load_world()) as server:
        feeds = "".join(f'\n[[feeds]]\nname = "{name}"\nurl = "{server.url}{place}"\n' for name, place in FEEDS)
        sources = "".join(
            f'\n[sources.{name}]\nbase_url = "{server.url}/{name}"\nrate = 1000\n'
            for name in ("europepmc", "crossref", "semanticscholar", "clinicaltrials", "doaj")
            if name in SOURCES
        )
        content = _CONFIG.format(mark=_MARK, url=server.url, sources=sources, feeds=feeds, mail=_MAIL)
        replace_file(path, content.encode(), mode=0o644)
        config = load(path.absolute(), {}, folder)
        first = run(config, Order(BASELINE, timing=timing, watcher=watcher))
        server.stage = "later"
        second = run(config, Order(LATER, digests=("weekly", "patients"), timing=timing, watcher=watcher))
    with reading(config.database) as store:
        text = store.told.printed("weekly", second.issues[0].number, "text")
    return Demo(text, tuple(_summary(path, first, second)))


def _clear(folder: Path, path: Path) -> None:
    """Make room for a fresh start, touching only what an earlier demo wrote."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (path.is_file() and path.read_bytes().startswith(_MARK.encode())):
            raise ConfigError([f"{folder}: holds files that are not a demo's; name another folder with --output"])
        for name in ("litwatch.db", "litwatch.db-journal"):
            (folder / name).unlink(missing_ok=True)
        if (folder / _MAIL).is_dir():
            shutil.rmtree(folder / _MAIL)
    except OSError as error:
        raise ConfigError([f"{folder}: {error.strerror or error}; name another folder with --output"]) from error


def _summary(path: Path, first: Outcome, second: Outcome) -> Iterator[str]:
    yield NOTE
    for run_name, outcome in (("first run", first), ("second run", second)):
        for issue in outcome.issues:
            yield f"{run_name}, {issue.subscription.name}, issue {issue.number}: {subject_line(issue)}"
        yield from (f"  {written}" for written in outcome.delivered.written)
    yield f"as mails in a Maildir: {path.parent / _MAIL}"
    yield f"look around: litwatch --config {path} list"
