"""A mail that says nothing but that it arrived."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from pipeline.deliver.mail import Mail

_BODY = """\
This is a test of litwatch, which somebody asked for with `litwatch doctor --send-test`.

If you can read it, digests can reach you in this way. There is nothing to do.
"""


def trial(sender: Address, recipient: str, now: datetime) -> Mail:
    """Compose it; each one is another, and no program answers to it (RFC 3834 section 5)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = "Test of litwatch"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid("litwatch.test", sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_BODY)
    return Mail(sender.addr_spec, recipient, message["Message-ID"], message.as_bytes())
