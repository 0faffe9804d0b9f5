"""From one neighbourhood of records to works: canonical, whatever the order they came in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from pipeline.match.keys import keys
from pipeline.match.pairs import Link, Strength, links, sameness, veto
from pipeline.model import Record, Relationship


@dataclass(frozen=True, slots=True)
class Grouping:
    """How records form works.

    ``works`` holds record keys in canonical order: sorted within a work, works by their first key. ``joins`` says of
    each record that joined others why it did. ``links`` holds one link for each two works and relationship.
    """

    works: tuple[tuple[str, ...], ...]
    joins: Mapping[str, str]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Edge:
    """Two records (keys, in order) that look like one publication."""

    strength: Strength
    a: str
    b: str
    reason: str


def group(records: Sequence[Record]) -> Grouping:
    """Group records (with distinct keys) into works and link what is related.

    Joins are made strongest first, each only if no two records it would bring together veto each other: a thin record
    cannot chain two publications into one.
    """
    known = {record.key: record for record in records}
    pairs = [(known[a], known[b]) for a, b in _candidates(known.values())]
    edges = sorted(_edges(pairs))
    works = _joined(known, edges)
    canonical = tuple(sorted(tuple(sorted(work)) for work in works))
    home = {key: work[0] for work in canonical for key in work}
    return Grouping(canonical, _joins(canonical, edges, home), _links(pairs, home))


def _candidates(records: Iterable[Record]) -> list[tuple[str, str]]:
    """Pairs of record keys that share an index key, each once, in order."""
    shelves = defaultdict(list)
    for record in records:
        for key in keys(record):
            shelves[key].append(record.key)
    return sorted({pair for shelf in shelves.values() for pair in combinations(sorted(shelf), 2)})


def _edges(pairs: Iterable[tuple[Record, Record]]) -> Iterator[_Edge]:
    """The pairs that look like one publication."""
    for a, b in pairs:
        if found := sameness(a, b):
            yield _Edge(found[0], a.key, b.key, found[1])


def _joined(known: Mapping[str, Record], edges: Iterable[_Edge]) -> list[set[str]]:
    """Works, by joining along the edges in their order unless members of the two sides veto each other."""
    work_of = {key: {key} for key in known}
    for edge in edges:
        one, other = work_of[edge.a], work_of[edge.b]
        if one is other or any(veto(known[a], known[b]) for a, b in product(one, other)):
            continue
        one |= other
        work_of.update(dict.fromkeys(other, one))
    return list({id(work): work for work in work_of.values()}.values())


def _joins(works: Iterable[Sequence[str]], edges: Iterable[_Edge], home: Mapping[str, str]) -> dict[str, str]:
    """Why each record is in its work, but for each work's first."""
    inside = defaultdict(list)
    for edge in edges:
        if home[edge.a] == home[edge.b]:
            inside[home[edge.a]].append(edge)
    return {key: reason for work in works for key, reason in _reasons(work, inside[work[0]]).items()}


def _reasons(work: Sequence[str], edges: Sequence[_Edge]) -> dict[str, str]:
    """For each record but the first: the strongest edge within the work that ties it to those already placed."""
    reasons: dict[str, str] = {}
    placed = {work[0]}
    while len(placed) < len(work):
        edge = next(edge for edge in edges if (edge.a in placed) != (edge.b in placed))
        old, new = (edge.a, edge.b) if edge.a in placed else (edge.b, edge.a)
        reasons[new] = f"{edge.reason} as {old}"
        placed.add(new)
    return reasons


def _links(pairs: Iterable[tuple[Record, Record]], home: Mapping[str, str]) -> tuple[Link, ...]:
    """The links between different works, one for each two works and relationship."""
    found: dict[tuple[str, str, Relationship], Link] = {}
    for a, b in pairs:
        for link in links(a, b):
            ends = home[link.a], home[link.b]
            if ends[0] != ends[1]:
                found.setdefault((*ends, link.relationship), link)
    return tuple(found[key] for key in sorted(found))
