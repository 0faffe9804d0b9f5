"""Progress bars, for those who look on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

from pipeline.asking import Nobody, Watcher
from pipeline.cli.common import Globals
from pipeline.proof import Coverage, Status


class _Bars:
    """A progress bar a source."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def asking(self, labels: Sequence[str]) -> None:
        """A bar for each source."""
        self._tasks = {label: self._progress.add_task(label, total=None) for label in labels}

    def page(self, label: str, fetched: int, total: int | None) -> None:
        """Move its bar."""
        self._progress.update(self._tasks[label], completed=fetched, total=total)

    def answered(self, coverage: Coverage) -> None:
        """Fill its bar, or leave it where the source broke off."""
        done = coverage.fetched if coverage.status is Status.COMPLETE else None
        self._progress.update(self._tasks[coverage.label], completed=coverage.fetched, total=done)
        self._progress.stop_task(self._tasks[coverage.label])


@contextmanager
def watching(options: Globals, console: Console) -> Iterator[Watcher]:
    """Progress bars on a terminal; silence where nobody looks."""
    if options.quiet or options.log_format == "json" or not console.is_terminal:
        yield Nobody()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bars(progress)
