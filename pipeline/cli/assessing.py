"""The command that screens and appraises files, and needs nothing but them: assess."""

import json
import logging
from collections import Counter
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
    met = Counter[type]()
    with nothing_is_garbage():
        write_out(_assessed(entries_of(files), screener, met), output)
    log.info("%s assessed", counted(met[Entry], "record"))
    return int(met[Problem] > 0)


def _assessed(entries: Iterable[tuple[str, Entry | Problem]], screener: Screener, met: Counter[type]) -> Iterator[str]:
    """One line of JSON a record; what cannot be read is said. Both are counted."""
    for name, one in entries:
        met[type(one)] += 1
        if isinstance(one, Problem):
            log.warning("%s, line %d: %s", name, one.line, one.what)
            continue
        document = {
            "record_id": one.record_id or str(met[Entry]),
            "verdict": verdict_document(screener.screen(one.record)),
            "facts": facts_document(appraise([one.record])),
        }
        yield json.dumps(document, ensure_ascii=False) + "\n"


COMMANDS = (assess,)
