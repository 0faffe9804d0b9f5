"""Which work keeps which id when records group anew."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence


def assign(
    groups: Sequence[Sequence[str]], current: Mapping[str, int], guests: Collection[str] = frozenset()
) -> tuple[int | None, ...]:
    """The old work id that each group of record keys keeps; None where a group needs another one.

    ``current`` holds the work id each record had so far. An id stays as long as any of its records does. When works
    merge, the older (smaller) id stays; when one splits, the part with most of its records keeps the id, those first
    that did not come into it with another work (``guests``); on a tie the part with the smallest key.
    """
    kept: dict[int, int] = {}
    held = [Counter(current[key] for key in group if key in current) for group in groups]
    own = [Counter(current[key] for key in group if key in current and key not in guests) for group in groups]
    for work_id in sorted({work_id for counter in held for work_id in counter}):
        claims = [index for index, counter in enumerate(held) if counter[work_id] and index not in kept]
        if claims:
            best = min(claims, key=lambda index: (-own[index][work_id], -held[index][work_id], min(groups[index])))
            kept[best] = work_id
    return tuple(kept.get(index) for index in range(len(groups)))
