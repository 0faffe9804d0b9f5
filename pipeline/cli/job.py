"""The commands that do the job: demo, init, run, digest."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import sleep
from typing import NoReturn

import click
from rich.console import Console

from pipeline import daemon
from pipeline import demo as sample_run
from pipeline.cli.common import Command, Globals, day, global_options, now, print_exactly
from pipeline.cli.progress import watching
from pipeline.cli.reporting import coverage_line, issue_lines, perform, report
from pipeline.config import Config, DigestConfig, write_init
from pipeline.digest.render import FORMATS, render
from pipeline.errors import ConfigError
from pipeline.issuing import compose_next
from pipeline.monitoring import monitored
from pipeline.run import Order, Outcome, publish_now, rehearse
from pipeline.store import reading
from pipeline.text import counted

log = logging.getLogger(__name__)


@click.command(cls=Command)
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("litwatch-demo"),
    show_default=True,
    help="Write to this folder.",
)
@global_options
@click.pass_obj
def demo(options: Globals, output: Path) -> None:
    """Do the whole job on the bundled sample.

    Needs no network, no configuration and no key: the sample is served on this machine. The real code harvests it
    twice, six days apart, writes a digest each time, and prints the second one.
    """
    with watching(options, Console(stderr=True)) as watcher:
        result = sample_run.play(output, watcher)
    print_exactly(result.text)
    for line in ("", *result.summary):
        log.info("%s", line)


@click.command(cls=Command)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=Path("config"))
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@global_options
def init(folder: Path, force: bool) -> None:
    """Write a commented configuration to start from.

    It goes to DIR, together with the subject profile. DIR is the folder "config", unless you name another.
    """
    written = write_init(folder, force=force)
    for path in written:
        click.echo(path)
    log.info("Set `contact` in %s, then try `litwatch --config %s run --dry-run`.", written[0], written[0])


@click.command(name="run", cls=Command)
@click.option("--dry-run", is_flag=True, help="Ask the sources and say what would be done; change and send nothing.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="Ask only this source (may be repeated).")
@click.option("--digest-now", is_flag=True, help="Compose every digest, whether due or not.")
@click.option("--if-due", is_flag=True, help="Do nothing unless a run is due, as `litwatch serve` decides it.")
@global_options
@click.pass_obj
def run_command(options: Globals, dry_run: bool, sources: Sequence[str], digest_now: bool, if_due: bool) -> int:
    """Do one full run; this is what cron calls.

    Asks every enabled source, screens and matches what it sends, records what happened, composes every digest that is
    due, and writes it. Prints the paths of what it wrote. Run it as often as you like.
    """
    if if_due and (digest_now or sources or dry_run):
        raise click.UsageError("--if-due leaves it to litwatch what to do; it goes with no other option.")
    config = options.load_config()
    order = daemon.due(config, now()) if if_due else Order(now())
    if order is None:
        log.debug("nothing is due")
        return 0
    digests = tuple(digest.name for digest in config.digests) if digest_now else ()
    with watching(options, Console(stderr=True)) as watcher:
        order = replace(order, sources=tuple(sources), digests=digests, watcher=watcher)
        outcome = rehearse(config, order) if dry_run else monitored(config, order, perform)
    if dry_run:
        click.echo("\n".join(_plan(config, outcome)))
    return outcome.exit_code


@click.command(cls=Command)
@click.argument("name", required=False)
@click.option("--preview", is_flag=True, help="Print what it would say now; claim and send nothing.")
@click.option("--since", metavar="DATE", type=day, help="Print what has happened since this day (UTC).")
@click.option("--issue", metavar="N", type=click.IntRange(min=1), help="Print issue N again, byte for byte.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    help="How to print it; text unless you say otherwise.",
)
@global_options
@click.pass_obj
def digest(
    options: Globals, name: str | None, preview: bool, since: date | None, issue: int | None, format_name: str | None
) -> int:
    """Compose and deliver a digest now, or print one.

    NAME is needed only if several digests are configured. No source is asked. Prints the paths of what it wrote, or the
    digest itself with --preview, --since or --issue.
    """
    if issue is not None and (preview or since):
        raise click.UsageError("--issue prints what was; it cannot go with --preview or --since.")
    if format_name and not (preview or since or issue):
        raise click.UsageError("--format is for what is printed; give --preview, --since or --issue with it.")
    if since and since > now().date():
        raise click.UsageError("--since names a day in the future.")
    config = options.load_config(needs_secrets=not (preview or since or issue))
    chosen = _choose(config, name)
    if issue is not None:
        with reading(config.database) as store:
            print_exactly(store.told.printed(chosen.name, issue, format_name or "text"))
        return 0
    if preview or since:
        start = datetime.combine(since, time(), UTC) if since else None
        with reading(config.database) as store:
            draft = compose_next(store, config, chosen, now(), start)
        print_exactly(render(draft.issue, format_name or "text"))
        return 0
    outcome = publish_now(config, chosen, now())
    report(outcome)
    if not outcome.issues:
        log.info("nothing happened, and the readers of %s want no issue then (when_empty)", chosen.name)
    return outcome.exit_code


def _choose(config: Config, name: str | None) -> DigestConfig:
    """The digest of this name, or the only one there is."""
    names = ", ".join(digest.name for digest in config.digests) or "none"
    found = [digest for digest in config.digests if name in {None, digest.name}]
    if name and not found:
        raise ConfigError([f'no digest is called "{name}"; configured: {names}'])
    if len(found) != 1:
        raise ConfigError([f"say which digest; configured: {names}"])
    return found[0]


def _plan(config: Config, outcome: Outcome) -> Iterable[str]:
    """What would be done, in a line each."""
    readers = {digest.name: len(digest.email or ()) for digest in config.digests}
    yield from map(coverage_line, outcome.coverage)
    for issue, line in zip(outcome.issues, issue_lines(outcome), strict=True):
        mails = readers[issue.subscription.name]
        yield f"would compose {line}" + (f"; and send {counted(mails, 'mail')}" if mails else "")
    if not outcome.issues:
        yield "no digest is due"
    yield "dry run: nothing was changed or sent"


@click.command(cls=Command)
@global_options
@click.pass_obj
def serve(options: Globals) -> NoReturn:
    """Stay in the foreground and run on time.

    For those who have neither cron nor systemd. What is due is read from the database every minute, so what was missed
    is caught up once; the sources are asked at least once a day. SIGTERM ends it.
    """
    config = options.load_config()
    daemon.serve(config, now, sleep, lambda order: monitored(config, order, perform))


COMMANDS = (demo, init, run_command, serve, digest)
