"""What every command that delivers says of it: the paths to stdout, the rest to the log."""

import logging

import click

from pipeline.delivering import Delivered
from pipeline.text import counted

log = logging.getLogger(__name__)


def report_delivery(delivered: Delivered) -> None:
    """Say what was written and sent, and what was not."""
    for path in delivered.written:
        click.echo(path)
    if delivered.sent:
        log.info("%s sent", counted(delivered.sent, "mail"))
    for sentence in delivered.undelivered:
        log.error("%s", sentence)
