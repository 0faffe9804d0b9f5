"""Results that a trial's registry does not show a year after the trial: true by time alone, without any new record."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.digest.trials import results_due
from pipeline.model import EventKind, Record, RelationKind
from pipeline.works import Happening, News


@dataclass(frozen=True, slots=True)
class Ended:
    """A registered trial that has ended and shows no results.

    ``published`` says that a publication of it is known, ``plans`` are the DOIs and PMIDs of its known protocols, which
    report no results. ``has_moved`` says that its state is another one than when we first saw it.
    """

    work: int
    record: Record
    first_seen: datetime
    has_moved: bool = False
    published: bool = False
    plans: frozenset[str] = frozenset()


def overdue(trials: Iterable[Ended], now: datetime) -> Iterator[News]:
    """The trials whose results have become due since we first saw them, and that we know no publication of.

    What was due by then already is no news. The convention is that of FDAAA 801, which binds few of the trials: see
    :func:`pipeline.digest.trials.results_due`.
    """
    for trial in trials:
        completed = trial.record.completed
        if completed is None or trial.published or _is_reported(trial):
            continue
        due = results_due(completed)
        if due < now.date() and (due >= trial.first_seen.date() or trial.has_moved):
            words = f"{due} (12 months after the primary completion, {completed})"
            yield News(Happening(EventKind.OVERDUE, trial.work, words), trial.first_seen)


def _is_reported(trial: Ended) -> bool:
    """Whether the registry names a publication of the trial that is none of its protocols."""
    own = (one for one in trial.record.relations if one.kind is RelationKind.RESULTS_IN)
    return any(trial.plans.isdisjoint({one.doi, one.pmid} - {""}) for one in own)
