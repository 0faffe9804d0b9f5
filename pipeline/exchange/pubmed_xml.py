"""PubMed's XML: one answer taken apart into records, one record read.

Element meanings: NLM, "MEDLINE/PubMed XML Element Descriptions and their Attributes" and the PubmedArticleSet DTD.
Every path starts at the record's own element: reference lists further down repeat other articles' PMIDs and DOIs.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple
from xml.etree.ElementTree import Element, register_namespace, tostring

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed, SourceMalformed
from pipeline.exchange.dates import MONTHS
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from pipeline.xml_tree import xml_root

RECORD_TAGS = ("PubmedArticle", "PubmedBookArticle")
# What E-utilities say when asking again cannot help. Anything else they call an error may pass.
PERMANENT = (
    "id parameter is empty",
    "id list is empty",
    "cannot be larger",
    "out of acceptable range",
    "api key invalid",
)
# RefType (NLM, "Comments/Corrections") -> kind. A partial retraction leaves the article standing: it is a correction.
KINDS = {
    "RetractionIn": RelationKind.RETRACTION_IN,
    "RetractionOf": RelationKind.RETRACTION_OF,
    "RetractedandRepublishedIn": RelationKind.RETRACTION_IN,
    "RetractedandRepublishedFrom": RelationKind.REPUBLISHED_FROM,
    "PartialRetractionIn": RelationKind.ERRATUM_IN,
    "PartialRetractionOf": RelationKind.ERRATUM_FOR,
    "ErratumIn": RelationKind.ERRATUM_IN,
    "ErratumFor": RelationKind.ERRATUM_FOR,
    "CorrectedandRepublishedIn": RelationKind.ERRATUM_IN,
    "CorrectedandRepublishedFrom": RelationKind.REPUBLISHED_FROM,
    "ExpressionOfConcernIn": RelationKind.CONCERN_IN,
    "ExpressionOfConcernFor": RelationKind.CONCERN_FOR,
    "UpdateIn": RelationKind.UPDATE_IN,
    "UpdateOf": RelationKind.UPDATE_OF,
    "CommentIn": RelationKind.COMMENT_IN,
    "CommentOn": RelationKind.COMMENT_ON,
    "RepublishedIn": RelationKind.REPUBLISHED_IN,
    "RepublishedFrom": RelationKind.REPUBLISHED_FROM,
    "ReprintIn": RelationKind.REPUBLISHED_IN,
    "ReprintOf": RelationKind.REPUBLISHED_FROM,
}
# DataBankName of registries of trials (NLM, "MEDLINE databank sources"); all other databanks hold molecules or files.
TRIAL_BANKS = re.compile(
    r"anzctr|chictr|clinicaltrials\.gov|cris|ctis|ctri|drks|eudract|irct|isrctn|itmctr|japiccti|jmacct|jprn|jrct|lbctr|"
    r"ntr|pactr|rebec|repec|rpcec|slctr|tctr|umin-ctr",
    re.IGNORECASE,
)
# What NLM puts where a title was not translated (yet).
PLACEHOLDERS = frozenset({"not available", "in process citation"})

_BRACKETED = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\.?")
_ORCID = re.compile(r"([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9X])$", re.IGNORECASE)
_STATED_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S+")
_YEAR = re.compile(r"\b[0-9]{4}\b")

# MathML in titles and abstracts keeps PubMed's own prefix in a payload, instead of "ns0".
register_namespace("mml", "http://www.w3.org/1998/Math/MathML")


class Part(NamedTuple):
    """One record of an answer: its own bytes, and its PMID if it states one."""

    pmid: str
    payload: bytes


def parse(body: bytes) -> tuple[Part, ...]:
    """Take an efetch answer (or a record recorded alone) apart.

    Raises SourceMalformed if the answer is not PubMed's or states an error that may pass, SourceFailed if asking again
    cannot help. ``DeleteCitation``, in the yearly update files, is no record.
    """
    root = _root(body)
    refuse_stated_error(root)
    if root.tag in RECORD_TAGS:
        return (_part(root),)
    if root.tag != "PubmedArticleSet":
        raise SourceMalformed("the answer is XML, but no PubmedArticleSet")
    return tuple(_part(child) for child in root if child.tag in RECORD_TAGS)


class IllFormed(SourceMalformed):
    """An answer that came whole and is PubMed's, but in which something is no XML."""

    def __init__(self, message: str, body: bytes) -> None:
        self.body = body
        super().__init__(message)


def _root(body: bytes) -> Element:
    try:
        return xml_root(body)
    except SourceMalformed as error:
        if b"<PubmedArticleSet" in body and body.rstrip().endswith(b"</PubmedArticleSet>"):
            raise IllFormed(str(error), body) from error
        raise


def refuse_stated_error(root: Element) -> None:
    """Raise what an ``<ERROR>``, alone or inside any E-utilities envelope, says."""
    stated = root if root.tag == "ERROR" else root.find("ERROR")
    if stated is not None:
        raise stated_error(_text(stated))


def stated_error(words: str) -> SourceFailed:
    """Judge the source's own words for an error: worth another try (SourceMalformed) or not (SourceFailed)."""
    permanent = any(phrase in words.casefold() for phrase in PERMANENT)
    return (SourceFailed if permanent else SourceMalformed)(f"PubMed says: {text.clean(words)[:200]}")


def read(payload: bytes) -> Record:
    """Read one record; RecordRejected if it is not XML, or lacks its PMID or any title."""
    try:
        root = xml_root(payload)
    except SourceMalformed as error:
        raise RecordRejected(str(error)) from error
    pmid = _pmid(root)
    if not pmid:
        raise RecordRejected("the record states no PMID")
    record = _book(root, pmid) if root.tag == "PubmedBookArticle" else _article(root, pmid)
    if not record.title:
        raise RecordRejected(f"PMID {pmid} states no title")
    return record


def _part(element: Element) -> Part:
    element.tail = None  # what stands between records belongs to none
    return Part(_pmid(element), tostring(element, encoding="utf-8"))


def _pmid(element: Element) -> str:
    return text.pmid(_at(element, "MedlineCitation/PMID") or _at(element, "BookDocument/PMID"))


def _article(element: Element, pmid: str) -> Record:
    citation, data = _child(element, "MedlineCitation"), _child(element, "PubmedData")
    article, issue = _child(citation, "Article"), _child(citation, "Article/Journal/JournalIssue")
    title, vernacular = _titles(article)
    published, stated = _published(article)
    return Record(
        source="pubmed",
        source_id=pmid,
        title=title,
        vernacular_title=vernacular,
        abstract=_abstract(article),
        authors=_authors(article),
        journal=_at(article, "Journal/Title") or _at(article, "Journal/ISOAbbreviation"),
        volume=_at(issue, "Volume"),
        issue=_at(issue, "Issue"),
        pages=_at(article, "Pagination/MedlinePgn"),
        published=published,
        published_stated=stated,
        indexed=_indexed(data),
        doi=_doi(data, article),
        pmid=pmid,
        pmcid=text.pmcid(_at(data, "ArticleIdList/ArticleId[@IdType='pmc']")),
        registrations=_registrations(article),
        publication_types=_all(article, "PublicationTypeList/PublicationType"),
        mesh=_all(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
        keywords=_all(citation, "KeywordList/Keyword"),
        languages=_all(article, "Language"),
        relations=tuple(_relations(citation)),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        publication_status=_at(data, "PublicationStatus"),
        status=citation.get("Status", ""),
    )


def _book(element: Element, pmid: str) -> Record:
    """Read a Bookshelf record: a chapter, with a title and a date of its own, or a whole book."""
    document, data = _child(element, "BookDocument"), _child(element, "PubmedBookData")
    book = _child(document, "Book")
    chapter, vernacular = _titles(document)
    title = _at(book, "BookTitle")
    return Record(
        source="pubmed",
        source_id=pmid,
        title=chapter or title,
        vernacular_title=vernacular,
        abstract=_abstract(document),
        authors=_authors(document) or _authors(book),
        journal=title if chapter else "",
        pages=_at(document, "Pagination/MedlinePgn"),
        published=_date(_child(document, "ContributionDate")) or _date(_child(book, "PubDate")),
        indexed=_indexed(data),
        doi=_doi(data, document, book),
        pmid=pmid,
        publication_types=_all(document, "PublicationType"),
        keywords=_all(document, "KeywordList/Keyword"),
        languages=_all(document, "Language"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
    )


def _child(element: Element, path: str) -> Element:
    """Give the first element at a path, or an empty one that states nothing."""
    found = element.find(path)
    return Element("absent") if found is None else found


def _text(element: Element) -> str:
    """Give all text inside, through ``<i>``, ``<sub>`` and MathML alike, also where they were escaped once more."""
    return text.from_markup("".join(element.itertext()))


def _at(element: Element, path: str) -> str:
    """Give the text of the first element at a path; empty if there is none."""
    return _text(_child(element, path))


def _all(element: Element, path: str) -> tuple[str, ...]:
    """Give the text of every element at a path, in order, once each."""
    return tuple(dict.fromkeys(filter(None, map(_text, element.findall(path)))))


def _titles(element: Element) -> tuple[str, str]:
    """Give the title and the vernacular title.

    A translated title stands in brackets, which go. Where none was made, the vernacular title takes its place.
    """
    stated, vernacular = _at(element, "ArticleTitle"), _at(element, "VernacularTitle")
    bracketed = _BRACKETED.fullmatch(stated)
    title = bracketed[1].strip() if bracketed else stated
    untranslated = not title or title.rstrip(".").casefold() in PLACEHOLDERS
    return (vernacular if untranslated and vernacular else title), vernacular


def _abstract(element: Element) -> tuple[Section, ...]:
    """Give the abstract's parts that hold text. ``UNLABELLED`` is PubMed's word for no label."""
    parts = ((_text(part), text.clean(part.get("Label", ""))) for part in element.findall("Abstract/AbstractText"))
    return tuple(Section(words, "" if label == "UNLABELLED" else label) for words, label in parts if words)


def _authors(element: Element) -> tuple[Author, ...]:
    """Give people and groups that wrote it: no editors, no investigators, no name that was corrected (ValidYN="N")."""
    listed = (one for people in element.findall("AuthorList") if people.get("Type") != "editors" for one in people)
    valid = (_author(one) for one in listed if one.get("ValidYN") != "N")
    return tuple(author for author in valid if author.family or author.given or author.collective)


def _author(element: Element) -> Author:
    orcid = _ORCID.search(_at(element, "Identifier[@Source='ORCID']"))
    return Author(
        family=_at(element, "LastName"),
        given=_at(element, "ForeName") or _at(element, "Initials"),
        collective=_at(element, "CollectiveName"),
        orcid="-".join(orcid.groups()).upper() if orcid else "",
    )


def _published(article: Element) -> tuple[PartialDate | None, str]:
    """Give the day of electronic publication, else the issue's date and its own words where they say more."""
    electronic = _date(_child(article, "ArticleDate[@DateType='Electronic']"))
    if electronic:
        return electronic, ""
    issue = _child(article, "Journal/JournalIssue/PubDate")
    date, words = _date(issue), [_text(part) for part in issue]
    exact = date is not None and len(words) == str(date).count("-") + 1 and not _at(issue, "MedlineDate")
    return date, "" if exact else " ".join(words)


def _indexed(data: Element) -> PartialDate | None:
    """Give the day the record entered PubMed (CRDT). The status "pubmed" (EDAT) may be set back to the publication."""
    return _date(_child(data, "History/PubMedPubDate[@PubStatus='entrez']"))


def _date(element: Element) -> PartialDate | None:
    """Read Year, Month (number or name) and Day as far as stated and possible; of a MedlineDate, its first year."""
    year = _YEAR.search(_at(element, "Year") or _at(element, "MedlineDate"))
    numbers = (int(year[0]) if year else 0, _month(_at(element, "Month")), _number(_at(element, "Day")))
    for precision in (3, 2, 1):
        if all(numbers[:precision]):
            with suppress(ValueError):
                return PartialDate(*numbers[:precision])
    return None


def _month(stated: str) -> int:
    """Read a month's number or English name; 0 for anything else."""
    name = stated[:3].casefold()
    return MONTHS.index(name) + 1 if name in MONTHS else _number(stated)


def _number(stated: str) -> int:
    return int(stated) if re.fullmatch("[0-9]{1,2}", stated) else 0


def _doi(*places: Element) -> str:
    """Give the first DOI among the record's own identifiers."""
    paths = ("ArticleIdList/ArticleId[@IdType='doi']", "ELocationID[@EIdType='doi'][@ValidYN='Y']")
    stated = (one for place in places for path in paths for one in place.findall(path))
    return next(filter(None, (text.doi(_text(one)) for one in stated)), "")


def _registrations(article: Element) -> tuple[str, ...]:
    """Give the trial numbers; one that fits no known shape is kept as stated."""
    return tuple(
        dict.fromkeys(
            number
            for bank in article.findall("DataBankList/DataBank")
            if TRIAL_BANKS.fullmatch(_at(bank, "DataBankName"))
            for accession in _all(bank, "AccessionNumberList/AccessionNumber")
            for number in _numbers(_at(bank, "DataBankName"), "".join(accession.split()))
        )
    )


def _numbers(bank: str, accession: str) -> tuple[str, ...]:
    """Spell one accession number as its registry does; some are stated without the registry's letters."""
    return tuple(text.registrations(accession)) or tuple(text.registrations(f"{bank} {accession}")) or (accession,)


def _relations(citation: Element) -> Iterator[Relation]:
    """Give the links to notices, versions and comments. References ("Cites") are none."""
    for one in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        stated, source = one.get("RefType", ""), _at(one, "RefSource")
        doi = _STATED_DOI.search(source)
        if stated != "Cites":
            yield Relation(
                kind=KINDS.get(stated, RelationKind.OTHER),
                stated=stated,
                pmid=text.pmid(_at(one, "PMID")),
                doi=text.doi(doi[0]) if doi else "",
                citation=source,
            )
