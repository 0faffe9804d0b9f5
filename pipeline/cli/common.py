"""What every command shares: the global options, the log, the configuration, and the time."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from pipeline import __version__
from pipeline.errors import ConfigError
from pipeline.redaction import Redaction

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.screen import Subject

INTERNAL_ERROR = 4
INTERRUPTED = 130

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Globals:
    """The global options, given before or after the command's name."""

    config: Path | None = None
    verbose: bool = False
    quiet: bool = False
    log_format: str = "text"

    def load_config(self, *, needs_secrets: bool = True) -> "Config":
        """The configuration these options lead to. ConfigError lists every problem.

        A command that asks and sends nothing needs no secrets: it works where only the scheduler has them.
        """
        from pipeline.config import load  # noqa: PLC0415 - what reads it takes a while to load, and dedupe needs none

        config = load(self.config, os.environ, _folder(), needs_secrets=needs_secrets)
        keep_out_of_log(config.secrets)
        return config

    def config_file(self) -> Path:
        """The configuration's own file. ConfigError if there is none."""
        from pipeline.operator_files import configuration  # noqa: PLC0415 - as above

        found = configuration(self.config, os.environ, _folder())
        if found is None:
            raise ConfigError(["there is no configuration"])
        return _folder() / found

    def load_subject(self) -> "Subject":
        """What the configuration says the watch is about; without a configuration, what litwatch comes with."""
        from pipeline.operator_files import bundled_subject, configuration  # noqa: PLC0415 - as above

        found = configuration(self.config, os.environ, _folder())
        return self.load_config(needs_secrets=False).subject if found else bundled_subject()


def _folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise ConfigError(["the current folder is gone or cannot be read; change to another one"]) from None


def _remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
    """Keep a global option wherever it stood, and let the log follow; the one nearest to the command wins."""
    if value is not None and value is not False and parameter.name:
        options = context.ensure_object(Globals)
        setattr(options, parameter.name, value)
        start_log(options)


class _GlobalOption(click.Option):
    """An option that every command has."""


class Command(click.Command):
    """A command whose help keeps its own options apart from those that every command has."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its own first."""
        for title, shared in (("Options", False), ("Options of every command", True)):
            if rows := list(self._rows(ctx, shared=shared)):
                with formatter.section(title):
                    formatter.write_dl(rows)

    def _rows(self, ctx: click.Context, *, shared: bool) -> Iterator[tuple[str, str]]:
        for parameter in self.get_params(ctx):
            row = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if row and isinstance(parameter, _GlobalOption) is shared:
                yield row


def _global(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, cls=_GlobalOption, expose_value=False, callback=_remember, **attributes)


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    _global("--config", metavar="FILE", type=click.Path(path_type=Path), help="Use this configuration file."),
    _global("-v", "--verbose", is_flag=True, help="Also say each request that is made."),
    _global("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
    _global(
        "--log-format", type=click.Choice(["text", "json"]), help="Write messages as text, or as a JSON object each."
    ),
    click.version_option(__version__, message="litwatch %(version)s", cls=_GlobalOption, help="Print the version."),
    click.help_option("-h", "--help", cls=_GlobalOption, help="Print this help."),
)


def global_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options that every command has."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def day(text: str) -> date:
    """A day as it is typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a day like 2026-11-30.") from None


def now() -> datetime:
    """The present moment, to the second, as the store keeps it. Every layer below takes it as an argument."""
    return datetime.now(UTC).replace(microsecond=0)


def print_json(document: object) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_exactly(document: str) -> None:
    """A document on stdout, byte for byte: as UTF-8, with the line ends it has."""
    click.echo(document.encode(), nl=False)


# --- the log: everything on stderr but the progress bars --------------------------------------------


class _Stderr(logging.Handler):
    """Writes to whatever stderr is at the moment: progress bars put themselves in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record as the formatter words it."""
        try:
            sys.stderr.write(self.format(record) + "\n")
        except OSError:
            self.handleError(record)


class _Formatter(logging.Formatter):
    """Words a record, and takes every secret out of it that has come to be known."""

    redaction = Redaction(())


class _Lines(_Formatter):
    """For people: news as it is, details with their time, and trouble under the program's name."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, with the traceback if there is one."""
        line = self.redaction.text(super().format(record))
        if record.levelno >= logging.WARNING:
            return f"litwatch: {line}"
        return line if record.levelno >= logging.INFO else f"{self.formatTime(record)} {line}"


class _JsonLines(_Formatter):
    """For programs: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: time, level, where, what, the fields it carries, and the traceback if there is one."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        told = {key: self.redaction.text(value) if isinstance(value, str) else value for key, value in line.items()}
        return json.dumps(told, ensure_ascii=False)


def start_log(options: Globals) -> None:
    """Log to stderr, as much as the options say."""
    handler = _Stderr()
    if options.log_format == "json":
        handler.setFormatter(_JsonLines())
    else:
        handler.setFormatter(_Lines())
        handler.addFilter(lambda record: not getattr(record, "for_programs", False))
    handler.setLevel(logging.DEBUG if options.verbose else logging.ERROR if options.quiet else logging.INFO)
    logger = logging.getLogger("pipeline")
    logger.handlers[:] = [handler]
    logger.propagate = False
    # What a library has to say of a file, a command says in its own words.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    # A quiet run is told of in full to those who monitor it.
    logger.setLevel(logging.DEBUG if options.verbose else logging.INFO)


def keep_out_of_log(secrets: Sequence[str]) -> None:
    """From now on none of these is written to stderr, whatever the message."""
    for handler in logging.getLogger("pipeline").handlers:
        if isinstance(handler.formatter, _Formatter):
            handler.formatter.redaction = Redaction(secrets)
