"""The operator's word on messages that were not delivered: send them now, or never."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from pipeline.config import Config
from pipeline.delivering import Delivered
from pipeline.errors import NotFound
from pipeline.harvest.fetch import Timing
from pipeline.run import send_out
from pipeline.store import Store, reading, writing
from pipeline.store.lock import run_lock
from pipeline.store.outbox import UNDELIVERED, Message, State


def resend(config: Config, ids: Sequence[int], now: datetime, timing: Timing) -> tuple[list[Message], Delivered]:
    """Send these messages now, whatever became of them so far; all that wait or were set aside if none is named.

    Gives those that were to be sent, and what came of it. NotFound if there is no such message, or if it was delivered.
    """
    with _opened(config, now) as store:
        chosen = _undelivered(store, ids)
        store.outbox.retry([one.id for one in chosen])
        delivered = send_out(store, config, now, timing)
        gone = [one for one in store.outbox.some([one.id for one in chosen]) if one.state is State.DROPPED]
        told = tuple(f"message {one.id} is dropped: {one.last_error}" for one in gone)
        return chosen, replace(delivered, undelivered=(*delivered.undelivered, *told))


def drop(config: Config, ids: Sequence[int], now: datetime) -> list[Message]:
    """Never send these messages. NotFound as for :func:`resend`."""
    with _opened(config, now) as store:
        chosen = _undelivered(store, ids)
        store.outbox.drop([one.id for one in chosen], f"dropped by the operator on {now:%Y-%m-%d}")
        return chosen


@contextmanager
def _opened(config: Config, now: datetime) -> Iterator[Store]:
    """The store, under the run lock; NotFound if there is none yet, for there is nothing to decide about."""
    with reading(config.database):
        pass
    with run_lock(config.database, now), writing(config.database) as store:
        yield store


def chosen_from(store: Store, ids: Sequence[int]) -> list[Message]:
    """The messages with these numbers. NotFound if there is no such message."""
    found = store.outbox.some(ids)
    for number in sorted({*ids} - {one.id for one in found}):
        raise NotFound(f"there is no message {number}; `litwatch outbox --all` lists them")
    return found


def _undelivered(store: Store, ids: Sequence[int]) -> list[Message]:
    """The same, if none of them was delivered; all that were not if none is named."""
    chosen = chosen_from(store, ids) if ids else store.outbox.messages(UNDELIVERED)
    for one in chosen:
        if one.state is State.SENT:
            raise NotFound(f"message {one.id} was delivered; there is nothing to decide about it")
    return chosen
