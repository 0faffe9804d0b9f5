"""A connection to a mail server that is not fooled: encrypted as asked or not made, bounded in time and in length."""

import base64
import io
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass

from pipeline.deliver.server import Server
from pipeline.errors import DeliverySuspended
from pipeline.redaction import Redaction
from pipeline.text import shown

_LONGEST_REPLY = 64_000  # bytes
# RFC 5321 section 4.1.3, an address literal: says nothing of this machine, and nobody has to be asked for it, as for
# its full name. The server sees the true address anyway.
_OURSELVES = "[127.0.0.1]"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: RFC 5321 section 4.2. ``text`` is one line, cut short and without our secrets."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip() if self.code > 0 else self.text


class Connection(smtplib.SMTP):
    """What the standard library has, but for its endless patience. Its errors are OSError and ValueError."""

    def __init__(self, server: Server, context: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=_OURSELVES, timeout=server.timeout)
        self._host = server.host  # as the certificate must name it
        self._server = server
        self._context = context
        self._redaction = Redaction(_secrets(server))
        self._room = 0
        self.allow_time()

    def allow_time(self) -> None:
        """Begin to count the time anew, as before a mail."""
        self._ends = time.monotonic() + self._server.longest

    def open(self) -> None:
        """Connect, encrypt and log in, as the server is to be spoken to."""
        code, text = self.connect(self._server.host, self._server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        if self._server.security == "starttls":
            self.ehlo_or_helo_if_needed()
            if not self.has_extn("starttls"):
                raise smtplib.SMTPNotSupportedError("it offers no STARTTLS; set security to what it offers")
            self.starttls(context=self._context)
        self.ehlo_or_helo_if_needed()
        if self._server.username:
            self.login(self._server.username, self._server.password)

    def getreply(self) -> tuple[int, bytes]:
        """One reply, so long at most, and so long waited for."""
        self._room = _LONGEST_REPLY
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Inbox(self, self.sock))
        return super().getreply()

    def said(self, answer: tuple[int, bytes | str]) -> Reply:
        """Make an answer of the standard library fit to be shown."""
        code, text = answer
        hidden = self._redaction.text(text if isinstance(text, str) else text.decode("utf-8", "replace"))
        # Once more: what was between the letters of a secret is gone now.
        return Reply(code, shown(self._redaction.text(shown(hidden, _LONGEST_REPLY))))

    def wait(self, sock: socket.socket, read: int) -> None:
        """Set how long the next piece of a reply may take, after so many bytes of the one before. OSError if none."""
        self._room -= read
        rest = min(self._server.timeout, self._ends - time.monotonic())
        if rest <= 0:
            raise TimeoutError
        if self._room <= 0:
            raise OSError("its answer has no end")
        sock.settimeout(rest)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        if self._server.security != "tls" or self._context is None:
            return plain
        return self._context.wrap_socket(plain, server_hostname=host)


class _Inbox(io.RawIOBase):
    """What the server says."""

    def __init__(self, connection: Connection, sock: socket.socket) -> None:
        self._connection = connection
        self._sock = sock
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        self._connection.wait(self._sock, self._read)
        self._read = self._sock.recv_into(buffer)
        return self._read


def connect(server: Server) -> Connection:
    """Connect, encrypt and log in. DeliverySuspended if any of it does not work: no mail is to blame for that."""
    try:
        connection = Connection(server, None if server.security == "none" else _context(server))
    except OSError:
        raise DeliverySuspended(f"{server.name}: ca_file {server.ca_file} holds no certificates; mend it.") from None
    try:
        connection.open()
    except (OSError, ValueError) as error:
        connection.close()
        trouble = _told(connection, error)
    else:
        return connection
    # Raised outside of the handler: errors of the libraries may hold the password, and would come along.
    raise DeliverySuspended(f"{server.name}: {trouble}.")


def reason(error: Exception) -> str:
    """Put into words what broke a connection, and what to do about it."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) and error.__context__ else error
    match cause:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted ({shown(cause.verify_message)}); see to that, or set ca_file"
        case ssl.SSLError():
            return f"no encrypted connection ({shown(str(cause.reason))}); check port and security"
        case TimeoutError():
            return "it does not answer in time; check host, port and the network"
        case smtplib.SMTPServerDisconnected():
            return "it closed the connection"
        case OSError():
            return f"{shown(cause.strerror or str(cause))}; check host, port and the network"
    return "it answered what is not SMTP; check host and port"


def _told(connection: Connection, error: Exception) -> str:
    """Put into words why a server that was reached cannot be used."""
    match error:
        case smtplib.SMTPAuthenticationError():
            said = connection.said((error.smtp_code, error.smtp_error))
            return f'it does not let us log in: "{said}"; check username and password'
        case smtplib.SMTPResponseException():
            return (
                f'it answered "{connection.said((error.smtp_code, error.smtp_error))}"; check host, port and security'
            )
        case UnicodeEncodeError():
            return "username and password must be ASCII for its ways of logging in"
        case smtplib.SMTPServerDisconnected():
            return reason(error)
        case smtplib.SMTPException():
            return connection.said((0, str(error))).text
    return reason(error)


def _context(server: Server) -> ssl.SSLContext:
    """Certificates are checked, and the name in them; without ca_file OpenSSL's own places hold, SSL_CERT_FILE too."""
    context = ssl.create_default_context(cafile=server.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _secrets(server: Server) -> list[str]:
    """Username and password, plain and as they go over the wire: RFC 4616 and LOGIN."""
    plain = [server.username, server.password]
    wired = [f"\0{server.username}\0{server.password}", *plain] if server.username else []
    return [*plain, *(base64.b64encode(text.encode()).decode() for text in wired)]
