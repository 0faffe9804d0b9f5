"""A watch on the sample world, for tests that go through the whole run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.config import Config, Surroundings, build
from pipeline.harvest.registry import SOURCES
from pipeline.sample.world import FEEDS

FILES = {"dir": "digests", "formats": ["text", "json"]}
OTHERS = [name for name in SOURCES if name not in {"pubmed", "europepmc"}]


def watch(folder: Path, url: str, sources: Mapping[str, Any] | None = None, **tables: object) -> Config:
    """The configuration of a watch below ``folder``, served at ``url``.

    It asks PubMed, Europe PMC and the feeds, unless ``sources`` says otherwise; of the others only those named there.
    """
    asked = sources or {"pubmed": {"base_url": f"{url}/eutils"}, "europepmc": {"base_url": f"{url}/europepmc"}}
    table: Mapping[str, object] = {
        "contact": "tests@example.org",
        "http": {"retries": 0},
        "sources": {**{name: {"enabled": False} for name in SOURCES}, **asked},
        "feeds": [{"name": name, "url": f"{url}{path}"} for name, path in FEEDS],
        "digests": [{"name": "weekly", "files": FILES}],
        **tables,
    }
    return build(table, "litwatch.toml", Surroundings(folder, {}))
