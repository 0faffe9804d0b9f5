"""The commands that exchange records between the store and other programs: export, import."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from pipeline.bringing_in import BroughtIn, bring_in
from pipeline.cli.common import Command, Globals, global_options, now
from pipeline.cli.files import entries_of, files_argument, output_option, write_out
from pipeline.cli.filters import filtered
from pipeline.exchange.fields import Entry, Problem
from pipeline.exchange.writing import WRITERS, of_work
from pipeline.store import reading
from pipeline.store.catalogue import Filter
from pipeline.text import counted

log = logging.getLogger(__name__)


@click.command(cls=Command)
@click.option("--format", "format_name", type=click.Choice(list(WRITERS)), required=True, help="What to write.")
@output_option
@filtered
@global_options
@click.pass_obj
def export(options: Globals, format_name: str, output: Path | None, wanted: Filter) -> None:
    """Write works for other programs.

    JSON lines are faithful. In CSV, a cell that a spreadsheet would take for a formula gets a leading apostrophe. RIS,
    BibTeX and CSL-JSON hold what reference managers know.
    """
    with reading(options.load_config(needs_secrets=False).database) as store:
        works = list(store.catalogue.works(wanted))
    write_out(WRITERS[format_name](map(of_work, works)), output)
    if output:
        log.info("%d works written to %s", len(works), output)


@click.command(name="import", cls=Command)
@files_argument
@global_options
@click.pass_obj
def import_command(options: Globals, files: Sequence[Path]) -> int:
    """Take records from files of other programs into the store.

    FILE is RIS, PubMed (.nbib or XML), BibTeX, CSV, CSL-JSON or JSON lines; "-" reads standard input. The records are
    one more source, screened and matched like all others. Asks no source and sends nothing; the next digest tells.
    """
    config = options.load_config(needs_secrets=False)
    result = bring_in(config, _titled(entries_of(files)), now())
    for name, problem in result.problems:
        log.warning("%s, line %d: %s", name, problem.line, problem.what)
    log.info("%s", _summary(result))
    return int(bool(result.problems))


def _summary(result: BroughtIn) -> str:
    read = result.new + result.known
    unreadable = f", {len(result.problems)} unreadable" if result.problems else ""
    numbers = f"{result.new} new, {result.known} known{unreadable}"
    return f"{counted(read, 'record')}: {numbers}; {result.let_in} let in"


def _titled(entries: Iterable[tuple[str, Entry | Problem]]) -> Iterator[tuple[str, Entry | Problem]]:
    """A record without a title says nothing that could be screened."""
    for name, one in entries:
        untitled = isinstance(one, Entry) and not one.record.title
        yield name, Problem(one.line, "states no title", one.raw) if untitled else one


COMMANDS = (export, import_command)
