"""What every way of sending mail takes, and what it promises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one recipient, frozen when its issue was composed.

    ``content`` is the whole message as RFC 5322 has it, lines ended by CRLF; ``sender`` and ``recipient`` are the plain
    addresses of its envelope. ``message_id`` stands in the content, too, angle brackets and all.
    """

    sender: str
    recipient: str
    message_id: str
    content: bytes = field(repr=False)


class Transport(Protocol):
    """A way of sending mail. Used in ``with``: one connection serves all mails of a run."""

    def send(self, mail: Mail, committing: Callable[[], None]) -> str:
        """Hand over one mail and return the answer in one line; both say nothing of a password.

        ``committing`` is called once, right before the moment from which on the mail may have been taken: what fails
        before has certainly not arrived.

        Raises DeliveryFailed if it was not taken and may be later (DeliverySuspended if that is no fault of this mail),
        DeliveryRefused if it was not taken and never will be, DeliveryUnconfirmed if nobody knows. Each says where,
        what, and what to do.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
