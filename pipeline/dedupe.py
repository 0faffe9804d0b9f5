"""Dedupe: which records of any bibliographic files are one publication, and why. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

from pipeline import match
from pipeline.errors import ConfigError
from pipeline.exchange.fields import RETRACTED, SOURCE, Entry, Item
from pipeline.match import Grouping, Link
from pipeline.match.kinds import title_key
from pipeline.model import Record, Relationship


@dataclass(frozen=True)
class Deduplicated:
    """Records with distinct ids, in the order they came in, and how they group."""

    records: tuple[Record, ...]
    grouping: Grouping

    @cached_property
    def clusters(self) -> list[tuple[Record, ...]]:
        """The records of each publication in the order they came in; publications in the order of their first."""
        home = self._home()
        clusters = defaultdict[int, list[Record]](list)
        for record in self.records:
            clusters[home[record.key]].append(record)
        return [tuple(cluster) for cluster in clusters.values()]

    def _home(self) -> dict[str, int]:
        """The number of each record's publication, by the record's key.

        Editions of a continuously updated review under one title count as one, as those who search for reviews count
        them (BibDedupe, "Evaluation"). The watch, to whose readers an update is news, links them instead.
        """
        members = {number: list(work) for number, work in enumerate(self.grouping.works)}
        home = {key: number for number, work in members.items() for key in work}
        for link in filter(self._is_edition, self.grouping.links):
            older, newer = sorted((home[link.a], home[link.b]))
            if older != newer:
                home.update(dict.fromkeys(members[newer], older))
                members[older] += members.pop(newer)
        return home

    def _is_edition(self, link: Link) -> bool:
        if link.relationship is not Relationship.UPDATE:
            return False
        return title_key(self._titles[link.a]) == title_key(self._titles[link.b])

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {record.key: record.title for record in self.records}

    def rows(self) -> Iterator[tuple[str, str]]:
        """Each record's id with that of the first record of its publication, in the order they came in."""
        first = {record.key: cluster[0].source_id for cluster in self.clusters for record in cluster}
        return ((record.source_id, first[record.key]) for record in self.records)

    def merged(self) -> Iterator[Item]:
        """One item a publication, under the id of its first record."""
        for cluster in self.clusters:
            record = match.merge(0, cluster)
            yield Item(
                record_id=cluster[0].source_id,
                record=record,
                is_retracted=RETRACTED in record.publication_types,
                merged=tuple(one.source_id for one in cluster),
            )

    def decisions(self) -> Iterator[Mapping[str, str]]:
        """Why each record was joined, each link, and each pair that may be one publication but was not joined."""
        for key, reason in sorted(self.grouping.joins.items()):
            why, _, other = reason.rpartition(f" as {SOURCE}:")
            yield {"decision": "joined", "record_id": _id(key), "other": other, "reason": why}
        for link in self.grouping.links:
            why = f"{link.relationship.replace('_', ' ')}: {link.reason}"
            decision = "joined" if self._is_edition(link) else "linked"
            yield {"decision": decision, "record_id": _id(link.a), "other": _id(link.b), "reason": why}
        for pair in self.grouping.uncertain:
            yield {"decision": "uncertain", "record_id": _id(pair.a), "other": _id(pair.b), "reason": pair.reason}


def deduplicate(entries: Iterable[tuple[str, Entry]]) -> Deduplicated:
    """Group the entries of files, each with its file's name. ConfigError if two state the same id."""
    records = _identified(list(entries))
    return Deduplicated(records, match.group(records))


def _identified(entries: Sequence[tuple[str, Entry]]) -> tuple[Record, ...]:
    """The records, each with an id: its own, or else its place among all of them, from 1."""
    stated: dict[str, tuple[str, int]] = {}
    for name, one in entries:
        if one.record_id in stated:
            before, line = stated[one.record_id]
            raise ConfigError(
                [f"{name}, line {one.line}: record_id {one.record_id} was stated before, in {before}, line {line}"]
            )
        if one.record_id:
            stated[one.record_id] = name, one.line
    return tuple(
        one.record if one.record_id else replace(one.record, source_id=_free(place, stated))
        for place, (_, one) in enumerate(entries, 1)
    )


def _free(place: int, stated: Mapping[str, object]) -> str:
    """A place as an id; with a number behind it, if an entry states that id."""
    names = (f"{place}-{number}" for number in count(2))
    return str(place) if str(place) not in stated else next(name for name in names if name not in stated)


def _id(key: str) -> str:
    return key.removeprefix(f"{SOURCE}:")
