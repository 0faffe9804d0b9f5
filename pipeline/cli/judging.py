"""The commands by which an operator has a say in what is concluded: judge, rebuild."""

import re
from collections.abc import Iterator
from typing import Any

import click

from pipeline import text
from pipeline.cli.common import Command, Globals, global_options, json_option, now, print_json
from pipeline.judging import judge as judge_records
from pipeline.judging import judgement_line, undo
from pipeline.model import Design, Judgement, Matter, Ruling, Sameness
from pipeline.rebuilding import Changes
from pipeline.rebuilding import rebuild as conclude_anew

_EXAMPLES = 5


NOT_STATED = "not-stated"


def _people(stated: str) -> str:
    """A number of people as it is kept; empty if the record states none."""
    if stated == NOT_STATED:
        return ""
    if not re.fullmatch("0*[1-9][0-9]{0,6}", stated):
        raise click.BadParameter(f"{stated!r} is neither a number of people nor {NOT_STATED}.")
    return stated.lstrip("0")


def _design(stated: str) -> str:
    """A design as it is kept; empty if the record states none."""
    if stated not in (*Design, NOT_STATED):
        raise click.BadParameter(f"{stated!r} is none of {', '.join(Design)} and {NOT_STATED}.")
    return "" if stated == NOT_STATED else stated


@click.command(cls=Command)
@click.argument("identifier", metavar="ID")
@click.option("--relevant/--not-relevant", default=None, help="It is about the subject, or it is not.")
@click.option("--design", type=_design, metavar="DESIGN", help=f"Its design: {', '.join(Design)} or {NOT_STATED}.")
@click.option("--participants", type=_people, metavar="N", help=f"How many people took part, or {NOT_STATED}.")
@click.option("--same-as", metavar="ID2", help="It is the same publication as this one.")
@click.option("--not-same-as", metavar="ID2", help="It is another publication than this one.")
@click.option("--note", metavar="TEXT", help="Why, for those who read it later.")
@click.option("--undo", "undone", is_flag=True, help="Undo the latest judgement that concerns ID and still stands.")
@global_options
@click.pass_obj
def judge(options: Globals, /, identifier: str, note: str | None, undone: bool, **said: Any) -> None:
    """Say what is right of a publication.

    Whether it is about the subject, what its design is, how many took part, and whether it is the same as another one.
    Your word stands above the rules, also when these get better, until you undo it, and digests mark it as made by
    hand. If readers were told otherwise, their next issue says so. ID and ID2 are as for show. To part two records of
    one work, name the records as show does: judge pubmed:1 --not-same-as crossref:10.5555/x
    """
    words = tuple(_words(identifier, **said))
    if undone == bool(words):
        raise click.UsageError("say something of it, or give --undo; see litwatch judge --help.")
    if undone and note:
        raise click.UsageError("--note goes with a judgement, not with --undo.")
    if said["same_as"] and said["not_same_as"]:
        raise click.UsageError("give one of --same-as ID2 and --not-same-as ID2.")
    config = options.load_config(needs_secrets=False)
    if undone:
        judged, fate = undo(config, identifier, now())
        remark = f", {judged.note}" if judged.note else ""
        click.echo(f"undone: {judgement_line(judged.word)} (judged {judged.at:%Y-%m-%d}{remark})")
    else:
        fate = judge_records(config, words, text.clean(note or ""), now())
    click.echo(fate)


def _words(
    identifier: str,
    *,
    relevant: bool | None,
    design: str | None,
    participants: str | None,
    same_as: str | None,
    not_same_as: str | None,
) -> Iterator[Judgement | Ruling]:
    """What was said, one thing each."""
    if relevant is not None:
        yield Ruling(identifier, Matter.RELEVANT if relevant else Matter.NOT_RELEVANT)
    if design is not None:
        yield Ruling(identifier, Matter.DESIGN, design)
    if participants is not None:
        yield Ruling(identifier, Matter.PARTICIPANTS, participants)
    if same_as:
        yield Judgement(identifier, same_as, Sameness.SAME)
    if not_same_as:
        yield Judgement(identifier, not_same_as, Sameness.NOT_SAME)


@click.command(cls=Command)
@json_option
@global_options
@click.pass_obj
def rebuild(options: Globals, as_json: bool) -> None:
    """Draw all conclusions again, from records and judgements.

    For when you doubt what is concluded; better rules of a new version take effect by themselves with the next run.
    Says what changed, and which better rules are behind it. Works keep their ids, nothing is sent, and nothing is told
    again: only what is newly let in is news for the next digest, and what readers were told wrongly is put right there.
    """
    changes = conclude_anew(options.load_config(needs_secrets=False), now())
    if as_json:
        rows = {name: {"count": len(items), "examples": items[:_EXAMPLES]} for name, items in _rows(changes)}
        print_json({"works": changes.works, "rules": list(changes.rules), **rows})
    else:
        click.echo("\n".join(_lines(changes)))


def _rows(changes: Changes) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from (
        (name, getattr(changes, name)) for name in Changes.__dataclass_fields__ if name not in {"works", "rules"}
    )


def _lines(changes: Changes) -> Iterator[str]:
    changed = [(name, items) for name, items in _rows(changes) if items]
    yield f"{changes.works:,} works" + ("" if changed else ", nothing changed")
    yield from (f"new rules: {words}" for words in changes.rules)
    for name, items in changed:
        more = ", …" if len(items) > _EXAMPLES else ""
        yield f"{name.replace('_', ' ')}: {len(items):,} ({', '.join(items[:_EXAMPLES])}{more})"


COMMANDS = (judge, rebuild)
