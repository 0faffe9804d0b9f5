"""What a day on which nothing has changed costs each source: requests, and the shortest pause between two of them.

    python -m bench.unchanged_day

Each source is asked alone, at its default rate, for the shipped subject, with the sample world behind it; the pauses
are on the run's own clock. Exit code 1 if a pause is shorter than the rate allows.
"""

import logging
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.harvest.registry import SOURCES  # noqa: E402  # needs the path
from tests.support.unchanged import second_day  # noqa: E402


def main() -> int:
    """Ask each source and print the table."""
    logging.disable(logging.CRITICAL)
    hasty = []
    print(f"{'source':<18} {'requests':>8} {'shortest pause':>15} {'allowed':>9}")
    for source in (*SOURCES, "feed"):
        with tempfile.TemporaryDirectory() as folder:
            day = second_day(source, Path(folder))
        pause = f"{day.shortest_pause:.2f} s" if len(day.at) > 1 else "-"
        print(f"{source:<18} {len(day.paths):>8} {pause:>15} {1 / day.rate:>7.2f} s")
        if day.shortest_pause < 1 / day.rate - 1e-6:
            hasty.append(source)
    return int(bool(hasty))


if __name__ == "__main__":
    sys.exit(main())
