"""Verdicts and facts as documents for programs: the keys and vocabularies of the documented interface."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.model import Fact, Facts, Verdict

Json = dict[str, Any]

# What a field of a record is called where records go in and out (docs/cli.md).
_FIELDS = {"registrations": "nct"}
# The facts that are plain values in a document, so that the words they rest on stand apart.
_PLAIN = (
    "publication",
    "population",
    "interventions",
    "outcomes",
    "comparators",
    "harms",
    "registrations",
    "retracted",
)


def verdict_document(verdict: Verdict) -> Json:
    """A verdict with its reasons; ``excluded_by`` is null for what is let in."""
    return {
        "tier": verdict.tier.value,
        "reasons": [{"concept": one.concept, "term": one.term, "field": one.field} for one in verdict.reasons],
        "excluded_by": verdict.excluded_by or None,
    }


def facts_document(facts: Facts) -> Json:
    """A work's facts; null for what the record does not state.

    Values that stand alone have the words and field they rest on under ``evidence``, by the name of the fact.
    """
    return {
        "design": _with(_fact(facts.design), disputed=_fact(facts.disputed)),
        "participants": _with(_fact(facts.participants), counted=facts.participants and facts.participants.counted),
        "publication": facts.publication.value if facts.publication else None,
        "population": facts.population.value if facts.population else None,
        "interventions": _values(facts.interventions),
        "outcomes": _values(facts.outcomes),
        "comparators": _values(facts.comparators),
        "conclusion": _fact(facts.conclusion),
        "direction": _fact(facts.direction),
        "harms": facts.harms.value if facts.harms else "not_stated",
        "funding": _fact(facts.funding),
        "interests": _fact(facts.interests),
        "registrations": _values(facts.registrations),
        "retracted": _is(facts.retracted),
        "concern": _is(facts.concern),
        "corrected": _is(facts.corrected),
        "withdrawn": _is(facts.withdrawn),
        "evidence": _evidence(facts),
    }


def _fact(fact: Fact[Any] | None) -> Json | None:
    if fact is None:
        return None
    return {"value": fact.value, "evidence": fact.evidence, "field": _FIELDS.get(fact.field, fact.field)}


def _with(document: Json | None, **more: object) -> Json | None:
    return document and document | more


def _values(facts: Iterable[Fact[str]]) -> list[str]:
    return list(dict.fromkeys(fact.value for fact in facts))


def _is(fact: Fact[bool] | None) -> bool:
    return fact is not None and fact.value


def _evidence(facts: Facts) -> Mapping[str, Json | list[Json | None] | None]:
    """The plain values that are stated, each with its words."""
    named = ((name, getattr(facts, name)) for name in _PLAIN)
    return {
        name: [_fact(one) for one in stated] if isinstance(stated, tuple) else _fact(stated)
        for name, stated in named
        if stated
    }
