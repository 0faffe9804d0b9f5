"""Everything that is measured of appraisal, on public labelled sets, beside the best peer.

    python -m bench.appraisal [FOLDER]

FOLDER (default ``../shared/data/facts``, beside the project) holds the sets as JSON lines; each part says "absent" and
ends well where it is not there. Titles and abstracts only: no publication types, no MeSH. "Read" and "kept" are the two
halves of a set: when the rules were made, only the texts of the first were read. The parts can be run alone.
"""

import sys
from pathlib import Path

from bench import (
    appraisal_conclusion,
    appraisal_design,
    appraisal_direction,
    appraisal_participants,
    appraisal_topics,
)
from bench.appraisal_sets import FOLDER

PARTS = (appraisal_design, appraisal_participants, appraisal_conclusion, appraisal_direction, appraisal_topics)


def main(folder: Path) -> None:
    """Print every table under its name."""
    for part in PARTS:
        print(f"\n{part.__name__.partition('_')[2]}")
        part.main(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
