"""The pages of a store, written as files: the evidence map, the questions people ask, and the archive of issues."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from pipeline import __version__
from pipeline.config import Config
from pipeline.deliver.files import write_file
from pipeline.digest.render_atom import render_feed
from pipeline.enabled import enabled_sources
from pipeline.store import Store, reading
from pipeline.web.holdings import Beside, Holdings
from pipeline.web.index_page import Shelf, render_index
from pipeline.web.map_page import render_map
from pipeline.web.question_page import render_questions
from pipeline.web.tables import map_csv, map_json

_FEED = "feed.atom"
_IN_A_FEED = 30  # issues; readers of feeds ask often enough to miss none


def feed(store: Store, config: Config, digest: str) -> str:
    """A digest's feed as it stands now: what could not be written then must not take a later issue out again."""
    entries = store.told.latest_entries(digest, _IN_A_FEED)
    title = f"{config.subject.label}: {digest}"
    texts = [entry.content for entry in entries]
    return render_feed(title, config.contact, digest, texts, entries[0].composed_at)


def write_map(config: Config, folder: Path, now: datetime) -> list[Path]:
    """Write the map's pages and tables to ``folder`` and return the paths of those that changed.

    NotFound if there is no store yet, DeliveryFailed if a file cannot be written.
    """
    with reading(config.database) as store:
        return _put(folder, _map_files(_holdings(store, config, now), config, index=False))


def write_archive(config: Config, folder: Path, now: datetime) -> list[Path]:
    """Write every issue, each digest's feed, the map's pages and an index; return the paths of those that changed.

    An issue is the HTML that was frozen when it was composed, byte for byte. NotFound if there is no store yet,
    DeliveryFailed if a file cannot be written.
    """
    with reading(config.database) as store:
        held = _holdings(store, config, now)
        shelves = tuple(_shelves(store, config))
        written = []
        for shelf in shelves:
            issues = ((one.page, store.told.printed(shelf.digest, one.ref.number, "html")) for one in shelf.issues)
            written += _put(folder / shelf.digest, issues)
            if shelf.feed:
                written += _put(folder / shelf.digest, [(_FEED, feed(store, config, shelf.digest))])
        index = render_index(held, shelves, questions=bool(config.questions))
        return [*written, *_put(folder, _map_files(held, config, index=True)), *_put(folder, [("index.html", index)])]


def _holdings(store: Store, config: Config, now: datetime) -> Holdings:
    """What the pages are made of. What is new is so to readers of the first digest that is configured."""
    first = next((digest.name for digest in config.digests), "")
    return Holdings(
        title=config.subject.title,
        label=config.subject.label,
        studies=store.conclusions.studies(),
        kinships=store.conclusions.kinships(),
        sources=tuple(store.statements.latest(one.source.name, one.source.label) for one in enabled_sources(config)),
        as_of=store.statements.concluded_at() or now,
        since=store.told.new_since(first),
        version=__version__,
        contact=config.contact,
    )


def _map_files(held: Holdings, config: Config, *, index: bool) -> Iterator[tuple[str, str]]:
    beside = Beside(questions=bool(config.questions), index=index)
    yield "map.html", render_map(held, beside)
    yield "map.csv", "".join(map_csv(held))
    yield "map.json", map_json(held)
    if config.questions:
        yield "questions.html", render_questions(held, config.questions, beside)


def _shelves(store: Store, config: Config) -> Iterator[Shelf]:
    """The digests with their issues, those that are configured first; one that is no longer keeps its issues."""
    issues = store.told.issues()
    names = dict.fromkeys((*(digest.name for digest in config.digests), *issues))
    for name in names:
        place = f"{name}/{_FEED}" if store.told.latest_entries(name, 1) else ""
        yield Shelf.of(name, issues.get(name, ()), place)


def _put(folder: Path, files: Iterable[tuple[str, str]]) -> list[Path]:
    """Write what is not there yet as it is, each file whole."""
    return [
        write_file(folder, name, content)
        for name, content in ((name, text.encode()) for name, text in files)
        if not _holds(folder / name, content)
    ]


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
