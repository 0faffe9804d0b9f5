"""The command that screens and appraises files, and needs nothing but them: assess."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from pipeline.appraise import appraise
from pipeline.cli.common import Command, Globals, global_options
from pipeline.cli.files import (
    counted,
    entries_of,
    files_argument,
    nothing_is_garbage,
    output_option,
    refuse_same,
    write_out,
)
from pipeline.documents import facts_document, verdict_document
from pipeline.exchange.fields import Entry, Problem
from pipeline.model import Record
from pipeline.screen import Screener

log = logging.getLogger(__name__)


@click.command(cls=Command)
@files_argument
@output_option
@global_options
@click.pass_obj
def assess(options: Globals, files: Sequence[Path], output: Path | None) -> int:
    """Screen and appraise the records of files.

    Says of each whether it is about the subject, and what it states of itself. FILE is RIS, PubMed (.nbib or XML),
    BibTeX, CSV, CSL-JSON or JSON lines; "-" reads standard input. Needs no store and no network; the subject is that of
    your configuration, or without one acupuncture and multiple sclerosis. Writes one JSON object a record, in the order
    they come in: the verdict with its reasons, and the facts with the words they rest on. A record without an id is
    called by its place.
    """
    refuse_same(files, [("--output", output)])
    screener = Screener(options.load_subject())
    with nothing_is_garbage():
        entries = list(entries_of(files))
        problems = [(name, one) for name, one in entries if isinstance(one, Problem)]
        records = [one.record for _, one in entries if isinstance(one, Entry)]
        write_out(_assessed(records, screener), output)
    for name, problem in problems:
        log.warning("%s, line %d: %s", name, problem.line, problem.what)
    log.info("%s assessed", counted(len(records), "record"))
    return int(bool(problems))


def _assessed(records: Iterable[Record], screener: Screener) -> Iterator[str]:
    """One line of JSON a record."""
    for place, record in enumerate(records, 1):
        document = {
            "record_id": record.source_id or str(place),
            "verdict": verdict_document(screener.screen(record)),
            "facts": facts_document(appraise([record])),
        }
        yield json.dumps(document, ensure_ascii=False) + "\n"


COMMANDS = (assess,)
