"""Every format that records are written in, by its name on the command line; text comes out in pieces."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pipeline.exchange.bibtex import to_bibtex
from pipeline.exchange.csl import to_csl_json
from pipeline.exchange.fields import Item
from pipeline.exchange.json_text import to_jsonl
from pipeline.exchange.ris import to_ris
from pipeline.exchange.table import to_csv
from pipeline.model import Work


def of_work(work: Work) -> Item:
    """A work of the store as an item; its sources and records say where it comes from."""
    return Item(
        record_id=work.name,
        record=work.record,
        source="; ".join(work.sources),
        source_id="; ".join(work.records),
        is_retracted=work.facts.retracted is not None,
    )


Writer = Callable[[Iterable[Item]], Iterator[str]]


WRITERS: Mapping[str, Writer] = {
    "ris": to_ris,
    "bibtex": to_bibtex,
    "csl-json": to_csl_json,
    "csv": to_csv,
    "jsonl": to_jsonl,
}
