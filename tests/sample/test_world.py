"""The sample world: true to its promises of what is real, what is ours and what is made up."""

import json
from collections import Counter
from datetime import date
from importlib import resources

import pytest

from pipeline import text
from pipeline.harvest.registry import SOURCES
from pipeline.model import Author, PartialDate, RelationKind
from pipeline.sample.world import BASELINE, FEEDS, LATER, STAGES, Publication, Row, World, load, rows, world_from

MADE_UP = "Sample record (made up): "
MADE_UP_NUMBERS = (["NCT00000000"], ["NCT00000001"])  # the registry's own begin at NCT00000102


@pytest.fixture(name="world", scope="module")
def _world() -> World:
    """Read the bundled world."""
    return load()


def one(world: World, source: str, stage: str, row_id: str) -> Publication:
    """Find a publication as a source tells it at a stage."""
    return next(held for held in world.held(source, "later" if stage == "later" else "baseline") if held.id == row_id)


def test_size() -> None:
    """There are at least 48 real publications and registrations, and few made-up ones."""
    made_up = Counter(row["title"].startswith(MADE_UP) for row in rows())
    assert made_up[False] >= 48
    assert 5 <= made_up[True] <= 12


def test_head() -> None:
    """The file says in its first line that its abstracts are not the publications' own."""
    lines = (resources.files("pipeline.sample") / "world.jsonl").read_text(encoding="utf-8").splitlines()
    assert "in our own words" in json.loads(lines[0])["about"]


def test_made_up() -> None:
    """A made-up record shows it in its title, its DOI or trial number, PMID and journal; no real one has such marks."""
    journals = {"Journal of Sample Records", "Sample Preprints"}
    for row in rows():
        made_up = row["title"].startswith(MADE_UP)
        numbered = row.get("doi", "").startswith("10.5555/") or row.get("registrations") in MADE_UP_NUMBERS
        assert made_up == numbered, row["id"]
        assert made_up == (row["journal"] in journals) or row["id"].endswith("-registration")
        assert made_up or int(row.get("pmid", "0")) < 99_000_000, row["id"]


def test_no_false_retraction() -> None:
    """No real publication is shown as retracted, corrected or followed by another."""
    pointing = [
        row
        for row in rows()
        if any("relations" in told for told in (row, row.get("later", {}), *row["held_by"].values()))
    ]
    assert pointing
    assert all(row["title"].startswith(MADE_UP) for row in pointing)


def test_identifiers() -> None:
    """Rows have distinct ids and normalised identifiers that no two of them share."""
    for name, normal in (("doi", text.doi), ("pmid", text.pmid), ("pmcid", text.pmcid)):
        stated = [row[name] for row in rows() if name in row]
        assert len(set(map(str.lower, stated))) == len(stated)
        assert [normal(value) for value in stated] == [value.lower() if name == "doi" else value for value in stated]
    assert max(Counter(row["id"] for row in rows()).values()) == 1


def test_registrations() -> None:
    """Registry numbers stand in their registries' own spelling."""
    stated = [number for row in rows() for number in row.get("registrations", [])]
    assert len(stated) >= 8
    assert [[number] for number in stated] == [list(text.registrations(number)) for number in stated]


def test_abstracts() -> None:
    """No two rows share an abstract; some are structured, some not, some missing; none is long."""
    abstracts = [row["abstract"] for row in rows()]
    words = [" ".join(part for _, part in abstract) for abstract in abstracts if abstract]
    assert len(set(words)) == len(words)
    assert all(40 < len(told) < 900 for told in words)
    assert sum(len(abstract) > 1 for abstract in abstracts) >= 6
    assert sum(abstract == [] for abstract in abstracts) >= 2


def test_variations() -> None:
    """Many publications are held by several sources, some of which tell them differently."""
    holders = [row["held_by"] for row in rows()]
    assert sum(len(held) >= 2 for held in holders) >= 25
    told = {name for held in holders for own in held.values() for name in own}
    assert told >= {"title", "doi", "abstract", "authors", "mesh"}


def test_pubmed_holds_pmids(world: World) -> None:
    """PubMed holds what has a PMID and nothing else; every one has a status."""
    for stage in STAGES:
        assert all(held.pmid and held.status for held in world.held("pubmed", stage))


def test_identified(world: World) -> None:
    """Nothing that Crossref holds is without a DOI, and nothing in ClinicalTrials.gov without its number and state."""
    for stage in STAGES:
        assert all(held.doi for held in world.held("crossref", stage))
        assert all(held.registrations[0].startswith("NCT") for held in world.held("clinicaltrials", stage))
        assert all(held.status for held in world.held("clinicaltrials", stage))
        assert all(held.open_access for held in world.held("doaj", stage))


def test_dates(world: World) -> None:
    """What a source holds at a stage was entered before that stage; what appears later came in between."""
    known = {(source, held.id) for source in world.sources for held in world.held(source, "baseline")}
    for source in world.sources:
        for held in world.held(source, "later"):
            assert held.changed < LATER.date()
            assert (held.entered < BASELINE.date()) == ((source, held.id) in known)


def test_later(world: World) -> None:
    """The second run shows new items, a retraction with its notice, and a preprint's publication."""
    retracted = one(world, "pubmed", "later", "sample-bladder-trial")
    notice = one(world, "pubmed", "later", "sample-bladder-retraction")
    preprint = one(world, "europepmc", "later", "sample-fatigue-preprint")
    assert one(world, "pubmed", "baseline", "sample-bladder-trial").relations == ()
    assert retracted.relations[0].kind is RelationKind.RETRACTION_IN
    assert "Retracted Publication" in retracted.types
    assert (retracted.relations[0].pmid, notice.relations[0].pmid) == (notice.pmid, retracted.pmid)
    assert preprint.relations[0].pmid == one(world, "pubmed", "later", "sample-fatigue-article").pmid
    assert 7 <= sum(row.get("stage") == "later" for row in rows()) <= 10


def test_later_elsewhere(world: World) -> None:
    """Crossref tells retraction and article as well; a trial ends, another shows results; one is in DOAJ only."""
    retracted = one(world, "crossref", "later", "sample-bladder-trial")
    preprint = one(world, "crossref", "later", "sample-fatigue-preprint")
    ended = [one(world, "clinicaltrials", stage, "sample-fatigue-registration").status for stage in STAGES]
    assert retracted.relations[0].kind is RelationKind.RETRACTION_IN
    assert preprint.relations[0].kind is RelationKind.PREPRINT_OF
    assert ended == ["RECRUITING", "COMPLETED"]
    posted = [one(world, "clinicaltrials", stage, "sample-balance-registration").results_posted for stage in STAGES]
    assert posted == [None, PartialDate(2026, 11, 18)]
    assert [row["id"] for row in rows() if [*row["held_by"]] == ["doaj"]] == ["sample-pain-trial"]


def test_sources(world: World) -> None:
    """Each feed holds something, and so does every source but those that are off unless switched on."""
    slugs = {path.removeprefix("/feeds/").removesuffix(".xml") for _, path in FEEDS}
    assert set(world.sources) == slugs | SOURCES.keys() - {"medrxiv", "retractionwatch"}


def test_world_from() -> None:
    """What a source tells differently, and what changes, replaces the row's own facts; nothing else does."""
    row: Row = {
        "id": "a",
        "title": "A title",
        "authors": ["Family, Given", {"collective": "A group"}],
        "entered": "2026-01-02",
        "published": "2025-12",
        "held_by": {"pubmed": {}, "europepmc": {"title": "A Title"}},
        "later": {"revised": "2026-03-04"},
    }
    world = world_from([row])
    first, second = world.held("europepmc", "baseline")[0], world.held("europepmc", "later")[0]
    assert (first.title, world.held("pubmed", "later")[0].title) == ("A Title", "A title")
    assert (first.changed, second.changed) == (date(2026, 1, 2), date(2026, 3, 4))
    assert first.authors == (Author("Family", "Given"), Author(collective="A group"))
    assert first.published == PartialDate(2025, 12)
    assert world.held("open", "later") == ()


def test_unknown_field() -> None:
    """A misspelt field is refused instead of being lost."""
    row: Row = {"id": "a", "title": "A title", "entered": "2026-01-02", "autors": [], "held_by": {"open": {}}}
    with pytest.raises(TypeError, match="autors"):
        world_from([row])
