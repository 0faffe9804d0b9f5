"""The command that measures the watch: audit. It takes no lock and changes nothing."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console

from pipeline import text
from pipeline.audit import Audit, Audited, Finding
from pipeline.audit import audit as audit_list
from pipeline.cli.common import Command, Globals, global_options, json_option, print_json
from pipeline.errors import ConfigError
from pipeline.store import reading
from pipeline.wanted import Wanted
from pipeline.wanted.reading import read_list

_LIMIT = 100_000_000  # bytes; a list that is larger is no list of publications of one subject


# Longer words than these say no more in a line.
_WORDS = 200


@click.command(cls=Command)
@json_option
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@global_options
@click.pass_obj
def audit(options: Globals, as_json: bool, file: Path) -> None:
    """Check what became of publications that should be found.

    FILE lists them as RIS, as CSV with a column title, doi, pmid, pmcid or nct, or one DOI, PMID, PMCID or trial number
    a line; "-" reads standard input. Says of each whether it was told, screened out, merged into another work, or never
    harvested, and how many of them were found.
    """
    config = options.load_config(needs_secrets=False)
    name = text.clean(str(file))
    wanted = read_list(name, _content(name, file))
    with reading(config.database) as store:
        seen = zip(wanted, store.catalogue.sightings(wanted), strict=True)
    result = audit_list(seen, [config.subscription(digest) for digest in config.digests])
    if as_json:
        print_json(_document(name, result))
    else:
        width = Console().width if sys.stdout.isatty() else None
        click.echo("\n".join(_lines(result, width)))


def _content(name: str, file: Path) -> bytes:
    """The file's bytes. ConfigError if it cannot be read, or is far too large to be a list."""
    try:
        with click.open_file(str(file), "rb") as stream:
            content: bytes = stream.read(_LIMIT + 1)
    except OSError as error:
        raise ConfigError([f"{name}: cannot be read: {error.strerror or error}"]) from error
    if len(content) > _LIMIT:
        raise ConfigError([f"{name}: larger than {_LIMIT // 1_000_000} MB; audit it in parts"])
    return content


def _document(name: str, result: Audit) -> dict[str, Any]:
    return {
        "file": name,
        "wanted": result.wanted,
        "found": result.found,
        "harvested": result.harvested,
        "unreadable": len(result.publications) - result.wanted,
        "recall": result.recall,
        "publications": [_publication(one) for one in result.publications],
    }


def _publication(one: Audited) -> dict[str, Any]:
    return {
        "line": one.wanted.line,
        "words": one.wanted.words,
        "wanted": _wanted(one.wanted),
        "finding": one.finding.value,
        "work": one.work.name if one.work else None,
        "title": one.work.record.title if one.work else None,
        "rule": one.rule or None,
        "told_in": [{"digest": told.digest, "issue": told.issue} for told in one.told],
        "note": "; ".join(one.notes) or None,
    }


def _wanted(wanted: Wanted) -> dict[str, str | None]:
    return {
        "doi": wanted.doi or None,
        "pmid": wanted.pmid or None,
        "pmcid": wanted.pmcid or None,
        "preprint": wanted.preprint_id or None,
        "nct": wanted.registrations[0] if wanted.registrations else None,
        "title": wanted.title or None,
    }


_APART = 2  # blanks between columns


def _lines(result: Audit, width: int | None) -> Iterator[str]:
    """A line a publication, none wider than ``width`` if one is given, and the sum."""
    rows = [_row(one) for one in result.publications]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if width:
        room = width - sum(widths[:2]) - 3 * _APART
        widths[2] = min(widths[2], max(room // 2, 0))
    for row in rows:
        cells = (_fitted(cell, space) + " " * _APART for cell, space in zip(row[:3], widths, strict=False))
        line = "".join((*cells, row[3])).rstrip()
        yield _fitted(line, width).rstrip() if width else line
    yield from _summary(result)


def _row(one: Audited) -> tuple[str, str, str, str]:
    words = one.wanted.words
    return (
        one.finding.value.replace("_", " "),
        one.work.name if one.work else "-",
        _remark(one),
        words if len(words) <= _WORDS else f"{words[:_WORDS]}…",
    )


def _fitted(cell: str, space: int) -> str:
    """Exactly as many columns of a terminal: some letters take two."""
    return set_cell_size(cell, space) if cell_len(cell) <= space else set_cell_size(cell, max(space - 1, 0)) + "…"


def _remark(one: Audited) -> str:
    """What there is to say of a finding."""
    parts = [f"by {one.rule}"] if one.rule else []
    if one.told:
        parts.append("told in " + " and ".join(f"{told.digest} {told.issue}" for told in one.told))
    said = ", ".join((*parts, *one.notes))
    return f"line {one.wanted.line}: {said}" if one.finding is Finding.UNREADABLE else said


def _summary(result: Audit) -> Iterator[str]:
    found = f"Recall {result.found} of {result.wanted} ({result.percent} %)"
    yield f"{found}; harvested {result.harvested} of {result.wanted}."
    unreadable = len(result.publications) - result.wanted
    if unreadable == 1:
        yield "1 entry says too little to be looked up, and does not count."
    elif unreadable:
        yield f"{unreadable} entries say too little to be looked up, and do not count."


COMMANDS = (audit,)
