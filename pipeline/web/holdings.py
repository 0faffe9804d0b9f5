"""What the store holds for the pages, and how far it can be relied on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipeline.digest import words
from pipeline.digest.evidence_map import EvidenceMap, evidence_map
from pipeline.digest.families import Kinship
from pipeline.digest.issue import IssueRef
from pipeline.digest.studies import NOTICES, design_of, tier_of
from pipeline.model import Design, Study, Tier
from pipeline.proof import Coverage, Status

_LETTERS = (*NOTICES, Design.EDITORIAL)


@dataclass(frozen=True)
class Holdings:
    """Every study (by id) with what ties it to others, and the latest statement of each source.

    ``as_of`` is when conclusions were last drawn, so that one state of the store gives one page, byte for byte.
    ``since`` is the issue after which a study is called new; None where no issue was composed yet.
    """

    title: str
    label: str
    studies: Mapping[int, Study]
    kinships: tuple[Kinship, ...]
    sources: tuple[Coverage, ...]
    as_of: datetime
    since: IssueRef | None
    version: str
    contact: str

    @cached_property
    def map(self) -> EvidenceMap:
        """The evidence map of these studies."""
        return evidence_map(self.studies, self.kinships)

    def is_new(self, study: Study) -> bool:
        """Whether it was first seen after the issue that news is counted from."""
        return self.since is not None and min(work.first_seen for work in study.works) > self.since.composed_at

    def off_the_map(self) -> dict[str, int]:
        """How many of the studies held are not on the map, by why: ``related``, ``letters``, ``reports``.

        These are studies of the related tier; notices, editorials and letters; and further reports of a study, which
        stand behind it.
        """
        whole = self.map.whole
        on_it = {study.id for study in (*whole.studies, *whole.retracted, *whole.registered)}
        others = [study for study in self.studies.values() if study.id not in on_it]
        core = [study for study in others if tier_of(study) is Tier.CORE]
        letters = [study for study in core if design_of(study) in _LETTERS]
        related = [study for study in others if tier_of(study) is Tier.RELATED]
        return {"related": len(related), "letters": len(letters), "reports": len(core) - len(letters)}


@dataclass(frozen=True, slots=True)
class Beside:
    """Which other pages lie beside one, so that it leads to them: the questions, and the index of all issues."""

    questions: bool
    index: bool


@dataclass(frozen=True, slots=True)
class Searched:
    """A source in words: when it was last searched in full, and how it last answered."""

    label: str
    complete_until: str
    latest: str


_ENDED = {
    Status.COMPLETE: "answered in full",
    Status.INCOMPLETE: "answered in part",
    Status.FAILED: "could not be asked",
    Status.SKIPPED: "was not asked",
}


def searched(source: Coverage) -> Searched:
    """The source's row of the table."""
    until = words.minute(source.complete_until, "UTC") if source.complete_until else "never"
    asked = "" if source.status is Status.SKIPPED else f" on {words.day(source.asked_at, 'UTC')}"
    return Searched(source.label, until, f"{_ENDED[source.status]}{asked}")


def searched_in_full(sources: tuple[Coverage, ...]) -> str:
    """In one sentence how far all sources together can be relied on."""
    proven = [source.complete_until for source in sources if source.complete_until]
    missing = [source.label for source in sources if not source.complete_until]
    if not proven:
        return "No source has been searched in full yet, so a gap may be one of the search."
    oldest = words.day(min(proven), "UTC")
    if missing:
        never = f"never in full: {words.listed(missing)}"
        return f"{len(proven)} of {len(sources)} sources were last searched in full on {oldest} or later; {never}."
    whole = "The source" if len(sources) == 1 else f"All {len(sources)} sources"
    return f"{whole} {'was' if len(sources) == 1 else 'were'} last searched in full on {oldest} or later."
