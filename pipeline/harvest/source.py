"""The contract every source keeps, so that the run need not know any of them.

A harvest is a generator: it *yields* pages as they arrive, *returns* a proof when it positively saw the end,
and *raises* :class:`~pipeline.errors.SourceFailed` when it could not. Data, nothing new, failed: never a guess.
"""

from collections.abc import Generator
from datetime import datetime
from typing import Protocol

from pipeline.harvest.fetch import Client
from pipeline.model import Harvested, Known, Origin, Page, Proof, Record, Rejected
from pipeline.screen.subject import Subject

__all__ = ["Harvest", "Harvested", "Known", "Page", "Proof", "Rejected", "Source"]

Harvest = Generator[Page, None, Proof]


class Source(Origin, Protocol):
    """One place that is asked."""

    def query(self, subject: Subject) -> str:
        """The subject in this source's own syntax, exactly as it will be sent; empty for feeds."""

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """Ask for the whole result set; see the module's docstring for the three outcomes."""

    def read(self, payload: bytes) -> Record:
        """Read one stored payload again. RecordRejected if it cannot be read."""
