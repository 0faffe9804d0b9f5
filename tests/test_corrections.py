"""Every correction from every source that can know it: read from its wire format, recognised, and told once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from pipeline.exchange import pubmed_xml
from pipeline.harvest import crossref_json, europepmc_json, medrxiv_json, openalex_json, retractionwatch_csv
from pipeline.model import EventKind, Record
from pipeline.store import Store
from tests.store.keeping import NOW, advance, memory_store
from tests.store.test_told import tell

TITLE = "Acupuncture in multiple sclerosis: a made-up trial"
NOTICE = "A made-up notice about acupuncture in multiple sclerosis"
PUBMED, DOI = "https://pubmed.ncbi.nlm.nih.gov/99000009/", "https://doi.org/10.5555/notice"
ARTICLE_LINK = "https://doi.org/10.5555/told"


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    with memory_store() as store:
        yield store


# --- what each source sends ---------------------------------------------------------------------------


def pubmed(
    *, pmid: str = "99000001", doi: str = "10.5555/told", title: str = TITLE, types: Sequence[str] = (), **refers: str
) -> Record:
    """A PubMed article; ``refers`` maps a RefType to a PMID, or to a citation if it is none."""
    stated = "".join(f"<PublicationType>{one}</PublicationType>" for one in ("Journal Article", *types))
    pointers = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>{"J Made Up. 2026;1:2" if to.isdigit() else to}</RefSource>'
        f"{f'<PMID>{to}</PMID>' if to.isdigit() else ''}</CommentsCorrections>"
        for kind, to in refers.items()
    )
    found = f'<ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>' if doi else ""
    return pubmed_xml.read(
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle>"
        f"<PublicationTypeList>{stated}</PublicationTypeList></Article>"
        f"<CommentsCorrectionsList>{pointers}</CommentsCorrectionsList></MedlineCitation>"
        f"<PubmedData>{found}</PubmedData></PubmedArticle>".encode()
    )


def europepmc(*corrections: Mapping[str, str], types: Sequence[str] = ("journal article",), **changes: Any) -> Record:
    """A Europe PMC result with these corrections."""
    stated = {"source": "MED", "id": "99000001", "doi": "10.5555/told", "title": TITLE, **changes}
    lists = {"pubTypeList": {"pubType": [*types]}, "commentCorrectionList": {"commentCorrection": [*corrections]}}
    return europepmc_json.record({**stated, **lists})


def corrected(kind: str, number: str = "99000009", source: str = "MED") -> dict[str, str]:
    """A correction as Europe PMC lists it."""
    return {"id": number, "source": source, "type": kind, "reference": "J Made Up. 2026; 1(2)"}


def crossref(stated: Mapping[str, Any], doi: str = "10.5555/told", title: str = TITLE) -> Record:
    """A Crossref work."""
    return crossref_json.record({"DOI": doi, "title": [title], "type": "journal-article", **stated})


def update(kind: str, doi: str = "10.5555/notice") -> list[dict[str, str]]:
    """An update as Crossref lists it."""
    return [{"DOI": doi, "type": kind, "label": kind, "source": "publisher"}]


def retractionwatch(nature: str, doi: str = "10.5555/notice", pmid: str = "0") -> Record:
    """A row of the Retraction Watch file."""
    about = {"OriginalPaperDOI": "10.5555/told", "OriginalPaperPubMedID": "99000001.0", "RetractionNature": nature}
    row = {"Record ID": "7", "Title": TITLE, "RetractionDate": "10/2/2026 0:00", "Reason": "", "Journal": "J"}
    return retractionwatch_csv.record({**row, **about, "RetractionDOI": doi, "RetractionPubMedID": pmid})


def openalex(**fields: Any) -> Record:
    """An OpenAlex work."""
    return openalex_json.record({"id": "W9900000001", "doi": ARTICLE_LINK, "title": TITLE, "type": "article", **fields})


def medrxiv(**fields: str) -> Record:
    """A preprint of medRxiv."""
    stated = {"doi": "10.5555/preprint", "title": TITLE, "version": "2", "server": "medRxiv", "published": "NA"}
    return medrxiv_json.record([{**stated, "date": "2026-10-01", "type": "new results", **fields}])


def posted(stated: Mapping[str, Any]) -> Record:
    """A preprint of Crossref."""
    return crossref({"type": "posted-content", "subtype": "preprint", **stated}, "10.5555/preprint")


def ppr(*corrections: Mapping[str, str], types: Sequence[str] = ("preprint",)) -> Record:
    """A preprint of Europe PMC."""
    return europepmc(*corrections, types=types, source="PPR", id="PPR99000001", doi="10.5555/preprint")


def notice(*types: str, **refers: str) -> Record:
    """A notice in PubMed."""
    return pubmed(pmid="99000009", doi="", title=NOTICE, types=types, **refers)


def to(stated: Mapping[str, Any]) -> Record:
    """A notice in Crossref."""
    return crossref(stated, "10.5555/notice", NOTICE)


ARTICLE, PREPRINT = pubmed(), medrxiv()
OWN = "99000001"

RETRACTED = [
    (pubmed(types=["Retracted Publication"]), ""),
    (pubmed(RetractionIn="99000009"), PUBMED),
    (pubmed(RetractedandRepublishedIn="99000009"), PUBMED),
    (notice("Retraction of Publication", RetractionOf=OWN), PUBMED),
    (europepmc(types=["retracted publication"]), ""),
    (europepmc(corrected("Retraction in")), PUBMED),
    (europepmc(corrected("Retraction of", OWN), id="99000009", doi="", title=NOTICE), PUBMED),
    *((crossref({"updated-by": update(kind)}), DOI) for kind in ("retraction", "withdrawal", "removal")),
    (to({"update-to": update("retraction", "10.5555/told")}), DOI),
    (crossref({"update-to": update("retraction", "10.5555/told")}), ARTICLE_LINK),
    (openalex(is_retracted=True), ""),
    (retractionwatch("Retraction"), DOI),
    (retractionwatch("Retraction", "unavailable", "99000009.0"), PUBMED),
]
CONCERN = [
    (pubmed(ExpressionOfConcernIn="99000009"), PUBMED),
    (notice("Expression of Concern", ExpressionOfConcernFor=OWN), PUBMED),
    (europepmc(corrected("Expression of concern in")), PUBMED),
    (crossref({"updated-by": update("expression_of_concern")}), DOI),
    (to({"update-to": update("expression_of_concern", "10.5555/told")}), DOI),
    (retractionwatch("Expression of concern"), DOI),
    (retractionwatch("Expression of concern", "unavailable"), f"Expression of concern: {TITLE}"),
]
CORRECTED = [
    (pubmed(ErratumIn="99000009"), PUBMED),
    (pubmed(ErratumIn="J Made Up. 2026;9:9"), "J Made Up. 2026;9:9"),
    (pubmed(ErratumIn="J Made Up. 2026;9:9. doi: 10.5555/notice."), DOI),
    (pubmed(PartialRetractionIn="99000009"), PUBMED),
    (pubmed(CorrectedandRepublishedIn="99000009"), PUBMED),
    (notice("Published Erratum", ErratumFor=OWN), PUBMED),
    (notice("Published Erratum", PartialRetractionOf=OWN), PUBMED),
    (europepmc(corrected("Erratum in")), PUBMED),
    (europepmc(corrected("Partial retraction in")), PUBMED),
    *(
        (crossref({"updated-by": update(kind)}), DOI)
        for kind in ("correction", "corrigendum", "erratum", "addendum", "clarification", "partial_retraction")
    ),
    (to({"update-to": update("partial-retraction", "10.5555/told")}), DOI),
    (crossref({"update-to": update("correction", "10.5555/told")}), ARTICLE_LINK),
    (retractionwatch("Correction"), DOI),
]
WITHDRAWN = [
    (medrxiv(type="withdrawn"), ""),
    (ppr(types=["preprint", "preprint-withdrawal"]), ""),
    (ppr(types=["Preprint-removal"]), ""),
    (posted({"updated-by": update("withdrawal")}), DOI),
    (posted({"updated-by": update("removal")}), DOI),
]
PUBLISHED = [
    (medrxiv(published="10.5555/told"), ARTICLE_LINK),
    (posted({"relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/told"}]}}), ARTICLE_LINK),
    (crossref({"relation": {"has-preprint": [{"id-type": "doi", "id": "10.5555/preprint"}]}}), ARTICLE_LINK),
    (ppr(corrected("Preprint of")), PUBMED),
    (europepmc(corrected("Preprint in", "PPR99000001", "PPR")), ARTICLE_LINK),
    (pubmed(UpdateOf="J Made Up. 2026. doi: 10.5555/preprint"), ARTICLE_LINK),
]
TABLE = [
    *((EventKind.RETRACTED, ARTICLE, *row) for row in RETRACTED),
    *((EventKind.CONCERN, ARTICLE, *row) for row in CONCERN),
    *((EventKind.CORRECTED, ARTICLE, *row) for row in CORRECTED),
    *((EventKind.WITHDRAWN, PREPRINT, *row) for row in WITHDRAWN),
    *((EventKind.PUBLISHED, PREPRINT, *row) for row in PUBLISHED),
]


def told(store: Store, *records: Record) -> None:
    """Know these records, and tell them."""
    advance(store, *records)
    tell(store, 1, [event.id for event in store.told.untold("weekly")])


def untold(store: Store) -> list[tuple[EventKind, str]]:
    """What befell them since."""
    return [(event.kind, event.notice) for event in store.told.untold("weekly")]


@pytest.mark.parametrize(("kind", "known", "record", "where"), TABLE)
def test_recognised(store: Store, kind: EventKind, known: Record, record: Record, where: str) -> None:
    """What befell a publication that was told is recorded, as what it is and nothing else, with where that can be read.

    However often it comes again.
    """
    first = ppr() if record.source == "europepmc" and known is PREPRINT else known
    told(store, first)
    for day in range(2):
        advance(store, record, now=NOW + timedelta(days=2 + day))
        assert untold(store) == [(kind, where)], day


SAME_CORRECTION = (
    pubmed(ErratumIn="99000009"),
    europepmc(corrected("Erratum in")),
    crossref({"updated-by": update("correction")}),
    retractionwatch("Correction"),
)
SAME_CONCERN = (
    notice("Expression of Concern", ExpressionOfConcernFor=OWN),
    crossref({"updated-by": update("expression_of_concern")}),
    retractionwatch("Expression of concern", "unavailable"),
    europepmc(corrected("Expression of concern in")),
)
SAME_RETRACTION = (
    pubmed(RetractionIn="99000009"),
    crossref({"updated-by": update("retraction")}),
    openalex(is_retracted=True),
    retractionwatch("Retraction"),
)


@pytest.mark.parametrize(
    ("kind", "records"),
    [
        *((EventKind.CORRECTED, order) for order in permutations(SAME_CORRECTION)),
        *((EventKind.CONCERN, order) for order in permutations(SAME_CONCERN)),
        *((EventKind.RETRACTED, order) for order in permutations(SAME_RETRACTION)),
    ],
)
def test_once(store: Store, kind: EventKind, records: Sequence[Record]) -> None:
    """One notice is told once, by whichever source knows first, however the later ones name it."""
    told(store, ARTICLE)
    advance(store, records[0])
    [(happened, _)] = untold(store)
    tell(store, 2, [event.id for event in store.told.untold("weekly")])
    for record in records[1:]:
        advance(store, record)
        assert untold(store) == []
    assert happened is kind


def test_at_once(store: Store) -> None:
    """What all sources say in one run is told once as well."""
    told(store, ARTICLE)
    advance(store, *SAME_CORRECTION)
    assert untold(store) == [(EventKind.CORRECTED, PUBMED)]


def test_two_corrections(store: Store) -> None:
    """Two notices are told as two, each when the first source shows it, also where each only points at the article."""
    told(store, ARTICLE)
    advance(store, notice("Published Erratum", ErratumFor=OWN))
    assert untold(store) == [(EventKind.CORRECTED, PUBMED)]
    second = pubmed(pmid="99000008", doi="", title=f"{NOTICE}, again", types=["Published Erratum"], ErratumFor=OWN)
    advance(store, second, crossref({"updated-by": update("correction")}))
    second_link = "https://pubmed.ncbi.nlm.nih.gov/99000008/"
    assert untold(store) == [(EventKind.CORRECTED, PUBMED), (EventKind.CORRECTED, second_link)]


def test_other_marks(store: Store) -> None:
    """A new version, a comment, a reinstatement or a plain preprint befalls nothing that was told."""
    told(store, ARTICLE, PREPRINT)
    advance(
        store,
        pubmed(CommentIn="99000007", UpdateIn="99000006"),
        crossref({"updated-by": update("new_version")}),
        retractionwatch("Reinstatement"),
        openalex(is_retracted=False),
        posted({}),
    )
    assert untold(store) == []
