"""An issue as a mail: the headers that are set and none other, both texts whole, the same bytes every time."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pipeline.digest.letter import Contents, Letterhead, letter
from pipeline.text import clean
from tests.support.mails import opened

AT = datetime(2026, 11, 22, 7, tzinfo=UTC)
SENDER = Address("Literature watch", addr_spec="watch@example.org")
UNSUBSCRIBE = "mailto:watch@example.org?subject=unsubscribe%20{digest}"
HEAD = Letterhead("weekly", "MS + acupuncture: weekly", SENDER, UNSUBSCRIBE)
CONTENTS = Contents(2, AT, "MS + acupuncture: 3 new — 22 Nov 2026", "Text\n.\nFrom me — é\n", "<p>Text — é</p>\n")
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "References", "List-Id", "List-Unsubscribe", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
]


def unix(text: str) -> str:
    """A text with the line ends it had; on the wire they are CRLF."""
    return text.replace("\r\n", "\n")


def with_contents(**changed: object) -> Contents:
    """The contents, in part others."""
    stated = {name: getattr(CONTENTS, name) for name in Contents.__slots__}
    return Contents(**{**stated, **changed})


def test_headers() -> None:
    """The headers say from whom, to whom, when, of which list, after which mail, and that a program wrote it."""
    message = opened(letter(HEAD, CONTENTS, "clinic@example.org", "<before@example.org>").content)
    assert message.keys() == HEADERS
    assert message["From"] == "Literature watch <watch@example.org>"
    assert message["To"] == "clinic@example.org"
    assert message["Subject"] == CONTENTS.subject
    assert message["Date"].datetime == AT
    assert message["References"] == "<before@example.org>"
    assert message["List-Id"] == '"MS + acupuncture: weekly" <weekly.example.org>'
    assert message["List-Unsubscribe"] == "<mailto:watch@example.org?subject=unsubscribe%20weekly>"
    assert message["Auto-Submitted"] == "auto-generated"


WORDS = st.lists(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=70), min_size=1)


@given(WORDS)
@example(["first issue, 52 studies known (10 RCTs), 10 shown in all of it", "—", "16 Nov 2026"])
@example(["x" * 66, "—" * 12, "y" * 15])
def test_subject(words: list[str]) -> None:
    """A subject arrives letter by letter, with one blank between two words, in lines as RFC 2047 has them."""
    subject = clean(" ".join(words))[:200].strip()
    assume("=?" not in subject)
    content = letter(HEAD, with_contents(subject=subject), "clinic@example.org", "").content
    assert opened(content)["Subject"] == subject
    [header] = re.findall(rb"^Subject:(?:.*\r\n )*.*\r\n", content, re.MULTILINE)
    assert all(len(line) <= 76 for line in header.split(b"\r\n") if b"=?" in line)


def test_first_has_no_reference() -> None:
    """A first mail refers to none before it."""
    assert opened(letter(HEAD, CONTENTS, "clinic@example.org", "").content)["References"] is None


def test_texts() -> None:
    """Plain text comes first, HTML second, as they were rendered; on the wire there is only ASCII in short lines."""
    content = letter(HEAD, CONTENTS, "clinic@example.org", "").content
    message = opened(content)
    parts = [(part.get_content_type(), unix(part.get_content())) for part in message.walk() if not part.is_multipart()]
    assert parts == [("text/plain", CONTENTS.text), ("text/html", CONTENTS.html)]
    assert message.get_content_type() == "multipart/alternative"
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998  # RFC 5322 section 2.1.1


def test_attachment() -> None:
    """The items come along for a reference manager, if that is wanted."""
    ris = "TY  - JOUR\nTI  - Sample — made up\nER  - \n"
    message = opened(letter(HEAD, with_contents(ris=ris), "clinic@example.org", "").content)
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("weekly-0002.ris", ris.encode())
    body = message.get_body(("plain",))
    assert body is not None
    assert unix(body.get_content()) == CONTENTS.text


def test_same_mail() -> None:
    """The same issue to the same recipient is the same mail, byte for byte; any other has a Message-ID of its own."""
    one = letter(HEAD, CONTENTS, "clinic@example.org", "")
    assert letter(HEAD, CONTENTS, "clinic@example.org", "") == one
    others = [
        letter(HEAD, CONTENTS, "ward@example.org", ""),
        letter(HEAD, with_contents(number=3), "clinic@example.org", ""),
        letter(HEAD, with_contents(composed_at=AT.replace(second=1)), "clinic@example.org", ""),
    ]
    assert len({one.message_id, *(other.message_id for other in others)}) == 4
    assert opened(one.content)["Message-ID"] == one.message_id
    assert re.fullmatch(r"<weekly\.2\.[0-9a-f]{24}@example\.org>", one.message_id)


def test_one_click() -> None:
    """An https address gets the header of RFC 8058, knows who unsubscribes, and is not folded however long it is."""
    place = "https://example.org/u?list={digest}&who={recipient}&key=" + "k" * 600
    head = Letterhead("weekly", "MS", SENDER, place)
    content = letter(head, CONTENTS, "a+b@example.org", "").content
    message = opened(content)
    wanted = "https://example.org/u?list=weekly&who=a%2Bb%40example.org&key=" + "k" * 600
    assert f"List-Unsubscribe: <{wanted}>\r\n".encode() in content
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@given(st.text(), st.text(), st.text())
def test_hostile(subject: str, title: str, name: str) -> None:
    """Whatever a subject, a title or a sender's name holds, the mail has the headers it should have and none other."""
    sender = Address(re.sub(r"[\r\n]", "", name), addr_spec="watch@example.org")
    head = Letterhead("weekly", title, sender, UNSUBSCRIBE)
    content = letter(head, with_contents(subject=subject), "c@example.org", "<b@x>").content
    message = opened(content)
    assert message.keys() == HEADERS
    assert message["From"].addresses[0].addr_spec == "watch@example.org"
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content.decode("ascii").partition("\r\n\r\n")[0])


@pytest.mark.parametrize("text", ["", "x" * 5000, "\x00\x1b[31m", "a\r\nb\rc\n", "\ud800"])
def test_odd_texts(text: str) -> None:
    """No text breaks a mail."""
    assert opened(
        letter(HEAD, with_contents(text=text.encode("utf-8", "replace").decode()), "c@example.org", "").content
    )
