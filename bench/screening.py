"""Measure the shipped profile against labelled publications: what it lets in, what it misses, what it should not show.

Also how long it takes: to read the profile, and for each record, in processor time of this machine.

    python -m bench.screening [DATA]

DATA is the folder that holds ``gold/`` and ``facts/`` (default: ``../shared/data``, beside the project). Without it the
script says ABSENT and ends.
"""

import json
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.model import Record, Section, Tier, Verdict
from pipeline.screen import Screener, subject_from

ROOT = Path(__file__).parent.parent
PROFILE = ROOT / "config" / "acupuncture-ms.toml"
DATA = ROOT.parent / "shared" / "data"
TIERS = {"relevant_core": Tier.CORE, "relevant_related": Tier.RELATED, "neighbour": Tier.OUT}
FACTS = (
    "pmc_structured",
    "studytypeteller",
    "hermes_ms_animal",
    "pmc_article_types",
    "medline1000_pubtypes",
    "psynamic",
    "pico_corpus",
    "ctro",
    "ebm_comet",
    "evidence_inference_v2",
    "oncology_primary_endpoint",
)
PLAIN_NEEDLE = ("acupunct", "acupress", "acupoint", "moxibust", "needling", "bee venom")
PLAIN_DISEASE = ("multiple sclerosis", "encephalomyelitis", "demyelinat", "optic neuritis")

Row = Mapping[str, Any]


def rows(path: Path) -> Iterator[Row]:
    """Every object of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def gold_record(row: Row, *, with_abstract: bool) -> Record:
    """A gold row as a source would give it: title, abstract and registration, nothing that tells the answer."""
    abstract = (Section(row["abstract_paraphrase"]),) if with_abstract and row["abstract_paraphrase"] else ()
    registered = (row["registry_id"],) if row["registry_id"] else ()
    return Record("gold", row["id"], row["title"], abstract=abstract, registrations=registered)


def facts_record(row: Row, source: str) -> Record:
    """A row of a labelled set; the sets differ in where they keep title, text and keywords."""
    text = row.get("abstract") or row.get("text") or " ".join(section[-1] for section in row.get("sections", ()))
    keywords = tuple(filter(None, (row.get("keywords") or "").split("| "))) if source == "studytypeteller" else ()
    mesh = tuple(row.get("mesh") or ())
    return Record(
        source,
        str(row.get("id") or row["pmcid"]),
        row.get("title") or "",
        abstract=(Section(text),),
        keywords=keywords,
        mesh=mesh,
    )


def lacks_one(record: Record) -> bool:
    """Whether a plain look, not by our rules, finds one of the two concepts and not the other."""
    text = " ".join((record.title, record.abstract_text, *record.keywords, *record.mesh)).lower()
    return any(word in text for word in PLAIN_NEEDLE) != any(word in text for word in PLAIN_DISEASE)


def share(part: int, whole: int, target: str = "") -> str:
    """``part/whole = ratio`` for a table, with what it should be."""
    return f"{part:3}/{whole:<3} = {part / whole if whole else 0:.3f}" + (f"  ({target})" if target else "")


def tiers(screener: Screener, gold: Iterable[Row], *, with_abstract: bool) -> None:
    """Print recall and neighbours shown, and every row that is not as labelled."""
    counts: dict[Tier, list[tuple[Row, Verdict]]] = {tier: [] for tier in Tier}
    for row in gold:
        counts[TIERS[row["label"]]].append((row, screener.screen(gold_record(row, with_abstract=with_abstract))))
    core, related, out = counts[Tier.CORE], counts[Tier.RELATED], counts[Tier.OUT]
    print(f"\n{'title and abstract' if with_abstract else 'title only'}")
    print("  core given core      ", share(sum(v.tier == Tier.CORE for _, v in core), len(core), "at least .98"))
    let_in = sum(v.tier != Tier.OUT for _, v in core + related)
    print("  core+related shown   ", share(let_in, len(core + related), "at least .93"))
    print("  neighbours shown     ", share(sum(v.tier != Tier.OUT for _, v in out), len(out), "at most .02"))
    for wanted, found in counts.items():
        for row, verdict in found:
            if wanted != verdict.tier and not (wanted == Tier.RELATED and verdict.tier == Tier.CORE):
                print(f"    {wanted} -> {verdict.tier}  {row['id']}: {row['title'][:90]}  [{verdict.excluded_by}]")


def strangers(screener: Screener, folder: Path) -> None:
    """Print what is let in from sets of other subjects, those apart that by a plain look have only one concept."""
    records = [facts_record(row, source) for source in FACTS for row in rows(folder / f"{source}.jsonl")]
    started = time.process_time()
    verdicts = [screener.screen(record) for record in records]
    seconds = time.process_time() - started
    lacking = sum(map(lacks_one, records))
    shown = [
        (record, verdict, lacks_one(record))
        for record, verdict in zip(records, verdicts, strict=True)
        if verdict.tier != Tier.OUT
    ]
    signs = sum(len(record.abstract_text) for record in records) / len(records)
    print(
        f"\nother subjects: {len(records)} records of {signs:,.0f} signs, {1000 * seconds / len(records):.2f} ms each"
    )
    print("  only one concept, shown", share(sum(lacks for *_, lacks in shown), lacking))
    print("  both or neither, shown ", share(sum(not lacks for *_, lacks in shown), len(records) - lacking))
    for record, verdict, _ in shown:
        why = "; ".join(f"{reason.concept}: {reason.term!r} in {reason.field}" for reason in verdict.reasons)
        print(f"    {verdict.tier}  {record.source_id}: {record.title[:80]}  [{why}]")


def main(data: Path) -> int:
    """Print all figures; 0 also when there is nothing to measure on."""
    if not data.is_dir():
        print("ABSENT")
        return 0
    started = time.process_time()
    subject = subject_from(tomllib.loads(PROFILE.read_text(encoding="utf-8")), PROFILE.name)
    read = time.process_time()
    screener = Screener(subject)
    print(f"profile: read in {1000 * (read - started):.0f} ms, indexed in {1000 * (time.process_time() - read):.0f} ms")
    gold = [row for row in rows(data / "gold" / "publications.jsonl") if not row["borderline"]]
    tiers(screener, gold, with_abstract=True)
    tiers(screener, gold, with_abstract=False)
    strangers(screener, data / "facts")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA))
