"""What an issue changes on the map of what its reader was told."""

from dataclasses import replace

from pipeline.digest.evidence_map import evidence_map, tallies
from pipeline.digest.families import Kinship
from pipeline.digest.issue import Issue, Material
from pipeline.digest.page import MOST_CHANGES, page
from pipeline.model import Design, EventKind, Relationship, Tier, Verdict
from tests.digest.samples import BERLIN, composed, fact, material, new
from tests.digest.test_evidence_map import mapped


def lines(issue: Issue) -> dict[str, list[str]]:
    """The cells that the issue names, and what it says of each."""
    table = page(issue).changes
    return {cell: change.split(" · ") for cell, change in table.rows} if table else {}


def told(given: Material) -> dict[str, list[str]]:
    """What the next issue says that it changes."""
    return lines(composed(given).issue)


def test_new_trial() -> None:
    """A new trial is counted in its cells, with its people, on top of what was told before."""
    works = (mapped(1, people=186), mapped(2, people=64))
    assert told(material(works, [new(2)], told=(1,))) == {"fatigue × acupressure": ["1 → 2 RCT", "N 186 → 250"]}


def test_retraction() -> None:
    """A study that is retracted leaves the counts, and is seen to leave them."""
    known = tallies(evidence_map(material([mapped(1), mapped(2)]).studies))
    works = (mapped(1), mapped(2, retracted=True))
    given = material(works, [new(2, EventKind.RETRACTED)], told=(1, 2), told_map=known)
    assert told(given) == {"fatigue × acupressure": ["2 → 1 RCT", "N 80 → 40", "0 → 1 retracted"]}


def test_our_mistake() -> None:
    """What we come to say otherwise of a study changes the map as well."""
    known = tallies(evidence_map(material([mapped(1), mapped(2)]).studies))
    works = (mapped(1, people=99), replace(mapped(2), verdict=Verdict(Tier.OUT)))
    given = material(works, [new(1, EventKind.OUR_MISTAKE, notice="number of people: 40 → 99")], told=(1, 2))
    assert told(replace(given, told_map=known)) == {"fatigue × acupressure": ["2 → 1 RCT", "N 80 → 99"]}


def test_next_issue_goes_on() -> None:
    """Each issue leaves what its reader knows of the map, and the next one begins there."""
    first = composed(material([mapped(1)], previous=None))
    works = (mapped(1), mapped(2))
    second = composed(material(works, [new(2)], told=(1,), told_map=first.told_map))
    assert lines(second.issue) == {"fatigue × acupressure": ["1 → 2 RCT", "N 40 → 80"]}
    assert told(material(works, [], told=(1, 2), told_map=second.told_map)) == {}


def test_registered_trial_has_results() -> None:
    """A registered trial that was told turns into a study when its results are."""
    works = (mapped(1, Design.REGISTRATION), mapped(2, people=64))
    given = material(works, [new(2)], told=(1,), kinships=(Kinship(2, 1, Relationship.REGISTRATION),))
    assert told(given) == {"fatigue × acupressure": ["0 → 1 RCT", "N 0 → 64", "1 → 0 only registered"]}


def test_carried_over() -> None:
    """What waits for the next issue changes nothing yet."""
    issue = composed(material([mapped(1), mapped(2), mapped(3)]), replace(BERLIN, max_items=1)).issue
    assert lines(issue) == {"fatigue × acupressure": ["0 → 1 RCT", "N 0 → 40"]}


def test_related_subject() -> None:
    """Studies that only touch the subject are not on its map."""
    related = replace(mapped(1), verdict=replace(mapped(1).verdict, tier=Tier.RELATED))
    assert told(material([related])) == {}


def test_quiet_week() -> None:
    """Nothing new changes nothing."""
    assert told(material([mapped(1)], [], told=(1,))) == {}


def test_first_issue() -> None:
    """The first issue shows the whole map instead, every study that is known on it."""
    issue = composed(material([mapped(1), mapped(2)], previous=None)).issue
    assert lines(issue) == {}
    assert issue.known
    assert issue.known.map.cell("acupressure", "fatigue").people == 80


def test_very_many() -> None:
    """Of very many cells the first are named and the rest counted."""
    treatments = ("scalp", "laser", "auricular", "cupping")
    outcomes = ("pain", "sleep", "mood", "fatigue")
    wide = mapped(1, interventions=tuple(map(fact, treatments)), outcomes=tuple(map(fact, outcomes)))
    table = page(composed(material([wide])).issue).changes
    assert table
    assert len(table.rows) == MOST_CHANGES
    assert "4 more cells changed" in table.intro
