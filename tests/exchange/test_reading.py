"""Files of other programs: what stands in them, in every format, and what is said of what cannot be read."""

import io
import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exchange.fields import Entry, Problem
from pipeline.exchange.reading import read
from pipeline.exchange.texts import Unreadable
from pipeline.model import Author, PartialDate, Record, RelationKind, Section

TITLE = "Made-up acupuncture for fatigue in multiple sclerosis"


def entries(content: str | bytes, name: str = "works") -> list[Entry | Problem]:
    """Everything in a file."""
    return list(read(name, io.BytesIO(content.encode() if isinstance(content, str) else content)))


def records(content: str | bytes, name: str = "works") -> list[Record]:
    """The records of a file without a problem."""
    found = entries(content, name)
    assert all(isinstance(one, Entry) for one in found)
    return [one.record for one in found if isinstance(one, Entry)]


def refusal(content: str | bytes, name: str = "works") -> str:
    """The one sentence that says why a file cannot be read."""
    with pytest.raises(Unreadable) as refused:
        entries(content, name)
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


# --- RIS ------------------------------------------------------------------------------------------


def test_ris() -> None:
    """The tags of the specification, and those that programs put in their place."""
    one, other = entries(
        "Provider: made up\r\n\r\nTY  - JOUR\r\nID  - 7\r\nA1  - Muster, Erika\r\nAU  - Made-up Council,\r\n"
        f"T1  - {TITLE}\r\nN2  - AIM: made up.\r\n and more.\r\n"
        "JA  - J Made Up\r\nJO  - Journal of Made-up\r\nVL  - 1\r\n"
        "IS  - 2\r\nSP  - 3\r\nEP  - 9\r\nY1  - 2024/05//\r\nDO  - 10.5555/A\r\n"
        "AN  - 99000001\r\nDB  - Ovid MEDLINE\r\n"
        "KW  - needles\r\nKW  - fatigue\r\nLA  - eng\r\nM3  - Journal Article\r\nUR  - https://x.example.org/a;b\r\n"
        "ER  - \r\nTY  - JOUR\r\nTI  - torn\r\n"
    )
    assert isinstance(one, Entry)
    assert isinstance(other, Entry)
    assert (one.line, one.record_id, other.line, other.record.title) == (3, "7", 26, "torn")
    assert one.payload.startswith(b"TY  - JOUR\nID  - 7\n")
    assert one.record == Record(
        source="import",
        source_id="7",
        title=TITLE,
        abstract=(Section("made up. and more.", "AIM"),),
        authors=(Author(collective="Made-up Council"), Author("Muster", "Erika")),
        journal="Journal of Made-up",
        volume="1",
        issue="2",
        pages="3-9",
        published=PartialDate(2024, 5),
        doi="10.5555/a",
        pmid="99000001",
        publication_types=("Journal Article",),
        keywords=("needles", "fatigue"),
        languages=("eng",),
        url="https://x.example.org/a;b",
    )


# --- PubMed ---------------------------------------------------------------------------------------

NBIB = f"""
PMID- 99000001
OWN - NLM
STAT- MEDLINE
PST - aheadofprint
IS  - 0000-0000 (Print)
VI  - 12
IP  - 3
DP  - 2024 May
TI  - Made-up acupuncture for fatigue
      in multiple sclerosis.
PG  - 12-9
LID - S0000-0000(24)00001-1 [pii]
LID - 10.5555/made.up [doi]
AB  - BACKGROUND: Made up. RESULTS: None.
      And no more.
FAU - van der Muster, Erika
AU  - van der Muster E
AD  - Nowhere.
CN  - Made-up Needle Investigators
FAU - Probe, Karl, Jr
AU  - Probe K Jr
LA  - eng
SI  - ClinicalTrials.gov/NCT09990001
SI  - EudraCT/2020-001234-56
SI  - GENBANK/AB123456
PT  - Journal Article
PT  - Retracted Publication
DEP - 20240502
TA  - J Made Up
JT  - Journal of made-up records
MH  - *Acupuncture Therapy/methods/adverse effects
MH  - Multiple Sclerosis/*therapy
MH  - Multiple Sclerosis/complications
OT  - *needles
RIN - J Made Up. 2025;13(1):1. doi: 10.5555/notice. PMID: 99000009
PMC - PMC99001
SO  - J Made Up. 2024.

PMID- 99000002
TI  - {TITLE}
"""


def test_nbib() -> None:
    """PubMed's own tags, with lines that go on, trial numbers, people and groups in order, and what it points at."""
    one, other = entries(NBIB)
    assert isinstance(one, Entry)
    assert isinstance(other, Entry)
    assert (one.line, one.record_id, other.line, other.record.pmid) == (2, "", 40, "99000002")
    record = one.record
    assert record.title == f"{TITLE}."
    assert record.abstract == (Section("Made up.", "BACKGROUND"), Section("None. And no more.", "RESULTS"))
    assert record.authors == (
        Author("van der Muster", "Erika"),
        Author(collective="Made-up Needle Investigators"),
        Author("Probe Jr", "Karl"),
    )
    assert (record.journal, record.volume, record.issue, record.pages) == (
        "Journal of made-up records", "12", "3", "12-9",
    )  # fmt: skip
    assert (record.doi, record.pmid, record.pmcid) == ("10.5555/made.up", "99000001", "PMC99001")
    assert record.published == PartialDate(2024, 5, 2)
    assert record.registrations == ("NCT09990001", "EudraCT 2020-001234-56")
    assert record.publication_types == ("Journal Article", "Retracted Publication")
    assert (record.mesh, record.keywords) == (("Acupuncture Therapy", "Multiple Sclerosis"), ("needles",))
    assert (record.status, record.publication_status) == ("MEDLINE", "aheadofprint")
    [relation] = record.relations
    assert (relation.kind, relation.pmid) == (RelationKind.RETRACTION_IN, "99000009")


def pubmed_xml(pmid: int, title: str = TITLE) -> str:
    """A made-up record of PubMed."""
    article = f"<Article><ArticleTitle>{title}</ArticleTitle></Article>"
    return f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID>{article}</MedlineCitation></PubmedArticle>\n"


def test_pubmed_xml() -> None:
    """The harvest's own reader, one record at a time; one that says too little is a problem in its place."""
    three_records = f"{pubmed_xml(1)}{pubmed_xml(2, '')}{pubmed_xml(3)}"
    body = f'<?xml version="1.0"?>\n<PubmedArticleSet>\n{three_records}</PubmedArticleSet>'
    one, two, three = entries(body)
    assert isinstance(one, Entry)
    assert (one.line, one.record.pmid, one.record.source, one.record_id) == (3, "1", "import", "")
    assert b"<PMID>1</PMID>" in one.payload
    assert (two.line, isinstance(two, Problem) and two.what) == (4, "PMID 2 states no title")
    assert three.line == 5


# --- BibTeX ---------------------------------------------------------------------------------------

BIBTEX = r"""% Encoding: UTF-8
Exported by hand.
@string{jmu = "Journal of " # {Made-up} }
@comment{ignored}
@Article(muster2024,
  Author  = "van der Muster, Erika and {Made-up Group, Inc.} and Probe, Jr, K. and {\O}rsted, {\L}ukasz and others",
  TITLE   = {{Made-up} acupuncture for 50% of {\'E}t\'{e}s, \~n~\c{c} $\alpha$ \& \textit{more}},
  journal = jmu # " Records",
  year    = 2024, month = may,
  pages   = {12--9},
  doi     = {10.5555/made\_up},
  keywords = {needles, fatigue},
  note    = {NCT09990001},
  eprint  = {unknown}
)
@misc{b, title={First}, title={Second}} @misc{c, title={Third}}
"""


def test_bibtex() -> None:
    """Abbreviations, joined parts, braces and quotes, LaTeX's letters, groups in braces, and fields given twice."""
    one, two, three = records(BIBTEX)
    assert one == Record(
        source="import",
        source_id="muster2024",
        title="Made-up acupuncture for 50% of \u00c9t\u00e9s, \u00f1 \u00e7 \u03b1 & more",
        authors=(
            Author("van der Muster", "Erika"),
            Author(collective="Made-up Group, Inc."),
            Author("Probe Jr", "K."),
            Author("\u00d8rsted", "\u0141ukasz"),
        ),
        journal="Journal of Made-up Records",
        pages="12-9",
        published=PartialDate(2024, 5),
        doi="10.5555/made_up",
        registrations=("NCT09990001",),
        keywords=("needles", "fatigue"),
    )
    assert (two.title, three.title) == ("First", "Third")


def test_broken_bibtex() -> None:
    """An entry that does not end costs no other one, and is said with its line."""
    one, two = entries("@misc{a, title={One}\n\n@misc{b,\n title={Two}}\n")
    assert one == Problem(1, "not a BibTeX entry; a brace, quote or comma is missing", one.raw)
    assert (two.line, isinstance(two, Entry) and two.record.title) == (3, "Two")


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("authors", "read_as"),
    [
        ("Zuna, R E and Wang, S S", (Author("Zuna", "R E"), Author("Wang", "S S"))),
        ("Muster K.van der Probe R. A.", (Author("Muster", "K."), Author("van der Probe", "R. A."))),
        ("Te Muster M.Ross Tracey W.", (Author("Te Muster", "M."), Author("Ross Tracey", "W."))),
        ("Muster, B. L.; Probe, L. A.; et al.,", (Author("Muster", "B. L."), Author("Probe", "L. A."))),
        ("Muster EA, Probe K", (Author("Muster", "E A"), Author("Probe", "K"))),
        ("Erika Muster; Karl Probe", (Author("Muster", "Erika"), Author("Probe", "Karl"))),
        ("Muster, Erika", (Author("Muster", "Erika"),)),
        ("van der Muster, Erika Anna", (Author("van der Muster", "Erika Anna"),)),
        ("\u738b, \u5c0f\u660e; \u674e, \u56db", (Author("\u738b", "\u5c0f\u660e"), Author("\u674e", "\u56db"))),
        ("Adams Jr, H P and others", (Author("Adams Jr", "H P"),)),
    ],
)
def test_authors(authors: str, read_as: tuple[Author, ...]) -> None:
    """Authors in one cell, however a program sets them apart, and where it lost what set them apart."""
    assert records(f'ID,author,title\n1,"{authors}",{TITLE}\n')[0].authors == read_as


def test_bibdedupe() -> None:
    """BibDedupe's columns; others are ignored, and the second journal counts only where there is no first."""
    one, two = records(
        "ID,ENTRYTYPE,author,year,title,journal,booktitle,volume,number,pages,doi,isbn,url\n"
        f'id_1,article,"Muster, E",2017.0,{TITLE},J,,12 Suppl 1,3,9848--9853,http://dx.doi.org/10.5555/a%281%29,0000,'
        "https://www.ncbi.nlm.nih.gov/pubmed/99000001\n"
        "id_2,inproceedings,,n.d.,,,Made-up Conference,,,,,,https://ovid.example.org/?D=medline&AN=99000002\n"
    )
    assert (one.source_id, one.journal, one.volume, one.issue, one.pages) == (
        "id_1",
        "J",
        "12 Suppl 1",
        "3",
        "9848-9853",
    )
    assert (one.published, one.doi, one.pmid) == (PartialDate(2017), "10.5555/a(1)", "99000001")
    assert (two.source_id, two.title, two.journal, two.pmid) == ("id_2", "", "Made-up Conference", "")


def test_table_of_pubmed() -> None:
    """The columns of PubMed's and ClinicalTrials.gov's own tables."""
    [one] = records(
        "PMID,Title,Authors,Journal/Book,Publication Year,PMCID,DOI\n"
        f'99000001,{TITLE},"Muster EA, Probe K.",J,2024,PMC99001,10.5555/a\n'
    )
    assert (one.pmid, one.pmcid, one.doi, one.journal, len(one.authors)) == (
        "99000001",
        "PMC99001",
        "10.5555/a",
        "J",
        2,
    )
    [trial] = records(
        f"NCT Number,Study Title,Study URL\nNCT09990001,{TITLE},https://clinicaltrials.gov/study/NCT09990001\n"
    )
    assert (trial.title, trial.registrations) == (TITLE, ("NCT09990001",))


@pytest.mark.parametrize(("cell", "value"), [("'=1+1", "=1+1"), ("''=1+1", "'=1+1"), ("'tis", "'tis"), ("'", "'")])
def test_apostrophe(cell: str, value: str) -> None:
    """Exactly the one apostrophe goes that kept a cell from being a formula."""
    assert records(f"ID,title\n1,{cell}\n")[0].title == value


def test_long_cell() -> None:
    """A list of very many authors is read."""
    people = "; ".join(f"Muster{number:05}, A" for number in range(20_000)).replace("0", "o").replace("1", "i")
    assert len(records(f'ID,title,authors\n1,{TITLE},"{people}"\n')[0].authors) == 20_000


# --- JSON -----------------------------------------------------------------------------------------


def test_jsonl() -> None:
    """Lists or texts, numbers or digits; unknown fields are ignored, and a broken line costs only itself."""
    lines = [
        {"record_id": 7, "title": TITLE, "authors": ["Muster, Erika", "Probe K", "The Group"], "year": 2024, "pmid": 9},
        {"title": "T", "authors": "Muster, Erika; Probe K; The Group", "nct": ["DRKS09990001", "x"], "more": {"a": []}},
        {"record_id": "\ud800", "title": None, "mesh": "a; b", "keywords": ["c;d"], "is_retracted": True},
    ]
    one, two, three, broken = entries("\n".join(map(json.dumps, lines)) + '\n\n{"title": NaN}\n')
    assert isinstance(one, Entry)
    assert isinstance(two, Entry)
    assert isinstance(three, Entry)
    assert one.record.authors == two.record.authors
    assert one.record.authors == (Author("Muster", "Erika"), Author("Probe", "K"), Author(collective="The Group"))
    assert (one.record_id, one.record.published, one.record.pmid) == ("7", PartialDate(2024), "9")
    assert (two.record_id, two.record.registrations) == ("", ("DRKS09990001",))
    assert (three.record_id, three.record.mesh, three.record.keywords) == ("\ufffd", ("a", "b"), ("c;d",))
    assert three.record.publication_types == ("Retracted Publication",)
    assert (broken.line, isinstance(broken, Problem)) == (5, True)


def test_csl() -> None:
    """Items as Zotero and Crossref write them: dates in parts of text, particles, literal names, notes."""
    items = [
        {
            "id": "http://zotero.example.org/1",
            "type": "article-journal",
            "title": TITLE,
            "container-title": ["Journal"],
            "author": [{"family": "Muster", "given": "Erika", "non-dropping-particle": "van der"}, {"literal": "A, B"}],
            "issued": {"date-parts": [["2024", 5]]},
            "note": "Trial NCT09990001",
        },
        {"id": "2", "title": "T", "issued": {"raw": "2024-05-02"}, "author": [None, {}, 1]},
    ]
    one, two = entries(json.dumps(items, indent=1))
    assert isinstance(one, Entry)
    assert isinstance(two, Entry)
    assert (one.line, one.record_id, one.record.journal) == (2, "http://zotero.example.org/1", "Journal")
    assert one.record.authors == (Author("van der Muster", "Erika"), Author(collective="A, B"))
    assert (one.record.published, one.record.registrations) == (PartialDate(2024, 5), ("NCT09990001",))
    assert (two.record.published, two.record.authors) == (PartialDate(2024, 5, 2), ())


ABSTRACTS = (
    ("Made up: yes. It ends: (n = 3).", (Section("Made up: yes. It ends: (n = 3)."),)),
    (
        "AIM: Made up. RESULTS: none. Conclusion: no.",
        (Section("Made up.", "AIM"), Section("none. Conclusion: no.", "RESULTS")),
    ),
    ("Aim: Made up. RESULTS: none.", (Section("Made up.", "Aim"), Section("none.", "RESULTS"))),
    ("Made up,\nhard\nwrapped.\nAim: none.", (Section("Made up, hard wrapped."), Section("none.", "Aim"))),
    ("DNA and RNA: made up. PCR: no.", (Section("made up.", "DNA and RNA"), Section("no.", "PCR"))),
)


@pytest.mark.parametrize(("stated", "sections"), ABSTRACTS)
def test_abstracts(stated: str, sections: tuple[Section, ...]) -> None:
    """Headings in capitals divide an abstract, other ones where they begin a line; a line may just go on."""
    [one] = records(json.dumps([{"title": TITLE, "abstract": stated}]))
    assert one.abstract == sections


@pytest.mark.parametrize(
    "content",
    [
        "TY  - JOUR\nTI  - a\nAB  - b\n" + "c\n" * 200_000,
        "PMID- 1\nTI  - a\nAB  - b\n" + "      c\n" * 200_000,
        "@misc{a, title = {" + "{" * 200_000 + "}" * 200_000 + "}}",
        "@misc{a, title = {b}, author = {" + "a and " * 100_000 + "}}",
        "@misc{a, title = {" + "$\\'" * 100_000 + "}}",
        'title,authors,abstract\na,"' + "B. C." * 100_000 + '","' + "D:\n" * 100_000 + '"\n',
        json.dumps([{"title": "a", "authors": ["b " * 100_000], "abstract": "ABC: d\n" * 100_000}]),
    ],
    ids=["RIS", "nbib", "braces", "and", "LaTeX", "CSV", "JSON"],
)
def test_huge(content: str) -> None:
    """A field of very many parts is read at once: where each part cost all before it, this would not come to an end."""
    assert entries(content)


# --- what cannot be read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("", "a.ris", 'a.ris: no reference begins in it; in RIS each does with a line "TY  - "'),
        ("", "a", "a: of no kind that is known; RIS, PubMed"),
        ("PK\x03\x04", "a.xlsx", "a.xlsx: of no kind that is known; "),
        ("a,b\n1,2\n", "a.csv", "a.csv: no column is called title, record_id, doi,"),
        ("nothing", "a.bib", "a.bib: no entry begins in it"),
        ("nothing", "a.nbib", "a.nbib: no citation begins in it"),
        (b"TY  - JOUR\nTI  - caf\xe9\n", "a", "a, line 2: not UTF-8; save the list as UTF-8 text"),
        ("TY  - J\u00f6UR\n".encode("utf-16"), "a", "a, line 1: not UTF-8"),
        ("title\n\nx\0\n", "a", "a, line 3: a NUL byte; this is not a text file"),
        ('title\n"a"b\n', "a", "a, line 2: not a row of a table: "),
        ('title\n"' + "never closed" * 200_000, "a", "a, line 2: not a row of a table: field larger than"),
        ('title\n"open\n\n', "a", "a, line 2: not a row of a table: "),
        ('{"title": "a"', "a.jsonl", "a.jsonl, line 1: not JSON: "),
        ('\n{"title": 1e999}\n', "a", "a, line 2: states neither a record_id, a title nor an identifier"),
        ('{"title": "a"} {"title": "b"}', "a", "a, line 1: more than one JSON value in a line"),
        ('[{"title": "a"},\n{"title": "b" "c"}]', "a", "a, line 2: not JSON: Expecting ',' delimiter"),
        ('[{"title": "a"},\n{"title": NaN}]', "a", "a, line 2: not JSON: a number that is none"),
        ('[{"title": "a"}\n', "a", "a, line 2: not JSON: the list does not end"),
        ('[{"title": "a"}] more', "a", "a, line 1: not JSON: the list does not end"),
        ("[" * 100_000, "a", "a, line 1: not JSON: too deep"),
        ('{"a":' * 100_000, "a", "a, line 1: not JSON: too deep"),
        ('[{"title": ' + "9" * 5000 + "}]", "a", "a, line 1: not JSON: a number that is none"),
        ("<html>\n</html>", "a", "a, line 1: XML, but no PubmedArticleSet"),
        (f"<PubmedArticleSet>\n{pubmed_xml(1)}", "a", "a, line 3: not well-formed XML"),
        ('<!DOCTYPE a [<!ENTITY b "haha">]>\n<PubmedArticleSet>&b;</PubmedArticleSet>', "a", "a, line 1: XML that"),
        ("<PubmedArticleSet>" + "<a>" * 300, "a", "a, line 1: XML with more than 256 levels"),
        ("@misc{a, title={open", "a", "a, line 1: not a BibTeX entry; "),
        ("@misc{,}", "a", "a, line 1: states neither a record_id, a title nor an identifier"),
    ],
)  # fmt: skip
def test_refused(content: str | bytes, name: str, sentence: str) -> None:
    """A file that cannot be read is one sentence with its name, the line, and what is wrong."""
    assert refusal(content, name).startswith(sentence)


@pytest.mark.parametrize("content", ["title\n", "[]", " [ ] ", "<PubmedArticleSet/>", "\ufefftitle,doi\r\n\r\n"])
def test_empty(content: str) -> None:
    """A list of nothing is read, and holds nothing."""
    assert entries(content) == []


def test_order_of_kinds() -> None:
    """What stands in a file tells its kind, whatever the file is called."""
    for content in (f"TY  - JOUR\nTI  - {TITLE}\n", f"title\n{TITLE}\n", f"@misc{{a,title={{{TITLE}}}}}", NBIB):
        assert records(content, "a.json")[-1].title == TITLE


class Endless(io.RawIOBase):
    """A file that goes on forever."""

    def __init__(self, start: bytes, more: bytes) -> None:
        self._start, self._more = start, more

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The start, then more and more."""
        start, self._start = self._start, b""
        return start or self._more * (size // len(self._more) + 1)


@pytest.mark.parametrize(
    ("start", "more"),
    [
        ("title\n", f"{TITLE}\n"),
        (f"TY  - JOUR\nTI  - {TITLE}\n", f"ER  - \nTY  - JOUR\nTI  - {TITLE}\n"),
        (NBIB, f"\nPMID- 99000003\nTI  - {TITLE}\n"),
        ("% BibTeX\n", f"@misc{{a, title = {{{TITLE}}}}}\n"),
        ("", json.dumps({"title": TITLE}) + "\n"),
        ("<PubmedArticleSet>", pubmed_xml(1)),
    ],
    ids=["CSV", "RIS", "nbib", "BibTeX", "JSON lines", "XML"],
)
def test_stream(start: str, more: str) -> None:
    """A file is read as it comes, without its end."""
    found: Iterator[Entry | Problem] = read("works", Endless(start.encode(), more.encode()))  # type: ignore[arg-type]
    titles = [one.record.title.rstrip(".") for one, _ in zip(found, range(3), strict=False) if isinstance(one, Entry)]
    assert titles == [TITLE] * 3


# --- anything -------------------------------------------------------------------------------------

PIECES = {
    "RIS": (
        "TY  - JOUR",
        "ER  - ",
        "TI  - a",
        "AU  - a, b",
        "UR  - a;b",
        "DO  - 10.5555/1",
        "N1  - PMID: 1",
        "KW  -",
        "  b",
    ),
    "nbib": (
        "PMID- 1",
        "TI  - a",
        "FAU - a, b",
        "CN  - c",
        "      d",
        "SI  - x/NCT09990001",
        "RIN - PMID: 2",
        "DP  - 2024 Foo",
    ),
    "BibTeX": (
        "@article{a,",
        "@string{a = ",
        "title = ",
        "author = ",
        "{",
        "}",
        '"',
        "#",
        ",",
        "\\'",
        "{\\o}",
        "$",
        " and ",
        "@",
        "(",
    ),
    "CSV": ("title,doi,authors,abstract", "id;title", '"', ",", ";", "\n", "'=1", "a, b and c", "A: b. CCC: d"),
    "JSON": (
        '{"title": "a"}',
        "[",
        "]",
        "{",
        "}",
        ",",
        '"issued": {"date-parts": [[1, 2]]}',
        '"author": [{"family": "a"}]',
        ":",
        "NaN",
        '"\\ud800"',
    ),
    "XML": (
        "<PubmedArticleSet>",
        "</PubmedArticleSet>",
        pubmed_xml(1),
        "<PubmedArticle>",
        "</PubmedArticle>",
        "<PMID>",
        "&b;",
        "<!DOCTYPE a>",
    ),
}
STARTS = {
    "RIS": "TY  - JOUR\n",
    "nbib": "PMID- 1\n",
    "BibTeX": "@misc{a,",
    "CSV": "title,date\n",
    "JSON": "[",
    "XML": "<PubmedArticleSet>",
}


@pytest.mark.parametrize("blank", [" ", "\n", " \n", "\t"])
def test_endless_blanks(blank: str) -> None:
    """As many blanks as one likes between two authors do no more than one; tried one by one they would take days."""
    authors = f"Muster, Erika{blank * 300_000}and{blank * 300_000}Probe, Karl"
    (bibtex,) = records(f"@article{{a,\ntitle = {{{TITLE}}},\nauthor = {{{authors}}}\n}}\n")
    (table,) = records(f'title,authors\n{TITLE},"{authors}"\n')
    assert bibtex.authors == table.authors == (Author("Muster", "Erika"), Author("Probe", "Karl"))


@pytest.mark.parametrize("kind", list(PIECES))
@given(data=st.data(), glue=st.sampled_from(["", "\n", " "]), start=st.booleans())
def test_anything(kind: str, data: st.DataObject, glue: str, start: bool) -> None:
    """Whatever stands in a file, it is read or refused in a sentence; records are fit to be kept and grouped."""
    pieces = data.draw(st.lists(st.sampled_from(PIECES[kind]) | st.text(max_size=5) | st.just("\0"), max_size=15))
    content = (STARTS[kind] if start else "") + glue.join(pieces)
    found: list[Entry | Problem] = []
    with suppress(Unreadable):
        found = entries(content.encode("utf-8", "surrogatepass"))
    assert [one.line for one in found] == sorted(one.line for one in found)
    for one in found:
        assert one.payload is not None
        if isinstance(one, Entry):
            repr(one.record).encode()
            assert all(author.family or author.given or author.collective for author in one.record.authors)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    (
        "record_id",
        "title",
        "abstract",
        "authors",
        "author",
        "year",
        "date",
        "doi",
        "pmid",
        "pmcid",
        "nct",
        "url",
        "mesh",
        "issued",
        "id",
        "keywords",
        "note",
        "publication_types",
        "is_retracted",
        "language",
        "container-title",
        "DOI",
        "page",
        "type",
    )
)


@given(one=st.dictionaries(keys, values, max_size=6))
def test_any_values(one: dict[str, object]) -> None:
    """Whatever a field of a JSON object holds, the object is a record or a problem."""
    [found] = entries(json.dumps([{"title": "a"}, one]))[1:]
    assert isinstance(found, Entry | Problem)
