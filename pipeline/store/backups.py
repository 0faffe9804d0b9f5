"""``litwatch backup``: a verified copy under a name of the operator's choice, and the copies before it."""

from itertools import pairwise
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.store.copying import write_copy
from pipeline.store.database import open_to_look
from pipeline.store.schema import APPLICATION_ID
from pipeline.store.verifying import damage

# The file's header: https://sqlite.org/fileformat2.html#the_database_header
_MAGIC, _MARK = b"SQLite format 3\0", slice(68, 72)


def back_up(database: Path, file: Path, keep: int) -> Path:
    """Copy the database to ``file``; of earlier copies there, ``keep`` become ``file.1``, the latest, and so on.

    A run may be at work: what it last committed is copied. The path that was written. ConfigError if ``file`` is no
    place for a copy, NotFound if there is no database yet, StoreError if it is damaged or the copy cannot be written.
    """
    file = file.resolve()
    places = [file, *(file.with_name(f"{file.name}.{number}") for number in range(1, keep + 1))]
    _refuse_misplaced(database.resolve(), places)

    def replace(draft: Path, path: Path) -> None:
        for earlier, later in reversed(list(pairwise(places))):
            if _size(earlier):
                earlier.replace(later)
        draft.replace(path)

    with open_to_look(database) as db:
        write_copy(db, file, damage, replace)
    return file


def _refuse_misplaced(database: Path, places: list[Path]) -> None:
    """Refuse to write over the database itself, or over anything but an earlier copy."""
    file = places[0]
    if database in places:
        raise ConfigError([f"{file}: a copy would overwrite the database itself; name another file"])
    if file.is_dir():
        raise ConfigError([f"{file}: is a folder; name a file"])
    # Not made: it may be the place where a disk is to be mounted.
    if not file.parent.is_dir():
        raise ConfigError([f"{file.parent}: there is no such folder; make it, or mount its disk"])
    for place in places:
        if place.exists() and not _is_copy(place):
            raise ConfigError([f"{place}: is there and is no litwatch database; name another file, or remove it"])


def _is_copy(place: Path) -> bool:
    """Whether it is an earlier copy by its header, sound or not; or an empty file, as ``mktemp`` makes."""
    if not place.is_file():
        return False
    with place.open("rb") as file:
        header = file.read(_MARK.stop)
    return not header or (header.startswith(_MAGIC) and header[_MARK] == APPLICATION_ID.to_bytes(4, "big"))


def _size(place: Path) -> int:
    return place.stat().st_size if place.exists() else 0
