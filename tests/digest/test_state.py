"""What an issue says of itself, before anything else is read."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digest.issue import NEVER, Material
from pipeline.digest.page import page
from pipeline.digest.render import FORMATS, render
from pipeline.digest.state import subject_line
from pipeline.model import Design, EventKind, Tier
from pipeline.proof import Coverage, Status
from tests.digest.samples import (
    ALL_FAILED,
    ALL_WELL,
    BEFORE,
    BERLIN,
    NOW,
    PUBMED_FAILED,
    composed,
    covered,
    facts,
    material,
    new,
    work,
)

NEWS = [work(1, Design.RCT), work(2), work(3)]
SKIPPED = (*ALL_WELL[:5], covered("medRxiv", Status.SKIPPED, error="it needs a key, and none is configured."))
CUT_SHORT = (
    *PUBMED_FAILED[:1],
    covered("Europe PMC", Status.INCOMPLETE, fetched=100, complete_until=None),
    *ALL_WELL[2:],
)
STANDS = "What is told here stands; there may be more."
SILENT = "so this issue cannot say whether anything is missing."
ERROR = "HTTP 503 from eutils.ncbi.nlm.nih.gov, five times"
FOUR_FAILED = (*ALL_FAILED[:4], *ALL_WELL[4:])
# As a run leaves them that composed the issue before: asked at the moment of that issue, and not since.
STALE = tuple(replace(row, asked_at=BEFORE.composed_at, complete_until=BEFORE.composed_at) for row in ALL_WELL)
UNASKED = covered("PubMed", Status.SKIPPED, asked_at=NEVER, complete_until=None, error="not asked yet")
UNREADABLE = (replace(ALL_WELL[0], quarantined=1), *ALL_WELL[1:])


def subject(given_: Material) -> str:
    """The subject line, without the subject's label and the date."""
    return subject_line(composed(given_).issue).removeprefix("MS + acupuncture: ").removesuffix(" — 22 Nov 2026")


def sentences(given_: Material) -> tuple[str, ...]:
    """The opening sentences."""
    return page(composed(given_).issue).state


def test_news() -> None:
    """New studies are counted, the randomised trials among them named, and corrections beside them."""
    events = [new(1), new(2), new(3), new(4, EventKind.RETRACTED)]
    issue = composed(material([*NEWS, work(4)], events, told=[4])).issue
    assert subject_line(issue) == "MS + acupuncture: 3 new (1 RCT), 1 correction — 22 Nov 2026"


def test_only_corrections() -> None:
    """An issue of corrections alone does not speak of new studies."""
    given_ = material([work(4), work(5)], [new(4, EventKind.RETRACTED), new(5, EventKind.CONCERN)], told=[4, 5])
    assert subject(given_) == "2 corrections"


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        (ALL_WELL, "nothing new, all 6 sources checked"),
        (ALL_WELL[:1], "nothing new, its only source checked"),
        (SKIPPED, "nothing new, 5 of 6 sources checked"),
        (PUBMED_FAILED, "0 new, INCOMPLETE (PubMed failed)"),
        (PUBMED_FAILED[:1], "0 new, INCOMPLETE (PubMed failed)"),
        (CUT_SHORT, "0 new, INCOMPLETE (PubMed failed, Europe PMC cut short)"),
        (FOUR_FAILED, "0 new, INCOMPLETE (4 of 6 sources failed)"),
        (ALL_FAILED, "0 new, INCOMPLETE (all 6 sources failed)"),
        ((*STALE[:1], *ALL_WELL[1:]), "0 new, INCOMPLETE (PubMed not asked)"),
        ((UNASKED, *ALL_WELL[1:]), "0 new, INCOMPLETE (PubMed not asked)"),
        ((*STALE[:3], *ALL_WELL[3:]), "0 new, INCOMPLETE (3 of 6 sources not asked)"),
        ((*ALL_FAILED[:1], *STALE[1:2], *ALL_WELL[2:]), "0 new, INCOMPLETE (PubMed failed, Europe PMC not asked)"),
        (STALE, "0 new, INCOMPLETE (no source was asked)"),
        (SKIPPED[5:], "0 new, INCOMPLETE (no source was asked)"),
        ((), "0 new, INCOMPLETE (no source was asked)"),
        (UNREADABLE, "0 new, INCOMPLETE (1 record unreadable)"),
        ((replace(ALL_WELL[0], quarantined=2), *UNREADABLE), "0 new, INCOMPLETE (3 records unreadable)"),
        ((replace(PUBMED_FAILED[0], quarantined=1),), "0 new, INCOMPLETE (PubMed failed, 1 record unreadable)"),
    ],
)
def test_no_news(coverage: tuple[Coverage, ...], expected: str) -> None:
    """Only sources that were all asked and answered in full allow the words "nothing new"."""
    assert subject(material(coverage=coverage)) == expected


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        (ALL_WELL, ("Nothing new: all 6 sources were asked and answered in full.",)),
        (ALL_WELL[:1], ("Nothing new: the only source was asked and answered in full.",)),
        (
            SKIPPED,
            (
                "Nothing new: 5 of 6 sources answered in full.",
                "medRxiv was left out: it needs a key, and none is configured.",
            ),
        ),
        (
            CUT_SHORT,
            (
                f"INCOMPLETE: PubMed failed, Europe PMC cut short. {STANDS}",
                f"PubMed failed: {ERROR}. It was last complete on 15 Nov 2026, 07:00.",
                "Europe PMC was cut short at 100 of 120 records. It has never been complete.",
            ),
        ),
        (
            ALL_FAILED,
            (
                f"INCOMPLETE: all 6 sources failed. {STANDS}",
                "Each source is accounted for at the end, under “What was checked”.",
            ),
        ),
        (
            (*STALE[:1], *ALL_WELL[1:]),
            (
                f"INCOMPLETE: PubMed not asked. {STANDS}",
                "PubMed was not asked since the issue before. It was last complete on 15 Nov 2026, 07:00.",
            ),
        ),
        ((UNASKED, ALL_WELL[1]), (f"INCOMPLETE: PubMed not asked. {STANDS}", "PubMed was never asked.")),
        (
            UNREADABLE,
            (
                f"INCOMPLETE: 1 record unreadable. {STANDS}",
                "PubMed sent 1 record that could not be read; it is kept aside, and may be news.",
            ),
        ),
        (
            (replace(PUBMED_FAILED[0], quarantined=2),),
            (
                f"INCOMPLETE: PubMed failed, 2 records unreadable. {STANDS}",
                f"PubMed failed: {ERROR}. It was last complete on 15 Nov 2026, 07:00.",
                "PubMed sent 2 records that could not be read; they are kept aside, and may be news.",
            ),
        ),
        ((), (f"INCOMPLETE: no source was asked, {SILENT}",)),
    ],
)
def test_opening(coverage: tuple[Coverage, ...], expected: tuple[str, ...]) -> None:
    """The first sentence says what is certain; each gap is named with what happened and since when."""
    assert sentences(material(coverage=coverage)) == expected


def test_unknown_total() -> None:
    """A source that was cut short before it announced a total is not given one."""
    row = covered("PubMed", Status.INCOMPLETE, total=None, fetched=7)
    assert sentences(material(coverage=(row,)))[1].startswith(
        "PubMed was cut short at 7 of an unknown number of records."
    )


def test_look_back() -> None:
    """A look back speaks of the days that were asked for, not of an issue before."""
    given_ = material(coverage=STALE[:1], start=NOW - timedelta(days=1), looks_back=True)
    assert sentences(given_) == (
        f"INCOMPLETE: no source was asked, {SILENT}",
        "PubMed was not asked in this period. It was last complete on 15 Nov 2026, 07:00.",
    )


def test_never_asked_first() -> None:
    """A first issue is not complete either while a source was never asked."""
    given_ = material(NEWS, previous=None, coverage=(UNASKED, *ALL_WELL[1:]))
    assert subject(given_) == "first issue, 3 studies known, INCOMPLETE (PubMed not asked), 1 shown"


def test_first_issue() -> None:
    """A first issue says how much is known and how much of it is shown, and that the rest counts as told."""
    given_ = material([*NEWS, work(4, tier=Tier.RELATED)], previous=None)
    assert subject(given_) == "first issue, 4 studies known (1 RCT), 1 shown"
    assert sentences(given_)[0] == "All 6 sources were asked and answered in full."
    assert "counts as told" in sentences(given_)[1]


def test_incomplete_subject() -> None:
    """That an issue is incomplete is said within the first 60 characters, whatever else there is to say."""
    many = [work(number, Design.RCT) for number in range(1, 30)]
    first = subject_line(composed(material(many, previous=None, coverage=PUBMED_FAILED)).issue)
    assert first.startswith("MS + acupuncture: first issue, 29 studies known, INCOMPLETE (PubMed failed), 25 shown")
    corrected = [new(number, EventKind.CORRECTED) for number in range(1, 11)]
    given_ = material(many, [*map(new, range(11, 30)), *corrected], told=range(1, 11), coverage=PUBMED_FAILED)
    later = subject_line(composed(given_).issue)
    assert later.startswith("MS + acupuncture: 19 new, 10 corrections, INCOMPLETE (PubMed failed)")
    assert max(line.index("INCOMPLETE") + len("INCOMPLETE") for line in (first, later)) <= 60


def test_retracted_not_counted() -> None:
    """A new study that is retracted already is none of the randomised trials in the subject."""
    assert subject(material([work(1, stated=facts(Design.RCT, retracted=True))])) == "1 new"


def test_empty_first_issue() -> None:
    """A first issue of an empty store is not mistaken for one without news."""
    assert subject(material(previous=None)) == "first issue, 0 studies known, 0 shown"


def test_time_zone() -> None:
    """Days and hours are those of the subscription's time zone."""
    far = composed(material(), replace(BERLIN, timezone="Pacific/Kiritimati")).issue
    assert subject_line(far).endswith("— 22 Nov 2026")
    assert page(far).facts[0][1].endswith("22 Nov 2026, 20:00 (Pacific/Kiritimati)")


def test_carried() -> None:
    """What waits for the next issue is said among the counts and at the end."""
    told = page(composed(material(NEWS), replace(BERLIN, max_items=1)).issue)
    assert told.figures[2] == (2, "carried over to the next issue")
    assert told.carried_over == "2 more new studies wait for the next issue."


ROWS = st.lists(
    st.builds(
        covered,
        st.sampled_from(["PubMed", "DOAJ", "medRxiv"]),
        st.sampled_from(list(Status)),
        asked_at=st.sampled_from([NOW, BEFORE.composed_at, NOW - timedelta(days=8), NEVER]),
        quarantined=st.sampled_from([0, 0, 0, 1]),
    ),
    max_size=4,
)


_SURE = {Status.COMPLETE, Status.SKIPPED}  # what is skipped within the period was left out for a reason that it states


@given(ROWS, st.integers(0, 2), st.booleans())
def test_never_nothing_new(rows: list[Coverage], works: int, first: bool) -> None:
    """The words "nothing new" appear exactly where each source that was not left out answered in full, and one did."""
    given_ = material(NEWS[:works], coverage=tuple(rows))
    issue = composed(replace(given_, previous=None, start=None) if first else given_).issue
    said = any("nothing new" in render(issue, form).casefold() for form in FORMATS)
    start = NEVER if first else BEFORE.composed_at
    sure = [row.asked_at > start and row.status in _SURE and not row.quarantined for row in rows]
    answered = any(row.status is Status.COMPLETE for row in rows)
    assert said == (answered and all(sure) and not works and not first)
    if not issue.complete:
        assert "INCOMPLETE" in subject_line(issue)
        assert page(issue).state[0].startswith("INCOMPLETE")
