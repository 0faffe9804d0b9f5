"""The subject as boolean queries, whatever the syntax of its terms, none longer than a source takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

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
    """Part the forms of the concepts, the longest first, until every combination of parts fits."""
    counts = [1] * len(family)
    while True:
        parts = [_parts(forms, count, syntax) for forms, count in zip(family, counts, strict=True)]
        longest = [max(map(len, one)) for one in parts]
        divisible = [place for place, forms in enumerate(family) if counts[place] < len(forms)]
        if sum(longest) + len(syntax.both) * (len(family) - 1) <= syntax.limit or not divisible:
            return map(syntax.both.join, product(*parts))
        counts[max(divisible, key=lambda place: longest[place])] += 1


def _parts(forms: Sequence[str], count: int, syntax: Syntax) -> list[str]:
    """So many parts of about the same length; or fewer, as long as there could be more."""
    if count == len(forms):
        return [_any([form], syntax.either) for form in forms]
    parts: list[list[str]] = [[]]
    share = sum(len(form) + len(syntax.either) for form in forms) / count
    filled = 0.0
    for form in forms:
        if parts[-1] and filled + len(form) / 2 > share * len(parts):
            parts.append([])
        parts[-1].append(form)
        filled += len(form) + len(syntax.either)
    return [_any(part, syntax.either) for part in parts]


def _any(alternatives: Iterable[str], either: str = " OR ") -> str:
    """In brackets, joined by "or"; empty if there is none."""
    joined = either.join(dict.fromkeys(alternatives))
    return f"({joined})" if joined else ""
