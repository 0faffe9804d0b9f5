"""Names, as sources write them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Author
from pipeline.names import cited, each, inverted, people

ONE_WORD = "\u738b\u5c0f\u660e"  # family and given name without a blank
FAMILY, GIVEN = "\u738b", "\u5c0f\u660e"
KANA = "\u30d7\u30ed\u30fc\u30d6"
HANGUL = "\uae40"


@pytest.mark.parametrize(
    ("name", "author"),
    [
        # Given and family name
        ("Erika Muster", Author("Muster", "Erika")),
        ("Erika Anna Muster", Author("Muster", "Erika Anna")),
        ("G. Muster", Author("Muster", "G.")),
        ("JK Muster", Author("Muster", "JK")),
        ("Anne-Marie Muster-Probe", Author("Muster-Probe", "Anne-Marie")),
        ("Erika Yu. Muster", Author("Muster", "Erika Yu.")),
        # Particles in small letters are the family's, though a name does not begin with them
        ("Maria de la Cruz", Author("de la Cruz", "Maria")),
        ("Erika A. van der Muster", Author("van der Muster", "Erika A.")),
        ("van Probe", Author("Probe", "van")),
        ("Erika de Probe Muster", Author("Muster", "Erika de Probe")),
        ("Erika Van Muster", Author("Muster", "Erika Van")),
        ("erika anna muster", Author("muster", "erika anna")),
        # Family and given name
        ("Muster, Erika", Author("Muster", "Erika")),
        ("Muster Probe, E. A.", Author("Muster Probe", "E. A.")),
        ("van der Muster,Erika", Author("van der Muster", "Erika")),
        ("Muster,, E.", Author("Muster", "E.")),
        ("Muster,", Author("Muster")),
        # Capitals
        ("Erika MUSTER", Author("MUSTER", "Erika")),
        ("ERIKA MUSTER", Author("MUSTER", "ERIKA")),
        ("MUSTER Erika", Author("MUSTER", "Erika")),
        ("MUSTER Erika A.", Author("MUSTER", "Erika A.")),
        ("MUSTER E A", Author("MUSTER", "E A")),
        ("VAN DER MUSTER Erika", Author("VAN DER MUSTER", "Erika")),
        ("ANNA Erika MUSTER", Author("MUSTER", "ANNA Erika")),
        ("Wei LI", Author("LI", "Wei")),
        ("LIU Wei", Author("Wei", "LIU")),
        ("MUSTER", Author("MUSTER")),
        # Initials at the end
        ("Muster E", Author("Muster", "E")),
        ("Muster E.", Author("Muster", "E.")),
        ("Muster E. A.", Author("Muster", "E. A.")),
        ("Muster P.S", Author("Muster", "P.S")),
        ("Muster Probe A.-R.", Author("Muster Probe", "A.-R.")),
        ("E. A.", Author("A.", "E.")),
        ("W. E", Author("E", "W.")),
        ("J. Muster E.", Author("E.", "J. Muster")),
        # Generations
        ("Karl Probe III", Author("Probe III", "Karl")),
        ("Karl van Probe jr", Author("van Probe jr", "Karl")),
        ("Karl A. Probe, Jr.", Author("Probe Jr.", "Karl A.")),
        ("Probe, Karl, Jr.", Author("Probe Jr.", "Karl")),
        ("Probe, Karl Jr", Author("Probe Jr", "Karl")),
        ("Probe, Jr., Karl", Author("Probe Jr.", "Karl")),
        ("Probe Jr., Karl", Author("Probe Jr.", "Karl")),
        ("Probe K. 3rd", Author("Probe 3rd", "K.")),
        ("Probe Jr", Author("Probe Jr")),
        ("Jr", Author("Jr")),
        ("Masayuki Ii", Author("Ii", "Masayuki")),
        # East Asian scripts
        (ONE_WORD, Author(ONE_WORD)),
        (f"{FAMILY} {GIVEN}", Author(FAMILY, GIVEN)),
        (f"{FAMILY}, {GIVEN}", Author(FAMILY, GIVEN)),
        (f"{FAMILY} {KANA}", Author(FAMILY, KANA)),
        (f"{HANGUL} {HANGUL}", Author(HANGUL, HANGUL)),
        (f"Wei {FAMILY}", Author(FAMILY, "Wei")),
        # One word, and groups
        ("Plato", Author("Plato")),
        ("Invented Study Group", Author(collective="Invented Study Group")),
        ("Made-Up Collaborators", Author(collective="Made-Up Collaborators")),
        ("The Editors", Author(collective="The Editors")),
        ("Invented Team, for the Invented Society", Author(collective="Invented Team, for the Invented Society")),
        # What surrounds a name
        (" Muster, <b>Erika</b> ;", Author("Muster", "Erika")),
        ("Erika   Muster:", Author("Muster", "Erika")),
    ],
)
def test_each(name: str, author: Author) -> None:
    """A name is taken apart as far as it shows how."""
    assert list(each([name])) == [author]
    assert people([name, ""]) == (author,)


def test_nobody() -> None:
    """What holds no name is nobody."""
    nothing = ["", " ", ",", "; :"]
    assert [*each(nothing), *inverted(nothing), *people(nothing), *people([""]), *people([";,"])] == []


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("Inoda, Toshio", [Author("Inoda", "Toshio")]),
        ("Erika Muster and Karl Probe", [Author("Muster", "Erika"), Author("Probe", "Karl")]),
        ("Erika Muster & Karl Probe", [Author("Muster", "Erika"), Author("Probe", "Karl")]),
        ("Erika Muster, Karl Probe", [Author("Muster", "Erika"), Author("Probe", "Karl")]),
        ("A. Muster, K. Probe, and Li Wang", [Author("Muster", "A."), Author("Probe", "K."), Author("Wang", "Li")]),
        ("Erika Muster,\nKarl Probe", [Author("Muster", "Erika"), Author("Probe", "Karl")]),
        ("Li WANG;Ping LIU;", [Author("WANG", "Li"), Author("LIU", "Ping")]),
        ("Muster, Erika; Probe, K.", [Author("Muster", "Erika"), Author("Probe", "K.")]),
        ("Muster, E. A., Probe, K.", [Author("Muster", "E. A."), Author("Probe", "K.")]),
        ("Muster Probe, E. A.", [Author("Muster Probe", "E. A.")]),
        ("Muster EA, Probe K, et al.", [Author("Muster", "E A"), Author("Probe", "K")]),
        ("Muster EA, Probe K Jr", [Author("Muster", "E A"), Author("Probe Jr", "K")]),
        ("Muster E.A., Plato, Probe K.", [Author("Muster", "E A"), Author("Plato"), Author("Probe", "K")]),
        ("Muster EA, Invented Study Group", [Author("Muster", "E A"), Author(collective="Invented Study Group")]),
        ("Muster EA, Karl Probe", [Author("EA", "Muster"), Author("Probe", "Karl")]),
        ("Muster EA", [Author("Muster", "E A")]),
        ("Li WANG", [Author("WANG", "Li")]),
        (f"{ONE_WORD}, {FAMILY}", [Author(ONE_WORD), Author(FAMILY)]),
        (f"{ONE_WORD}\uff1b{FAMILY} {GIVEN}", [Author(ONE_WORD), Author(FAMILY, GIVEN)]),
        (f"{ONE_WORD}\u3001{FAMILY}", [Author(ONE_WORD), Author(FAMILY)]),
        ("Maria de la Cruz", [Author("de la Cruz", "Maria")]),
        ("Plato", [Author("Plato")]),
    ],
)
def test_people(names: str, authors: Sequence[Author]) -> None:
    """Names are told apart however a publisher strings them together."""
    assert people([names]) == tuple(authors)


@pytest.mark.parametrize(
    ("names", "authors"),
    [
        ("Muster, E. A.; van der Probe, K.", [Author("Muster", "E. A."), Author("van der Probe", "K.")]),
        ("Muster, E.; Made-Up Initiative", [Author("Muster", "E."), Author(collective="Made-Up Initiative")]),
        ("Plato; Muster Probe, E. F. G. H. J.", [Author("Plato"), Author("Muster Probe", "E. F. G. H. J.")]),
    ],
)
def test_inverted(names: str, authors: Sequence[Author]) -> None:
    """Where all names have a comma, one without is a group."""
    assert list(inverted(names.split(";"))) == authors


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Muster EA", Author("Muster", "E A")),
        ("van der Probe K", Author("van der Probe", "K")),
        ("Muster HJWL", Author("Muster", "H J W L")),
        ("Muster J-M", Author("Muster", "J M")),
        ("Muster \u00c9", Author("Muster", "\u00c9")),
        ("Probe TS 3rd", Author("Probe 3rd", "T S")),
        ("Muster II", Author("Muster", "I I")),
        ("Invented Initiative", Author(collective="Invented Initiative")),
        ("Invented Study Group UK", Author(collective="Invented Study Group UK")),
        ("PROBE-TRIAL", Author(collective="PROBE-TRIAL")),
        (f"Muster {FAMILY}", Author(collective=f"Muster {FAMILY}")),
    ],
)
def test_cited(name: str, author: Author) -> None:
    """A family name with initials behind it is a person, anything else a group."""
    assert cited(name) == author


WORDS = st.lists(st.sampled_from(["Erika", "MUSTER", "van", "E.", "Jr.", ",", ";", "and", "Group", FAMILY, "-", "\n"]))


@given(st.lists(st.text(max_size=20), max_size=3) | st.lists(WORDS.map(" ".join), max_size=3))
def test_anything(names: list[str]) -> None:
    """Whatever is sent, each name is one of a family or of a group."""
    for author in (*people(names), *each(names), *inverted(names)):
        assert bool(author.family) != bool(author.collective)
        assert not author.given or author.family


@pytest.mark.parametrize("blank", [" ", "\n", " \n", "\t", "\u00a0"])
def test_endless_blanks(blank: str) -> None:
    """As many blanks as one likes between two names do no more than one; tried one by one they would take days."""
    assert people([f"Muster EA,{blank * 300_000}Probe K"]) == people([f"Muster EA,{blank}Probe K"])
