"""BibTeX, as reference managers and publishers write it; entries are taken apart by bibtexparser.

Values are resolved and decoded here: the library does not join strings with ``#``, and the decoder that it brings takes
a ``%`` for a comment.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.exchange import latex
from pipeline.exchange.fields import Entry, Fields, Item, Problem, entry, flat, notes
from pipeline.exchange.people import named
from pipeline.model import Author

if TYPE_CHECKING:
    from bibtexparser.model import Entry as Block

BEGIN = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_AND = re.compile(r"\s+and\s+")
_TOKEN = re.compile(r'\\.|[{}"#]', re.DOTALL)

# Programs' own names for fields that BibTeX does not know; biblatex has other names for some that it does.
_SAME = {
    "journal": ("journal", "journaltitle", "booktitle"),
    "issue": ("number", "issue"),
    "language": ("language", "langid"),
}
_PLAIN = ("title", "abstract", "year", "date", "volume", "pages", "pmid", "pmcid", "keywords", "publication_types")
_VERBATIM = ("doi", "url")


def entries(lines: Iterable[tuple[int, str]]) -> Iterator[Entry | Problem]:
    """One entry a BibTeX entry; abbreviations (``@string``) hold for those after them, comments are skipped."""
    # It takes a while to load, and is seldom needed.
    from bibtexparser import model  # noqa: PLC0415
    from bibtexparser.splitter import Splitter  # noqa: PLC0415

    strings: dict[str, str] = {}
    for line, chunk in _apart(lines):
        for block in Splitter(chunk).split().blocks:
            at, raw = line + (block.start_line or 0), block.raw or ""
            # What only repeats a key or a field is an error to the library that may be ignored.
            whole = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
            if whole is None:
                yield Problem(at, "not a BibTeX entry; a brace, quote or comma is missing", raw)
            elif isinstance(whole, model.String):
                strings[whole.key.lower()] = _value(str(whole.value), strings)
            elif isinstance(whole, model.Entry):
                yield entry(at, _fields(whole, strings), raw)


def _apart(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Text from each line that begins an entry to the next, with its number: so a file is never held as a whole.

    bibtexparser itself ends an entry, however broken, where a line begins another one.
    """
    begun, held = 1, list[str]()
    for number, line in lines:
        if held and BEGIN.match(line):
            yield begun, "\n".join(held)
            held = []
        if not held:
            begun = number
        held.append(line)
    if held:
        yield begun, "\n".join(held)


def _fields(block: "Block", strings: Mapping[str, str]) -> Fields:
    stated: dict[str, str] = {}
    for field in block.fields:
        if value := _value(str(field.value), strings):
            stated.setdefault(field.key.lower(), value)
    fields: dict[str, object] = {"record_id": block.key}
    fields |= {key: latex.decode(stated[key]) for key in _PLAIN if key in stated}
    fields |= {key: stated[key].replace("\\", "").strip("{} ") for key in _VERBATIM if key in stated}
    for key, others in _SAME.items():
        fields[key] = latex.decode(next((stated[other] for other in others if other in stated), ""))
    fields["authors"] = [*_authors(stated.get("author", ""))]
    fields["nct"] = [latex.decode(stated.get(key, "")) for key in ("nct", "note")]
    if "month" in stated and "year" in stated and "date" not in stated:
        fields["date"] = f"{fields['year']} {latex.decode(stated['month'])} {stated.get('day', '')}"
    if "keywords" in stated and ";" not in stated["keywords"]:
        fields["keywords"] = latex.decode(stated["keywords"]).split(",")
    return fields


def _value(raw: str, strings: Mapping[str, str]) -> str:
    """What stands for a value: text in braces or quotes, a number, or an abbreviation; several are joined by ``#``."""
    return "".join(_part(part.strip(), strings) for part in _joined(raw))


def _part(part: str, strings: Mapping[str, str]) -> str:
    if part[:1] + part[-1:] in {"{}", '""'} and len(part) > 1:
        return part[1:-1]
    return strings.get(part.lower(), part)


def _joined(raw: str) -> Iterator[str]:
    """The parts of a value between those ``#`` that stand neither in braces nor in quotes."""
    start = depth = 0
    quoted = False
    for found in _TOKEN.finditer(raw) if "#" in raw else ():
        mark = found[0]
        depth += (mark == "{") - (mark == "}")
        quoted ^= mark == '"' and depth == 0
        if mark == "#" and depth == 0 and not quoted:
            yield raw[start : found.start()]
            start = found.end()
    yield raw[start:]


def _authors(stated: str) -> Iterator[Author]:
    """Names between ``and``; one that stands in braces as a whole is a group's."""
    for one in _names(stated):
        bare, parts = one.strip(), [latex.decode(part) for part in _outside(re.compile(","), one)]
        if bare.startswith("{") and next(_outside(re.compile(r"(?<=\})"), bare)) == bare:
            yield Author(collective=latex.decode(bare))
        elif len(parts) == 2:
            yield Author(*parts)
        elif len(parts) == 3:
            yield Author(f"{parts[0]} {parts[1]}".strip(), parts[2])
        else:
            yield from named(" ".join(parts))


def _names(stated: str) -> Iterator[str]:
    single = " ".join(stated.split())  # over a long run of blanks the expression takes quadratic time
    return (one for one in _outside(_AND, single) if one.strip() not in {"", "others"})


def _outside(separator: re.Pattern[str], stated: str) -> Iterator[str]:
    """A text split where a separator stands outside of all braces."""
    start = depth = 0
    for found in re.finditer(rf"\\.|(?P<brace>[{{}}])|(?P<sep>{separator.pattern})", stated, re.DOTALL):
        depth += (found["brace"] == "{") - (found["brace"] == "}")
        if found["sep"] is not None and depth == 0:
            yield stated[start : found.start()]
            start = found.end()
    yield stated[start:]


# --- writing --------------------------------------------------------------------------------------


def to_bibtex(items: Iterable[Item]) -> Iterator[str]:
    """One entry an item, in UTF-8. MeSH headings have no field of their own and are left out."""
    for item in items:
        kind = "article" if item.record.journal else "misc"
        stated = [f"  {key} = {{{value}}}" for key, value in _stated(item) if value]
        yield f"@{kind}{{{item.record_id},\n" + ",\n".join(stated) + "\n}\n\n"


def _stated(item: Item) -> Iterator[tuple[str, str]]:
    record, cells = item.record, flat(item)
    yield "title", latex.encode(record.title)
    yield "author", " and ".join(map(_name, record.authors))
    yield "journal", latex.encode(record.journal)
    yield "year", str(cells["year"] or "")
    yield "date", str(record.published) if record.published and record.published.month else ""
    yield "volume", latex.encode(record.volume)
    yield "number", latex.encode(record.issue)
    yield "pages", latex.encode(record.pages)
    yield from ((key, _verbatim(str(cells[key] or ""))) for key in ("doi", "pmid", "pmcid", "url"))
    yield "language", latex.encode(str(cells["language"] or ""))
    yield "keywords", latex.encode(_keywords(record.keywords))
    yield "publication_types", latex.encode("; ".join(record.publication_types))
    yield "note", latex.encode(" ".join(notes(record)))
    yield "abstract", latex.encode(record.abstract_text).replace("\n", " ")


def _keywords(keywords: Sequence[str]) -> str:
    """With commas between them, as biblatex wants it; with semicolons behind them, if there are commas inside."""
    return "; ".join((*keywords, "")) if any("," in one for one in keywords) else ", ".join(keywords)


def _verbatim(address: str) -> str:
    """An address as it is, without braces that would end the field."""
    return address.replace("{", "%7B").replace("}", "%7D")


def _name(author: Author) -> str:
    """A name that ``and`` and commas in it do not take apart."""
    if author.collective:
        return f"{{{latex.encode(author.collective)}}}"
    if named(author.family) == (author,):
        return latex.encode(author.family)
    family, given = (
        f"{{{latex.encode(part)}}}" if re.search(r",|\sand\s", f" {part} ") else latex.encode(part)
        for part in (author.family, author.given)
    )
    return f"{family}, {given}"
