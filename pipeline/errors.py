"""Everything that can go wrong, named by what to do about it.

======================  ==============================================================  =========
error                   what happens                                                    exit code
======================  ==============================================================  =========
ConfigError             the run does not start; every problem is listed                 2
NotFound                the command says what was looked for                            2
SourceFailed            the other sources go on; the digest says INCOMPLETE             1 (3: all)
RetryLater              as SourceFailed, and the source is left alone until then        1 (3: all)
SourceSkipped           the source is not asked; the digest says that it was left out   0 (3: all)
SourceMalformed         as SourceFailed: an answer that is not the source's own         1 (3: all)
RecordRejected          the record goes to quarantine with its payload, and is counted  1
DeliveryFailed          the message stays in the outbox and is tried again              1
DeliverySuspended       as DeliveryFailed, and no other mail is tried in this run       1
DeliveryUnconfirmed     as DeliveryFailed, once; a message that may have arrived waits  1
DeliveryRefused         the message is set aside; the operator has to look              1
StoreError              nothing is touched; the operator has to look                    4
LockHeld                another run is at work; try again later                         75
Stopped                 asked to end; ended between two steps                           143
======================  ==============================================================  =========
"""

from collections.abc import Sequence
from datetime import datetime


class LitwatchError(Exception):
    """Something expected, told in one sentence: what, where, and what to do."""

    exit_code = 4


class ConfigError(LitwatchError):
    """The configuration cannot be used. Carries every problem, not just the first."""

    exit_code = 2

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NotFound(LitwatchError):
    """What the user asked for is not in the store."""

    exit_code = 2


class SourceFailed(LitwatchError):
    """A source could not be asked, or not to the end."""

    exit_code = 1


class RetryLater(SourceFailed):
    """The source asked to be left alone until ``not_before`` (aware, UTC)."""

    def __init__(self, message: str, not_before: datetime) -> None:
        self.not_before = not_before
        super().__init__(message)


class SourceSkipped(SourceFailed):
    """The source cannot be asked before the operator provides something, such as a key; no fault of anybody's."""


class SourceMalformed(SourceFailed):
    """The answer is not what the source promises: an error page, a broken body, an error inside a 200."""


class RecordRejected(LitwatchError):
    """One record cannot be read; the rest of its page can."""


class DeliveryFailed(LitwatchError):
    """A message could not be delivered now; it stays in the outbox."""

    exit_code = 1


class DeliverySuspended(DeliveryFailed):
    """The mail server cannot be used at all; the next mail would fare no better."""


class DeliveryUnconfirmed(DeliveryFailed):
    """A message was handed over and the answer never came: it may have arrived, and may not."""


class DeliveryRefused(DeliveryFailed):
    """A message was refused for good; sending the same again would be refused again."""


class StoreError(LitwatchError):
    """The database cannot be used: damaged, foreign, read-only, or the disk is full."""


class StoreOutdated(StoreError):
    """The database was written by an older litwatch, and has to be written to before it can be read."""


class LockHeld(LitwatchError):
    """Another process is running on the same database."""

    exit_code = 75


class Stopped(LitwatchError):
    """The process was asked to end."""

    exit_code = 143
