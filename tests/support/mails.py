"""Mails, as the programs of their readers open them."""

from email import message_from_bytes, policy
from email.message import EmailMessage


def opened(content: bytes) -> EmailMessage:
    """The mail as a mail program reads it."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
