"""The commands that only look: status, list, search, show. They take no lock and change nothing."""

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.cli.common import Command, Globals, global_options, json_option, now, print_json
from pipeline.cli.filters import filtered
from pipeline.cli.printing import (
    dossier_document,
    dossier_lines,
    doubt_document,
    doubt_lines,
    iso,
    status_lines,
    work_document,
)
from pipeline.config import Config
from pipeline.enabled import Enabled, enabled_sources
from pipeline.errors import StoreError
from pipeline.model import Tier, Work
from pipeline.proof import Status
from pipeline.store import Store, reading, scratch_copy, writing
from pipeline.store.catalogue import Filter, LastRun
from pipeline.store.doubts import Doubt


@click.command(cls=Command)
@json_option
@global_options
@click.pass_obj
def status(options: Globals, as_json: bool) -> int:
    """Tell how the watch is doing.

    When it last ran, how each source answered, what the store holds, when each digest is due, what still waits to be
    delivered, and whether the database is sound.
    """
    config = options.load_config(needs_secrets=False)
    try:
        with _reading_or_blank(config.database) as store:
            document = _status(store, config)
    except StoreError as error:
        with _blank() as store:
            document = _status(store, config)
        document["database"]["damage"] = str(error)
    if as_json:
        print_json(document)
    else:
        click.echo("\n".join(status_lines(document)))
    return StoreError.exit_code if document["database"]["damage"] else 0


@contextmanager
def _blank() -> Iterator[Store]:
    """An empty store that is thrown away, so that an answer has one shape."""
    with scratch_copy(Path("no such file")) as path, writing(path) as store:
        yield store


@contextmanager
def _reading_or_blank(database: Path) -> Iterator[Store]:
    """The store; before the first run a blank one."""
    with reading(database) if database.exists() else _blank() as store:
        yield store


def _status(store: Store, config: Config) -> dict[str, Any]:
    digests = ((digest.name, digest.schedule.next_slot(now(), digest.timezone)) for digest in config.digests)
    exists = config.database.exists()
    return {
        "last_run": _run_status(store.catalogue.last_run()),
        "sources": [_source_status(store, one) for one in enabled_sources(config)],
        "counts": store.catalogue.counts(),
        "digests": [_digest_status(store, name, next_slot) for name, next_slot in digests],
        "outbox": store.outbox.counts(),
        "database": {
            "path": str(config.database),
            "exists": exists,
            "bytes": config.database.stat().st_size if exists else 0,
            "sqlite": sqlite3.sqlite_version,
            "damage": store.catalogue.damage() or None,
        },
    }


def _run_status(run: LastRun | None) -> dict[str, str | None] | None:
    if run is None:
        return None
    return {"started_at": iso(run.started_at), "ended_at": iso(run.ended_at), "version": run.version}


def _source_status(store: Store, one: Enabled) -> dict[str, Any]:
    name = one.source.name
    row = store.statements.latest(name, one.source.label)
    return {
        "source": name,
        "label": one.source.label,
        "status": row.status.value,
        "error": row.error or one.missing or None,
        "asked_at": iso(row.asked_at) if row.status is not Status.SKIPPED else None,
        "complete_until": iso(row.complete_until),
        "total": row.total,
        "fetched": row.fetched,
        "no_longer_listed": store.evidence.gone_since(name, None),
        "failures_in_a_row": store.catalogue.failures_in_a_row(name),
        "not_before": iso(store.statements.not_before(name)),
        "query_version": row.query_version or None,
    }


def _digest_status(store: Store, name: str, next_slot: datetime | None) -> dict[str, Any]:
    last = store.told.last_issue(name)
    return {
        "digest": name,
        "last_issue": last.number if last else None,
        "last_composed": iso(last.composed_at) if last else None,
        "next_due": iso(next_slot),
    }


@click.command(name="list", cls=Command)
@click.option("--uncertain", is_flag=True, help="Instead, list works that may yet be one, for you to judge.")
@click.option(
    "--excluded",
    metavar="[RULE]",
    is_flag=False,
    flag_value="",
    help="Instead, list what was screened out, each with the rule; with RULE only by rules that begin so.",
)
@json_option
@filtered
@global_options
@click.pass_obj
def list_command(options: Globals, uncertain: bool, excluded: str | None, as_json: bool, wanted: Filter) -> None:
    """List the works in the store, in the order they were found.

    With --uncertain, list each two works that look much alike, of which one passes the filters, with the commands that
    say what they are. With --excluded, list what was screened out and why: --excluded "homonym", "mass spec" or
    "concept missing: acu" lists what was put out by the rules that begin so.
    """
    if excluded is not None:
        wanted = _put_out(wanted, excluded)
    with reading(options.load_config(needs_secrets=False).database) as store:
        if uncertain:
            _print_doubts(store.catalogue.doubts(wanted), as_json=as_json)
        else:
            _print_works(store.catalogue.works(wanted), as_json=as_json)


def _put_out(wanted: Filter, rule: str) -> Filter:
    """The same filter for what was screened out."""
    if wanted.tiers not in (Filter().tiers, (Tier.OUT,)):
        raise click.UsageError("--excluded lists what is out, and takes no other --tier.")
    return replace(wanted, tiers=(Tier.OUT,), rule=rule)


@click.command(cls=Command)
@json_option
@click.argument("query", nargs=-1, required=True)
@filtered
@global_options
@click.pass_obj
def search(options: Globals, as_json: bool, query: Sequence[str], wanted: Filter) -> None:
    """Search the works in the store, best match first.

    Finds the works whose title, abstract, authors, journal and keywords hold all the words of QUERY. "acupunct*" stands
    for every word that begins so.
    """
    with reading(options.load_config(needs_secrets=False).database) as store:
        _print_works(store.catalogue.search(" ".join(query), wanted), as_json=as_json)


def _print_works(works: Iterable[Work], *, as_json: bool) -> None:
    if as_json:
        print_json([work_document(work) for work in works])
        return
    table = Table("id", "year", "design", "tier", "title", box=None, pad_edge=False, header_style="none")
    for work in works:
        design = work.facts.design.value.value.replace("_", " ") if work.facts.design else "not stated"
        year = str(work.record.published.year) if work.record.published else "n.d."
        table.add_row(work.name, year, design, _standing(work), Text(work.record.title))
    # As wide as the terminal; for a program, wide enough to keep each work on its line.
    console = Console(width=None if sys.stdout.isatty() else 1000, highlight=False)
    with console.capture() as shown:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in shown.get().splitlines()))


def _standing(work: Work) -> str:
    """Its tier, with the rule that put it out."""
    return ", ".join(filter(None, (work.verdict.tier.value, work.verdict.excluded_by)))


def _print_doubts(doubts: Iterable[tuple[Doubt, tuple[Work, Work]]], *, as_json: bool) -> None:
    if as_json:
        print_json([doubt_document(doubt, works) for doubt, works in doubts])
        return
    for doubt, works in doubts:
        click.echo("\n".join(doubt_lines(doubt, works)))


@click.command(cls=Command)
@json_option
@click.argument("identifier", metavar="ID")
@global_options
@click.pass_obj
def show(options: Globals, as_json: bool, identifier: str) -> None:
    """Show one work with everything behind it.

    That is why it was let in, its facts with the words they rest on, the records it was made of, and its other
    versions. ID is a work id (W12), DOI, PMID, PMCID, Europe PMC preprint id (PPR1), trial registration number, or the
    name of a record (pubmed:1).
    """
    with reading(options.load_config(needs_secrets=False).database) as store:
        dossier = store.catalogue.dossier(store.catalogue.find(identifier))
    if as_json:
        print_json(dossier_document(dossier))
    else:
        click.echo("\n".join(dossier_lines(dossier)))


COMMANDS = (status, list_command, search, show)
