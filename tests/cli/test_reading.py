"""status, list, search, show and export: commands that only look."""

import csv
import io
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.sample.server import SampleServer
from pipeline.store.outbox import State
from tests.cli.conftest import Litwatch
from tests.support.server import LocalServer

# What tells one sample work from all others, by kind of identifier.
TRIAL = "Sample record (made up): electroacupuncture for bladder symptoms"


def listed(litwatch: Litwatch, config: Path, *filters: str) -> list[dict[str, Any]]:
    """The works that pass these filters, from list --json."""
    works: list[dict[str, Any]] = litwatch("list", "--json", "--config", config, *filters).document
    return works


# --- list and search ------------------------------------------------------------------------------


def test_list(litwatch: Litwatch, stocked: Path) -> None:
    """A work a line, with its id first, whole titles for programs, no colour and nothing on stderr."""
    result = litwatch("list", "--config", stocked)
    assert (result.code, result.err) == (0, "")
    heading, *lines = result.out.splitlines()
    assert heading.split() == ["id", "year", "design", "tier", "title"]
    works = listed(litwatch, stocked)
    assert len(lines) == len(works) > 50
    assert all(
        line.startswith(work["id"]) and line.endswith(work["title"]) for line, work in zip(lines, works, strict=True)
    )
    assert "\x1b" not in result.out


def test_tier(litwatch: Litwatch, stocked: Path) -> None:
    """--tier may be repeated; without it core and related are shown, not what was screened out."""
    tiers = {tier: listed(litwatch, stocked, "--tier", tier) for tier in ("core", "related", "out")}
    for tier, works in tiers.items():
        assert works
        assert {work["tier"] for work in works} == {tier}
    both = listed(litwatch, stocked, "--tier", "core", "--tier", "related")
    assert both == listed(litwatch, stocked)
    assert len(both) == len(tiers["core"]) + len(tiers["related"])


def test_excluded(litwatch: Litwatch, stocked: Path) -> None:
    """--excluded lists what was screened out, and nothing else, each work with the rule."""
    works = listed(litwatch, stocked, "--excluded")
    assert (
        works == listed(litwatch, stocked, "--tier", "out") == listed(litwatch, stocked, "--excluded", "--tier", "out")
    )
    assert all(work["excluded_by"] for work in works)
    assert all(work["excluded_by"] is None for work in listed(litwatch, stocked))
    _, *lines = litwatch("list", "--excluded", "--config", stocked).out.splitlines()
    assert all(f"out, {work['excluded_by']}" in line for work, line in zip(works, lines, strict=True))


@pytest.mark.parametrize("beginning", ["{rule}", "{kind}", "{name}", "{name:.4}"])
def test_excluded_by(litwatch: Litwatch, stocked: Path, beginning: str) -> None:
    """A rule is named as a digest does, in any case, by its beginning, with its kind or without."""
    works = listed(litwatch, stocked, "--excluded")
    rule = works[0]["excluded_by"]
    kind, _, name = rule.partition(": ")
    named = beginning.format(rule=rule, kind=kind, name=name).upper()
    found = listed(litwatch, stocked, "--excluded", named)
    assert works[0] in found
    assert all(named in work["excluded_by"].upper() for work in found)
    assert listed(litwatch, stocked, "--excluded", "no such rule") == []


def test_excluded_filters(litwatch: Litwatch, stocked: Path) -> None:
    """--excluded goes with the other filters; a tier that is not out contradicts it."""
    assert listed(litwatch, stocked, "--excluded", "--since", "2026-11-23") == []
    result = litwatch("list", "--excluded", "--tier", "core", "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert "--excluded lists what is out" in result.err


def test_design(litwatch: Litwatch, stocked: Path) -> None:
    """--design may be repeated; works without a stated design pass none."""
    works = listed(litwatch, stocked, "--design", "rct", "--design", "systematic_review")
    assert {work["design"] for work in works} == {"rct", "systematic_review"}


def test_outcome(litwatch: Litwatch, stocked: Path) -> None:
    """--outcome shows works of which one outcome is this, and show agrees."""
    works = listed(litwatch, stocked, "--outcome", "sleep")
    assert works
    for work in works:
        facts = litwatch("show", work["id"], "--json", "--config", stocked).document["facts"]
        assert "sleep" in {outcome["value"] for outcome in facts["outcomes"]}


def test_first_seen(litwatch: Litwatch, stocked: Path) -> None:
    """--since takes the day itself in."""
    works = listed(litwatch, stocked, "--since", "2026-11-22")
    assert works
    assert {work["first_seen"][:10] for work in works} == {"2026-11-22"}
    assert len(listed(litwatch, stocked, "--since", "2026-11-16")) == len(listed(litwatch, stocked))
    assert listed(litwatch, stocked, "--since", "2026-11-23") == []


def test_status_filter(litwatch: Litwatch, stocked: Path) -> None:
    """--status shows what is retracted, or a preprint."""
    (retracted,) = listed(litwatch, stocked, "--status", "retracted")
    assert retracted["title"].startswith(TRIAL)
    assert retracted["states"] == ["retracted"]
    assert all("preprint" in work["states"] for work in listed(litwatch, stocked, "--status", "preprint"))


def test_nothing_found(litwatch: Litwatch, stocked: Path) -> None:
    """Nothing found is an empty list, and no failure."""
    assert listed(litwatch, stocked, "--status", "withdrawn", "--design", "guideline") == []
    assert litwatch("search", "zebra", "--config", stocked).code == 0


def test_search(litwatch: Litwatch, stocked: Path) -> None:
    """All words have to be there, in any field and case; word* stands for any ending; filters hold here too."""
    found = litwatch("search", "--json", "SLEEP", "acupressure", "--config", stocked).document
    assert any("acupressure for sleep" in work["title"] for work in found)
    wide = litwatch("search", "--json", "acupress*", "--config", stocked).document
    assert {work["id"] for work in found} <= {work["id"] for work in wide}
    core = litwatch("search", "--json", "acupress*", "--tier", "related", "--config", stocked).document
    assert {work["tier"] for work in core} <= {"related"}
    assert len(core) < len(wide)


@pytest.mark.parametrize("query", ["sleep OR", '"', "*", "title:", "NEAR(a b)", "a-b", "^x", "(", "ümlaut", "%"])
def test_search_anything(litwatch: Litwatch, stocked: Path, query: str) -> None:
    """No character of a query is an operator or an error."""
    assert litwatch("search", "--config", stocked, "--", query).code == 0


# --- show -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling", ["W{id}", "w{id}", "{doi}", "https://doi.org/{doi}", "doi:{doi}", "{pmid}", "PMID: {pmid}", "{reg}"]
)
def test_show(litwatch: Litwatch, stocked: Path, spelling: str) -> None:
    """A work is found by its id, DOI, PMID or registration number, however they are written."""
    trials = (one for one in listed(litwatch, stocked) if one["identifiers"]["registrations"])
    work = next(one for one in trials if one["identifiers"]["doi"] and one["identifiers"]["pmid"])
    identifiers = work["identifiers"]
    identifier = spelling.format(
        id=work["id"][1:], doi=identifiers["doi"], pmid=identifiers["pmid"], reg=identifiers["registrations"][0]
    )
    shown = litwatch("show", identifier, "--json", "--config", stocked).document
    assert work["id"] in {shown["id"], *(version["id"] for version in shown["versions"])}


def test_show_pmcid(litwatch: Litwatch, stocked: Path) -> None:
    """A PMCID will do."""
    work = next(one for one in listed(litwatch, stocked) if one["identifiers"]["pmcid"])
    shown = litwatch("show", work["identifiers"]["pmcid"], "--json", "--config", stocked).document
    assert shown["id"] == work["id"]


def test_show_page(litwatch: Litwatch, stocked: Path) -> None:
    """The page says why the work was let in, each fact with its words, what is not stated, and every record."""
    (work,) = listed(litwatch, stocked, "--status", "retracted")
    page = litwatch("show", work["id"], "--config", stocked)
    assert (page.code, page.err) == (0, "")
    assert page.out.startswith(f"{work['id']}  {TRIAL}")
    for part in (
        "state: retracted",
        "tier: core",
        "in the title",
        "design: rct — “",
        "withdrawn: not stated",
        "pubmed:99000001, first seen 2026-11-16, last 2026-11-22",
        f"doi: {work['identifiers']['doi']}",
    ):
        assert part in page.out
    assert max(map(len, page.out.splitlines())) < 250


def test_show_versions(litwatch: Litwatch, stocked: Path) -> None:
    """An article shows its preprint as a version of the same study, and how the two are linked."""
    article = next(one for one in listed(litwatch, stocked) if one["identifiers"]["doi"] == "10.5555/litwatch.sample.4")
    shown = litwatch("show", article["id"], "--json", "--config", stocked).document
    assert any("preprint" in version["states"] for version in shown["versions"])
    assert {link["relationship"] for link in shown["links"]} >= {"preprint"}
    page = litwatch("show", article["id"], "--config", stocked).out
    assert "same study: W" in page
    assert "preprint (" in page


def test_show_screened_out(litwatch: Litwatch, stocked: Path) -> None:
    """What was screened out can be looked at, too."""
    work = listed(litwatch, stocked, "--tier", "out")[0]
    assert litwatch("show", work["id"], "--json", "--config", stocked).document["verdict"]["tier"] == "out"
    assert "tier: out" in litwatch("show", work["id"], "--config", stocked).out


@pytest.mark.parametrize("identifier", ["W99999", "10.5555/nowhere", "1", "nothing", "", "W" + "9" * 30])
def test_show_unknown(litwatch: Litwatch, stocked: Path, identifier: str) -> None:
    """An unknown identifier is exit code 2 and says what an identifier is."""
    result = litwatch("show", "--config", stocked, "--", identifier)
    assert (result.code, result.out) == (2, "")
    assert "not in the store; give a work id (W12)" in result.err


# --- status ---------------------------------------------------------------------------------------


def test_status_before_any_run(litwatch: Litwatch, configure: Callable[..., Path], stocked: Path) -> None:
    """Before the first run, status has the same shape, says that nothing was asked yet, and makes no file."""
    config = configure("http://127.0.0.1:9", "http://127.0.0.1:9")
    before = sorted(config.parent.iterdir())
    status = litwatch("status", "--json", "--config", config)
    assert status.code == 0
    document = status.document
    assert document["last_run"] is None
    assert document["database"]["exists"] is False
    assert [(row["source"], row["status"], row["asked_at"]) for row in document["sources"]] == [
        ("pubmed", "skipped", None),
        ("europepmc", "skipped", None),
    ]
    assert document["counts"]["records"] == 0
    text = litwatch("status", "--config", config).out
    assert "`litwatch run` is the first" in text
    assert "not there yet" in text
    assert sorted(config.parent.iterdir()) == before
    assert set(document) == set(litwatch("status", "--json", "--config", stocked).document)


def test_status(litwatch: Litwatch, stocked: Path) -> None:
    """After its runs, status tells of each part of the watch, to programs and to people."""
    document = litwatch("status", "--json", "--config", stocked).document
    assert "2026-11-22T07:00:00" <= document["last_run"]["ended_at"] < "2026-11-22T08"
    pubmed = document["sources"][0]
    assert (pubmed["status"], pubmed["error"], pubmed["failures_in_a_row"]) == ("complete", None, 0)
    assert pubmed["fetched"] == pubmed["total"] == 24
    assert document["counts"]["issues"] == 4
    assert document["digests"][0] | {"next_due": None} == {
        "digest": "weekly",
        "last_issue": 2,
        "last_composed": "2026-11-22T07:00:00+00:00",
        "next_due": None,
    }
    assert document["outbox"] == dict.fromkeys(State, 0) | {"sent": 18}
    assert document["database"]["damage"] is None
    text = litwatch("status", "--config", stocked).out
    assert "last run: began 2026-11-22 07:00 UTC, ended 2026-11-22 07:00 UTC" in text
    assert "outbox: 0 waiting, 18 delivered" in text
    assert text.endswith("sound\n")


def test_status_of_trouble(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A failing source is named with its error and how often in a row; so is a digest that comes with every run."""
    every = '[[digests]]\nname = "each"\nschedule = "every run"\n'
    with LocalServer() as ill:
        config = configure(sample.url, ill.url, every)
        litwatch("run", "--config", config)
        litwatch("run", "--config", config)
    row = litwatch("status", "--json", "--config", config).document["sources"][1]
    assert (row["status"], row["failures_in_a_row"], row["complete_until"]) == ("failed", 2, None)
    assert "404" in row["error"]
    text = litwatch("status", "--config", config).out
    assert "Europe PMC: failed (" in text
    assert "complete until never, 2 failures in a row" in text
    assert "next with every run" in text


def test_status_of_damage(litwatch: Litwatch, stocked: Path) -> None:
    """Damage inside the database is exit code 4, and told in the document."""
    with closing(sqlite3.connect(stocked.parent / "litwatch.db")) as db:
        db.execute("DELETE FROM records WHERE id = 1")
        db.commit()
    result = litwatch("status", "--json", "--config", stocked)
    assert result.code == 4
    assert "missing records" in result.document["database"]["damage"]


# --- export ---------------------------------------------------------------------------------------


def test_export_jsonl(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """JSON lines on stdout, or the same bytes in a file; a work a line, in the order of list."""
    result = litwatch("export", "--format", "jsonl", "--config", stocked)
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert [row["record_id"] for row in rows] == [work["id"] for work in listed(litwatch, stocked)]
    written = litwatch("export", "--format", "jsonl", "--output", "works.jsonl", "--config", stocked)
    assert (written.code, written.out) == (0, "")
    assert f"{len(rows)} works written to works.jsonl" in written.err
    assert (tmp_path / "works.jsonl").read_text("utf-8") == result.out


def test_export_csv(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """CSV with a header, RFC 4180 line ends, filtered like list."""
    litwatch("export", "--format", "csv", "--output", tmp_path / "works.csv", "--design", "rct", "--config", stocked)
    content = (tmp_path / "works.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["record_id"] for row in rows] == [work["id"] for work in listed(litwatch, stocked, "--design", "rct")]
    assert content.count("\r\n") >= len(rows) + 1
    printed = litwatch("export", "--format", "csv", "--design", "rct", "--config", stocked).out
    assert printed == content


def test_export_overwrites_whole(litwatch: Litwatch, stocked: Path, tmp_path: Path) -> None:
    """An earlier export is replaced, and no draft is left behind."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/works.csv").write_text("old" * 100_000, encoding="utf-8")
    assert litwatch("export", "--format", "csv", "--output", "out/works.csv", "--config", stocked).code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["works.csv"]
    assert (tmp_path / "out/works.csv").read_text("utf-8").startswith("record_id,")


@pytest.mark.parametrize("output", ["nowhere/works.csv", "taken/works.csv", "x" * 300])
def test_export_nowhere(litwatch: Litwatch, stocked: Path, tmp_path: Path, output: str) -> None:
    """A path that cannot be written is one sentence and exit code 2."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    result = litwatch("export", "--format", "csv", "--output", output, "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"litwatch: --output {output}: cannot be written: ")
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["status", "list", "search", "show"])
def test_json_alone(litwatch: Litwatch, stocked: Path, command: str) -> None:
    """--json gives exactly one JSON document on stdout and nothing anywhere else."""
    arguments = {"search": ["sclerosis"], "show": ["W1"]}.get(command, [])
    result = litwatch("--verbose", command, "--json", *arguments, "--config", stocked)
    assert (result.code, result.err) == (0, "")
    assert result.document


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a system and a user whom permissions bind")
def test_read_only_watch(litwatch: Litwatch, stocked: Path) -> None:
    """Looking needs no permission to write."""
    stocked.parent.chmod(0o555)
    try:
        assert litwatch("list", "--config", stocked).code == 0
    finally:
        stocked.parent.chmod(0o755)


def test_without_secrets(litwatch: Litwatch, stocked: Path) -> None:
    """Whoever looks needs none of the secrets that only the scheduler has; whoever sends or asks does."""
    stocked.write_text(f'{stocked.read_text("utf-8")}username = "env:NOBODY"\npassword = "env:NOBODY"\n')
    looking = (["status"], ["list"], ["outbox"], ["verify"], ["digest", "weekly", "--preview"], ["backup", "copy.db"])
    for command in looking:
        assert litwatch(*command, "--config", stocked).code == 0, command
    for command in (["run"], ["digest", "weekly"], ["outbox", "--retry"], ["doctor"]):
        result = litwatch(*command, "--config", stocked)
        assert result.code == 2, command
        assert 'the environment variable "NOBODY" is not set' in result.err
