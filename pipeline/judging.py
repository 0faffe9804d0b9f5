"""The operator's word: which records are one publication, and what is right of a single one. It survives the rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from pipeline import __version__
from pipeline.config import Config
from pipeline.errors import ConfigError, NotFound
from pipeline.model import Fact, Judged, Judgement, Matter, Ruling, Sameness, Work, work_name
from pipeline.run import draw_conclusions
from pipeline.store import Store, writing
from pipeline.store.lock import run_lock


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the works that a judgement concerns: the work that each of their records was in, and is in now."""

    before: Mapping[str, Work]
    now: Mapping[str, Work]

    def __str__(self) -> str:
        """In a sentence, and a line for each value that changed."""
        old, new = _ids(self.before), _ids(self.now)
        changed = list(self._changed())
        if self._homes(self.before) != self._homes(self.now):
            still = f"{_are(old)} {_number(new)} still, of other records than before"
            return "\n".join([still if old == new else f"{_are(old)} {_number(new)} now: {_listed(new)}", *changed])
        return "\n".join(changed) or f"no change: {_are(old)} {_number(new)}"

    @staticmethod
    def _homes(works: Mapping[str, Work]) -> dict[str, int]:
        return {key: work.id for key, work in works.items()}

    def _changed(self) -> Iterator[str]:
        """What is otherwise of each work that is still there."""
        then = {work.id: work for work in self.before.values()}
        for number, work in sorted({work.id: work for work in self.now.values()}.items()):
            if number in then:
                yield from (f"{work.name}: {line}" for line in _changes(then[number], work))


def _changes(old: Work, new: Work) -> Iterator[str]:
    if old.verdict.tier is not new.verdict.tier:
        yield f"{old.verdict.tier} → {new.verdict.tier}"
    for name in ("design", "participants"):
        was, now = _value(getattr(old.facts, name)), _value(getattr(new.facts, name))
        if was != now:
            yield f"{name} {was} → {now}"


def _value(fact: Fact[object] | None) -> str:
    return "not stated" if fact is None else str(fact.value)


def judge(config: Config, words: Sequence[Judgement | Ruling], note: str, now: datetime) -> Fate:
    """Store what is judged of publications, by any identifiers of theirs, and draw the conclusions.

    NotFound if one of them is not in the store, ConfigError if two are one record, LockHeld if a run is at work.
    """
    with _store(config, now) as store:
        known = [_of_records(store, word) for word in words]
        keys = [key for word in known for key in _keys(word)]
        return _concluded(store, config, keys, lambda: store.judgements.keep(known, note, now), now)


def _of_records(store: Store, word: Judgement | Ruling) -> Judgement | Ruling:
    """The same of the best records that bear the identifiers."""
    keys = [store.catalogue.records(identifier)[0].key for identifier in _keys(word)]
    if isinstance(word, Ruling):
        return Ruling(keys[0], word.matter, word.value)
    a, b = keys
    if a == b:
        raise ConfigError(
            [f"{word.a} and {word.b} are one record, {a}, and a judgement takes two; see `litwatch show {a}`"]
        )
    return Judgement(a, b, word.sameness)


def undo(config: Config, identifier: str, now: datetime) -> tuple[Judged, Fate]:
    """Undo the latest judgement that stands and concerns a publication, and draw the conclusions.

    NotFound if there is none, or no such publication; LockHeld if a run is at work.
    """
    with _store(config, now) as store:
        standing = store.judgements.concerning(store.catalogue.records(identifier))
        if not standing:
            raise NotFound(f"{identifier}: no judgement concerns it that is not undone")
        latest = standing[-1]
        return latest, _concluded(store, config, _keys(latest.word), lambda: store.judgements.undo(latest, now), now)


@contextmanager
def _store(config: Config, now: datetime) -> Iterator[Store]:
    if not config.database.exists():
        raise NotFound("nothing was harvested yet, so there is nothing to judge; `litwatch run` asks the sources")
    with run_lock(config.database, now), writing(config.database) as store:
        yield store


def _concluded(store: Store, config: Config, keys: Iterable[str], write: Callable[[], None], now: datetime) -> Fate:
    """Write something that bears on the works of these records, and what follows from it."""
    touched = sorted({key for one in keys for key in store.catalogue.find(one).records})
    before = _works(store, touched)
    run_id = store.statements.begin_run(now, __version__, "judge")
    write()
    draw_conclusions(store, config.subject, run_id, now)
    store.statements.end_run(run_id, now)
    return Fate(before, _works(store, touched))


def _works(store: Store, keys: Iterable[str]) -> dict[str, Work]:
    return {key: store.catalogue.find(key) for key in keys}


def _keys(word: Judgement | Ruling) -> tuple[str, ...]:
    """The publications that a judgement is about."""
    return (word.a, word.b) if isinstance(word, Judgement) else (word.record,)


def judgement_line(word: Judgement | Ruling) -> str:
    """A judgement in words."""
    if isinstance(word, Judgement):
        said = {Sameness.SAME: "is the same as", Sameness.NOT_SAME: "is not the same as"}[word.sameness]
        return f"{word.a} {said} {word.b}"
    said = {
        Matter.RELEVANT: "is relevant",
        Matter.NOT_RELEVANT: "is not relevant",
        Matter.DESIGN: f"has the design {word.value or 'not stated'}",
        Matter.PARTICIPANTS: f"has {word.value or 'no stated number of'} participants",
    }[word.matter]
    return f"{word.record} {said}"


def _ids(works: Mapping[str, Work]) -> list[int]:
    return sorted({work.id for work in works.values()})


def _are(works: list[int]) -> str:
    return f"{_listed(works)} {'is' if len(works) == 1 else 'are'}"


def _number(works: list[int]) -> str:
    return "one work" if len(works) == 1 else f"{'two' if len(works) == 2 else len(works)} works"


def _listed(works: list[int]) -> str:
    *others, last = map(work_name, works)
    return f"{', '.join(others)} and {last}" if others else last
