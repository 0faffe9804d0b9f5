"""A list in RIS, as reference managers and databases write it.

The tags are those of the RIS specification (Research Information Systems, 2001, and Clarivate, 2011); where programs
put identifiers that it has no tag for is by custom, and said below.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping

import rispy

from pipeline import text
from pipeline.wanted import entry
from pipeline.wanted.entry import Identifiers, Wanted

BEGIN = re.compile(r"^TY  -", re.MULTILINE)
_END = re.compile(r"ER  -")
_NLM = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_NOTED = re.compile(r"\bPM(?:C?ID[:\s]+(?:PMC)?|C)[0-9]{1,9}\b", re.IGNORECASE)

_Reference = Mapping[str, str | list[str]]


def read_ris(content: str) -> Iterator[Wanted]:
    """One publication a reference, on the line on which it begins. What stands between references is skipped."""
    for line, lines in _references(content):
        # One at a time: rispy would lose a reference whose end is missing, or take it and the next one for one.
        for reference in rispy.loads("\n".join((*lines, "ER  - ")), skip_unknown_tags=True):
            yield _wanted(line, reference)


def _references(content: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of each reference without its end, and the number of the first."""
    begun, lines = 0, list[str]()
    for number, line in enumerate(io.StringIO(content, newline=None), 1):
        begins, ends = BEGIN.match(line), _END.match(line)
        if lines and (begins or ends):
            yield begun, lines
            lines = []
        if begins:
            begun, lines = number, [line.rstrip("\n")]
        elif lines:
            lines.append(line.rstrip("\n"))
    if lines:
        yield begun, lines


def _wanted(line: int, reference: _Reference) -> Wanted:
    title = text.clean(next(_values(reference, "title", "primary_title", "translated_title", "short_title"), ""))
    identifiers = _identifiers(reference)
    words = title or next(_values(reference, "doi", "urls", "accession_number", "id"), "a reference without title")
    first_author = text.clean(next(_values(reference, "authors", "first_authors"), ""))
    year = next(filter(None, map(entry.year, _values(reference, "year", "publication_year", "date"))), None)
    return Wanted(line, text.clean(words), **identifiers, title=title, first_author=first_author, year=year)


def _identifiers(reference: _Reference) -> Identifiers:
    """Every identifier that the reference states of itself, the likeliest place first."""
    found = Identifiers()
    for stated in _places(reference):
        found = entry.identifiers(stated) | found
    return found


def _places(reference: _Reference) -> Iterator[str]:
    """Where identifiers stand, with a bare number only where it is surely PubMed's."""
    yield from filter(entry.doi, _values(reference, "doi"))
    if any(map(_NLM.search, _values(reference, "name_of_database", "database_provider"))):
        yield from _values(reference, "accession_number")
    # M3 held the DOI before there was a tag for it; C2 holds the PMCID in EndNote.
    for stated in _values(reference, "type_of_work", "urls", "custom2", "accession_number", "id"):
        if not stated.isdigit():
            yield stated
    for note in _values(reference, "notes"):
        yield from (found[0] for found in _NOTED.finditer(note))


def _values(reference: _Reference, *names: str) -> Iterator[str]:
    """What the reference says under these names, one after the other."""
    for name in names:
        values = reference.get(name, "")
        yield from filter(None, _as_list(values))


def _as_list(values: str | list[str]) -> Iterable[str]:
    return [values] if isinstance(values, str) else values
