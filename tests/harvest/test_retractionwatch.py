"""What is special about Retraction Watch; what it shares with other sources is in test_contract.py."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from pipeline import match
from pipeline.appraise import appraise
from pipeline.errors import SourceFailed, SourceSkipped
from pipeline.harvest.retractionwatch import RetractionWatch
from pipeline.harvest.source import Known
from pipeline.model import Facts, PartialDate, Record, Relation, RelationKind, Relationship
from pipeline.proof import Watched
from pipeline.works import NOTICES
from tests.harvest.case_retractionwatch import (
    CASE,
    CONCERN,
    CORRECTION,
    ELSEWHERE,
    FILE,
    HEADER,
    PATH,
    REINSTATEMENT,
    RETRACTION,
    UNDONE,
    file,
    line,
    payload,
    refuse,
    row,
)
from tests.harvest.contract import EMPTY, SUBJECT, Outcome, harvest
from tests.support.server import LocalServer, Reply

SOURCE = RetractionWatch()
TRIAL = Watched(frozenset({"10.5555/trial.2022.1"}))
UNSTATED = (("", ""), ("unavailable", "0"), ("Unavailable", "0.0"), (" ", "unavailable"), ("n/a", "-1"))
ARTICLE = Record(
    source="pubmed",
    source_id="99100001",
    title='Made-up trial of "needling", CD5+ cells and x<y in multiple sclerosis',
    pmid="99100001",
    doi="10.5555/trial.2022.1",
)


def take(server: LocalServer, body: bytes, watched: Watched = TRIAL) -> Outcome:
    """Harvest a file for what is watched."""
    refuse(server, Reply(body=body))
    with CASE.client(server) as client:
        return harvest(SOURCE, client, Known({}, watched=watched))


def take_rows(server: LocalServer, *rows: Sequence[str]) -> dict[str, Record]:
    """Harvest rows about the made-up trial."""
    return {one.source_id: one for one in take(server, file([line(cells) for cells in rows])).records}


def facts(*records: Record) -> Facts:
    """Appraise the made-up trial beside these notices, linked as matching links them."""
    found = match.group([ARTICLE, *records])
    notices = {one.key: one for one in records}
    linked = [(link.relationship, notices[link.a]) for link in found.links if link.relationship in NOTICES]
    return appraise([ARTICLE], linked)


def test_nothing_watched(server: LocalServer) -> None:
    """As long as nothing is watched there is nothing to look up: the file is not fetched, which proves nothing."""
    with CASE.client(server) as client, pytest.raises(SourceSkipped, match="the next run will"):
        harvest(SOURCE, client, EMPTY)
    assert server.requests == []


def test_never_whole(server: LocalServer) -> None:
    """What comes is what is watched, not what the file holds; it is asked for without a condition."""
    outcome = take(server, FILE)
    assert [one.source_id for one in outcome.records] == ["99001"]
    assert not outcome.proof.whole
    assert outcome.proof.validator is None
    assert not SOURCE.lists_all
    assert SOURCE.query(SUBJECT) == ""


@pytest.mark.parametrize("watched", [TRIAL, Watched(pmids=frozenset({"99100001"}))])
def test_either_identifier(server: LocalServer, watched: Watched) -> None:
    """A row is found by the article's DOI in any case, or by its PubMed id in decimals."""
    assert take(server, FILE, watched).records == (RETRACTION,)


def test_unstated_identifiers(server: LocalServer) -> None:
    """Rows without identifiers match nothing, though others lack them too."""
    rows = [row("99001", OriginalPaperDOI=doi, OriginalPaperPubMedID=pmid) for doi, pmid in UNSTATED]
    assert take(server, file([line(cells) for cells in rows])).records == ()


def test_encoding(server: LocalServer) -> None:
    """Bytes that are no UTF-8, a byte order mark and line ends of Windows are in nobody's way."""
    body = file([line(row("99001", Title="Made-up Brandão"))]).replace("ã".encode(), b"\xe3").replace(b"\n", b"\r\n")
    (record,) = take(server, b"\xef\xbb\xbf" + body).records
    assert record.title == "Retraction: Made-up Brand\ufffdo"


def test_columns_in_any_order(server: LocalServer) -> None:
    """Cells are found by the names of their columns; a column more, less or elsewhere changes nothing."""
    cells = [*zip(HEADER, row("99001"), strict=True)][::-1]
    lines = [line([name for name, _ in cells]), line([cell for _, cell in cells])]
    assert take(server, b"".join(lines)).records == (RETRACTION,)


@pytest.mark.parametrize("change", ["short", "long"])
def test_cells_out_of_place(server: LocalServer, change: str) -> None:
    """A row with a cell too few or too many is set aside if it may be about what is watched, and else passed over."""
    cells = row("99001")
    broken = cells[1:] if change == "short" else ["", *cells]
    other = row("99006")[1:]
    outcome = take(server, file([line(broken), b"\n", line(other)]))
    assert (len(outcome.records), len(outcome.rejected)) == (0, 1)


def test_cut_within_the_last_cell(server: LocalServer) -> None:
    """A file that breaks off in a quotation is not whole, even if all cells have begun."""
    cells = row("99006")[:-1]
    body = line(HEADER[:-1]) + line([*cells[:-1], "A note,\nover two lines"])
    assert take(server, body).records == ()
    with pytest.raises(SourceFailed, match="quotation"):
        take(server, body[: body.index(b" two lines")])


def test_without_a_last_line_end(server: LocalServer) -> None:
    """The last row may end with the file."""
    assert len(take(server, FILE.rstrip(b"\n")).records) == 1


def test_same_number_twice(server: LocalServer) -> None:
    """Of rows with one number the first counts."""
    outcome = take(server, file([line(row("99001")), line(row("99001", Title="Made-up repetition"))]))
    assert outcome.records == (RETRACTION,)


def test_unreadable_is_listed(server: LocalServer) -> None:
    """A row that cannot be read is named all the same, if it has a number."""
    rows = [row("99001", RetractionNature="?"), row("99001", RecordID="", RetractionNature="?")]
    outcome = take(server, file([line(cells) for cells in rows]))
    assert outcome.proof.listed == {"99001"}
    assert len(outcome.rejected) == 2


# Another row about the made-up trial.
REINSTATED = {"RecordID": "99050", "RetractionNature": "Reinstatement"}


@pytest.mark.parametrize(
    ("reinstated", "stands"),
    [
        ({"RetractionDate": "7/13/2023 0:00"}, False),
        ({"RetractionDate": "7/12/2023 0:00"}, False),
        ({"RetractionDate": "7/11/2023 0:00"}, True),
        ({"RetractionDate": ""}, False),
        ({"RetractionDate": "7/13/2023 0:00", "OriginalPaperDOI": ""}, False),
        ({"RetractionDate": "7/13/2023 0:00", "OriginalPaperPubMedID": ""}, False),
        ({"RetractionDate": "7/13/2023 0:00", "OriginalPaperPubMedID": "0", "OriginalPaperDOI": "10.5555/b"}, True),
    ],
)
def test_latest_decides(server: LocalServer, reinstated: dict[str, str], stands: bool) -> None:
    """A retraction stands unless the same article was reinstated on its day or after."""
    watched = Watched(TRIAL.dois | {"10.5555/b"}, frozenset({"99100001"}))
    body = file([line(row("99001")), line(row("99001", **REINSTATED, **reinstated))])
    found = {one.source_id: one for one in take(server, body, watched).records}
    assert len(found) == 2
    assert (found["99001"].relations[0].kind is RelationKind.RETRACTION_OF) == stands
    assert (facts(*found.values()).retracted is not None) == stands


def test_reinstated_elsewhere(server: LocalServer) -> None:
    """Articles whose DOI is not stated are not one for that."""
    other = row("99001", **REINSTATED, RetractionDate="8/1/2024 0:00", OriginalPaperDOI="", OriginalPaperPubMedID="2")
    body = file([line(row("99001", OriginalPaperDOI="")), line(other)])
    found = take(server, body, Watched(pmids=frozenset({"99100001", "2"}))).records
    assert found[0].relations[0].kind is RelationKind.RETRACTION_OF


def test_retracted_again(server: LocalServer) -> None:
    """A retraction after a reinstatement stands."""
    again = row("99001", RecordID="99051", RetractionDate="1/1/2024 0:00", RetractionDOI="", RetractionPubMedID="")
    found = take_rows(server, row("99001"), row("99001", **REINSTATED, RetractionDate="8/1/2023"), again)
    assert [found[number].relations[0].stated for number in ("99001", "99051")] == ["Reinstated", "Retraction"]
    assert facts(*found.values()).retracted


def test_reinstatement_undoes_no_concern(server: LocalServer) -> None:
    """What was reinstated was retracted: a concern is not touched."""
    concern = row("99001", RetractionNature="Expression of Concern")
    found = take_rows(server, concern, row("99001", **REINSTATED, RetractionDate="8/1/2024 0:00"))
    assert found["99001"].relations[0].kind is RelationKind.CONCERN_FOR


def test_undated() -> None:
    """A notice without a date is still one."""
    assert SOURCE.read(payload(RetractionDate="")).published is None
    assert SOURCE.read(payload(RetractionDate="12/31/1999")).published == PartialDate(1999, 12, 31)


def test_notice_marks_its_article() -> None:
    """A notice is linked to its article, which is then known as retracted, of concern or corrected."""
    assert facts(RETRACTION).retracted
    assert facts(replace(CONCERN, relations=about(RelationKind.CONCERN_FOR))).concern
    assert facts(replace(CORRECTION, relations=about(RelationKind.ERRATUM_FOR))).corrected
    assert facts(UNDONE, REINSTATEMENT, replace(UNDONE, relations=about(RelationKind.OTHER))) == facts()


def about(kind: RelationKind) -> tuple[Relation, ...]:
    """Point at the made-up trial."""
    return (Relation(kind, "stated", pmid=ARTICLE.pmid, doi=ARTICLE.doi),)


@pytest.mark.parametrize("undone", [False, True])
@pytest.mark.parametrize(("pmid", "doi"), [("99200001", ""), ("", "10.5555/notice.2023.1")])
def test_same_notice_in_pubmed(pmid: str, doi: str, undone: bool) -> None:
    """PubMed's record of the notice and ours are one work, which is linked to the article once."""
    theirs = Record(
        source="pubmed",
        source_id="99200001",
        title="Retracted: Made-up trial.",
        publication_types=("Retraction of Publication",),
        relations=(Relation(RelationKind.RETRACTION_OF, "RetractionOf", pmid="99100001"),),
        pmid=pmid,
        doi=doi,
    )
    ours = SOURCE.read(payload(Reinstated="yes")) if undone else RETRACTION
    ours = replace(ours, pmid=pmid, doi=doi)
    found = match.group([ARTICLE, theirs, ours])
    assert found.works == (("pubmed:99100001",), ("pubmed:99200001", "retractionwatch:99001"))
    assert [(link.b, link.relationship) for link in found.links] == [(ARTICLE.key, Relationship.RETRACTION_NOTICE)]


def test_never_the_article_itself() -> None:
    """A notice under its article's own DOI, and one that was undone, are not merged with the article."""
    notices = [replace(UNDONE, relations=about(RelationKind.OTHER)), REINSTATEMENT, RETRACTION, CONCERN, CORRECTION]
    assert all(len(match.group([ARTICLE, one]).works) == 2 for one in notices)
    same = SOURCE.read(payload(RetractionDOI="10.5555/Trial.2022.1", RetractionPubMedID="99100001.0"))
    assert (same.doi, same.pmid) == ("", "")


def test_probe(server: LocalServer) -> None:
    """The beginning of the file is enough to see that it is there; the rest is never sent."""

    def endless() -> Iterator[bytes]:
        yield line(HEADER)
        while True:
            yield ELSEWHERE * 1000

    server.on(PATH, Reply(body=endless()))
    with CASE.client(server) as client:
        assert SOURCE.probe(client, SUBJECT) is None


def test_larger_than_usual(server: LocalServer) -> None:
    """The file may be larger than other answers, since it is known to be; it is not read without any bound."""
    refuse(server, Reply(body=FILE))
    with CASE.client(server, replace(CASE.settings, max_bytes=40)) as client:
        assert harvest(SOURCE, client, Known({}, watched=TRIAL)).records == (RETRACTION,)
    refuse(server, Reply(announced=SOURCE.room + 1))
    with CASE.client(server) as client, pytest.raises(SourceFailed, match="larger than 200000000 bytes"):
        harvest(SOURCE, client, Known({}, watched=TRIAL))


@pytest.mark.parametrize("status", [200, 404, 503])
def test_probe_refused(server: LocalServer, status: int) -> None:
    """Something else in the file's place is a failure."""
    refuse(server, Reply(status, b"<html><body>Sign in</body></html>"))
    with CASE.client(server) as client, pytest.raises(SourceFailed):
        SOURCE.probe(client, SUBJECT)
