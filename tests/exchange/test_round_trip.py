"""What we write in a format, we read again, for every field that the format can hold."""

import io
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exchange.fields import Entry, Item, flat
from pipeline.exchange.reading import read
from pipeline.exchange.sections import sections
from pipeline.exchange.writing import WRITERS
from pipeline.model import Author, PartialDate, Record, Section

FULL = ("csv", "jsonl")
FORMATS = ("ris", "bibtex", "csl-json", *FULL)

# What formats set apart by signs of their own, letters of many scripts, and words that formats take for their own.
_SIGNS = "{}\\%&$#_~^\"'`@=+-,;:/<>()[]|*!?."
_LETTERS = "abzABZ\u00e9\u00f8\u0142\u00df\u0130\u0416\u4e2d\ud55c\u0639\U0001d6fc1290"
_PHRASES = ("TY  - JOUR", "ER  - ", "PMID- 1", "@article{a,", "and", "\\textit{x}", "\\'e", "{\\o}", "$\\alpha$", "--")


def texts(signs: str = _SIGNS) -> st.SearchStrategy[str]:
    """One line of text, as records hold it, with words that begin and end with a letter at both ends."""
    inside = st.lists(st.text(signs + _LETTERS, max_size=8) | st.sampled_from(_PHRASES), max_size=4).map(" ".join)
    return st.builds("A{} b".format, inside).map(lambda text: " ".join(text.split()))


# In lists, CSV and others set semicolons between values.
words = texts(_SIGNS.replace(";", ""))
names = st.text(_LETTERS[:-4], min_size=2, max_size=8).map(lambda name: "M" + name.lower())
people = st.builds(Author, names, names)
groups = st.builds(lambda name: Author(collective=f"The {name} Group"), names)
odd_groups = st.builds(lambda name: Author(collective=" ".join(name.replace(";", " ").split())), texts())
dates = st.none() | st.dates().map(lambda day: PartialDate(max(1800, day.year % 2200), day.month, min(day.day, 28)))
records = st.builds(
    Record,
    source=st.just("import"),
    source_id=st.just("W1"),
    title=texts(),
    abstract=st.just(()) | texts().map(lambda text: (Section(" ".join(text.replace(": ", " ").split())),)),
    authors=st.lists(people | groups, max_size=3).map(tuple),
    journal=st.just("") | texts(),
    volume=st.sampled_from(("", "12", "12 Suppl 1")),
    issue=st.sampled_from(("", "3", "3-4")),
    pages=st.sampled_from(("", "e12", "139-54", "S1-S9")),
    published=dates | st.sampled_from((PartialDate(2024), PartialDate(2024, 5))),
    doi=st.sampled_from(("", "10.5555/a(1)<2>;3_x", "10.5555/made.up")),
    pmid=st.sampled_from(("", "99000001")),
    pmcid=st.sampled_from(("", "PMC99001")),
    registrations=st.sampled_from(((), ("NCT09990001",))),
    publication_types=st.lists(words, max_size=2, unique=True).map(tuple),
    keywords=st.lists(words, max_size=3, unique=True).map(tuple),
    languages=st.sampled_from(((), ("eng",))),
    url=st.sampled_from(("", "https://example.org/~made_up/a;b?c=d&e=%20#f")),
)


def item(record: Record) -> Item:
    """A record as it is written."""
    return Item("W1", record)


def again(name: str, *written: Record) -> list[Record]:
    """What is read of what was written."""
    content = "".join(WRITERS[name](map(item, written))).encode()
    found = list(read("works", io.BytesIO(content)))
    assert all(isinstance(one, Entry) for one in found)
    return [one.record for one in found if isinstance(one, Entry)]


@pytest.mark.parametrize("name", FORMATS)
@given(record=records)
def test_records(name: str, record: Record) -> None:
    """Every field comes back equal, whatever signs stand in it."""
    assert again(name, record) == [record]


@pytest.mark.parametrize("name", FULL)
@given(mesh=st.lists(words, max_size=3, unique=True).map(tuple))
def test_mesh(name: str, mesh: tuple[str, ...]) -> None:
    """CSV and JSON lines hold MeSH headings, too."""
    record = Record("import", "W1", "Made-up title", mesh=mesh)
    assert again(name, record) == [record]


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl-json"])
@given(group=odd_groups)
def test_groups(name: str, group: Author) -> None:
    """Formats that tell groups from people do so whatever a group is called."""
    if name == "ris":  # a comma would be taken for the one between family and given name
        group = Author(collective=" ".join(group.collective.replace(",", " ").split()))
    record = Record("import", "W1", "Made-up title", authors=(group, Author("Muster", "Erika")))
    assert again(name, record) == [record]


AUTHORS = (
    Author("Muster", "Erika"),
    Author("van der Muster", "E. A."),
    Author("Muster Jr.", "Erika"),
    Author("M\u00fcller-L\u00fcdenscheidt", "\u0141ukasz"),
    Author("\u738b", "\u5c0f\u660e"),
    Author("\u0418\u0432\u0430\u043d\u043e\u0432", "\u0418\u0432\u0430\u043d"),
    Author("Mononym"),
    Author(collective="The Made-up Needle Study Group"),
    Author(collective="World Health Organization"),
    Author(collective="Made-up Diabetes and Nutrition Study Group"),
    Author("O'Probe", "J-P"),
)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("authors", [AUTHORS, *((one,) for one in AUTHORS)])
def test_authors(name: str, authors: Iterable[Author]) -> None:
    """People and groups, alone and together, in any script."""
    record = Record("import", "W1", "Made-up title", authors=tuple(authors))
    assert again(name, record) == [record]


@pytest.mark.parametrize("name", ["bibtex", "csl-json"])
def test_odd_people(name: str) -> None:
    """Commas and "and" in a name do not take it apart, where the format can say so."""
    authors = (Author("Muster, Probe", "Tom and Jerry"), Author("Salt and Pepper", "A"))
    record = Record("import", "W1", "Made-up title", authors=authors)
    assert again(name, record) == [record]


@pytest.mark.parametrize("name", FULL)
def test_sections(name: str) -> None:
    """A structured abstract keeps its headings."""
    abstract = (Section("Made up.", "AIM"), Section("None (n = 3).", "Methods & results"), Section("It ends. Truly."))
    record = Record("import", "W1", "Made-up title", abstract=abstract)
    assert again(name, record) == [record]


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl-json"])
def test_capital_headings(name: str) -> None:
    """Headings in capitals are found again even where the abstract is one paragraph."""
    abstract = (Section("Made up.", "AIM"), Section("None (n = 3).", "METHODS AND RESULTS"))
    record = Record("import", "W1", "Made-up title", abstract=abstract)
    assert again(name, record) == [record]


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl-json"])
def test_registrations(name: str) -> None:
    """Trial numbers of every registry stand in a note."""
    record = Record("import", "W1", "Made-up title", registrations=("NCT09990001", "ISRCTN09990001", "DRKS09990001"))
    assert again(name, record) == [record]


@pytest.mark.parametrize("name", FORMATS)
def test_several(name: str) -> None:
    """Many records come back in their order."""
    one, other = Record("import", "W1", "Made-up title"), Record("import", "W1", "Another", doi="10.5555/2")
    assert again(name, one, other, one) == [one, other, one]


def test_as_others_write() -> None:
    """What stands in a file is what other programs expect there, and no more."""
    record = Record(
        *("import", "W1", "Made-up 50 % {title}"),
        authors=(Author("Mononym"), Author("van der Muster", "Erika"), Author(collective="Made-up Group")),
        journal="J",
        published=PartialDate(2024),
        pmid="99000001",
        keywords=("a", "b"),
    )
    written = {name: "".join(WRITERS[name]([item(record)])) for name in ("ris", "bibtex")}
    assert written["ris"].splitlines() == [
        *("TY  - JOUR", "ID  - W1", "TI  - Made-up 50 % {title}", "AU  - Mononym", "AU  - van der Muster, Erika"),
        *("AU  - Made-up Group,", "PY  - 2024", "T2  - J", "AN  - 99000001", "DB  - PubMed", "KW  - a", "KW  - b"),
        *("ER  - ", ""),
    ]
    assert written["bibtex"].splitlines() == [
        "@article{W1,",
        r"  title = {Made-up 50 \% \textbraceleft{}title\textbraceright{}},",
        "  author = {Mononym and van der Muster, Erika and {Made-up Group}},",
        "  journal = {J},",
        "  year = {2024},",
        "  pmid = {99000001},",
        "  keywords = {a, b}",
        "}",
        "",
    ]


@given(title=texts())
def test_bibtex_braces(title: str) -> None:
    """Braces are balanced as BibTeX itself counts them, to which a backslash before one means nothing."""
    content = "".join(WRITERS["bibtex"]([item(Record("import", "W1", title))]))
    depths = [content.count("{", 0, at) - content.count("}", 0, at) for at in range(len(content) + 1)]
    assert min(depths) == depths[-1] == 0


@pytest.mark.parametrize("name", FULL)
def test_retracted(name: str) -> None:
    """That a work is retracted comes back as its publication type."""
    content = "".join(WRITERS[name]([Item("W1", Record("x", "1", "Made-up title"), is_retracted=True)]))
    [found] = read("works", io.BytesIO(content.encode()))
    assert isinstance(found, Entry)
    assert found.record.publication_types == ("Retracted Publication",)


def test_flat_lists() -> None:
    """What a field holds only once is the first of several."""
    record = replace(Record("x", "1", "T"), languages=("ger", "eng"), registrations=("DRKS09990001", "NCT09990001"))
    cells = flat(Item("W1", record))
    assert (cells["language"], cells["nct"]) == ("ger", "NCT09990001")


def test_heading_before_a_blank() -> None:
    """A heading has no blank behind it, though its colon may have one before it."""
    for abstract in ("AIM : To invent. RESULTS : None.", "Aim : To invent.\nResults : None."):
        assert [one.label.casefold() for one in sections(abstract)] == ["aim", "results"]
