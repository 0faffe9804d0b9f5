"""From compared records to works: canonical, whatever the order they came in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from pipeline.match.keys import keys_of
from pipeline.match.pairs import Pair, alike, clash
from pipeline.match.relations import Link, links
from pipeline.match.signature import Signature
from pipeline.model import Judgement, Record, Relationship, Sameness

CROWD = 50
"""A key that more records share than this leads to nobody: say, the one DOI of a whole congress."""


@dataclass(frozen=True, slots=True)
class Found:
    """What comparing records in pairs brought to light: who looks like one publication, and who is linked to whom."""

    pairs: tuple[Pair, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Grouping:
    """How records form works.

    ``works`` holds record keys in canonical order: sorted within a work, works by their first key. ``joins`` says of
    each record that joined others why it did. ``links`` holds one link for each two works and relationship.
    ``uncertain`` are the pairs of different works that may yet be one: the operator can judge them.
    """

    works: tuple[tuple[str, ...], ...]
    joins: Mapping[str, str]
    links: tuple[Link, ...]
    uncertain: tuple[Pair, ...] = ()


def group(records: Iterable[Record], judgements: Sequence[Judgement] = ()) -> Grouping:
    """Group records (with distinct keys) into works and link what is related."""
    signatures = {record.key: Signature.of(record) for record in records}
    return _gathered(signatures, _compared(signatures, signatures.keys(), frozenset()), judgements)


def compare(
    records: Iterable[Record], fresh: Collection[str] | None = None, crowded: Collection[str] = frozenset()
) -> Found:
    """Compare the records that share a key, in pairs of which at least one is ``fresh`` (record keys; None: all).

    Keys that more than ``CROWD`` of the records share lead to nobody, nor do those that are known to be ``crowded``.
    """
    signatures = {record.key: Signature.of(record) for record in records}
    return _compared(signatures, signatures.keys() if fresh is None else fresh, crowded)


def gather(records: Iterable[Record], found: Found, judgements: Sequence[Judgement] = ()) -> Grouping:
    """Form works of compared records.

    Joins are made strongest first, each only if no two records it would bring together veto each other: a thin record
    cannot chain two publications into one. The operator's word comes before all rules.
    """
    return _gathered({record.key: Signature.of(record) for record in records}, found, judgements)


def _compared(known: Mapping[str, Signature], fresh: Collection[str], crowded: Collection[str]) -> Found:
    pairs: list[Pair] = []
    linked: list[Link] = []
    for a, b in _candidates(known.values(), crowded):
        if a in fresh or b in fresh:
            if pair := alike(known[a], known[b]):
                pairs.append(pair)
            if not pair or not pair.certain:
                linked += links(known[a], known[b])
    return Found(tuple(sorted(pairs)), tuple(linked))


def _gathered(known: Mapping[str, Signature], found: Found, judgements: Sequence[Judgement]) -> Grouping:
    judged = _Judged(judgements, known)
    edges = sorted((*judged.pairs, *found.pairs))
    works = _joined(known, [edge for edge in edges if edge.strength and edge.certain], judged)
    canonical = tuple(sorted(tuple(sorted(work)) for work in works))
    home = {key: work[0] for work in canonical for key in work}
    return Grouping(
        canonical,
        _joins(canonical, edges, home),
        _links(found.links, home),
        tuple(edge for edge in edges if home[edge.a] != home[edge.b] and not judged.parts(edge.a, edge.b)),
    )


class _Judged:
    """The operator's word on the records at hand."""

    def __init__(self, judgements: Iterable[Judgement], known: Mapping[str, Signature]) -> None:
        word = {tuple(sorted((one.a, one.b))): one.sameness for one in judgements if {one.a, one.b} <= known.keys()}
        same = sorted(pair for pair, sameness in word.items() if sameness is Sameness.SAME)
        self.pairs = [Pair(0, a, b, "judged to be the same") for a, b in same]
        self._apart = {pair for pair, sameness in word.items() if sameness is Sameness.NOT_SAME}

    def parts(self, a: str, b: str) -> bool:
        """Whether the two were judged not to be the same."""
        return (min(a, b), max(a, b)) in self._apart


def _candidates(signatures: Iterable[Signature], crowded: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of record keys that share an index key, each once, in order."""
    shelves = defaultdict(list)
    for signature in signatures:
        for key in keys_of(signature):
            shelves[key].append(signature.key)
    full = (shelf for key, shelf in shelves.items() if 1 < len(shelf) <= CROWD and key not in crowded)
    return sorted({pair for shelf in full for pair in combinations(sorted(shelf), 2)})


def _joined(known: Mapping[str, Signature], edges: Iterable[Pair], judged: _Judged) -> list[set[str]]:
    """Works, by joining along the edges in their order unless members of the two sides clash; then what was judged.

    The operator speaks of whole works: what the rules put together goes along with the record that was named.
    """
    work_of = {key: {key} for key in known}
    for edge in (*edges, *judged.pairs):
        one, other = work_of[edge.a], work_of[edge.b]
        if one is other or any(judged.parts(a, b) for a, b in product(one, other)):
            continue
        if edge.strength and any(_clash(known[a], known[b], edge) for a, b in product(one, other)):
            continue
        one |= other
        work_of.update(dict.fromkeys(other, one))
    return list({id(work): work for work in work_of.values()}.values())


def _clash(a: Signature, b: Signature, edge: Pair) -> bool:
    return {a.key, b.key} != {edge.a, edge.b} and clash(a, b)


def _joins(works: Iterable[Sequence[str]], edges: Iterable[Pair], home: Mapping[str, str]) -> dict[str, str]:
    """Why each record is in its work, but for each work's first."""
    inside = defaultdict(list)
    for edge in edges:
        if home[edge.a] == home[edge.b]:
            inside[home[edge.a]].append(edge)
    return {key: reason for work in works for key, reason in _reasons(work, inside[work[0]]).items()}


def _reasons(work: Sequence[str], edges: Sequence[Pair]) -> dict[str, str]:
    """For each record but the first: the strongest edge within the work that ties it to those already placed."""
    reasons: dict[str, str] = {}
    placed = {work[0]}
    while len(placed) < len(work):
        edge = next(edge for edge in edges if (edge.a in placed) != (edge.b in placed))
        old, new = (edge.a, edge.b) if edge.a in placed else (edge.b, edge.a)
        reasons[new] = f"{edge.reason} as {old}"
        placed.add(new)
    return reasons


def _links(links: Iterable[Link], home: Mapping[str, str]) -> tuple[Link, ...]:
    """The links between different works, one for each two works and relationship."""
    found: dict[tuple[str, str, Relationship], Link] = {}
    for link in sorted(links):
        ends = home[link.a], home[link.b]
        if ends[0] != ends[1]:
            found.setdefault((*ends, link.relationship), link)
    return tuple(found[key] for key in sorted(found))
