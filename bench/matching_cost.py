"""What adding one record costs in a small and in a large store: seconds, and the ratio of the two.

    python -m bench.matching_cost [SMALL LARGE]

Fills a store with made-up records (without arguments 1,000 and 100,000) of a few hundred first authors, forty journals
and thirty years, a third of them second views of a publication that is there. Then adds thirty more to each by turns,
each as a run would: kept, compared, concluded. Prints the median; only the ratio means anything on another machine. In
the end everything is concluded anew, as by a rebuild.
"""

import random
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.model import Author, PartialDate, Record, Section  # noqa: E402  # needs the path
from pipeline.run import draw_conclusions  # noqa: E402
from pipeline.store import Store, writing  # noqa: E402
from tests.store.keeping import SUBJECT, keep  # noqa: E402

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ADDS = 30
PAGE = 2000
FAMILIES = [
    "".join(parts)
    for parts in product(
        ("Al", "Ber", "Chen", "Dom", "Es", "Fer", "Gar", "Hu", "Iva", "Jo"),
        ("an", "ber", "di", "eng", "kow"),
        ("a", "ez", "ic", "man", "sen", "ski", "son", "u"),
    )
]
WORDS = (
    *("acupuncture", "electroacupuncture", "moxibustion", "acupressure", "fatigue", "spasticity", "bladder", "pain"),
    *("sleep", "gait", "mood", "quality", "life", "women", "adults", "relapse", "progressive", "multiple", "sclerosis"),
    *("trial", "cohort", "review", "protocol", "pilot", "survey", "randomised", "sham", "control", "community"),
    *("hospital", "rehabilitation", "immune", "markers", "cognition", "nurses", "telehealth", "elderly", "remission"),
)


def publications(seed: int, count: int) -> Iterator[Record]:
    """Made-up records: of each three, two are publications of their own and the third another view of one of them."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    for number in range(count):
        title = " ".join(chance.choices(WORDS, k=9))
        doi = f"10.5555/{seed}.{number}"
        one = Record(
            source="pubmed",
            source_id=f"{seed}{number:07}",
            title=f"Made up: {title}",
            abstract=(Section(" ".join(chance.choices(WORDS, k=120))),),
            authors=tuple(Author(family, "A B") for family in chance.choices(FAMILIES, k=4)),
            journal=f"Journal of Made-Up Medicine {chance.randrange(40)}",
            volume=str(chance.randrange(60)),
            pages=f"{chance.randrange(900)}-{chance.randrange(900, 999)}",
            published=PartialDate(chance.randrange(1996, 2027)),
            doi=doi if chance.random() < 0.8 else "",
            pmid=f"{seed}{number:07}",
            registrations=(f"NCT{chance.randrange(10**8):08}",) if chance.random() < 0.1 else (),
        )
        yield one
        if number % 2:
            yield replace(one, source="openalex", pmid="", abstract=(), title=one.title.upper())


def fill(store: Store, size: int) -> float:
    """Fill the store as an import would; the seconds it took."""
    start = perf_counter()
    records = islice(publications(1, size), size)
    run = store.statements.begin_run(NOW, "bench")
    while page := list(islice(records, PAGE)):
        keep(store, *page, now=NOW)
    draw_conclusions(store, SUBJECT, run, NOW)
    return perf_counter() - start


def add(store: Store, record: Record) -> float:
    """Add one record as a run does; the seconds it took."""
    start = perf_counter()
    run = store.statements.begin_run(NOW, "bench")
    keep(store, record, now=NOW)
    draw_conclusions(store, SUBJECT, run, NOW)
    return perf_counter() - start


def conclude_anew(store: Store) -> float:
    """Conclude everything anew; the seconds it took."""
    start = perf_counter()
    run = store.statements.begin_run(NOW, "bench")
    store.pairs.compare_all_anew()
    draw_conclusions(store, SUBJECT, run, NOW)
    return perf_counter() - start


def main(sizes: Sequence[int]) -> None:
    """Fill a store of each size, add to them by turns, and print the table."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stores = [stack.enter_context(writing(Path(folder) / f"{size}.db")) for size in sizes]
        filled = [(fill(store, size), _peak()) for store, size in zip(stores, sizes, strict=True)]
        seconds = [[add(store, record) for store in stores] for record in islice(publications(2, ADDS), ADDS)]
        costs = [median(column) for column in zip(*seconds, strict=True)]
        print(f"{'records':>9} {'fill':>9} {'peak memory':>12} {'add one':>11} {'all anew':>9}")
        for size, (took, peak), cost, store in zip(sizes, filled, costs, stores, strict=True):
            print(f"{size:>9,} {took:>7.1f} s {peak:>9.0f} MB {cost * 1000:>8.1f} ms {conclude_anew(store):>7.1f} s")
    print(
        f"adding one record to the largest store costs {costs[-1] / costs[0]:.2f} times what it costs in the smallest"
    )


def _peak() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 100_000])
