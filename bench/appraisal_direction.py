"""Which way the authors say that the effect goes: how often it is said, and how often as people read it.

    python -m bench.appraisal_direction [FOLDER]

FOLDER (default ``../shared/data/facts``) holds the sets as JSON lines. Oncology: whether the primary end point was met;
benefit is yes, no difference and harm are no, all else is no answer; the peer is GPT-4o, as published with the set.
PsyNamic: the conclusion as people class it, of the studies that they call positive, negative or neutral. Evidence
Inference: trials in whose abstracts all outcomes that were asked for differ, or none does. Both ask something else than
the direction does, and are second opinions. Prints "absent" where there is no FOLDER.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.appraisal_sets import FOLDER, Score, facts, is_kept, rows
from pipeline.model import Direction

Row = dict[str, Any]

_PEERS = {"oncology, primary end point met": ".872"}
_ANSWERS = {Direction.BENEFIT: True, Direction.NO_DIFFERENCE: False, Direction.HARM: False}


def _oncology(row: Row) -> bool | None:
    """Whether the primary end point was met."""
    return bool(row["label"] == "Positive")


def _psynamic(row: Row) -> bool | None:
    """Whether people call the conclusion positive; None where they call it neither."""
    return {"Positive": True, "Negative": False, "Neutral": False}.get(str(*row["labels"]["study_conclusion"][:1]))


def _inference(row: Row) -> bool | None:
    """Whether all outcomes that were asked for differ; None where only some do."""
    differ = {
        prompt["label"] != "no significant difference" for prompt in row["prompts"] if prompt["evidence_in_abstract"]
    }
    return differ.pop() if len(differ) == 1 else None


TASKS: dict[str, tuple[str, Callable[[Row], bool | None]]] = {
    "oncology, primary end point met": ("oncology_primary_endpoint.jsonl", _oncology),
    "PsyNamic, conclusion": ("psynamic.jsonl", _psynamic),
    "Evidence Inference, outcomes in the abstract": ("evidence_inference_v2.jsonl", _inference),
}


def scores(folder: Path) -> Iterator[tuple[Score, Score, Score]]:
    """Of each task the score of all rows, of the half that was read, and of the half that was kept."""
    for name, (file, task) in TASKS.items():
        whole, read, kept = Score(name), Score("  the half read"), Score("  the half kept")
        for row in rows(folder / file):
            if (expected := task(row)) is None:
                continue
            found = facts(row["title"], row["abstract"] or "").direction
            answer = _ANSWERS.get(found.value) if found else None
            for score in (whole, kept if is_kept(row) else read):
                score.add(stated=True, given=answer is not None, right=answer is expected)
        yield whole, read, kept


def main(folder: Path) -> None:
    """Print the table."""
    if not folder.is_dir():
        print("absent")
        return
    print(f"{'':<62}{'stated':>8}{'given':>8}{'right':>8}{'share':>8}  peer")
    for parts in scores(folder):
        for score in parts:
            print(score, _PEERS.get(score.name, ""), sep="  ")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
