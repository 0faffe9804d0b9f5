"""What holds of every verdict on every record."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Record, Section, Tier
from pipeline.screen import Screener, screen
from pipeline.text import fold
from tests.screen.profiles import shipped

SUBJECT = shipped()
AGAIN = Screener(shipped())
PHRASES = (
    "Électro-acupuncture",
    "ST36 needling",
    "(MS)",
    "EAE rats",
    "LC-MS",
    "不 针刺",
    "多发性硬化",
    "다발성 경화증 침술",
    "طب سوزنی",
    "½ ﬁne İ ǰ",
)
MORE = (
    "not acupuncture",
    "multiple sclerosis",
    "scléroses en plaques",
    "bee venom",
    "complementary medicine use",
    "stroke",
    "MS fatigue",
)
WORDS = st.sampled_from(PHRASES + MORE)
TEXT = st.one_of(st.text(max_size=60), st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12).map(" ".join))
RECORDS = st.builds(
    Record,
    source=st.just("made-up"),
    source_id=st.just("1"),
    title=TEXT,
    vernacular_title=TEXT,
    abstract=st.lists(st.builds(Section, TEXT, TEXT), max_size=3).map(tuple),
    mesh=st.lists(TEXT, max_size=3).map(tuple),
    keywords=st.lists(TEXT, max_size=3).map(tuple),
)


@given(RECORDS)
def test_verdict(record: Record) -> None:
    """Any record gets one verdict, with reasons that can be read up in it, or with the rule against it."""
    verdict = screen(record, SUBJECT)
    assert verdict == AGAIN.screen(record)
    fields = {
        "title": record.title,
        "vernacular_title": record.vernacular_title,
        "abstract": record.abstract_text,
        "mesh": "\n".join(record.mesh),
        "keywords": "\n".join(record.keywords),
    }
    assert all(reason.term and fold(reason.term) in fold(fields[reason.field]) for reason in verdict.reasons)
    assert bool(verdict.excluded_by) == (verdict.tier is Tier.OUT)
    if verdict.tier is not Tier.OUT:
        assert {reason.concept for reason in verdict.reasons} == {"acupuncture", "multiple sclerosis"}
