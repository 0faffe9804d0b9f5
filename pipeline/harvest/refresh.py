"""When what is known is asked for again, so that a retraction or a correction is seen within a week."""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from pipeline.proof import Known

REFRESH = timedelta(days=7)
"""What was fetched longer ago is fetched again, whatever the source says of its dates."""

OVERLAP = timedelta(days=14)
"""How far a window of index dates reaches back behind the last complete harvest: dates have only days, and the index
itself runs late."""


def since(known: Known, beginning: datetime) -> datetime:
    """Where a window of index dates begins; ``beginning`` if there was no complete harvest yet."""
    return known.complete_until - OVERLAP if known.complete_until else beginning


def due_again(source_id: str, known: Known, now: datetime) -> bool:
    """Whether a listed record is unknown or was last fetched over a week ago; or ahead, by a clock that was wrong."""
    fetched = known.fetched_at.get(source_id)
    return fetched is None or abs(now - fetched) > REFRESH


def turn_has_come(watched: Iterable[str], known: Known, now: datetime) -> set[str]:
    """Which of the watched ids, of which a source may know nothing, are to be asked for now.

    Each has a weekday by its own characters, and is asked for when that has come since the last complete harvest. So an
    ordinary day costs a seventh of them, what was missed on a day without a complete harvest is made up for, and
    nothing waits for more than a week.
    """
    last = known.complete_until or now - REFRESH
    days = {day % 7 for day in range(last.toordinal() + 1, now.toordinal() + 1)}
    return {one for one in watched if zlib.crc32(one.encode()) % 7 in days}
