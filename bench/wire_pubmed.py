"""PubMed's recordings, read by our adapter and by Biopython, which shares no code with it."""

import html
import importlib
import importlib.util
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.wire import ManifestRow, Tally
from pipeline.errors import SourceFailed
from pipeline.exchange.pubmed_xml import parse, read
from pipeline.harvest.fetch import Answer
from pipeline.harvest.pubmed_search import read_search
from pipeline.model import Record
from pipeline.text import clean

# Biopython reads only documents whose DTD it ships; all PubMed DTDs of the recorded years describe the same elements.
_PROLOGUE = (
    b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
    b'2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)
_ROOT = re.compile(rb"<(PubmedArticleSet|PubmedArticle|PubmedBookArticle)\b")
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def compare(folder: Path, files: Sequence[ManifestRow]) -> Tally:
    """Read every answer twice. Raw cassettes are left out: their decoded bodies are recordings of their own."""
    tally = Tally()
    if importlib.util.find_spec("Bio") is None:
        tally.notes.append("absent: biopython, which PubMed's recordings are compared with")
        return tally
    for row in files:
        if row.status != "real, cassette":
            tally.files += 1
            _compare_file(tally, row, (folder / row.file).read_bytes())
    return tally


def _compare_file(tally: Tally, row: ManifestRow, body: bytes) -> None:
    if " ids " in row.records:
        _compare_search(tally, row, body)
    elif " articles " in row.records:
        tally.expected += sum(map(int, re.findall(r"(\d+) (?:article|book)", row.records)))
        _compare_records(tally, row.file, body)
    elif not _is_refused(body):
        tally.check(row.file, "-", {"answer": "accepted"}, {"answer": "not a record set"})


def _compare_search(tally: Tally, row: ManifestRow, body: bytes) -> None:
    """Count the ids of a search. One of which PubMed dropped a word is refused on purpose, with the word."""
    try:
        found = read_search(Answer("", 200, {}, body))
    except SourceFailed as error:
        dropped = json.loads(body)["esearchresult"].get("errorlist", {}).get("phrasesnotfound", [])
        tally.check(row.file, "-", {"dropped": str(error).rpartition(": ")[2]}, {"dropped": ", ".join(dropped)})
        tally.notes.append(f"{row.file}: {error}")
        return
    tally.expected += int(row.records.split()[0])
    tally.read += len(found.pmids)


def _is_refused(body: bytes) -> bool:
    """Say whether an answer that holds no records is recognised as such, by search and fetch alike."""
    for reader in (lambda: read_search(Answer("", 200, {}, body)), lambda: parse(body)):
        try:
            reader()
        except SourceFailed:
            continue
        return False
    return True


def _compare_records(tally: Tally, file: str, body: bytes) -> None:
    if b"<ERROR>" in body and _is_refused(body):
        return
    ours = [read(part.payload) for part in parse(body)]
    tally.read += len(ours)
    others = list(_second_reading(body))
    tally.check(file, "-", {"records": len(ours)}, {"records": len(others)})
    for one, other in zip(ours, others, strict=False):
        tally.check(file, one.source_id, _ours(one), other)


def _ours(record: Record) -> dict[str, object]:
    return {
        "abstract": " ".join(part.text for part in record.abstract),
        "authors": [author.collective or author.family for author in record.authors],
        "doi": record.doi,
        "indexed": str(record.indexed or ""),
        "journal": record.journal,
        "keywords": set(record.keywords),
        "languages": list(record.languages),
        "mesh": set(record.mesh),
        "orcids": [author.orcid for author in record.authors if author.orcid],
        "pages": record.pages,
        "pmcid": record.pmcid,
        "pmid": record.pmid,
        "published": str(record.published or ""),
        "registrations": [re.sub(r"\W", "", number) for number in record.registrations],
        "relations": [(relation.stated, relation.pmid) for relation in record.relations],
        "status": record.status,
        "title": record.title,
        "types": list(record.publication_types),
        "vernacular": record.vernacular_title,
    }


def _second_reading(body: bytes) -> Iterator[dict[str, object]]:
    root = _ROOT.search(body)
    assert root, "no record set"
    content = body[root.start() :]
    if root[1] != b"PubmedArticleSet":
        content = b"<PubmedArticleSet>" + content + b"</PubmedArticleSet>"
    entrez = importlib.import_module("Bio.Entrez")
    content = re.sub(rb"<DeleteCitation>.*?</DeleteCitation>", b"", content, flags=re.DOTALL)
    content = content.replace(b' xmlns="http://www.w3.org/1998/Math/MathML"', b"")  # it wants this one as a prefix
    records = entrez.read(io.BytesIO(_PROLOGUE + content), validate=False, escape=True)
    yield from map(_article, records["PubmedArticle"])
    yield from map(_book, records["PubmedBookArticle"])


def _article(record: Any) -> dict[str, object]:
    citation, data = record["MedlineCitation"], record.get("PubmedData", {})
    article = citation["Article"]
    issue = article["Journal"]["JournalIssue"]
    locations = [one for one in article.get("ELocationID", []) if one.attributes.get("ValidYN") == "Y"]
    identifiers = data.get("ArticleIdList", [])
    vernacular = _plain(article.get("VernacularTitle", ""))
    return _record(
        citation["PMID"],
        article,
        data,
        doi=_first(identifiers, "IdType", "doi") or _first(locations, "EIdType", "doi"),
        journal=_plain(article["Journal"]["Title"]),
        keywords={_plain(word) for words in citation.get("KeywordList", []) for word in words} - {""},
        mesh={_plain(heading["DescriptorName"]) for heading in citation.get("MeshHeadingList", [])},
        pmcid=_first(identifiers, "IdType", "pmc").upper(),
        published=next(map(_date, article.get("ArticleDate", [])), "") or _date(issue["PubDate"]),
        registrations=[
            re.sub(r"\W", "", number)
            for bank in article.get("DataBankList", [])
            if bank["DataBankName"] in {"ClinicalTrials.gov", "CTRI"}
            for number in bank["AccessionNumberList"]
        ],
        relations=[
            (one.attributes["RefType"], str(one.get("PMID", "")))
            for one in citation.get("CommentsCorrectionsList", [])
            if one.attributes["RefType"] != "Cites"
        ],
        status=citation.attributes["Status"],
        title=_title(article["ArticleTitle"]) or vernacular,
        types=list(dict.fromkeys(map(_plain, article["PublicationTypeList"]))),
        vernacular=vernacular,
    )


def _book(record: Any) -> dict[str, object]:
    document, data = record["BookDocument"], record["PubmedBookData"]
    chapter, book = _title(document.get("ArticleTitle", "")), _plain(document["Book"]["BookTitle"])
    lists = document.get("AuthorList") or document["Book"].get("AuthorList", [])
    return _record(
        document["PMID"],
        {**document, "AuthorList": [one for people in lists for one in people]},
        data,
        doi=_first(document.get("ArticleIdList", []), "IdType", "doi"),
        journal=book if chapter else "",
        keywords=set(),
        mesh=set(),
        pmcid="",
        published=_date(document.get("ContributionDate", {})) or _date(document["Book"]["PubDate"]),
        registrations=[],
        relations=[],
        status="",
        title=chapter or book,
        types=list(map(_plain, document.get("PublicationType", []))),
        vernacular="",
    )


def _record(pmid: str, article: Any, data: Any, **more: object) -> dict[str, object]:
    """Give what articles and books state alike, with what they do not."""
    authors = [one for one in article.get("AuthorList", []) if one.attributes.get("ValidYN", "Y") == "Y"]
    entered = [one for one in data.get("History", []) if one.attributes["PubStatus"] == "entrez"]
    orcids = [re.sub(r"[^0-9X]", "", number.upper()) for one in authors for number in one.get("Identifier", [])]
    return {
        "abstract": clean(" ".join(filter(None, map(_plain, article.get("Abstract", {}).get("AbstractText", []))))),
        "authors": [_plain(one.get("CollectiveName") or one["LastName"]) for one in authors],
        "indexed": next(map(_date, entered), ""),
        "languages": _languages(article.get("Language", [])),
        "orcids": ["-".join(number[at : at + 4] for at in (0, 4, 8, 12)) for number in orcids],
        "pages": _plain(article.get("Pagination", {}).get("MedlinePgn", "")),
        "pmid": str(pmid),
        **more,
    }


def _languages(stated: Any) -> list[str]:
    return [str(stated)] if isinstance(stated, str) else [str(one) for one in stated]


def _first(identifiers: Any, attribute: str, kind: str) -> str:
    return next((str(one).strip().lower() for one in identifiers if one.attributes.get(attribute) == kind), "")


def _title(stated: str) -> str:
    """Take the brackets off a translated title, and only off one: "[18F]FDG in [11C]" keeps its own."""
    title = _plain(stated)
    inner = title.removesuffix(".").removeprefix("[").removesuffix("]")
    return inner if title.startswith("[") and title.rstrip(".").endswith("]") and "]" not in inner else title


def _plain(marked: str) -> str:
    """Biopython gives text with its tags, and escapes everything that is none."""
    return clean(html.unescape(re.sub(r'<(?:[^>"]|"[^"]*")+>', "", str(marked))))


def _date(stated: Any) -> str:
    """Write Year, Month, Day (or the year of a MedlineDate) in ISO form, as far as stated."""
    year = str(stated.get("Year") or stated.get("MedlineDate", ""))[:4]
    month = str(stated.get("Month", ""))
    if month and not month.isdecimal():
        month = str(_MONTHS.index(month[:3]) // 3 + 1)
    parts = [year, month.zfill(2) if month else "", str(stated.get("Day", "")).zfill(2) if stated.get("Day") else ""]
    return "-".join(part for part in parts if part)
