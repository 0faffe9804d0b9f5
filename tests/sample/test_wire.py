"""The wire formats, read back with independent readers."""

import io
import json
from collections.abc import Sequence
from typing import Any

import feedparser
import pytest
from lxml import etree

from pipeline.sample.wire import europepmc, feeds, pubmed
from pipeline.sample.world import STAGES, Publication, Stage, load, world_from

WORLD = load()


def told(**facts: Any) -> Publication:
    """Make a publication with these facts."""
    row = {"id": "a", "title": "A title", "entered": "2026-01-02", "status": "MEDLINE", "held_by": {"pubmed": {}}}
    return world_from([{**row, **facts}]).held("pubmed", "baseline")[0]


def article(one: Publication) -> Any:
    """Read the publication's record out of an EFetch answer."""
    return etree.fromstring(pubmed.efetch([one]))[0]


def result(one: Publication) -> dict[str, Any]:
    """Read the publication's record out of a Europe PMC answer."""
    found: dict[str, Any] = json.loads(europepmc.search([one], 1, {"query": "q"}, "m"))["resultList"]["result"][0]
    return found


def parsed(render: feeds.Renderer, *publications: Publication) -> Any:
    """Read a feed with feedparser."""
    feed = feedparser.parse(io.BytesIO(render("A feed", publications)))
    assert not feed.bozo
    return feed


@pytest.mark.parametrize("stage", STAGES)
def test_pubmed_whole(stage: Stage) -> None:
    """EFetch gives one article per publication, with its PMID, title, authors, types and DOI."""
    held = WORLD.held("pubmed", stage)
    answer = pubmed.efetch(held)
    document = etree.fromstring(answer)
    assert document.tag == "PubmedArticleSet"
    assert b"<!DOCTYPE PubmedArticleSet PUBLIC" in answer
    for one, made in zip(held, document, strict=True):
        assert made.findtext("MedlineCitation/PMID") == one.pmid
        assert one.title in str(made.findtext("MedlineCitation/Article/ArticleTitle"))
        assert len(made.findall(".//AuthorList/Author")) == len(one.authors)
        assert [kind.text for kind in made.findall(".//PublicationType")] == list(one.types)
        assert made.findtext("PubmedData/ArticleIdList/ArticleId[@IdType='doi']") == (one.doi or None)


def test_pubmed_author() -> None:
    """A family name alone stays alone; a group has its own element."""
    made = article(told(authors=["Lynning", "Sample, Ada Maria", {"collective": "A group"}]))
    names = [[(part.tag, part.text) for part in author] for author in made.findall(".//Author")]
    full = [("LastName", "Sample"), ("ForeName", "Ada Maria"), ("Initials", "AM")]
    assert names == [[("LastName", "Lynning")], full, [("CollectiveName", "A group")]]


def test_pubmed_sections() -> None:
    """A labelled abstract keeps its labels, and one without any has none; none at all has no element."""
    labelled = article(told(abstract=[["Methods", "We asked."], ["", "We heard."]])).findall(".//AbstractText")
    assert [(part.get("Label"), part.text) for part in labelled] == [("METHODS", "We asked."), (None, "We heard.")]
    assert article(told()).find(".//Abstract") is None


def test_pubmed_translated() -> None:
    """A title from another language stands in brackets, beside the one its authors gave."""
    made = article(told(language="chi", vernacular_title="题目"))
    assert (made.findtext(".//ArticleTitle"), made.findtext(".//VernacularTitle")) == ("[A title].", "题目")


@pytest.mark.parametrize(
    ("published", "parts", "electronic"),
    [("2021", ["2021"], False), ("2024-07", ["2024", "Jul"], False), ("2026-11-07", ["2026", "Nov", "07"], True)],
)
def test_pubmed_date(published: str, parts: list[str], electronic: bool) -> None:
    """A date is as precise as it is known, and only a whole one is an electronic date too."""
    made = article(told(published=published))
    assert [part.text for part in made.find(".//PubDate")] == parts
    assert (made.find(".//ArticleDate") is not None) == electronic


def test_pubmed_undated() -> None:
    """An unknown date of publication stays unknown."""
    assert len(article(told()).find(".//PubDate")) == 0


def test_pubmed_links() -> None:
    """MeSH, trial numbers and pointers to other records stand where PubMed has them."""
    pointer = {"kind": "retraction_in", "pmid": "2", "citation": "J. 2026"}
    made = article(told(mesh=["D005221 Fatigue"], registrations=["NCT00000000"], relations=[pointer]))
    assert made.find(".//DescriptorName").attrib == {"UI": "D005221", "MajorTopicYN": "N"}
    assert made.findtext(".//DataBank[DataBankName='ClinicalTrials.gov']//AccessionNumber") == "NCT00000000"
    assert made.findtext(".//CommentsCorrections[@RefType='RetractionIn']/PMID") == "2"


def test_esearch() -> None:
    """A search states how many there are, as text, and gives the page asked for; nothing found is said in words."""
    answer = json.loads(pubmed.esearch(["3", "2", "1"], 1, 1, "term"))["esearchresult"]
    assert answer == {
        "count": "3",
        "retmax": "1",
        "retstart": "1",
        "idlist": ["2"],
        "translationset": [],
        "querytranslation": "term",
    }
    assert "No items found." in str(json.loads(pubmed.esearch([], 0, 20, "term")))


@pytest.mark.parametrize("stage", STAGES)
def test_europepmc_whole(stage: Stage) -> None:
    """Every record has a key of its own, its title, and no field without a value."""
    held = WORLD.held("europepmc", stage)
    answer = json.loads(europepmc.search(held, len(held), {"query": "q"}, "m"))
    results = answer["resultList"]["result"]
    assert answer["hitCount"] == len(results)
    assert len({(made["source"], made["id"]) for made in results}) == len(held)
    assert all(value not in ("", None, [], {}) for made in results for value in made.values())


def test_europepmc_keys() -> None:
    """A record stands under preprints, PubMed or PubMed Central, and under AGR if it is in none of them."""
    keys = [
        europepmc.source_and_id(told(**facts)) for facts in ({"preprint_id": "PPR1"}, {"pmid": "2"}, {"pmcid": "PMC3"})
    ]
    assert keys == [("PPR", "PPR1"), ("MED", "2"), ("PMC", "PMC3")]
    assert europepmc.source_and_id(told())[0] == "AGR"


def test_europepmc_fields() -> None:
    """Authors, abstract, journal and pointers have Europe PMC's own names and nesting."""
    pointer = {"kind": "has_preprint", "preprint_id": "PPR1", "citation": "Preprint"}
    facts = {
        "authors": ["Sample, Ada Maria", {"collective": "A group"}],
        "journal": "J",
        "volume": "1",
        "published": "2025",
    }
    made = result(
        told(pmid="1", abstract=[["METHODS", "We asked."]], mesh=["D005221 Fatigue"], relations=[pointer], **facts)
    )
    assert made["title"] == "A title."
    assert made["authorString"] == "Sample AM, A group."
    assert made["authorList"]["author"][1] == {"collectiveName": "A group"}
    assert made["abstractText"] == "<h4>Methods</h4>We asked."
    assert made["journalInfo"]["journal"] == {"title": "J"}
    assert made["meshHeadingList"]["meshHeading"][0]["descriptorName"] == "Fatigue"
    assert made["commentCorrectionList"]["commentCorrection"][0]["type"] == "Preprint in"
    assert "firstPublicationDate" not in made


def test_europepmc_preprint() -> None:
    """A preprint names its server as publisher and has no journal."""
    made = result(told(preprint_id="PPR1", journal="A server", published="2026-01-02"))
    assert made["bookOrReportDetails"] == {"publisher": "A server", "yearOfPublication": 2026}
    assert "journalInfo" not in made
    assert made["firstPublicationDate"] == "2026-01-02"


def test_europepmc_bare() -> None:
    """What is known of nothing but its title has no journal and no year."""
    assert not {"journalInfo", "pubYear", "authorList"} & result(told()).keys()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", feeds.SHAPES)
def test_feed_whole(name: str, stage: Stage) -> None:
    """A feed is well-formed and has one entry for each publication, with its title and its link."""
    held: Sequence[Publication] = WORLD.held(name, stage)
    entries = parsed(feeds.SHAPES[name], *held).entries
    assert [entry.title for entry in entries] == [one.title for one in held]
    assert all(entry.link.startswith("https://") for entry in entries)


def test_rss() -> None:
    """The ScienceDirect shape has neither DOI nor date fields; both date and authors are words."""
    one = told(doi="10.5555/a", published="2025-03", journal="J & K", volume="7", authors=["Sample, Ada"])
    entry = parsed(feeds.rss, one).entries[0]
    assert "10.5555" not in str(entry)
    assert not {"published", "updated"} & entry.keys()
    assert "Publication date: March 2025" in entry.summary
    assert "J &amp; K, Volume 7" in entry.summary
    assert "Author(s): Ada Sample" in entry.summary
    assert "Publication date" not in parsed(feeds.rss, told()).entries[0].summary


def test_rdf() -> None:
    """The Atypon shape states DOI and date as Dublin Core and PRISM, and a link with a tracking parameter."""
    entry = parsed(feeds.rdf, told(doi="10.5555/a", published="2025", journal="J", authors=["Sample"])).entries[0]
    assert (entry.dc_identifier, entry.prism_doi, entry.updated) == ("doi:10.5555/a", "10.5555/a", "2025")
    assert entry.link.endswith("?af=R")


def test_atom() -> None:
    """The Atom shape has the abstract as HTML, and a date of publication as precise as it is known."""
    dated, bare = parsed(
        feeds.atom, told(published="2026", journal="J", abstract=[["", "P < 0.05."]]), told(id="b")
    ).entries
    assert dated.summary == "<p>P &lt; 0.05.</p>"
    assert (dated.prism_publicationdate, dated.prism_publicationname) == ("2026", "J")
    assert not {"summary", "published", "prism_publicationdate"} & bare.keys()


def test_empty_feed() -> None:
    """A feed without entries is still a feed."""
    assert [parsed(render).entries for render in feeds.SHAPES.values()] == [[], [], []]
