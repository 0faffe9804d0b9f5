"""How fast `litwatch assess` is, and that hostile text costs it no more than its length.

    python -m bench.assess [FOLDER]

FOLDER (default ``../shared/data/facts``, beside the project) holds labelled abstracts as JSON lines; without it the
first part says "absent". Records a second count everything from the start of the program to its end, on one core. The
second part assesses texts made to hurt regular expressions, short and ten times as long: linear is a ratio of about 10.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.appraisal_sets import FOLDER, rows
from pipeline.appraise import appraise
from pipeline.model import Record, Section
from pipeline.operator_files import bundled_subject
from pipeline.screen import Screener

ROOT = Path(__file__).parents[1]
TIMES = 3
LENGTH = 20_000  # characters of the shorter hostile text
HOSTILE = {
    "one letter": "a",
    "words": "word ",
    "hyphens": "electro-",
    "numbers": "n = 12, 34 of 56 ",
    "people": "12 patients and 13 women were randomly assigned to 3 groups ",
    "sentences": "A. ",
    "headings": "METHODS: RESULTS: ",
    "subject": "acupuncture ",
    "abbreviations": "MS (multiple sclerosis) ",
    "negations": "no not without no ",
    "capitals": "RANDOMISED CONTROLLED ",
    "blanks": " \u00a0",
    "brackets": "(((((",
    "no difference": "no significant difference between groups ",
    "commas": "pain, fatigue, and, or, ",
    "Chinese": "\u9488\u7078\u591a\u53d1\u6027\u786c\u5316",
}


def records(folder: Path) -> Iterator[dict[str, Any]]:
    """Every row of the sets that has a title and an abstract, as `assess` reads it."""
    for path in sorted(folder.glob("*.jsonl")):
        for row in rows(path):
            if row.get("title") and row.get("abstract"):
                yield {
                    "record_id": str(row.get("id") or row.get("pmcid")),
                    **{n: row[n] for n in ("title", "abstract")},
                }


def speed(folder: Path) -> None:
    """Records a second of the whole command: the best of some runs, for other programs share the machine."""
    given = list(records(folder))
    with tempfile.TemporaryDirectory() as place:
        source = Path(place, "records.jsonl")
        source.write_text("".join(json.dumps(record) + "\n" for record in given), "utf-8")
        seconds = []
        for _ in range(TIMES):
            began = time.perf_counter()
            command = [sys.executable, "-m", "pipeline", "--quiet", "assess", source.name, "--output", "out"]
            subprocess.run(command, check=True, cwd=place, env=os.environ | {"PYTHONPATH": str(ROOT)})
            seconds.append(time.perf_counter() - began)
    rates = ", ".join(f"{len(given) / each:,.0f}" for each in seconds)
    print(f"{len(given):,} records: {rates} records a second, start-up included (wanted: 1,000)")


def growth() -> None:
    """Seconds for hostile texts, and how much ten times the length costs."""
    screener = Screener(bundled_subject())
    print(f"\n{'hostile text':<16}{f'{LENGTH:,} signs':>16}{'ten times':>12}{'ratio':>8}")
    for name, piece in HOSTILE.items():
        short, long = (_seconds(screener, piece * (length // len(piece))) for length in (LENGTH, 10 * LENGTH))
        print(f"{name:<16}{short:>15.4f}s{long:>11.4f}s{long / short:>8.1f}")


def _seconds(screener: Screener, text: str) -> float:
    record = Record("bench", "1", text[:300], abstract=(Section(text),))
    best = []
    for _ in range(TIMES):
        began = time.perf_counter()
        screener.screen(record)
        appraise([record])
        best.append(time.perf_counter() - began)
    return min(best)


def main(folder: Path) -> None:
    """Print both."""
    if folder.is_dir():
        speed(folder)
    else:
        print("absent")
    growth()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
