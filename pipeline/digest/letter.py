"""An issue as an e-mail to one recipient, to the last byte: RFC 5322, with the headers that mailing lists owe.

The same issue to the same recipient gives the same bytes, so that a mail which has to be sent again is the same mail.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from itertools import groupby
from textwrap import TextWrapper
from urllib.parse import quote

from pipeline.text import clean

EMAIL = "email"
"""The format of an issue as a mail to somebody."""

_LONGEST_SUBJECT = 200  # characters
_ENCODED_BYTES = 36  # so that an encoded word has room behind the header's name
_LINES = TextWrapper(
    76, initial_indent="Subject: ", subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
)
_RIS = ("application", "x-research-info-systems")


@dataclass(frozen=True, slots=True)
class Letter:
    """One recipient's mail. ``message_id`` has its angle brackets."""

    recipient: str
    message_id: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails of a digest have in common.

    ``unsubscribe`` is a mailto: or https: address, in which ``{recipient}`` and ``{digest}`` are filled in.
    """

    digest: str
    title: str
    sender: Address
    unsubscribe: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What is the same for every recipient of an issue. ``composed_at`` is in the digest's own time zone.

    ``ris`` are the items for a reference manager, if they were asked for.
    """

    number: int
    composed_at: datetime
    subject: str
    text: str
    html: str
    ris: str = ""


def letter(head: Letterhead, contents: Contents, recipient: str, previous: str) -> Letter:
    """Write the mail; ``previous`` is the Message-ID of the issue before it to the same recipient, if there was one."""
    key = _key(head, contents, recipient)
    message_id = f"<{head.digest}.{contents.number}.{key[:24]}@{head.sender.domain}>"
    message = EmailMessage(_POLICY)
    for name, value in _headers(head, contents, recipient, message_id, previous):
        message[name] = value
    message.set_content(contents.text, cte="quoted-printable")
    message.add_alternative(contents.html, subtype="html", cte="quoted-printable")
    if contents.ris:
        name = f"{head.digest}-{contents.number:04}.ris"
        message.add_attachment(contents.ris.encode(), *_RIS, filename=name)
    # By default they are random.
    for depth, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"={key[24:56]}-{depth}=")
    return Letter(recipient, message_id, message.as_bytes())


def _headers(
    head: Letterhead, contents: Contents, recipient: str, message_id: str, previous: str
) -> Iterable[tuple[str, object]]:
    """The headers, in the order in which people read them."""
    yield "From", Address(clean(head.sender.display_name), addr_spec=head.sender.addr_spec)
    yield "To", Address(addr_spec=recipient)
    yield "Subject", clean(contents.subject)[:_LONGEST_SUBJECT]
    yield "Date", format_datetime(contents.composed_at)
    yield "Message-ID", message_id
    if previous:
        yield "References", previous  # so that mail programs thread the issues
    yield "List-Id", f"{_phrase(head.title)} <{head.digest}.{head.sender.domain}>"  # RFC 2919
    place = head.unsubscribe.replace("{recipient}", quote(recipient)).replace("{digest}", quote(head.digest))
    yield "List-Unsubscribe", f"<{place}>"  # RFC 2369
    if place.startswith("https:"):
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"  # RFC 8058
    yield "Auto-Submitted", "auto-generated"  # RFC 3834: no out-of-office notes, please


def _phrase(title: str) -> str:
    """A quoted string of RFC 5322, with nothing in it that would have to be encoded."""
    plain = "".join(char for char in clean(title) if " " <= char <= "~" and char not in '"\\')
    return f'"{plain[:100]}"'


def _key(head: Letterhead, contents: Contents, recipient: str) -> str:
    """Tell this mail from every other one, also from one of the same number in another database."""
    stated = (head.digest, contents.number, contents.composed_at.timestamp(), recipient)
    return hashlib.sha256("\0".join(map(str, stated)).encode()).hexdigest()


def _encoded(text: str) -> Iterator[str]:
    """A text as encoded words: RFC 2047 section 2, short enough, and none splits a letter."""
    chunk = ""
    for char in (*text, ""):
        if not char or len((chunk + char).encode("utf-8", "replace")) > _ENCODED_BYTES:
            yield f"=?utf-8?b?{base64.b64encode(chunk.encode('utf-8', 'replace')).decode()}?="
            chunk = ""
        chunk += char


def _folded(text: str) -> str:
    """The subject's header, folded at its own blanks: where an encoded word begins a line, the library adds another."""
    runs = ((plain, " ".join(words)) for plain, words in groupby(text.split(" "), str.isascii))
    return "\r\n".join(_LINES.wrap(" ".join(run if plain else " ".join(_encoded(run)) for plain, run in runs)))


class _Headers(EmailPolicy):
    """As SMTP wants it, but the list headers are on one line: folded, long addresses become encoded words."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as bytes."""
        if name.startswith("List-"):
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name == "Subject" and value:
            return f"{_folded(value)}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Headers(linesep=SMTP.linesep, raise_on_defect=True)
