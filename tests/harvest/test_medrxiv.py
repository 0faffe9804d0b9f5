"""What is special about medRxiv and bioRxiv; what they share with other sources is in test_contract.py."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from pipeline import appraise, match
from pipeline.harvest.medrxiv import MedRxiv
from pipeline.harvest.source import Known
from pipeline.model import Author, PartialDate, Record, Relationship
from pipeline.proof import Watched
from tests.harvest.case_medrxiv import CASE, ELSEWHERE, RECORDS, TRIAL, WITHDRAWN, Version, World, nothing, page, refuse
from tests.harvest.contract import EMPTY, NOW, SUBJECT, Outcome, harvest
from tests.support.server import LocalServer, Reply

SOURCE = MedRxiv()
TRIAL_AS_TOLD: Version = json.loads(RECORDS[TRIAL.doi])


def told(**facts: object) -> Version:
    """Tell a version of the made-up trial with these facts."""
    return {**TRIAL_AS_TOLD, **facts}


def take(server: LocalServer, versions: Sequence[Version], known: Known = EMPTY, extra: int = 0) -> Outcome:
    """Harvest a world of these versions."""
    server.on("/details/", World(versions, extra))
    with CASE.client(server) as client:
        return harvest(SOURCE, client, known)


def known(fetched_at: Mapping[str, datetime], *watched: str) -> Known:
    """Know some preprints, of which some are watched."""
    return Known(fetched_at, NOW - timedelta(days=1), watched=Watched(frozenset(watched)))


def windows(server: LocalServer) -> list[str]:
    """Give the days that were asked for, at the beginning of each walk."""
    return [request.path.removeprefix("/details/") for request in server.requests if request.path.endswith("/0")]


def test_days(server: LocalServer) -> None:
    """The first harvest looks thirty days back, a later one two weeks behind the last complete one; never in whole."""
    outcome = take(server, [])
    take(server, [], Known({}, complete_until=NOW - timedelta(days=3)))
    first, later = "2026-10-03/2026-11-02/0", "2026-10-16/2026-11-02/0"
    assert windows(server) == [f"{name}/{days}" for days in (first, later) for name in ("medrxiv", "biorxiv")]
    assert not outcome.proof.whole
    assert not SOURCE.lists_all
    assert SOURCE.query(SUBJECT) == ""


def test_passed_over(server: LocalServer) -> None:
    """Other people's preprints leave no trace; capitals, accents and hyphens hide nothing; what is known counts."""
    outcome = take(
        server,
        [
            told(doi="10.5555/1", title="Made-up", abstract="DRY-NEEDLING, invented."),
            told(doi="10.5555/2", title="Made-up électro-acupuncturé", abstract=""),
            told(doi="10.5555/3", title="Made-up dry", abstract="needling"),
            told(doi="10.5555/4", title="Made-up, known for its first version", abstract="Withdrawn."),
        ],
        known({"10.5555/4": NOW}),
    )
    assert outcome.proof.listed == {"10.5555/1", "10.5555/2", "10.5555/4"}
    assert outcome.rejected == ()


def test_versions(server: LocalServer) -> None:
    """Of several versions the latest says what it is, and the first when it was posted, whatever their order."""
    versions = [told(version="10", date="2026-10-30", title="Made-up tenth acupuncture"), told(), told(version="9")]
    (record,) = take(server, versions).records
    assert (record.title, record.published) == ("Made-up tenth acupuncture", PartialDate(2026, 10, 20))
    assert record.url.endswith("v10")


def test_later_version_alone(server: LocalServer) -> None:
    """Where only later versions are recent, the preprint is asked for; one that is not told then stays as it is."""
    server.on("/details/", World([told(version="3", date="2026-10-30")]))
    server.on(
        f"/details/medrxiv/{TRIAL.doi}", Reply(body=page([told(), told(version="3"), {**ELSEWHERE, "version": "4"}], 3))
    )
    with CASE.client(server) as client:
        (record,) = harvest(SOURCE, client).records
        assert (record.doi, record.published) == (TRIAL.doi, PartialDate(2026, 10, 20))
        server.on(f"/details/medrxiv/{TRIAL.doi}", Reply(body=nothing()))
        (record,) = harvest(SOURCE, client).records
        assert record.published == PartialDate(2026, 10, 30)


def test_climbing_doi(server: LocalServer) -> None:
    """A DOI that would lead out of the API's address is not asked for, and breaks nothing."""
    outcome = take(server, [told(doi="10.5555/../../admin", version="2")])
    assert [record.source_id for record in outcome.records] == ["10.5555/../../admin"]


def test_published_since(server: LocalServer) -> None:
    """A watched preprint is asked for again after a week, on either server, and then says where it was published."""
    old = NOW - timedelta(days=8)
    versions = [told(date="2026-01-01", server="bioRxiv"), told(doi="10.5555/other", date="2026-01-01")]
    due = known({TRIAL.doi: old, "10.5555/other": old}, TRIAL.doi, "10.5555/unknown")
    (record,) = take(server, versions, due).records
    assert record.relations[0].doi == "10.5555/journal.2026.7"
    asked = [request.path for request in server.requests]
    assert asked[-2:] == [f"/details/{name}/{TRIAL.doi}" for name in ("medrxiv", "biorxiv")]
    fresh = known({TRIAL.doi: NOW - timedelta(days=6)}, TRIAL.doi)
    assert take(server, versions, fresh).proof.listed == frozenset()


def test_told_anyway(server: LocalServer) -> None:
    """A watched preprint that the days show is not asked for as well."""
    assert take(server, [told()], known({TRIAL.doi: NOW - timedelta(days=8)}, TRIAL.doi)).records == (TRIAL,)
    assert not any(TRIAL.doi in request.path for request in server.requests)


def test_gone(server: LocalServer) -> None:
    """A watched preprint that no server has any more is not listed, and not in the way."""
    outcome = take(server, [], known({"10.5555/gone": NOW - timedelta(days=30)}, "10.5555/gone"))
    assert (outcome.proof.listed, outcome.proof.shortfall) == (frozenset(), "")


def test_asked_again_in_turns(server: LocalServer) -> None:
    """No more than fifty are asked for again in one harvest, the longest unasked first."""
    fetched = {f"10.5555/{days}": NOW - timedelta(days=days) for days in range(10, 70)}
    outcome = take(server, [told(doi=doi, date="2026-01-01") for doi in fetched], known(fetched, *fetched))
    assert outcome.proof.listed == {f"10.5555/{days}" for days in range(20, 70)}


def test_inflated(server: LocalServer) -> None:
    """A total that is a little too large is as usual; one that is far off is a shortfall, with both numbers."""
    assert take(server, [told()], extra=100).proof.shortfall == ""
    shortfall = take(server, [told()], extra=101).proof.shortfall
    assert "medRxiv announced 103 versions from 2026-10-03 to 2026-11-02 and delivered 2." in shortfall


def test_repeated(server: LocalServer) -> None:
    """A walk that ends because pages repeat themselves has not seen the end."""
    refuse(server, Reply(body=page([told(), ELSEWHERE], 9)))
    with CASE.client(server) as client:
        assert "delivered 2, then repeated itself." in harvest(SOURCE, client).proof.shortfall


@pytest.mark.parametrize("count", [3, "3", None, []])
def test_count(server: LocalServer, count: object) -> None:
    """A page whose own count is another than what it holds is a shortfall; one that agrees is none."""
    refuse(server, Reply(body=page([told(), ELSEWHERE, "text"], 3, count=count)))
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert (outcome.proof.shortfall == "") == (count in (3, "3"))
    assert len(outcome.rejected) == 2  # the text, told by each server


def test_nothing_at_all(server: LocalServer) -> None:
    """Days on which nobody posted anything cannot be: that is a shortfall, not an empty result."""
    refuse(server, Reply(body=nothing("No posts found")))
    with CASE.client(server) as client:
        proof = harvest(SOURCE, client).proof
    assert "medRxiv lists no preprint at all from 2026-10-03 to 2026-11-02" in proof.shortfall
    assert "bioRxiv" in proof.shortfall


def test_unreadable_version(server: LocalServer) -> None:
    """A version that cannot be read leaves the others of its preprint as they are."""
    outcome = take(server, [told(), told(version="2", authors=[])])
    assert outcome.records == (TRIAL,)
    assert len(outcome.rejected) == 1


def test_unreadable_later(server: LocalServer) -> None:
    """A preprint that cannot be read when it is asked for goes to quarantine alone."""
    server.on("/details/", World([told(version="2"), told(doi="10.5555/fine")]))
    server.on(f"/details/medrxiv/{TRIAL.doi}", Reply(body=page([told(title=7.5)], 1)))
    with CASE.client(server) as client:
        outcome = harvest(SOURCE, client)
    assert [record.doi for record in outcome.records] == ["10.5555/fine"]
    assert len(outcome.rejected) == 1


@pytest.mark.parametrize("stated", ["", "NA", "na", "in press", None])
def test_not_published(stated: str | None) -> None:
    """What is no DOI points nowhere."""
    assert read(published=stated).relations == ()


@pytest.mark.parametrize(("server", "journal", "url"), [("MEDRXIV", "medRxiv", True), ("PsyArXiv", "PsyArXiv", False)])
def test_server(server: str, journal: str, url: bool) -> None:
    """A server is spelled as it spells itself; one we do not know has no page that we could name."""
    record = read(server=server)
    assert (record.journal, bool(record.url)) == (journal, url)


def test_empty_names() -> None:
    """Between two separators there is nobody."""
    assert read(authors="; Muster, E. ; , ;").authors == (Author("Muster", "E."),)


def test_undated() -> None:
    """Dates that are none leave the preprint undated."""
    assert read(date="soon").published is None


def test_linked_to_its_article() -> None:
    """The preprint is linked to the article that its server names, and a withdrawn one is known as such."""
    article = Record(
        source="pubmed", source_id="99000001", title="Made-up", pmid="99000001", doi="10.5555/journal.2026.7"
    )
    (link,) = match.group([TRIAL, article]).links
    assert (link.a, link.b, link.relationship) == (article.key, TRIAL.key, Relationship.PREPRINT)
    assert appraise.appraise([WITHDRAWN]).withdrawn
    assert not appraise.appraise([TRIAL]).withdrawn


def test_probe(server: LocalServer) -> None:
    """One request for one preprint; the API does not count what is about a subject."""
    server.on("/details/medrxiv/1", Reply(body=page([ELSEWHERE], 1)))
    with CASE.client(server) as client:
        assert SOURCE.probe(client, SUBJECT) is None
    assert len(server.requests) == 1


def read(**facts: object) -> Record:
    """Read one version with these facts."""
    return SOURCE.read(json.dumps([told(**facts)]).encode())
