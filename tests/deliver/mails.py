"""A mail to send, and what came of it."""

from pipeline.deliver.mail import Mail, Transport

CONTENT = (
    b"From: desk@example.org\r\nTo: clinic@example.org\r\nMessage-ID: <weekly.1.abc@example.org>\r\n"
    b"Subject: Made-up news\r\n\r\n.one dot\r\n..two dots\r\n.\r\nin the middle.\r\n" + b"x" * 990 + b"\r\n\r\nend\r\n"
)
MAIL = Mail("desk@example.org", "clinic@example.org", "<weekly.1.abc@example.org>", CONTENT)


class Committed:
    """Counts how often the point was passed from which on the mail may have arrived."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        """The point is passed."""
        self.times += 1


def sent(transport: Transport, mail: Mail = MAIL) -> str:
    """Send, and see that the point is passed once."""
    committed = Committed()
    answer = transport.send(mail, committed)
    assert committed.times == 1
    return answer
