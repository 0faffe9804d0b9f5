"""The command for what is on its way to readers: outbox."""

import logging
from collections.abc import Sequence
from typing import Any

import click

from pipeline.cli.common import Command, Globals, global_options, json_option, now, print_json
from pipeline.cli.printing import iso, outbox_lines
from pipeline.cli.reporting import report_delivery
from pipeline.harvest.fetch import Timing
from pipeline.resending import chosen_from, resend
from pipeline.resending import drop as drop_messages
from pipeline.store import reading
from pipeline.store.outbox import UNDELIVERED, Message, State
from pipeline.text import counted

log = logging.getLogger(__name__)


@click.command(cls=Command)
@click.argument("ids", nargs=-1, metavar="[ID]...", type=click.IntRange(min=1))
@click.option("--retry", is_flag=True, help="Send them now; without ID all that wait or were set aside.")
@click.option("--drop", is_flag=True, help="Never send them.")
@click.option("--all", "everything", is_flag=True, help="List also what was delivered or dropped.")
@json_option
@global_options
@click.pass_obj
def outbox(options: Globals, ids: Sequence[int], retry: bool, drop: bool, everything: bool, as_json: bool) -> int:
    """List what was not delivered, send it now, or drop it.

    A message that was not taken waits for another try. One that was refused for good, tried too often, or may have
    arrived, is set aside until you decide. ID is the number that stands before it.
    """
    _refuse_contradictions(ids, retry=retry, drop=drop, as_json=as_json)
    config = options.load_config(needs_secrets=retry)
    if drop:
        dropped = drop_messages(config, ids, now())
        log.info("%s dropped", counted(len(dropped), "message"))
        return 0
    if retry:
        chosen, delivered = resend(config, ids, now(), Timing())
        log.info("%s to be sent again", counted(len(chosen), "message"))
        report_delivery(delivered)
        return int(bool(delivered.undelivered))
    with reading(config.database) as store:
        listed = chosen_from(store, ids) if ids else store.outbox.messages(State if everything else UNDELIVERED)
    if as_json:
        print_json([_document(message) for message in listed])
    elif listed:
        click.echo("\n".join(outbox_lines(map(_document, listed))))
    else:
        log.info("nothing waits, and nothing is set aside")
    return 0


def _refuse_contradictions(ids: Sequence[int], *, retry: bool, drop: bool, as_json: bool) -> None:
    if as_json and (retry or drop):
        raise click.UsageError("--json is for the list; it does not go with --retry or --drop.")
    if retry and drop:
        raise click.UsageError("--retry sends and --drop does not; give one of them.")
    if drop and not ids:
        raise click.UsageError("--drop needs the ID of each message that is never to be sent.")


def _document(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "digest": message.digest,
        "issue": message.issue,
        "format": message.format,
        "to": message.place,
        "message_id": message.message_id or None,
        "state": message.state.value,
        "attempts": message.attempts,
        "doubts": message.doubts,
        "not_before": iso(message.not_before),
        "last_error": message.last_error or None,
        "answer": message.answer or None,
        "delivered_at": iso(message.delivered_at),
    }


COMMANDS = (outbox,)
