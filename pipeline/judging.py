"""The operator's word on which records are one publication. It stands above the rules, and survives them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from pipeline import __version__
from pipeline.config import Config
from pipeline.errors import ConfigError, NotFound
from pipeline.model import Judgement, Sameness, work_name
from pipeline.run import draw_conclusions
from pipeline.store import Store, writing
from pipeline.store.judgements import Judged
from pipeline.store.lock import run_lock


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the works that a judgement concerns: which work each of their records was in, and is in now."""

    before: dict[str, int]
    now: dict[str, int]

    def __str__(self) -> str:
        """In one sentence."""
        old, new = sorted(set(self.before.values())), sorted(set(self.now.values()))
        if self.before == self.now:
            return f"no change: {_are(old)} {_number(new)}"
        if old == new:
            return f"{_are(old)} {_number(new)} still, of other records than before"
        return f"{_are(old)} {_number(new)} now: {_listed(new)}"


def judge(config: Config, judged: Judgement, note: str, now: datetime) -> Fate:
    """Store a judgement on two publications, by any identifiers of theirs, and draw the conclusions.

    NotFound if one of them is not in the store, ConfigError if both are one record, LockHeld if a run is at work.
    """
    with _store(config, now) as store:
        a, b = (store.catalogue.records(identifier)[0].key for identifier in (judged.a, judged.b))
        if a == b:
            raise ConfigError(
                [f"{judged.a} and {judged.b} are one record, {a}, and a judgement takes two; see `litwatch show {a}`"]
            )
        judgement = Judgement(a, b, judged.sameness)
        return _concluded(store, config, (a, b), lambda: store.judgements.keep(judgement, note, now), now)


def undo(config: Config, identifier: str, now: datetime) -> tuple[Judged, Fate]:
    """Undo the latest judgement that stands and concerns a publication, and draw the conclusions.

    NotFound if there is none, or no such publication; LockHeld if a run is at work.
    """
    with _store(config, now) as store:
        standing = store.judgements.concerning(store.catalogue.records(identifier))
        if not standing:
            raise NotFound(f"{identifier}: no judgement concerns it that is not undone")
        latest = standing[-1]
        keys = latest.judgement.a, latest.judgement.b
        return latest, _concluded(store, config, keys, lambda: store.judgements.undo(latest, now), now)


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


def _works(store: Store, keys: Iterable[str]) -> dict[str, int]:
    return {key: store.catalogue.find(key).id for key in keys}


def judgement_line(judgement: Judgement) -> str:
    """A judgement in words."""
    word = {Sameness.SAME: "is the same as", Sameness.NOT_SAME: "is not the same as"}[judgement.sameness]
    return f"{judgement.a} {word} {judgement.b}"


def _are(works: list[int]) -> str:
    return f"{_listed(works)} {'is' if len(works) == 1 else 'are'}"


def _number(works: list[int]) -> str:
    return "one work" if len(works) == 1 else f"{'two' if len(works) == 2 else len(works)} works"


def _listed(works: list[int]) -> str:
    *others, last = map(work_name, works)
    return f"{', '.join(others)} and {last}" if others else last
