"""Lists of wanted publications, as people and programs write them."""

from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.wanted import Wanted
from pipeline.wanted.reading import read_list

TITLE = "Made-up acupuncture for fatigue in multiple sclerosis"


def read(content: str | bytes, name: str = "list.txt") -> tuple[Wanted, ...]:
    """The publications of a file."""
    return read_list(name, content.encode() if isinstance(content, str) else content)


def refusal(content: str | bytes, name: str = "list.txt") -> str:
    """The one sentence that says why a file cannot be read."""
    with pytest.raises(ConfigError) as refused:
        read(content, name)
    assert len(str(refused.value).splitlines()) == 1
    assert str(refused.value).isprintable()
    return str(refused.value)


# --- one identifier a line ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "10.5555/Made.Up(1)2",
        "10.5555/made.up%281%292",
        "10.5555/made.up(1)2?nosfx=y",
        "doi:10.5555/made.up(1)2",
        "DOI: 10.5555/MADE.UP(1)2.",
        "doi 10.5555/made.up(1)2",
        "https://doi.org/10.5555/made.up(1)2",
        "http://dx.doi.org/10.5555/made.up(1)2?nosfx=y",
        "doi.org/10.5555/made.up%281%292#part",
        "<https://www.doi.org/10.5555/made.up(1)2>",
        "info:doi/10.5555/made.up(1)2",
        "  10.5555/made.up(1)2\t# the one with the needles",
    ],
)
def test_doi(line: str) -> None:
    """A DOI in any dress is one and the same."""
    [wanted] = read(line)
    assert wanted.doi == "10.5555/made.up(1)2"
    assert wanted.can_be_looked_up


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        *((line, "pmid", "99000001") for line in ("99000001", "PMID: 99000001", "pmid99000001", "PubMed ID 99000001")),
        *(
            (line, "pmid", "99000001")
            for line in (
                "0099000001",
                "99000001.0",
                "99000001;",
                "https://pubmed.ncbi.nlm.nih.gov/99000001/?term=x",
                "https://www.ncbi.nlm.nih.gov/pubmed/99000001",
                "https://europepmc.org/article/MED/99000001",
            )
        ),
        *(
            (line, "pmcid", "PMC99001")
            for line in (
                "PMC99001",
                "pmc99001.2",
                "PMCID: PMC99001",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC99001/",
                "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC99001/pdf/x.pdf",
            )
        ),
        ("ppr99", "preprint_id", "PPR99"),
        ("https://europepmc.org/article/PPR/PPR99", "preprint_id", "PPR99"),
        ("nct 09990001", "registrations", ("NCT09990001",)),
        ("https://clinicaltrials.gov/study/NCT09990001", "registrations", ("NCT09990001",)),
        ("ISRCTN09990001", "registrations", ("ISRCTN09990001",)),
    ],
)
def test_identifier(line: str, field: str, value: object) -> None:
    """Every other identifier is known by its shape, and nothing else is made of it."""
    assert read(line) == (Wanted(1, line.strip(), **{field: value}),)  # type: ignore[arg-type]


def test_lines() -> None:
    """Blank lines and comments are skipped, whatever ends a line; what is no identifier keeps its place."""
    wanted = read("\ufeff# what we know\r\n\r99000001\r\n \nwhat is \x1b[1mthis\u202e?\n10.5555/a#b\n")
    assert [(one.line, one.words) for one in wanted] == [(3, "99000001"), (5, "what is [1mthis?"), (6, "10.5555/a#b")]
    assert [one.can_be_looked_up for one in wanted] == [True, False, True]
    assert wanted[2].doi == "10.5555/a#b"


@pytest.mark.parametrize(
    "line",
    [
        "https://journal.example.org/articles/10.5555/made.up/full",
        "123456789012",
        "9" * 5000,
        "PMC" + "9" * 5000,
        "0",
        "W12",
        "PMID:",
        '"',
        "author, 2020",
    ],
)
def test_no_identifier(line: str) -> None:
    """What may name something else, or nothing, is not looked up as if it were known."""
    assert "line 1: no identifier and no title" in refusal(line)


# --- CSV ------------------------------------------------------------------------------------------


def test_table() -> None:
    """The columns of litwatch itself, quoted fields with line ends in them, and the line on which a row begins."""
    content = (
        "record_id,title,abstract,authors,year,doi,pmid,pmcid,nct,url\r\n"
        f'1,"Made-up acupuncture\r\nfor fatigue in ""multiple sclerosis""","A, b\n\nc","Rossi, A; Li, B",2024,'
        "https://doi.org/10.5555/1,99000001,PMC99001,NCT09990001,\r\n"
        "\r\n"
        ",,,,,,,,,\r\n"
        f"2,{TITLE},,Rossi A and Li B,n.d.,n/a,,99002,,https://pubmed.ncbi.nlm.nih.gov/99000002/\r\n"
    )
    one, two = read(content, "list.csv")
    assert one == Wanted(
        2,
        'Made-up acupuncture for fatigue in "multiple sclerosis"',
        doi="10.5555/1",
        pmid="99000001",
        pmcid="PMC99001",
        registrations=("NCT09990001",),
        title='Made-up acupuncture for fatigue in "multiple sclerosis"',
        first_author="Rossi, A",
        year=2024,
    )
    assert two == Wanted(8, TITLE, pmid="99000002", pmcid="PMC99002", title=TITLE, first_author="Rossi A")


@pytest.mark.parametrize(
    "content",
    [
        f"ID,author,title,year,container_title\n7,Rossi A,{TITLE},2024,J",
        f"ID;Author;TITLE;Year\n7;Rossi A;{TITLE};2024",
        f"\ufeff\nTitle\tAuthors\tPublication Year\n{TITLE}\tRossi A\t2024-05\n",
        f'"title","authors","date"\r"{TITLE}","Rossi A","May 2024"\r',
        f"title,authors,year,surplus\n{TITLE},Rossi A,2024,1,2,3",
    ],
)
def test_dialects(content: str) -> None:
    """BibDedupe's columns, semicolons as spreadsheets write them, tabs, any case and line end: one and the same."""
    [wanted] = read(content)
    assert (wanted.title, wanted.first_author, wanted.year) == (TITLE, "Rossi A", 2024)


def test_words_of_a_row() -> None:
    """A row is called by its title, else by what it has."""
    wanted = read("doi,title,record_id\n,Editorial,1\n10.5555/A,,2\n,,3\n")
    assert [one.words for one in wanted] == ["Editorial", "10.5555/A", "3"]
    assert [one.can_be_looked_up for one in wanted] == [False, True, False]


def test_short_title() -> None:
    """A title that many have is looked up only together with who wrote it and when."""
    wanted = read("title,authors,year\nEditorial,Rossi A,2024\nEditorial,Rossi A,\nEditorial,,2024\n---,Rossi A,2024\n")
    assert [one.can_be_looked_up for one in wanted] == [True, False, False, False]


# --- RIS ------------------------------------------------------------------------------------------


def ris(*lines: str) -> str:
    """One reference."""
    return "\n".join(("TY  - JOUR", *lines, "ER  - ", ""))


def test_ris() -> None:
    """The tags that name a publication, between whatever a database writes around its references."""
    content = "Provider: made up\n\n" + ris(
        "AU  - Rossi, Anna",
        "AU  - Li, B",
        "TI  - Made-up acupuncture for fatigue",
        "in multiple sclerosis",
        "PY  - 2024/05//",
        "DO  - https://doi.org/10.5555/A",
        "XX  - 1",
        "AB  - 10.5555/other",
    )
    assert read(content, "list.ris") == (
        Wanted(3, TITLE, doi="10.5555/a", title=TITLE, first_author="Rossi, Anna", year=2024),
    )


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["UR  - https://pubmed.ncbi.nlm.nih.gov/99000001/"], "pmid", "99000001"),
        (["UR  - https://x.example.org;https://doi.org/10.5555/a"], "doi", "10.5555/a"),
        (["M3  - doi: 10.5555/a"], "doi", "10.5555/a"),
        (["C2  - PMC99001"], "pmcid", "PMC99001"),
        (["AN  - 99000001", "DB  - Ovid MEDLINE(R)"], "pmid", "99000001"),
        (["AN  - NCT09990001"], "registrations", ("NCT09990001",)),
        (["N1  - read; PMID: 99000001"], "pmid", "99000001"),
        (["N1  - PMCID: PMC99001"], "pmcid", "PMC99001"),
    ],
)
def test_ris_places(lines: Iterable[str], field: str, value: object) -> None:
    """Identifiers are found where programs put them."""
    [wanted] = read(ris(*lines))
    assert getattr(wanted, field) == value


def test_ris_own_number() -> None:
    """Another database's number is not taken for PubMed's."""
    assert read(ris("T1  - " + TITLE, "AN  - 99000001", "DB  - Embase", "M3  - 12", "C2  - 34"))[0].pmid == ""


def test_ris_broken() -> None:
    """References without an end, or torn in the middle, are read one by one, and none is lost."""
    torn = "TY  - JOUR\n  torn\nTI  - One\nDO  - 10.5555/1\nTY  - JOUR\nDO  - 10.5555/2\nER  - \nloose\n"
    content = f"{torn}TY  - JOUR\nER  -\nTY  - JOUR\nloose\nTI  - Three\nDO  - 10.5555/3"
    assert [(one.line, one.doi) for one in read(content)] == [
        (1, "10.5555/1"),
        (5, "10.5555/2"),
        (9, ""),
        (11, "10.5555/3"),
    ]


# --- files that cannot be read --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "list.txt", "list.txt: names no publication; give RIS, CSV, or one DOI,"),
        (b"# nothing\n\n", "list.txt", "list.txt: names no publication; give RIS, CSV, or one DOI,"),
        (b"doi\n", "list.csv", "list.csv: names no publication"),
        (b"99000001\ncaf\xe9\n", "list.txt", "list.txt, line 2: not UTF-8; save the list as UTF-8 text"),
        ("doi\n1".encode("utf-16"), "list.csv", "list.csv, line 1: not UTF-8"),
        (b"99000001\n\n9900\x000001\n", "list.txt", "list.txt, line 3: a NUL byte; this is not a text file"),
        (b"a,b\n1,2\n", "list.csv", "list.csv, line 1: no column is called title, doi, pmid, pmcid or nct"),
        (b"10.5555/1\n", "list.ris", 'list.ris: no reference begins in it; in RIS each does with a line "TY  - "'),
        (b'doi\n10.5555/1\n"10.5555/2\n10.5555/3\n', "list.csv", "list.csv, line 3: not a row of a table: unexpected"),
        (b'doi\n"a"b\n', "list.csv", "list.csv, line 2: not a row of a table: "),
        (b"doi\n" + b"a" * 200_000, "list.csv", "list.csv, line 2: "),
        (b"see\nbelow\n", "list.txt", "list.txt, line 1: no identifier and no title, here or after it; give RIS, CSV"),
        (b"x" * 1_000_000, "list.txt", "list.txt, line 1: no identifier and no title"),
    ],
)
def test_refused(content: bytes, name: str, sentence: str) -> None:
    """A file that cannot be read is told in one sentence with its name, the line, and what is wrong."""
    assert refusal(content, name).startswith(sentence)


pieces = st.sampled_from(
    (
        *("TY  - JOUR", "ER  - ", "TI  - a", "UR  - a;b", "DO  - 10.5555/1", "AU  -", "  more", "doi,title", '"', ","),
        *(";", "\n", "\r", "10.5555/1", "99000001", "#", "NCT09990001", "https://doi.org/", "\0", "\ud7ff", "PMC1"),
    )
)


@given(content=st.lists(pieces | st.text(max_size=5), max_size=20), name=st.sampled_from(["a.ris", "a.csv", "a", ""]))
def test_anything(content: list[str], name: str) -> None:
    """Whatever stands in a file, it is read or refused in a sentence; words are fit to be printed."""
    for glue in ("", "\n"):
        with suppress(ConfigError):
            wanted = read(glue.join(content), name)
            assert all(one.words and not set(one.words) & set("\x00\x1b\r\n\t") for one in wanted)
            assert [one.line for one in wanted] == sorted(one.line for one in wanted)
