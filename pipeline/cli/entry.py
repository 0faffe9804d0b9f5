"""The entry point: the group of commands, and what becomes of errors."""

import io
import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

import click

from pipeline.cli.common import Globals, global_options, start_log
from pipeline.errors import LitwatchError, Stopped

log = logging.getLogger(__name__)

_INTERNAL_ERROR = 4
_INTERRUPTED = 130


# The commands in the order in which a newcomer needs them, with the module that has each.
_MODULES = {
    **dict.fromkeys(("demo", "init", "run", "serve", "digest"), "job"),
    **dict.fromkeys(("status", "list", "search", "show"), "reading"),
    **dict.fromkeys(("map", "archive"), "mapping"),
    **dict.fromkeys(("judge", "rebuild"), "judging"),
    **dict.fromkeys(("export", "import"), "exchanging"),
    "assess": "assessing",
    "dedupe": "deduping",
    "audit": "auditing",
    "outbox": "outbox",
    **dict.fromkeys(("backup", "verify"), "keeping"),
    "doctor": "checking",
}


class _Loaded(Mapping[str, click.Command]):
    """Commands by name, each loaded when it is asked for: most need much that the others do not."""

    def __getitem__(self, name: str) -> click.Command:
        commands: Sequence[click.Command] = import_module(f"pipeline.cli.{_MODULES[name]}").COMMANDS
        return next(command for command in commands if command.name == name)

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _Commands(click.Group):
    """The commands, in their order."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """As a newcomer needs them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, for a reader who may leave early (`litwatch list | head`): then all is well, too."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # What is still in the buffer must not make Python complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(cls=_Commands, commands=_Loaded(), context_settings={"max_content_width": 100})
@global_options
def cli() -> None:
    """Keep watch over the literature on one subject: read what is new, and what changed in what you knew.

    Start with `litwatch demo`. Then `litwatch init`, set your contact address, look with
    `litwatch doctor` whether all is well, and `litwatch run`.
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: see :mod:`pipeline.errors` for the codes."""
    signal.signal(signal.SIGTERM, _stop)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what is printed is UTF-8 whatever the locale, as files are
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_exit_code(arguments))


def _stop(_signum: int, _frame: FrameType | None) -> NoReturn:
    """End where it stands: a transaction that is open is rolled back, and the next run goes on."""
    raise Stopped("asked to end; nothing is lost, the next run goes on from here")


def _exit_code(arguments: Sequence[str] | None) -> int:
    options = Globals()
    start_log(options)
    try:
        code = cli.main(arguments, prog_name="litwatch", standalone_mode=False, obj=options)
    except click.ClickException as error:
        if options.log_format == "json":
            log.error("%s", error.format_message())  # noqa: TRY400 - the user's mistake, not ours
        else:
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        log.error("interrupted; nothing is lost, the next run goes on from here")  # noqa: TRY400 - no mistake at all
        return _INTERRUPTED
    except LitwatchError as error:
        for line in str(error).splitlines():
            log.error("%s", line)  # noqa: TRY400 - expected, and said in full
        return error.exit_code
    except OSError as error:
        log.error("%s: %s", error.filename or "the system", error.strerror or error)  # noqa: TRY400 - seldom ours
        log.debug("where it happened", exc_info=True)
        return _INTERNAL_ERROR
    except Exception as error:
        log.exception("internal error (%s); please report it with the lines below", type(error).__name__)
        return _INTERNAL_ERROR
    return code if isinstance(code, int) else 0
