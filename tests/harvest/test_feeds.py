"""What is special about feeds; what they share with other sources is in test_contract.py."""

import ast
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed, SourceMalformed
from pipeline.harvest.feed_text import describe
from pipeline.harvest.feeds import Feed, parse
from pipeline.harvest.fetch import Answer
from pipeline.model import Author, PartialDate, Record, Section
from pipeline.proof import Known, Proof, Validator
from tests.harvest.case_feeds import CASE, FIXTURES, PATH, RECORDS, refuse, rss, serve
from tests.harvest.contract import SUBJECT, Outcome, harvest
from tests.support.server import LocalServer, Reply

FEED = Feed("Invented Journal", f"https://journal.example.org{PATH}")


Take = Callable[[bytes], Outcome]


@pytest.fixture
def take(server: LocalServer) -> Take:
    """Give a way to harvest a body of bytes."""

    def taken(body: bytes) -> Outcome:
        refuse(server, Reply(body=body))
        with CASE.client(server) as client:
            return harvest(FEED, client)

    return taken


def one(outcome: Outcome) -> Record:
    """Give the only record."""
    (record,) = outcome.records
    return record


def item(*elements: str) -> bytes:
    """Write one item with a title."""
    return f"<item><title>Made-up title</title>{''.join(elements)}</item>".encode()


def fixture(name: str) -> bytes:
    """Read a publisher's feed."""
    return (FIXTURES / name).read_bytes()


def test_name() -> None:
    """A feed is known to readers by the name it was given, and to the store by the same in plain letters."""
    feed = Feed("Zeitschrift für Akupunktur & Co.", "https://journal.example.org/feed")
    assert (feed.name, feed.label) == ("feed:zeitschrift-fur-akupunktur-co", "Zeitschrift für Akupunktur & Co.")
    assert not feed.lists_all


def test_parser_gets_bytes() -> None:
    """Of a string, feedparser opens the file or address that it names, so no code of ours may hand it one."""
    calls = [
        call
        for path in Path(__file__).parents[2].joinpath("pipeline").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "feedparser.parse"
    ]
    assert [ast.unparse(call.args[0]) for call in calls] == ["io.BytesIO(body)"]


def test_body_is_a_path(take: Take, tmp_path: Path) -> None:
    """A body that reads like the path of a feed is not opened."""
    path = tmp_path / "feed.xml"
    path.write_bytes(rss([*RECORDS.values()]))
    with pytest.raises(SourceMalformed):
        take(str(path).encode())


def test_body_is_an_address(take: Take, server: LocalServer) -> None:
    """A body that reads like an address is not fetched."""
    with pytest.raises(SourceMalformed):
        take(f"{server.url}/elsewhere".encode())
    assert {request.path for request in server.requests} == {PATH}


def test_tandf(take: Take) -> None:
    """Taylor & Francis (RDF): no guid, an issue's note for an abstract, the title for a journal, a later issue date."""
    assert one(take(fixture("tandf.rdf"))) == Record(
        source="feed:invented-journal",
        source_id="10.5555/made.2021.1",
        title="Made-up study of needles",
        authors=(Author("Muster", "Erika"), Author("Probe", "Karl")),
        journal="Invented Science",
        volume="67",
        issue="4",
        pages="283-289",
        published=PartialDate(2021, 10, 20),
        doi="10.5555/made.2021.1",
        url="https://www.tandfonline.com/doi/full/10.5555/made.2021.1",
    )


def test_sage(take: Take) -> None:
    """SAGE (RDF): a DOI with its scheme, an address that carries the reader's traces, a note where the abstract is."""
    assert one(take(fixture("sage.rdf"))) == Record(
        source="feed:invented-journal",
        source_id="10.5555/09990000261000001",
        title="Made-up acupuncture for made-up fatigue",
        abstract=(Section("Objective:An invented aim."),),
        authors=(Author("Muster", "Erika"), Author("Probe", "Karl")),
        journal="Invented Needling",
        published=PartialDate(2026, 7, 4),
        doi="10.5555/09990000261000001",
        url="https://journals.sagepub.com/doi/abs/10.5555/09990000261000001",
    )


def test_springer(take: Take) -> None:
    """Springer: a bare DOI for a guid, the abstract in HTML, no authors, the journal in the title of the feed."""
    assert one(take(fixture("springer.xml"))) == Record(
        source="feed:invented-journal",
        source_id="10.5555/s99999-026-00001-1",
        title="Made-up cohort of needles",
        abstract=(Section("An invented background.", "Background"), Section("Invented results.", "Results")),
        journal="Invented Neurology",
        published=PartialDate(2026, 7, 4),
        doi="10.5555/s99999-026-00001-1",
        url="http://link.springer.com/10.5555/s99999-026-00001-1",
    )


def test_nature(take: Take) -> None:
    """Nature (RDF): dc:source says more than the journal, and a note with the date stands before the summary."""
    record = one(take(fixture("nature.rdf")))
    assert record.doi == record.source_id == "10.5555/s99999-026-00001-1"
    assert record.journal == "Invented Reviews Neurology"
    assert record.abstract == (Section("One invented sentence."),)
    assert (record.authors[1], record.published) == (Author("Probe", "Karl"), PartialDate(2026, 7, 4))


def test_frontiers(take: Take) -> None:
    """Frontiers: the DOI in the address only, one author element each, and pubDate in lower case and as ISO date."""
    assert one(take(fixture("frontiers.xml"))) == Record(
        source="feed:invented-journal",
        source_id="10.5555/finv.2026.1000001",
        title="Made-up scalp acupuncture",
        abstract=(Section("An invented abstract without headings."),),
        authors=(Author("Muster", "Erika"), Author("Probe", "Karl")),
        journal="Invented Frontiers",
        published=PartialDate(2026, 7, 4),
        doi="10.5555/finv.2026.1000001",
        keywords=("Original Research",),
        url="https://www.frontiersin.org/articles/10.5555/finv.2026.1000001",
    )


def test_cambridge(take: Take) -> None:
    """Cambridge (RDF): empty volume and number, and family names first."""
    assert one(take(fixture("cambridge.rdf"))) == Record(
        source="feed:invented-journal",
        source_id="10.5555/inv.2026.38",
        title="Made-up memory of needles",
        abstract=(Section("An invented abstract."),),
        authors=(Author("Muster", "Erika"),),
        journal="Invented Journal of Needles",
        pages="651-665",
        published=PartialDate(2026, 7, 4),
        doi="10.5555/inv.2026.38",
        url="https://dx.doi.org/10.5555/inv.2026.38",
    )


def test_cnki(take: Take) -> None:
    """CNKI: its addresses are encrypted anew for every visit, so that an item goes by its title, and has no link."""
    mice, rats = take(fixture("cnki.xml")).records
    assert mice == Record(
        source="feed:invented-journal",
        source_id="title:d1a99113b0b62541",
        title="Made-up needling of mice",
        abstract=(Section("An invented abstract, cut short..."),),
        authors=(Author("WANG", "Li"), Author("LIU", "Ping")),
        journal="Invented Acupuncture Research",
        published=PartialDate(2026, 4, 24),
    )
    assert rats.source_id != mice.source_id


def test_title_for_a_journal(take: Take) -> None:
    """A publication that is named like the item itself is no journal; the feed's own name is the next best."""
    record = one(take(rss([item("<prism:publicationName>Made-up Title.</prism:publicationName>")])))
    assert record.journal == "Invented Journal"


def test_medrxiv(take: Take) -> None:
    """medRxiv: a preprint because of where it stands, the DOI in the link without the version, all authors in one."""
    record = one(take(fixture("medrxiv.rdf")))
    assert record.is_preprint
    assert record.doi == "10.5555/2026.01.02.99300691"
    assert record.journal == "medRxiv"
    assert record.authors == (Author("Muster", "E. A."), Author("Probe", "K."))
    assert record.abstract == (Section("Background: An invented preprint."),)


def test_alert(take: Take) -> None:
    """A search engine's alert is read, too: the page behind its redirect, and no journal."""
    record = one(take(fixture("alerts.atom")))
    assert record.title == "Made-up needles in the news"
    assert record.url == "https://news.example.org/needles?id=7"
    assert (record.journal, record.authors, record.published) == ("", (), PartialDate(2026, 7, 10))


def test_empty(take: Take) -> None:
    """A feed without entries is whole, and different from no feed."""
    outcome = take(fixture("empty.atom"))
    assert (outcome.records, outcome.proof.listed, outcome.proof.shortfall) == ((), frozenset(), "")


def test_cut_short(take: Take) -> None:
    """What came of a broken feed is kept, but it does not count as whole."""
    outcome = take(rss([*RECORDS.values()])[:-200])
    assert len(outcome.records) == len(RECORDS)
    assert "broken off" in outcome.proof.shortfall


def test_harmless(take: Take, server: LocalServer) -> None:
    """A wrong content type or a wrong declaration of the encoding takes nothing away."""
    body = rss([item("<author>A. Mu\u0161ter</author>")])
    refuse(server, Reply(body=body, headers={"Content-Type": "text/html; charset=us-ascii"}))
    with CASE.client(server) as client:
        outcome = harvest(FEED, client)
    assert outcome.proof.shortfall == ""
    latin = rss([item("<author>A. Mu\u0161ter</author>")]).decode().encode("iso-8859-2")
    outcome = take(latin)
    assert len(outcome.records) == 1
    assert outcome.proof.shortfall == ""


def test_new_guids(take: Take) -> None:
    """When a publisher renews all guids and links, items with a DOI stay the same items."""
    before = one(
        take(rss([item("<guid>a:1</guid><link>https://x.org/1</link><dc:identifier>doi:10.5555/A</dc:identifier>")]))
    )
    after = one(
        take(rss([item("<guid>b:2</guid><link>https://y.org/2</link><dc:identifier>10.5555/a</dc:identifier>")]))
    )
    assert before.key == after.key == "feed:invented-journal:10.5555/a"


@pytest.mark.parametrize(
    ("elements", "key"),
    [
        (["<guid>urn:1</guid>", "<link>https://x.org/1</link>"], "urn:1"),
        (["<guid>https://x.org/1?TRACK=RSS&amp;n=2#top</guid>"], "https://x.org/1?n=2"),
        (["<link>https://x.org/1?id=7&amp;utm_source=me&amp;af=R&amp;ff=2026#s</link>"], "https://x.org/1?id=7"),
        (["<link>javascript:alert(1)</link>"], "title:35bbc3ed9bc39ef3"),
        (['<guid isPermaLink="false">https://[broken/</guid>'], "https://[broken/"),
        (["<link>https://[broken/</link>"], "title:35bbc3ed9bc39ef3"),
        (["<pubDate>Sat, 04 Jul 2026 06:00:00 GMT</pubDate>"], "title:35bbc3ed9bc39ef3"),
    ],
)
def test_key(elements: Sequence[str], key: str, take: Take) -> None:
    """Without a DOI an item goes by its guid, link or title; never by what a visit adds to them, nor by a date."""
    assert one(take(rss([item(*elements)]))).source_id == key


def test_relative_link(take: Take, server: LocalServer) -> None:
    """A link without a host belongs to where the feed came from."""
    assert one(take(rss([item("<link>/article/7?rss=1</link>")]))).url == f"{server.url}/article/7"


@pytest.mark.parametrize(
    ("elements", "doi"),
    [
        ("<prism:doi>10.5555/A</prism:doi><dc:identifier>doi:10.5555/b</dc:identifier>", "10.5555/a"),
        ("<dc:identifier>pii:S0</dc:identifier><guid>https://doi.org/10.5555/c</guid>", "10.5555/c"),
        ('<prism:doi type="x">10.5555/A</prism:doi><guid>10.5555/d</guid>', "10.5555/d"),
        ("<link>https://x.org/articles/10.5555/e.2/full</link>", "10.5555/e.2"),
        ("<link>https://x.org/doi/abs/10.5555/(SICI)1%3C2.pdf?x=1</link>", "10.5555/(sici)1<2"),
        ("<link>https://x.org/article?id=10.5555/f</link>", "10.5555/f"),
        ("<link>https://www.nature.com/articles/made-up-1</link>", "10.1038/made-up-1"),
        ("<link>https://www.nature.com/articles/made-up-1/figures/2</link>", ""),
        ("<link>https://nature.com.example.org/articles/made-up-1</link>", ""),
        ("<link>https://www.researchsquare.com/article/10.5555/rs-1/v1</link>", "10.5555/rs-1/v1"),
        ("<description>See also doi:10.5555/other</description>", ""),
    ],
)
def test_doi(elements: str, doi: str, take: Take) -> None:
    """A DOI is taken from wherever publishers put the item's own, and never from its prose."""
    assert one(take(rss([item(elements)]))).doi == doi


@pytest.mark.parametrize(
    ("elements", "published", "stated"),
    [
        ("<prism:coverDate>2021-12</prism:coverDate>", PartialDate(2021, 12), ""),
        ("<dc:date>2021</dc:date>", PartialDate(2021), ""),
        ("<dc:date>2021-12-20T12:09:28-08:00</dc:date>", PartialDate(2021, 12, 20), ""),
        ("<pubDate>garbage</pubDate><dc:date>2021-02-30</dc:date>", None, ""),
        ("<pubDate>Mon, 20 Dec 2021 00:09:28 -0800</pubDate>", PartialDate(2021, 12, 20), ""),
        ("<pubDate>Fri, 10 Dec 2021 00:55:00 +0200</pubDate>", PartialDate(2021, 12, 10), ""),
        ("<pubDate>Fri, 40 Dec 2021 00:55:00 +0200</pubDate>", None, ""),
        ("<description>Publication date: 1 March 2022</description>", PartialDate(2022, 3, 1), ""),
        ("<description>Publication date: Winter 2021</description>", PartialDate(2021), "Winter 2021"),
        ("<description>Publication date: Frimaire 2021</description>", PartialDate(2021), "Frimaire 2021"),
        ("<description>Publication date: soon</description>", None, "soon"),
    ],
)
def test_published(elements: str, published: PartialDate | None, stated: str, take: Take) -> None:
    """A date is as precise as it is stated, whatever feedparser fills in."""
    record = one(take(rss([item(elements)])))
    assert (record.published, record.published_stated) == (published, stated)


def test_pubmed_year(take: Take) -> None:
    """A citation may state no more than a year."""
    cited = "&lt;p&gt;J X. 2026;12:1.&lt;/p&gt;&lt;p&gt;ABSTRACT&lt;/p&gt;&lt;p&gt;Text.&lt;/p&gt;"
    record = one(take(rss([item(f"<guid>pubmed:7</guid><description>{cited}</description>")])))
    assert (record.published, record.abstract_text) == (PartialDate(2026), "Text.")


def test_pubmed_undated(take: Take) -> None:
    """The day of entry into PubMed is no day of publication."""
    body = "<guid>pubmed:7</guid><dc:date>2026-07-04</dc:date><description>NO ABSTRACT</description>"
    record = one(take(rss([item(body)])))
    assert (record.published, record.indexed, record.abstract) == (None, PartialDate(2026, 7, 4), ())


def test_repeated(take: Take) -> None:
    """An item shown twice, ahead of print and in its issue, counts once."""
    same = item("<guid>10.5555/a</guid>")
    assert len(take(rss([same, same])).records) == 1


AHEAD = "<title>Made-up title</title><guid>10.5555/a</guid>"
IN_ISSUE = f"{AHEAD}<prism:volume>70</prism:volume>"


@pytest.mark.parametrize("items", [(AHEAD, IN_ISSUE), (IN_ISSUE, AHEAD)])
def test_moved_to_an_issue(items: Sequence[str], take: Take) -> None:
    """Of an item that is shown ahead of print and in its issue, in whatever order, the one with the issue counts."""
    record = one(take(rss([f"<item>{elements}</item>".encode() for elements in items])))
    assert (record.source_id, record.volume) == ("10.5555/a", "70")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("pubmed.xml", "fc=20261101074834&amp;ff=20261102094348&amp;v=2.16.2", "fc=20261108&amp;ff=20261109&amp;v=3"),
        ("cnki.xml", "FIRST-VISIT--c7vdq2WU", "ANOTHER-VISIT-Hw1"),
        ("sage.rdf", "ai=2b4&amp;mi=ehikzz", "ai=2dd&amp;mi=3ricys"),
        ("sciencedirect.xml", "?dgcid=rss_sd_all", "?dgcid=other"),
        ("cambridge.rdf", "?rft_dat=source%3Ddrss", ""),
        ("medrxiv.rdf", "v1?rss=1", "v1"),
        ("oup.xml", "?rss=1", "?rss=2"),
    ],
)
def test_next_visit(name: str, before: str, after: str, take: Take) -> None:
    """What publishers write into addresses anew for each visit changes neither an item's key nor its record."""
    body = fixture(name)
    assert before.encode() in body
    assert take(body.replace(before.encode(), after.encode())).records == take(body).records


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("springer.xml", "Sat, 04 Jul 2026 00:00:00 GMT", "Tue, 14 Jul 2026 00:00:00 GMT"),
        ("wiley.xml", "Mon, 20 Dec 2021 00:09:28 -0800", "Wed, 15 Dec 2021 03:57:21 -0800"),
        ("oup.xml", "Thu, 28 Oct 2021", "Tue, 28 Dec 2021"),
        ("sciencedirect.xml", "Publication date: February 2022", "Publication date: Available online 3 December 2021"),
        ("cnki.xml", "Fri, 24 Apr 2026", "Wed, 24 Jun 2026"),
        ("medrxiv.rdf", "v1?rss=1", "v2?rss=1"),
    ],
)
def test_new_date(name: str, before: str, after: str, take: Take) -> None:
    """Publishers date items anew; the item stays the same, and nothing of it but its date becomes another."""
    body = fixture(name)
    assert before.encode() in body
    earlier, later = (take(each).records for each in (body, body.replace(before.encode(), after.encode())))
    undated = [[replace(record, published=None, url="") for record in records] for records in (earlier, later)]
    assert undated[0] == undated[1]


def test_text_survives(take: Take) -> None:
    """What looks like a tag and is none stays; what is one goes, with the code inside of it."""
    title = "<title>P&lt;0.05, x&lt;y&gt;z &lt;i&gt;in vivo&lt;/i&gt;</title>"
    body = "<description>n&lt;30, x&lt;y&gt;z &lt;script&gt;evil()&lt;/script&gt;</description>"
    record = one(take(rss([f"<item>{title}{body}</item>".encode()])))
    assert record.title == "P<0.05, x<y>z in vivo"
    assert record.abstract_text == "n<30, x<y>z"


@pytest.mark.parametrize(
    ("markup", "sections"),
    [
        ("Acupuncture in Medicine, Ahead of Print. <br/>Objective: To see.", [Section("Objective: To see.")]),
        ("Invented Neurology, EarlyView.", []),
        (
            "<h3>Methods</h3><p>One.</p><p>Two.</p><h3>Results</h3>Three.",
            [Section("One. Two.", "Methods"), Section("Three.", "Results")],
        ),
        ("Li WANG;Ping LIU;</br>A short abstract; with a stop.", [Section("A short abstract; with a stop.")]),
        ("<style>p{}</style><p>Text <b>in</b> bold</p>", [Section("Text in bold")]),
    ],
)
def test_describe(markup: str, sections: Sequence[Section]) -> None:
    """An abstract is what is left when the notes around it are gone."""
    assert describe(markup).sections == tuple(sections)


# --- conditional requests (RFC 9110 section 13) ----------------------------------------------------

ETAG = '"made-up-1"'
SINCE = "Sat, 04 Jul 2026 06:00:00 GMT"


def test_validator(take: Take, server: LocalServer) -> None:
    """What the server sent with a feed that is whole is offered for next time; without any, nothing is."""
    refuse(server, Reply(body=rss([]), headers={"ETag": ETAG, "Last-Modified": SINCE}))
    with CASE.client(server) as client:
        assert harvest(FEED, client).proof.validator == Validator(ETAG, SINCE)
    assert take(rss([])).proof.validator is None


def test_validator_of_a_broken_feed(server: LocalServer) -> None:
    """Of a feed that breaks off nothing is offered: it has to be read again, changed or not."""
    broken = rss([*RECORDS.values()])[:-200]
    refuse(server, Reply(body=broken, headers={"ETag": ETAG, "Last-Modified": SINCE}))
    with CASE.client(server) as client:
        proof = harvest(FEED, client).proof
    assert proof.shortfall
    assert proof.validator is None


@pytest.mark.parametrize(
    ("validator", "sent"),
    [
        (Validator(ETAG, SINCE), {"if-none-match": ETAG, "if-modified-since": SINCE}),
        (Validator(etag=ETAG), {"if-none-match": ETAG}),
        (Validator(modified=SINCE), {"if-modified-since": SINCE}),
    ],
)
def test_unchanged(validator: Validator, sent: dict[str, str], server: LocalServer) -> None:
    """A server that is asked so may say that nothing has changed: then there is no page, and nothing has gone."""
    refuse(server, Reply(304, headers={"ETag": ETAG}))
    with CASE.client(server) as client:
        outcome = harvest(FEED, client, Known({}, validator=validator))
    assert (outcome.pages, outcome.proof) == ((), Proof(None, frozenset(), whole=False, unchanged=True))
    (request,) = server.requests
    assert {name: words for name, words in request.headers.items() if name.startswith("if-")} == sent


def test_changed(server: LocalServer) -> None:
    """A server that has something new sends it, whatever it was asked."""
    serve(server, [*RECORDS.values()])
    with CASE.client(server) as client:
        outcome = harvest(FEED, client, Known({}, validator=Validator(ETAG)))
    assert len(outcome.records) == len(RECORDS)
    assert not outcome.proof.unchanged


def test_unchanged_unasked(server: LocalServer) -> None:
    """A server that says "not modified" without having been asked has told nothing."""
    refuse(server, Reply(304))
    with CASE.client(server) as client, pytest.raises(SourceFailed, match="304"):
        harvest(FEED, client)
    assert not {"if-none-match", "if-modified-since"} & set(server.requests[0].headers)


def test_probe_asks_all(server: LocalServer) -> None:
    """A probe asks for the feed without a condition, and a page that is no feed fails it."""
    serve(server, [])
    with CASE.client(server) as client:
        assert FEED.probe(client, SUBJECT) is None
        server.on(PATH, CASE.failures["HTML page with 200"])
        with pytest.raises(SourceMalformed):
            FEED.probe(client, SUBJECT)


def test_zero_is_asked_once(server: LocalServer) -> None:
    """A feed is asked for at its very address, with no question."""
    serve(server, [], None)
    with CASE.client(server) as client:
        harvest(FEED, client)
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("GET", PATH, {"api_key": "SECRET-xyz"})


ENTRY = st.dictionaries(
    st.sampled_from(["id", "link", "title", "summary", "published", "updated", "dc_identifier"]),
    st.text(st.characters()),
)


@given(ENTRY, st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=2))
def test_anything(entry: dict[str, str], authors: list[str], content: list[str]) -> None:
    """Whatever stands in an entry, it is read or rejected, and what is read is storable text."""
    payload = json.dumps({**entry, "authors": authors, "content": content}).encode()
    try:
        record = FEED.read(payload)
    except RecordRejected:
        return
    names = (name for author in record.authors for name in (author.family, author.given, author.collective))
    for words in (record.title, record.source_id, record.url, *names, *(part.text for part in record.abstract)):
        assert words == text.clean(words)


@example(b"<item<category</item>n</category>", 0)
@example(b"&#x110000;", 320)
@example(b"&#99999999999;", 320)
@example(b"\x80", 30)
@given(st.binary(max_size=60), st.integers(0, 400))
def test_any_bytes(noise: bytes, place: int) -> None:
    """Whatever bytes come, they are a feed or they are not: no other error comes out."""
    whole = rss([*RECORDS.values()])
    answer = Answer("https://journal.example.org/", 200, {}, whole[:place] + noise + whole[place:])
    try:
        parsed = parse(answer)
    except SourceMalformed:
        return
    assert parsed.version


@pytest.mark.parametrize(
    ("name", "key"),
    [("Acupunct. Med.", "feed:acupunct-med"), ("中国针灸", "feed:中国针灸"), ("Ärzte_Blatt", "feed:arzte-blatt")],
)
def test_name_in_any_script(name: str, key: str) -> None:
    """A feed is kept under its name in plain letters, of whatever script."""
    assert Feed(name, "https://example.org/feed").name == key


def test_registry(take: Take) -> None:
    """An entry that leads to a registry's page is that trial's registration; a number in its words alone makes none."""
    page, mention = (
        take(rss([f"<item><title>Made-up trial NCT09990001</title><link>{link}</link></item>".encode()]))
        for link in ("https://clinicaltrials.gov/study/NCT09990001", "https://journal.example.org/NCT09990001")
    )
    assert [(one.registrations, one.publication_types) for one in (*page.records, *mention.records)] == [
        (("NCT09990001",), ("Trial registration",)),
        ((), ()),
    ]


# A hundred articles, as a publisher's feed has them; more than is read in this process.
MANY = rss(
    [
        item(f"<guid isPermaLink='false'>tag:made-up-{n}</guid><description>{'words ' * 40}</description>")
        for n in range(100)
    ]
)


def test_large(take: Take) -> None:
    """A large feed is read apart, to the same entries; what is none, or breaks off, is told as of a small one."""
    assert [record.source_id for record in take(MANY).records] == [f"tag:made-up-{n}" for n in range(100)]
    assert "SAXParseException" in take(MANY[:-40]).proof.shortfall
    with pytest.raises(SourceMalformed, match="not a feed"):
        take(b"<html>" + b"<p>maintenance" * 9_000)


def heavy(inside: bytes, declared: bytes = b"") -> bytes:
    """Write a feed with one item that has something more in it, and perhaps declarations."""
    head, rest = rss([b"<item><title>Made-up title</title>" + inside + b"</item>"]).split(b"?>", 1)
    return head + b"?>" + declared + rest


# What feedparser takes quadratic time over; of addresses, in one expression that nothing can interrupt.
_ENTITY = b'<!DOCTYPE rss [<!ENTITY a "' + b"a." * 1_000 + b'">]>'
_SMALL = heavy(b"<author>" + b"&a;" * 200 + b"</author>", _ENTITY)
HEAVY = {
    "attributes": heavy(b"<a " + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b"/>"),
    "addresses": heavy(b"<author>" + b"a." * 100_000 + b"</author>"),
    "a small body that swells": _SMALL,
    "the same in another encoding": _SMALL.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
}


@pytest.mark.parametrize("body", HEAVY.values(), ids=HEAVY.keys())
def test_heavy(take: Take, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    """A feed that would be read for minutes or hours is given up; no other waits for it, and there is no second try."""
    monkeypatch.setattr("pipeline.harvest.feed_reading._SECONDS", 1)
    with pytest.raises(SourceFailed, match="took more than 1 s or 512 MB to read") as caught:
        take(body)
    assert not isinstance(caught.value, SourceMalformed)


def test_no_process(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started, a large feed fails with the reason; a small one is read as ever."""
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with pytest.raises(SourceFailed, match="no process could be started to read the feed: No such file or directory"):
        take(MANY)
    assert take(rss([item()])).records


def test_folder_of_others(take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies about in the current folder is not run, whatever it is called."""
    (tmp_path / "feedparser.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert len(take(MANY).records) == 100


def test_process_of_another_kind(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that fails otherwise is a fault of ours, and not told as the feed's."""
    monkeypatch.setattr("sys.executable", shutil.which("false"))
    with pytest.raises(RuntimeError):
        take(MANY)


def test_long_name(take: Take) -> None:
    """A title of the whole feed that is as long as a book is not repeated with every entry."""
    outcome = take(rss([item()] * 3, title="x" * 10_000))
    assert all(len(payload) < 1_000 for payload in outcome.payloads)


def test_long_entry(take: Take) -> None:
    """An entry as long as a book is set aside, and the others are read."""
    outcome = take(rss([item(f"<description>{'x ' * 300_000}</description>"), item("<guid>other</guid>")]))
    assert (len(outcome.records), len(outcome.rejected)) == (1, 1)
