"""A new source starts from a baseline: what it held when it joined is counted in one sentence, and not told as news."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.digest.studies import NOTICES, appeared, design_of, is_retracted
from pipeline.digest.words import design_rank
from pipeline.model import Design, Study
from pipeline.proof import Coverage


@dataclass(frozen=True, slots=True)
class Addition:
    """What a new source held already when it joined: studies by design, the retracted apart.

    ``since`` is the day on which the first of them was seen.
    """

    source: str
    label: str
    by_design: tuple[tuple[Design | None, int], ...]
    retracted: int
    since: date

    @property
    def studies(self) -> int:
        """All of them, the retracted included."""
        return sum(number for _, number in self.by_design) + self.retracted

    def of(self, design: Design) -> int:
        """How many of one design, the retracted left out."""
        return dict(self.by_design).get(design, 0)


def is_added(study: Study, joined: Mapping[str, datetime]) -> bool:
    """Whether only new sources hold a study, and it had surely appeared before the period in which these joined.

    ``joined`` has their labels and when that period began. What has no date does not say that it is older.
    """
    sources = _sources(study)
    dated = appeared(study) or study.main.record.indexed
    if dated is None or not sources <= joined.keys():
        return False
    return all(dated.latest < joined[label].date() for label in sources)


def additions(studies: Iterable[Study], coverage: Iterable[Coverage]) -> tuple[Addition, ...]:
    """How many studies each new source adds, in the order of the sources; each study once, and notices are none."""
    rows = tuple(coverage)
    held: defaultdict[str, list[Study]] = defaultdict(list)
    for study in studies:
        if design_of(study) not in NOTICES:
            held[next(row.label for row in rows if row.label in _sources(study))].append(study)
    return tuple(_addition(row, held[row.label]) for row in rows if row.label in held)


def _addition(row: Coverage, studies: Iterable[Study]) -> Addition:
    held = list(studies)
    standing = [design_of(study) for study in held if not is_retracted(study)]
    return Addition(
        source=row.source,
        label=row.label,
        by_design=tuple((one, standing.count(one)) for one in sorted(set(standing), key=design_rank)),
        retracted=len(held) - len(standing),
        since=min(work.first_seen for study in held for work in study.works).date(),
    )


def _sources(study: Study) -> set[str]:
    return {label for work in study.works for label in work.sources}
