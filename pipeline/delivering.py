"""Delivery: works off the outbox, which outlives every crash.

What is promised: no message is lost; a file is there whole; a mail arrives once, or twice if the connection or the
program broke down at the very moment of its handing over, and then byte for byte under the same Message-ID. What
cannot be delivered waits for ever longer, up to a day; what was refused, tried too often, or left in doubt twice is set
aside, and told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.config import Config
from pipeline.config.email import EmailConfig
from pipeline.deliver.files import write_file
from pipeline.deliver.mail import Mail, Transport
from pipeline.deliver.transports import transport
from pipeline.deliver.undisturbed import undisturbed
from pipeline.digest.issue import FEED
from pipeline.errors import DeliveryFailed, DeliveryRefused, DeliverySuspended, DeliveryUnconfirmed
from pipeline.harvest.fetch import Timing
from pipeline.publishing import feed
from pipeline.store import Store
from pipeline.store.outbox import LONGEST_DELAY, SET_ASIDE, Message, State
from pipeline.text import counted

_FIRST_DELAY = timedelta(minutes=5)
_DOUBLINGS = 10  # after which every delay is the longest
_CUT = "litwatch died while it was being handed over."


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a delivery: the paths written, how many mails were sent, and a sentence for each thing amiss.

    ``repeated`` tells of mails that may have arrived before, and were sent again. ``waiting`` messages are tried again,
    and ``set_aside`` wait for the operator, some of them from earlier runs.
    """

    written: tuple[str, ...] = ()
    sent: int = 0
    undelivered: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    waiting: int = 0
    set_aside: int = 0


def connected(email: EmailConfig) -> Transport:
    """What mails are sent through, as the configuration has it."""
    return transport(*email.transport, email.server)


def deliver(
    store: Store,
    config: Config,
    now: datetime,
    timing: Timing,
    connect: Callable[[EmailConfig], Transport] = connected,
) -> Delivered:
    """Write every file, and send every mail whose time has come, through what ``connect`` gives."""
    written, unwritten = _write_files(store, config, now)
    post = _Post(store, config, now)
    held = post.recover()
    post.withdraw()
    mails = store.outbox.mails(now)
    unsent = [*post.send(mails, connect, timing)] if mails else []
    sent = [one for one in store.outbox.some([mail.id for mail in mails]) if one.state is State.SENT]
    waiting, tried = store.outbox.waiting_mails(), {mail.id for mail in mails}
    early = sum(mail.id not in tried for mail in waiting)
    rest = (
        [f"{counted(early, 'mail')} not yet due for another try; `litwatch outbox` lists what waits"] if early else []
    )
    repeated = [
        f"{_name(one)} was sent a second time: it may have arrived the first time" for one in sent if one.doubts
    ]
    return Delivered(
        written,
        len(sent),
        (*unwritten, *held, *unsent, *rest),
        tuple(repeated),
        len(waiting) + len(unwritten),
        len(store.outbox.messages(SET_ASIDE)),
    )


def _write_files(store: Store, config: Config, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the files and feeds: which, and why the others have to wait for the next run."""
    written, undelivered = [], []
    for message in store.outbox.files():
        target = message.file
        is_feed = target.format == FEED
        content = feed(store, config, message.digest).encode() if is_feed else store.outbox.content(message)
        try:
            written.append(str(write_file(target.folder, target.name, content)))
        except DeliveryFailed as error:
            store.outbox.postponed(message, str(error), _next_try(message, now))
            undelivered.append(str(error))
        else:
            store.outbox.sent(message, now)
    return tuple(written), tuple(undelivered)


@dataclass(frozen=True, slots=True)
class _Post:
    """The mails of one run. What becomes of each is committed before the next is touched."""

    store: Store
    config: Config
    now: datetime

    def recover(self) -> list[str]:
        """Put what a run was handing over when it died back in its place; a sentence for each that is set aside."""
        told = {one.id: self.doubt(one, _CUT, None) for one in self.store.outbox.messages([State.SENDING])}
        return [told[one.id] for one in self.store.outbox.some([*told]) if one.state is State.DOUBTFUL]

    def withdraw(self) -> None:
        """Drop what waits for people who are no longer to get the digest."""
        readers = {digest.name: {one.casefold() for one in digest.email or ()} for digest in self.config.digests}
        outbox = self.store.outbox
        for mail in (*outbox.waiting_mails(), *outbox.messages(SET_ASIDE)):
            if mail.target.casefold() not in readers.get(mail.digest, ()):
                outbox.drop([mail.id], "its recipient no longer gets the digest")

    def send(
        self, mails: Sequence[Message], connect: Callable[[EmailConfig], Transport], timing: Timing
    ) -> Iterator[str]:
        """Send one mail after the other; a sentence for each trouble."""
        with connect(self.config.email) as connection:
            for number, mail in enumerate(mails):
                if number:
                    timing.sleep(self.config.email.pause)
                try:
                    trouble = self._hand_over(connection, mail)
                except DeliverySuspended as error:
                    for rest in mails[number:]:
                        self._postpone(rest, str(error))
                    yield f"{counted(len(mails) - number, 'mail')} cannot be sent now: {error}"
                    return
                if trouble:
                    yield trouble

    def _hand_over(self, connection: Transport, message: Message) -> str:
        """Send one mail; a sentence if it was not taken. A signal to stop waits until it is clear what became of it."""
        outbox = self.store.outbox
        mail = Mail(self.config.sender.addr_spec, message.target, message.message_id, outbox.content(message))
        with undisturbed():
            try:
                answer = connection.send(mail, lambda: outbox.sending(message))
            except DeliverySuspended:
                raise
            except DeliveryUnconfirmed as error:
                return self.doubt(message, str(error), _next_try(message, self.now))
            except DeliveryRefused as error:
                outbox.set_aside(message, State.FAILED, str(error))
                return _set_aside(message, str(error))
            except DeliveryFailed as error:
                return self._postpone(message, str(error))
            outbox.sent(message, self.now, answer)
            return ""

    def _postpone(self, message: Message, error: str) -> str:
        """Let it wait for its next try, or set it aside after its last one."""
        tries = message.attempts + 1
        if tries >= self.config.email.attempts:
            self.store.outbox.set_aside(message, State.DEAD, error)
            return _set_aside(message, f"{error} It was tried {counted(tries, 'time')}.")
        self.store.outbox.postponed(message, error, _next_try(message, self.now))
        return f"{_name(message)} waits for another try: {error}"

    def doubt(self, message: Message, error: str, next_try: datetime | None) -> str:
        """Send it again, the first time that it is in doubt and if that is wanted; else leave it to the operator."""
        if message.doubts or self.config.email.doubtful == "hold":
            self.store.outbox.set_aside(message, State.DOUBTFUL, error)
            return _set_aside(message, f"{error} It may have arrived.")
        self.store.outbox.doubted(message, error, next_try)
        return f"{_name(message)} may have arrived, and is sent again: {error}"


def _next_try(message: Message, now: datetime) -> datetime:
    """After twice as long as the last time, up to a day. A file is written by any run before that, too."""
    return now + min(LONGEST_DELAY, _FIRST_DELAY * (1 << min(message.attempts, _DOUBLINGS)))


def _set_aside(message: Message, error: str) -> str:
    return f"{_name(message)} is set aside, and waits for your word (`litwatch outbox`): {error}"


def _name(message: Message) -> str:
    return f"message {message.id} ({message.digest}, issue {message.issue})"
