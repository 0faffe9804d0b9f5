"""Spoiled records of all sources through a whole watch: kept, matched, concluded and told, by file, feed and mail."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from pipeline import text
from pipeline.config import Surroundings, build
from pipeline.errors import RecordRejected
from pipeline.issuing import publish
from pipeline.model import Record
from tests.fuzz.mutation import ODD_TEXTS, spoiled
from tests.harvest.test_contract import CASES
from tests.store.keeping import NOW, advance, memory_store

_FILES = {"dir": "digests", "formats": ["text", "markdown", "html", "json"]}
_DIGESTS = [
    {"name": "weekly", "files": _FILES, "feed": "weekly.atom", "email": ["clinic@example.org"], "attach_ris": True},
    {"name": "patients", "files": _FILES, "edition": "patient"},
]
_FIELDS = ("journal", "volume", "issue", "pages", "url", "status", "publication_status", "vernacular_title")


def live(random: Random) -> None:
    """Two runs on spoiled records; both digests tell of them."""
    table = {"contact": "watch@example.org", "digests": _DIGESTS}
    config = build(table, "litwatch.toml", Surroundings(Path("/nowhere"), {}))
    with memory_store() as store:
        for week in range(2):
            now = NOW + timedelta(days=7 * week)
            found = {record.key: record for record in _records(random)}
            advance(store, *found.values(), now=now, subject=config.subject)
            for digest in config.digests:
                publish(store, config, digest, now)


def _records(random: Random) -> Iterator[Record]:
    """A few records that can be read, most of them let in, some with a field that is odd."""
    for _ in range(8):
        case = random.choice(CASES)
        with suppress(RecordRejected):
            record = case.source.read(spoiled(random.choice([*case.records.values()]), random))
            if random.random() < 0.8:
                record = replace(record, title=f"Acupuncture in multiple sclerosis: {record.title}".strip())
            if random.random() < 0.5:
                odd = {random.choice(_FIELDS): text.clean(random.choice(ODD_TEXTS))}
                record = replace(record, **odd)  # type: ignore[arg-type]  # each of them is text
            if record.source_id:
                yield record
