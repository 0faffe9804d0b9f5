"""Every value can be pointed to: its evidence stands, word for word, in the field that it names."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.appraise import appraise
from pipeline.exchange.sections import sections
from pipeline.model import Fact, Facts, Record, Section
from pipeline.text import clean

LABELLED = Path(__file__).parents[3] / "shared/data/facts"


def stated(facts: Facts) -> Iterator[tuple[str, Fact[Any]]]:
    """Each fact with its name."""
    for field in fields(facts):
        value = getattr(facts, field.name)
        yield from ((field.name, one) for one in (value if isinstance(value, tuple) else (value,)) if one is not None)


def passages(record: Record, field: str) -> tuple[str, ...]:
    """What stands in a field, value by value."""
    value = record.abstract_text if field == "abstract" else getattr(record, field)
    return value if isinstance(value, tuple) else (value,)


def assert_traced(record: Record) -> None:
    """No fact of a record without its words."""
    for name, fact in stated(appraise([record])):
        assert fact.evidence, name
        assert fact.record == record.key, name
        assert any(fact.evidence in passage for passage in passages(record, fact.field)), (name, fact)


@pytest.mark.parametrize(
    "name",
    [
        *("studytypeteller", "medline1000_pubtypes", "pico_corpus", "ctro", "oncology_primary_endpoint"),
        *("hermes_ms_animal", "pmc_article_types", "pmc_structured", "psynamic", "ebm_comet", "evidence_inference_v2"),
    ],
)
def test_labelled_records(name: str) -> None:
    """Over the public labelled sets, as `assess` reads them."""
    path = LABELLED / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the labelled sets are not beside the project")
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        text = row.get("abstract") or row.get("text") or " ".join(part[-1] for part in row.get("sections", ()))
        keywords = tuple(filter(None, (row.get("keywords") or "").split("| ")))
        types, mesh = tuple(row.get("pub_types") or ()), tuple(row.get("mesh") or ())
        bare = Record("set", "1", clean(row.get("title") or ""), abstract=sections(text))
        assert_traced(bare)
        assert_traced(replace(bare, publication_types=types, mesh=mesh, keywords=keywords))


# What the rules look for, in pieces that a stranger may put together as he likes.
LINES = (
    "66 sixty-six 1,234 n=12 (n = 30) N=5; 2019 50% 95% CI 0.4-0.9 P<0.001 p=0.6 [12] \u00b1 3 : . , ; ( ) -",
    "\u2014 / ? \u201c patients women MS rats mice C57BL/6 cells EAE were was randomly randomised randomized",
    "assigned to into between enrolled recruited analysed a an the of in and or for with total no not significant",
    "significantly difference improved than compared versus sham placebo control usual care group groups trial",
    "study cohort cross-sectional survey questionnaire review systematic meta-analysis protocol will be case",
    "report year-old Background: METHODS: Results: CONCLUSIONS: In conclusion, Trial registration: NCT01234567",
    "ISRCTN 12345678 Funding: funded by the authors declare adverse events none serious acupuncture",
    "electroacupuncture fatigue spasticity EDSS FSS pain bee venom \u0130stanbul \ufb01 \u00df \u9488\u523a",
    "\u968f\u673a \u6211\u4eec \u0622\u0632\u0645\u0648\u0646 \u202e \u00a0 non- quasi- double-blind open-label",
    "pilot crossover in vitro cultured Vol. vs. e.g. Dr. i.v. et al.",
)
PIECE = st.sampled_from(sorted({piece for line in LINES for piece in line.split()}))
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(PIECE, st.text(max_size=3)), max_size=60).map(" ".join),
    st.tuples(PIECE, st.integers(0, 400)).map(lambda pair: pair[0] * pair[1]),
)
HEADING = st.one_of(st.sampled_from(["", "METHODS", "RESULTS", "CONCLUSIONS", "Trial registration", "AIMS"]), TEXT)
TYPE = st.one_of(TEXT, st.sampled_from(["Review", "Randomized Controlled Trial"]))
MESH = st.one_of(TEXT, st.sampled_from(["Humans", "Animals", "Fatigue/therapy"]))
RECORDS = st.builds(
    Record,
    source=st.just("pubmed"),
    source_id=st.just("1"),
    title=TEXT,
    vernacular_title=TEXT,
    abstract=st.lists(st.builds(Section, TEXT, HEADING), max_size=4).map(tuple),
    publication_types=st.lists(
        st.one_of(TEXT, st.sampled_from(["Review", "Randomized Controlled Trial"])), max_size=2
    ).map(tuple),
    mesh=st.lists(st.one_of(TEXT, st.sampled_from(["Humans", "Animals", "Fatigue/therapy"])), max_size=2).map(tuple),
    keywords=st.lists(TEXT, max_size=2).map(tuple),
    url=TEXT,
)


@settings(max_examples=300)
@given(RECORDS)
def test_hostile_records(record: Record) -> None:
    """Whatever stands in a record: nothing is raised, and no value is given whose words are not there."""
    assert_traced(record)


@given(RECORDS)
def test_same_again(record: Record) -> None:
    """The same record always states the same."""
    assert appraise([record]) == appraise([record])
