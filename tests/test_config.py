"""The configuration: what it holds, and what is said when it is wrong."""

import re
import stat
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pipeline.config import Config, bundled, load, write_init
from pipeline.config.problems import model_in
from pipeline.digest.issue import Subscription
from pipeline.digest.schedule import parse
from pipeline.errors import ConfigError
from pipeline.harvest.fetch import HttpSettings
from pipeline.harvest.registry import SOURCES
from pipeline.model import Tier
from tests.digest.samples import EDITIONS

BROKEN = sorted((Path(__file__).parent / "fixtures" / "config").glob("*.toml"))
CONTACT = 'contact = "you@example.org"\n'


@pytest.fixture(autouse=True)
def _no_user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the configuration of whoever runs the tests out of them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def read(folder: Path, text: str, **environ: str) -> Config:
    """Load a configuration of that text, kept in ``folder``/config."""
    path = folder / "config" / "litwatch.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load(None, environ, folder)


def problems(folder: Path, text: str, **environ: str) -> list[str]:
    """List what is wrong with a configuration of that text, without the file's name."""
    with pytest.raises(ConfigError) as wrong:
        read(folder, text, **environ)
    return [problem.removeprefix("config/litwatch.toml: ") for problem in wrong.value.problems]


# --- what it holds ------------------------------------------------------------------------------


def test_defaults(tmp_path: Path) -> None:
    """With nothing but a contact, everything has a value, and paths are absolute and beside the file."""
    config = read(tmp_path, CONTACT)
    home = tmp_path / "config"
    assert config.contact == "you@example.org"
    assert config.database == home / "litwatch.db"
    assert config.subject.label == "MS + acupuncture"
    assert config.http.settings == HttpSettings(timeout=30, deadline=120, max_bytes=50_000_000, retries=4)
    assert [(name, one.enabled, one.rate, one.base_url) for name, one in config.sources] == [
        ("pubmed", True, 3.0, "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"),
        ("europepmc", True, 5.0, "https://www.ebi.ac.uk/europepmc/webservices/rest"),
        ("crossref", True, 5.0, "https://api.crossref.org"),
        ("openalex", True, 10.0, "https://api.openalex.org"),
        ("semanticscholar", True, 1.0, "https://api.semanticscholar.org/graph/v1"),
        ("clinicaltrials", True, 0.8, "https://clinicaltrials.gov/api/v2"),
        ("doaj", True, 2.0, "https://doaj.org/api"),
        ("medrxiv", False, 1.0, "https://api.biorxiv.org"),
        ("retractionwatch", False, 1.0, "https://gitlab.com/crossref/retraction-watch-data/-/raw/main"),
    ]
    assert not any(one.credentials or one.headers for _, one in config.sources)
    assert [name for name, one in config.sources if one.missing] == ["openalex"]
    assert config.feeds == ()
    [digest] = config.digests
    tiers = (Tier.CORE, Tier.RELATED)
    edition = EDITIONS.clinician
    assert config.subscription(digest) == Subscription("weekly", "UTC", tiers, 25, "always", edition=edition)
    assert digest.schedule == parse("weekly on monday at 07:00")
    assert digest.files.dir == home / "digests"
    assert digest.files.formats == ("markdown", "html", "json")


def test_values(tmp_path: Path) -> None:
    """Every key that is set is what the file says."""
    config = read(
        tmp_path,
        """
        database = "/var/lib/litwatch/a.db"
        contact = "  watch+ms@clinic.example.org "
        http = { timeout = 2, deadline = 4.5, max_bytes = 1, retries = 0 }

        [sources.pubmed]
        enabled = false
        base_url = "http://127.0.0.1:8080/eutils/"
        rate = 0.5

        [[feeds]]
        name = "Akupunktur für Ärzte"
        url = "https://example.org/feed?id=1#top"

        [[feeds]]
        name = "Off"
        url = "http://[::1]:8080/"
        enabled = false

        [[digests]]
        name = "Patients_2"
        schedule = "Monthly on 31 at 18:30"
        timezone = "Pacific/Kiritimati"
        tiers = ["core"]
        edition = "patient"
        when_empty = "never"
        max_items = 1
        files = { dir = "../out", formats = ["text"] }
        """,
    )
    assert config.database == Path("/var/lib/litwatch/a.db")
    assert config.contact == "watch+ms@clinic.example.org"
    assert config.http.settings == HttpSettings(timeout=2.0, deadline=4.5, max_bytes=1, retries=0)
    pubmed = config.sources.pubmed
    assert (pubmed.enabled, pubmed.base_url, pubmed.rate) == (False, "http://127.0.0.1:8080/eutils", 0.5)
    assert [(feed.name, feed.url, feed.enabled) for feed in config.feeds] == [
        ("Akupunktur für Ärzte", "https://example.org/feed?id=1#top", True),
        ("Off", "http://[::1]:8080/", False),
    ]
    [digest] = config.digests
    assert digest.schedule == parse("monthly on 31 at 18:30")
    assert digest.timezone == ZoneInfo("Pacific/Kiritimati")
    assert config.subscription(digest) == Subscription(
        "Patients_2", "Pacific/Kiritimati", (Tier.CORE,), 1, "never", edition=EDITIONS.patient
    )
    assert digest.files.dir == tmp_path / "config" / "../out"
    assert digest.files.formats == ("text",)


def test_feed_file(tmp_path: Path) -> None:
    """A digest's feed is a file beside the configuration, with a name that every system takes, and its own."""
    digest = 'name = "{}"\nfeed = "{}"\n'
    [one] = read(tmp_path, f"{CONTACT}[[digests]]\n{digest.format('a', 'out/a.atom')}").digests
    assert one.feed == tmp_path / "config" / "out" / "a.atom"
    twice = f"{CONTACT}[[digests]]\n{digest.format('a', 'f.atom')}[[digests]]\n{digest.format('b', 'f.atom')}"
    assert problems(tmp_path, twice) == ["digests #2.feed: is the feed of another digest; each has a file of its own"]
    [problem] = problems(tmp_path, f"{CONTACT}[[digests]]\n{digest.format('a', 'out/my feed')}")
    assert problem.startswith("digests #1.feed: must be a file whose name has letters")
    [problem] = problems(tmp_path, f"{CONTACT}[[digests]]\n{digest.format('a', 'digests/a-0001.html')}")
    assert problem.endswith("ends in .atom or .xml")


def test_frozen(tmp_path: Path) -> None:
    """Nobody changes a configuration once it is read."""
    config = read(tmp_path, CONTACT)
    with pytest.raises(ValueError, match="frozen"):
        config.contact = "me@example.org"


def test_no_other_way() -> None:
    """A Config that was never told its folder and environment cannot be made by mistake."""
    with pytest.raises(TypeError, match=r"made by pipeline\.config\.build"):
        Config(contact="you@example.org")


def test_sources_known() -> None:
    """Every source of the registry can be configured, and no other."""
    assert {key.split(".")[2] for key in schema(Config) if key.startswith(".sources.")} == set(SOURCES)


@pytest.mark.parametrize(("rate", "expected"), [("", 10.0), ("rate = 2", 2.0)])
def test_api_key(tmp_path: Path, rate: str, expected: float) -> None:
    """A key comes from the environment, raises the default rate, and is never printed."""
    config = read(tmp_path, f'{CONTACT}[sources.pubmed]\napi_key = "env:KEY"\n{rate}', KEY="s3cret")
    assert config.sources.pubmed.credentials == {"api_key": "s3cret"}
    assert config.sources.pubmed.rate == expected
    assert "s3cret" not in f"{config!r} {config} {config.sources.model_dump()} {config.sources.model_dump_json()}"


def test_file_reference(tmp_path: Path) -> None:
    """A value may come from a file, relative to the configuration; the line's end does not belong to it."""
    (tmp_path / "key").write_text("s3cret\n")
    config = read(tmp_path, f'{CONTACT}[sources.pubmed]\napi_key = "file:../key"')
    assert config.sources.pubmed.credentials == {"api_key": "s3cret"}


def test_reference_anywhere(tmp_path: Path) -> None:
    """Any text may be given by reference, such as an address with a token in it."""
    text = 'contact = "env:WHO"\n[[feeds]]\nname = "Private"\nurl = "env:FEED"'
    config = read(tmp_path, text, WHO="me@example.org", FEED="https://example.org/?token=1")
    assert (config.contact, config.feeds[0].url) == ("me@example.org", "https://example.org/?token=1")


@pytest.mark.parametrize("content", [b"two\nlines", b"", b"\xff\xfe", b"bell\x07"])
def test_odd_secret(tmp_path: Path, content: bytes) -> None:
    """A file that holds no secret in one line of text is refused, without a word of what it holds."""
    (tmp_path / "key").write_bytes(content)
    [problem] = problems(tmp_path, f'{CONTACT}[sources.pubmed]\napi_key = "file:../key"')
    assert re.fullmatch(
        r"sources\.pubmed\.api_key: (must be one line .*|must not be empty|the file .* is not UTF-8 text)", problem
    )
    assert "two" not in problem


def test_own_subject(tmp_path: Path) -> None:
    """A profile beside the configuration goes before the bundled one of the same name."""
    folder = tmp_path / "config"
    folder.mkdir()
    profile = re.sub('^label = .*"', 'label = "Mine"', bundled("acupuncture-ms.toml"), flags=re.MULTILINE)
    (folder / "acupuncture-ms.toml").write_text(profile, encoding="utf-8")
    assert read(tmp_path, CONTACT).subject.label == "Mine"


def test_broken_subject(tmp_path: Path) -> None:
    """A profile's problems are told together with the configuration's, each under its own file."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "yoga.toml").write_text("label = 3")
    first, *others = problems(tmp_path, f'subject = "yoga.toml"\n{CONTACT}colour = 1')
    assert "yoga.toml: " in first
    assert others[-1] == "colour: unknown key"


def test_broken_editions(tmp_path: Path) -> None:
    """So are those of the editions' texts; a file that is not there and not ours is none."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "mine.toml").write_text("[patient]\n[clinician.footer]\nmade = 3")
    first, *others = problems(tmp_path, f'editions = "mine.toml"\n{CONTACT}colour = 1')
    assert first.endswith("mine.toml: clinician.subject: is missing")
    assert others[-1] == "colour: unknown key"
    [problem] = problems(tmp_path, f'editions = "none.toml"\n{CONTACT}')
    assert problem.endswith("none.toml: no such file of editions, and none of that name comes with litwatch")


def test_feed_list(tmp_path: Path) -> None:
    """The feeds of a list come before the configuration's own; without a key there is no list."""
    text = f'feed_list = "journal-feeds.toml"\n{CONTACT}[[feeds]]\nname = "Mine"\nurl = "https://example.org/feed"\n'
    names = [feed.name for feed in read(tmp_path, text).all_feeds]
    assert names[-1] == "Mine"
    assert "Multiple Sclerosis Journal" in names[:-1]
    assert read(tmp_path, CONTACT).all_feeds == ()


def test_broken_feed_list(tmp_path: Path) -> None:
    """A list's problems are told with the configuration's, each under its own file, and a name counts over both."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "list.toml").write_text('[[feeds]]\nname = "Mine"\nurl = "https://a.org"\nhue = 1\n')
    mine = '[[feeds]]\nname = "mine"\nurl = "https://example.org/feed"\n'
    first, *others = problems(tmp_path, f'feed_list = "list.toml"\n{CONTACT}{mine}')
    assert first.endswith("config/list.toml: feeds #1.hue: unknown key")
    assert others == ['feeds #1.name: "mine" is the name of another one, or too like it']
    assert problems(tmp_path, f"feed_list = 3\n{CONTACT}") == ["feed_list: must be text in quotes, got 3"]


@pytest.mark.parametrize("name", ["../pyproject.toml", "litwatch", "", "."])
def test_bundled_only(name: str) -> None:
    """Only litwatch's own files are found as bundled ones."""
    with pytest.raises(FileNotFoundError):
        bundled(name)


# --- where it is found --------------------------------------------------------------------------


def test_order(tmp_path: Path) -> None:
    """The option goes before the variable, that before ./config, that before the user's folder."""
    places = {
        "option": tmp_path / "option.toml",
        "variable": tmp_path / "variable.toml",
        "here": tmp_path / "config" / "litwatch.toml",
        "user": tmp_path / "user" / "litwatch" / "litwatch.toml",
    }
    for name, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'contact = "{name}@example.org"')
    environ = {"LITWATCH_CONFIG": "variable.toml"}
    assert load(Path("option.toml"), environ, tmp_path).contact == "option@example.org"
    assert load(None, environ, tmp_path).contact == "variable@example.org"
    assert load(None, {"LITWATCH_CONFIG": ""}, tmp_path).contact == "here@example.org"
    places["here"].unlink()
    assert load(None, {}, tmp_path).contact == "user@example.org"
    assert load(None, {}, tmp_path).database == places["user"].parent / "litwatch.db"


def test_none(tmp_path: Path) -> None:
    """Without any file, the message says what is missing and how to begin."""
    with pytest.raises(
        ConfigError, match=r'config/litwatch\.toml nor .*user/litwatch/litwatch\.toml\); "litwatch init" writes one'
    ) as wrong:
        load(None, {}, tmp_path)
    assert wrong.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "named.toml: cannot be read: No such file or directory"),
        (b'contact = "\xff"', "named.toml: is not UTF-8 text (byte 12)"),
        (b"a = " + b"[" * 5000, "named.toml: is not valid TOML: lists or tables are nested too deeply"),
        (b"a = " + b"1" * 5000, "named.toml: is not valid TOML: Exceeds the limit"),
        (b"a = 1\nb = = 2", "named.toml: is not valid TOML: Invalid value (at line 2, column 5)"),
    ],
)
def test_unreadable(tmp_path: Path, content: bytes | None, problem: str) -> None:
    """A file that was named is never passed over; what cannot be read is said with its place."""
    if content is not None:
        (tmp_path / "named.toml").write_bytes(content)
    with pytest.raises(ConfigError) as wrong:
        load(tmp_path / "named.toml", {}, tmp_path)
    assert str(wrong.value).startswith(problem)


def test_byte_order_mark(tmp_path: Path) -> None:
    """Editors that put a mark in front of UTF-8 do no harm."""
    assert read(tmp_path, f"\ufeff{CONTACT}").contact == "you@example.org"


# --- what is said when it is wrong --------------------------------------------------------------


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken(path: Path, tmp_path: Path) -> None:
    """Every problem of a broken file is told at once, each with its place, word for word as in the file beside it."""
    told = problems(tmp_path, path.read_text("utf-8"), LITWATCH_CONTACT="not an address")
    text = "\n".join(told).replace(str(tmp_path), "HOME") + "\n"
    assert text == path.with_suffix(".out").read_text("utf-8")
    assert "hunter2" not in text
    assert "0123456789abcdef" not in text


@pytest.mark.parametrize("zone", ["America", "../etc/passwd", "/etc/localtime", "europe/berlin ", "\u00fc", "A" * 300])
def test_no_zone(tmp_path: Path, zone: str) -> None:
    """Whatever the operating system makes of a name, only a time zone is one."""
    [problem] = problems(tmp_path, f'{CONTACT}[[digests]]\ntimezone = "{zone}"')
    assert problem.startswith("digests #1.timezone: must be a time zone of the IANA database")


@pytest.mark.parametrize(
    "url", ["https://example.org/?key=1", "https://example.org/#top", "https://[", "//example.org", "https:"]
)
def test_no_base(tmp_path: Path, url: str) -> None:
    """Requests go below a base address, so it is a whole one and nothing comes after its path."""
    [problem] = problems(tmp_path, f'{CONTACT}[sources.pubmed]\nbase_url = "{url}"')
    assert re.match(r"sources\.pubmed\.base_url: must (be an address|end before) ", problem)


def test_ten() -> None:
    """The ten broken files are there, so that the test above tests something."""
    assert len(BROKEN) == 10


KEYS = st.sampled_from(
    [
        "subject",
        "database",
        "contact",
        "http",
        "sources",
        "feeds",
        "digests",
        "pubmed",
        "name",
        "url",
        "files",
        "x",
        '"\\u001b"',
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.integers().map(str),
        st.floats().map(str),
        st.sampled_from(
            [
                "true",
                "1979-05-27",
                "07:32:00",
                '"env:X"',
                '"file:."',
                '"\\u0000"',
                '"https://["',
                "0x" + "f" * 5000,
                "9" * 400,
            ]
        ),
        st.text(string.printable.replace('"', "").replace("\\", "").strip(), max_size=80).map('"{}"'.format),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda table: f"{{{', '.join(f'{key} = {value}' for key, value in table.items())}}}"
        ),
    ),
    max_leaves=8,
)
HEADINGS = st.lists(KEYS, min_size=1, max_size=3).flatmap(
    lambda keys: st.sampled_from(["[{}]", "[[{}]]"]).map(lambda form: form.format(".".join(keys)))
)
LINES = st.one_of(st.builds("{} = {}".format, KEYS, VALUES), HEADINGS, st.text(max_size=20))


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, max_size=12))
def test_fuzz(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    """Whatever the file holds, there is a configuration or a list of printable problems, and nothing else."""
    path = tmp_path_factory.mktemp("fuzz") / "litwatch.toml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    told = complaints(path)
    assert told is None or (told and all(problem.isprintable() for problem in told))


def complaints(path: Path) -> tuple[str, ...] | None:
    """List what is wrong with a file; None if nothing is."""
    try:
        load(path, {}, path.parent)
    except ConfigError as error:
        return error.problems
    return None


def test_deep(tmp_path: Path) -> None:
    """Tables nested beyond any reason are refused as what they are."""
    assert problems(tmp_path, f"contact{'.a' * 3000} = 1") == ["contact: must be text in quotes, got a table"]


# --- the sample -----------------------------------------------------------------------------------


def paths(value: object, place: str = "") -> Iterator[str]:
    """Every key that a TOML file sets."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{place}.{key}")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for item in value:
            yield from paths(item, place)
    else:
        yield place


def schema(model: type[BaseModel], place: str = "") -> Iterator[str]:
    """Every key that the configuration knows."""
    for name, field in model.model_fields.items():
        inner, key = model_in(field.annotation), f"{place}.{field.alias or name}"
        yield from schema(inner, key) if inner else [key]


def switched_on() -> str:
    """Give the sample with every line that is switched off switched on."""
    return re.sub(r"^#(?=[a-z\[])", "", bundled("litwatch.toml"), flags=re.MULTILINE)


@pytest.mark.parametrize(
    "address", ["hc-ping.com/s3cret", "https://u:s3cret@hc-ping.com", "ftp://x/s3cret", "https:/s3cret"]
)
def test_wrong_ping_url(tmp_path: Path, address: str) -> None:
    """An address to be pinged is checked, and not repeated: who knows it can say that all is well."""
    (problem,) = problems(tmp_path, f'{CONTACT}[monitoring]\nping_url = "{address}"')
    assert problem.startswith("monitoring.ping_url: must ")
    assert "s3cret" not in problem
    assert "s3cret" not in repr(read(tmp_path, f'{CONTACT}[monitoring]\nping_url = "https://hc-ping.com/s3cret"'))


def test_sample_defaults(tmp_path: Path) -> None:
    """The sample as it is says exactly what a file with a contact and nothing else says."""
    assert read(tmp_path, bundled("litwatch.toml")) == read(tmp_path, CONTACT)


def test_sample_complete() -> None:
    """Every key stands in the sample, switched on or off, and no key that is none."""
    assert sorted(paths(tomllib.loads(switched_on()))) == sorted(schema(Config))


ENVIRON = {
    "NCBI_API_KEY": "s3cret",
    "OPENALEX_API_KEY": "0pen",
    "S2_API_KEY": "sch0lar",
    "SMTP_USER": "watch",
    "SMTP_PASSWORD": "s3sam3",
    "PING_URL": "https://hc-ping.com/00000000-0000-4000-8000-000000000000",
}


def test_sample_switched_on(tmp_path: Path) -> None:
    """What is switched off in the sample is valid too, and shows the defaults where there are any."""
    config = read(tmp_path, switched_on(), **ENVIRON)
    assert config.sources.pubmed.rate == read(tmp_path, CONTACT).sources.pubmed.rate
    assert [feed.enabled for feed in config.feeds] == [True]
    assert config.sources.openalex.credentials == {"api_key": "0pen"}
    assert config.sources.openalex.missing == ""
    assert config.sources.semanticscholar.headers == {"x-api-key": "sch0lar"}
    assert len(config.all_feeds) > len(config.feeds)


# --- init -----------------------------------------------------------------------------------------


def test_init(tmp_path: Path) -> None:
    """The sample and the profile are written, loadable as they are, the configuration for its owner alone."""
    paths = write_init(tmp_path / "config", force=False)
    assert [path.name for path in paths] == [
        "litwatch.toml",
        "acupuncture-ms.toml",
        "editions.toml",
        "journal-feeds.toml",
        "questions.toml",
    ]
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600
    assert load(None, {}, tmp_path).contact == "you@example.org"


FILES = ["litwatch.toml", "acupuncture-ms.toml", "editions.toml", "journal-feeds.toml", "questions.toml"]


@pytest.mark.parametrize("name", FILES)
def test_init_keeps(tmp_path: Path, name: str) -> None:
    """If only one of the files is there, nothing is written, and the message names it and the way out."""
    (tmp_path / name).write_text("mine")
    with pytest.raises(ConfigError, match=rf"^\S+{name}: is already there; --force overwrites it$"):
        write_init(tmp_path, force=False)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "mine")]


def test_init_force(tmp_path: Path) -> None:
    """With force they are replaced."""
    (tmp_path / "litwatch.toml").write_text("mine")
    write_init(tmp_path, force=True)
    assert (tmp_path / "litwatch.toml").read_text("utf-8") == bundled("litwatch.toml")


def test_init_impossible(tmp_path: Path) -> None:
    """A folder that cannot be written to is said in one sentence."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match=r"file: cannot write there: \w"):
        write_init(tmp_path / "file", force=False)


@pytest.mark.parametrize("place", ["contact = {}", "contact = [{}]", 'contact = "a@b.org"\n[http]\nretries = {}'])
def test_huge_number(tmp_path: Path, place: str) -> None:
    """A number of thousands of digits is refused like any wrong value, without being spelled out."""
    (tmp_path / "litwatch.toml").write_text(place.format("0x" + "f" * 5000), encoding="utf-8")
    with pytest.raises(ConfigError, match="a huge number") as wrong:
        load(tmp_path / "litwatch.toml", {}, tmp_path)
    assert len(str(wrong.value)) < 200


def test_file_address(tmp_path: Path) -> None:
    """An address of a file is no reference to one: nothing is read, and the sentence says what is wanted."""
    (tmp_path / "secret").write_text("s3cr3t", encoding="utf-8")
    told = problems(tmp_path, f'contact = "a@b.org"\n[[feeds]]\nname = "F"\nurl = "file://{tmp_path}/secret"')
    assert told == ["feeds #1.url: must be an address that begins with http:// or https:// and names a host"]


@pytest.mark.parametrize("key", ["subject", "editions", "questions", "feed_list", "database", "archive"])
def test_long_name(tmp_path: Path, key: str) -> None:
    """A name that no file can have is said, and nothing stumbles over it later."""
    [problem] = problems(tmp_path, f'{CONTACT}{key} = "{"x" * 300}.toml"')
    assert re.search(r"File name too long|names have at most 255 bytes", problem)


@pytest.mark.parametrize("source", ["pubmed", "openalex", "semanticscholar"])
def test_key_unencrypted(tmp_path: Path, source: str) -> None:
    """A key goes over an encrypted connection, or to this machine; without one a source may be asked as it likes."""
    table = f"{CONTACT}[sources.{source}]\n"
    plain, key = 'base_url = "http://mirror.example.org/api"\n', 'api_key = "env:KEY"\n'
    assert problems(tmp_path, table + plain + key, KEY="SECRET-xyz") == [
        f"sources.{source}.api_key: would be sent unencrypted; with a key, base_url must begin with https://"
    ]
    read(tmp_path, table + plain)
    read(tmp_path, table + plain.replace("mirror.example.org", "127.0.0.1") + key, KEY="SECRET-xyz")


def test_endless_secret(tmp_path: Path) -> None:
    """A file that is longer than any key is no key, and what is in it is not told."""
    assert problems(tmp_path, f'{CONTACT}[sources.pubmed]\napi_key = "env:KEY"', KEY="SECRET-xyz" * 1_000) == [
        "sources.pubmed.api_key: must have at most 4096 characters"
    ]
