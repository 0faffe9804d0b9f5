"""What other programs make of the same files: run by bench.dedupe in an environment of theirs, never in ours.

python peers.py NAME FILE OUTPUT writes record_id,cluster_id to OUTPUT and prints the seconds that the work took,
without start-up and reading. NAME is bibdedupe or splink.
"""

import csv
import itertools
import sys
import time
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    """Read, cluster, write, print."""
    name, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    clusters, seconds = {"bibdedupe": _bibdedupe, "splink": _splink}[name](source)
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["record_id", "cluster_id"])
        writer.writerows((record, number) for number, cluster in enumerate(clusters) for record in cluster)
    print(f"{seconds:.2f}")


def _bibdedupe(source: Path) -> tuple[Iterable[Sequence[str]], float]:
    """BibDedupe as its own benchmark runs it."""
    pandas, peer = import_module("pandas"), import_module("bib_dedupe.bib_dedupe")
    records = pandas.read_csv(source)
    records["ID"] = records["ID"].astype(str)
    began = time.perf_counter()
    prepared = peer.prep(records, verbosity_level=0)
    matched = peer.match(peer.block(prepared, verbosity_level=0), verbosity_level=0)
    return peer.cluster(matched, verbosity_level=0), time.perf_counter() - began


def _splink(source: Path) -> tuple[Iterable[Sequence[str]], float]:
    """Splink on DuckDB, untuned: its own levels for text, u by sampling, m by expectation maximisation."""
    pandas, splink = import_module("pandas"), import_module("splink")
    compare, block_on = import_module("splink.comparison_library"), splink.block_on
    rows = list(_plain(source))
    began = time.perf_counter()
    rules = [block_on("title_start"), block_on("author", "year"), block_on("volume", "pages"), block_on("doi")]
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            compare.JaroWinklerAtThresholds("title", [0.97, 0.9]),
            compare.JaroWinklerAtThresholds("author", [0.9, 0.7]),
            *(compare.ExactMatch(name) for name in ("year", "volume", "pages", "doi")),
        ],
    )
    linker = splink.Linker(splink.DuckDBAPI().register(pandas.DataFrame(rows)), settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(rules[:1], recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (rules[0], rules[2]):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.95)
    found: Any = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.95).as_pandas_dataframe()
    seconds = time.perf_counter() - began
    ordered = sorted(zip(found["cluster_id"], found["record_id"], strict=True))
    return [[record for _, record in group] for _, group in itertools.groupby(ordered, lambda row: row[0])], seconds


def _plain(source: Path) -> Iterable[dict[str, str | None]]:
    csv.field_size_limit(1 << 30)
    with source.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            title = "".join(filter(str.isalnum, (row["title"] or "").casefold()))
            names = ("year", "volume", "pages", "doi")
            yield {
                "record_id": row["ID"],
                "title": title or None,
                "title_start": title[:20] or None,
                "author": (row.get("author") or "")[:60].casefold() or None,
                **{name: (row.get(name) or "").casefold() or None for name in names},
            }


if __name__ == "__main__":
    main()
