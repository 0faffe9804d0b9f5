"""The command that looks whether all is well before anything is wanted of it."""

from typing import Any

import click

from pipeline.cli.common import Command, Globals, global_options, json_option, now, print_json
from pipeline.config.values import is_address
from pipeline.doctor import Finding, Health, examine, exit_code
from pipeline.harvest.fetch import Timing
from pipeline.text import clean

_MARKS = {Health.OK: "ok", Health.SKIPPED: "skipped", Health.WARNING: "warning", Health.PROBLEM: "PROBLEM"}


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_address(value):
        raise click.BadParameter("must be one e-mail address, for example you@example.org")
    return value


@click.command(cls=Command)
@click.option("--send-test", "tester", metavar="ADDRESS", callback=_address, help="Send a test mail to ADDRESS.")
@json_option
@global_options
@click.pass_obj
def doctor(options: Globals, as_json: bool, tester: str | None) -> int:
    """Check that everything is in order that a run needs.

    The configuration, SQLite, the folders, the database, the clock, the way by which mail is sent, and each source with
    one tiny request. Changes nothing and sends no digest.
    """
    findings = []
    for finding in examine(options.load_config(), now(), Timing(), tester):
        findings.append(finding)
        if not as_json:
            click.echo(f"{_MARKS[finding.health]:<8} {finding.check}: {clean(finding.message)}")
    if as_json:
        print_json({"ok": exit_code(findings) == 0, "checks": [_document(finding) for finding in findings]})
    return exit_code(findings)


def _document(finding: Finding) -> dict[str, Any]:
    return {"check": finding.check, "status": finding.health.value, "message": finding.message}


COMMANDS = (doctor,)
