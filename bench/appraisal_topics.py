"""How often the outcomes, interventions and comparators of appraisal are those that people gave to the same records.

    python -m bench.appraisal_topics [FOLDER]

FOLDER (default ``../shared/data/facts``) holds ``ebm_comet.jsonl`` (outcomes of trials by the COMET taxonomy),
``evidence_inference_v2.jsonl`` (what trials compared with; it lists some comparisons of a trial, not all, so that only
the share found means much) and, beside it, ``gold/publications.jsonl`` (symptoms and modality by hand; abstracts are
paraphrased). For each value: how many records have it, how many were given it, how many rightly; then precision and
recall over all rows, over the half that was read while the rules were made, and over the half that was kept. Prints
"absent" and ends well where the folder is not there.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.appraisal_sets import FOLDER, facts, is_kept, rows
from pipeline.model import Fact, Facts

Row = dict[str, Any]
Judged = tuple[bool, set[str], set[str]]
"""Whether the row was kept, what it has, and what it was given."""

# The labels' names for our values. They have no columns for safety, disability and relapses, which are "other" there,
# and call acupuncture of no stated kind manual: neither can be judged by them.
_SYMPTOMS = {"immune_biomarkers": "immune_markers", "coordination_balance_gait": "mobility_balance"}
_UNLABELLED = {"safety", "disability", "relapse", "other"}
_MODALITIES = {"manual_acupuncture": "acupuncture, by hand or unspecified"}
_OURS = {"manual_acupuncture": "acupuncture, by hand or unspecified", "other": "acupuncture, by hand or unspecified"}
# COMET taxonomy 3.2 (Dodd et al. 2018): 28 emotional functioning, 29 cognitive functioning, 30 global quality of life,
# 38 adverse events.
_DOMAINS = {"28": "mood", "29": "cognition", "30": "quality_of_life", "38": "safety"}
_CONTROLS = {
    "sham": r"\bsham\b",
    "placebo": r"\bplacebo\b",
    "usual care": r"\b(?:usual|standard|routine|conventional) (?:care|treatment|therapy)\b|treatment as usual",
    "no treatment": r"\bno (?:treatment|intervention)\b|\buntreated\b",
    "waiting list": r"\bwait",
}


def values(stated: tuple[Fact[str], ...]) -> set[str]:
    """The values alone."""
    return {fact.value for fact in stated}


def gold(folder: Path, column: str, names: dict[str, str], ours: Callable[[Facts], set[str]]) -> Iterator[Judged]:
    """The labelled publications by one of their columns; what has no abstract is judged by its title."""
    for row in rows(folder.parent / "gold" / "publications.jsonl"):
        labels = {names.get(label, label) for label in row[column]} - {"other"}
        yield is_kept(row), labels, ours(facts(row["title"], row["abstract_paraphrase"] or ""))


def symptoms(folder: Path) -> Iterator[Judged]:
    """Symptoms and outcomes of the labelled publications."""
    return gold(folder, "symptoms", _SYMPTOMS, lambda found: values(found.outcomes) - _UNLABELLED)


def modalities(folder: Path) -> Iterator[Judged]:
    """Techniques of the labelled publications."""
    return gold(
        folder,
        "modality",
        _MODALITIES,
        lambda found: {_OURS.get(value, value) for value in values(found.interventions)} - {"cupping"},
    )


def domains(folder: Path) -> Iterator[Judged]:
    """Outcome domains of trials, the four that are ours too."""
    for row in rows(folder / "ebm_comet.jsonl"):
        has = {_DOMAINS[str(code)] for code in row["domains"] if str(code) in _DOMAINS}
        yield is_kept(row), has, values(facts(row["title"], row["abstract"]).outcomes) & set(_DOMAINS.values())


def controls(folder: Path) -> Iterator[Judged]:
    """What trials compared with, as far as the labels and the abstract call it by one of our names."""
    for row in rows(folder / "evidence_inference_v2.jsonl"):
        told = [f"{prompt['comparator']}".lower() for prompt in row["prompts"]]
        whole = f"{row['title']} {row['abstract']}".lower()
        has = {
            name
            for name, words in _CONTROLS.items()
            if re.search(words, whole) and any(re.search(words, one) for one in told)
        }
        yield is_kept(row), has, values(facts(row["title"], row["abstract"]).comparators) & set(_CONTROLS)


def table(judged: list[Judged]) -> Iterator[str]:
    """One line a value, then precision and recall of all, of the half read, and of the half kept."""
    has, given, right = (Counter[str]() for _ in range(3))
    for _, labels, ours in judged:
        has.update(labels)
        given.update(ours)
        right.update(labels & ours)
    for value in sorted(has | given):
        yield f"  {value:<40}{has[value]:>8}{given[value]:>8}{right[value]:>8}"
    for name, halves in (("all", (False, True)), ("half read", (False,)), ("half kept", (True,))):
        chosen = [(labels, ours) for kept, labels, ours in judged if kept in halves]
        hits = sum(len(labels & ours) for labels, ours in chosen)
        precision = hits / max(1, sum(len(ours) for _, ours in chosen))
        recall = hits / max(1, sum(len(labels) for labels, _ in chosen))
        yield f"  {name:<40}precision {precision:.3f}   recall {recall:.3f}"


def main(folder: Path) -> None:
    """Print the tables."""
    if not folder.is_dir():
        print("absent")
        return
    tasks = {
        "outcomes, labelled publications": symptoms,
        "interventions, labelled publications": modalities,
        "outcomes, EBM-COMET": domains,
        "comparators, Evidence Inference": controls,
    }
    for name, judge in tasks.items():
        print(f"{name:<42}{'labelled':>8}{'given':>8}{'right':>8}")
        print(*table(list(judge(folder))), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
