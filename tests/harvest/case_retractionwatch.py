"""Retraction Watch's case for the contract: a made-up file with five notices about what is watched, and another one."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.harvest.fetch import Client
from pipeline.harvest.retractionwatch import RetractionWatch
from pipeline.harvest.retractionwatch_csv import REINSTATED
from pipeline.harvest.source import Harvest, Known
from pipeline.model import PartialDate, Record, Relation, RelationKind, Section
from pipeline.proof import Watched
from pipeline.screen.subject import Subject
from tests.harvest.contract import SourceCase
from tests.support.server import LocalServer, Reply

PATH = "/retraction_watch.csv"
FILE = (Path(__file__).parent.parent / "fixtures" / "retractionwatch" / "retraction_watch.csv").read_bytes()
HEADER, *ROWS = csv.reader(io.StringIO(FILE.decode(), newline=""))
WATCHED = Watched(
    frozenset({"10.5555/trial.2022.1", "10.5555/survey.2020.1", "10.5555/trial.2018.4", "10.5555/fine"}),
    frozenset({"99100001", "99100003", "99100004"}),
)


class Watching(RetractionWatch):
    """The source as a store asks it that lets some publications in; for its small file the usual limit is enough."""

    room = 0

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """Ask for what is watched here."""
        return super().harvest(client, subject, replace(known, watched=WATCHED), now)


def line(cells: Sequence[str]) -> bytes:
    """Write one row."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue().encode()


def row(number: str, **cells: Any) -> list[Any]:
    """Take a row of the file and change some of its cells."""
    found = next(one for one in ROWS if one[0] == number)
    return [cells.get(name.replace(" ", ""), cell) for name, cell in zip(HEADER, found, strict=True)]


def payload(number: str = "99001", **cells: Any) -> bytes:
    """Take a row as it is stored, and change some of its cells, or add one."""
    told = dict(zip(HEADER, row(number, **cells), strict=True))
    added = {name: cell for name, cell in cells.items() if name == REINSTATED}
    return json.dumps(told | added).encode()


ELSEWHERE = line(row("99006"))
RECORDS = {one[0]: line(one) for one in ROWS[:-1]}
MALFORMED = line(row("99001", RecordID="99099", RetractionDate="31/31/2023 0:00"))

RETRACTION = Record(
    source="retractionwatch",
    source_id="99001",
    title='Retraction: Made-up trial of "needling", CD5+ cells and x<y in multiple sclerosis',
    abstract=(Section("Invented Data; Paper Mill", "Reasons"),),
    journal="Invented Journal, Section B",
    published=PartialDate(2023, 7, 12),
    doi="10.5555/notice.2023.1",
    pmid="99200001",
    publication_types=("Retraction of Publication",),
    relations=(Relation(RelationKind.RETRACTION_OF, "Retraction", pmid="99100001", doi="10.5555/trial.2022.1"),),
)
CONCERN = Record(
    source="retractionwatch",
    source_id="99002",
    title="Expression of concern: Made-up survey of needles",
    abstract=(Section("Concerns/Issues About Data", "Reasons"),),
    journal="Invented Journal",
    published=PartialDate(2024, 11, 3),
    publication_types=("Expression of Concern",),
    relations=(Relation(RelationKind.CONCERN_FOR, "Expression of concern", doi="10.5555/survey.2020.1"),),
)
CORRECTION = Record(
    source="retractionwatch",
    source_id="99003",
    title="Correction: Made-up case report",
    journal="Invented Reports",
    published=PartialDate(2024, 2, 29),
    publication_types=("Published Erratum",),
    relations=(Relation(RelationKind.ERRATUM_FOR, "Correction", pmid="99100003"),),
)
UNDONE = Record(
    source="retractionwatch",
    source_id="99004",
    title="Retraction: Made-up trial, rehabilitated",
    abstract=(Section("Error by Journal/Publisher", "Reasons"),),
    journal="Invented Journal",
    published=PartialDate(2019, 1, 5),
    doi="10.5555/notice.2019.4",
    relations=(Relation(RelationKind.OTHER, "Reinstated", pmid="99100004", doi="10.5555/trial.2018.4"),),
)
REINSTATEMENT = Record(
    source="retractionwatch",
    source_id="99005",
    title="Reinstatement: Made-up trial, rehabilitated",
    journal="Invented Journal",
    published=PartialDate(2019, 3, 1),
    doi="10.5555/notice.2019.5",
    publication_types=("Reinstatement",),
    relations=(Relation(RelationKind.OTHER, "Reinstatement", doi="10.5555/trial.2018.4"),),
)


def file(lines: Sequence[bytes]) -> bytes:
    """Write a file of some rows, and one about a publication that nobody watches."""
    return b"".join([line(HEADER), *lines, ELSEWHERE])


def serve(server: LocalServer, payloads: Sequence[bytes], announced: int | None = None) -> None:
    """Hold these rows. A file has no way to announce a total."""
    server.on(PATH, Reply(body=file(payloads), headers={"Content-Type": "text/plain; charset=utf-8"}))


def refuse(server: LocalServer, reply: Reply) -> None:
    """Answer everything with ``reply``."""
    server.on("/", reply)


CASE = SourceCase(
    name="retractionwatch",
    source=Watching(),
    records=RECORDS,
    expected=(RETRACTION, CONCERN, CORRECTION, UNDONE, REINSTATEMENT),
    malformed=MALFORMED,
    serve=serve,
    refuse=refuse,
    failures={
        "HTML page with 200": Reply(body=b"<!DOCTYPE html>\n<html><body>Sign in, please</body></html>"),
        "forbidden": Reply(403, b"<html><body>Forbidden</body></html>"),
        "not found": Reply(404, b"<html><body>Not here</body></html>"),
        "maintenance page": Reply(503, b"<html><body>Maintenance</body></html>"),
        "empty body": Reply(body=b""),
        "blank lines": Reply(body=b"\n\n"),
        "JSON": Reply(body=b'{"message":"429 Too Many Requests"}'),
        "a pointer to the file": Reply(body=b"version https://git-lfs.github.com/spec/v1\nsize 65664677\n"),
        "a column is missing": Reply(body=FILE.replace(b"RetractionNature", b"Nature")),
        "no row": Reply(body=line(HEADER)),
        "cut within the header": Reply(body=FILE[:100]),
        "cut within the first row": Reply(body=FILE[:600]),
        "cut within the last row": Reply(body=FILE[: FILE.index(b"elsewhere.6")]),
        "cut within a quotation": Reply(body=FILE[: FILE.index(b"over two lines")]),
        "a quotation without an end": Reply(body=file([b'99007,"' + b"never closed" * 200_000])),
        "no text at all": Reply(body=b"\xff\xfe\x00" * 50),
    },
    unreadable={
        "no JSON": b"not JSON",
        "deep JSON": b"[" * 100_000,
        "a list": b"[]",
        "cells out of place": b'{"0":"99001","1":"Made-up"}',
        "no number": payload(RecordID=""),
        "no title": payload(Title=" "),
        "a number for a title": payload(Title=7.5),
        "no nature": payload(RetractionNature=""),
        "another nature": payload(RetractionNature="Celebration"),
        "no date": payload(RetractionDate="soon"),
        "an impossible date": payload(RetractionDate="2/30/2023 0:00"),
    },
    announces=False,
)
