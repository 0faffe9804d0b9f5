"""Names of people and journals made comparable."""

import pytest

from pipeline.match.names import overlap, same_journal, surnames
from pipeline.model import Author


def people(*names: str) -> tuple[str, ...]:
    """The surnames of authors given as ``Family, Given`` or as a group."""
    pairs = [name.partition(", ") for name in names]
    return surnames(Author(family=family, given=given) for family, _, given in pairs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Rossi, Maria", "Bianchi, Ugo"), ("Bianchi, U", "Rossi, M")),
        (("van der Graaf, Y",), ("Van Graaf, YD",)),
        (("S\u00f8rensen, P",), ("Sorensen, PG",)),
        (("Vishnevskii, A",), ("Vishnevski, AA",)),
        (("O'Donnell, C",), ("ODonnell, C",)),
        (("Rossi, M", "Bianchi, U", "Verdi, G"), ("Rossi, M",)),
        (("The Rossi Group",), ("Rossi group, the",)),
    ],
)
def test_same_people(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Order, initials, particles, accents, transliteration and a list that was cut make no other people."""
    assert overlap(people(*one), people(*other)) == 1


def test_other_people() -> None:
    """Other names are other people, and a name in common is a share."""
    assert overlap(people("Rossi, M"), people("Bianchi, U")) == 0
    assert overlap(people("Rossi, M", "Bianchi, U"), people("Rossi, M", "Verdi, G", "Neri, A")) == 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Curr Opin Lipidol", "Current opinion in lipidology"),
        ("J Acupunct Meridian Stud", "Journal of Acupuncture and Meridian Studies"),
        ("JPEN. Journal of parenteral and enteral nutrition", "Jpen: Journal of Parenteral & Enteral Nutrition"),
        ("BMJ", "BMJ (Clinical research ed.)"),
        ("BMJ", "British Medical Journal"),
        ("Lancet Oncology", "The Lancet Oncology"),
        ("Jthoraccardiovascsurg", "Journal of Thoracic & Cardiovascular Surgery"),
        ("Cirugia y cirujanos", "Cirug\u00eda y Cirujanos"),
        ("Diabetes. Conference: 70th Made-up Sessions", "Diabetes"),
        ("APMIS Suppl", "Apmis"),
        ("Journal of clinical virology : the official publication", "Journal of Clinical Virology"),
    ],
)
def test_same_journal(one: str, other: str) -> None:
    """An abbreviation, initials, an article or an addition make no other journal."""
    assert same_journal(one, other)
    assert same_journal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cancer", "Cancer Treatment Reports"),
        ("European Heart Journal", "American Heart Journal"),
        ("Annals of Internal Medicine", "ACP Journal Club"),
        ("Journal of Digital Studies", "Workshop of Digital Studies"),
        ("", "Cancer"),
    ],
)
def test_other_journal(one: str, other: str) -> None:
    """One word of another name, or one word in place of another, is another journal; nothing is none."""
    assert not same_journal(one, other)
