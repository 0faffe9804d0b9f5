"""ClinicalTrials.gov: registered studies, through version 2 of its API.

``query.term`` searches 57 fields (the BasicSearch area): titles, conditions, keywords, brief summary, arms,
interventions, outcomes, MeSH terms with what is above them in the tree, names and places. So a trial is found whose
conditions leave out the disease. Neither eligibility criteria nor the detailed description are among them.

A page that is exactly full has a token even if it is the last one, and an empty page follows
(cyanheads/clinicaltrialsgov-mcp-server#98); other pages may be empty, too. The end is a page without a token.

Reference: OpenAPI file of version 2.0.3, https://clinicaltrials.gov/data-api/api; for expressions (Essie),
https://clinicaltrials.gov/find-studies/constructing-complex-search-queries.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from pipeline.errors import SourceMalformed
from pipeline.harvest.clinicaltrials_json import record, source_id
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, stored
from pipeline.harvest.query import Syntax, split_queries
from pipeline.harvest.refresh import since
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Known, Page
from pipeline.harvest.walk import Results, along, proof, read_page, shortfall
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

_PAGE_SIZE = 1000  # a larger one is cut to this in silence
_LONGEST = 2_500  # characters of an expression, about 3,500 in an address: how long that may be is not documented
_BARREN = 3  # pages in a row without anything new, after which nothing is expected any more
# What is read. A whole study has all its sites and results (500 kB and more) and a date that changes every day.
_FIELDS = (
    "IdentificationModule",
    "StatusModule",
    "SponsorCollaboratorsModule",
    "DescriptionModule",
    "ConditionsModule",
    "DesignModule",
    "ArmsInterventionsModule",
    "OutcomesModule",
    "OverallOfficialName",
    "OverallOfficialRole",
    "ReferencesModule",
    "ConditionMeshTerm",
    "InterventionMeshTerm",
)


class ClinicalTrials:
    """ClinicalTrials.gov, asked for the whole result set each time; beyond the limit, for what was updated of late."""

    name = "clinicaltrials"
    label = "ClinicalTrials.gov"
    version = 2  # reads the primary completion date
    lists_all = True

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._limit = reconcile_limit

    def query(self, subject: Subject) -> str:
        """Every concept by its names and headings, at most one by the words of a whole field, one line a request.

        Those are asked for in titles, where alone they count in screening: they also stand in names of departments and
        above half of all conditions in the MeSH tree.
        """
        return "\n".join(_queries(subject))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:  # noqa: ARG002  # the contract's
        """List the result set of each query. SourceFailed if an answer is not a list of studies."""
        queries = _queries(subject)
        told: set[str] = set()
        results: list[Results] = []
        whole = True
        for query in queries:
            asked = {"query.term": query}
            first = _ask(client, asked)
            if first["totalCount"] > self._limit and known.complete_until:
                asked |= {"filter.advanced": _updated_since(since(known, known.complete_until).date())}
                first, whole = _ask(client, asked), False
            results.append(Results(first["totalCount"], told))
            total = first["totalCount"] if len(queries) == 1 else None  # result sets overlap
            for page in _pages(client, asked, first, results[-1]):
                yield replace(page, total=total)
        return proof(results, shortfall(self.label, results), whole=whole)

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask for one study of the first query. Its total is the subject's only if there is no other."""
        first, *others = _queries(subject)
        total = int(_ask(client, {"query.term": first}, page_size=1)["totalCount"])
        return None if others else total

    def read(self, payload: bytes) -> Record:
        """Read one stored study. RecordRejected if it is none."""
        return record(stored(payload))


def _queries(subject: Subject) -> tuple[str, ...]:
    return split_queries(subject.concepts, _names, _wide_names, Syntax(limit=_LONGEST))


def _names(concept: Concept) -> Iterator[str]:
    """Each name once, since case does not matter."""
    names = {name.casefold(): name for name in (*concept.mesh, *concept.whole_words)}
    return map(_phrase, names.values())


def _wide_names(concept: Concept) -> Iterator[str]:
    return (f"AREA[TitleSearch]{_phrase(name)}" for name in concept.wide_whole_words)


def _phrase(name: str) -> str:
    """In quotation marks: found with inflections and synonyms, but word beside word, and never an operator ("ALL")."""
    return f'"{name.replace(chr(34), " ").strip()}"'


def _updated_since(day: date) -> str:
    """By the day on which a change became public; what was submitted on a day shows only later."""
    return f"AREA[LastUpdatePostDate]RANGE[{day},MAX]"


def _ask(client: Client, asked: Mapping[str, str], token: str = "", page_size: int = _PAGE_SIZE) -> Json:
    """Ask for a page. Everything but the token has to stay the same from page to page."""
    params = {**asked, "countTotal": "true", "pageSize": str(page_size), "fields": ",".join(_FIELDS)}
    if token:
        return json_object(client.get("studies", {**params, "pageToken": token}, check=check_answer))
    return json_object(client.get("studies", params, check=_check_first))


def check_answer(answer: Answer) -> None:
    """Refuse what is not a page of studies. Refusals of a question come as plain text, and their status says enough."""
    if answer.status != 200:
        return
    content = json_object(answer)
    if not isinstance(content.get("studies"), list):
        raise SourceMalformed("ClinicalTrials.gov answered without a list of studies")
    if not isinstance(content.get("nextPageToken") or "", str):
        raise SourceMalformed("ClinicalTrials.gov answered with a page token that is no text")


def _check_first(answer: Answer) -> None:
    """The first page tells how many studies there are; later ones do not."""
    check_answer(answer)
    if answer.status == 200 and type(json_object(answer).get("totalCount")) is not int:
        raise SourceMalformed("ClinicalTrials.gov answered without a total")


def _pages(client: Client, asked: Mapping[str, str], first: Json, results: Results) -> Iterator[Page]:
    """Give the first page and those behind it, up to one without a token, or until nothing new comes any more."""
    barren = 0
    for content in along(first, lambda content: content.get("nextPageToken"), partial(_ask, client, asked)):
        before = results.delivered
        yield read_page(results.untold(content["studies"], source_id), record)
        barren = 0 if results.delivered > before else barren + 1
        if barren == _BARREN:
            return
