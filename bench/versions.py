"""Whether publications of one study are merged, linked or kept apart as they should be, in labelled cases.

    python -m bench.versions [FILE]

FILE is ``versions.jsonl`` (default: ``../shared/data/gold/versions.jsonl``, beside the project), with
``publications.jsonl`` next to it; without it the script says ABSENT. A case is decided by those of its members that can
be told at all: that state an identifier, or authors, or another member's title. Where fewer than two do, it says too
little, as web pages about a study do. The exit code is 1 if a confirmed case goes wrong.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import text
from pipeline.match import Grouping, group
from pipeline.match.titles import title_of
from pipeline.model import Author, PartialDate, Record, Section

GOLD = Path(__file__).parents[2] / "shared" / "data" / "gold" / "versions.jsonl"
REGISTRATION = "Clinical Trial Registration"

Case = Mapping[str, Any]


def record(number: int, member: Case, known: Mapping[str, Case]) -> Record:
    """A member of a case, with what else is known of it."""
    more = known.get(member.get("gold_id") or "", {})
    year = member.get("year")
    return Record(
        source="import",
        source_id=str(number),
        title=more.get("title") or member["title"],
        abstract=(Section(more["abstract_paraphrase"]),) if more.get("abstract_paraphrase") else (),
        authors=tuple(map(Author, more.get("authors") or ())),
        journal=more.get("journal") or "",
        published=PartialDate(year) if year else None,
        doi=text.doi(member.get("doi") or ""),
        pmid=member.get("pmid") or "",
        registrations=tuple(filter(None, (member.get("nct"), member.get("registry_id")))),
        publication_types=(REGISTRATION,) if member.get("type") == "registration" else (),
        url=member.get("url") or "",
    )


def telling(records: Sequence[Record]) -> list[Record]:
    """Those of which anybody could tell what they are."""
    titles = Counter(title_of(one.title).letters for one in records)
    return [
        one
        for one in records
        if one.doi
        or text.doi_at(one.url)
        or one.pmid
        or one.registrations
        or one.authors
        or titles[title_of(one.title).letters] > 1
    ]


def outcome(found: Grouping) -> str:
    """What became of the members of one case."""
    if len(found.works) == 1:
        return "merge"
    return "link" if found.links else "keep_separate"


def main(arguments: Sequence[str]) -> int:
    """Print each case, and how many of each kind were right."""
    path = Path(arguments[0]) if arguments else GOLD
    if not path.exists():
        print(f"ABSENT: {path}")
        return 0
    publications = path.with_name("publications.jsonl").read_text("utf-8").splitlines()
    known = {one["id"]: one for one in map(json.loads, publications)}
    tally: Counter[tuple[str, str]] = Counter()
    wrong = 0
    for case in map(json.loads, path.read_text("utf-8").splitlines()):
        members = [one for one in case["members"] if "do not merge" not in one.get("differs", "")]
        records = telling([record(number, member, known) for number, member in enumerate(members)])
        wanted, is_confirmed = case["monitor_should"], case["confidence"] == "confirmed"
        got = outcome(group(records)) if len(records) > 1 else "says too little"
        right = "-" if got == "says too little" else "right" if got == wanted else "other"
        wrong += is_confirmed and right == "other" and wanted != "flag_retracted"
        tally[wanted, right] += 1
        print(f"{case['id']:<28} {wanted:<15} {got:<16} {right:<6} {case['confidence']}")
    for (wanted, right), number in sorted(tally.items()):
        print(f"{wanted:<15} {right:<6} {number}")
    print(f"confirmed cases that went wrong: {wrong}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
