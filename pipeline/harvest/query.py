"""The subject as boolean queries, whatever the syntax of its terms, none longer than a source takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.screen.subject import Concept

Forms = Callable[[Concept], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a source writes "and" and "or". ``limit`` is how many characters a query may have."""

    both: str = " AND "
    either: str = " OR "
    limit: int = 1_000_000


def boolean_query(concepts: Sequence[Concept], forms: Forms, wide_forms: Forms) -> str:
    """Every concept by any of its forms, at most one of them by its wide forms.

    ``forms`` and ``wide_forms`` give the ways to state a concept in a source's own syntax. For two concepts A and B:
    ``(((A) AND (B OR wide B)) OR ((wide A) AND (B)))``.
    """
    first, *rest = concepts
    narrow, wide = _any(forms(first)), _any(wide_forms(first))
    if not rest:
        return _any([*forms(first), *wide_forms(first)])
    by_name = f"{narrow} AND {boolean_query(rest, forms, wide_forms)}"
    if not wide:
        return by_name
    by_field = " AND ".join([wide, *(_any(forms(concept)) for concept in rest)])
    return f"(({by_name}) OR ({by_field}))"


def split_queries(concepts: Sequence[Concept], forms: Forms, wide_forms: Forms, syntax: Syntax) -> tuple[str, ...]:
    """Several queries that together find what :func:`boolean_query` finds, each of at most ``syntax.limit`` characters.

    Each asks for every concept by some of its forms, and one of the queries' families for one concept by its wide ones.
    A single form of each concept is the least that a query can hold, and is asked for even if it is too long.
    """
    narrow = [tuple(dict.fromkeys(forms(concept))) for concept in concepts]
    families = [narrow]
    for place, concept in enumerate(concepts):
        if wide := tuple(dict.fromkeys(wide_forms(concept))):
            families.append([*narrow[:place], wide, *narrow[place + 1 :]])
    return tuple(query for family in families for query in _within(family, syntax))


def _within(family: Sequence[tuple[str, ...]], syntax: Syntax) -> Iterator[str]:
    """Halve the concept with the most forms until the query fits."""
    query = syntax.both.join(_any(forms, syntax.either) for forms in family)
    longest = max(range(len(family)), key=lambda place: len(family[place]))
    forms = family[longest]
    if len(query) <= syntax.limit or len(forms) < 2:
        yield query
        return
    half = len(forms) // 2
    for part in (forms[:half], forms[half:]):
        yield from _within([*family[:longest], part, *family[longest + 1 :]], syntax)


def _any(alternatives: Iterable[str], either: str = " OR ") -> str:
    """In brackets, joined by "or"; empty if there is none."""
    joined = either.join(dict.fromkeys(alternatives))
    return f"({joined})" if joined else ""
