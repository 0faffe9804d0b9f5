"""The subject as one boolean query, whatever the syntax of its terms."""

from collections.abc import Callable, Iterable, Sequence

from pipeline.screen.subject import Concept

Forms = Callable[[Concept], Iterable[str]]


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


def _any(alternatives: Iterable[str]) -> str:
    """In brackets, joined by OR; empty if there is none."""
    joined = " OR ".join(dict.fromkeys(alternatives))
    return f"({joined})" if joined else ""
