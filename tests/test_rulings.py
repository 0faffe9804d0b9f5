"""The operator's word on one publication, above verdict and facts."""

from datetime import UTC, datetime

import pytest

from pipeline.model import (
    Count,
    Counted,
    Design,
    Fact,
    Facts,
    Judged,
    Judgement,
    Matter,
    Ruling,
    Sameness,
    Tier,
    Verdict,
)
from pipeline.rulings import on_sameness, ruled
from tests.digest.samples import fact

DAY = datetime(2026, 11, 28, tzinfo=UTC)
FACTS = Facts(design=fact(Design.RCT), disputed=fact(Design.SURVEY))


def said(matter: Matter, value: str = "", note: str = "") -> Judged:
    """A judgement of the day."""
    return Judged(1, Ruling("pubmed:1", matter, value), note, DAY)


@pytest.mark.parametrize(
    ("screened", "tier"), [(Tier.CORE, Tier.CORE), (Tier.RELATED, Tier.RELATED), (Tier.OUT, Tier.CORE)]
)
def test_relevant(screened: Tier, tier: Tier) -> None:
    """What the rules let in keeps its tier; what they put out comes in as core; the reason is the judgement."""
    verdict, facts = ruled(Verdict(screened, (), "made up"), FACTS, [said(Matter.RELEVANT, note="read it")])
    assert (verdict.tier, verdict.excluded_by, facts) == (tier, "", FACTS)
    assert verdict.reasons[-1].term == "judged by hand on 2026-11-28: read it"


def test_not_relevant() -> None:
    """It is out, by a rule of its own; the latest word counts, whatever was said before."""
    words = [said(Matter.RELEVANT), said(Matter.NOT_RELEVANT)]
    assert ruled(Verdict(Tier.CORE), FACTS, words)[0] == Verdict(Tier.OUT, (), "judged not relevant")
    assert ruled(Verdict(Tier.CORE), FACTS, words[::-1])[0].tier is Tier.CORE


def test_design() -> None:
    """A judged design is not disputed any more; an empty one says that none is stated."""
    _, facts = ruled(Verdict(Tier.CORE), FACTS, [said(Matter.DESIGN, "survey")])
    assert (facts.design, facts.disputed) == (
        Fact(Design.SURVEY, "judged by hand on 2026-11-28", "judgement", "pubmed:1"),
        None,
    )
    assert ruled(Verdict(Tier.CORE), FACTS, [said(Matter.DESIGN)])[1].design is None


def test_participants() -> None:
    """A judged number of people."""
    _, facts = ruled(Verdict(Tier.CORE), FACTS, [said(Matter.PARTICIPANTS, "40")])
    assert facts.participants == Count(40, "judged by hand on 2026-11-28", "judgement", "pubmed:1", Counted.ENROLLED)
    assert ruled(Verdict(Tier.CORE), facts, [said(Matter.PARTICIPANTS)])[1].participants is None


def test_sameness_is_another_matter() -> None:
    """What was judged of two records changes neither, and is handed to matching."""
    same = Judgement("pubmed:1", "pubmed:2", Sameness.SAME)
    judged = [Judged(1, same, "", DAY), said(Matter.NOT_RELEVANT)]
    assert ruled(Verdict(Tier.CORE), FACTS, judged[:1]) == (Verdict(Tier.CORE), FACTS)
    assert on_sameness(judged) == (same,)
