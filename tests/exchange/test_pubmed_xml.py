"""What PubMed's XML means, one rule at a time. Whole records are read in the contract's case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.exchange.pubmed_xml import KINDS, parse, read
from pipeline.model import Author, PartialDate, Record, RelationKind
from pipeline.xml_tree import MAX_DEPTH
from tests.harvest.case_pubmed import RECORDS, article_set

TITLE = "<ArticleTitle>Made-up title</ArticleTitle>"


def article(inside: str = TITLE, citation: str = "", data: str = "") -> Record:
    """Read a made-up record with this inside its Article, MedlineCitation and PubmedData."""
    return read(
        f"<PubmedArticle><MedlineCitation><PMID>99000010</PMID><Article>{inside}</Article>{citation}</MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle>".encode()
    )


def book(inside: str, book: str = "<BookTitle>Made-up book</BookTitle>") -> Record:
    """Read a made-up Bookshelf record."""
    return read(
        f"<PubmedBookArticle><BookDocument><PMID>99000011</PMID><Book>{book}</Book>{inside}</BookDocument>"
        "</PubmedBookArticle>".encode()
    )


def issue(stated: str) -> Record:
    """Read a record whose issue bears this date."""
    return article(f"<Journal><JournalIssue><PubDate>{stated}</PubDate></JournalIssue></Journal>{TITLE}")


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("[Translated title].", "Translated title"),
        ("[Does it help?].", "Does it help?"),
        ("[Translated title]", "Translated title"),
        ("[With [18F] inside].", "With [18F] inside"),
        ("[18F]FDG and [11C]PIB.", "[18F]FDG and [11C]PIB."),
        ("Only [a part] of it.", "Only [a part] of it."),
        ("P&lt;0.05 &amp; x&lt;y&gt;z", "P<0.05 & x<y>z"),
        ("<b>CD4<sup>+</sup></b>\n   <i>in vitro</i>", "CD4+ in vitro"),
        ("[Not Available].", "Not Available"),
    ],
)
def test_title(stated: str, title: str) -> None:
    """The whole title, without markup, and without the brackets that mark a translation."""
    assert article(f"<ArticleTitle>{stated}</ArticleTitle>").title == title


def test_payload() -> None:
    """A record's payload is all of it and nothing else, with MathML's prefix, and can be read."""
    title = "<ArticleTitle>At <mml:math><mml:mi>p</mml:mi></mml:math><!-- no --> &lt; 0.05</ArticleTitle>"
    record = f"<MedlineCitation><PMID>99000012</PMID><Article>{title}</Article></MedlineCitation>"
    (part,) = parse(
        '<PubmedArticleSet xmlns:mml="http://www.w3.org/1998/Math/MathML">'
        f"<PubmedArticle>{record}</PubmedArticle> no </PubmedArticleSet>".encode()
    )
    assert part.payload.endswith(b"</PubmedArticle>")
    assert b"<mml:mi>p</mml:mi>" in part.payload
    assert read(part.payload).title == "At p < 0.05"


def test_deep_record() -> None:
    """A record as deep as is allowed can be taken out and read again."""
    levels = MAX_DEPTH - 5
    title = "<ArticleTitle>" + "<i>" * levels + "deep" + "</i>" * levels + "</ArticleTitle>"
    record = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>99000013</PMID>"
        f"<Article>{title}</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    (part,) = parse(record.encode())
    assert read(part.payload).title == "deep"


@pytest.mark.parametrize("stated", ["", "[Not Available].", "[In process citation]"])
def test_untranslated(stated: str) -> None:
    """Where there is no translation, the vernacular title is the title."""
    record = article(f"<ArticleTitle>{stated}</ArticleTitle><VernacularTitle>Titel &amp; mehr.</VernacularTitle>")
    assert (record.title, record.vernacular_title) == ("Titel & mehr.", "Titel & mehr.")


@pytest.mark.parametrize(
    ("stated", "date", "words"),
    [
        ("<Year>2026</Year><Month>Oct</Month><Day>5</Day>", "2026-10-05", ""),
        ("<Year>2026</Year><Month>02</Month>", "2026-02", ""),
        ("<Year>2026</Year>", "2026", ""),
        ("<Year>2026</Year><Season>Summer</Season>", "2026", "2026 Summer"),
        ("<MedlineDate>2010 Sep-Oct</MedlineDate>", "2010", "2010 Sep-Oct"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998", "1998 Dec-1999 Jan"),
        ("<MedlineDate>Winter 2010</MedlineDate>", "2010", "Winter 2010"),
        ("<Year>2026</Year><Month>Feb</Month><Day>31</Day>", "2026-02", "2026 Feb 31"),
        ("<Year>2026</Year><Month>13</Month>", "2026", "2026 13"),
        ("<Year>2026</Year><Month>Brumaire</Month><Day>2</Day>", "2026", "2026 Brumaire 2"),
        ("<MedlineDate>no year</MedlineDate>", "None", "no year"),
        ("<Year>0000</Year>", "None", "0000"),
        ("", "None", ""),
    ],
)
def test_issue_date(stated: str, date: str, words: str) -> None:
    """A date is as precise as stated and possible; what more there was is kept in its own words."""
    record = issue(stated)
    assert (str(record.published), record.published_stated) == (date, words)


@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P"])), min_size=3, max_size=3))
def test_any_date(parts: list[str]) -> None:
    """No date, however odd, makes a record unreadable."""
    year, month, day = (part.replace("&", "").replace("<", "") for part in parts)
    assert issue(f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day>").title == "Made-up title"


def test_electronic_date() -> None:
    """The day of electronic publication goes before the date on the issue."""
    day = '<ArticleDate DateType="Electronic"><Year>2026</Year><Month>07</Month><Day>03</Day></ArticleDate>'
    on_issue = "<PubDate><MedlineDate>2026 Sep-Oct</MedlineDate></PubDate>"
    record = article(f"<Journal><JournalIssue>{on_issue}</JournalIssue></Journal>{TITLE}{day}")
    assert (record.published, record.published_stated) == (PartialDate(2026, 7, 3), "")


def test_doi() -> None:
    """The record's own list of ids goes before the location; a DOI that is not valid any more does not count."""
    location = '<ELocationID EIdType="doi" ValidYN="{}">10.5555/Location</ELocationID>'
    own = '<ArticleIdList><ArticleId IdType="doi">10.5555/OWN</ArticleId></ArticleIdList>'
    assert article(TITLE + location.format("Y"), data=own).doi == "10.5555/own"
    assert article(TITLE + location.format("Y")).doi == "10.5555/location"
    assert article(TITLE + location.format("N")).doi == ""


@pytest.mark.parametrize(("stated", "kind"), [*KINDS.items(), ("SomethingNew", RelationKind.OTHER)])
def test_relation(stated: str, kind: RelationKind) -> None:
    """Every kind of link is read; PubMed's word for it is kept."""
    link = f'<CommentsCorrections RefType="{stated}"><PMID>0099</PMID></CommentsCorrections>'
    (relation,) = article(citation=f"<CommentsCorrectionsList>{link}</CommentsCorrectionsList>").relations
    assert (relation.kind, relation.stated, relation.pmid) == (kind, stated, "99")


@pytest.mark.parametrize(
    ("bank", "accession", "numbers"),
    [
        ("ISRCTN", "12345678", ("ISRCTN12345678",)),
        ("ANZCTR", "ACTRN12626000000000p", ("ACTRN12626000000000p",)),
        ("REPEC", "PER-000-26", ("PER-000-26",)),
        ("PDB", "1ABC", ()),
        ("figshare", "10.6084/m9.figshare.NCT00000000", ()),
    ],
)
def test_registration(bank: str, accession: str, numbers: tuple[str, ...]) -> None:
    """Numbers of trial registries are spelt as the registry does; other databanks hold no trials."""
    accessions = f"<AccessionNumberList><AccessionNumber>{accession}</AccessionNumber></AccessionNumberList>"
    bank_list = f"<DataBankList><DataBank><DataBankName>{bank}</DataBankName>{accessions}</DataBank></DataBankList>"
    assert article(TITLE + bank_list).registrations == numbers


def test_whole_book() -> None:
    """A book without a chapter is its own title, with its authors, its date, and no journal."""
    record = book(
        "",
        "<BookTitle>Made-up <i>book</i></BookTitle><PubDate><Year>2001</Year><Month>02</Month></PubDate>"
        '<AuthorList Type="editors"><Author><LastName>No</LastName></Author></AuthorList>'
        '<AuthorList Type="authors"><Author><CollectiveName>A made-up college</CollectiveName></Author></AuthorList>',
    )
    assert (record.title, record.journal, record.published) == ("Made-up book", "", PartialDate(2001, 2))
    assert record.authors == (Author(collective="A made-up college"),)


def test_set() -> None:
    """Records of both kinds are found in a set; deletions, in yearly update files, are none."""
    deleted = b'<DeleteCitation><PMID Version="1">99000099</PMID></DeleteCitation>'
    parts = parse(article_set([*RECORDS.values(), deleted]))
    assert [part.pmid for part in parts] == [*RECORDS]
    assert [read(part.payload).pmid for part in parts] == [*RECORDS]
    assert all(part.payload.endswith(b"Article>") for part in parts)


def test_lone_record() -> None:
    """A record recorded without its set can be read."""
    (part,) = parse(b"\n" + RECORDS["99000005"])
    assert part.pmid == "99000005"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Supplied id parameter is empty.", SourceFailed),
        ("ID list is empty! Possibly it has no correct IDs.", SourceFailed),
        ("'retstart' cannot be larger than 9998.", SourceFailed),
        ("Position 15000 is out of acceptable range [9999,9998]", SourceFailed),
        ("Search Backend failed: timed out", SourceMalformed),
        ("NCBI C++ Exception: oops", SourceMalformed),
        ("Failed to connect to PubOne service", SourceMalformed),
    ],
)
@pytest.mark.parametrize("shape", ["<ERROR>{}</ERROR>", "<eFetchResult>\n<ERROR>{}</ERROR></eFetchResult>"])
def test_stated_error(words: str, kind: type[SourceFailed], shape: str) -> None:
    """An error is told in PubMed's words, and is worth another try unless it is known to last."""
    with pytest.raises(SourceFailed) as caught:
        parse(shape.format(words).encode())
    assert type(caught.value) is kind
    assert words in str(caught.value)
