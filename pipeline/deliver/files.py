"""Files for readers: whoever opens one sees the old content or the new, whatever happens in between."""

import os
import re
from pathlib import Path

from pipeline.errors import DeliveryFailed

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}(?<!\.)")
# Device names of Windows, with any ending: Microsoft Learn, "Naming Files, Paths, and Namespaces".
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def is_safe(name: str) -> bool:
    """Whether it is a plain file name that every system takes."""
    return bool(_SAFE.fullmatch(name)) and not _RESERVED.fullmatch(name)


def write_file(folder: Path, name: str, content: bytes) -> Path:
    """Put ``content`` into ``folder`` under ``name``, readable by all whom the umask lets, and return the path.

    ``name`` comes from litwatch's own key or the configuration, never from a record; ValueError if it is not safe.
    DeliveryFailed if the file cannot be written; then what was there before is still there.
    """
    if not is_safe(name):
        raise ValueError(f"not a safe file name: {name!r}")
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, content, mode=0o644)
    except OSError as error:
        reason = error.strerror or error
        raise DeliveryFailed(
            f"cannot write {path}: {reason}; once that is put right, the next run writes it"
        ) from error
    return path


def replace_file(path: Path, content: bytes, mode: int, draft: Path | None = None) -> None:
    """Write a whole file so that it survives a crash at any step, old or new. ``mode`` is cut by the umask. OSError.

    Until it is whole it is at ``draft``, on the same file system; without one that is a hidden file beside it.
    """
    draft = draft or path.with_name(f".{path.name}.tmp")
    draft.unlink(missing_ok=True)  # of a run that was killed here
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if os.name == "posix":  # elsewhere a folder cannot be opened, and a rename is as durable as it gets
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
