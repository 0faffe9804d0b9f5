"""Time that passes only when told to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pipeline.harvest.fetch import Timing


@dataclass
class FakeClock:
    """Sleeping advances it at once; ``slept`` remembers every sleep, in seconds."""

    start: datetime = datetime(2026, 11, 2, 7, tzinfo=UTC)
    elapsed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.elapsed += seconds

    def sleep(self, seconds: float) -> None:
        """Sleep, without waiting."""
        self.slept.append(seconds)
        self.advance(seconds)

    def now(self) -> datetime:
        """Tell the time."""
        return self.start + timedelta(seconds=self.elapsed)

    def timing(self, random: Callable[[], float] = lambda: 1.0) -> Timing:
        """Give what the fetch layer asks for; without jitter unless ``random`` makes some."""
        return Timing(monotonic=lambda: self.elapsed, sleep=self.sleep, random=random, now=self.now)
