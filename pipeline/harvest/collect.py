"""Asking every source at the same time, and handing their answers over one source after the other.

One thread a source, so that a slow or broken one costs the others nothing; the caller reads the streams in a fixed
order, so that what is written does not depend on who was fastest.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from pipeline.errors import SourceFailed
from pipeline.harvest.fetch import Client
from pipeline.harvest.source import Source
from pipeline.proof import Known, Page, Proof
from pipeline.screen.subject import Subject

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One source to be asked, through its own client, with what the store holds of it."""

    source: Source
    client: Client
    known: Known


class Stream:
    """The pages of one source as they arrive. After the last one, ``end`` says how it ended, ``seconds`` when."""

    end: Proof | SourceFailed

    def __init__(self, job: Job, patience: Callable[[], float], clock: Callable[[], float]) -> None:
        self.job = job
        self._patience = patience
        self._clock = clock
        self._began = clock()
        self.seconds = 0.0
        self._arrived: SimpleQueue[Page | Proof | SourceFailed] = SimpleQueue()

    def fill(self, subject: Subject, now: datetime) -> None:
        """Ask the source; runs in the source's own thread and never raises."""
        try:
            harvest = self.job.source.harvest(self.job.client, subject, self.job.known, now)
            while True:
                self._arrived.put(next(harvest))
        except StopIteration as stop:
            self.finish(stop.value)
        except SourceFailed as error:
            self.finish(error)
        except Exception:
            # The boundary around one source: whatever is wrong with it must not reach the others.
            log.exception("%s: internal error", self.job.source.name)
            self.finish(SourceFailed(f"{self.job.source.label}: internal error; please report it with the log"))

    def finish(self, end: Proof | SourceFailed) -> None:
        """No page comes after this."""
        self._stop_watch()
        self._arrived.put(end)

    def __iter__(self) -> Iterator[Page]:
        """Pages in the order they came; waits for them, though not for ever."""
        while isinstance(arrived := self._next(), Page):
            yield arrived
        self.end = arrived

    def _next(self) -> Page | Proof | SourceFailed:
        try:
            return self._arrived.get(timeout=self._patience())
        except Empty:
            self._stop_watch()
            return SourceFailed(f"{self.job.source.label} still had not answered when the run's time was over")

    def _stop_watch(self) -> None:
        self.seconds = self._clock() - self._began


def ended(job: Job, end: SourceFailed) -> Stream:
    """The stream of a source that is not asked at all."""
    stream = Stream(job, lambda: 0.0, lambda: 0.0)
    stream.finish(end)
    return stream


def collect(
    jobs: Sequence[Job],
    subject: Subject,
    now: datetime,
    patience: Callable[[], float],
    clock: Callable[[], float] = monotonic,
) -> Iterator[Stream]:
    """Start every job at once; give their streams in the order of the jobs.

    ``patience`` says how many seconds a page may still be waited for; ``clock`` counts seconds.
    """
    streams = [Stream(job, patience, clock) for job in jobs]
    for stream in streams:
        # Daemons: a process that is told to end must not wait for a slow server.
        Thread(target=stream.fill, args=(subject, now), name=stream.job.source.name, daemon=True).start()
    yield from streams
