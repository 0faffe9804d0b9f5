"""The operator's word on messages that were not delivered: send them now, or never."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.config import Config
from pipeline.delivering import Delivered
from pipeline.errors import NotFound
from pipeline.harvest.fetch import Timing
from pipeline.run import send_out
from pipeline.store import Store, writing
from pipeline.store.lock import run_lock
from pipeline.store.outbox import UNDELIVERED, Message, State


def resend(config: Config, ids: Sequence[int], now: datetime, timing: Timing) -> tuple[list[Message], Delivered]:
    """Send these messages now, whatever became of them so far; all that wait or were set aside if none is named.

    Gives those that were to be sent, and what came of it. NotFound if there is no such message, or if it was delivered.
    """
    with run_lock(config.database, now), writing(config.database) as store:
        chosen = _chosen(store, ids)
        store.outbox.retry([one.id for one in chosen])
        return chosen, send_out(store, config, now, timing)


def drop(config: Config, ids: Sequence[int], now: datetime) -> list[Message]:
    """Never send these messages. NotFound as for :func:`resend`."""
    with run_lock(config.database, now), writing(config.database) as store:
        chosen = _chosen(store, ids)
        store.outbox.drop([one.id for one in chosen], f"dropped by the operator on {now:%Y-%m-%d}")
        return chosen


def _chosen(store: Store, ids: Sequence[int]) -> list[Message]:
    if not ids:
        return store.outbox.messages(UNDELIVERED)
    found = {one.id: one for one in store.outbox.some(ids)}
    for number in ids:
        if number not in found:
            raise NotFound(f"there is no message {number}; `litwatch outbox --all` lists them")
        if found[number].state is State.SENT:
            raise NotFound(f"message {number} was delivered; there is nothing to decide about it")
    return list(found.values())
