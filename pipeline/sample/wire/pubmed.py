"""PubMed: answers of ESearch (JSON) and EFetch (XML).

Shapes: NLM's PubMed DTD (``pubmed_250101.dtd``) and "E-utilities In-Depth", https://www.ncbi.nlm.nih.gov/books/NBK25499/.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from pipeline.model import Author, PartialDate, Relation, RelationKind
from pipeline.sample.wire.markup import document, element, listed, stated, stopped
from pipeline.sample.world import Publication

_DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# NLM's unique ids of publication types (MeSH, "Publication Characteristics").
_TYPE_IDS = {
    "Case Reports": "D002363",
    "English Abstract": "D004740",
    "Journal Article": "D016428",
    "Meta-Analysis": "D017418",
    "Preprint": "D000076942",
    "Randomized Controlled Trial": "D016449",
    "Retracted Publication": "D016441",
    "Retraction of Publication": "D016440",
    "Review": "D016454",
    "Systematic Review": "D000078182",
}
_REF_TYPES: Mapping[RelationKind, str] = {
    RelationKind.RETRACTION_IN: "RetractionIn",
    RelationKind.RETRACTION_OF: "RetractionOf",
    RelationKind.UPDATE_OF: "UpdateOf",
}
_DATA_BANKS = {"NCT": "ClinicalTrials.gov", "ISR": "ISRCTN", "IRC": "IRCT"}


def esearch(found: Sequence[str], retstart: int, retmax: int, term: str) -> bytes:
    """Render the page of a result list (PMIDs, in PubMed's order) that ``retstart`` and ``retmax`` ask for."""
    page = found[retstart : retstart + retmax]
    result: dict[str, Any] = {"count": str(len(found)), "retmax": str(len(page)), "retstart": str(retstart)}
    result |= {"idlist": list(page), "translationset": [], "querytranslation": term}
    if not found:
        result["warninglist"] = {
            "phrasesignored": [],
            "quotedphrasesnotfound": [],
            "outputmessages": ["No items found."],
        }
    return _envelope(result)


def esearch_error(message: str) -> bytes:
    """Render what ESearch answers, with status 200, when it cannot search."""
    return _envelope({"ERROR": message})


def efetch(publications: Iterable[Publication]) -> bytes:
    """Render full records. Ids that PubMed does not know are simply not in it."""
    articles = element("PubmedArticleSet", *map(_article, publications))
    return document(articles, doctype=_DOCTYPE)


def efetch_error(message: str) -> bytes:
    """Render what EFetch answers, with status 200, when it is asked for nothing."""
    return document(element("eFetchResult", element("ERROR", message)))


def _envelope(result: Mapping[str, Any]) -> bytes:
    return json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}).encode()


def _article(one: Publication) -> Element:
    citation = element(
        "MedlineCitation",
        element("PMID", one.pmid, Version="1"),
        element("DateRevised", *_day(one.changed)),
        _bibliography(one),
        element("MedlineJournalInfo", element("MedlineTA", one.journal)),
        listed("CommentsCorrectionsList", *map(_relation, one.relations)),
        listed("MeshHeadingList", *map(_heading, one.mesh)),
        listed("KeywordList", *(element("Keyword", word, MajorTopicYN="N") for word in one.keywords), Owner="NOTNLM"),
        Status=one.status,
        Owner="NLM",
    )
    return element("PubmedArticle", citation, _pubmed_data(one))


def _bibliography(one: Publication) -> Element:
    """``Article``, its children in the order of the DTD."""
    electronic = one.published is not None and one.published.day is not None
    return element(
        "Article",
        _journal(one),
        element("ArticleTitle", stopped(one.title) if one.language == "eng" else f"[{one.title}]."),
        element("Pagination", element("MedlinePgn", one.pages)) if one.pages else None,
        stated("ELocationID", one.doi, EIdType="doi", ValidYN="Y"),
        listed("Abstract", *map(_section, one.abstract)) if one.abstract else None,
        listed("AuthorList", *map(_author, one.authors), CompleteYN="Y"),
        element("Language", one.language),
        listed("DataBankList", *map(_data_bank, one.registrations), CompleteYN="Y"),
        listed("PublicationTypeList", *map(_type, one.types)),
        stated("VernacularTitle", one.vernacular_title),
        element("ArticleDate", *_day(one.published.latest), DateType="Electronic")
        if electronic and one.published
        else None,
        PubModel="Electronic" if electronic else "Print",
    )


def _journal(one: Publication) -> Element:
    issue = element(
        "JournalIssue",
        stated("Volume", one.volume),
        stated("Issue", one.issue),
        element("PubDate", *_pub_date(one.published)),
        CitedMedium="Internet",
    )
    return element("Journal", issue, element("Title", one.journal))


def _pub_date(published: PartialDate | None) -> Iterable[Element]:
    """Render a journal issue's date: months by name, and no more of it than is known."""
    if published is None:
        return
    yield element("Year", str(published.year))
    if published.month:
        yield element("Month", _MONTHS[published.month - 1])
    if published.day:
        yield element("Day", f"{published.day:02}")


def _day(day: date) -> Iterable[Element]:
    return element("Year", f"{day:%Y}"), element("Month", f"{day:%m}"), element("Day", f"{day:%d}")


def _section(section: Any) -> Element:
    if not section.label:
        return element("AbstractText", section.text)
    return element("AbstractText", section.text, Label=section.label.upper())


def _author(author: Author) -> Element:
    if author.collective:
        return element("Author", element("CollectiveName", author.collective), ValidYN="Y")
    initials = "".join(part[0] for part in author.given.split())
    names = [("LastName", author.family), ("ForeName", author.given), ("Initials", initials)]
    return element("Author", *(stated(tag, name) for tag, name in names), ValidYN="Y")


def _type(name: str) -> Element:
    return element("PublicationType", name, UI=_TYPE_IDS[name])


def _heading(heading: str) -> Element:
    number, _, name = heading.partition(" ")
    return element("MeshHeading", element("DescriptorName", name, UI=number, MajorTopicYN="N"))


def _data_bank(number: str) -> Element:
    numbers = element("AccessionNumberList", element("AccessionNumber", number))
    return element("DataBank", element("DataBankName", _DATA_BANKS[number[:3]]), numbers)


def _relation(pointer: Relation) -> Element:
    return element(
        "CommentsCorrections",
        element("RefSource", pointer.citation),
        stated("PMID", pointer.pmid, Version="1"),
        RefType=_REF_TYPES[pointer.kind],
    )


def _pubmed_data(one: Publication) -> Element:
    ids = {"pubmed": one.pmid, "pmc": one.pmcid, "doi": one.doi}
    return element(
        "PubmedData",
        element("History", _moment(one.entered, "pubmed"), _moment(one.entered, "entrez")),
        element("PublicationStatus", "epublish" if one.published and one.published.day else "ppublish"),
        element("ArticleIdList", *(stated("ArticleId", number, IdType=kind) for kind, number in ids.items())),
    )


def _moment(day: date, status: str) -> Element:
    return element("PubMedPubDate", *_day(day), element("Hour", "6"), element("Minute", "0"), PubStatus=status)
