"""``[email]``: how mail leaves this machine, and what stands at its head."""

import re
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo, field_validator

from pipeline.config.problems import shown
from pipeline.config.secret import Login, Secret
from pipeline.config.tables import Table, as_in_file
from pipeline.config.values import (
    AbsolutePath,
    Count,
    Pause,
    Port,
    Seconds,
    Text,
    is_address,
    is_ip,
    is_this_machine,
    must_be,
    resolved,
    surroundings,
)
from pipeline.deliver.server import Server

SMTP, SENDMAIL, MAILDIR = "smtp", "sendmail", "maildir"
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_MAILBOX = re.compile(r"(?:(?P<name>[^<>]*[^<>\s])\s*)?<(?P<address>[^<>\s]+)>|(?P<bare>[^<>\s]+)")
_URI = re.compile(r"[\x21\x23-\x3b\x3d\x3f-\x7e]{1,800}")  # what a header keeps in angle brackets, unfolded


def _host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+", value) and not is_ip(value):
        raise ValueError("must be the name or address of a mail server, without port")
    return value


def _mailbox(value: str) -> Address:
    found = _MAILBOX.fullmatch(value)
    address = found and (found["address"] or found["bare"])
    if not found or not address or not is_address(address):
        raise ValueError('must be an address, or a name with one, for example "Literature watch <watch@example.org>"')
    return Address((found["name"] or "").strip('"'), addr_spec=address)


def _unsubscribe(value: str) -> str:
    scheme = urlsplit(value).scheme
    if scheme not in {"mailto", "https"} or not _URI.fullmatch(value):
        raise ValueError('must begin with "mailto:" or "https://" and have no blanks; %20 stands for one')
    return value


def _transport(value: object, info: ValidationInfo) -> tuple[str, Path | None]:
    name, _, place = resolved(value, info).partition(":")
    if name == MAILDIR and place:
        return MAILDIR, surroundings(info).folder / place
    if name in {SMTP, SENDMAIL} and not place:
        return name, None
    raise ValueError(f'must be "smtp", "sendmail" or "maildir:PATH", got {shown(value)}')


Mailbox = Annotated[Address, PlainValidator(lambda value, info: _mailbox(resolved(value, info)))]


class EmailConfig(Table):
    """How mail is sent. ``transport`` is smtp, sendmail or maildir, with the folder of the last."""

    transport: Annotated[tuple[str, Path | None], PlainValidator(_transport)] = as_in_file("smtp")
    host: Annotated[Text, AfterValidator(_host)] = "localhost"
    security: Annotated[Literal["starttls", "tls", "none"], must_be('"starttls", "tls" or "none"')] = "starttls"
    # After security, because a default is only told what stands above it.
    port: Port = Field(default_factory=lambda given: _PORTS[given.get("security", "starttls")])
    ca_file: AbsolutePath | None = None
    username: Login | None = None
    password: Secret | None = None
    sender: Mailbox | None = Field(None, alias="from")
    unsubscribe: Annotated[Text, AfterValidator(_unsubscribe)] | None = None
    timeout: Seconds = 30.0
    pause: Pause = 1.0
    attempts: Count = 10
    doubtful: Annotated[Literal["resend", "hold"], must_be('"resend" or "hold"')] = "resend"

    @property
    def server(self) -> Server:
        """The mail server, as what sends takes it."""
        password = self.password.get_secret_value() if self.password else ""
        return Server(
            self.host, self.port, self.security, self.ca_file, self.username or "", password, timeout=self.timeout
        )

    @field_validator("security")
    @classmethod
    def _private(cls, security: str, info: ValidationInfo) -> str:
        if security == "none" and not is_this_machine(info.data.get("host", "localhost")):
            raise ValueError('"none" is for a mail server on this machine only; use "starttls" or "tls"')
        return security

    @field_validator("password")
    @classmethod
    def _together(cls, password: Any, info: ValidationInfo) -> Any:
        if (password is None) != (info.data.get("username") is None) and "username" in info.data:
            raise ValueError("username and password go together; give both or neither")
        return password
