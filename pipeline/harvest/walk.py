"""What walks through result sets have in common: reading a page, following a cursor, counting what came of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.errors import RecordRejected, SourceFailed
from pipeline.harvest.json_fields import Json, payload_of
from pipeline.model import Record
from pipeline.proof import Harvested, Page, Proof, Rejected

LONGEST_WALK = 1_000
"""Pages; they hold 100 to 1,000 records."""


def read_page(members: Iterable[object], record: Callable[[object], Record], total: int | None = None) -> Page:
    """Read members of an answer one by one; those that cannot be read are set aside."""
    records: list[Harvested] = []
    rejected: list[Rejected] = []
    for member in members:
        payload = payload_of(member)
        try:
            records.append(Harvested(record(member), payload))
        except RecordRejected as error:
            rejected.append(Rejected(payload, str(error)))
    return Page(tuple(records), tuple(rejected), total)


def along(
    first: Json, token_of: Callable[[Json], str | None], ask: Callable[[str], Json], sent: str = ""
) -> Iterator[Json]:
    """Give an answer and those behind it, up to one without a token for the next, or with one that came before.

    ``sent`` is the token that the first one was asked for by. SourceFailed if there is no end of it.
    """
    content, tokens = first, {"", sent}
    for _ in range(LONGEST_WALK):
        yield content
        token = token_of(content) or ""
        if token in tokens:
            return
        tokens.add(token)
        content = ask(token)
    raise SourceFailed(f"there was still more after {LONGEST_WALK} pages; narrow the subject, if that can be right")


@dataclass(eq=False)
class Results:
    """What has come so far of one query's result set.

    ``keys`` are ids, and the whole payloads of members without one. ``told`` is what was handed on so far; the queries
    of one harvest share it, since their result sets overlap and each member is told once.
    """

    announced: int = 0
    told: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)

    def untold(self, members: Iterable[object], source_id: Callable[[object], str]) -> list[object]:
        """Note the members of a page, and give those that were not told before."""
        fresh: list[object] = []
        for member in members:
            found = source_id(member)
            key = found or payload_of(member).decode()
            if key not in self.told:
                fresh.append(member)
            self.keys.add(key)
            self.told.add(key)
            self.listed |= {found} - {""}
        return fresh

    @property
    def delivered(self) -> int:
        """How many different members have come."""
        return len(self.keys)

    @property
    def missing(self) -> int:
        """How many of the announced ones have not."""
        return max(0, self.announced - self.delivered)


def shortfall(label: str, results: Sequence[Results]) -> str:
    """Say in one sentence what is missing; empty if nothing is. What one query lacks, no other makes up for."""
    total, missing = _total(results), _missing(results)
    return f"{label} announced {total} records and delivered {total - missing}." if missing else ""


def proof(results: Sequence[Results], shortfall: str, *, whole: bool) -> Proof:
    """The end of a harvest by one query or several."""
    listed = frozenset[str]().union(*(one.listed for one in results))
    return Proof(_total(results), listed, shortfall, whole)


def _total(results: Sequence[Results]) -> int:
    """How many records there are: of overlapping result sets only the union is a number of records."""
    return len(set[str]().union(*(one.keys for one in results))) + _missing(results)


def _missing(results: Sequence[Results]) -> int:
    return sum(one.missing for one in results)
