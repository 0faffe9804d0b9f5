"""A post office that does as it is told, and remembers every mail that it took."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self

from pipeline.config.email import EmailConfig
from pipeline.deliver.mail import Mail
from pipeline.errors import DeliveryFailed, DeliveryRefused, DeliverySuspended, DeliveryUnconfirmed


class Fate(Enum):
    """What befalls a mail, or the program that sends it."""

    TAKEN = "taken"
    LATER = "not taken now"
    NEVER = "refused for good"
    DOWN = "the server is down"
    TAKEN_UNSAID = "taken, and the answer is lost"
    LOST = "lost on the way, without an answer"
    KILLED_BEFORE = "the program dies before it hands over"
    KILLED_BETWEEN = "the program dies when it has begun to hand over"
    KILLED_AFTER = "the program dies when the mail was taken, before it can note that"


class Killed(BaseException):
    """Sudden death, as far as it can be had within one process: nothing after it is done."""


@dataclass
class PostOffice:
    """A transport whose mails meet the next of the ``fates``; when these have run out, all are taken."""

    fates: Iterator[Fate]
    taken: list[Mail] = field(default_factory=list)

    def connect(self, _email: EmailConfig) -> Self:
        """Stand in for a mail server."""
        return self

    def send(self, mail: Mail, committing: Callable[[], None]) -> str:
        """Do to a mail what is its fate."""
        fate = next(self.fates, Fate.TAKEN)
        if fate is Fate.KILLED_BEFORE:
            raise Killed
        errors = {Fate.LATER: DeliveryFailed, Fate.NEVER: DeliveryRefused, Fate.DOWN: DeliverySuspended}
        if fate in errors:
            raise errors[fate](f"{mail.recipient}: {fate.value}")
        committing()
        if fate is Fate.KILLED_BETWEEN:
            raise Killed
        if fate is not Fate.LOST:
            self.taken.append(mail)
        if fate is Fate.KILLED_AFTER:
            raise Killed
        if fate in {Fate.TAKEN_UNSAID, Fate.LOST}:
            raise DeliveryUnconfirmed(f"{mail.recipient}: {fate.value}")
        return "250 taken"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass
