"""Mail through a mail server: RFC 5321, one recipient and one answer for each mail."""

import re
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import NoReturn, Self

from pipeline.deliver.mail import Mail
from pipeline.deliver.server import Server
from pipeline.deliver.smtp_connection import Connection, Reply, connect, reason
from pipeline.errors import DeliveryFailed, DeliveryRefused, DeliverySuspended, DeliveryUnconfirmed

# Mails that the same words from the same server will never let pass, by the subject of the status code (RFC 3463
# section 3): addressing, mailbox, content. What is wrong with the system, the network, the dialogue or with who may
# send concerns every mail, and is for the operator to mend.
_OF_THE_MAIL = {"1", "2", "6"}
_TOO_LARGE = "5.3.4"
_POLICY = "7"  # before the content was seen it is about who sends, then about what is sent
_OF_THE_SENDER = re.compile(r"5\.(?:1\.[78]|7\.2\d)\b")  # its address; RFC 7372, what vouches for it
_STATUS = re.compile(r"5\.(\d{1,3})\.\d{1,3}\b")
# RFC 5321 section 4.2.2: a command that is not known; RFC 4954 section 6: logging in.
_OF_THE_SERVICE = {500, 502, 503, 530, 534, 535, 538}


class Smtp:
    """One connection for all mails, made when the first one is sent, and again when it broke."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: Connection | None = None

    def send(self, mail: Mail, committing: Callable[[], None]) -> str:
        """Send as Transport has it: known not to have arrived until the content itself was sent."""
        connection = self._ready()
        self._step(connection, mail, f"MAIL FROM:<{mail.sender}>")
        self._step(connection, mail, f"RCPT TO:<{mail.recipient}>")
        committing()
        self._step(connection, mail, "DATA", wanted=3)
        return self._hand_over(connection, mail)

    def check(self) -> str:
        """Connect, log in and say in a few words how it went. DeliverySuspended if no mail could be sent."""
        connection = self._ready()
        cipher = getattr(connection.sock, "version", lambda: "")()
        ways = [f"encrypted ({cipher})" if cipher else "not encrypted", "logged in" if self._server.username else ""]
        return ", ".join([f"{self._server.name} answers", *filter(None, ways)])

    def close(self) -> None:
        """Take leave of the server, if it still listens."""
        if self._connection:
            self._connection.allow_time()
            with suppress(OSError):
                self._connection.quit()
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready(self) -> Connection:
        """The connection, with nothing left of the mail before; a new one if the server has closed it."""
        if self._connection:
            self._connection.allow_time()
            with suppress(OSError):
                if self._connection.rset()[0] == 250:
                    return self._connection
            self._drop()
        self._connection = connect(self._server)
        return self._connection

    def _step(self, connection: Connection, mail: Mail, command: str, wanted: int = 2) -> None:
        """Take a step before the content; raise what its answer means if it is not the ``wanted`` kind."""
        try:
            reply = connection.said(connection.docmd(command))
        except OSError as error:
            self._drop()
            trouble = reason(error)
        else:
            if reply.code // 100 == wanted:
                return
            self._not_taken(mail, reply, seen=False, is_sender=command.startswith("MAIL"))
        raise DeliveryFailed(f"{self._server.name}: {trouble}.")

    def _hand_over(self, connection: Connection, mail: Mail) -> str:
        """Send the content, after which only an answer tells whether it was taken."""
        try:
            connection.send(_dotted(mail.content))
            reply = connection.said(connection.getreply())
        except OSError as error:
            self._drop()
            trouble = reason(error)
        else:
            if reply.code // 100 == 2:
                return str(reply)
            if reply.code // 100 in {4, 5}:
                self._not_taken(mail, reply, seen=True)
            self._drop()
            trouble = f'it answered "{reply}"'
        raise DeliveryUnconfirmed(
            f"{self._server.name} had the mail to {mail.recipient} and never said whether it took it: {trouble}."
        )

    def _not_taken(self, mail: Mail, reply: Reply, *, seen: bool, is_sender: bool = False) -> NoReturn:
        """Raise what a refusal means; ``seen`` is whether the server had the content, or so far only the sender."""
        if reply.code == 421 or reply.code // 100 not in {4, 5}:
            self._drop()
        said = f'{self._server.name} did not take the mail to {mail.recipient}: "{reply}"'
        sender_refused = reply.code // 100 == 5 and (is_sender or _OF_THE_SENDER.match(reply.text))
        if sender_refused:
            raise DeliverySuspended(f"{said}. See to from in [email], which all mails share, or the server's rules.")
        if reply.code // 100 == 5 and _is_about_the_mail(reply, seen=seen):
            raise DeliveryRefused(f"{said}. See to the address, or the server's rules.")
        if reply.code // 100 == 5:
            raise DeliveryFailed(f"{said}. See to the settings in [email], or the server's rules.")
        raise DeliveryFailed(f"{said}.")

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def _is_about_the_mail(reply: Reply, *, seen: bool) -> bool:
    """Whether a permanent refusal is this mail's own, and not one that any other would meet."""
    status = _STATUS.match(reply.text)
    if status is None:
        return reply.code not in _OF_THE_SERVICE
    return status[1] in _OF_THE_MAIL or status[0] == _TOO_LARGE or (status[1] == _POLICY and seen)


def _dotted(content: bytes) -> bytes:
    """The content as it goes over the wire: RFC 5321 section 4.5.2, transparency, and the line that ends it."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"^\.", b"..", ended, flags=re.MULTILINE) + b".\r\n"
