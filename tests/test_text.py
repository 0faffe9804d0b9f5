"""Plain text and identifiers, made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("NCT01234567", "NCT01234567"),
        ("nct 01234567", "NCT01234567"),
        ("NCT#01234567", "NCT01234567"),
        ("ISRCTN: 12345678", "ISRCTN12345678"),
        ("ISRCTN-12345678", "ISRCTN12345678"),
        ("IRCT20230206057343N1", "IRCT20230206057343N1"),
        ("ChiCTR-TRC-12345678", "ChiCTR-TRC-12345678"),
        ("chictr1900012345", "ChiCTR1900012345"),
        ("DRKS00012345", "DRKS00012345"),
        ("EudraCT number: 2011-001234-12", "EudraCT 2011-001234-12"),
        ("EUCTR2011-001234-12-DE", "EudraCT 2011-001234-12"),
        ("EudraCT No. 2011-001234-12", "EudraCT 2011-001234-12"),
        ("CTIS2022-500024-30-00", "EUCT 2022-500024-30-00"),
        ("EUCT number 2022-500024-30-00", "EUCT 2022-500024-30-00"),
        ("JPRN-UMIN000012345", "UMIN000012345"),
        ("JPRN-jRCTs031190123", "jRCTs031190123"),
        ("JPRN-JapicCTI-123456", "JapicCTI-123456"),
        ("ACTRN12605000123695p", "ACTRN12605000123695p"),
        ("RBR-6F9X2Z", "RBR-6f9x2z"),
        ("KCT0001234", "KCT0001234"),
        ("CTRI/2012/03/002510", "CTRI/2012/03/002510"),
        ("PER-012-19", "PER-012-19"),
    ],
)
def test_registration(written: str, number: str) -> None:
    """A trial number is one, as its registry prints it, as ICTRP does and as authors do."""
    assert list(text.registrations(f"Trial registration ({written}), made up.")) == [number]
    [(found, words)] = text.registrations_as_written(f"Trial registration ({written}), made up.")
    assert (found, words in written) == (number, True)


@pytest.mark.parametrize("words", ["NCT0123456789", "DOI 10.5555/12345678", "RCT of 01234567 people", "ISRCTN123"])
def test_no_registration(words: str) -> None:
    """What merely looks a little like a number is none."""
    assert list(text.registrations(words)) == []


def test_doi() -> None:
    """A DOI is the same in any letters, behind any prefix, and percent-encoded."""
    assert text.doi("https://doi.org/10.1016/S0735-1097%2810%2961078-9") == "10.1016/s0735-1097(10)61078-9"
    assert text.doi_at("https://mirror.example.org/article/10.5555/a%2Fb/full?x=1") == "10.5555/a/b"
    assert text.doi_at("https://mirror.example.org/2305-6320/5/1/10") == ""
    assert text.doi_at("https://publisher.example.org/journal/10.5555/(ISSN)1234-5678") == ""
    assert text.doi_at("https://a.example.org/10.5555/a https://b.example.org/10.5555/b") == ""


def test_fold() -> None:
    """Letters without accents, also those that Unicode does not take apart."""
    assert text.fold("S\u00f8rensen \u0141ukasz \u00c6r\u00f8 \u0130stanbul") == "sorensen lukasz aero istanbul"


@given(st.text())
def test_any_text(written: str) -> None:
    """No text makes any of it raise, and what is folded stays folded."""
    assert text.fold(text.fold(written)) == text.fold(written)
    assert all(number for number in text.registrations(written))
    assert isinstance(text.doi(written) + text.doi_at(written), str)


def test_endless_number() -> None:
    """An identifier of thousands of digits is read like any other, however little it can be one."""
    digits = "9" * 6_000
    assert (text.pmid(f"00{digits}"), text.pmcid(f"PMC00{digits}")) == (digits, f"PMC{digits}")
    assert (text.pmid("0"), text.pmcid("PMC000")) == ("", "")
