"""The command that screens and appraises files, and needs nothing but them: assess."""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.appraise import appraise
from pipeline.cli.common import Command, Globals, global_options
from pipeline.cli.files import (
    entries_of,
    files_argument,
    nothing_is_garbage,
    output_option,
    refuse_same,
    write_out,
)
from pipeline.documents import facts_document, verdict_document
from pipeline.exchange.fields import Entry, Fields, Problem
from pipeline.screen import Screener
from pipeline.text import counted

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
        facts = facts_document(appraise([one.record]))
        if written := _written(one.raw):
            _quote(facts, written)
        document = {
            "record_id": one.record_id or str(met[Entry]),
            "verdict": verdict_document(screener.screen(one.record)),
            "facts": facts,
        }
        yield json.dumps(document, ensure_ascii=False) + "\n"


# What may stand in a line of JSON where a text has other blanks than single ones.
_OTHER_BLANKS = re.compile(r"  |\\[nrtu]|[^\x00-\x7f]")


def _written(raw: str | Fields) -> Fields:
    """The fields of an entry as its file has them, where the texts that were read may have other blanks; else none."""
    if not isinstance(raw, str):
        return raw
    if not raw.lstrip().startswith("{") or not _OTHER_BLANKS.search(raw):
        return {}
    fields: Fields = json.loads(raw)
    return fields


def _quote(document: Any, written: Fields) -> None:
    """Give evidence the blanks that it has in the file, so that it can be found there sign by sign."""
    for part in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        _quote(part, written)
    if isinstance(document, dict) and "field" in document:
        text, words = written.get(document["field"]), document["evidence"]
        if isinstance(text, str) and words not in text:
            found = re.search(r"\s+".join(map(re.escape, words.split(" "))), text)
            quoted = found[0] if found else words
            document.update(evidence=quoted, value=quoted if document["value"] == words else document["value"])


COMMANDS = (assess,)
