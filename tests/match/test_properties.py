"""What holds of matching whatever the records are."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match import CROWD, Found, compare, gather, group, keys
from pipeline.model import Author, Judgement, PartialDate, Record, Sameness, Section
from tests.match.records import TITLE

NAMES = ("Rossi", "Bianchi", "Verdi", "S\u00f8rensen", "van der Graaf", "O'Donnell")
TITLES = (
    TITLE,
    "Moxibustion and bladder function after spinal injury: an invented cohort",
    "Electroacupuncture for spasticity, part 1: a fictitious protocol",
    "Electroacupuncture for spasticity, part 2: fictitious results",
    "Editorial",
)
JOURNALS = ("Made-up Journal of Needling", "Made-up J Needling", "Another Invented Quarterly", "")
WORDS = "Forty people who do not exist were needled in a study that was made up from beginning to end, with care. " * 3

RECORDS = st.builds(
    Record,
    source=st.sampled_from(["pubmed", "crossref", "import"]),
    source_id=st.integers(0, 99).map(str),
    title=st.sampled_from(TITLES),
    abstract=st.sampled_from([(), (Section(WORDS),)]),
    authors=st.lists(st.sampled_from(NAMES).map(Author), max_size=4).map(tuple),
    journal=st.sampled_from(JOURNALS),
    volume=st.sampled_from(["", "12", "12 Suppl 1", "13"]),
    issue=st.sampled_from(["", "1", "2"]),
    pages=st.sampled_from(["", "288-97", "288-297", "301-310", "S27", "e44"]),
    published=st.sampled_from([None, PartialDate(2024), PartialDate(2025, 3)]),
    doi=st.sampled_from(["", "10.5555/1", "10.5555/2", "10.1002/14651858.cd000001.pub2"]),
    pmid=st.sampled_from(["", "", "1", "2"]),
    registrations=st.sampled_from([(), ("NCT01234567",)]),
    publication_types=st.sampled_from([(), ("Preprint",), ("Journal Article",), ("Clinical Trial Registration",)]),
)
STORES = st.lists(RECORDS, max_size=9, unique_by=lambda found: found.key)


@given(STORES, st.randoms())
def test_order(records: list[Record], random: Random) -> None:
    """The order in which records come changes nothing at all."""
    shuffled = list(records)
    random.shuffle(shuffled)
    assert group(shuffled) == group(records)


@given(STORES, st.data())
def test_batches(records: list[Record], data: st.DataObject) -> None:
    """Nor does it matter how they are cut into batches that are compared one after the other."""
    found, seen = Found(), list[Record]()
    while len(seen) < len(records):
        batch = records[len(seen) : len(seen) + data.draw(st.integers(1, 4))]
        seen += batch
        more = compare(seen, {record.key for record in batch})
        found = Found((*found.pairs, *more.pairs), (*found.links, *more.links))
    assert gather(records, found) == group(records)


@given(STORES)
def test_again(records: Sequence[Record]) -> None:
    """The records of one work form that work again when they are grouped alone: merging is idempotent."""
    for work in group(records).works:
        assert group([record for record in records if record.key in work]).works == (work,)


@given(STORES)
def test_found_by_keys(records: Sequence[Record]) -> None:
    """What is alike or linked shares a key, so that looking up candidates misses nothing."""
    found = compare(records)
    known = {record.key: keys(record) for record in records}
    ends = [(one.a, one.b) for one in found.pairs] + [(one.a, one.b) for one in found.links]
    assert all(known[a] & known[b] for a, b in ends)


@given(STORES, st.data())
def test_judgements(records: Sequence[Record], data: st.DataObject) -> None:
    """What the operator says holds, whatever the rules say; without a word from him nothing changes."""
    names = st.sampled_from([record.key for record in records] or ["none"])
    a, b = data.draw(names), data.draw(names)
    if a == b:
        return
    for sameness in Sameness:
        home = {key: work for work in group(records, [Judgement(a, b, sameness)]).works for key in work}
        assert (home[a] == home[b]) is (sameness is Sameness.SAME)


def test_judged_whole() -> None:
    """Whole works are judged the same: what the rules put together goes along with the record that was named."""
    one = Record("pubmed", "1", TITLES[0], pmid="1", doi="10.5555/1")
    other = Record("pubmed", "2", TITLES[1], pmid="2", doi="10.5555/2")
    records = (one, replace(one, source="crossref"), other, replace(other, source="crossref"))
    same = Judgement(one.key, other.key, Sameness.SAME)
    assert [len(work) for work in group(records, [same]).works] == [4]
    apart = Judgement("crossref:1", "crossref:2", Sameness.NOT_SAME)
    assert [len(work) for work in group(records, [same, apart]).works] == [2, 2]


WHOLE = Record(
    "pubmed", "1", TITLE,
    abstract=(Section(WORDS),), authors=(Author("Rossi", "Maria"), Author("S\u00f8rensen", "P G")),
    journal="Made-up Journal of Needling", volume="12", issue="3", pages="288-297",
    published=PartialDate(2024, 3), doi="10.5555/1", pmid="1",
)  # fmt: skip
PERTURBED = (
    {"title": TITLE.upper()},
    {"title": f"[{TITLE}]."},
    {"title": f"<b>{TITLE}</b>"},
    {"title": TITLE.replace(":", " \u2013")},
    {"abstract": ()},
    {"abstract": (Section(WORDS.upper(), "METHODS"),)},
    {"authors": ()},
    {"authors": (Author("S\u00f8rensen", "Peter"), Author("Rossi", "M"))},
    {"authors": (Author("ROSSI", "M."),)},
    {"journal": ""},
    {"journal": "Made-Up J Needling"},
    {"volume": ""},
    {"volume": "12(3)", "issue": ""},
    {"issue": ""},
    {"pages": ""},
    {"pages": "288\u201097"},
    {"pages": "288"},
    {"pages": "1-10"},
    {"published": None},
    {"published": PartialDate(2023, 12)},
    {"doi": "", "pmid": ""},
)


@given(st.lists(st.sampled_from(PERTURBED), max_size=2), st.booleans())
@settings(max_examples=400)
def test_perturbed(changes: list[dict[str, object]], numbered: bool) -> None:
    """Case, punctuation, markup, a missing field, another year or form of pages part nothing from itself."""
    whole = WHOLE if numbered else replace(WHOLE, doi="", pmid="")
    other = replace(whole, source="crossref", pmid="")
    for change in changes:
        other = replace(other, **change)  # type: ignore[arg-type]
    assert len(group([whole, other]).works) == 1


def test_crowd() -> None:
    """A key that too many share leads to nobody: each of a congress's abstracts stays alone, and none is compared."""
    many = [
        Record("crossref", str(number), f"Fictitious talk number {number:03} on something invented", doi="10.5555/all")
        for number in range(CROWD + 1)
    ]
    assert len(group(many).works) == len(many)
    assert "doi:10.5555/all" in keys(many[0])
    assert compare(many[:2], crowded={"doi:10.5555/all"}).pairs == ()


@given(st.lists(st.text(max_size=60), min_size=8, max_size=8))
def test_hostile(texts: list[str]) -> None:
    """No text, however odd, keeps a record from being compared."""
    title, other, abstract, name, journal, volume, pages, number = texts
    fields = {"abstract": (Section(abstract),), "journal": journal, "volume": volume, "pages": pages}
    one = Record("import", "1", title, authors=(Author(name),), registrations=(number,), **fields)  # type: ignore[arg-type]
    two = Record("import", "2", other, authors=(Author(collective=name),), **fields)  # type: ignore[arg-type]
    assert sorted(key for work in group([one, two]).works for key in work) == ["import:1", "import:2"]


def test_long() -> None:
    """Texts of a megabyte are compared by what stands at their beginning, in no time worth speaking of."""
    long = "[erratum (chinese " * 60_000
    one = Record(
        "import", "1", long, abstract=(Section(long),), authors=(Author(long[:1000]),), pages=long, journal=long
    )
    assert len(group([one, replace(one, source_id="2")]).works) <= 2
