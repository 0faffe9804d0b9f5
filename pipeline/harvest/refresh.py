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
    """Whether a listed record is unknown or was last fetched over a week ago."""
    fetched = known.fetched_at.get(source_id)
    return fetched is None or now - fetched > REFRESH


def unlisted_due(watched: Iterable[str], known: Known, now: datetime) -> list[str]:
    """Which of the watched ids, of which a source may know nothing, are to be asked for today.

    Each once a week. One that the source did not know has no time of its last fetch: its turn is the weekday that its
    own digits give it, so that ids that never answer cost a seventh of a request a day and not one each.
    """
    return sorted(one for one in watched if due_again(one, known, now) and (one in known.fetched_at or _turn(one, now)))


def _turn(identifier: str, now: datetime) -> bool:
    """Whether today is its day of the week."""
    return zlib.crc32(identifier.encode()) % 7 == now.toordinal() % 7
