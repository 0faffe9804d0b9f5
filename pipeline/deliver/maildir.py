"""Mail into a folder of this machine: https://cr.yp.to/proto/maildir.html."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.deliver.files import replace_file
from pipeline.deliver.mail import Mail
from pipeline.errors import DeliverySuspended

_PLACES = ("tmp", "new", "cur")


class Maildir:
    """A mail has one name, which its Message-ID gives it: delivered again, it is found, and not written twice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: Mail, committing: Callable[[], None]) -> str:
        """Write as Transport has it; it is always known whether it was."""
        name = f"{hashlib.sha256(mail.message_id.encode()).hexdigest()[:32]}.litwatch"
        committing()
        try:
            return self._put(name, mail.content.replace(b"\r\n", b"\n"))
        except OSError as error:
            reason = error.strerror or error
            raise DeliverySuspended(f"Cannot write to the Maildir {self._folder}: {reason}; put that right.") from error

    def check(self) -> str:
        """Say that it can be written to, or made. DeliverySuspended if not."""
        there = next(place for place in (self._folder, *self._folder.parents) if place.exists())
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            raise DeliverySuspended(
                f"{there} is no folder that you may write to; change that, or transport in [email]."
            )
        return f"Maildir {self._folder} can be written"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is kept open."""

    def _put(self, name: str, content: bytes) -> str:
        for place in (self._folder, *(self._folder / place for place in _PLACES)):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A mail program moves what was seen to cur, and puts flags behind the name, some their sizes as well.
        for there in (
            self._folder / "new" / name,
            *(self._folder / "cur").glob(f"{name}[:,]*"),
            self._folder / "cur" / name,
        ):
            if there.exists():
                return f"is already in {there.parent}"
        replace_file(self._folder / "new" / name, content, mode=0o600, draft=self._folder / "tmp" / name)
        return f"written to {self._folder / 'new'}"
