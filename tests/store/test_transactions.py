"""How the database is written: in transactions that one helper opens and closes, and that wait for nobody."""

import ast
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event

from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline import text
from pipeline.run import Order, run
from pipeline.sample.server import Request, SampleServer
from pipeline.sample.services import Reply
from pipeline.sample.world import BASELINE, load
from tests.match.records import record
from tests.store.keeping import keep, memory_store
from tests.support.clock import FakeClock
from tests.support.watch import watch

SOURCES = sorted(Path(pipeline.__file__).parent.rglob("*.py"))


def test_one_way_to_commit() -> None:
    """No module commits by itself, or runs a script, which would commit what is under way."""
    calls = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"executescript", "commit"}
    ]
    assert len(SOURCES) > 100
    assert calls == []


class _Curious(SampleServer):
    """Lets Europe PMC answer when what PubMed sent is there for all to see, or after some seconds in vain."""

    database = Path()
    saw = False

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/europepmc"):
            self.saw = any(self._sees() or Event().wait(0.02) for _ in range(200))
        return super().answer(request)

    def _sees(self) -> bool:
        with closing(sqlite3.connect(self.database)) as other:
            return bool(other.execute("SELECT count(*) FROM records WHERE source = 'pubmed'").fetchone()[0])


def test_no_network_inside_a_transaction(clock: FakeClock, tmp_path: Path) -> None:
    """While one source is waited for, what another sent is committed: a kill loses nothing of it."""
    with _Curious(load()) as server:
        config = watch(tmp_path, server.url, feeds=[])
        server.database = config.database
        assert run(config, replace(Order(BASELINE), timing=clock.timing())).exit_code == 0
        assert server.saw


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(codec=None, exclude_categories=())), min_size=4, max_size=4))
def test_any_text_is_kept(words: list[str]) -> None:
    """Whatever text a source sends, NUL and lone surrogates too, what is made of it reads back as it was stored."""
    title, abstract, journal, author = map(text.clean, words)
    one = record("pubmed:1", title or "made up", author, abstract=abstract, journal=journal, mesh=(title, author))
    with memory_store() as store:
        keep(store, one)
        assert store.pairs.waiting() == [one]
