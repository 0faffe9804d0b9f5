"""Everything concluded anew, from records and judgements alone, and what that changes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline import __version__
from pipeline.config import Config
from pipeline.digest.words import field, shortened
from pipeline.errors import NotFound
from pipeline.model import Tier, work_name
from pipeline.rules import in_force, news
from pipeline.run import draw_conclusions
from pipeline.store import writing
from pipeline.store.conclusions import Standing, Stated
from pipeline.store.lock import run_lock


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of works, in words, one for each: ``W9 into W5``, ``W5: rct → observational (“cohort study” …)``.

    ``rules`` say what is new in the rules since the conclusions before.
    """

    works: int
    rules: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    let_in: tuple[str, ...] = ()
    put_out: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()


def rebuild(config: Config, now: datetime) -> Changes:
    """Key, compare, group, screen and read every record anew. Works keep their ids; what was told stays told.

    In batches, each written whole or not at all: if it is cut short, the next run goes on from there. NotFound if there
    is no store yet, LockHeld if a run is at work.
    """
    if not config.database.exists():
        raise NotFound("nothing was harvested yet, so there is nothing to rebuild; `litwatch run` asks the sources")
    with run_lock(config.database, now), writing(config.database) as store:
        before, rules = store.conclusions.standing(), store.conclusions.rules()
        run_id = store.statements.begin_run(now, __version__, "rebuild")
        store.pairs.compare_all_anew()
        draw_conclusions(store, config.subject, run_id, now)
        store.statements.end_run(run_id, now)
        return changes(before, store.conclusions.standing(), tuple(news(rules, in_force(config.subject))))


def changes(before: Standing, after: Standing, rules: tuple[str, ...] = ()) -> Changes:
    """What is otherwise than before, of works that were there before."""
    fates = list(_fates(before, after))
    both = sorted(before.works.keys() & after.works.keys())
    rows = [(work_name(work), before.works[work], after.works[work]) for work in both]
    return Changes(
        works=len(after.works),
        rules=rules,
        merged=tuple(f"{work_name(old)} into {_named(new)}" for old, new in fates if old not in after.works),
        split=tuple(f"{work_name(old)} into {_named(new)}" for old, new in fates if len(new) > 1),
        let_in=tuple(name for name, old, new in rows if old.tier is Tier.OUT is not new.tier),
        put_out=tuple(f"{name} ({new.excluded_by})" for name, old, new in rows if new.tier is Tier.OUT is not old.tier),
        designs=tuple(_changed((name, old.design, new.design) for name, old, new in rows)),
        participants=tuple(_changed((name, old.participants, new.participants) for name, old, new in rows)),
    )


def _fates(before: Standing, after: Standing) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each work that was, with the works that its records are in now."""
    taken: Mapping[int, set[int]] = defaultdict(set)
    for record, work in before.work_of.items():
        taken[work].add(after.work_of[record])
    return ((work, tuple(sorted(taken[work]))) for work in sorted(taken))


def _named(works: tuple[int, ...]) -> str:
    return " and ".join(map(work_name, works))


def _changed(rows: Iterable[tuple[str, Stated, Stated]]) -> Iterator[str]:
    """A line for each value that is another one, with the words it rests on now."""
    for name, old, new in rows:
        if old.value != new.value:
            because = f" (“{shortened(new.evidence)}” in {field(new.field)})" if new.evidence and new.field else ""
            yield f"{name}: {_named_value(old)} → {_named_value(new)}{because}"


def _named_value(stated: Stated) -> str:
    return "not stated" if stated.value is None else str(stated.value)
