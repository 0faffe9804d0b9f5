"""demo, init, run and digest, as a user gives them."""

import io
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.cli.common import Globals
from pipeline.cli.progress import watching
from pipeline.config import bundled, load
from pipeline.proof import Coverage, Status
from pipeline.run import Order, run
from pipeline.sample.server import SampleServer
from pipeline.store.lock import run_lock
from tests.cli.conftest import Litwatch
from tests.support.clock import FakeClock
from tests.support.server import LocalServer, Reply

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
SECOND = """
[[digests]]
name = "weekly"
[[digests]]
name = "patients"
tiers = ["core"]
"""


def test_demo(litwatch: Litwatch, tmp_path: Path) -> None:
    """The demo prints its second digest on stdout, as it is in the file, and says on stderr where everything is."""
    result = litwatch("demo")
    assert result.code == 0
    assert result.out == (tmp_path / "litwatch-demo/digests/weekly-0002.txt").read_text("utf-8")
    assert "litwatch --config litwatch-demo/litwatch.toml list" in result.err
    assert "litwatch-demo/digests/weekly-0001.html" in result.err
    assert litwatch("--config", "litwatch-demo/litwatch.toml", "list").code == 0


def test_init(litwatch: Litwatch, tmp_path: Path) -> None:
    """The command writes files that are a configuration at once, and names them; its contact is to be set."""
    result = litwatch("init")
    assert result.code == 0
    assert result.out.splitlines() == [
        "config/litwatch.toml",
        "config/acupuncture-ms.toml",
        "config/editions.toml",
        "config/journal-feeds.toml",
        "config/questions.toml",
    ]
    assert "Set `contact` in config/litwatch.toml" in result.err
    assert litwatch("status").code == 0
    assert sorted(path.name for path in (tmp_path / "config").iterdir()) == [
        "acupuncture-ms.toml",
        "editions.toml",
        "journal-feeds.toml",
        "litwatch.toml",
        "questions.toml",
    ]


def test_init_twice(litwatch: Litwatch, tmp_path: Path) -> None:
    """It overwrites nothing, unless it is told to."""
    litwatch("init", "mine")
    (tmp_path / "mine/litwatch.toml").write_text("edited", encoding="utf-8")
    again = litwatch("init", "mine")
    assert (again.code, again.out) == (2, "")
    assert "mine/litwatch.toml: is already there; --force overwrites it" in again.err
    assert (tmp_path / "mine/litwatch.toml").read_text("utf-8") == "edited"
    assert litwatch("init", "mine", "--force").code == 0
    assert "contact" in (tmp_path / "mine/litwatch.toml").read_text("utf-8")


@pytest.mark.parametrize("folder", ["taken", "taken/below"])
def test_init_nowhere(litwatch: Litwatch, tmp_path: Path, folder: str) -> None:
    """A place where init cannot write is one sentence and exit code 2."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    result = litwatch("init", folder)
    assert (result.code, result.out) == (2, "")
    assert "taken" in result.err
    assert "Traceback" not in result.err


def test_run(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A run prints the paths it wrote on stdout, and on stderr a line for each source, each issue and itself."""
    config = configure(sample.url, sample.url)
    result = litwatch("run", "--config", config)
    assert result.code == 0
    assert [Path(line).name for line in result.out.splitlines()] == [
        "weekly-0001.md",
        "weekly-0001.html",
        "weekly-0001.json",
    ]
    pubmed, europepmc, issue, ended = result.err.splitlines()
    assert pubmed.startswith("PubMed: complete, 17 read of 17, 17 new")
    assert europepmc.startswith("Europe PMC: complete, ")
    assert issue.startswith("weekly, issue 1: MS + acupuncture: first issue")
    assert ended.startswith("run 1 ended after ")
    assert "\x1b" not in result.err


def test_run_again(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """Nothing new and nothing due is all well; --digest-now composes nevertheless."""
    config = configure(sample.url, sample.url)
    litwatch("run", "--config", config)
    again = litwatch("run", "--config", config)
    assert (again.code, again.out) == (0, "")
    assert "0 new, 0 changed" in again.err
    now = litwatch("run", "--config", config, "--digest-now")
    assert now.code == 0
    assert "weekly-0002.md" in now.out


def test_one_source(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """--source asks that source only, and may be repeated; it takes the name and the label."""
    config = configure(sample.url, sample.url)
    assert litwatch("run", "--config", config, "--source", "pubmed").err.count("complete, ") == 1
    assert not [request for request in sample.requests if request.path.startswith("/europepmc")]
    both = litwatch("run", "--config", config, "--source", "PubMed", "--source", "europepmc")
    assert both.err.count("complete, ") == 2


def test_unknown_source(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A source nobody knows is wrong usage, and nothing is asked or made."""
    config = configure(sample.url, sample.url)
    result = litwatch("run", "--config", config, "--source", "pubmud")
    assert (result.code, result.out, sample.requests) == (2, "", [])
    assert "--source pubmud: no enabled source of that name; there are pubmed, europepmc" in result.err
    assert [path.name for path in config.parent.iterdir()] == ["litwatch.toml"]


def test_dry_run(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A dry run asks, says on stdout what would be done, and leaves no file at all."""
    readers = '[[digests]]\nemail = ["clinic@example.org", "ward@example.org"]\n'
    config = configure(sample.url, sample.url, readers)
    result = litwatch("run", "--config", config, "--dry-run")
    assert (result.code, result.err) == (0, "")
    assert "PubMed: complete, 17 read of 17, 17 new" in result.out
    (plan,) = [line for line in result.out.splitlines() if line.startswith("would compose ")]
    assert plan.startswith("would compose weekly, issue 1: MS + acupuncture: first issue")
    assert plan.endswith("; and send 2 mails")
    assert result.out.endswith("dry run: nothing was changed or sent\n")
    assert [path.name for path in config.parent.iterdir()] == ["litwatch.toml"]


def test_dry_run_changes_nothing(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """After a run, a dry run sees what is new, says what it would send, and changes no byte."""
    config = configure(sample.url, sample.url)
    litwatch("run", "--config", config)
    sample.stage = "later"
    before = {path: path.read_bytes() for path in config.parent.rglob("*") if path.is_file()}
    result = litwatch("run", "--config", config, "--dry-run")
    assert "7 new" in result.out
    assert "would compose weekly, issue 2: CORRECTION" in result.out
    assert {path: path.read_bytes() for path in config.parent.rglob("*") if path.is_file()} == before


def test_source_fails(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """One source failing is exit code 1: it is named with the reason, and the digest is written, as INCOMPLETE."""
    with LocalServer() as ill:
        ill.on("/europepmc/", Reply(200, b"<html><title>Down for maintenance</title></html>"))
        result = litwatch("run", "--config", configure(sample.url, ill.url))
    assert result.code == 1
    assert "litwatch: Europe PMC: failed; " in result.err
    assert "INCOMPLETE" in result.err
    assert len(result.out.splitlines()) == 3


def test_nothing_can_be_asked(litwatch: Litwatch, configure: Callable[..., Path]) -> None:
    """No source answering is exit code 3, and said even when quiet; there is nothing to tell, so no digest."""
    with LocalServer() as ill:
        result = litwatch("--quiet", "run", "--config", configure(ill.url, ill.url))
    assert (result.code, result.out) == (3, "")
    assert "litwatch: no source could be asked" in result.err


def test_undelivered(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A digest that cannot be written is exit code 1 and a sentence; it waits, and the next run writes it."""
    config = configure(sample.url, sample.url)
    (config.parent / "digests").write_text("in the way", encoding="utf-8")
    result = litwatch("-q", "run", "--config", config)
    assert (result.code, result.out) == (1, "")
    assert "cannot write" in result.err
    (config.parent / "digests").unlink()
    again = litwatch("-q", "run", "--config", config)
    assert (again.code, again.err) == (0, "")
    assert "weekly-0001.md" in again.out


@pytest.mark.parametrize("command", [("run",), ("digest", "weekly")])
def test_locked(litwatch: Litwatch, stocked: Path, command: tuple[str, ...]) -> None:
    """While another run is at work, exit code 75 says to come back later; looking is allowed."""
    with run_lock(stocked.parent / "litwatch.db", NOW):
        result = litwatch(*command, "--config", stocked)
        looked = litwatch("list", "--config", stocked)
    assert (result.code, result.out) == (75, "")
    assert "another run is at work" in result.err
    assert looked.code == 0


def test_status_of_damaged(litwatch: Litwatch, stocked: Path) -> None:
    """The status of a database that is none is one document all the same, with what is wrong in it."""
    (stocked.parent / "litwatch.db").write_bytes(b"not a database, but some text that is long enough" * 100)
    result = litwatch("status", "--json", "--config", stocked)
    assert result.code == 4
    assert "not a database" in json.loads(result.out)["database"]["damage"]


@pytest.mark.parametrize("command", [("run", "--dry-run"), ("run",), ("digest", "weekly"), ("list",)])
def test_damaged(litwatch: Litwatch, stocked: Path, command: tuple[str, ...]) -> None:
    """A database that is none is exit code 4 and one sentence with what to do."""
    (stocked.parent / "litwatch.db").write_bytes(b"not a database, but some text that is long enough" * 100)
    result = litwatch(*command, "--config", stocked)
    assert (result.code, result.out) == (4, "")
    assert len(result.err.splitlines()) == 1
    assert "not a database" in result.err


def test_secret(
    litwatch: Litwatch, configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, sample: SampleServer
) -> None:
    """A key from the environment is sent, and appears in no output, log or database, even if the source repeats it."""
    monkeypatch.setenv("WATCH_KEY", "s3cr3t-key")
    with LocalServer() as ill:
        ill.on("/eutils/", lambda request: Reply(400, f"bad key {(request.query | request.form)['api_key']}".encode()))
        config = configure(ill.url, sample.url, key='api_key = "env:WATCH_KEY"')
        results = [litwatch("--verbose", "run", "--config", config, "--log-format", kind) for kind in ("text", "json")]
    assert all("s3cr3t-key" in {**request.query, **request.form}.values() for request in ill.requests)
    assert [result.code for result in results] == [1, 1]
    status = litwatch("status", "--json", "--config", config)
    assert "[hidden]" in status.out
    written = b"".join(path.read_bytes() for path in config.parent.rglob("*") if path.is_file())
    told = "".join(result.out + result.err for result in [*results, status])
    assert "s3cr3t" not in told
    assert b"s3cr3t" not in written


# --- digest ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [(), ("weekly",)])
def test_digest(litwatch: Litwatch, stocked: Path, name: tuple[str, ...]) -> None:
    """The next issue is composed now, asking nobody, and its paths are printed; the only digest need not be named."""
    if not name:
        before, _, patients = stocked.read_text("utf-8").rpartition("[[digests]]")
        stocked.write_text(before + patients[patients.index("[email]") :], encoding="utf-8")
    result = litwatch("digest", *name, "--config", stocked)
    assert result.code == 0
    assert [Path(line).suffix for line in result.out.splitlines()] == [".txt", ".md", ".html", ".json"]
    assert "weekly, issue 3: " in result.err


def test_which_digest(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """With several digests the name has to be given, and has to be one of them."""
    config = configure(sample.url, sample.url, SECOND)
    litwatch("run", "--config", config)
    unnamed, wrong = litwatch("digest", "--config", config), litwatch("digest", "daily", "--config", config)
    assert (unnamed.code, wrong.code) == (2, 2)
    assert unnamed.err == "litwatch: say which digest; configured: weekly, patients\n"
    assert wrong.err == 'litwatch: no digest is called "daily"; configured: weekly, patients\n'
    assert "patients-0002.md" in litwatch("digest", "patients", "--config", config).out


def test_no_digests(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A configuration may have no digest; then there is none to compose."""
    config = configure(sample.url, sample.url)
    config.write_text("digests = []\n" + config.read_text("utf-8"), encoding="utf-8")
    result = litwatch("digest", "--config", config)
    assert (result.code, result.err) == (2, "litwatch: say which digest; configured: none\n")


def test_since_tomorrow(litwatch: Litwatch, stocked: Path) -> None:
    """What has happened since a day that is to come is not a question."""
    result = litwatch("digest", "weekly", "--since", "9999-01-01", "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert "future" in result.err


def test_digest_that_wants_silence(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """Where nothing happened and the readers want no issue then, this is said and nothing is written."""
    config = configure(sample.url, sample.url, '[[digests]]\nwhen_empty = "never"\n')
    long_ago = Order(datetime(2020, 1, 6, 7, tzinfo=UTC), timing=FakeClock().timing())
    run(load(config, {}, config.parent), long_ago)
    assert litwatch("run", "--config", config).out == ""
    result = litwatch("digest", "--config", config)
    assert (result.code, result.out) == (0, "")
    assert "nothing happened" in result.err


@pytest.mark.parametrize("command", [("digest",), ("digest", "--preview"), ("digest", "--issue", "1"), ("list",)])
def test_before_any_run(litwatch: Litwatch, configure: Callable[..., Path], command: tuple[str, ...]) -> None:
    """Before the first run there is nothing to tell or to show, and the command that changes that is named."""
    config = configure("http://127.0.0.1:9", "http://127.0.0.1:9")
    result = litwatch(*command, "--config", config)
    assert (result.code, result.out) == (2, "")
    assert "`litwatch run`" in result.err
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize(("format_name", "start"), [("text", "MS + "), ("markdown", "# "), ("html", "<!doctype html>")])
def test_preview(litwatch: Litwatch, stocked: Path, format_name: str, start: str) -> None:
    """A preview is printed in the format asked for, and changes no byte."""
    before = {path: path.read_bytes() for path in stocked.parent.rglob("*") if path.is_file()}
    result = litwatch("digest", "weekly", "--preview", "--format", format_name, "--config", stocked)
    assert (result.code, result.err) == (0, "")
    assert result.out.lower().startswith(start.lower())
    assert {path: path.read_bytes() for path in stocked.parent.rglob("*") if path.is_file()} == before


def test_edition(litwatch: Litwatch, stocked: Path) -> None:
    """A preview is in the digest's own edition, and in the words of the editions' file beside the configuration."""
    since = ("--since", "2026-11-20", "--config", stocked)
    before = [litwatch("digest", name, *since).out for name in ("weekly", "patients")]
    assert ["What we still do not know: " in text for text in before] == [False, True]
    texts = bundled("editions.toml").replace("Worth reading", "For the ward").replace("What they did", "What was done")
    (stocked.parent / "editions.toml").write_text(texts, encoding="utf-8")
    after = [litwatch("digest", name, *since).out for name in ("weekly", "patients")]
    assert "\nFOR THE WARD\n" in after[0]
    assert "\n  What was done: " in after[1]


def test_broken_editions(litwatch: Litwatch, stocked: Path) -> None:
    """What is wrong in the editions' file is told at once, with its place, and nothing is done."""
    texts = (
        bundled("editions.toml").replace("{issue} of {day}", "{number} of {day}").replace("What they did", "Wonders")
    )
    (stocked.parent / "editions.toml").write_text(texts + '[patient.labels.more]\nhue = "red"\n', encoding="utf-8")
    result = litwatch("digest", "patients", "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert "editions.toml: patient.labels.more: is not a key of the editions" in result.err
    assert (
        "editions.toml: patient.where.told: the placeholder {number} is not known here; known: {issue}, {day}"
        in result.err
    )


def test_since(litwatch: Litwatch, stocked: Path) -> None:
    """--since previews what has happened from that day on, told or not."""
    shown = litwatch("digest", "weekly", "--since", "2026-11-20", "--format", "json", "--config", stocked).document
    told = json.loads((stocked.parent / "digests/weekly-0002.json").read_text("utf-8"))
    assert {one["id"] for one in shown["items"]} == {one["id"] for one in told["items"]}
    assert shown["period"]["from"].startswith("2026-11-20T00:00:00")
    assert litwatch("digest", "weekly", "--preview", "--format", "json", "--config", stocked).document["items"] == []


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize(
    ("format_name", "ending"), [("text", "txt"), ("markdown", "md"), ("html", "html"), ("json", "json")]
)
def test_issue(litwatch: Litwatch, stocked: Path, number: int, format_name: str, ending: str) -> None:
    """--issue prints an earlier issue byte for byte as it was delivered."""
    result = litwatch("digest", "weekly", "--issue", number, "--format", format_name, "--config", stocked)
    assert result.code == 0
    assert result.out.encode() == (stocked.parent / f"digests/weekly-000{number}.{ending}").read_bytes()


def test_unknown_issue(litwatch: Litwatch, stocked: Path) -> None:
    """An issue that never was is exit code 2, with the number of the latest."""
    result = litwatch("digest", "weekly", "--issue", "9", "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert "has no issue 9; its latest is 2" in result.err


# --- progress -------------------------------------------------------------------------------------


def _watched(options: Globals, *, terminal: bool) -> str:
    """What somebody who looks on sees while one source answers and another breaks off."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=80)
    with watching(options, console) as watcher:
        watcher.asking(["PubMed", "[b]Feed"])
        watcher.page("PubMed", 5, 17)
        watcher.page("[b]Feed", 3, None)
        watcher.answered(Coverage("pubmed", "PubMed", NOW, Status.COMPLETE, total=17, fetched=17))
        watcher.answered(Coverage("feed", "[b]Feed", NOW, Status.INCOMPLETE, fetched=3))
    return screen.getvalue()


def test_bars_on_a_terminal() -> None:
    """A terminal shows a bar a source, filled when it is done; its name is not taken for markup."""
    shown = _watched(Globals(), terminal=True)
    assert "PubMed" in shown
    assert "17/17" in shown
    assert "[b]Feed" in shown


@pytest.mark.parametrize(
    ("options", "terminal"),
    [(Globals(), False), (Globals(quiet=True), True), (Globals(log_format="json"), True)],
)
def test_no_bars(options: Globals, terminal: bool) -> None:
    """Nothing moves where nobody looks, or where quiet or a log for programs was asked for."""
    assert _watched(options, terminal=terminal) == ""


def test_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR is honoured: the bars are drawn without any colour."""
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[38;" in _watched(Globals(), terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[38;" not in _watched(Globals(), terminal=True)


def test_levels(litwatch: Litwatch) -> None:
    """What is printed of the log follows the options: errors only when quiet, everything when verbose."""
    levels = {}
    for option in ("--quiet", "--verbose"):
        litwatch(option, "list")
        (handler,) = logging.getLogger("pipeline").handlers
        levels[option] = handler.level
    assert levels == {"--quiet": logging.ERROR, "--verbose": logging.DEBUG}


def test_left_out_and_unreadable(litwatch: Litwatch, configure: Callable[..., Path], server: LocalServer) -> None:
    """A source that was left out is said without alarm, a record that cannot be read with it and in the exit code."""
    page = b'{"hitCount":2,"resultList":{"result":[{"id":"1","source":"MED","title":"T"},{"title":"No id"}]}}'
    server.on("/europepmc/searchPOST", Reply(body=page))
    config = configure(server.url, server.url)
    text = config.read_text("utf-8").replace("[sources.openalex]\nenabled = false", "[sources.openalex]")
    text = text.replace("[sources.pubmed]\n", "[sources.pubmed]\nenabled = false\n", 1)
    config.write_text(text, "utf-8")
    result = litwatch("--config", config, "run")
    assert result.code == 1
    assert "OpenAlex: skipped; it wants an API key" in result.err
    assert "litwatch: Europe PMC: complete, 1 read of 2, 1 new, 0 changed, 1 unreadable" in result.err
    assert "litwatch: OpenAlex" not in result.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "--if-due", "--digest-now"), "--if-due leaves it to litwatch what to do"),
        (("run", "--if-due", "--source", "pubmed"), "--if-due leaves it to litwatch what to do"),
        (("digest", "weekly", "--format", "html"), "--format is for what is printed"),
    ],
)
def test_contradictions(litwatch: Litwatch, stocked: Path, arguments: tuple[str, ...], told: str) -> None:
    """Options that say two different things are refused, and nothing is done."""
    result = litwatch(*arguments, "--config", stocked)
    assert (result.code, result.out) == (2, "")
    assert told in result.err


def test_quiet_names_what_failed(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer) -> None:
    """A quiet run, as cron calls it, says which source failed and nothing else."""
    result = litwatch("--quiet", "run", "--config", configure(sample.url, f"{sample.url}/nowhere"))
    assert result.code == 1
    (line,) = result.err.splitlines()
    assert line.startswith("litwatch: Europe PMC: failed; ")
