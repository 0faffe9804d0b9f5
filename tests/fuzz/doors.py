"""Every untrusted door: what stands before it, how it is entered, and by what documented error it may be shut."""

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from pipeline import text
from pipeline.appraise import appraise
from pipeline.config import load
from pipeline.digest.editions import editions_from
from pipeline.documents import facts_document, verdict_document
from pipeline.errors import ConfigError, LitwatchError, RecordRejected, SourceFailed, SourceMalformed
from pipeline.exchange import dates, identifiers
from pipeline.exchange.fields import Entry, Item
from pipeline.exchange.reading import read
from pipeline.exchange.writing import WRITERS
from pipeline.harvest.feeds import parse
from pipeline.harvest.fetch import Answer
from pipeline.match.keys import keys
from pipeline.match.pairs import alike
from pipeline.match.signature import Signature
from pipeline.model import Record
from pipeline.names import cited, people
from pipeline.operator_files import bundled, bundled_subject, parse_toml
from pipeline.screen import Screener
from pipeline.screen.subject import subject_from
from pipeline.wanted.reading import read_list
from tests.fuzz.mutation import spoiled
from tests.fuzz.world import live
from tests.harvest.contract import SourceCase, harvest
from tests.harvest.test_contract import CASES
from tests.support.server import LocalServer, Reply

SCREENER = Screener(bundled_subject())
FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class Door:
    """One way in. ``enter`` raises one of ``errors`` or an AssertionError, or what came in is fit to be kept."""

    name: str
    seeds: Sequence[bytes]
    enter: Callable[[bytes, Random], None]
    errors: tuple[type[LitwatchError], ...] = ()

    def __str__(self) -> str:
        return self.name

    def knock(self, random: Random) -> None:
        """Enter with something spoiled. A refusal by a documented error is as good as being let in."""
        with suppress(*self.errors):
            self.enter(spoiled(random.choice(self.seeds), random), random)


def fit(record: Record) -> None:
    """Assert that a record can be stored, compared and shown as it is, and that the thinking takes it."""
    words = (
        record.title,
        record.vernacular_title,
        record.journal,
        record.volume,
        record.issue,
        record.pages,
        record.url,
    )
    sections = (word for section in record.abstract for word in (section.label, section.text))
    names = (word for author in record.authors for word in (author.family, author.given, author.collective))
    lists = (*record.publication_types, *record.mesh, *record.keywords, *record.languages, *record.registrations)
    for word in (*words, *sections, *names, *lists, record.source_id):
        assert word == text.clean(word)
    assert record.source_id or record.source == "import"
    assert record.doi == text.doi(record.doi) or "%" in record.doi  # which was encoded twice
    assert record.pmid == text.pmid(record.pmid)
    json.dumps([verdict_document(SCREENER.screen(record)), facts_document(appraise([record]))]).encode()
    assert all(key.encode() for key in keys(record))
    alike(Signature.of(record), Signature.of(replace(record, source="other", doi="", pmid="", pmcid="")))


def _files(folder: str, *endings: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((FIXTURES / folder).iterdir()) if path.suffix in endings]


def _record(case: SourceCase) -> Door:
    """A stored or delivered record."""
    return Door(
        f"record of {case}", [*case.records.values()], lambda body, _: fit(case.source.read(body)), (RecordRejected,)
    )


def _answers(case: SourceCase) -> Door:
    """All answers of a service, each spoiled or not, through the wire."""

    def enter(_: bytes, random: Random) -> None:
        with LocalServer() as server, case.client(server, replace(case.settings, retries=0)) as client:
            case.serve(server, [*case.records.values()], None)
            chance = Random(random.getrandbits(32))  # noqa: S311 - chance, not secrecy; for the server's thread
            server.spoil = lambda reply: _spoiled(reply, chance)
            for one in harvest(case.source, client).records:
                fit(one)

    return Door(f"answers of {case}", [b""], enter, (SourceFailed,))


def _spoiled(reply: Reply, random: Random) -> Reply:
    if not isinstance(reply.body, bytes) or random.random() < 0.3:
        return reply
    return replace(reply, body=spoiled(reply.body, random))


def _feed(body: bytes, random: Random) -> None:
    kind = random.choice(("", "text/xml", "application/rss+xml; charset=utf-16", "text/html; charset=none-such"))
    assert parse(Answer("https://journal.example.org/", 200, {"content-type": kind}, body)).version


def _import(name: str) -> Callable[[bytes, Random], None]:
    def enter(body: bytes, _: Random) -> None:
        for one in read(name, io.BytesIO(body)):
            if isinstance(one, Entry):
                fit(one.record)
                for write in WRITERS.values():
                    "".join(write([Item("W1", one.record)])).encode()

    return enter


def _texts(body: bytes, _: Random) -> None:
    """Dates, identifiers and names, as any text may hold them."""
    word = body.decode("utf-8", "surrogateescape")
    for read_text in (text.doi, text.doi_at, text.pmid, text.pmcid, text.registration_at, text.fold, text.title_key):
        assert isinstance(read_text(word), str)
    assert all(isinstance(number, str) for number in text.registrations(word))
    assert text.clean(text.from_markup(word)) == text.from_markup(word)
    dates.partial(word)
    identifiers.identifiers(word)
    identifiers.at(word)
    for author in (*people([word]), cited(word)):
        assert author.family or author.given or author.collective or not text.clean(word) or author == cited(word)


def _config(body: bytes, _: Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "litwatch.toml"
        path.write_bytes(body)
        load(path, {"LITWATCH_CONTACT": "a@example.org"}, Path(folder))


def _config_with(name: str, key: str) -> Callable[[bytes, Random], None]:
    def enter(body: bytes, _: Random) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(body)
            path = Path(folder) / "litwatch.toml"
            path.write_text(f'contact = "a@example.org"\n{key} = "{name}"\n', encoding="utf-8")
            load(path, {}, Path(folder))

    return enter


def _subject(body: bytes, _: Random) -> None:
    subject_from(parse_toml(body.decode(errors="replace"), "profile.toml"), "profile.toml")


def _editions(body: bytes, _: Random) -> None:
    editions_from(parse_toml(body.decode(errors="replace"), "editions.toml"), "editions.toml")


def _written(kind: str) -> list[bytes]:
    """Records of all sources in one of our formats, as others write them too."""
    items = [Item("W1", record) for case in CASES for record in case.expected]
    return ["".join(WRITERS[kind](items[at : at + 3])).encode() for at in range(0, len(items), 3)]


_NBIB = """PMID- 99000001
OWN - NLM
TI  - Made-up trial of needles and
      of pins
AB  - BACKGROUND: Invented. RESULTS: 12.
FAU - Muster, Erika
AU  - Muster E
CN  - Invented Group
DP  - 2024 May 12
TA  - Inv J
VI  - 3
IP  - 2
PG  - 139-54
AID - 10.5555/made.1 [doi]
PMC - PMC9900001
SI  - ClinicalTrials.gov/NCT09990001
PT  - Journal Article
MH  - Acupuncture Therapy/*methods
OT  - needling
LA  - eng
RIN - PMID: 99000002

"""
_TEXTS = (
    "10.5555/made.up(1)<2>;3_x",
    "https://doi.org/10.5555/made.up?x=1#y",
    "doi: 10.5555/MADE.UP.",
    "PMC9900001 PMID: 99000001",
    "NCT09990001, ISRCTN99900001, ChiCTR-TRC-99000001, EUCTR2099-000001-99-DE",
    "https://clinicaltrials.gov/study/NCT09990001",
    "2024 May 12",
    "2024-05-12T10:00:00Z",
    "20240512",
    "Spring 2024",
    "2024 Nov-Dec",
    "Mon, 12 May 2025 10:00:00 +0200",
    "Muster, Erika Anna; van der Probe, Karl",
    "Muster EA, Probe K Jr, et al.",
    "The Invented Group",
    "\u738b\u5c0f\u660e",
    "H<sub>2</sub>O &lt;b&gt;",
)
_LISTS = (
    b"10.5555/made.1\n99000001\n# note\nPMC9900001\nNCT09990001\n",
    b"title;doi;year\nMade-up;10.5555/made.1;2024\n",
)


def _doors() -> Iterator[Door]:
    for case in CASES:
        yield _record(case)
        yield _answers(case)
    yield Door("feed", _files("feeds", ".xml", ".rdf", ".atom"), _feed, (SourceMalformed,))
    for kind, ending in (("ris", "ris"), ("bibtex", "bib"), ("csl-json", "json"), ("csv", "csv"), ("jsonl", "jsonl")):
        yield Door(f"import of {kind}", _written(kind), _import(f"works.{ending}"), (ConfigError,))
    pubmed = [b"<PubmedArticleSet>" + body + b"</PubmedArticleSet>" for body in _files("pubmed", ".xml")]
    yield Door("import of PubMed XML", pubmed, _import("works.xml"), (ConfigError,))
    yield Door("import of nbib", [(_NBIB * 2).encode()], _import("works.nbib"), (ConfigError,))
    lists = [*_LISTS, *_written("ris"), *_written("csv")]
    yield Door("list of publications", lists, lambda body, _: [*read_list("list.txt", body)].clear(), (ConfigError,))
    yield Door("dates, identifiers and names", [word.encode() for word in _TEXTS], _texts)
    configurations = [bundled("litwatch.toml").encode(), *_files("config", ".toml")]
    yield Door("configuration", configurations, _config, (ConfigError,))
    yield Door("subject profile", [bundled("acupuncture-ms.toml").encode()], _subject, (ConfigError,))
    yield Door("editions", [bundled("editions.toml").encode()], _editions, (ConfigError,))
    for name, key in (("journal-feeds.toml", "feed_list"), ("questions.toml", "questions")):
        yield Door(name, [bundled(name).encode()], _config_with(name, key), (ConfigError,))

    yield Door("a watch of two weeks", [b""], lambda _, random: live(random))


DOORS = tuple(_doors())
