"""The documents say what the program does: every command, option, JSON field and exit code, and none that is not."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from pipeline import errors
from pipeline.cli.entry import cli
from pipeline.exchange.table import to_csv
from pipeline.harvest.registry import SOURCES
from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/cli.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
ABOUT_SOURCES = (ROOT / "docs/sources.md").read_text("utf-8")
INSTEAD = {"--uncertain", "--excluded"}  # what list has and the other commands with its filters do not
SHARED = {"--config", "-v", "--verbose", "-q", "--quiet", "--log-format", "--version", "-h", "--help"}


def section(title: str) -> str:
    """A part of the reference, under its heading."""
    found = re.search(rf"^##+ {title}\b.*?(?=^##+ |\Z)", REFERENCE, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[0]


def options(text: str) -> set[str]:
    """Every option that a text names."""
    return set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", text))


def spelled(parameter: click.Parameter) -> list[str]:
    """Every spelling of an option, those that deny it included."""
    return [*parameter.opts, *parameter.secondary_opts]


def keys(value: Any) -> Iterator[str]:
    """Every key of a JSON document, at any depth."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(item)
    if isinstance(value, dict):
        yield from value


def example(command: str) -> set[str]:
    """The keys of the document that the reference shows for a command."""
    found = re.search(r"```json\n(.*?)```", section(f"litwatch {command}"), re.DOTALL)
    assert found
    return set(keys(json.loads(found[1])))


@pytest.mark.parametrize("name", list(cli.commands))
def test_options(name: str) -> None:
    """The reference names every option of a command, and no other."""
    parameters = cli.commands[name].params
    own = {option for one in parameters if isinstance(one, click.Option) for option in spelled(one)} - SHARED
    text = section(f"litwatch {name}")
    if name in {"search", "export"}:
        assert "filters" in text
        text += section("litwatch list")
    named = options(text) - {"--help"}
    assert own <= named
    assert named - own <= {"search": INSTEAD, "export": {"--json", *INSTEAD}}.get(name, set())


def test_shared_options() -> None:
    """The options of every command are all there, once."""
    assert options(section("Options of every command")) == SHARED
    for command in (cli, *cli.commands.values()):
        assert {option for one in command.params for option in one.opts} >= SHARED


def test_order() -> None:
    """The reference and the help list the same commands in the same order."""
    assert re.findall(r"^### litwatch (\w+)", REFERENCE, re.MULTILINE) == list(cli.commands)


def test_choices() -> None:
    """Where the reference lists what an option takes, the program takes just that."""
    for command in cli.commands.values():
        for one in command.params:
            if isinstance(one.type, click.Choice) and one.metavar is None and isinstance(one, click.Option):
                choices = "|".join(one.type.choices)
                assert f"{one.opts[-1]} {choices}" in REFERENCE.replace("\\|", "|")


@pytest.mark.parametrize("command", ["status", "list", "show", "rebuild", "audit", "verify"])
def test_documents(litwatch: Litwatch, stocked: Path, doubtful: Path, command: str) -> None:
    """The reference shows every key that --json prints, and none that it does not."""
    articles = litwatch("list", "--json", "--status", "preprint", "--config", stocked).document
    trial = litwatch("search", "--json", "acupressure", "sleep", "--config", stocked).document[0]["id"]
    (stocked.parent / "known.txt").write_text("99000005", encoding="utf-8")
    known = [[str(stocked.parent / "known.txt")]]
    arguments = {"show": [[one["id"]] for one in articles] + [[trial]], "audit": known}.get(command, [[]])
    printed = {
        key for more in arguments for key in keys(litwatch(command, "--json", *more, "--config", stocked).document)
    }
    if command == "show":
        printed |= set(keys(litwatch("show", "W1", "--json", "--config", doubtful).document))
        litwatch("judge", "W1", "--not-same-as", "W2", "--config", doubtful)
        printed |= set(keys(litwatch("show", "W1", "--json", "--config", doubtful).document))
    assert printed == example(command) | (example("list") if command == "show" else set())


def test_uncertain_document(litwatch: Litwatch, doubtful: Path) -> None:
    """The same of the list of what is uncertain."""
    result = litwatch("list", "--uncertain", "--json", "--config", doubtful)
    (shown,) = re.findall(r"```json\n(.*?)```", section("litwatch list"), re.DOTALL)[1:]
    assert set(keys(result.document)) == set(keys(json.loads(shown)))


def test_doctor_document(litwatch: Litwatch, sample: SampleServer, configure: Callable[..., Path]) -> None:
    """The same of the document that ``litwatch doctor`` prints."""
    result = litwatch("doctor", "--json", "--config", configure(sample.url, sample.url))
    assert set(keys(result.document)) == example("doctor")


def test_issue_document(litwatch: Litwatch, stocked: Path) -> None:
    """The same of a digest as JSON; the rules that it counts by are no keys of ours."""
    result = litwatch("digest", "weekly", "--issue", "2", "--format", "json", "--config", stocked)
    assert set(keys({**result.document, "excluded": {}})) == example("digest")


def test_map_document(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """The same of the evidence map as JSON; designs and facts are no keys of ours."""
    assert litwatch("map", "--config", stocked).code == 0
    document = json.loads((tmp_path / "litwatch-map/map.json").read_text("utf-8"))
    for cell in (*document["cells"], document["whole"]):
        cell["by_design"] = {}
    for study in document["studies"]:
        study["facts"]["evidence"] = {}
    assert set(keys(document)) == example("map")


def test_sources() -> None:
    """The table of sources has a row for each, in the order in which they are asked, and one for feeds."""
    table = ABOUT_SOURCES.partition("| source |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([^|]*[^ |-]) +\|", table, re.MULTILINE)
    assert rows == [*(source(1).label for source in SOURCES.values()), "feeds"]


def test_export_fields() -> None:
    """The reference lists the fields of an export."""
    listed = set(re.findall(r"`([a-z_]+)`", section("litwatch export").partition("- `--format")[0]))
    assert set("".join(to_csv([])).strip().split(",")) == listed - {"list"}


def test_exit_codes() -> None:
    """The reference lists every exit code that an error of ours has, and those of the shell's signals."""
    ours = {one.exit_code for one in vars(errors).values() if isinstance(one, type) and hasattr(one, "exit_code")}
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", section("Exit codes"), re.MULTILINE)}
    assert listed == ours | {0, 3, 130}


def test_readme() -> None:
    """The README names every command, and no command or option that does not exist."""
    table = "".join(line for line in README.splitlines(keepends=True) if line.startswith("| `"))
    named = set(re.findall(r"(?:litwatch |`, `)([a-z]+)", table))
    assert named == set(cli.commands)
    known = {option for command in cli.commands.values() for one in command.params for option in spelled(one)}
    typed = re.findall(r"^(?:\S*/)?litwatch .*$", README, re.MULTILINE)
    assert options(table) | options("\n".join(typed)) <= known
