"""A file of whatever kind: what stands in it tells the kind, and its name where it says nothing.

Pure: bytes come in, and what cannot be read is a sentence with the file's name and the line.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import PurePath
from typing import IO
from xml.etree.ElementTree import tostring

from pipeline.errors import RecordRejected
from pipeline.exchange import bibtex, json_text, nbib, pubmed_xml, ris, table
from pipeline.exchange.fields import SOURCE, Entry, Problem, entry
from pipeline.exchange.texts import Unreadable, blocks, lines
from pipeline.xml_tree import NotXml, xml_children

_CHUNK = 1 << 20
_TELLING = 1 << 16  # bytes that tell the kind
_KINDS = "RIS, PubMed (.nbib or XML), BibTeX, CSV, CSL-JSON and JSON lines are read"
_EMPTY = {
    ".ris": ris.EMPTY,
    ".nbib": 'no citation begins in it; in PubMed\'s format each does with a line "PMID- "',
    ".bib": "no entry begins in it; in BibTeX each does with a line like @article{key,",
    ".csv": "no column is called title, record_id, doi, pmid, pmcid or nct",
    ".tsv": "no column is called title, record_id, doi, pmid, pmcid or nct",
}

Entries = Iterator[Entry | Problem]


def read(name: str, stream: IO[bytes]) -> Entries:
    """Every entry of a file, in order, as far as it can be read; what cannot is a Problem in its place.

    Unreadable, at the place where that shows, if the file cannot be read at all, or not one of its entries can.
    """
    first_problem, any_read = None, False
    for one in _read(name, stream):
        any_read = any_read or isinstance(one, Entry)
        if isinstance(one, Problem):
            first_problem = first_problem or one
        yield one
    if first_problem and not any_read:
        raise Unreadable(name, first_problem.what, first_problem.line)


def _read(name: str, stream: IO[bytes]) -> Entries:
    rest = iter(lambda: stream.read(_CHUNK), b"")
    head = b""
    while len(head) < _TELLING and (chunk := next(rest, b"")):  # a pipe may give less than it is asked for
        head += chunk
    chunks = chain([head], rest)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _xml(name, chunks)
    text = blocks(name, chunks)
    first = next(text, "")
    return _reader(name, first)(chain([first], text))


def _reader(name: str, first: str) -> Callable[[Iterable[str]], Entries]:
    """The reader for a text that begins so."""
    start = first.lstrip()
    if start.startswith("["):
        return lambda text: json_text.array_entries(name, text)
    if start.startswith("{"):
        return lambda text: json_text.line_entries(lines(text))
    if ris.BEGIN.search(first):
        return lambda text: _ris(lines(text))
    if nbib.BEGIN.search(first):
        return lambda text: nbib.entries(lines(text))
    if delimiter := table.delimiter_of(first):
        return lambda text: _table(name, text, delimiter)
    if bibtex.BEGIN.search(first):
        return lambda text: bibtex.entries(lines(text))
    raise Unreadable(name, _EMPTY.get(PurePath(name).suffix.lower(), f"of no kind that is known; {_KINDS}"))


def _ris(numbered: Iterable[tuple[int, str]]) -> Entries:
    return (entry(line, ris.fields(reference), raw) for line, reference, raw in ris.references(numbered))


def _table(name: str, text: Iterable[str], delimiter: str) -> Entries:
    try:
        yield from table.entries(text, delimiter)
    except table.NotATable as error:
        raise Unreadable(name, f"not a row of a table: {error}", error.line) from error


def _xml(name: str, chunks: Iterable[bytes]) -> Entries:
    """PubMed's records, as efetch and the website give them."""
    try:
        for line, element in xml_children(chunks, "PubmedArticleSet", pubmed_xml.RECORD_TAGS):
            element.tail = None
            yield _pubmed(line, tostring(element, encoding="utf-8"))
    except NotXml as error:
        raise Unreadable(name, error.what, error.line) from error


def _pubmed(line: int, payload: bytes) -> Entry | Problem:
    try:
        record = pubmed_xml.read(payload)
    except RecordRejected as error:
        return Problem(line, str(error), payload.decode())
    return Entry(line, replace(record, source=SOURCE, source_id=""), payload.decode())
