"""The commands by which an operator has a say in what is concluded: judge, rebuild."""

from collections.abc import Iterator

import click

from pipeline import text
from pipeline.cli.common import Command, Globals, global_options, json_option, now, print_json
from pipeline.judging import judge as judge_records
from pipeline.judging import judgement_line, undo
from pipeline.model import Judgement, Sameness
from pipeline.rebuilding import Changes
from pipeline.rebuilding import rebuild as conclude_anew

_EXAMPLES = 5


@click.command(cls=Command)
@click.argument("identifier", metavar="ID")
@click.option("--same-as", metavar="ID2", help="It is the same publication as this one.")
@click.option("--not-same-as", metavar="ID2", help="It is another publication than this one.")
@click.option("--note", metavar="TEXT", help="Why, for those who read it later.")
@click.option("--undo", "undone", is_flag=True, help="Undo the latest judgement that concerns ID and still stands.")
@global_options
@click.pass_obj
def judge(
    options: Globals, identifier: str, same_as: str | None, not_same_as: str | None, note: str | None, undone: bool
) -> None:
    """Say whether two publications are one.

    Your word stands above the rules, also when these get better, until you undo it. ID and ID2 are as for show. To part
    two records of one work, name the records as show does: judge pubmed:1 --not-same-as crossref:10.5555/x
    """
    if sum(map(bool, (same_as, not_same_as, undone))) != 1:
        raise click.UsageError("give one of --same-as ID2, --not-same-as ID2 and --undo.")
    if undone and note:
        raise click.UsageError("--note goes with a judgement, not with --undo.")
    config = options.load_config()
    if undone:
        judged, fate = undo(config, identifier, now())
        remark = f", {judged.note}" if judged.note else ""
        click.echo(f"undone: {judgement_line(judged.judgement)} (judged {judged.at:%Y-%m-%d}{remark})")
    else:
        sameness = Sameness.SAME if same_as else Sameness.NOT_SAME
        judgement = Judgement(identifier, same_as or not_same_as or "", sameness)
        fate = judge_records(config, judgement, text.clean(note or ""), now())
    click.echo(fate)


@click.command(cls=Command)
@json_option
@global_options
@click.pass_obj
def rebuild(options: Globals, as_json: bool) -> None:
    """Draw all conclusions again, from the records and your judgements.

    For when you doubt what is concluded; better rules of a new version take effect by themselves with the next run.
    Says what changed. Works keep their ids, nothing is sent, and nothing is told again: only what is newly let in is
    news for the next digest.
    """
    changes = conclude_anew(options.load_config(), now())
    if as_json:
        rows = {name: {"count": len(items), "examples": items[:_EXAMPLES]} for name, items in _rows(changes)}
        print_json({"works": changes.works, **rows})
    else:
        click.echo("\n".join(_lines(changes)))


def _rows(changes: Changes) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((name, getattr(changes, name)) for name in Changes.__dataclass_fields__ if name != "works")


def _lines(changes: Changes) -> Iterator[str]:
    changed = [(name, items) for name, items in _rows(changes) if items]
    yield f"{changes.works:,} works" + ("" if changed else ", nothing changed")
    for name, items in changed:
        more = ", …" if len(items) > _EXAMPLES else ""
        yield f"{name.replace('_', ' ')}: {len(items):,} ({', '.join(items[:_EXAMPLES])}{more})"


COMMANDS = (judge, rebuild)
