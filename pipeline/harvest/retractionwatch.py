"""Retraction Watch: notices about the publications that are watched, out of one file of all there are.

The file (66 MB and 72,000 rows in August 2026) is read whole each time and nothing of it is kept but the rows about
watched publications. It is asked for without a condition: it is new on every working day, and "unchanged" would hide
what it says of a publication that is watched only since. For the same reason a publication that is found in a run is
looked up in the next one.

Several rows may be about one article, and the latest decides: a retraction before a reinstatement is told as reinstated
and retracts nothing any more.

Source: https://gitlab.com/crossref/retraction-watch-data, published by Crossref.
"""

from collections.abc import Sequence
from datetime import datetime

from pipeline.errors import RecordRejected, SourceSkipped
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import payload_of, stored
from pipeline.harvest.retractionwatch_csv import REINSTATED, Row, header, is_about, record, rows
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Harvested, Known, Page, Proof, Rejected
from pipeline.model import Record, RelationKind
from pipeline.proof import Watched
from pipeline.screen.subject import Subject
from pipeline.text import clean

_FILE = "retraction_watch.csv"
_BEGINNING = 4_096  # bytes that hold the header, several times over


class RetractionWatch:
    """The file, looked up for what is watched."""

    name = "retractionwatch"
    label = "Retraction Watch"
    version = 1
    lists_all = False
    room = 200_000_000  # bytes; three times the file of August 2026

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        """Take the limit as every source does; the file is always read whole."""

    def query(self, subject: Subject) -> str:  # noqa: ARG002  # the contract's
        """Give nothing: there is one file, whatever the subject."""
        return ""

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:  # noqa: ARG002
        """Read the file and give the notices about what is watched. SourceMalformed if it is not whole.

        SourceSkipped as long as nothing is watched: there is nothing to look up. What this run finds is watched from
        the next one on.
        """
        if known.watched == Watched():
            raise SourceSkipped("nothing is known yet that could be looked up in it; the next run will")
        body = client.get(_FILE, check=_check, room=self.room).body
        found = [row for row in rows(body) if is_about(row, known.watched)]
        yield _page(found)
        return Proof(None, frozenset(clean(row.get("Record ID", "")) for row in found) - {""}, whole=False)

    def probe(self, client: Client, subject: Subject) -> int | None:  # noqa: ARG002  # the contract's
        """Read the beginning of the file and leave the rest; how many rows are about a subject, it does not say."""
        client.get(_FILE, check=_check_beginning, first=_BEGINNING)
        return None

    def read(self, payload: bytes) -> Record:
        """Read one stored row. RecordRejected if it is none."""
        return record(stored(payload))


def _check(answer: Answer) -> None:
    if answer.status == 200:
        for _ in rows(answer.body):
            pass


def _check_beginning(answer: Answer) -> None:
    if answer.status == 200:
        header(answer.body)


def _page(found: Sequence[Row]) -> Page:
    """Read rows, each number once."""
    read: list[tuple[Row, Record]] = []
    rejected: list[Rejected] = []
    for row in found:
        try:
            read.append((row, record(row)))
        except RecordRejected as error:
            rejected.append(Rejected(payload_of(row), str(error)))
    reinstatements = [notice for _, notice in read if notice.relations[0].stated == "Reinstatement"]
    harvested: dict[str, Harvested] = {}
    for row, notice in read:
        undone = any(_undoes(other, notice) for other in reinstatements)
        told = {**row, REINSTATED: "yes"} if undone else row
        harvested.setdefault(notice.source_id, Harvested(record(told), payload_of(told)))
    return Page(tuple(harvested.values()), tuple(rejected))


def _undoes(reinstatement: Record, notice: Record) -> bool:
    """Whether it takes back what the notice says: on that day or after, as far as the days are known."""
    (one,), (other,) = reinstatement.relations, notice.relations
    if other.kind is not RelationKind.RETRACTION_OF:
        return False
    if reinstatement.published and notice.published and reinstatement.published.latest < notice.published.latest:
        return False
    return one.doi == other.doi != "" or one.pmid == other.pmid != ""
