"""The versions of the rules by which records are screened and works appraised, and what each version changed.

Every verdict is stored with the rules it was reached by. What other rules concluded is concluded anew with the next run
or rebuild, and a rebuild says why. Whoever changes what the rules conclude adds a version here.
"""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.screen import Subject

SCREENING: Mapping[int, str] = {
    1: "terms of the profile, weighed by the field they stand in",
    2: (
        "reviews of non-drug treatment let in by title where there is no abstract, registrations by conditions and "
        "interventions; related terms on both sides without the subject itself no longer enough"
    ),
}
APPRAISAL: Mapping[int, str] = {
    1: "what publication types and titles name",
    2: (
        "designs also from the methods that an abstract describes, people counted as randomised, analysed or enrolled, "
        "interventions and outcomes also from abstracts, direction and harms as the authors state them"
    ),
    3: "preprints withdrawn or removed also as Europe PMC and Crossref say so; harms left unsaid are no outcome",
}
_NAMED = {"screening": SCREENING, "appraisal": APPRAISAL}


def in_force(subject: Subject) -> str:
    """The rules that are in force for a subject, as they are stored."""
    versions = (f"{name} {max(history)}" for name, history in _NAMED.items())
    return ", ".join((f"subject {subject.version}", *versions))


def news(before: Iterable[str], now: str) -> Iterator[str]:
    """What is new in the rules of ``now`` to whoever concluded by those of ``before``, in words for the operator."""
    old = [_versions(stated) for stated in before]
    new = _versions(now)
    if any(one["subject"] != new["subject"] for one in old):
        yield "the subject profile was changed"
    for name, history in _NAMED.items():
        known = min((int(one[name]) for one in old), default=max(history))
        yield from (f"{name} {version}: {words}" for version, words in sorted(history.items()) if version > known)


def _versions(stated: str) -> dict[str, str]:
    """``subject 1a2b3c4d, screening 1, appraisal 2``, taken apart."""
    return {name: version for name, _, version in (part.partition(" ") for part in stated.split(", "))}
