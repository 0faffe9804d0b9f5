"""The largest issue that a subscription of the usual size can come to, and rather larger than any will."""

from dataclasses import replace
from typing import Any

from pipeline.digest.issue import Issue
from pipeline.model import Author, Design, EventKind, PartialDate, Reason, Tier, Verdict, Work
from pipeline.proof import Status
from tests.digest.samples import composed, covered, fact, facts, material, new, work

_TITLE = " ".join(["A made-up trial of electroacupuncture, moxibustion and acupressure in multiple sclerosis"] * 4)
_NAMES = ("Wolfeschlegelsteinhausen", "Featherstonehaugh", "Cholmondeley-Warner")
_OUTCOMES = ("fatigue", "quality_of_life", "mobility_balance", "spasticity", "pain", "sleep", "mood", "bladder")


def _long(number: int, **changes: Any) -> Work:
    """A randomised trial with more to say than any has."""
    stated = facts(
        Design.RCT,
        participants=1_234,
        population="human",
        interventions=tuple(map(fact, ("electroacupuncture", "moxibustion", "acupressure", "auricular", "scalp"))),
        comparators=(fact("sham"), fact("usual_care"), fact("no_treatment")),
        outcomes=tuple(map(fact, _OUTCOMES)),
        conclusion=("Made-up scores fell by made-up points, and a larger made-up trial is needed. " * 8).strip(),
        corrected=True,
    )
    one = work(
        number,
        title=_TITLE,
        stated=stated,
        vernacular_title="电针治疗多发性硬化疲劳的虚构试验" * 18,
        languages=("chi",),
        authors=tuple(Author(name, "Ada") for name in _NAMES),
        journal="The International Journal of Made-up Results in Complementary and Integrative Medicine and Research",
        pmid="99900001",
        pmcid="PMC9990001",
        registrations=("NCT99900001", "ChiCTR2000099999", "ISRCTN99900001"),
        open_access=True,
        **changes,
    )
    reasons = (Reason("acupuncture", "electroacupuncture", "title"), Reason("multiple sclerosis", "MS", "keywords"))
    return replace(one, verdict=Verdict(Tier.CORE, reasons))


def largest_issue() -> Issue:
    """Twenty-five items with much to say, ten corrections, and fifty sources of which three failed."""
    works = [_long(number, published=PartialDate(2026, 11, number % 28 + 1)) for number in range(101, 131)]
    known = [_long(number) for number in range(1, 11)]
    events = [new(one.id) for one in works]
    events += [
        new(one.id, EventKind.RETRACTED, notice=f"https://example.org/{'notice/' * 20}{one.id}") for one in known
    ]
    coverage = tuple(
        covered(f"Journal of Made-up Complementary Medicine {number}", total=12_345, fetched=12_345, new=99, changed=12)
        for number in range(47)
    ) + tuple(covered(f"Source {number}", Status.FAILED, error="HTTP 503 " * 20) for number in range(3))
    return composed(material([*works, *known], events, told=range(1, 11), coverage=coverage)).issue
