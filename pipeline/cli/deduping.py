"""The command that needs nothing but files: dedupe."""

import json
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from pipeline.cli.common import Command, global_options
from pipeline.cli.files import (
    entries_of,
    files_argument,
    new_file,
    nothing_is_garbage,
    output_option,
    refuse_same,
    write_file,
    write_out,
)
from pipeline.dedupe import Deduplicated, deduplicate
from pipeline.exchange.fields import Entry, Problem
from pipeline.exchange.table import row_of
from pipeline.exchange.writing import WRITERS
from pipeline.text import counted

log = logging.getLogger(__name__)


@click.command(cls=Command)
@files_argument
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["csv", "jsonl", "ris"]),
    default="csv",
    show_default=True,
    help="What to write: record_id and cluster_id of each record, or the merged records.",
)
@output_option
@click.option(
    "--explain", metavar="FILE", type=new_file, help="Write the reason of each decision to this file, as JSON lines."
)
@global_options
def dedupe(files: Sequence[Path], format_name: str, output: Path | None, explain: Path | None) -> int:
    """Find the records that are one publication.

    FILE is RIS, PubMed (.nbib or XML), BibTeX, CSV, CSL-JSON or JSON lines; "-" reads standard input. Needs no store,
    no network and no configuration. Writes one row a record, in the order they come in: its record_id, and as
    cluster_id the record_id of the first record of the same publication. A record without an id is called by its place.
    """
    refuse_same(files, (("--output", output), ("--explain", explain)))
    with nothing_is_garbage():
        entries = list(entries_of(files))
        found = deduplicate((name, one) for name, one in entries if isinstance(one, Entry))
    problems = [(name, one) for name, one in entries if isinstance(one, Problem)]
    write_out(_deduplicated(found, format_name), output)
    if explain:
        write_file(explain, (json.dumps(one, ensure_ascii=False) + "\n" for one in found.decisions()), "--explain")
    for name, problem in problems:
        log.warning("%s, line %d: %s", name, problem.line, problem.what)
    log.info("%s, %s", counted(len(found.records), "record"), counted(len(found.clusters), "publication"))
    return int(bool(problems))


def _deduplicated(found: Deduplicated, format_name: str) -> Iterable[str]:
    if format_name != "csv":
        return WRITERS[format_name](found.merged())
    return (row_of(row) for row in (("record_id", "cluster_id"), *found.rows()))


COMMANDS = (dedupe,)
