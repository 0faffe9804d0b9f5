"""A real mail server on loopback, with certificate and login, that keeps what it takes."""

import asyncio
import logging
import ssl
import subprocess
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.deliver.server import Server

USERNAME, PASSWORD = "desk", "S3cret-pass/word+"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server has taken, and how it came."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool
    logged_in: bool
    connection: int


Judge = Callable[[str, str, Taken | None], str | None]


def certificate(folder: Path) -> Path:
    """Make a certificate for localhost, and no other name, that vouches for itself; its key is in the same file."""
    path, key = folder / "server.pem", folder / "server.key"
    names = ("-addext", "subjectAltName=DNS:localhost", "-addext", "keyUsage=critical,digitalSignature,keyCertSign")
    subject = ("-subj", "/CN=litwatch test", "-days", "2", *names)
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    command = ("openssl", "req", *kind, *subject, "-keyout", key, "-out", path)
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text("ascii") + key.read_text("ascii"), "ascii")
    return path


@dataclass
class MailServer:
    """Listens on a free port of localhost for as long as the ``with`` block lasts.

    ``certificate`` is a file with certificate and key, as :func:`certificate` makes it; without one nothing is
    encrypted and nobody asked to log in. ``judge`` may answer MAIL, RCPT and the end of the content otherwise than
    with a yes: it is given the command, what came with it, and the whole mail where there is one. A mail that is
    answered with 250 or not at all is ``taken``. The answer "" closes the connection without a word.
    """

    certificate: Path | None = None
    security: Literal["starttls", "tls", "none"] = "none"
    judge: Judge = lambda _command, _what, _mail: None
    taken: list[Taken] = field(default_factory=list)
    port: int = 0

    def as_set_up(self, **otherwise: Any) -> Server:
        """What a user has to know of it, unless told otherwise."""
        login = {"username": USERNAME, "password": PASSWORD} if self.certificate else {}
        settings = {"security": self.security, "ca_file": self.certificate, "timeout": 10.0, **login, **otherwise}
        return Server("localhost", self.port, **settings)

    def __enter__(self) -> Self:
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd warns of what it does itself
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._wait(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        context = None
        if self.certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.certificate)
        implicit = self.security == "tls"
        self._server = await self._loop.create_server(
            lambda: self._protocol(context), "127.0.0.1", self.port, ssl=context if implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def _protocol(self, context: ssl.SSLContext | None) -> SMTP:
        secured = bool(context) and self.security == "starttls"
        return SMTP(
            _Handler(self),
            hostname="mail.example.org",
            tls_context=context if secured else None,
            require_starttls=secured,
            auth_required=secured,
            auth_require_tls=secured,
            authenticator=_authenticate,
            loop=self._loop,
        )

    async def _end(self) -> None:
        self._server.close()
        await self._server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # connections that were closed say so


def _authenticate(_smtp: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any) -> AuthResult:
    right = login == LoginPassword(USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


class _Handler:
    """Hooks of aiosmtpd: https://aiosmtpd.aio-libs.org/en/latest/handlers.html."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(self, smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:
        answer = self._server.judge("MAIL", address, None)
        if answer is None:
            envelope.mail_from = address
        return self._given(smtp, answer)

    async def handle_RCPT(self, smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:
        answer = self._server.judge("RCPT", address, None)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return self._given(smtp, answer)

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        encrypted = smtp.transport is not None and smtp.transport.get_extra_info("ssl_object") is not None
        logged_in = bool(session.authenticated)
        mail = Taken(
            envelope.mail_from or "", tuple(envelope.rcpt_tos), content, encrypted, logged_in, connection=id(session)
        )
        answer = self._server.judge("DATA", "", mail)
        if not answer or answer.startswith("2"):
            self._server.taken.append(mail)
        return self._given(smtp, answer)

    def _given(self, smtp: SMTP, answer: str | None) -> str:
        if answer == "" and smtp.transport is not None:
            smtp.transport.abort()  # type: ignore[attr-defined]  # sockets have it, and these are sockets
        return "250 OK" if answer is None else answer
