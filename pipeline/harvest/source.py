"""The contract every source keeps, so that the run need not know any of them.

A harvest is a generator: it *yields* pages as they arrive, *returns* a proof when it positively saw the end,
and *raises* :class:`~pipeline.errors.SourceFailed` when it could not. Data, nothing new, failed: never a guess.
"""

from collections.abc import Generator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pipeline.model import Record
from pipeline.proof import Harvested, Known, Origin, Page, Proof, Rejected
from pipeline.screen.subject import Subject

if TYPE_CHECKING:  # the client takes a while to load, and the configuration needs none
    from pipeline.harvest.fetch import Client

__all__ = ["RECONCILE_LIMIT", "Harvest", "Harvested", "Known", "Page", "Proof", "Rejected", "Source"]

Harvest = Generator[Page, None, Proof]

RECONCILE_LIMIT = 10_000
"""Hits up to which a whole result set is listed each time; above it, what was indexed or changed of late."""


class Source(Origin, Protocol):
    """One place that is asked."""

    def query(self, subject: Subject) -> str:
        """The subject in this source's own syntax, exactly as it will be sent, one line a request; empty for feeds.

        It holds nothing that changes from day to day: neither dates nor what is already known.
        """

    def harvest(self, client: "Client", subject: Subject, known: Known, now: datetime) -> Harvest:
        """Ask for the whole result set; see the module's docstring for the three outcomes."""

    def probe(self, client: "Client", subject: Subject) -> int | None:
        """Ask one tiny question: how many records there are for the subject, None if the source does not count them.

        SourceFailed if it does not answer as it should.
        """

    def read(self, payload: bytes) -> Record:
        """Read one stored payload again. RecordRejected if it cannot be read."""
