"""Whatever comes in whatever order: every study is told once to every subscription, and every retraction once.

The whole program below the sources: records are kept, conclusions drawn and issues published in a real store, and what
readers get is read from the issues' JSON.
"""

import json
import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pipeline.config import DigestConfig
from pipeline.issuing import publish, publish_correction
from pipeline.model import Record, Relation, RelationKind
from pipeline.run import draw_conclusions
from pipeline.store.verifying import contradictions
from tests.match.records import record
from tests.store.keeping import NOW, keep, memory_store
from tests.support.watch import watch

# Titles that no two studies share, so that the program has no reason to take two for one.
_ABOUT = ("fatigue", "bladder control", "walking", "sleep")
_DIGESTS = [
    {"name": "weekly", "max_items": 1, "files": {"dir": "out", "formats": ["json"]}},
    {"name": "core", "max_items": 25, "tiers": ["core"], "files": {"dir": "out", "formats": ["json"]}},
]
numbers = st.integers(0, len(_ABOUT) - 1)


def doi(number: int, kind: str = "article") -> str:
    """The DOI of a study's article, or of its preprint."""
    return f"10.5555/{kind}.{number}"


class ToldOnce(RuleBasedStateMachine):
    """A world of up to four studies, and two subscriptions to it."""

    def __init__(self) -> None:
        super().__init__()
        self.within = ExitStack()
        self.config = watch(Path("/nowhere"), "http://127.0.0.1:9", digests=_DIGESTS)
        self.store = self.within.enter_context(memory_store())
        self.now = NOW
        self.held: dict[str, Record] = {}
        self.issues: dict[str, list[dict[str, Any]]] = {digest.name: [] for digest in self.config.digests}
        self.baseline: set[int] = set()

    def teardown(self) -> None:
        """Publish what is left, and count; the store has to make sense as a whole."""
        if any(self.issues.values()):
            for _ in range(len(_ABOUT)):
                self.publish_all()
            self.all_told()
        with self.store.atomic() as db:
            assert contradictions(db) == []
        self.within.close()

    # --- the world ---

    def advance(self, *records: Record) -> None:
        """Bring records in, as a run does."""
        self.now += timedelta(hours=1)
        self.held.update({one.key: one for one in records})
        run = self.store.statements.begin_run(self.now, "0")
        keep(self.store, *records, now=self.now)
        draw_conclusions(self.store, self.config.subject, run, self.now)
        self.store.statements.end_run(run, self.now)

    def article(self, number: int, source: str = "pubmed") -> Record:
        """A study's article, as it stands in a source now, or as it first comes."""
        title = f"Acupuncture for {_ABOUT[number]} in multiple sclerosis: made-up trial {number}"
        fresh = record(f"{source}:{number}", title, author=f"Sample{'abcd'[number]}", doi=doi(number))
        return self.held.get(fresh.key, fresh)

    @initialize(known=st.sets(numbers, max_size=2))
    def first_issue(self, known: set[int]) -> None:
        """What is known at first is the baseline."""
        for number in sorted(known):
            self.advance(self.article(number))
        self.publish_all()
        self.baseline = known

    @rule(number=numbers, source=st.sampled_from(["pubmed", "crossref"]))
    def article_comes(self, number: int, source: str) -> None:
        """A source lists it, first or as another one does."""
        self.advance(self.article(number, source))

    @rule(number=numbers)
    def preprint_comes(self, number: int) -> None:
        """It was a preprint, which names its article."""
        same = self.article(number)
        pointer = Relation(RelationKind.PREPRINT_OF, "is-preprint-of", doi=doi(number))
        preprint = record(
            f"europepmc:PPR{number}",
            f"{same.title}: a preprint",
            author=str(same.authors[0].family),
            doi=doi(number, "preprint"),
            publication_types=("Preprint",),
            relations=(pointer,),
        )
        self.advance(preprint)

    @rule(turn=numbers, kind=st.sampled_from([RelationKind.RETRACTION_IN, RelationKind.ERRATUM_IN]))
    def notice_appears(self, turn: int, kind: RelationKind) -> None:
        """One of PubMed's articles comes to point at a notice of its own."""
        held = sorted(key for key in self.held if key.startswith("pubmed:"))
        if held:
            one = self.held[held[turn % len(held)]]
            pointer = Relation(kind, kind.value, pmid=f"9{list(RelationKind).index(kind):03}{one.source_id}")
            self.advance(replace(one, relations=tuple(dict.fromkeys((*one.relations, pointer)))))

    # --- the issues ---

    def publish_all(self) -> None:
        """A week later, the next issue of every subscription."""
        self.now += timedelta(days=7)
        for digest in self.config.digests:
            assert publish(self.store, self.config, digest, self.now)
            self.read(digest)

    @rule()
    def next_issue(self) -> None:
        """The next issue of every subscription."""
        self.publish_all()

    @rule()
    def between_issues(self) -> None:
        """A run between two issues."""
        self.now += timedelta(hours=1)
        for digest in self.config.digests:
            if publish_correction(self.store, self.config, digest, self.now):
                self.read(digest)

    def read(self, digest: DigestConfig) -> None:
        """What readers get."""
        last = self.store.told.last_issue(digest.name)
        assert last
        self.issues[digest.name].append(json.loads(self.store.told.printed(digest.name, last.number, "json")))

    # --- what is promised ---

    def told(self, name: str) -> Counter[str]:
        """How often each study stood in a subscription's issues as new, by its number."""
        items = (item for issue in self.issues[name] for item in issue["items"])
        return Counter(re.sub(r"\D", "", item["identifiers"]["doi"].rpartition(".")[2]) for item in items)

    @invariant()
    def told_at_most_once(self) -> None:
        """Nothing is told twice as new."""
        for name in self.issues:
            assert not [study for study, times in self.told(name).items() if times > 1]

    @invariant()
    def counted_as_rendered(self) -> None:
        """The counts of the subject line are the items and corrections of the issue."""
        for issue in (issue for issues in self.issues.values() for issue in issues):
            subject, items, corrections = issue["subject"], issue["items"], issue["corrections"]
            if issue["out_of_cycle"]:
                assert subject.startswith("CORRECTION")
                assert not items
                assert {one["kind"] for one in corrections} == {"retracted"}
            elif issue["previous_issue"]:
                assert int((re.search(r"(\d+) new", subject) or [0, 0])[1]) == len(items)
                assert int((re.search(r"(\d+) correction", subject) or [0, 0])[1]) == len(corrections)

    @invariant()
    def corrections_told_once(self) -> None:
        """No correction is told twice, and none of what its reader was not told of before."""
        for issues in self.issues.values():
            told = [(one["kind"], one["work"]) for issue in issues for one in issue["corrections"]]
            assert len(told) == len(set(told))
            for issue in issues:
                assert all(one["told_in_issue"] < issue["issue"] for one in issue["corrections"])

    @precondition(lambda self: any(self.issues.values()))
    @invariant()
    def numbered(self) -> None:
        """Issues are numbered without a gap."""
        for issues in self.issues.values():
            assert [issue["issue"] for issue in issues] == list(range(1, len(issues) + 1))

    def all_told(self) -> None:
        """In the end everything was told: as new, or as known at the beginning; and every retraction of it."""
        there = {re.sub(r"\D", "", key.partition(":")[2]) for key in self.held}
        for name, issues in self.issues.items():
            assert {*self.told(name), *map(str, self.baseline)} == there
            assert issues[-1]["carried_over"] == 0
            assert self.store.told.untold(name) == ()


ToldOnce.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
TestToldOnce = ToldOnce.TestCase
