"""Whatever breaks, in whatever order: every event reaches everybody who is to hear of it, and nothing is new twice.

The whole program below the sources, on a real file: records are kept, conclusions drawn, issues published and
delivered. What breaks is chosen: the mail server's answers, the program's life, the clock, the disk, the lock.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pipeline.delivering import deliver
from pipeline.errors import LockHeld, StoreError
from pipeline.harvest.fetch import Timing
from pipeline.issuing import publish, publish_correction
from pipeline.model import Record, Relation, RelationKind
from pipeline.run import deliver_waiting, draw_conclusions
from pipeline.store import Store, writing
from pipeline.store.lock import run_lock
from pipeline.store.outbox import SET_ASIDE, State
from tests.match.records import record
from tests.store.keeping import NOW, keep
from tests.support.clock import FakeClock
from tests.support.post import Fate, Killed, PostOffice
from tests.support.watch import watch

_ABOUT = ("fatigue", "bladder control", "walking", "sleep")
_FILES = {"dir": "out", "formats": ["json"]}
_READERS = {"weekly": ["ward@example.org", "clinic@example.org"], "core": ["clinic@example.org"]}
_DIGESTS = [
    {"name": "weekly", "max_items": 1, "files": _FILES, "feed": "out/weekly.atom", "email": _READERS["weekly"]},
    {"name": "core", "tiers": ["core"], "files": _FILES, "email": _READERS["core"]},
]
_DEADLY = {Fate.KILLED_BEFORE, Fate.KILLED_BETWEEN, Fate.KILLED_AFTER}
numbers = st.integers(0, len(_ABOUT) - 1)


class NeverLost(RuleBasedStateMachine):
    """A world of up to four studies, two subscriptions with three readers between them, and much that can break."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.config = watch(Path(self.folder.name), "http://127.0.0.1:9", digests=_DIGESTS, email={"attempts": 3})
        self.now = NOW
        self.held: dict[str, Record] = {}
        self.post = PostOffice(iter(()))

    def teardown(self) -> None:
        """Let all be well again, and look what everybody got."""
        with self.folder:
            for _ in range(len(_ABOUT) + 1):
                self.compose()
            self.operator_retries()
            for _ in range(2):
                self.send([])
            self.all_reached()

    # --- what happens ---

    @contextmanager
    def program(self) -> Iterator[Store]:
        """The program, from its start to its end or death."""
        with run_lock(self.config.database, self.now), writing(self.config.database) as store:
            yield store

    def comes(self, one: Record) -> None:
        """A record comes in, as a run brings it."""
        with self.program() as store:
            run = store.statements.begin_run(self.now, "0")
            keep(store, one, now=self.now)
            draw_conclusions(store, self.config.subject, run, self.now)
            store.statements.end_run(run, self.now)
        self.held[one.key] = one

    def article(self, number: int, source: str) -> Record:
        """A study's article, as it stands in a source now, or as it first comes."""
        title = f"Acupuncture for {_ABOUT[number]} in multiple sclerosis: made-up trial {number}"
        fresh = record(f"{source}:{number}", title, author=f"Sample{'abcd'[number]}", doi=f"10.5555/article.{number}")
        return self.held.get(fresh.key, fresh)

    @initialize(known=numbers)
    def first(self, known: int) -> None:
        """One study is known when both subscriptions begin."""
        self.comes(self.article(known, "pubmed"))
        self.compose()

    @rule(number=numbers, source=st.sampled_from(["pubmed", "crossref"]))
    def harvest(self, number: int, source: str) -> None:
        """A source lists a study."""
        self.comes(self.article(number, source))

    @rule(turn=numbers)
    def retracted(self, turn: int) -> None:
        """A study that is known is retracted."""
        held = sorted(key for key in self.held if key.startswith("pubmed:"))
        if held:
            one = self.held[held[turn % len(held)]]
            notice = Relation(RelationKind.RETRACTION_IN, "retraction-in", pmid=f"9{one.source_id}")
            self.comes(replace(one, relations=(notice,)))

    @rule()
    def compose(self) -> None:
        """A week later, the next issues."""
        self.now += timedelta(days=7)
        with self.program() as store:
            for digest in self.config.digests:
                publish(store, self.config, digest, self.now)

    @rule()
    def compose_between(self) -> None:
        """A run between two issues."""
        with self.program() as store:
            for digest in self.config.digests:
                publish_correction(store, self.config, digest, self.now)

    @rule(fates=st.lists(st.sampled_from(Fate), max_size=5))
    def send(self, fates: Sequence[Fate]) -> None:
        """A day later, what waits is delivered, as well as it goes."""
        self.now += timedelta(days=1)
        self.post.fates = iter(fates)
        try:
            with self.program() as store:
                deliver(store, self.config, self.now, FakeClock().timing(), self.post.connect)
        except Killed:
            assert _DEADLY.intersection(fates)

    @rule(days=st.integers(-40, 40))
    def clock_jumps(self, days: int) -> None:
        """The clock is set, forward or back."""
        self.now += timedelta(days=days)

    @rule(number=numbers, spare=st.integers(0, 8))
    def disk_full(self, number: int, spare: int) -> None:
        """The disk has room for a few pages more, and everything is tried all the same."""
        for attempt in (self._bring(number), self._publish, self._deliver):
            try:
                with self.program() as store:
                    with store.atomic() as db:
                        pages = db.execute("PRAGMA page_count").fetchone()[0]
                        db.execute(f"PRAGMA max_page_count = {pages + spare}")
                    attempt(store)
            except StoreError as error:
                assert "free some disk space" in str(error)  # noqa: PT017 - it need not be raised

    def _bring(self, number: int) -> Callable[[Store], None]:
        def attempt(store: Store) -> None:
            one = self.article(number, "europepmc")
            run = store.statements.begin_run(self.now, "0")
            keep(store, one, now=self.now)
            self.held[one.key] = one
            draw_conclusions(store, self.config.subject, run, self.now)

        return attempt

    def _publish(self, store: Store) -> None:
        for digest in self.config.digests:
            publish(store, self.config, digest, self.now)

    def _deliver(self, store: Store) -> None:
        self.post.fates = iter(())
        deliver(store, self.config, self.now, FakeClock().timing(), self.post.connect)

    @rule()
    def second_process(self) -> None:
        """Somebody starts it twice."""
        with self.program(), pytest.raises(LockHeld):
            deliver_waiting(self.config, self.now, Timing())

    def operator_retries(self) -> None:
        """The operator has what was set aside sent again."""
        with self.program() as store:
            store.outbox.retry([one.id for one in store.outbox.messages(SET_ASIDE)])

    # --- what is promised ---

    @invariant()
    def arrived_twice_at_most(self) -> None:
        """A mail arrives twice at most, and then byte for byte."""
        assert all(times <= 2 for times in Counter(mail.message_id for mail in self.post.taken).values())
        assert len({mail.message_id for mail in self.post.taken}) == len(set(self.post.taken))

    @precondition(lambda self: self.config.database.exists())
    @invariant()
    def sound(self) -> None:
        """The database is sound, and no study stands in two issues of a subscription as new."""
        with writing(self.config.database) as store:
            assert store.catalogue.damage() == ""
            for digest, issues in store.told.issues().items():
                told = Counter(
                    item["id"]
                    for ref, _ in issues
                    for item in json.loads(store.told.printed(digest, ref.number, "json"))["items"]
                )
                assert [study for study, times in told.items() if times > 1] == []

    def all_reached(self) -> None:
        """Every event stands in an issue; every issue reached every reader, file and feed."""
        with writing(self.config.database) as store:
            assert store.outbox.counts() == dict.fromkeys(State, 0) | {"sent": store.outbox.counts()["sent"]}
            for digest, issues in store.told.issues().items():
                assert store.told.untold(digest) == ()
                for reader in _READERS[digest]:
                    got = {mail.message_id for mail in self.post.taken if mail.recipient == reader}
                    assert len([one for one in got if one.startswith(f"<{digest}.")]) == len(issues)
                for ref, _ in issues:
                    written = self.config.digests[0].files.dir / f"{digest}-{ref.number:04}.json"
                    assert written.read_text("utf-8") == store.told.printed(digest, ref.number, "json")
        with sqlite3.connect(self.config.database) as db:
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []


NeverLost.TestCase.settings = settings(max_examples=8, stateful_step_count=15)
TestNeverLost = NeverLost.TestCase
